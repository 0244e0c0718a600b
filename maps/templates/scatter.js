"use strict";

/** Cost against time, CO2e as the size: what no other route beats is filled, the rest is hollow, with the reason. */
const Scatter = (() => {
  const { make, makeSvg } = Elements;

  function reason(route, speech) {
    const given = speech.of(route, "dominated_reason");
    if (given) return given;
    return speech.say("dominated", { letters: route.dominated_by.join(", ") }, route.dominated_by.length);
  }

  function draw(routes, chosen, speech, select) {
    const drawn = routes.map((route, index) => ({ route, index }))
      .filter(({ route }) => route.cost_usd_per_t !== null && route.time_h !== null);
    if (drawn.length === 0) return null;
    const greatest = (name) => Math.max(...drawn.map(({ route }) => route[`${name}_p90`] ?? route[name]));
    const { svg, x, y } = Plot.frame({
      width: 420, height: 290, maxX: 1.1 * greatest("cost_usd_per_t"), maxY: (1.1 * greatest("time_h")) / 24,
      titleX: speech.say("axis_usd"), titleY: speech.say("axis_days"), label: speech.say("scatter"), speech, interactive: true,
    });
    const most = Math.max(...drawn.map(({ route }) => route.co2e_kg_per_t || 0)) || 1;
    const radius = (route) => 9 + 9 * Math.sqrt((route.co2e_kg_per_t || 0) / most);
    for (const { route } of drawn) svg.append(...whiskers(route, x, y));
    // Large ones first, so that small ones stay in reach.
    const ordered = [...drawn].sort((a, b) => radius(b.route) - radius(a.route));
    for (const { route, index } of ordered) {
      const dominated = route.dominated_by.length > 0;
      const words = [`${route.letter} · ${speech.of(route, "name")}`, speech.days(route.time_h), speech.usd(route.cost_usd_per_t),
        speech.kg(route.co2e_kg_per_t), ...(dominated ? [reason(route, speech)] : [])].join(", ");
      const point = Plot.disc(route, index, route === chosen, x(route.cost_usd_per_t), y(route.time_h / 24), radius(route));
      point.classList.add("point");
      if (dominated) point.classList.add("dominated");
      for (const [name, value] of Object.entries({ role: "button", tabindex: 0, "aria-label": words, "aria-pressed": String(route === chosen) })) {
        point.setAttribute(name, value);
      }
      point.append(makeSvg("title", { text: words }));
      point.addEventListener("click", () => select(index));
      point.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        select(index);
      });
      svg.append(point);
    }
    const beaten = drawn.filter(({ route }) => route.dominated_by.length > 0);
    return Plot.figure(speech.say("scatter"), speech.say("scatter_hint"), svg, ...(beaten.length === 0 ? [] : [
      make("ul", { class: "reasons" }, ...beaten.map(({ route, index }) => make("li", { "data-route": index },
        make("span", { class: "letter hollow", text: route.letter }), make("span", { text: reason(route, speech) }))))]));
  }

  function whiskers(route, x, y) {
    const result = [];
    const { cost_usd_per_t: cost, time_h: time } = route;
    if (route.cost_usd_per_t_p10 !== undefined) {
      result.push(makeSvg("path", { class: "whisker", d: `M${x(route.cost_usd_per_t_p10)} ${y(time / 24)}H${x(route.cost_usd_per_t_p90)}` }));
    }
    if (route.time_h_p10 !== undefined) {
      result.push(makeSvg("path", { class: "whisker", d: `M${x(cost)} ${y(route.time_h_p10 / 24)}V${y(route.time_h_p90 / 24)}` }));
    }
    return result;
  }

  return { draw };
})();
