"use strict";

/** Lines on a canvas, areas with patterns, closed crossings and the spots of places. */
class AtlasLayers {
  /** Patterns besides colour: pieces of a square of eight pixels. */
  static PATTERNS = ["", "M0 8L8 0M-2 2L2 -2M6 10L10 6", "M0 0L8 8M-2 6L2 10M6 -2L10 2", "M0 4H8", "M4 0V8", "M0 4H8M4 0V8",
    "M2 2h2v2h-2z", "M0 8L8 0M0 0L8 8"];

  constructor(map, data) {
    this.map = map;
    this.data = data;
    this.speech = null;
    this.#panes();
    this.lines = data.lines.map((line) => this.#line(line));
    this.#patterns();
    data.areas.forEach((area) => this.#area(area));
    this.shut = data.shut.flatMap((reason) => reason.at.map(([lon, lat]) => this.#closed(reason, L.latLng(lat, lon))));
    this.spots = data.places.map((place, index) => this.#spot(place, index));
  }

  #panes() {
    for (const [name, order] of [["areas", 220], ["network", 300]]) {
      const pane = this.map.createPane(name);
      pane.style.zIndex = order;
      pane.style.pointerEvents = "none";
    }
    this.canvas = L.canvas({ pane: "network", padding: 0.3 });
  }

  #line(line) {
    const points = Basemap.unpack(line.packed, this.data.quantum);
    const drawn = L.polyline(points, {
      pane: "network", renderer: this.canvas, interactive: false, color: line.colour, weight: line.width, opacity: line.opacity,
      dashArray: line.dash || null, smoothFactor: 1.5, lineCap: "butt",
    });
    if (line.shown) drawn.addTo(this.map);
    return drawn;
  }

  show(number, on) {
    if (on) this.lines[number].addTo(this.map);
    else this.lines[number].remove();
  }

  /** One SVG pattern a group of areas, in the page's own colours. */
  #patterns() {
    const { makeSvg } = Elements;
    const patterns = this.data.groups.filter((group) => group.area).map((group) => AtlasLayers.pattern(group, `fill-${group.id}`));
    if (patterns.length) document.body.append(makeSvg("svg", { class: "unseen", width: 0, height: 0, "aria-hidden": "true" }, makeSvg("defs", {}, ...patterns)));
  }

  static pattern(group, id) {
    const { makeSvg } = Elements;
    const strokes = AtlasLayers.PATTERNS[group.pattern % AtlasLayers.PATTERNS.length];
    return makeSvg("pattern", { id, width: 8, height: 8, patternUnits: "userSpaceOnUse" },
      makeSvg("rect", { width: 8, height: 8, fill: group.colour, "fill-opacity": group.opacity }),
      strokes ? makeSvg("path", { d: strokes, stroke: "#ffffff", "stroke-width": 1.4, fill: "none", "stroke-opacity": 0.85 }) : null);
  }

  /** A patch as the areas of a group are filled, for the key. */
  static patch(group) {
    const { makeSvg } = Elements;
    const id = `key-${group.id}`;
    return makeSvg("svg", { class: "area-sign", width: 30, height: 16, "aria-hidden": "true" },
      makeSvg("defs", {}, AtlasLayers.pattern(group, id)),
      makeSvg("rect", { width: 30, height: 16, fill: `url(#${id})` }),
      makeSvg("text", { x: 15, y: 12, "text-anchor": "middle", "font-size": 11, "font-weight": 700, fill: "#16202a", stroke: "#ffffff", "stroke-width": 2.5, "paint-order": "stroke" }, group.sign));
  }

  #area(area) {
    const group = this.data.groups.find((one) => one.id === area.group);
    this.svg ??= L.svg({ pane: "areas", padding: 0.6 });
    L.polygon(Basemap.unpack(area.packed, this.data.quantum), {
      pane: "areas", renderer: this.svg, interactive: false, fillColor: `url(#fill-${group.id})`, fillOpacity: 1, fillRule: "evenodd",
      color: group.colour, weight: 0.6, opacity: 0.6, smoothFactor: 0.5,
    }).addTo(this.map);
  }

  #closed(reason, at) {
    const icon = L.divIcon({ className: "shut-icon", html: Elements.make("span", { class: "shut-sign", text: "×" }), iconSize: [24, 24] });
    const marker = L.marker(at, { icon, keyboard: false, zIndexOffset: -200 });
    marker.bindPopup(() => Elements.make("div", { class: "popup" },
      Elements.make("p", { class: "popup-title", text: this.speech.say("closed_places") }), Elements.make("p", { text: this.speech.pick(reason.label) })));
    return marker.addTo(this.map);
  }

  #spot(place, index) {
    const group = this.data.groups.find((one) => one.id === place.group);
    const face = Atlas.spot(group);
    const marker = L.marker([place.lat, place.lon], {
      icon: L.divIcon({ className: "spot-icon", html: face, iconSize: [24, 24] }), keyboard: false, riseOnHover: true,
    });
    marker.bindPopup(() => this.#content(place), { maxWidth: this.map.getSize().x < 520 ? 230 : 300, minWidth: 170, autoPanPadding: [24, 24] });
    marker.bindTooltip(() => Elements.make("span", { text: this.speech.of(place.name, "name") }), { direction: "top", className: "line-tip", offset: [0, -8] });
    marker.addTo(this.map).getElement().dataset.place = String(index);
    return marker;
  }

  #content(place) {
    const { make } = Elements;
    const facts = this.data.columns.map((column, number) => [
      make("dt", { text: Atlas.name(column, this.speech) }),
      make("dd", { class: "fact-words", text: Atlas.cell(place, column, number, this.speech, false) }),
    ]);
    const more = (place.facts || []).map((fact) => AtlasTable.fact(fact, this.speech));
    return make("div", { class: "popup" }, make("p", { class: "popup-title", text: this.speech.of(place.name, "name") }),
      make("dl", {}, ...facts.flat()), more.length ? make("ul", { class: "popup-facts popup-note" }, ...more) : null);
  }

  /** Show a place and what is known of it. */
  open(index) {
    const place = this.data.places[index];
    if (this.map.getZoom() < place.zoom || !this.map.getBounds().contains([place.lat, place.lon])) {
      this.map.setView([place.lat, place.lon], Math.max(this.map.getZoom(), place.zoom, 5), { animate: false });
    }
    this.spots[index].openPopup();
  }

  /** Bring all crossings of one reason into view. */
  openShut(number) {
    const bounds = L.latLngBounds(this.data.shut[number].at.map(([lon, lat]) => [lat, lon]));
    this.map.fitBounds(bounds, { padding: [60, 60], maxZoom: 6, animate: false });
    this.map.getContainer().scrollIntoView({ block: "nearest" });
  }

  /** Ring the places found. */
  mark(indices) {
    const wanted = new Set(indices);
    this.spots.forEach((spot, index) => spot.getElement().classList.toggle("is-found", wanted.has(index)));
  }
}
