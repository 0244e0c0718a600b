"use strict";

/** The panel of a page of places: layers, groups, what is closed, funnels, and the table that says all in words. */
const AtlasTable = (() => {
  const { make, swatch } = Elements;

  function draw(found, data, speech, choose) {
    const heads = data.columns.filter((column) => column.in_table).map((column) => make("th", { scope: "col", class: column.unit ? null : "words", text: Atlas.name(column, speech) }));
    const rows = found.map(({ place, index }) => {
      const name = speech.of(place.name, "name");
      const group = data.groups.find((one) => one.id === place.group);
      const button = make("button", { type: "button", class: "place-button", "data-place": index, title: speech.say("choose_place", { name }) },
        Atlas.spot(group), make("span", { text: name }));
      button.addEventListener("click", () => choose(index));
      return make("tr", {}, make("th", { scope: "row" }, button), ...data.columns.map((column, number) => (column.in_table
        ? make("td", { class: column.unit ? null : "words", text: Atlas.cell(place, column, number, speech, true) }) : null)).filter((cell) => cell !== null));
    });
    return make("table", { class: "atlas-table" },
      make("caption", { class: "unseen", text: speech.say("places") }),
      make("thead", {}, make("tr", {}, make("th", { scope: "col", text: speech.say("place") }), ...heads)),
      make("tbody", {}, ...rows));
  }

  function layers(data, speech, onMap) {
    if (data.lines.length === 0) return null;
    const choices = data.lines.map((line, number) => {
      const box = make("input", { type: "checkbox", checked: line.shown });
      box.addEventListener("change", () => { line.shown = box.checked; onMap.show(number, box.checked); });
      const km = line.km === null ? "" : speech.say("km_of_lines", { n: speech.number(line.km / 1000, line.km < 9500 ? 1 : 0) });
      return make("li", {}, make("label", { class: "layer-choice" }, box, swatch(line, 34), make("span", { text: Atlas.name(line, speech) }),
        make("span", { class: "amount", text: km })));
    });
    return make("section", {}, make("h2", { text: speech.say("on_map") }), make("ul", {}, ...choices));
  }

  function groups(data, speech) {
    const shown = data.groups.filter((group) => group.count !== null && group.count !== undefined);
    if (shown.length === 0) return null;
    const lines = shown.map((group) => make("li", { class: "group-line" }, Atlas.sign(group),
      make("span", { class: "group-name", text: Atlas.name(group, speech) }),
      make("span", { class: "group-count", text: speech.say(data.countWord, { n: speech.number(group.count) }, group.count) })));
    return make("section", {}, make("h2", { text: speech.pick(data.keyTitle) }), make("ul", {}, ...lines));
  }

  function shut(data, speech, onMap) {
    if (data.shut.length === 0) return null;
    const lines = data.shut.map((reason, number) => {
      const button = make("button", { type: "button", class: "shut-line" }, make("span", { class: "shut-sign", text: "×", "aria-hidden": "true" }),
        make("span", { text: speech.pick(reason.label) }),
        make("span", { class: "amount", text: speech.say("crossings", { n: speech.number(reason.at.length) }, reason.at.length) }));
      button.addEventListener("click", () => onMap.openShut(number));
      return make("li", {}, button);
    });
    return make("section", {}, make("h2", { text: speech.say("closed_places") }), make("ul", {}, ...lines));
  }

  /** A figure with where it is from, as an item of a list. */
  function fact(one, speech) {
    return make("li", {}, make("span", { text: Funnel.figure(one, speech) }), " · ", ...Funnel.origin(one, speech));
  }

  function above(data, speech, onMap) {
    const funnels = data.funnels.length ? make("section", { class: "funnels" }, make("h2", { text: speech.say("funnels") }),
      make("p", { class: "hint", text: speech.say("funnel_hint") }), ...data.funnels.map((funnel) => Funnel.draw(funnel, speech))) : null;
    return [groups(data, speech), layers(data, speech, onMap), shut(data, speech, onMap), funnels].filter((part) => part !== null);
  }

  return { above, draw, fact };
})();
