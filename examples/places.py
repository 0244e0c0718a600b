"""How far does Kostanay reach, from where is each gateway the best, and what can the terminals on the way pass?"""

import corridor as co

network = co.load_network()
flax = co.Shipment("flaxseed", tonnes=3_000)

near = co.reach(network, "Kostanay", flax, by="time_h")
co.draw_reach(near, "Kostanay", flax).save("reach.html")

gateways = ["Aktau", "Kuryk", "Novorossiysk", "Riga", "St Petersburg"]
through = co.hinterland(network, "Ghent", gateways, flax)
co.draw_hinterland(through, "Ghent", flax).save("hinterland.html")
co.export_points(through[through["best"]], "hinterland.xlsx")

co.draw_network(network).save("network.html")
co.draw_terminals(network).save("terminals.html")

print(f"{(near['time_h'] <= 240).sum()} terminals within ten days of Kostanay")
print(through[through["best"]]["gateway"].value_counts().to_string())
