"use strict";

/** Days against kilometres: slopes are movement, upright steps are waiting. */
const Chart = (() => {
  const { make, makeSvg } = Elements;
  const WIDTH = 400, HEIGHT = 210, LEFT = 30, RIGHT = 14, TOP = 12, BOTTOM = 24;

  /** Corners of one route as [km, days], or null where a time or length is not known. */
  function corners(route) {
    const result = [[0, 0]];
    let km = 0, days = 0;
    for (const step of route.steps) {
      if (step.time_h === null || step.distance_km === null) return null;
      km += step.distance_km || 0;
      days += step.time_h / 24;
      result.push([km, days, step]);
    }
    return result;
  }

  /** A round step that gives at most `most` intervals. */
  function tick(greatest, most) {
    const rough = Math.max(greatest, 1e-9) / most;
    const power = 10 ** Math.floor(Math.log10(rough));
    return [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((step) => step >= rough);
  }

  function draw(routes, chosen, styles, speech) {
    const drawn = routes.map((route) => ({ route, points: corners(route) })).filter((entry) => entry.points !== null);
    if (drawn.length === 0) return null;
    const last = (entry) => entry.points[entry.points.length - 1];
    const maxKm = Math.max(...drawn.map((entry) => last(entry)[0]));
    const maxDays = Math.max(...drawn.map((entry) => last(entry)[1]));
    const x = (km) => LEFT + (km / (maxKm || 1)) * (WIDTH - LEFT - RIGHT - 8);
    const y = (days) => HEIGHT - BOTTOM - (days / (maxDays || 1)) * (HEIGHT - TOP - BOTTOM);
    const svg = makeSvg("svg", {
      class: "chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": speech.say("chart_hint"),
    });
    grid(svg, maxKm, maxDays, x, y, speech);
    const ordered = [...drawn.filter((entry) => entry.route !== chosen), ...drawn.filter((entry) => entry.route === chosen)];
    for (const entry of ordered) line(svg, entry, entry.route === chosen, x, y, styles);
    for (const entry of ordered) {
      const [km, days] = last(entry);
      svg.append(makeSvg("g", { class: entry.route === chosen ? "end chosen" : "end" },
        makeSvg("circle", { cx: x(km), cy: y(days), r: 8 }),
        makeSvg("text", { x: x(km), y: y(days) + 3.5, "text-anchor": "middle", text: entry.route.letter })));
    }
    return make("figure", { class: "chart-frame" },
      make("figcaption", {}, make("strong", { text: speech.say("chart") }), make("span", { text: speech.say("chart_hint") })), svg);
  }

  function grid(svg, maxKm, maxDays, x, y, speech) {
    const everyDay = tick(maxDays, 5);
    for (let days = 0; days <= maxDays; days += everyDay) {
      svg.append(makeSvg("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: y(days), y2: y(days) }),
        makeSvg("text", { class: "tick", x: LEFT - 6, y: y(days) + 3.5, "text-anchor": "end", text: speech.number(days, everyDay < 1 ? 1 : 0) }));
    }
    const everyKm = tick(maxKm, 4);
    for (let km = 0; km <= maxKm; km += everyKm) {
      svg.append(makeSvg("text", {
        class: "tick", x: x(km), y: HEIGHT - 6, "text-anchor": km === 0 ? "start" : "middle",
        text: km === 0 ? "0" : speech.km(km),
      }));
    }
  }

  function line(svg, entry, chosen, x, y, styles) {
    for (let index = 1; index < entry.points.length; index += 1) {
      const [fromKm, fromDays] = entry.points[index - 1];
      const [km, days, step] = entry.points[index];
      const leg = step.step === "leg";
      const style = leg ? styles[step.mode] : null;
      svg.append(makeSvg("line", {
        x1: x(fromKm), y1: y(fromDays), x2: x(km), y2: y(days), "stroke-linecap": leg && style.dash ? "butt" : "round",
        stroke: chosen ? (leg ? style.colour : "#6b7682") : "#b4bdc6", "stroke-width": chosen ? 3 : 1.5,
        "stroke-dasharray": chosen ? (leg && style.dash ? "6 4" : null) : null,
      }));
    }
  }

  return { draw };
})();
