"use strict";

/** The panel: a card a route, and the table of the selected one. */
const Panel = (() => {
  const { make, makeSvg, swatch } = Elements;

  function figures(route, speech) {
    const figure = (label, value) => make("span", { class: "figure" },
      make("span", { class: "figure-label", text: label }), make("span", { class: "figure-value", text: value }));
    return make("span", { class: "figures" },
      figure(speech.say("time"), speech.days(route.time_h)),
      figure(speech.say("cost"), speech.usd(route.cost_usd_per_t)),
      figure(speech.say("distance"), speech.km(route.distance_km)),
      figure(speech.say("co2e"), speech.kg(route.co2e_kg_per_t)));
  }

  /** Legs and waits in proportion to their time; steps that take none are left out. */
  function strip(route, styles, speech) {
    const total = route.steps.reduce((sum, step) => sum + (step.time_h || 0), 0);
    const bar = make("span", { class: "strip", "aria-hidden": "true" });
    for (const step of route.steps.filter((candidate) => candidate.time_h > 0)) {
      const leg = step.step === "leg";
      const share = step.time_h / total;
      const words = leg ? speech.say(step.mode) : `${step.name}: ${step.what}`;
      const part = make("span", {
        class: leg ? "strip-leg" : "strip-wait", title: `${words}, ${speech.time(step.time_h)}`,
        text: leg && share > 0.02 * words.length + 0.03 ? words : null,
      });
      part.style.flexGrow = String(share);
      if (leg) part.style.backgroundColor = styles[step.mode].colour;
      bar.append(part);
    }
    return bar;
  }

  function card(route, styles, speech) {
    const id = `card-${route.letter}`;
    return make("button", {
      type: "button", class: "card", id, "aria-pressed": "false", "aria-labelledby": `${id}-name`,
      "aria-describedby": `${id}-figures`,
    },
      make("span", { class: "card-top" },
        make("span", { class: "letter", text: route.letter, "aria-hidden": "true" }),
        make("span", { class: "card-names", id: `${id}-name` },
          make("span", { class: "card-name", text: route.name }),
          make("span", { class: "card-tags" },
            route.corridor ? make("span", { class: "card-corridor", text: route.corridor }) : null,
            ...route.badges.map((text) => make("span", { class: "badge", text }))))),
      make("span", { id: `${id}-figures` }, figures(route, speech)),
      strip(route, styles, speech),
      route.note ? make("span", { class: "card-note", text: route.note }) : null);
  }

  function legRow(step, styles, speech, show) {
    const label = speech.say("from_to", { from: step.from_name, to: step.to_name });
    const mode = step.kind === "access" ? `${speech.say(step.mode)}, ${speech.say("access")}` : speech.say(step.mode);
    const button = make("button", { type: "button", class: "step-button" },
      make("span", { class: "step-mode" }, swatch(styles[step.mode]), make("span", { text: mode })),
      make("span", { class: "step-name", text: label }));
    button.addEventListener("click", () => show(step));
    return make("tr", { class: "leg-row" }, make("th", { scope: "row" }, button),
      make("td", { text: speech.number(step.distance_km) }), ...numberCells(step, speech));
  }

  function stopRow(step, speech, show) {
    const button = make("button", { type: "button", class: "step-button" },
      make("span", { class: step.place ? "bubble" : "bubble ring", text: step.place || "", "aria-hidden": "true" }),
      make("span", { class: "step-stop" },
        make("span", { class: "step-name", text: step.name }), make("span", { class: "step-what", text: step.what })));
    button.addEventListener("click", () => show(step));
    const idle = [step.time_h, step.cost_usd_per_t, step.co2e_kg_per_t].every((value) => value === 0);
    return make("tr", { class: "stop-row" }, make("th", { scope: "row" }, button), make("td"),
      ...(idle ? [make("td"), make("td"), make("td")] : numberCells(step, speech)));
  }

  function numberCells(step, speech) {
    return [[step.time_h, 0], [step.cost_usd_per_t, 1], [step.co2e_kg_per_t, 1]]
      .map(([value, digits]) => make("td", { text: speech.number(value, digits) }));
  }

  function table(route, styles, speech, show) {
    const headings = ["col_km", "col_h", "col_usd", "col_kg"].map((key) => make("th", { scope: "col", text: speech.say(key) }));
    const rows = route.steps.map((step) => (step.step === "leg"
      ? legRow(step, styles, speech, show) : stopRow(step, speech, show)));
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
    const title = leg ? speech.say("from_to", { from: step.from_name, to: step.to_name }) : step.name;
    return make("div", { class: "popup" },
      make("p", { class: "popup-kind" }, leg ? swatch(styles[step.mode]) : null,
        make("span", { text: leg ? speech.say(step.mode) : step.what })),
      make("p", { class: "popup-title", text: title }), make("dl", {}, ...rows),
      leg && step.length_source
        ? make("p", { class: "popup-note", text: speech.say("length_source", { source: step.length_source }) }) : null,
      leg && step.note ? make("p", { class: "popup-note", text: step.note }) : null);
  }

  function notes(data, speech) {
    return [
      make("h2", { text: speech.say("notes") }),
      make("ul", {}, ...[...data.notes.filter((text) => text), speech.say("rounding")].map((text) => make("li", { text }))),
    ];
  }

  return { card, table, popup, notes, makeSvg };
})();
