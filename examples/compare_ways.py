"""Which ways lead from Kostanay to Ghent, and which is cheapest, fastest, cleanest?"""

import corridor as co

network = co.load_network()
flax = co.Shipment("flaxseed", tonnes=3_000)

ways = co.find_corridors(network, "Kostanay", "Ghent", flax)
table = co.compare(ways)

columns = ["corridor", "days", "cost_usd_per_t", "co2e_kg_per_t", "best_at"]
print(table[columns].round(1).to_string(index=False))
