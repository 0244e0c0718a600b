"use strict";

/** Makes elements. Text only ever enters through textContent. */
const Elements = (() => {
  const SVG = "http://www.w3.org/2000/svg";

  function fill(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
      if (value === null || value === undefined || value === false) continue;
      if (name === "text") node.textContent = value;
      else node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.filter((child) => child !== null));
    return node;
  }

  const make = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
  const makeSvg = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

  /** A short piece of line as the map draws it. */
  function swatch(style, length = 30) {
    return makeSvg("svg", { class: "swatch", width: length, height: 8, viewBox: `0 0 ${length} 8`, "aria-hidden": "true" },
      makeSvg("line", {
        x1: 1, y1: 4, x2: length - 1, y2: 4, stroke: style.colour, "stroke-width": style.width,
        "stroke-dasharray": style.dash || null,
      }));
  }

  return { make, makeSvg, swatch };
})();
