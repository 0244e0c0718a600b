"""What does a tonne of wheat cost from each loading station to each port, by the cheapest way?"""

import corridor as co

network = co.load_network()
wheat = co.Shipment("wheat", tonnes=3_000)
stations = ["Kostanay", "Petropavl", "Kokshetau", "Astana", "Aktobe"]
ports = ["Aktau", "Poti", "Riga", "Novorossiysk", "Ghent", "Antwerp"]

usd = co.cost_matrix(network, stations, ports, wheat, minimize="cost_usd")
print((usd / wheat.tonnes).round(0).to_string())
