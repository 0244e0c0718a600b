"use strict";

/** Small pictures of the places with finer land that a route passes, for paper, where nobody can come closer. */
const InsetPictures = (() => {
  const { make, makeSvg } = Elements;
  /** Kilometres from the middle of a picture to its edges, and of its scale. */
  const WIDE = 40, TALL = 26, SCALE = 10;
  const KM_PER_DEG = 111.2;

  /** Degrees to kilometres east and south of a place. */
  function around(place) {
    const shrink = Math.cos((place.lat * Math.PI) / 180) * KM_PER_DEG;
    return ([lat, lon]) => [(lon - place.lon) * shrink, (place.lat - lat) * KM_PER_DEG];
  }

  /** Lines of kilometres that come into the picture, as a path. */
  function path(lines, close) {
    const near = lines.filter((line) => {
      const [xs, ys] = [0, 1].map((axis) => line.map((point) => point[axis]));
      return Math.min(...xs) < WIDE && Math.max(...xs) > -WIDE && Math.min(...ys) < TALL && Math.max(...ys) > -TALL;
    });
    const parts = near.map((line) => `M${line.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}${close ? "Z" : ""}`);
    return parts.join("");
  }

  /** `legs`: the route's lines, each { style, lines } with lines of [latitude, longitude]. */
  function picture(place, legs, land, speech) {
    const at = around(place);
    const drawn = (lines, attributes, close = false) => makeSvg("path", { d: path(lines.map((line) => line.map(at)), close), fill: "none", "stroke-linejoin": "round", ...attributes });
    const svg = makeSvg("svg", { viewBox: `${-WIDE} ${-TALL} ${2 * WIDE} ${2 * TALL}` },
      makeSvg("rect", { x: -WIDE, y: -TALL, width: 2 * WIDE, height: 2 * TALL, fill: "#cfe3ee" }),
      drawn(land.land, { fill: "#f5f1e6", "fill-rule": "evenodd" }, true),
      drawn(land.shore, { stroke: "#8fabbb", "stroke-width": 0.4 }),
      drawn(land.rivers, { stroke: "#a5cbe2", "stroke-width": 0.5 }),
      drawn(land.borders, { stroke: "#b3a48c", "stroke-width": 0.4, "stroke-dasharray": "1.6 1.2" }),
      ...legs.map(({ lines }) => drawn(lines, { stroke: "#ffffff", "stroke-width": 2.4 })),
      ...legs.map(({ lines, style }) => drawn(lines, { stroke: style.colour, "stroke-width": 1.3,
        "stroke-dasharray": style.dash ? style.dash.split(/[ ,]+/).map((part) => part * 0.35).join(" ") : null })),
      makeSvg("circle", { r: 1.3, fill: "#ffffff", stroke: "#16202a", "stroke-width": 0.7 }),
      makeSvg("path", { d: `M${3 - WIDE} ${TALL - 4}v1.5h${SCALE}v-1.5`, fill: "none", stroke: "#16202a", "stroke-width": 0.5 }),
      makeSvg("text", { x: 4 + SCALE - WIDE, y: TALL - 2.4, "font-size": 5.5, fill: "#16202a", text: speech.km(SCALE) }));
    return make("figure", { class: "inset-picture" }, make("figcaption", { text: speech.of(place, "name") }), svg);
  }

  /** Pictures of the places in which one of the legs comes into the picture, in their order on the page. */
  function draw(places, legs, speech) {
    const source = document.getElementById("insets");
    if (source === null) return [];
    const data = JSON.parse(source.textContent);
    const land = Object.fromEntries(["land", "shore", "rivers", "borders"].map((name) => [name, Basemap.unpack(data[name], data.quantum)]));
    const passed = places.filter((place) => legs.some(({ lines }) => lines.some((line) => line.map(around(place))
      .some(([x, y]) => Math.abs(x) < WIDE && Math.abs(y) < TALL))));
    return passed.map((place) => picture(place, legs, land, speech));
  }

  return { draw };
})();
