"""Where cargo gets on and off the network: at a terminal, or by lorry between a point and the nearest roads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from corridor.errors import CorridorError, PlaceError
from corridor.graph import Ends
from corridor.impedance import price_access
from corridor.rates import Rates
from corridor.route import TOTALS, Leg
from corridor.shipment import Shipment
from geodata.measure import chord_for_km, distance_km, unit_vectors
from geodata.network import Network
from geodata.places import Place
from geodata.vocabulary import Kind, Mode

ACCESS_KM = 250.0
"""A point reaches the roads of the network from at most this far."""
ACCESS_CHOICES = 8
"""So many nearest road nodes are tried."""
ACCESS_DETOUR_FACTOR = 1.3
"""Road kilometres of such an access ÷ great circle (general knowledge, confidence medium)."""


@dataclass(frozen=True)
class Access:
    """
    Ways by lorry between a point and road nodes of the network.

    ``action`` is "loading" or "discharge"; ``prices`` has a row for each of ``nodes`` and a column for each objective;
    ``country`` is the one whose rates apply.
    """

    place: Place
    action: str
    nodes: npt.NDArray[np.int64]
    prices: pd.DataFrame
    country: str = ""

    def ends(self, minimize: str) -> Ends:
        """The road nodes, each with what the lorry takes of one objective."""
        return list(zip(self.nodes.tolist(), self.prices[minimize].tolist(), strict=True))

    def leg(self, network: Network, node: int) -> Leg:
        """The way by lorry to or from one of the road nodes."""
        row = self.prices.iloc[int(np.flatnonzero(self.nodes == node)[0])]
        at = network.nodes.iloc[node]
        line = [(self.place.lon, self.place.lat), (float(at["lon"]), float(at["lat"]))]
        figures = {name: float(row[name]) for name in TOTALS}
        meet = str(at["terminal"])
        loading = self.action == "loading"
        return Leg(
            mode=Mode.ROAD.value,
            kind=Kind.ACCESS.value,
            origin=self.place.name if loading else meet,
            destination=meet if loading else self.place.name,
            distance_km=figures["distance_km"],
            time_h=figures["time_h"],
            cost_usd=figures["cost_usd"],
            co2e_kg=figures["co2e_kg"],
            layer=self.action,
            line=tuple(line if loading else line[::-1]),
            area=self.country,
        )


def access_by_lorry(network: Network, place: Place, action: str, shipment: Shipment, rates: Rates) -> Access | None:
    """The lorry's ways to or from a point; None for a terminal, where cargo is loaded and discharged itself."""
    if place.terminal:
        return None
    nodes, km = _near_roads(network, place)
    country = str(network.nodes["country"].iat[int(nodes[0])])
    return Access(
        place, action, nodes, price_access(country, km * ACCESS_DETOUR_FACTOR, action, shipment, rates), country
    )


def place_of(network: Network, place: str | Place | tuple[float, float]) -> Place:
    """The place itself, or the one of the network's gazetteer that a name, a code or a point (lon, lat) means."""
    return network.gazetteer.find(place)


def places_of(network: Network, places: Sequence[str | Place | tuple[float, float]]) -> list[Place]:
    """Places of a list; a single one in its stead is refused: the letters of a name are no places."""
    if isinstance(places, (str, Place)) or not isinstance(places, Iterable):
        raise CorridorError(f"expected a list of places, not {places!r:.60}: write [{places!r:.60}]")
    return [place_of(network, place) for place in places]


def same_place(place: Place, other: Place) -> bool:
    """Whether nothing would move between the two."""
    if place.terminal and other.terminal:
        return place.terminal == other.terminal
    return (place.lon, place.lat) == (other.lon, other.lat)


def end_node(network: Network, place: Place, layer: str) -> int:
    """Number of the node where cargo starts (`layer` "origin") or ends ("destination") at a terminal."""
    node = network.terminal_nodes.get((place.terminal, layer))
    if node is None:
        raise PlaceError(
            f"{place.name} is no terminal of this network: a matrix needs terminals"
            if not place.terminal
            else f"{place.name} is not in this network"
        )
    return node


def near_a_road(network: Network, place: Place) -> bool:
    """Whether a lorry can come to a place."""
    try:
        return bool(place.terminal) or len(_near_roads(network, place)[0]) > 0
    except PlaceError:
        return False


def _near_roads(network: Network, place: Place) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Nearest road nodes to a point, in its own country if that is known, and the great-circle km to each."""
    from scipy.spatial import cKDTree

    trees = network.cache.setdefault("road trees", {})
    if place.country not in trees:
        roads = network.nodes[network.nodes["layer"] == Mode.ROAD.value]
        if place.country:
            roads = roads[roads["country"] == place.country]
        trees[place.country] = (roads.index.to_numpy(), cKDTree(unit_vectors(roads["lon"], roads["lat"])))
    numbers, tree = trees[place.country]
    _, near = tree.query(
        unit_vectors([place.lon], [place.lat])[0], k=ACCESS_CHOICES, distance_upper_bound=chord_for_km(ACCESS_KM)
    )
    nodes = numbers[near[near < len(numbers)]]
    if not len(nodes):
        where = f" in {place.country}" if place.country else ""
        raise PlaceError(
            f"no road of the network{where} within {ACCESS_KM:g} km of {place.name}: choose a place nearer to one"
        )
    at = network.nodes.iloc[nodes]
    return nodes, distance_km(place.lon, place.lat, at["lon"].to_numpy(), at["lat"].to_numpy())
