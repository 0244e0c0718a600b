"""My elevator is not in the gazetteer: what does grain cost from there, and what from the nearest station?"""

from pathlib import Path

import corridor as co
from geodata.own_data import add_own, read_own

terminals, links = read_own(Path(__file__).with_name("own_silo.csv"))
network = add_own(co.load_network(), terminals, links)

for start in ("My silo", "Kostanay"):
    route = co.find_route(network, start, "Ghent", co.Shipment("wheat", tonnes=3_000))
    print(f"{start:<10} {route.distance_km:7,.0f} km {route.days:5.1f} days {route.cost_usd_per_t:7.2f} USD/t")
