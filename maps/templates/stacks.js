"use strict";

/** Bars, one a route on a common scale: time by mode and waiting, cost by item where items are known. */
const Stacks = (() => {
  const { make } = Elements;
  /** Items beyond these are put together. */
  const COLOURS = ["#1b4f72", "#b5651d", "#19806e", "#7d3c98", "#8a6d00", "#a93226", "#3f6b2a"];
  const OTHER = "#76828e";

  /** Parts of a route by mode, with all that stands still as one: [key, value]. */
  function byMode(route, measure) {
    const parts = new Map();
    const add = (key, value) => { if (value > 0) parts.set(key, (parts.get(key) || 0) + value); };
    for (const step of route.steps) {
      const standing = step.step === "stop" ? step[measure] : measure === "time_h" ? step.standing_h : 0;
      if (step.step === "leg") add(step.mode, step[measure] - standing);
      add("waiting", standing);
    }
    return [...parts.keys()].filter((key) => key !== "waiting").concat(parts.has("waiting") ? ["waiting"] : [])
      .map((key) => [key, parts.get(key)]);
  }

  /** Parts of a route by item; what the items do not explain is left to the rest. */
  function byItem(route, measure, kept, speech) {
    const parts = new Map(kept.map((name) => [name, 0]));
    let explained = 0;
    for (const item of route.steps.flatMap((step) => step.items || [])) {
      if (!item[measure]) continue;
      const name = speech.of(item, "item");
      if (!parts.has(name)) continue;
      parts.set(name, parts.get(name) + item[measure]);
      explained += item[measure];
    }
    const rest = route[measure] - explained;
    return [...parts, ["", rest]].filter(([, value]) => value > 1e-3 * route[measure]);
  }

  /** Names of the items that weigh most over all routes. */
  function weightiest(routes, measure, speech) {
    const sums = new Map();
    for (const item of routes.flatMap((route) => route.steps).flatMap((step) => step.items || [])) {
      const name = speech.of(item, "item");
      if (item[measure]) sums.set(name, (sums.get(name) || 0) + item[measure]);
    }
    return [...sums].sort((a, b) => b[1] - a[1]).slice(0, COLOURS.length).map(([name]) => name);
  }

  function draw(routes, chosen, measure, styles, speech) {
    const known = routes.map((route, index) => ({ route, index })).filter(({ route }) => route[measure] !== null);
    if (known.length === 0) return null;
    const items = measure === "time_h" ? [] : weightiest(routes, measure, speech);
    const itemised = items.length > 0;
    const partsOf = (route) => (itemised ? byItem(route, measure, items, speech) : byMode(route, measure));
    const nameOf = (key) => (itemised ? key || speech.say("rest") : key === "waiting" ? speech.say("waiting") : speech.mode(key));
    const colourOf = (key) => (itemised ? COLOURS[items.indexOf(key)] || OTHER : key === "waiting" ? null : styles[key].colour);
    const format = (value) => (measure === "time_h" ? speech.time(value) : speech.usd(value));
    const most = Math.max(...known.map(({ route }) => route[measure])) || 1;
    const rows = known.map(({ route, index }) => {
      const bar = make("span", { class: "stack-bar" });
      bar.style.width = `${(100 * route[measure]) / most}%`;
      for (const [key, value] of partsOf(route)) {
        const part = make("span", { class: colourOf(key) ? "stack-part" : "stack-part strip-wait", title: `${nameOf(key)}: ${format(value)}` });
        part.style.flexGrow = String(value);
        if (colourOf(key)) part.style.backgroundColor = colourOf(key);
        bar.append(part);
      }
      return make("li", { class: route === chosen ? "stack chosen" : "stack", "data-route": index },
        make("span", { class: "letter", text: route.letter }), make("span", { class: "stack-room", "aria-hidden": "true" }, bar),
        make("span", { class: "stack-total", text: format(route[measure]) }));
    });
    const keys = partsOf(chosen).map(([key, value]) => {
      const sign = make("span", { class: colourOf(key) ? "stack-sign" : "stack-sign strip-wait", "aria-hidden": "true" });
      if (colourOf(key)) sign.style.backgroundColor = colourOf(key);
      return make("li", {}, sign, make("span", { class: "stack-name", text: nameOf(key) }),
        make("span", { class: "stack-value", text: format(value) }),
        make("span", { class: "stack-share", text: speech.percent(value / chosen[measure]) }));
    });
    const title = speech.say(measure === "time_h" ? "stack_time" : "stack_cost");
    return Plot.figure(title, speech.say("stack_hint", { letter: chosen.letter }), make("ul", { class: "stacks" }, ...rows),
      make("ul", { class: "stack-key" }, ...(chosen[measure] === null ? [] : keys)));
  }

  return { draw };
})();
