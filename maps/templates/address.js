"use strict";

/** What the reader has chosen, kept behind the # of the address, so that a copied address shows the same page. */
const Address = (() => {
  /** Names of what is kept, in their order. */
  const NAMES = ["route", "lang", "panel", "scenario", "month", "map"];

  function read() {
    const given = new URLSearchParams(location.hash.slice(1));
    return Object.fromEntries(NAMES.filter((name) => given.has(name)).map((name) => [name, given.get(name)]));
  }

  function write(state) {
    // A frame of a notebook has no address of its own.
    if (location.protocol === "about:") return;
    const kept = new URLSearchParams();
    for (const name of NAMES) if (state[name]) kept.set(name, state[name]);
    // Commas are allowed there and make the view readable.
    const text = kept.toString().replaceAll("%2C", ",");
    if (location.hash.slice(1) !== text) history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
  }

  /** Latitude, longitude and zoom of a view such as "48.1,35.2,5", or null. */
  function view(text) {
    const numbers = (text || "").split(",").map(Number);
    const [lat, lon, zoom] = numbers;
    const good = numbers.length === 3 && numbers.every(Number.isFinite) && Math.abs(lat) <= 85 && Math.abs(lon) <= 360 && zoom >= 0;
    return good ? { at: [lat, lon], zoom } : null;
  }

  return { read, write, view };
})();
