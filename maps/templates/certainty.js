"use strict";

/** What moves the selected route's figures most, and what the month of departure does to all routes. */
const Certainty = (() => {
  const { make } = Elements;
  const MEASURES = {
    time_h: { tornado: "tornado_time", months: "months_time", say: (speech, value) => speech.days(value), scale: 24 },
    cost_usd_per_t: { tornado: "tornado_cost", months: "months_cost", say: (speech, value) => speech.usd(value), scale: 1 },
  };
  const SHADES = 5;

  /** One row an assumption: how far its low and its high value, each alone, move the figure. */
  function tornado(route, measure, speech) {
    const rows = (route.tornado || {})[measure] || [];
    if (rows.length === 0) return null;
    const ends = rows.flatMap((row) => [row.low, row.base, row.high]);
    const least = Math.min(...ends), span = Math.max(...ends) - least || 1;
    const { say } = MEASURES[measure];
    const bar = (row, side) => {
      const node = make("span", { class: `tornado-bar ${side}` });
      node.style.left = `${(100 * (Math.min(row[side], row.base) - least)) / span}%`;
      node.style.width = `${(100 * Math.abs(row[side] - row.base)) / span}%`;
      return node;
    };
    const items = rows.map((row) => {
      const middle = make("span", { class: "tornado-base" });
      middle.style.left = `${(100 * (row.base - least)) / span}%`;
      const name = [speech.of(row, "item"), row.mode ? speech.mode(row.mode) : "", row.where ? speech.of(row, "where") : ""];
      const about = [LegTable.assumption({ ...row, low: row.value_low, base: row.value_base, high: row.value_high }, speech),
        LegTable.origin(row, speech)].filter((text) => text).join(" · ");
      return make("li", {},
        make("span", { class: "tornado-name", text: name.filter((text) => text).join(", ") }),
        make("span", { class: "tornado-ends", text: `${say(speech, row.low)} … ${say(speech, row.high)}` }),
        make("span", { class: "tornado-track", "aria-hidden": "true" }, bar(row, "low"), bar(row, "high"), middle),
        make("span", { class: "tornado-about", text: about }));
    });
    return Plot.figure(speech.say(MEASURES[measure].tornado), speech.say("tornado_hint", { letter: route.letter }),
      make("ol", { class: "tornado" }, ...items));
  }

  /** Routes by month of departure under the what-if chosen: the darker, the more; × where there is no route. */
  function months(routes, chosen, scenario, measure, speech) {
    const { scale, months: title, say } = MEASURES[measure];
    const rows = (scenario ? scenario.rows : []).filter((row) => row.month > 0);
    if (rows.length === 0) return null;
    const known = rows.map((row) => row[measure]).filter((value) => value !== null);
    const least = Math.min(...known), span = Math.max(...known) - least || 1;
    const columns = [...new Set(rows.map((row) => row.month))].sort((a, b) => a - b);
    const cell = (route, index, month) => {
      const row = rows.find((other) => other.route === index && other.month === month);
      if (!row) return make("td");
      const value = row[measure];
      const about = `${route.letter}, ${speech.month(month)}: `;
      if (value === null) return make("td", { class: "heat-none", text: "×", title: about + speech.of(row, "reason") });
      const shade = Math.min(SHADES - 1, Math.floor((SHADES * (value - least)) / span));
      return make("td", { class: `heat-${shade}`, text: speech.number(value / scale), title: about + say(speech, value) });
    };
    const table = make("table", { class: "heat" },
      make("thead", {}, make("tr", {}, make("th", { scope: "col", text: speech.say("route") }),
        ...columns.map((month) => make("th", { scope: "col", text: speech.shortMonth(month), title: speech.month(month) })))),
      make("tbody", {}, ...routes.map((route, index) => make("tr", { "data-route": index, class: route === chosen ? "chosen" : null },
        make("th", { scope: "row" }, make("span", { class: "letter", text: route.letter, title: speech.of(route, "name") })),
        ...columns.map((month) => cell(route, index, month))))));
    const under = scenario.id ? speech.of(scenario, "name") : speech.say("baseline");
    return Plot.figure(speech.say(title), speech.say("months_hint", { scenario: under }),
      make("div", { class: "heat-frame", tabindex: 0, role: "group", "aria-label": speech.say(title) }, table));
  }

  return { tornado, months };
})();
