"use strict";

/** Puts every text of the index in the language chosen; the address keeps the choice. */
(() => {
  const data = JSON.parse(document.getElementById("texts").textContent);
  const select = document.getElementById("language");

  function speak(language) {
    const known = Object.hasOwn(data.title, language) ? language : "en";
    document.documentElement.lang = known;
    document.title = data.title[known];
    document.querySelector("label[for=language]").textContent = data.label[known];
    for (const node of document.querySelectorAll("[data-text]")) node.textContent = data.texts[Number(node.dataset.text)][known];
    for (const link of document.querySelectorAll("main a[href$='.html'], main a[href*='.html#']")) {
      link.setAttribute("href", link.getAttribute("href").replace(/#.*$/, "") + (known === "en" ? "" : `#lang=${known}`));
    }
    select.value = known;
  }

  const asked = () => new URLSearchParams(location.hash.slice(1)).get("lang") || "en";
  select.addEventListener("change", () => {
    history.replaceState(null, "", select.value === "en" ? location.pathname + location.search : `#lang=${select.value}`);
    speak(select.value);
  });
  addEventListener("hashchange", () => speak(asked()));
  speak(asked());
})();
