"""How does grain reach Ghent without passing Russia, and what remains when a gateway of that way closes too?"""

import corridor as co

network = co.load_network()
flax = co.Shipment("flaxseed", tonnes=3_000)
around = co.Scenario("without Russia").close_country("RU")

for route in co.find_alternatives(network, "Kostanay", "Ghent", flax, around):
    print(f"{route.days:5.1f} days {route.cost_usd_per_t:6.0f} USD/t  {route.scenario.name}")
    print(f"{'':23} via {', '.join(route.via)}")
