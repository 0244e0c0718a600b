"use strict";

/** Key of a map of places: what the page drew, in its order. */
class AtlasControls extends Controls {
  draw(speech) {
    super.draw(speech);
    this.key.classList.add("atlas-legend");
  }

  whole(speech) {
    return speech.say("show_area");
  }

  signs(speech) {
    const { swatch, make } = Elements;
    const { data } = this;
    const title = data.keyTitle ? [make("li", { class: "key-title", text: speech.pick(data.keyTitle) })] : [];
    return [
      ...title,
      ...data.lines.map((line) => Controls.entry(swatch(line, 34), Atlas.name(line, speech))),
      ...data.groups.map((group) => Controls.entry(Atlas.sign(group), Atlas.name(group, speech))),
      data.shut.length > 0 ? Controls.entry(make("span", { class: "shut-sign", text: "×" }), speech.say("closed_places")) : null,
    ];
  }
}

/** What the parts of a page of places have in common. */
const Atlas = {
  /** Name of a layer, group or column: a word of the catalogue, or the caller's text. */
  name: (thing, speech) => (thing.word ? speech.say(thing.word) : speech.pick(thing.label)),

  /** Sign of a group: a patch of its area, else its spot. */
  sign(group) {
    return group.area ? AtlasLayers.patch(group) : Atlas.spot(group);
  },

  spot(group, small = group.small) {
    const spot = Elements.make("span", { class: `spot${small ? " small" : ""}`, text: small ? "" : group.sign });
    spot.style.backgroundColor = group.colour;
    return spot;
  },

  /** A cell of a place as text; `bare` where the unit stands in the head of the column. */
  cell(place, column, number, speech, bare) {
    const value = place.cells[number];
    if (value === null || value === undefined) return speech.words.unknown;
    if (column.words) return value.map((word) => speech.say(word)).join(", ");
    if (typeof value !== "number") return speech.pick(value);
    return bare ? speech.number(value, column.digits) : speech.unit(column.unit, value, column.digits);
  },
};

/** Puts panel and map of a page of places together. */
function startAtlas(map) {
  const { make } = Elements;
  const data = JSON.parse(document.getElementById("atlas").textContent);
  const byId = (id) => document.getElementById(id);
  const state = Address.read();
  let speech = null, fitting = false, touched = false;

  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const [west, south, east, north] = data.view;
  function fit(animate) {
    fitting = true;
    touched = false;
    state.map = null;
    const edge = map.getSize().x < 520 ? 16 : 40;
    map.fitBounds([[south, west], [north, east]], { padding: [edge, edge], animate });
  }
  const remember = () => Address.write(state);
  const onMap = new AtlasLayers(map, data);
  const controls = new AtlasControls(map, data, () => { fit(!calm()); remember(); });
  map.names.add(data.places.map((place) => ({
    ...Object.fromEntries(Object.entries(place.name).map(([key, text]) => [key.replace("name", "text"), text])),
    lat: place.lat, lon: place.lon, min_zoom: place.zoom, max_zoom: 99,
  })));

  function choose(index) {
    map.getContainer().scrollIntoView({ block: "nearest" });
    onMap.open(index);
    byId("announcement").textContent = speech.of(data.places[index].name, "name");
  }

  /** The table of places whose name, in any language, holds what is searched for. */
  function fillTable() {
    const wanted = byId("search").value.trim().toLocaleLowerCase();
    const plain = (text) => text.toLocaleLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
    const holds = (place) => [...Object.values(place.name), ...(place.also || [])]
      .some((text) => text.toLocaleLowerCase().includes(wanted) || plain(text).includes(plain(wanted)));
    const found = data.places.map((place, index) => ({ place, index })).filter(({ place }) => wanted === "" || holds(place));
    byId("found").textContent = speech.say("places_found", { n: speech.number(found.length) }, found.length);
    onMap.mark(wanted === "" ? [] : found.map(({ index }) => index));
    byId("table").replaceChildren(AtlasTable.draw(found, data, speech, choose));
  }

  function drawNotes() {
    const radius = data.radiusKm ? speech.say("area_hint", { n: speech.say("area_radius", { n: speech.number(data.radiusKm) }) }) : "";
    Notes.draw(byId("notes"), data, speech, [radius]);
  }

  /** Write the whole page in the language of the state. */
  function speak() {
    const language = Object.hasOwn(data.words, state.lang || "") ? state.lang : data.language;
    speech = new Speech(data.words, language);
    onMap.speech = speech;
    document.documentElement.lang = language;
    document.title = speech.pick(data.title);
    byId("title").textContent = speech.pick(data.title);
    byId("subtitle").textContent = speech.pick(data.subtitle);
    byId("language-label").textContent = speech.say("language");
    byId("language").value = language;
    byId("map-frame").setAttribute("aria-label", speech.say("map_of_places"));
    byId("search-label").textContent = speech.say("search_places");
    controls.draw(speech);
    controls.tidyKey([]);
    byId("above").replaceChildren(...AtlasTable.above(data, speech, onMap));
    fillTable();
    drawNotes();
    map.closePopup();
    map.names.translate(speech);
    map.names.place();
  }

  byId("language").append(...Object.entries(data.words).map(([code, words]) => make("option", { value: code, lang: code, text: words.endonym })));
  byId("language").addEventListener("change", () => {
    state.lang = byId("language").value === data.language ? null : byId("language").value;
    speak();
    remember();
  });
  byId("search").addEventListener("input", fillTable);
  byId("search").addEventListener("keydown", (event) => {
    const first = document.querySelector(".place-button");
    if (event.key === "Enter" && first) choose(Number(first.dataset.place));
  });
  speak();
  const view = Address.view(state.map);
  if (view) map.setView(view.at, Math.min(Math.max(view.zoom, map.getMinZoom()), map.getMaxZoom()), { animate: false });
  else fit(false);
  fitting = false;
  for (const event of ["pointerdown", "wheel", "keydown"]) {
    map.getContainer().addEventListener(event, () => { touched = true; }, { capture: true, passive: true });
  }
  map.on("moveend", () => {
    if (!fitting && touched) {
      const at = map.getCenter();
      state.map = [at.lat.toFixed(3), at.lng.toFixed(3), Number(map.getZoom().toFixed(2))].join(",");
      remember();
    }
    fitting = false;
  });
  map.on("resize", () => controls.tidyKey([]));
  addEventListener("hashchange", () => {
    for (const name of ["lang", "map"]) state[name] = null;
    Object.assign(state, Address.read());
    speak();
    const now = Address.view(state.map);
    if (now) map.setView(now.at, now.zoom);
  });
  addEventListener("keydown", (event) => { if (event.key === "Escape") map.closePopup(); });
  const paper = (on) => {
    document.documentElement.classList.toggle("printing", on);
    map.invalidateSize({ animate: false });
    fit(false);
  };
  addEventListener("beforeprint", () => paper(true));
  addEventListener("afterprint", () => paper(false));
}
