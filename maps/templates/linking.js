"use strict";

/**
 * Pointing at a route or a step of it in one place shows it in all others.
 *
 * Whatever stands for a route has `data-route`, its position; whatever stands for one of its steps also has `data-step`.
 * The mouse over it and the focus in it do the same.
 */
const Linking = (() => {
  let now = { route: null, step: null };
  const listeners = [];

  function marked({ route, step }) {
    if (route === null) return [];
    return [...document.querySelectorAll(`[data-route="${route}"]`)]
      .filter((node) => node.dataset.step === undefined || node.dataset.step === step);
  }

  function point(next) {
    if (next.route === now.route && next.step === now.step) return;
    for (const node of document.querySelectorAll(".is-hovered")) node.classList.remove("is-hovered");
    const before = now;
    now = next;
    for (const node of marked(now)) node.classList.add("is-hovered");
    for (const listener of listeners) listener(now, before);
  }

  function at(target) {
    const node = target instanceof Element ? target.closest("[data-route]") : null;
    return node ? { route: node.dataset.route, step: node.dataset.step ?? null } : { route: null, step: null };
  }

  function start(listener) {
    listeners.push(listener);
    for (const event of ["mouseover", "focusin"]) document.addEventListener(event, (happening) => point(at(happening.target)));
    for (const event of ["mouseout", "focusout"]) document.addEventListener(event, (happening) => point(at(happening.relatedTarget)));
  }

  return { start };
})();
