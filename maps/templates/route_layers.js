"use strict";

/** Lines and markers on the map: one route in the colours of its modes, the others grey underneath. */
class RouteLayers {
  constructor(map, data, layers, styles, onSelect) {
    this.map = map;
    this.data = data;
    this.styles = styles;
    this.speech = null;
    this.chosen = null;
    this.markers = L.layerGroup().addTo(map);
    const hits = map.createPane("hits");
    hits.style.zIndex = 430;
    this.routes = data.routes.map((route, index) => this.#prepare(route, index, layers[index], () => onSelect(index)));
    this.pointed = [];
  }

  /** A white casing under each leg and a wide unseen line over it, which is easy to touch. */
  #prepare(route, index, layer, select) {
    const legs = [];
    layer.eachLayer((line) => legs.push(line));
    legs.sort((a, b) => a.feature.properties.leg - b.feature.properties.leg);
    const steps = route.steps.filter((step) => step.step === "leg");
    const own = { route, index, steps, lines: legs, casings: [], hits: [] };
    legs.forEach((line, number) => {
      own.casings.push(L.polyline(line.getLatLngs(), {
        pane: "routes", interactive: false, color: "#ffffff", lineCap: "round",
      }).addTo(this.map));
      const hit = L.polyline(line.getLatLngs(), { pane: "hits", opacity: 0, weight: 20, bubblingMouseEvents: false });
      line.bringToFront();
      hit.on("click", (event) => (this.chosen === own ? this.openStep(steps[number], event.latlng) : select()));
      hit.bindTooltip(() => this.#tooltip(own, steps[number]), { sticky: true, direction: "top", className: "line-tip", offset: [0, -8] });
      own.hits.push(hit.addTo(this.map));
      hit.getElement().dataset.route = String(index);
      hit.getElement().dataset.step = String(route.steps.indexOf(steps[number]));
    });
    return own;
  }

  #tooltip(own, step) {
    const words = this.chosen === own
      ? `${this.speech.mode(step.mode)}: ${this.speech.leg(step)}`
      : `${own.route.letter} · ${this.speech.of(own.route, "name")}`;
    return Elements.make("span", { text: words });
  }

  select(index) {
    this.chosen = this.routes[index];
    this.map.closePopup();
    for (const own of this.routes) if (own !== this.chosen) this.#quiet(own, false);
    const { lines, casings, hits } = this.chosen;
    lines.forEach((line, number) => this.#colour(number, 0));
    for (const line of [...casings, ...lines, ...hits]) line.bringToFront();
    this.#mark();
  }

  /** Legs of the chosen route: how each is drawn, and its lines of [latitude, longitude]. */
  legs() {
    const { lines, steps } = this.chosen;
    return lines.map((line, number) => {
      const points = line.getLatLngs();
      const parts = Array.isArray(points[0]) ? points : [points];
      return { style: this.styles[steps[number].mode], lines: parts.map((part) => part.map(({ lat, lng }) => [lat, lng])) };
    });
  }

  /** No route in colour. */
  clear() {
    this.chosen = null;
    this.map.closePopup();
    for (const own of this.routes) this.#quiet(own, false);
    this.markers.clearLayers();
    this.shown = [];
  }

  /** Draw a leg of the chosen route in its mode's colour, thicker by some pixels. */
  #colour(number, more) {
    const { lines, casings, steps } = this.chosen;
    const style = this.styles[steps[number].mode];
    const weight = (steps[number].kind === "access" ? style.width - 1.5 : style.width) + more;
    casings[number].setStyle({ weight: weight + 4, opacity: 1 });
    lines[number].setStyle({ color: style.colour, weight, dashArray: style.dash || null, opacity: 1 });
  }

