"""Small networks of straight lines to try verbs on, and what must be true of any network."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from geodata.measure import point_distance_km
from geodata.network import LINK_DEFAULTS, Network
from geodata.vocabulary import gauge_of

POINTS = {
    "west": (58.0, 53.0, "rail-1520", "KZ"), "mid": (61.0, 53.02, "rail-1520", "KZ"),
    "junction": (61.0, 53.0, "rail-1520", "KZ"), "east": (64.0, 53.0, "rail-1520", "KZ"),
    "west 1435": (58.0, 53.001, "rail-1435", "KZ"), "mid 1435": (61.0, 53.02, "rail-1435", "KZ"),
    "east 1435": (64.0, 53.001, "rail-1435", "KZ"), "south": (61.0, 51.0, "rail-1520", "KZ"),
}  # fmt: skip
HAULS = [
    ("west", "junction", {}), ("junction", "east", {}), ("junction", "mid", {}), ("junction", "south", {}),
    ("west 1435", "mid 1435", {}), ("mid 1435", "east 1435", {}),
]  # fmt: skip
TERMINALS = {
    "KZ_WEST": ["west", "west 1435"], "KZ_MID": ["mid", "mid 1435"], "KZ_EAST": ["east", "east 1435"],
    "KZ_SOUTH": ["south"],
}  # fmt: skip


def make_network(points: dict, hauls: list, terminals: dict) -> Network:
    """`points` (name: lon, lat, layer, country), straight `hauls` (from, to, cells), `terminals` (code: points)."""
    number = {name: index for index, name in enumerate(points)}
    rows = [[lon, lat, layer, country, ""] for lon, lat, layer, country in points.values()]
    links = []

    def link(start, end, **cells):
        links.append(LINK_DEFAULTS | {"from_node": start, "to_node": end} | cells)

    for start, end, cells in hauls:
        (a_lon, a_lat, layer, country), (b_lon, b_lat, *_) = points[start], points[end]
        km = point_distance_km(a_lon, a_lat, b_lon, b_lat)
        base = {
            "mode": layer.split("-")[0],
            "kind": "haul",
            "layer": layer,
            "gauge_mm": gauge_of(layer),
            "length_km": km,
            "length_source": "package",
        }
        link(number[start], number[end], **(base | {"country": country} | cells))
    for code, names in terminals.items():
        lon, lat, _, country = points[names[0]]
        ends = [len(rows), len(rows) + 1]
        rows += [[lon, lat, layer, country, code] for layer in ("origin", "destination")]
        for name in names:
            layer, here = points[name][2], {"kind": "access", "oneway": True, "country": country, "terminal": code}
            rows[number[name]][4] = code
            link(ends[0], number[name], mode=layer.split("-")[0], layer=layer, **here)
            link(number[name], ends[1], mode=layer.split("-")[0], layer=layer, **here)
    nodes = pd.DataFrame(rows, columns=["lon", "lat", "layer", "country", "terminal"])
    nodes["cch_rank"] = np.arange(len(nodes), dtype=np.int32)
    table = pd.DataFrame(links)
    at = nodes[["lon", "lat"]].to_numpy()
    lines = shapely.linestrings(at[table[["from_node", "to_node"]].to_numpy()])
    return Network(nodes, table, source="test", _geometry=lines)


def terminal_km(network: Network, layer="rail-1520") -> pd.DataFrame:
    """Kilometres between the terminals of a layer over its open lines; inf where there is no way."""
    nodes = {code: node for (code, here), node in sorted(network.terminal_nodes.items()) if here == layer}
    links = network.links[network.links["kind"].isin(["haul", "border"]) & (network.links["closed_reason"] == "")]
    ends = np.sort(links[["from_node", "to_node"]].to_numpy(), axis=1)
    table = pd.DataFrame({"a": ends[:, 0], "b": ends[:, 1], "km": links["length_km"].clip(lower=1e-6).to_numpy()})
    table = table.groupby(["a", "b"], as_index=False)["km"].min()
    count = len(network.nodes)
    graph = csr_matrix((table["km"], (table["a"], table["b"])), shape=(count, count))
    numbers = list(nodes.values())
    return pd.DataFrame(
        dijkstra(graph, directed=False, indices=numbers)[:, numbers], index=list(nodes), columns=list(nodes)
    )


def check_sound(network: Network) -> None:
    """Every haul keeps to one layer, every end exists, lengths are finite, the contraction order is one."""
    layer = network.nodes["layer"].astype(str).to_numpy()
    laid = network.links[network.links["kind"].isin(["haul", "border"])]
    assert (layer[laid["from_node"]] == laid["layer"].astype(str)).all()
    assert (layer[laid["to_node"]] == laid["layer"].astype(str)).all()
    assert np.isfinite(network.links["length_km"]).all() and (network.links["length_km"] >= 0).all()
    assert sorted(network.nodes["cch_rank"]) == list(range(len(network.nodes)))
    at = network.nodes[["lon", "lat"]].to_numpy()
    lines = network.geometry(np.arange(len(network.links)))
    for ends, vertex in (("from_node", 0), ("to_node", -1)):
        drawn = shapely.get_coordinates(shapely.get_point(lines, vertex))
        assert np.allclose(drawn, at[network.links[ends]], atol=1e-9)
