"use strict";

/** What lies over the map: zoom, whole route, key, credits, scale. */
class Controls {
  static #LINKS = {
    "Leaflet": "https://leafletjs.com",
    "Natural Earth": "https://www.naturalearthdata.com",
    "OpenStreetMap": "https://www.openstreetmap.org/copyright",
  };

  constructor(map, data, showAll) {
    this.map = map;
    this.data = data;
    this.showAll = showAll;
    this.controls = [];
    this.open = null;
  }

  /** Draw all of it, in place of what was there. */
  draw(speech) {
    for (const control of this.controls) control.remove();
    const zoom = L.control.zoom({ position: "topright", zoomInTitle: speech.say("zoom_in"), zoomOutTitle: speech.say("zoom_out") });
    this.key = this.#legend(speech);
    const whole = this.whole(speech);
    this.controls = [
      zoom, ...(whole ? [this.#control("topright", this.#whole(whole))] : []),
      this.#control("bottomright", this.#credits(speech)), this.#control("bottomright", this.key),
      this.#scale(speech),
    ];
    for (const control of this.controls) control.addTo(this.map);
  }

  #control(position, node) {
    const control = L.control({ position });
    control.onAdd = () => {
      L.DomEvent.disableClickPropagation(node).disableScrollPropagation(node);
      return node;
    };
    return control;
  }

  /** Leaflet's scale, its number written in the reader's language. */
  #scale(speech) {
    const Scale = L.Control.Scale.extend({
      _updateMetric(maxMetres) {
        const metres = this._getRoundNum(maxMetres);
        this._updateScale(this._mScale, speech.km(metres / 1000), metres / maxMetres);
      },
    });
    return new Scale({ position: "bottomleft", imperial: false, maxWidth: 110 });
  }

  /** What the button is called that shows all of it; "" for none. */
  whole(speech) {
    return this.data.routes.length > 0 ? speech.say("show_all") : "";
  }

  #whole(words) {
    const { make, makeSvg } = Elements;
    const button = make("button", { type: "button", class: "whole-button", title: words, "aria-label": words },
      makeSvg("svg", { viewBox: "0 0 20 20", width: 18, height: 18, "aria-hidden": "true" },
        makeSvg("path", { d: "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4", fill: "none", stroke: "currentColor", "stroke-width": 2 })));
    button.addEventListener("click", this.showAll);
    return make("div", { class: "leaflet-bar" }, button);
  }

  #legend(speech) {
    const { make } = Elements;
    const summary = make("summary", { text: speech.say("legend") });
    summary.addEventListener("click", () => { this.open = !key.open; });
    const key = make("details", { class: "legend" }, summary,
      make("ul", {}, ...this.signs(speech).filter((sign) => sign !== null)));
    return key;
  }

  /** A line of the key: what is drawn, and what it means. */
  static entry(sign, words) {
    return Elements.make("li", {}, Elements.make("span", { class: "sign" }, sign), Elements.make("span", { text: words }));
  }

  /** The lines of the key. */
  signs(speech) {
    const { make, swatch } = Elements;
    const { data } = this;
    const { entry } = Controls;
    return [
      ...data.legend.map((style) => entry(swatch(style, 34), speech.mode(style.mode))),
      entry(make("span", { class: "bubble small", text: "1" }), speech.say("stop")),
      entry(make("span", { class: "bubble ring small" }), speech.say("end")),
      data.routes.length > 1 ? entry(swatch(data.quiet, 34), speech.say("other_routes")) : null,
      entry(make("span", { class: "hatch" }), speech.say("waiting")),
    ];
  }

  /** Keep the key open while it hides nothing of the selected route, until the reader opens or closes it. */
  tidyKey(path) {
    const { key, map } = this;
    key.open = this.open ?? map.getSize().x >= 700;
    if (this.open !== null || !key.open) return;
    const frame = map.getContainer().getBoundingClientRect();
    const box = key.getBoundingClientRect();
    const covered = (latlng) => {
      const point = map.latLngToContainerPoint(latlng);
      return point.x > box.left - frame.left - 14 && point.y > box.top - frame.top - 14
        && point.x < box.right - frame.left + 14 && point.y < box.bottom - frame.top + 14;
    };
    if (path.some((line) => line.some(covered))) key.open = false;
  }

  /** Credits, with the known names in them linked. */
  #credits(speech) {
    const { make } = Elements;
    const line = make("div", { class: "credits" });
    this.data.credits.map((text) => speech.pick(text)).forEach((text, index) => {
      if (index) line.append(" · ");
      const name = Object.keys(Controls.#LINKS).find((known) => text.includes(known));
      if (!name) {
        line.append(text);
        return;
      }
      const at = text.indexOf(name);
      line.append(text.slice(0, at),
        make("a", { href: Controls.#LINKS[name], target: "_blank", rel: "noopener noreferrer", text: name }),
        text.slice(at + name.length));
    });
    return line;
  }
}
