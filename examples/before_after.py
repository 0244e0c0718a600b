"""What does a storm change that closes Aktau and Kuryk, way by way, for flaxseed to Ghent that must not pass Russia?"""

import corridor as co

network = co.load_network()
calm = co.Scenario("calm").close_country("RU", reason="the buyer's wish")
storm = co.Scenario("storm").close_country("RU", reason="the buyer's wish").close("Aktau", "Kuryk", reason="wind")

before, after = (co.find_corridors(network, "Kostanay", "Ghent", scenario=scenario) for scenario in (calm, storm))
page = co.draw_comparison(before, after).save("before-after.html")
print(f"{len(before)} ways before, {len(after)} after: {page.name}")
for route in after:
    own = next((other for other in before if other.corridor == route.corridor), None)
    change = (
        f"{route.days - own.days:+.1f} days {route.cost_usd_per_t - own.cost_usd_per_t:+.2f} USD/t" if own else "new"
    )
    print(f"{route.corridor:<28} {change}")
gone = {route.corridor for route in before} - {route.corridor for route in after}
print("gone:", ", ".join(sorted(gone)) or "none")
