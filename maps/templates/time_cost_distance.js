"use strict";

/**
 * UNESCAP's time-cost-distance charts: what has passed or been paid, against kilometres. Slopes are movement; upright
 * steps, named for the selected route, are ports, borders, changes of gauge and waiting.
 */
const TimeCostDistance = (() => {
  const { make, makeSvg } = Elements;
  const WIDTH = 420, HEIGHT = 270;
  /** How far the frame goes beyond the selected route, as a multiple of it. */
  const REACH = 1.6;
  const MEASURES = {
    time_h: { scale: 24, title: "chart_time", axis: "axis_days", format: (speech, value) => speech.days(24 * value) },
    cost_usd_per_t: { scale: 1, title: "chart_cost", axis: "axis_usd", format: (speech, value) => speech.usd(value) },
  };

  /** Lines of one route, from [km, value] to [km, value], or null where a figure is not known. */
  function lines(route, measure) {
    const { scale } = MEASURES[measure];
    const result = [];
    let km = 0, value = 0;
    const add = (toKm, toValue, step, number, upright) => {
      result.push({ from: [km, value], to: [toKm, toValue], step, number, upright });
      [km, value] = [toKm, toValue];
    };
    for (const [number, step] of route.steps.entries()) {
      if (step[measure] === null || step.distance_km === null) return null;
      if (step.step === "stop") {
        add(km, value + step[measure] / scale, step, number, true);
        continue;
      }
      const standing = measure === "time_h" ? step.standing_h : 0;
      add(km + step.distance_km, value + (step[measure] - standing) / scale, step, number, false);
      if (standing > 0) add(km, value + standing / scale, step, number, true);
    }
    return result;
  }

  /** Lines up to where they leave the frame. */
  function cut(parts, maxKm) {
    const out = parts.findIndex(({ to }) => to[0] > maxKm);
    if (out < 0) return parts;
    const { from, to } = parts[out];
    const value = from[1] + ((maxKm - from[0]) / (to[0] - from[0])) * (to[1] - from[1]);
    return [...parts.slice(0, out), { ...parts[out], to: [maxKm, value] }];
  }

  /** Corners of the range along the way, [km, low, high], or null unless every step has one. */
  function band(route, measure) {
    const { scale } = MEASURES[measure];
    const corners = [[0, 0, 0]];
    let km = 0;
    for (const step of route.steps) {
      const low = step[`cumulative_${measure}_p10`], high = step[`cumulative_${measure}_p90`];
      if (low === undefined || step.distance_km === null) return null;
      km += step.distance_km || 0;
      corners.push([km, low / scale, high / scale]);
    }
    return corners;
  }

  function draw(routes, chosen, measure, styles, speech) {
    const { scale, title, axis, format } = MEASURES[measure];
    const drawn = routes.map((route, index) => ({ route, index, parts: lines(route, measure) })).filter((entry) => entry.parts);
    if (drawn.length === 0) return null;
    const last = (entry) => entry.parts[entry.parts.length - 1].to;
    const top = (entry) => Math.max(last(entry)[1], (entry.route[`${measure}_p90`] || 0) / scale);
    const spoken = drawn.map((entry) => `${entry.route.letter}: ${speech.km(last(entry)[0])}, ${format(speech, last(entry)[1])}`);
    // One route much longer than the selected one would squeeze it into a corner: it is cut where it leaves the frame.
    const main = drawn.find((entry) => entry.route === chosen);
    const longest = Math.max(...drawn.map((entry) => last(entry)[0]));
    const maxX = 1.04 * (main && last(main)[0] > 0 ? Math.min(longest, REACH * last(main)[0]) : longest);
    for (const entry of drawn) entry.parts = cut(entry.parts, maxX);
    const maxY = 1.04 * Math.max(...drawn.map((entry) => (entry === main ? top(entry) : last(entry)[1])));
    const { svg, x, y, box } = Plot.frame({
      width: WIDTH, height: HEIGHT, maxX, maxY, titleX: speech.say("axis_km"), titleY: speech.say(axis),
      label: `${speech.say(title)}. ${spoken.join("; ")}`, speech,
    });
    const first = drawn.filter((entry) => entry.route !== chosen);
    const own = drawn.filter((entry) => entry.route === chosen);
    for (const entry of own) range(svg, entry.route, measure, last(entry)[0], x, y);
    for (const entry of [...first, ...own]) svg.append(trace(entry, entry.route === chosen, x, y, styles));
    const ends = [...first, ...own].map((entry) => [x(last(entry)[0]), y(last(entry)[1])]);
    for (const entry of own) names(svg, entry.parts, ends, box, x, y, speech);
    for (const entry of [...first, ...own]) {
      svg.append(Plot.disc(entry.route, entry.index, entry.route === chosen, x(last(entry)[0]), y(last(entry)[1])));
    }
    return Plot.figure(speech.say(title), speech.say("chart_hint"), svg);
  }

  function trace({ parts, index }, chosen, x, y, styles) {
    return makeSvg("g", { class: chosen ? "trace chosen" : "trace", "data-route": index }, ...parts.map((part) => {
      const style = part.upright ? null : styles[part.step.mode];
      return makeSvg("line", {
        x1: x(part.from[0]), y1: y(part.from[1]), x2: x(part.to[0]), y2: y(part.to[1]), "data-route": index,
        "data-step": part.number, "stroke-linecap": style && style.dash ? "butt" : "round",
        stroke: chosen ? (style ? style.colour : "#6b7682") : "#b4bdc6",
        "stroke-dasharray": chosen && style && style.dash ? "6 4" : null,
      });
    }));
  }

  /** The band along the way if the table has it, and a whisker at the end if the route's total has a range. */
  function range(svg, route, measure, km, x, y) {
    const { scale } = MEASURES[measure];
    const corners = band(route, measure);
    if (corners) {
      const there = corners.map(([at, , high]) => `${x(at)},${y(high)}`);
      const back = corners.map(([at, low]) => `${x(at)},${y(low)}`).reverse();
      svg.append(makeSvg("polygon", { class: "band", points: [...there, ...back].join(" ") }));
    }
    const low = route[`${measure}_p10`], high = route[`${measure}_p90`];
    if (low !== undefined) {
      svg.append(makeSvg("path", {
        class: "whisker", d: `M${x(km) - 4} ${y(low / scale)}h8M${x(km) - 4} ${y(high / scale)}h8M${x(km)} ${y(low / scale)}V${y(high / scale)}`,
      }));
    }
  }

  /** Names of upright steps, tallest first, each where nothing else is written. */
  function names(svg, parts, ends, box, x, y, speech) {
    const taken = ends.map(([a, b]) => [a - 10, b - 10, a + 10, b + 10]);
    const points = parts.flatMap(({ from, to }) => [0, 0.2, 0.4, 0.6, 0.8, 1]
      .map((at) => [x(from[0] + at * (to[0] - from[0])), y(from[1] + at * (to[1] - from[1]))]));
    const upright = parts.filter((part) => part.upright && part.step.step === "stop" && y(part.from[1]) - y(part.to[1]) > 2.5)
      .sort((a, b) => (b.to[1] - b.from[1]) - (a.to[1] - a.from[1]));
    for (const part of upright) {
      const text = speech.of(part.step, "name");
      const width = Math.min(text.length, 26) * 5.4 + 4;
      const at = x(part.from[0]), middle = (y(part.from[1]) + y(part.to[1])) / 2;
      const places = [0, -8, 8, -15, 15].flatMap((dy) => [[at + 6, dy], [at - 6 - width, dy]]);
      const free = places.map(([left, dy]) => [left, middle + dy - 6, left + width, middle + dy + 6]).find((place) =>
        place[0] >= box[0] && place[2] <= box[2] && place[1] >= box[1] - 8 && place[3] <= box[3]
        && taken.every((other) => overlap(place, other) === 0)
        && points.every(([a, b]) => a < place[0] || a > place[2] || b < place[1] || b > place[3]));
      if (!free) continue;
      taken.push(free);
      const cut = text.length > 26 ? `${text.slice(0, 25)}…` : text;
      svg.append(makeSvg("text", { class: "step-label", x: free[0] + 1, y: free[3] - 2.5, text: cut, "aria-hidden": "true" }));
    }
  }

  /** Speeds with and without delay, and the share of the time that is standing. */
  function speeds(routes, speech) {
    const kmh = (value) => speech.unit("kmh", value, 1);
    const columns = ["route", "swd", "swod", "friction"].map((key) => make("th", { scope: "col", text: speech.say(key) }));
    return make("div", { class: "table-frame" },
      make("table", { class: "speeds" }, make("caption", { text: speech.say("speeds") }),
        make("thead", {}, make("tr", {}, ...columns)),
        make("tbody", {}, ...routes.map((route, index) => make("tr", { "data-route": index },
          make("th", { scope: "row" }, make("span", { class: "letter", text: route.letter })),
          make("td", { text: kmh(route.swd_kmh) }), make("td", { text: kmh(route.swod_kmh) }),
          make("td", { text: speech.percent(route.friction) }))))),
      make("p", { class: "hint", text: speech.say("speeds_hint") }));
  }

  return { draw, speeds };
})();
