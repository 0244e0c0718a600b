"use strict";

/** The table of legs and transfers of a route, each figure's sources, and the popups of the map. */
const LegTable = (() => {
  const { make, swatch } = Elements;
  const FIGURES = [["time_h", 0], ["cost_usd_per_t", 1], ["co2e_kg_per_t", 1]];

  function legRow(step, at, styles, speech, show) {
    const mode = step.kind === "access" ? `${speech.mode(step.mode)}, ${speech.say("access")}` : speech.mode(step.mode);
    const button = make("button", { type: "button", class: "step-button" },
      make("span", { class: "step-mode" }, swatch(styles[step.mode]), make("span", { text: mode })),
      make("span", { class: "step-name", text: speech.leg(step) }));
    button.addEventListener("click", () => show(step));
    return make("tr", { class: "leg-row", ...at }, make("th", { scope: "row" }, button),
      make("td", { text: speech.number(step.distance_km) }), ...numberCells(step, speech));
  }

  function stopRow(step, at, speech, show) {
    const button = make("button", { type: "button", class: "step-button" },
      make("span", { class: step.place ? "bubble" : "bubble ring", text: step.place || "", "aria-hidden": "true" }),
      make("span", { class: "step-stop" },
        make("span", { class: "step-name", text: speech.of(step, "name") }),
        make("span", { class: "step-what", text: speech.event(step) })));
    button.addEventListener("click", () => show(step));
    const idle = FIGURES.every(([name]) => step[name] === 0);
    return make("tr", { class: "stop-row", ...at }, make("th", { scope: "row" }, button), make("td"),
      ...(idle ? FIGURES.map(() => make("td")) : numberCells(step, speech)));
  }

  function numberCells(step, speech) {
    return FIGURES.map(([name, digits]) => make("td", { text: speech.number(step[name], digits) }));
  }

  /** What a step's figures are made of: amount, range of the assumption, source, year, confidence. */
  function sources(step, speech) {
    const lines = (step.items || []).map((item) => make("li", {}, make("strong", { text: itemName(item, speech) }), ...[
      amounts(item, speech), assumption(item, speech), origin(item, speech),
    ].filter((text) => text).map((text) => make("span", { text }))));
    const length = speech.of(step, "length_source");
    if (length) lines.push(make("li", {}, make("span", { text: speech.say("length_source", { source: length }) })));
    const note = step.step === "leg" ? speech.of(step, "note") : "";
    if (note) lines.push(make("li", {}, make("span", { text: note })));
    if (step.standing_h > 0) lines.push(make("li", {}, make("span", { text: speech.say("standing", { time: speech.time(step.standing_h) }) })));
    return lines;
  }

  /** What it is, and where on a leg. */
  function itemName(item, speech) {
    return item.where ? `${speech.of(item, "item")}, ${speech.of(item, "where")}` : speech.of(item, "item");
  }

  function amounts(item, speech) {
    return [["time_h", (value) => speech.unit("hours", value, 1)], ["cost_usd_per_t", (value) => speech.usd(value)],
      ["co2e_kg_per_t", (value) => speech.kg(value)]]
      .filter(([name]) => item[name] !== undefined).map(([name, format]) => format(item[name])).join(" · ");
  }

  function assumption(item, speech) {
    const number = (value) => speech.number(value, Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 1 : 3);
    const unit = speech.of(item, "unit");
    const base = item.base === undefined ? "" : speech.say("assumed", { n: `${number(item.base)}${unit ? ` ${unit}` : ""}` });
    const range = item.low === undefined || item.high === undefined ? ""
      : speech.say("range", { n: `${number(item.low)}–${number(item.high)}` });
    return [base, range].filter((text) => text).join(", ");
  }

  function origin(item, speech) {
    const source = speech.of(item, "source");
    return [source ? speech.say("source", { source }) : "", item.year ? String(item.year) : "",
      item.confidence ? speech.say(`confidence_${item.confidence}`) : ""].filter((text) => text).join(", ");
  }

  function sourceRow(step, at, speech) {
    const lines = sources(step, speech);
    if (lines.length === 0) return null;
    const name = step.step === "leg" ? speech.leg(step) : speech.of(step, "name");
    return make("tr", { class: `source-row of-${step.step}`, ...at }, make("td", { colspan: 5 },
      make("details", { class: "sources" },
        make("summary", {}, speech.say("sources"), make("span", { class: "unseen", text: `: ${name}` })),
        make("ul", {}, ...lines))));
  }

  function table(route, index, styles, speech, show) {
    const headings = ["col_km", "col_h", "col_usd", "col_kg"].map((key) => make("th", { scope: "col", text: speech.say(key) }));
    const rows = route.steps.flatMap((step, number) => {
      const at = { "data-route": index, "data-step": number };
      const row = step.step === "leg" ? legRow(step, at, styles, speech, show) : stopRow(step, at, speech, show);
      return [row, sourceRow(step, at, speech)].filter((node) => node !== null);
    });
    return make("table", { class: "legs" },
      make("caption", { text: speech.say("table_of", { letter: route.letter }) }),
      make("thead", {}, make("tr", {}, make("th", { scope: "col", text: speech.say("step") }), ...headings)),
      make("tbody", {}, ...rows),
      make("tfoot", {}, make("tr", {},
        make("th", { scope: "row" }, make("span", { text: speech.say("total") }),
          make("span", { class: "total-days", text: speech.days(route.time_h) })),
        make("td", { text: speech.number(route.distance_km) }), ...numberCells(route, speech))));
  }

  /** Content of a popup for a leg or a stop. */
  function popup(step, styles, speech) {
    const leg = step.step === "leg";
    const rows = [];
    const row = (label, value) => rows.push(make("dt", { text: label }), make("dd", { text: value }));
    if (leg) row(speech.say("distance"), speech.km(step.distance_km));
    row(speech.say("time"), speech.time(step.time_h));
    row(speech.say("cost"), speech.usd(step.cost_usd_per_t));
    row(speech.say("co2e"), speech.kg(step.co2e_kg_per_t));
    const length = speech.of(step, "length_source"), note = leg ? speech.of(step, "note") : "";
    return make("div", { class: "popup" },
      make("p", { class: "popup-kind" }, leg ? swatch(styles[step.mode]) : null,
        make("span", { text: leg ? speech.mode(step.mode) : speech.event(step) })),
      make("p", { class: "popup-title", text: leg ? speech.leg(step) : speech.of(step, "name") }), make("dl", {}, ...rows),
      length ? make("p", { class: "popup-note", text: speech.say("length_source", { source: length }) }) : null,
      note ? make("p", { class: "popup-note", text: note }) : null);
  }

  return { table, popup, assumption, origin };
})();
