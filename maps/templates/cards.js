"use strict";

/** A card a route: badges, figures with their ranges, and where the time goes. */
const Cards = (() => {
  const { make } = Elements;

  function figures(route, speech) {
    const figure = (label, value, name, key, digits, scale) => {
      const low = route[`${name}_p10`], high = route[`${name}_p90`];
      return make("span", { class: "figure" },
        make("span", { class: "figure-label", text: label }), make("span", { class: "figure-value", text: value }),
        low === undefined ? null
          : make("span", { class: "figure-range", text: speech.range(key, low, high, digits, scale), title: speech.say("range_hint") }));
    };
    return make("span", { class: "figures" },
      figure(speech.say("time"), speech.days(route.time_h), "time_h", "days", 0, 24),
      figure(speech.say("cost"), speech.usd(route.cost_usd_per_t), "cost_usd_per_t", "usd_per_t", 0),
      figure(speech.say("distance"), speech.km(route.distance_km), "distance_km", "km", 0),
      figure(speech.say("co2e"), speech.kg(route.co2e_kg_per_t), "co2e_kg_per_t", "kg_per_t", 0));
  }

  /** Legs and waits in proportion to their time, waits hatched; steps that take none are left out. */
  function strip(route, index, styles, speech) {
    const total = route.steps.reduce((sum, step) => sum + (step.time_h || 0), 0);
    const bar = make("span", { class: "strip", "aria-hidden": "true" });
    const part = (step, number, hours, colour, words) => {
      if (!(hours > 0)) return;
      const share = hours / total;
      const node = make("span", {
        class: colour ? "strip-leg" : "strip-wait", title: `${words}, ${speech.time(hours)}`,
        text: colour && share > 0.02 * words.length + 0.03 ? words : null, "data-route": index, "data-step": number,
      });
      node.style.flexGrow = String(share);
      if (colour) node.style.backgroundColor = colour;
      bar.append(node);
    };
    route.steps.forEach((step, number) => {
      if (step.step === "leg") {
        part(step, number, step.time_h - step.standing_h, styles[step.mode].colour, speech.mode(step.mode));
        part(step, number, step.standing_h, null, speech.say("standing_on", { leg: speech.leg(step) }));
      } else {
        part(step, number, step.time_h, null, `${speech.of(step, "name")}: ${speech.event(step)}`);
      }
    });
    return bar;
  }

  function card(route, index, styles, speech) {
    const id = `card-${route.letter}`;
    const corridor = speech.of(route, "corridor"), note = speech.of(route, "note");
    return make("button", {
      type: "button", class: "card", id, "aria-pressed": "false", "data-route": index, "aria-labelledby": `${id}-name`,
      "aria-describedby": `${id}-figures ${id}-change`,
    },
      make("span", { class: "card-top" },
        make("span", { class: "letter", text: route.letter, "aria-hidden": "true" }),
        make("span", { class: "card-names", id: `${id}-name` },
          make("span", { class: "card-name", text: speech.of(route, "name") }),
          make("span", { class: "card-tags" },
            corridor ? make("span", { class: "card-corridor", text: corridor }) : null,
            ...route.badges.map((text) => make("span", { class: "badge", text: speech.badge(text) }))))),
      make("span", { id: `${id}-figures` }, figures(route, speech)),
      strip(route, index, styles, speech),
      make("span", { class: "card-change", id: `${id}-change` }),
      note ? make("span", { class: "card-note", text: note }) : null);
  }

  /** A corridor without a route, and why. */
  function missing(row, speech) {
    return make("div", { class: "card is-missing" },
      make("span", { class: "card-name", text: speech.of(row, "name") }),
      make("span", { class: "card-reason", text: speech.say("no_route", { reason: speech.of(row, "reason") }) }));
  }

  return { card, missing };
})();
