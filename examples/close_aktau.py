"""What do storms cost that close the Kazakh ferry ports, one or both, for wheat to Poti that must not pass Russia?"""

import corridor as co

network = co.load_network()
wheat = co.Shipment("wheat", tonnes=3_000)
calm = co.Scenario("no storm").close_country("RU", reason="the buyer's wish")

before = co.find_route(network, "Kostanay", "Poti", wheat, calm)
for ports in (["Aktau"], ["Kuryk"], ["Aktau", "Kuryk"]):
    storm = calm.close(*ports, reason="wind")
    route = co.find_route(network, "Kostanay", "Poti", wheat, storm)
    days, dollars = route.days - before.days, route.cost_usd_per_t - before.cost_usd_per_t
    print(f"{' and '.join(ports) + ' closed':<24} {days:+5.1f} days {dollars:+7.2f} USD/t  via {', '.join(route.via)}")
