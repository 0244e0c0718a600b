"use strict";

/** Chips of what-ifs and a slider of months; what they change is told on each card, against the baseline. */
class WhatIf {
  constructor(data, state, onChange) {
    this.data = data;
    this.state = state;
    this.onChange = onChange;
    this.months = [...new Set(data.scenarios.flatMap((scenario) => scenario.rows.map((row) => row.month)))]
      .filter((month) => month > 0).sort((a, b) => a - b);
    const named = data.scenarios.filter((scenario) => scenario.id);
    this.chips = named.length > 0 ? [{ id: "", name: null }, ...named] : [];
  }

  get shown() {
    return this.chips.length > 0 || this.months.length > 0;
  }

  get scenario() {
    return this.data.scenarios.find((scenario) => scenario.id === (this.state.scenario || ""));
  }

  get month() {
    return this.months.includes(Number(this.state.month)) ? Number(this.state.month) : 0;
  }

  /** Figures of a route under what is chosen, or null for the baseline's own. */
  row(route) {
    const rows = this.scenario ? this.scenario.rows.filter((row) => row.route === route) : [];
    return rows.find((row) => row.month === this.month) || rows.find((row) => row.month === 0) || null;
  }

  draw(speech) {
    const { make } = Elements;
    const parts = [];
    if (this.chips.length > 0) {
      const buttons = this.chips.map((scenario) => {
        const name = scenario.id ? speech.of(scenario, "name") : speech.say("baseline");
        const chip = make("button", { type: "button", class: "chip", text: name, "data-scenario": scenario.id });
        chip.addEventListener("click", () => this.#choose({ scenario: scenario.id || null }));
        return chip;
      });
      parts.push(make("div", { class: "chips", role: "group", "aria-label": speech.say("what_if") }, ...buttons));
    }
    if (this.months.length > 0) {
      const output = make("output", { for: "month", id: "month-name" });
      const slider = make("input", { type: "range", id: "month", min: 0, max: this.months.length, step: 1 });
      slider.value = String(this.months.indexOf(this.month) + 1);
      slider.addEventListener("input", () => {
        const month = this.months[Number(slider.value) - 1];
        this.#choose({ month: month ? String(month) : null });
      });
      parts.push(make("div", { class: "month" }, make("label", { for: "month", text: speech.say("month") }), slider, output));
    }
    this.speech = speech;
    document.getElementById("what-if").replaceChildren(
      ...(parts.length > 0 ? [make("h2", { text: speech.say("what_if") }), ...parts] : []), make("div", { id: "no-route" }));
    this.tell();
  }

  #choose(change) {
    Object.assign(this.state, change);
    this.tell();
    this.onChange();
  }

  /** Bring chips, slider and cards into line with what is chosen. */
  tell() {
    const { make } = Elements;
    const { speech, data } = this;
    const chosen = this.scenario ? this.scenario.id : "";
    for (const chip of document.querySelectorAll(".chip")) {
      chip.setAttribute("aria-pressed", String(chip.dataset.scenario === chosen));
    }
    const slider = document.getElementById("month");
    if (slider) {
      const words = this.month ? speech.month(this.month) : speech.say("whole_year");
      slider.value = String(this.months.indexOf(this.month) + 1);
      slider.setAttribute("aria-valuetext", words);
      document.getElementById("month-name").textContent = words;
    }
    const rows = data.routes.map((route, index) => this.row(index));
    const shut = rows.map((row) => row !== null && row.reason && row.time_h === null && row.cost_usd_per_t === null);
    data.routes.forEach((route, index) => {
      document.getElementById(`card-${route.letter}`).classList.toggle("is-shut", Boolean(shut[index]));
      document.getElementById(`card-${route.letter}-change`).replaceChildren(...this.#change(route, rows[index], shut[index]));
    });
    const reasons = shut.every(Boolean) ? [...new Set(rows.map((row) => speech.of(row, "reason")))]
      : [];
    const none = data.routes.length === 0
      ? data.unavailable.map((row) => `${speech.of(row, "name")}: ${speech.of(row, "reason")}`) : reasons;
    document.getElementById("no-route").replaceChildren(...(none.length === 0 ? [] : [make("div", { class: "no-route" },
      make("strong", { text: speech.say("no_route_at_all") }), make("ul", {}, ...none.map((text) => make("li", { text }))))]));
  }

  #change(route, row, shut) {
    const { make } = Elements;
    const { speech } = this;
    if (row === null) return [];
    if (shut) return [make("span", { class: "card-reason", text: speech.say("no_route", { reason: speech.of(row, "reason") }) })];
    const part = (name, key, digits, scale) => {
      if (row[name] === null || route[name] === null) return null;
      const by = (row[name] - route[name]) / scale;
      const way = Math.abs(by) < 0.5 * 10 ** -digits ? "same" : by > 0 ? "worse" : "better";
      return make("span", { class: `delta ${way}`, text: speech.signed(key, by, digits) });
    };
    const reason = speech.of(row, "reason");
    return [make("span", { class: "deltas" }, make("span", { class: "delta-label", text: speech.say("change") }),
      part("time_h", "days", 1, 24), part("cost_usd_per_t", "usd_per_t", 1, 1), part("co2e_kg_per_t", "kg_per_t", 1, 1)),
    ...(reason ? [make("span", { class: "card-note", text: reason })] : [])];
  }
}
