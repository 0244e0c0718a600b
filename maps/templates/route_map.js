"use strict";

/** Puts cards, map and table together. Called with the map and one folium layer a route. */
function startRouteMap(map, layers) {
  const { make, swatch, speech: speechOf } = Elements;
  const data = JSON.parse(document.getElementById("routes").textContent);
  const speech = speechOf(data.language, data.words);
  const styles = Object.fromEntries(data.legend.map((entry) => [entry.mode, entry]));
  const cards = [];
  let chosen = -1;
  let key = null;
  let keyIsTheirs = false;

  const boundsOf = (route) => L.latLngBounds([route.bounds[1], route.bounds[0]], [route.bounds[3], route.bounds[2]]);
  const padding = () => {
    const small = map.getSize().x < 520;
    return small
      ? { paddingTopLeft: [24, 30], paddingBottomRight: [48, 44] }
      : { paddingTopLeft: [70, 60], paddingBottomRight: [80, 80] };
  };
  const roomFor = (bounds) => {
    const { paddingTopLeft, paddingBottomRight } = padding();
    return map.getBoundsZoom(bounds, false, L.point(paddingTopLeft).add(paddingBottomRight));
  };

  /** At first show all routes, unless that makes the selected one small. */
  function openView() {
    const own = boundsOf(data.routes[chosen]);
    const all = data.routes.reduce((sum, route) => sum.extend(boundsOf(route)), L.latLngBounds([]));
    map.fitBounds(roomFor(all) >= roomFor(own) - 0.75 ? all : own, { ...padding(), animate: false });
  }

  const fit = (animate) => map.fitBounds(boundsOf(data.routes[chosen]), { ...padding(), animate });

  function select(index, { move = true, remember = true } = {}) {
    if (index !== chosen) {
      chosen = index;
      cards.forEach((card, number) => card.setAttribute("aria-pressed", String(number === index)));
      onMap.select(index);
      details();
      const route = data.routes[index];
      document.getElementById("announcement").textContent =
        speech.say("selected", { letter: route.letter, name: route.name });
      if (remember && location.protocol !== "about:") {
        history.replaceState(null, "", `#route=${encodeURIComponent(route.id)}`);
      }
    }
    const own = boundsOf(data.routes[chosen]);
    const suits = map.getBounds().contains(own) && roomFor(own) <= map.getZoom() + 1;
    if (move && !suits) fit(!matchMedia("(prefers-reduced-motion: reduce)").matches);
    tidyKey();
    map.names.show(onMap.shown, onMap.path);
  }

  function details() {
    const route = data.routes[chosen];
    const show = (step) => {
      map.getContainer().scrollIntoView({ block: "nearest" });
      onMap.openStep(step);
    };
    const chart = Chart.draw(data.routes, route, styles, speech);
    const signs = data.legend.map((style) => make("span", {}, swatch(style, 34), make("span", { text: speech.say(style.mode) })));
    document.getElementById("details").replaceChildren(
      make("p", { class: "printed-key", "aria-hidden": "true" }, ...signs),
      make("div", { class: "table-frame" }, Panel.table(route, styles, speech, show)), ...(chart ? [chart] : []));
  }

  function addControls() {
    const control = (position, node) => {
      const own = L.control({ position });
      own.onAdd = () => {
        L.DomEvent.disableClickPropagation(node).disableScrollPropagation(node);
        return node;
      };
      own.addTo(map);
    };
    L.control.zoom({ position: "topright", zoomInTitle: speech.say("zoom_in"), zoomOutTitle: speech.say("zoom_out") }).addTo(map);
    const whole = make("button", { type: "button", class: "whole-button", title: speech.say("show_all"), "aria-label": speech.say("show_all") },
      Elements.makeSvg("svg", { viewBox: "0 0 20 20", width: 18, height: 18, "aria-hidden": "true" },
        Elements.makeSvg("path", {
          d: "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4", fill: "none", stroke: "currentColor", "stroke-width": 2,
        })));
    whole.addEventListener("click", () => fit(true));
    control("topright", make("div", { class: "leaflet-bar" }, whole));
    control("bottomright", credits());
    control("bottomright", legend());
    L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 110 }).addTo(map);
  }

  function legend() {
    const entry = (sign, words) => make("li", {}, make("span", { class: "sign" }, sign), make("span", { text: words }));
    key = make("details", { class: "legend" },
      make("summary", { text: speech.say("legend") }),
      make("ul", {}, ...data.legend.map((style) => entry(swatch(style, 34), speech.say(style.mode))),
        entry(make("span", { class: "bubble small", text: "1" }), speech.say("stop")),
        entry(make("span", { class: "bubble ring small" }), speech.say("end")),
        data.routes.length > 1 ? entry(swatch(data.quiet, 34), speech.say("other_routes")) : null,
        entry(make("span", { class: "hatch" }), speech.say("waiting"))));
    key.addEventListener("click", () => { keyIsTheirs = true; });
    return key;
  }

  /** Keep the key open while it hides nothing of the selected route, until the reader opens or closes it. */
  function tidyKey() {
    if (keyIsTheirs) return;
    key.open = map.getSize().x >= 700;
    const frame = map.getContainer().getBoundingClientRect();
    const box = key.getBoundingClientRect();
    const covered = (latlng) => {
      const point = map.latLngToContainerPoint(latlng);
      return point.x > box.left - frame.left - 14 && point.y > box.top - frame.top - 14
        && point.x < box.right - frame.left + 14 && point.y < box.bottom - frame.top + 14;
    };
    if (onMap.path.some((line) => line.some(covered))) key.open = false;
  }

  const LINKS = {
    "Leaflet": "https://leafletjs.com",
    "Natural Earth": "https://www.naturalearthdata.com",
    "OpenStreetMap": "https://www.openstreetmap.org/copyright",
  };

  /** Credits, with the known names in them linked. */
  function credits() {
    const line = make("div", { class: "credits" });
    data.credits.forEach((text, index) => {
      if (index) line.append(" · ");
      const name = Object.keys(LINKS).find((known) => text.includes(known));
      if (!name) {
        line.append(text);
        return;
      }
      const at = text.indexOf(name);
      line.append(text.slice(0, at),
        make("a", { href: LINKS[name], target: "_blank", rel: "noopener noreferrer", text: name }),
        text.slice(at + name.length));
    });
    return line;
  }

  function routeInAddress() {
    const match = /[#&]route=([^&]*)/.exec(location.hash);
    if (!match) return -1;
    try {
      const id = decodeURIComponent(match[1]);
      return data.routes.findIndex((route) => route.id === id);
    } catch (error) {
      if (error instanceof URIError) return -1;
      throw error;
    }
  }

  const container = map.getContainer();
  container.setAttribute("role", "region");
  container.setAttribute("aria-label", data.words.map);
  const world = data.bounds;
  const reach = data.routes.reduce((sum, route) => sum.extend(boundsOf(route)),
    L.latLngBounds([world[1], world[0]], [world[3], world[2]]));
  map.setMaxBounds(reach);
  addControls();
  const onMap = new RouteLayers(map, data, layers, styles, speech, (index) => select(index));
  map.on("zoomend moveend resize", () => { if (onMap.chosen) tidyKey(); });
  data.routes.forEach((route, index) => {
    const card = Panel.card(route, styles, speech);
    card.addEventListener("click", () => select(index));
    for (const [event, on] of [["mouseenter", true], ["mouseleave", false], ["focus", true], ["blur", false]]) {
      card.addEventListener(event, () => onMap.hover(onMap.routes[index], on));
    }
    cards.push(card);
    document.getElementById("cards").append(make("li", {}, card));
  });
  document.getElementById("notes").append(...Panel.notes(data, speech),
    make("p", { class: "printed-credits", text: speech.say("credits", { credits: data.credits.join(" · ") }) }));
  select(Math.max(0, routeInAddress()), { move: false, remember: false });
  openView();
  addEventListener("hashchange", () => {
    const index = routeInAddress();
    if (index >= 0) select(index, { remember: false });
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") map.closePopup();
  });
  const paper = (on) => {
    document.documentElement.classList.toggle("printing", on);
    map.invalidateSize({ animate: false });
    fit(false);
  };
  addEventListener("beforeprint", () => paper(true));
  addEventListener("afterprint", () => paper(false));
}
