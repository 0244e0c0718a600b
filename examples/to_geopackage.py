"""How do I get routes, legs and the assumptions behind them into QGIS and a spreadsheet?"""

import geopandas as gpd

import corridor as co

network = co.load_network()
ways = co.find_corridors(network, "Petropavl", "Antwerp", co.Shipment("wheat", tonnes=5_000))
co.export_routes(ways, "ways.gpkg")
co.export_routes(ways, "ways.xlsx")

legs = gpd.read_file("ways.gpkg", layer="legs")
print(legs.groupby(["corridor", "mode"], sort=False)["distance_km"].sum().unstack(fill_value=0).round(0).to_string())
