"use strict";

/** Land of a finer survey around ports, over the basemap of one map; the places in it get a dot and a name. */
class FineLand {
  /** Closest zoom where the land is finer; elsewhere the map keeps its own. */
  static CLOSEST = 11;

  /** `places`: name, its translations, lat, lon, box. */
  constructor(map, places) {
    this.map = map;
    this.places = places;
    this.coarse = map.getMaxZoom();
    this.dots = L.layerGroup(places.map((place) => L.circleMarker([place.lat, place.lon], {
      pane: "insets", interactive: false, radius: 4, color: "#16202a", weight: 2, fillColor: "#ffffff", fillOpacity: 1,
    })));
    if (places.length > 0) this.#drawLand();
    map.names.add(places.map((place) => ({
      ...Object.fromEntries(Object.entries(place).filter(([key]) => key.startsWith("name")).map(([key, text]) => [key.replace("name", "text"), text])),
      lat: place.lat, lon: place.lon, min_zoom: this.coarse - 1, max_zoom: 99,
    })));
    map.on("moveend", () => {
      if (map.getZoom() >= this.coarse - 1) this.dots.addTo(map);
      else this.dots.remove();
    });
  }

  #drawLand() {
    const data = JSON.parse(document.getElementById("insets").textContent);
    const pane = this.map.createPane("insets");
    pane.style.zIndex = 215;
    pane.style.pointerEvents = "none";
    const quiet = { pane: "insets", renderer: L.svg({ pane: "insets", padding: 0.6 }), interactive: false, smoothFactor: 0.5 };
    const lines = (name, style) => L.polyline(Basemap.unpack(data[name], data.quantum), { ...quiet, ...style }).addTo(this.map);
    // The water ends a little within the land, so that no seam shows where both surveys have land.
    const within = 2 * data.quantum;
    for (const [west, south, east, north] of data.boxes) {
      L.rectangle([[south + within, west + within], [north - within, east - within]],
        { ...quiet, stroke: false, fillColor: "#cfe3ee", fillOpacity: 1 }).addTo(this.map);
    }
    L.polygon(Basemap.unpack(data.land, data.quantum), {
      ...quiet, stroke: false, fillColor: "#f5f1e6", fillOpacity: 1, fillRule: "evenodd",
    }).addTo(this.map);
    lines("shore", { color: "#8fabbb", weight: 1 });
    lines("rivers", { color: "#a5cbe2", weight: 1.2 });
    lines("borders", { color: "#b3a48c", weight: 1, dashArray: "4 3", opacity: 0.9 });
  }

  /** Let the reader come closer where the land is finer. */
  limit(at) {
    const { lat, lng } = L.latLng(at);
    const fine = this.places.some(({ box: [west, south, east, north] }) => lng > west && lng < east && lat > south && lat < north);
    const closest = fine ? FineLand.CLOSEST : this.coarse;
    if (closest !== this.map.getMaxZoom()) this.map.setMaxZoom(closest);
  }
}

/** The buttons that lead where the land of a map is finer. */
class Insets {
  /** Kilometres around a place that its button brings into view. */
  static #REACH_KM = 30;

  /** `places` as for `FineLand`. `onGo` hears of a view that the reader chose. */
  constructor(map, places, nav, onGo = () => {}) {
    this.map = map;
    this.places = places;
    this.nav = nav;
    this.onGo = onGo;
    this.land = new FineLand(map, places);
    map.on("moveend", () => { this.limit(map.getCenter()); this.mark(); });
  }

  /** As of the land. */
  limit(at) {
    this.land.limit(at);
  }

  /** Buttons in the reader's language. */
  draw(speech) {
    const { make } = Elements;
    this.nav.hidden = this.places.length === 0;
    this.nav.setAttribute("aria-label", speech.say("insets"));
    this.nav.replaceChildren(make("span", { class: "insets-label", "aria-hidden": "true", text: speech.say("insets") }),
      ...this.places.map((place) => {
        const button = make("button", { type: "button", class: "inset", text: speech.of(place, "name") });
        button.addEventListener("click", () => this.go(place));
        return button;
      }));
    this.map.invalidateSize({ animate: false });
    this.mark();
  }

  #bounds(place) {
    return L.latLng(place.lat, place.lon).toBounds(2000 * Insets.#REACH_KM);
  }

  go(place) {
    this.limit([place.lat, place.lon]);
    const zoom = Math.min(this.map.getBoundsZoom(this.#bounds(place)), FineLand.CLOSEST);
    this.map.setView([place.lat, place.lon], zoom, { animate: false });
    this.onGo();
  }

  /** Tell which place is shown: the nearest to the middle, while it fills the view. */
  mark() {
    const at = this.map.getCenter();
    const away = (place) => at.distanceTo([place.lat, place.lon]);
    const nearest = this.places.reduce((best, place) => (best && away(best) <= away(place) ? best : place), null);
    const close = nearest && this.map.getZoom() > this.land.coarse - 1 && away(nearest) < 1000 * Insets.#REACH_KM;
    [...this.nav.querySelectorAll("button")].forEach((button, number) => {
      button.setAttribute("aria-pressed", String(Boolean(close) && this.places[number] === nearest));
    });
  }
}
