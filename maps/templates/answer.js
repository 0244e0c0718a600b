"use strict";

/** The answer in brief: which route is best at what, and the one that is told beside it. */
const Answer = (() => {
  const { make } = Elements;
  const BEST = [["cost_usd_per_t", "Cheapest"], ["time_h", "Fastest"], ["co2e_kg_per_t", "Lowest CO2e"]];

  /** A route with its figures under the what-if chosen. */
  function under(route, row) {
    return row === null ? route : { ...route, time_h: row.time_h, cost_usd_per_t: row.cost_usd_per_t, co2e_kg_per_t: row.co2e_kg_per_t };
  }

  /** Route → what it is best at. */
  function winners(routes) {
    const found = new Map();
    for (const [figure, badge] of BEST) {
      const known = routes.filter((route) => route[figure] !== null);
      if (known.length === 0) continue;
      const least = Math.min(...known.map((route) => route[figure]));
      const best = known.find((route) => route[figure] === least);
      found.set(best, [...(found.get(best) || []), badge]);
    }
    return found;
  }

  /** A line of figures breaks between them alone, never between a number and its unit or within "kg/t". */
  function held(parts, between) {
    return parts.flatMap((part, number) =>
      [make("span", { class: "held", text: number < parts.length - 1 ? part + between : part }), " "]);
  }

  function figures(route, speech) {
    return held([speech.days(route.time_h), speech.usd(route.cost_usd_per_t), speech.kg(route.co2e_kg_per_t)], " ·");
  }

  /** What a route takes more than another. */
  function more(route, other, speech) {
    const parts = [["time_h", "days", 24], ["cost_usd_per_t", "usd_per_t", 1], ["co2e_kg_per_t", "kg_per_t", 1]]
      .filter(([figure]) => route[figure] !== null && other[figure] !== null)
      .map(([figure, key, scale]) => speech.signed(key, (route[figure] - other[figure]) / scale, 1));
    return [`${speech.say("against", { letter: other.letter })} `, ...held(parts, ",")];
  }

  function line(route, index, label, text, speech, select) {
    const button = make("button", { type: "button", class: "answer-line", "data-route": index },
      make("span", { class: "answer-label", text: label }),
      make("span", { class: "answer-route" }, make("span", { class: "letter", text: route.letter }),
        make("span", { class: "answer-name", text: speech.of(route, "name") })),
      ...text.map((words) => make("span", { class: "answer-figures" }, ...words)));
    button.addEventListener("click", () => select(index));
    return make("li", {}, button);
  }

  /** `row` gives a route's figures under what is chosen, by its position, or null for its own. */
  function draw(own, row, speech, select) {
    const routes = own.map((route, index) => under(route, row(index)));
    if (routes.length < 2) return [];
    const best = winners(routes);
    const lines = [...best].map(([route, badges]) => line(route, routes.indexOf(route),
      badges.map((badge) => speech.badge(badge)).join(" · "), [figures(route, speech)], speech, select));
    const [first] = best.keys();
    routes.forEach((route, index) => {
      if (!speech.of(route, "beside") || best.has(route) || route.time_h === null) return;
      const text = [figures(route, speech), ...(first ? [more(route, first, speech)] : [])];
      lines.push(line(route, index, speech.of(route, "beside"), text, speech, select));
    });
    return lines;
  }

  return { draw };
})();
