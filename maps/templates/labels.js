"use strict";

/**
 * Names on the map, laid out so that none covers another.
 *
 * Names are tried in order of importance; each takes the best free place around its point, and goes unseen if there is
 * none. Markers that would cover a more important one shrink to a dot.
 */
class LabelLayer {
  constructor(map, countries) {
    this.map = map;
    this.pane = map.createPane("labels");
    this.pane.style.zIndex = 590;
    this.pane.style.pointerEvents = "none";
    this.stops = [];
    this.lines = [];
    this.countries = countries.map((label) => ({
      ...label, at: L.latLng(label.lat, label.lon), node: this.#node(label.text, label.kind),
    }));
    map.on("zoomstart", () => { this.pane.style.visibility = "hidden"; });
    map.on("zoomend moveend resize viewreset", () => this.place());
  }

  #node(text, kind) {
    const node = Elements.make("span", { class: `map-label ${kind}`, text, "aria-hidden": "true", hidden: true });
    this.pane.append(node);
    return node;
  }

  /** Name places, too, beside their points: they go before countries and seas, in their order. */
  add(places) {
    const own = places.map((place) => ({ ...place, beside: true, at: L.latLng(place.lat, place.lon), node: this.#node(place.text, "place") }));
    this.countries = [...own, ...this.countries];
  }

  /** Write the names of places, countries and seas in another language; the caller places them anew. */
  translate(speech) {
    for (const label of this.countries) label.node.textContent = speech.of(label, "text");
  }

  /** Name the stops of one route; `lines` are its legs, which names keep clear of. */
  show(stops, lines) {
    for (const stop of this.stops) stop.node.remove();
    this.stops = stops.map((stop) => ({ ...stop, node: this.#node(stop.text, stop.end ? "stop end" : "stop") }));
    this.lines = lines;
    this.place();
  }

  place() {
    this.pane.style.visibility = "";
    const size = this.map.getSize();
    const taken = this.#controlBoxes();
    const path = this.#pathPoints(size);
    for (const stop of this.stops) {
      const point = this.map.latLngToContainerPoint(stop.at);
      const box = [point.x - 11, point.y - 11, point.x + 11, point.y + 11];
      stop.dot = !stop.end && taken.some((other) => overlap(box, other) > 60);
      stop.leaflet.getElement().classList.toggle("is-dot", stop.dot);
      stop.leaflet.setZIndexOffset(stop.end ? 500 : stop.dot ? -1000 : 0);
      if (!stop.dot) taken.push(box);
    }
    const zoom = this.map.getZoom();
    // A stop has its own name there.
    const named = (point) => this.stops.some((stop) => this.map.latLngToContainerPoint(stop.at).distanceTo(point) < 24);
    for (const label of this.countries) {
      if (!label.beside || zoom < label.min_zoom) continue;
      const point = this.map.latLngToContainerPoint(label.at);
      label.named = named(point);
      if (!label.named) taken.push([point.x - 8, point.y - 8, point.x + 8, point.y + 8]);
    }
    for (const stop of this.stops) this.#put(stop, aroundMarker, taken, path, size, stop.end);
    const crowded = [...path, ...this.#dotPoints()];
    for (const label of this.countries) {
      if (label.named || zoom < label.min_zoom || zoom > label.max_zoom) label.node.hidden = true;
      else if (label.beside) this.#put(label, aroundMarker, taken, crowded, size, false);
      else this.#put(label, aroundCentre, taken, path, size, false);
    }
  }

  #put(label, places, taken, path, size, always) {
    const { node } = label;
    node.hidden = false;
    const point = this.map.latLngToContainerPoint(label.at);
    const width = node.offsetWidth, height = node.offsetHeight;
    let best = null;
    for (const [x, y, cost] of places(width, height)) {
      const box = [point.x + x - 2, point.y + y - 1, point.x + x + width + 2, point.y + y + height + 1];
      const outside = box[0] < 2 || box[1] < 2 || box[2] > size.x - 2 || box[3] > size.y - 2;
      const covered = taken.reduce((sum, other) => sum + overlap(box, other), 0);
      if (!always && (outside || covered > 0)) continue;
      const crossed = path.filter((p) => p[0] > box[0] && p[0] < box[2] && p[1] > box[1] && p[1] < box[3]).length;
      if (crossed > 0 && places === aroundCentre) continue;
      const penalty = cost + 3 * crossed + covered + (outside ? 5000 : 0);
      if (best === null || penalty < best.penalty) best = { penalty, x, y, box };
    }
    node.hidden = best === null;
    if (best === null) return;
    taken.push(best.box);
    L.DomUtil.setPosition(node, this.map.containerPointToLayerPoint([point.x + best.x, point.y + best.y]).round());
  }

  #controlBoxes() {
    const frame = this.map.getContainer().getBoundingClientRect();
    return [...this.map.getContainer().querySelectorAll(".leaflet-control")].map((control) => {
      const box = control.getBoundingClientRect();
      return [box.left - frame.left - 4, box.top - frame.top - 4, box.right - frame.left + 4, box.bottom - frame.top + 4];
    });
  }

  /** Points across each place that has a dot, whether or not its name is shown at this zoom. */
  #dotPoints() {
    return this.countries.filter((label) => label.beside).flatMap((label) => {
      const { x, y } = this.map.latLngToContainerPoint(label.at);
      return [[x - 5, y], [x, y], [x + 5, y]];
    });
  }

  /** Points every few pixels along the selected route, where the view shows it. */
  #pathPoints(size) {
    const points = [];
    for (const line of this.lines) {
      let before = null;
      for (const latlng of line) {
        const point = this.map.latLngToContainerPoint(latlng);
        const steps = before === null ? 1 : Math.min(200, Math.max(1, Math.ceil(before.distanceTo(point) / 6)));
        for (let step = 1; step <= steps; step += 1) {
          const x = before === null ? point.x : before.x + ((point.x - before.x) * step) / steps;
          const y = before === null ? point.y : before.y + ((point.y - before.y) * step) / steps;
          if (x > 0 && y > 0 && x < size.x && y < size.y) points.push([x, y]);
        }
        before = point;
      }
    }
    return points;
  }
}

function overlap(a, b) {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  return width > 0 && height > 0 ? width * height : 0;
}

function aroundMarker(width, height) {
  const gap = 14;
  return [
    [gap, -height / 2, 0], [-width - gap, -height / 2, 1], [-width / 2, -height - gap, 1], [-width / 2, gap, 2],
    [gap - 4, -height - 7, 3], [-width - gap + 4, -height - 7, 3], [gap - 4, 7, 4], [-width - gap + 4, 7, 4],
  ];
}

function aroundCentre(width, height) {
  const places = [];
  for (const [x, y, cost] of [[0, 0, 0], [0, -13, 8], [0, 13, 8], [-18, 0, 10], [18, 0, 10]]) {
    places.push([x - width / 2, y - height / 2, cost]);
  }
  return places;
}
