"use strict";

/** Two maps that show the same piece of land: where one goes, the other follows. */
function keepTogether(maps) {
  let following = false;
  maps[0].on("zoomlevelschange", () => maps[1].setMaxZoom(maps[0].getMaxZoom()));
  maps.forEach((map, number) => {
    const other = maps[1 - number];
    map.on("move zoomend", () => {
      if (following) return;
      following = true;
      other.setView(map.getCenter(), map.getZoom(), { animate: false });
      following = false;
    });
  });
}

/** The key of a map of a comparison: it has no bars of waiting. */
class TwinControls extends Controls {
  signs(speech) {
    return super.signs(speech).slice(0, -1);
  }
}

/** One of the two maps: its routes, of which one is in colour or none. */
class Twin {
  constructor(map, data, side, choose, showAll) {
    const own = { ...data, routes: side.routes };
    this.map = map;
    map.createPane("routes").style.zIndex = 420;
    const layers = side.lines.map((lines) => L.geoJSON(lines, { pane: "routes", interactive: false }).addTo(map));
    const styles = Object.fromEntries(data.legend.map((entry) => [entry.mode, entry]));
    this.onMap = new RouteLayers(map, own, layers, styles, choose);
    this.controls = new TwinControls(map, own, showAll);
  }

  /** Draw in the reader's language; `index` is the route in colour, or null. */
  draw(speech, index) {
    const { map, onMap } = this;
    onMap.speech = speech;
    this.controls.draw(speech);
    map.closePopup();
    map.names.translate(speech);
    if (index === null) {
      onMap.clear();
      map.names.show([], []);
    } else {
      onMap.select(index);
      map.names.show(onMap.shown, onMap.path);
    }
    this.controls.tidyKey(index === null ? [] : onMap.path);
    map.names.place();
  }
}

/** The table of what changes: one row a corridor. */
const Changes = (() => {
  const MEASURES = [["time_h", "time"], ["cost_usd_per_t", "cost"], ["co2e_kg_per_t", "co2e"]];
  const KEYS = { time_h: ["days", 24], cost_usd_per_t: ["usd_per_t", 1], co2e_kg_per_t: ["kg_per_t", 1] };

  function figure(speech, name, was, is) {
    const { make } = Elements;
    const [key, scale] = KEYS[name];
    const told = (value) => speech.unit(key, value === null ? null : value / scale, 1);
    const shown = [was, is].filter((route) => route !== null).map((route) => told(route[name]));
    const small = make("span", { class: "change-figures", text: shown.join(" → ") });
    if (was === null || is === null || was[name] === null || is[name] === null) return make("td", {}, small);
    const change = (is[name] - was[name]) / scale;
    const rounded = Number(change.toFixed(1));
    return make("td", { class: rounded > 0 ? "worse" : rounded < 0 ? "better" : null, "data-change": name },
      make("span", { text: speech.signed(key, change, 1) }), small);
  }

  const sidesOf = (data, row) => ["before", "after"].map((name) => (row[name] === null ? null : data[name].routes[row[name]]));

  /** Whether the figures of a way that is on both sides differ as they are shown. */
  const moves = (was, is) => MEASURES.some(([name]) => Number(((is[name] - was[name]) / KEYS[name][1]).toFixed(1)) !== 0);

  /** The first way that is new, gone or other than before; 0 if all are as they were. */
  function first(data) {
    const changed = ([was, is]) => was === null || is === null || moves(was, is);
    return Math.max(0, data.changes.findIndex((row) => changed(sidesOf(data, row))));
  }

  function verdict(speech, row, was, is) {
    if (is === null) return row.reason ? speech.say("no_route", { reason: speech.of(row, "reason") }) : speech.say("gone");
    if (was === null) return speech.say("new_way");
    return moves(was, is) ? "" : speech.say("as_before");
  }

  function draw(data, speech, chosen, choose) {
    const { make } = Elements;
    const rows = data.changes.map((row, number) => {
      const [was, is] = sidesOf(data, row);
      const button = make("button", { type: "button", class: "change-button", "aria-pressed": String(number === chosen),
        text: speech.of(is || was, "name") });
      button.addEventListener("click", () => choose(number));
      return make("tr", {}, make("th", { scope: "row" }, button), make("td", { class: "words", text: verdict(speech, row, was, is) }),
        ...MEASURES.map(([name]) => figure(speech, name, was, is)));
    });
    const heads = MEASURES.map(([, key]) => make("th", { scope: "col", text: speech.say(key) }));
    return make("table", {}, make("caption", { text: speech.say("what_changes") }),
      make("thead", {}, make("tr", {}, make("th", { scope: "col", text: speech.say("route") }), make("th", { class: "words", scope: "col", text: speech.say("change_words") }), ...heads)), make("tbody", {}, ...rows));
  }

  return { draw, first };
})();