  #quiet(own, hovered) {
    const { colour, width } = this.data.quiet;
    own.lines.forEach((line, number) => {
      own.casings[number].setStyle({ weight: width + (hovered ? 4.5 : 2.5), opacity: hovered ? 1 : 0.75 });
      line.setStyle({
        color: hovered ? "#3a4651" : colour, weight: hovered ? width + 1.5 : width, opacity: 1,
        dashArray: this.styles[own.steps[number].mode].dash || null,
      });
    });
  }

  /** Show what is pointed at anywhere on the page: a whole route darker, a leg or stop of the chosen one larger. */
  point({ route, step }) {
    for (const undo of this.pointed) undo();
    this.pointed = [];
    const own = this.routes[Number(route)];
    if (route === null || !own) return;
    if (own !== this.chosen) {
      this.#quiet(own, true);
      this.pointed.push(() => { if (own !== this.chosen) this.#quiet(own, false); });
      return;
    }
    if (step === null) return;
    const number = own.steps.indexOf(own.route.steps[Number(step)]);
    const stop = this.shown.find((entry) => entry.steps.includes(own.route.steps[Number(step)]));
    if (number >= 0) {
      this.#colour(number, 3);
      this.pointed.push(() => { if (own === this.chosen) this.#colour(number, 0); });
    } else if (stop) {
      const element = stop.leaflet.getElement();
      element.classList.add("is-pointed");
      this.pointed.push(() => element.classList.remove("is-pointed"));
    }
  }

  /** One marker a place: several steps at the same place share it. */
  #mark() {
    this.markers.clearLayers();
    this.places = new Map();
    const ends = [];
    for (const step of this.chosen.route.steps.filter((candidate) => candidate.step === "stop")) {
      if (step.place === 0) ends.push([step]);
      else if (this.places.has(step.place)) this.places.get(step.place).push(step);
      else this.places.set(step.place, [step]);
    }
    this.shown = [...ends, ...this.places.values()].map((steps) => this.#marker(steps));
  }

  #marker(steps) {
    const [first] = steps;
    const face = Elements.make("span", { class: first.place ? "bubble" : "bubble ring", text: first.place || "" });
    const { speech } = this;
    const marker = L.marker([first.lat, first.lon], {
      icon: L.divIcon({ className: "stop-icon", html: face, iconSize: [44, 44] }), keyboard: true, riseOnHover: true,
    });
    marker.bindPopup(() => this.#content(steps), this.#popupOptions());
    this.markers.addLayer(marker);
    const element = marker.getElement();
    element.setAttribute("aria-label", `${speech.of(first, "name")}: ${steps.map((step) => speech.event(step)).join(", ")}`);
    element.dataset.route = String(this.chosen.index);
    element.dataset.step = String(this.chosen.route.steps.indexOf(first));
    return { at: marker.getLatLng(), text: speech.of(first, "name"), end: first.place === 0, steps, leaflet: marker };
  }

  #popupOptions() {
    const small = this.map.getSize().x < 520;
    return { maxWidth: small ? 230 : 300, minWidth: 190, autoPanPadding: [24, 24] };
  }

  #content(steps) {
    return Elements.make("div", {}, ...steps.map((step) => LegTable.popup(step, this.styles, this.speech)));
  }

  /** Open the popup of a leg or stop, and bring it into view. */
  openStep(step, latlng = null) {
    const stop = this.shown.find((entry) => entry.steps.includes(step));
    if (stop) {
      stop.leaflet.openPopup();
      return;
    }
    const line = this.chosen.lines[step.leg - 1];
    L.popup(this.#popupOptions()).setLatLng(latlng || this.#middle(line)).setContent(this.#content([step])).openOn(this.map);
  }

  #middle(line) {
    const longest = this.#flat(line).reduce((a, b) => (b.length > a.length ? b : a));
    return longest[Math.floor(longest.length / 2)];
  }

  #flat(line) {
    const latlngs = line.getLatLngs();
    return Array.isArray(latlngs[0]) ? latlngs : [latlngs];
  }

  /** Lists of points of the selected route. */
  get path() {
    return this.chosen.lines.flatMap((line) => this.#flat(line));
  }
}
