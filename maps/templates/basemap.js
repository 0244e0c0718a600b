"use strict";

/** Panes, land, frontiers and rivers under a map, out of the page's own data. */
const Basemap = (() => {
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const VALUE = new Map([...ALPHABET].map((character, index) => [character, index]));

  /** Undo maps.packing.pack_lines: a list of lines, each a list of [latitude, longitude]. */
  function unpack(packed, quantum) {
    return packed.split(" ").map((text) => {
      const line = [];
      const at = [0, 0];
      let axis = 0, value = 0, shift = 0;
      for (const character of text) {
        const digit = VALUE.get(character);
        value |= (digit & 31) << shift;
        shift += 5;
        if (digit > 31) continue;
        at[axis] += value & 1 ? -((value + 1) >> 1) : value >> 1;
        if (axis === 1) line.push([at[1] * quantum, at[0] * quantum]);
        axis = 1 - axis;
        value = shift = 0;
      }
      return line;
    });
  }

  function draw(map) {
    const data = JSON.parse(document.getElementById("basemap").textContent);
    const pane = map.createPane("basemap");
    pane.style.zIndex = 210;
    pane.style.pointerEvents = "none";
    const renderer = L.svg({ pane: "basemap", padding: 0.6 });
    const quiet = { pane: "basemap", renderer, interactive: false, smoothFactor: 0.7 };
    L.polygon(unpack(data.land, data.quantum), {
      ...quiet, fillColor: "#f5f1e6", fillOpacity: 1, fillRule: "evenodd", color: "#a9bfcb", weight: 0.8,
    }).addTo(map);
    L.polyline(unpack(data.rivers, data.quantum), { ...quiet, color: "#a5cbe2", weight: 0.9 }).addTo(map);
    L.polyline(unpack(data.borders, data.quantum), {
      ...quiet, color: "#b3a48c", weight: 1, dashArray: "4 3", opacity: 0.9,
    }).addTo(map);
    keepInside(map, L.latLngBounds([data.bounds[1], data.bounds[0]], [data.bounds[3], data.bounds[2]]));
  }

  /** Never show the basemap's edge: not by dragging, not by zooming out. */
  function keepInside(map, bounds) {
    // Leaflet glides back inside, and shows the edge while it does; here it jumps.
    map.panInsideBounds = (inside) => L.Map.prototype.panInsideBounds.call(map, inside, { animate: false });
    map.setMaxBounds(bounds);
    const limit = () => {
      map.setMinZoom(Math.ceil(4 * map.getBoundsZoom(bounds, true)) / 4);
    };
    limit();
    map.on("resize", limit);
  }

  return { draw, keepInside, unpack };
})();

L.Renderer.mergeOptions({ padding: 0.5 });

/** Draw land and names; `map.names` lays the names out. */
function drawBasemap(map) {
  Basemap.draw(map);
  map.names = new LabelLayer(map, JSON.parse(document.getElementById("labels").textContent));
  map.names.place();
}