/** Puts maps, table and languages together. Called with the map of the page; the second is made here. */
function startComparison(first) {
  const { make } = Elements;
  const data = JSON.parse(document.getElementById("comparison").textContent);
  const byId = (id) => document.getElementById(id);
  const state = Address.read();
  const second = L.map("map-after", { ...first.options, center: first.getCenter(), zoom: first.getZoom() });
  drawBasemap(second);
  const maps = [first, second];
  const all = [...data.before.routes, ...data.after.routes]
    .reduce((sum, { bounds: [west, south, east, north] }) => sum.extend([[south, west], [north, east]]), L.latLngBounds([]));
  const world = L.latLngBounds([data.bounds[1], data.bounds[0]], [data.bounds[3], data.bounds[2]]).extend(all);
  for (const map of maps) map.setMaxBounds(world);
  const showAll = () => first.fitBounds(all, { paddingTopLeft: [24, 30], paddingBottomRight: [64, 44], animate: false });
  const rowOf = (side, index) => data.changes.findIndex((row) => row[side] === index);
  const sides = ["before", "after"].map((name, number) =>
    new Twin(maps[number], data, data[name], (index) => choose(rowOf(name, index)), showAll));
  const insets = new Insets(first, data.insets, byId("insets-nav"));
  new FineLand(second, data.insets);
  const rowInState = () => {
    const number = data.changes.findIndex((row) => row.id === state.route);
    return number < 0 ? Changes.first(data) : number;
  };
  let chosen = rowInState();
  let speech = null;

  function choose(number) {
    chosen = number;
    state.route = data.changes[number].id;
    Address.write(state);
    const inTable = byId("changes").contains(document.activeElement);
    drawChosen();
    if (inTable) byId("changes").querySelectorAll("button")[number].focus({ preventScroll: true });
    byId("announcement").textContent = byId("changes").querySelectorAll("tbody tr")[number].innerText;
  }

  function drawChosen() {
    const row = data.changes[chosen];
    sides[0].draw(speech, row.before);
    sides[1].draw(speech, row.after);
    byId("changes").replaceChildren(Changes.draw(data, speech, chosen, choose));
  }

  function speak() {
    speech = new Speech(data.words, Object.hasOwn(data.words, state.lang || "") ? state.lang : data.language, data.texts);
    document.documentElement.lang = speech.language;
    document.title = speech.pick(data.title);
    byId("title").textContent = speech.pick(data.title);
    byId("subtitle").textContent = speech.pick(data.subtitle);
    byId("language-label").textContent = speech.say("language");
    byId("language").value = speech.language;
    for (const name of ["before", "after"]) {
      byId(`${name}-title`).textContent = speech.say(name, { scenario: speech.pick(data[name].title) });
    }
    insets.draw(speech);
    second.invalidateSize({ animate: false });
    drawChosen();
    Notes.draw(byId("notes"), data, speech);
  }

  byId("language").append(...Object.entries(data.words).map(([code, words]) => make("option", { value: code, lang: code, text: words.endonym })));
  byId("language").addEventListener("change", () => {
    state.lang = byId("language").value === data.language ? null : byId("language").value;
    speak();
    Address.write(state);
  });
  addEventListener("hashchange", () => {
    for (const name of ["route", "lang"]) state[name] = null;
    Object.assign(state, Address.read());
    chosen = rowInState();
    speak();
  });
  keepTogether(maps);
  speak();
  showAll();
}
