"""Where do the ways run? One page that opens with no network, to be e-mailed."""

import corridor as co

network = co.load_network()
ways = co.find_corridors(network, "Kostanay", "Ghent", co.Shipment("flaxseed", tonnes=3_000))
co.draw_map(ways, title="Flaxseed to Ghent").save("ways.html")
print(f"{len(ways)} ways drawn in ways.html")
