"use strict";

/** What each stage of a way can pass in a month, each figure with its range, source and year. */
const Funnel = (() => {
  const { make, makeSvg } = Elements;
  const WIDTH = 400, HEIGHT = 18;

  /** "83 kt a month (50–106), grain" */
  function figure(stage, speech) {
    const base = speech.unit("kt_month", stage.base, 0);
    const range = stage.low === stage.high ? "" : ` (${speech.number(stage.low)}–${speech.number(stage.high)})`;
    return `${base}${range}, ${speech.pick(stage.what)}`;
  }

  /** Source, year and confidence, the source as a link where it is one. */
  function origin(stage, speech) {
    const web = /^https?:\/\/[^\s]+$/.test(stage.source);
    const source = web
      ? make("a", { href: stage.source, target: "_blank", rel: "noopener noreferrer", text: new URL(stage.source).hostname })
      : make("span", { text: speech.pick(stage.sourceText || stage.source) });
    const rest = [speech.say("year_of", { n: stage.year }), speech.say(`confidence_${stage.confidence}`)];
    return [source, ` · ${rest.join(" · ")}`];
  }

  function bar(stage, widest, narrow) {
    const half = (value) => Math.max(1, (WIDTH / 2) * (value / widest));
    const colour = narrow ? "#b20000" : "#3f6b86";
    const range = [stage.low, stage.high].map(half);
    return makeSvg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true", preserveAspectRatio: "none" },
      makeSvg("rect", { x: WIDTH / 2 - half(stage.base), y: 3, width: 2 * half(stage.base), height: HEIGHT - 6, rx: 2, fill: colour }),
      ...range.flatMap((to, end) => [1, -1].map((side) => makeSvg("line", {
        x1: WIDTH / 2 + side * half(stage.base), x2: WIDTH / 2 + side * to, y1: HEIGHT / 2, y2: HEIGHT / 2,
        stroke: end === 0 ? "#ffffff" : colour, "stroke-width": 2, "vector-effect": "non-scaling-stroke",
      }))));
  }

  function draw(funnel, speech) {
    const known = funnel.stages.filter((stage) => stage.base !== null);
    const widest = Math.max(...known.map((stage) => stage.high));
    const least = Math.min(...known.map((stage) => stage.base));
    const stages = funnel.stages.map((stage) => {
      const narrow = stage.base === least;
      const name = make("span", { class: "stage-name", text: speech.pick(stage.name) });
      if (stage.base === null) return make("li", { class: "stage" }, make("div", { class: "stage-top" }, name, make("span", { class: "stage-figure", text: speech.say("not_known") })));
      return make("li", { class: narrow ? "stage narrowest" : "stage" },
        make("div", { class: "stage-top" }, name, make("span", { class: "stage-figure", text: figure(stage, speech) })),
        bar(stage, widest, narrow),
        make("p", { class: "stage-facts" }, narrow ? make("span", { class: "narrow-tag", text: `${speech.say("narrowest")} · ` }) : null, ...origin(stage, speech)));
    });
    return make("div", { class: "funnel" }, make("h3", { text: speech.pick(funnel.title) }), make("ol", {}, ...stages));
  }

  return { draw, figure, origin };
})();
