"""How sure is the ranking? The same ways, priced with every rate at the low, base and high end of its range."""

import pandas as pd

import corridor as co

network = co.load_network()
flax = co.Shipment("flaxseed", tonnes=3_000)
ways = co.find_corridors(network, "Kostanay", "Ghent", flax)

usd_per_t = pd.DataFrame(index=[way.corridor for way in ways])
for level in ("low", "base", "high"):
    prices = co.price_links(network, flax, co.load_rates().at(level))["cost_usd"].to_numpy()
    usd_per_t[level] = [sum(prices[list(leg.links)].sum() for leg in way.legs) / flax.tonnes for way in ways]

print(usd_per_t.round(0).to_string())
