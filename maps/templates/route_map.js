"use strict";

/** Puts cards, map, tables and charts together. Called with the map and one folium layer a route. */
function startRouteMap(map, layers) {
  const { make, swatch } = Elements;
  const data = JSON.parse(document.getElementById("routes").textContent);
  for (const route of data.routes) {
    const items = route.steps.flatMap((step) => step.items || []);
    for (const row of [...items, ...Object.values(route.tornado || {}).flat()]) Object.assign(row, data.assumptions[row.of]);
  }
  const styles = Object.fromEntries(data.legend.map((entry) => [entry.mode, entry]));
  const PANELS = ["legs", "charts", "compare", "certainty"];
  const byId = (id) => document.getElementById(id);
  const state = Address.read();
  const measures = ["time_h", "cost_usd_per_t"];
  /** Panels that have something to show. */
  let panels = PANELS;
  let chosen = -1;
  let speech = null;
  /** A view of our own choosing is under way; and the reader has touched the map since. */
  let fitting = false, touched = false;

  const boundsOf = (route) => L.latLngBounds([route.bounds[1], route.bounds[0]], [route.bounds[3], route.bounds[2]]);
  const padding = () => {
    const small = map.getSize().x < 520;
    return small
      ? { paddingTopLeft: [24, 30], paddingBottomRight: [48, 44] }
      : { paddingTopLeft: [70, 60], paddingBottomRight: [80, 80] };
  };
  const roomFor = (bounds) => {
    const { paddingTopLeft, paddingBottomRight } = padding();
    return map.getBoundsZoom(bounds, false, L.point(paddingTopLeft).add(paddingBottomRight));
  };
  const isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  function fitTo(bounds, animate) {
    fitting = true;
    touched = false;
    map.fitBounds(bounds, { ...padding(), animate });
  }

  function fit(animate) {
    state.map = null;
    if (chosen >= 0) fitTo(boundsOf(data.routes[chosen]), animate);
  }

  /** All routes, unless that makes the selected one small. */
  function showAll() {
    if (chosen < 0) return;
    const own = boundsOf(data.routes[chosen]);
    const all = data.routes.reduce((sum, route) => sum.extend(boundsOf(route)), L.latLngBounds([]));
    fitTo(roomFor(all) >= roomFor(own) - 0.75 ? all : own, false);
  }

  /** The view of the address, else all routes. */
  function openView() {
    const view = Address.view(state.map);
    if (view) {
      insets.limit(view.at);
      map.setView(view.at, Math.min(Math.max(view.zoom, map.getMinZoom()), map.getMaxZoom()), { animate: false });
      return;
    }
    showAll();
  }

  const remember = () => Address.write(state);

  function keepView() {
    const at = map.getCenter();
    state.map = [at.lat.toFixed(3), at.lng.toFixed(3), Number(map.getZoom().toFixed(2))].join(",");
    remember();
  }

  function select(index, { move = true, keep = true } = {}) {
    if (index !== chosen) {
      chosen = index;
      if (keep) state.route = data.routes[index].id;
      markCards();
      drawChosen();
      details();
      const route = data.routes[index];
      byId("announcement").textContent = speech.say("selected", { letter: route.letter, name: speech.of(route, "name") });
    }
    const own = boundsOf(data.routes[chosen]);
    const suits = map.getBounds().contains(own) && roomFor(own) <= map.getZoom() + 1;
    if (move && !suits) fit(!isCalm());
    controls.tidyKey(onMap.path);
    map.names.place();
    if (keep) remember();
  }

  /** Markers and their names are replaced together: a moving map lays the names out at any moment. */
  function drawChosen() {
    onMap.select(chosen);
    map.names.show(onMap.shown, onMap.path);
  }

  function markCards() {
    document.querySelectorAll("button.card").forEach((card, number) => card.setAttribute("aria-pressed", String(number === chosen)));
  }

  function showStep(step) {
    map.getContainer().scrollIntoView({ block: "nearest" });
    onMap.openStep(step);
  }

  /** The panels of the selected route: legs, time-cost-distance, the routes compared, and how sure it all is. */
  function details() {
    const route = data.routes[chosen];
    const focused = document.activeElement && document.activeElement.classList.contains("point") ? chosen : null;
    const choose = (index) => select(index);
    const content = {
      legs: [make("div", { class: "table-frame" }, LegTable.table(route, chosen, styles, speech, showStep))],
      charts: [TimeCostDistance.draw(data.routes, route, "time_h", styles, speech),
        TimeCostDistance.draw(data.routes, route, "cost_usd_per_t", styles, speech), TimeCostDistance.speeds(data.routes, speech)],
      compare: [Scatter.draw(data.routes, route, speech, choose), Stacks.draw(data.routes, route, "time_h", styles, speech),
        Stacks.draw(data.routes, route, "cost_usd_per_t", styles, speech)],
      certainty: [...measures.map((measure) => Certainty.tornado(route, measure, speech)),
        ...measures.map((measure) => Certainty.months(data.routes, route, whatIf.scenario, measure, speech))],
    };
    panels = PANELS.filter((name) => content[name].some((node) => node !== null));
    const tabs = panels.map((name) => {
      const tab = make("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `panel-${name}`, text: speech.say(`panel_${name}`) });
      tab.addEventListener("click", () => openPanel(name, true));
      return tab;
    });
    const list = make("div", { class: "tabs", role: "tablist", "aria-label": speech.say("panels") }, ...tabs);
    list.addEventListener("keydown", (event) => {
      const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!way) return;
      event.preventDefault();
      openPanel(panels[(panels.indexOf(panelShown()) + way + panels.length) % panels.length], true);
      byId(`tab-${panelShown()}`).focus();
    });
    const signs = data.legend.map((style) => make("span", {}, swatch(style, 34), make("span", { text: speech.mode(style.mode) })));
    byId("details").replaceChildren(make("p", { class: "printed-key", "aria-hidden": "true" }, ...signs), list,
      ...panels.map((name) => make("section", { class: "tab-panel", role: "tabpanel", id: `panel-${name}`, "aria-labelledby": `tab-${name}` },
        ...content[name].filter((node) => node !== null))));
    openPanel(panelShown(), false);
    if (focused !== null) document.querySelector(`.point[data-route="${focused}"]`).focus();
  }

  function panelShown() {
    return panels.includes(state.panel) ? state.panel : panels[0];
  }

  function openPanel(name, keep) {
    for (const other of panels) {
      const open = other === name;
      byId(`panel-${other}`).hidden = !open;
      byId(`tab-${other}`).setAttribute("aria-selected", String(open));
      byId(`tab-${other}`).setAttribute("tabindex", open ? "0" : "-1");
    }
    if (!keep) return;
    state.panel = name === panels[0] ? null : name;
    remember();
  }

  function drawCards() {
    const shown = data.routes.map((route, index) => {
      const card = Cards.card(route, index, styles, speech);
      card.addEventListener("click", () => select(index));
      return card;
    });
    byId("cards").replaceChildren(...[...shown, ...data.unavailable.map((row) => Cards.missing(row, speech))]
      .map((card) => make("li", {}, card)));
    markCards();
  }

  function drawAnswer() {
    byId("answer").replaceChildren(...Answer.draw(data.routes, (index) => whatIf.row(index), speech, (index) => select(index)));
  }

  function drawNotes() {
    const rounding = data.routes.length > 0 ? speech.say("rounding") : "";
    const ranges = data.routes.some((route) => route.time_h_p10 !== undefined) ? speech.say("range_note") : "";
    byId("printed-facts").textContent = Notes.facts(data, speech).join(" · ");
    Notes.draw(byId("notes"), data, speech, [], [ranges, rounding]);
  }

  /** Write the whole page in the language of the state. */
  function speak() {
    const language = Object.hasOwn(data.words, state.lang || "") ? state.lang : data.language;
    speech = new Speech(data.words, language, data.texts);
    onMap.speech = speech;
    document.documentElement.lang = language;
    document.title = speech.pick(data.title);
    byId("title").textContent = speech.pick(data.title);
    byId("subtitle").textContent = speech.pick(data.subtitle);
    byId("language-label").textContent = speech.say("language");
    byId("language").value = language;
    byId("routes-list").setAttribute("aria-label", speech.say("routes"));
    byId("map-frame").setAttribute("aria-label", speech.say("map"));
    controls.draw(speech);
    insets.draw(speech);
    byId("answer").setAttribute("aria-label", speech.say("answer"));
    drawCards();
    whatIf.draw(speech);
    drawAnswer();
    drawNotes();
    map.closePopup();
    map.names.translate(speech);
    if (chosen < 0) {
      map.names.place();
      return;
    }
    drawChosen();
    details();
    controls.tidyKey(onMap.path);
    map.names.place();
  }

  function fillLanguages() {
    const select = byId("language");
    select.append(...Object.entries(data.words).map(([code, words]) => make("option", { value: code, lang: code, text: words.endonym })));
    select.addEventListener("change", () => {
      state.lang = select.value === data.language ? null : select.value;
      speak();
      remember();
    });
  }

  const routeInState = () => data.routes.findIndex((route) => route.id === state.route);

  const world = data.bounds;
  const reach = data.routes.reduce((sum, route) => sum.extend(boundsOf(route)),
    L.latLngBounds([world[1], world[0]], [world[3], world[2]]));
  map.setMaxBounds(reach);
  const onMap = new RouteLayers(map, data, layers, styles, (index) => select(index));
  const controls = new Controls(map, data, () => { fit(!isCalm()); remember(); });
  const insets = new Insets(map, data.insets, byId("insets-nav"), () => { fitting = false; keepView(); });
  const whatIf = new WhatIf(data, state, () => {
    drawAnswer();
    if (chosen >= 0) details();
    remember();
  });
  Linking.start((now) => onMap.point(now));
  fillLanguages();
  speak();
  if (data.routes.length > 0) select(Math.max(0, routeInState()), { move: false, keep: false });
  map.on("zoomend moveend resize", () => { if (onMap.chosen) controls.tidyKey(onMap.path); });
  openView();

  map.on("moveend", () => {
    if (!fitting && touched) keepView();
    fitting = false;
  });
  fitting = false;
  for (const event of ["pointerdown", "wheel", "keydown"]) {
    map.getContainer().addEventListener(event, () => { touched = true; }, { capture: true, passive: true });
  }
  addEventListener("hashchange", () => {
    for (const name of ["route", "lang", "panel", "scenario", "month", "map"]) state[name] = null;
    Object.assign(state, Address.read());
    speak();
    const index = routeInState();
    if (index >= 0) select(index, { move: !state.map, keep: false });
    if (Address.view(state.map)) openView();
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") map.closePopup();
  });
  const paper = (on) => {
    document.documentElement.classList.toggle("printing", on);
    for (const part of document.querySelectorAll(".sources")) part.open = on;
    map.invalidateSize({ animate: false });
    byId("printed-insets").replaceChildren(...(on && chosen >= 0 ? InsetPictures.draw(data.insets, onMap.legs(), speech) : []));
    if (on) showAll();
    else openView();
  };
  addEventListener("beforeprint", () => paper(true));
  addEventListener("afterprint", () => paper(false));
}
