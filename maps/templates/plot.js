"use strict";

/** Axes and labels that the charts share. */
const Plot = (() => {
  const { make, makeSvg } = Elements;

  /** A round step that gives at most `most` intervals. */
  function tick(greatest, most) {
    const rough = Math.max(greatest, 1e-9) / most;
    const power = 10 ** Math.floor(Math.log10(rough));
    return [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((step) => step >= rough * 0.999999);
  }

  const digitsOf = (step) => (step >= 1 && Number.isInteger(step) ? 0 : 1);

  /** A frame with both axes from 0; gives the drawing and the places of its values. */
  function frame({ width, height, maxX, maxY, titleX, titleY, label, speech, interactive = false }) {
    const left = 38, right = 14, top = 22, bottom = 34;
    const x = (value) => left + (value / (maxX || 1)) * (width - left - right);
    const y = (value) => height - bottom - (value / (maxY || 1)) * (height - top - bottom);
    const svg = makeSvg("svg", {
      class: "chart", viewBox: `0 0 ${width} ${height}`, role: interactive ? "group" : "img", "aria-label": label,
    });
    const axis = makeSvg("g", { "aria-hidden": "true" });
    const stepY = tick(maxY, 5), stepX = tick(maxX, 5);
    for (let value = 0; value <= maxY; value += stepY) {
      axis.append(makeSvg("line", { class: "grid", x1: left, x2: width - right, y1: y(value), y2: y(value) }),
        makeSvg("text", { class: "tick", x: left - 6, y: y(value) + 3.5, "text-anchor": "end", text: speech.number(value, digitsOf(stepY)) }));
    }
    for (let value = 0; value <= maxX; value += stepX) {
      axis.append(makeSvg("text", {
        class: "tick", x: x(value), y: height - bottom + 14, "text-anchor": "middle", text: speech.number(value, digitsOf(stepX)),
      }));
    }
    axis.append(makeSvg("text", { class: "axis-title", x: 2, y: 11, text: titleY }),
      makeSvg("text", { class: "axis-title", x: width - right, y: height - 5, "text-anchor": "end", text: titleX }));
    svg.append(axis);
    return { svg, x, y, box: [left, top, width - right, height - bottom] };
  }

  /** A lettered disc that stands for a route. */
  function disc(route, index, chosen, x, y, radius = 8) {
    return makeSvg("g", { class: chosen ? "end chosen" : "end", "data-route": index },
      makeSvg("circle", { cx: x, cy: y, r: radius }),
      makeSvg("text", { x, y: y + 3.5, "text-anchor": "middle", text: route.letter }));
  }

  const figure = (title, hint, ...content) => make("figure", { class: "chart-frame" },
    make("figcaption", {}, make("strong", { text: title }), make("span", { text: hint })), ...content);

  return { tick, frame, disc, figure };
})();
