"""Every named terminal and site can be reached from Kostanay and from Antwerp, by every layer that it claims."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order, connected_components

from geodata.network import Network
from geodata.tables import read_table
from geodata.vocabulary import LAYERS, Kind

TERMINALS = read_table("terminals").set_index("terminal")
CLAIMS = [(code, layer) for code, layers in TERMINALS["layers"].items() for layer in layers.split()]
HOMES = ("KZ_KOSTANAY", "BE_ANTWERP")


def _reached(network: Network, home: str) -> np.ndarray:
    """Nodes that can be reached from the origin node of a terminal over open links."""
    links = network.links[network.links["closed_reason"] == ""]
    start, end = links["from_node"].to_numpy(), links["to_node"].to_numpy()
    back = ~links["oneway"].to_numpy(dtype=bool)
    rows, columns = np.concatenate([start, end[back]]), np.concatenate([end, start[back]])
    count = len(network.nodes)
    graph = csr_matrix((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(count, count))
    reached = np.zeros(count, dtype=bool)
    reached[breadth_first_order(graph, network.terminal_nodes[home, "origin"], return_predecessors=False)] = True
    return reached


@pytest.fixture(scope="module")
def reached(network: Network) -> dict[str, np.ndarray]:
    return {home: _reached(network, home) for home in HOMES}


@pytest.mark.parametrize("home", HOMES)
@pytest.mark.parametrize("code", TERMINALS.index)
def test_terminal_is_reached(network: Network, reached: dict[str, np.ndarray], home: str, code: str) -> None:
    node = network.terminal_nodes[code, "destination"]
    assert reached[home][node], f"{code} ({TERMINALS.at[code, 'name']}) cannot be reached from {home}"


@pytest.mark.parametrize(("code", "layer"), CLAIMS)
def test_layer_leads_out_of_the_terminal(
    network: Network, reached: dict[str, np.ndarray], main_parts: dict[str, np.ndarray], code: str, layer: str
) -> None:
    node = network.terminal_nodes.get((code, layer))
    assert node is not None, f"terminals.csv says that {code} has {layer}; the network has no such node"
    for home in HOMES:
        assert reached[home][node], f"{code} on {layer} cannot be reached from {home}"
    assert main_parts[layer][node], (
        f"{code} on {layer} stands on an island: its lines meet no other terminal of {layer}"
    )


@pytest.fixture(scope="module")
def main_parts(network: Network) -> dict[str, np.ndarray]:
    """Per layer: nodes whose own lines (without transfers) lead to at least one other terminal of the layer."""
    links = network.links
    count = len(network.nodes)
    terminal = (network.nodes["terminal"] != "").to_numpy()
    parts = {}
    for layer in LAYERS:
        usable = (
            (links["layer"] == layer) & links["kind"].isin([Kind.HAUL, Kind.BORDER]) & (links["closed_reason"] == "")
        )
        here = links[usable]
        graph = csr_matrix(
            (np.ones(len(here), dtype=np.int8), (here["from_node"], here["to_node"])), shape=(count, count)
        )
        part = connected_components(graph, directed=False)[1]
        on_layer = terminal & (network.nodes["layer"] == layer).to_numpy()
        many = np.bincount(part[on_layer], minlength=part.max() + 1) >= 2
        parts[layer] = many[part]
    return parts


def test_gauges_meet_only_at_transfers(network: Network) -> None:
    layer = network.nodes["layer"].astype(str).to_numpy()
    hauls = network.links[network.links["kind"].isin([Kind.HAUL, Kind.BORDER])]
    assert (layer[hauls["from_node"]] == layer[hauls["to_node"]]).all()


def test_no_two_terminals_are_one_node(network: Network) -> None:
    served = network.nodes[network.nodes["terminal"] != ""]
    assert not served.duplicated(["terminal", "layer"]).any()
