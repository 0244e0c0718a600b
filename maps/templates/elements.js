"use strict";

/** Makes elements and formats numbers. Text only ever enters through textContent. */
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

  /** Words of the page's language and numbers written its way. */
  function speech(language, words) {
    const formats = [0, 1].map((digits) => new Intl.NumberFormat(language, {
      minimumFractionDigits: digits, maximumFractionDigits: digits,
    }));
    const say = (key, parts = {}) =>
      words[key].replace(/\{(\w+)\}/g, (whole, name) => (name in parts ? String(parts[name]) : whole));
    const number = (value, digits = 0) => (value === null ? words.unknown : formats[digits].format(value));
    const unit = (key, value, digits) => (value === null ? words.unknown : say(key, { n: number(value, digits) }));
    return {
      say,
      number,
      km: (value) => unit("km", value, 0),
      usd: (value) => unit("usd_per_t", value, 1),
      kg: (value) => unit("kg_per_t", value, 1),
      days: (hours) => unit("days", hours === null ? null : hours / 24, 1),
      time: (hours) => (hours !== null && hours < 48
        ? unit("hours", hours, 0)
        : unit("days", hours === null ? null : hours / 24, 1)),
    };
  }

  return { make, makeSvg, swatch, speech };
})();
