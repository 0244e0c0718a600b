"""
The network against published distances: what a railway or a distance table says, and what comes out here.

A row of ``tables/published_distances.csv`` gives two ends, a mode and the published kilometres; `compare_distances`
measures the shortest open way of that mode between them.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from geodata.errors import TableError
from geodata.measure import KM_PER_DEGREE, point_distance_km
from geodata.network import Network
from geodata.tables import read_table
from geodata.vocabulary import LAYERS, Kind, Mode, mode_of

FloatArray = npt.NDArray[np.float64]

REACH_KM = {"rail": 10.0, "road": 15.0, "sea": 60.0, "ferry": 60.0, "waterway": 15.0}
"""How far an end given as a point may lie from the lines of its mode."""
SIDE_BY_SIDE_KM = 0.5
LAYERS_OF = {"ferry": ("ferry", "sea")}
"""Layers a mode may use besides its own: a ferry sails the sea lanes where no ferry line is drawn."""
AFLOAT = (Mode.SEA, Mode.FERRY)


def published_distances() -> pd.DataFrame:
    """The table of published distances; its columns are explained in ``schema/published_distances.csv``."""
    return read_table("published_distances")


def known_deviations() -> pd.DataFrame:
    """Published distances that are believed and not met, each with the written reason why."""
    return read_table("known_deviations")


def compare_distances(network: Network, table: pd.DataFrame) -> pd.DataFrame:
    """
    Measure every row of a table of published distances on the network.

    An end that is a terminal stands for the terminal's node; a point (``lon lat``) stands for the nearest place on a
    line of the mode. On land the gap between the point and the line is not counted (the published figure runs from
    station to station, and these lie on the line); at sea it is, as a great circle (a ship sails it).

    Returns
    -------
    DataFrame
        One row a row of `table`, same index: ``metric``, ``mode``, ``from``, ``to``, ``computed_km`` (NaN: no way, or
        no such mode in this network), ``published_km``, ``error`` (computed ÷ published − 1), ``tolerance``,
        ``within`` (no further off than that, either way), ``fitted`` (the network was fitted to this very figure),
        ``source``.

    Raises
    ------
    TableError
        An end or a waypoint is neither a terminal of that mode nor a point within reach of its lines.

    """
    ways: dict[tuple[str, str], ModeLines] = {}
    computed = []
    present = set(network.links["mode"].astype(str))
    for row in table.to_dict("records"):
        if row["mode"] not in present:
            computed.append(np.inf)
            continue
        key = (str(row["mode"]), str(row["closed"]))
        if key not in ways:
            ways[key] = ModeLines(network, row["mode"], [name.strip() for name in row["closed"].split(";") if name])
        stops = [row["from"], *(stop.strip() for stop in row["via"].split(";") if stop.strip()), row["to"]]
        computed.append(ways[key].distance_km(stops))
    result = table[["metric", "mode", "from", "to"]].assign(
        computed_km=np.where(np.isfinite(computed), computed, np.nan), published_km=table["distance_km"]
    )
    error = result["computed_km"] / result["published_km"] - 1.0
    return result.assign(
        error=error,
        tolerance=table["tolerance"],
        within=error.abs() <= table["tolerance"],
        fitted=table["independent"] == "no",
        source=table["source"],
    )


def error_quantiles(checked: pd.DataFrame) -> dict[str, dict[str, float]]:
    r"""
    Sizes of \|error\| of rows of `compare_distances`: ``rows``, ``median``, ``p95`` and ``max``, for all rows that
    prove something, for each mode, and apart for the rows the network was fitted to (``fitted``).
    """
    groups = {"all": checked[~checked["fitted"]], "fitted": checked[checked["fitted"]]}
    groups |= {str(mode): rows[~rows["fitted"]] for mode, rows in checked.groupby("mode")}
    return {
        name: {
            "rows": len(rows),
            "median": float(rows["error"].abs().median()),
            "p95": float(rows["error"].abs().quantile(0.95)),
            "max": float(rows["error"].abs().max()),
        }
        for name, rows in groups.items()
        if len(rows)
    }


class Foot(NamedTuple):
    """Where a stop touches a line: on link `link` (−1: at a node), `kms` away from `nodes`, `gap_km` off the line."""

    link: int
    nodes: tuple[int, ...]
    kms: tuple[float, ...]
    gap_km: float


class ModeLines:
    """
    The open lines of one mode, to measure along.

    Parameters
    ----------
    closed
        Passages not to be used (``Suez Canal``).

    """

    def __init__(self, network: Network, mode: str, closed: Sequence[str] = ()) -> None:
        links = network.links
        self.mode, self.network = mode, network
        self.layers = LAYERS_OF.get(mode, _layers(mode))
        inside = links["layer"].isin(self.layers) & links["kind"].isin([Kind.HAUL, Kind.BORDER])
        changes = {f"{a}>{b}" for a, b in itertools.permutations(self.layers, 2)}
        usable = (inside | links["layer"].isin(changes)) & (links["closed_reason"] == "")
        usable &= ~links["passage"].isin([name for name in closed if name])
        self._graph = _length_matrix(links[usable], len(network.nodes))
        component = connected_components(self._graph, directed=False)[1]
        hauls = np.flatnonzero((usable & inside).to_numpy())
        largest = np.bincount(component[links["from_node"].to_numpy()[hauls]], links["length_km"].to_numpy()[hauls])
        self._hauls = hauls[largest[component[links["from_node"].to_numpy()[hauls]]] >= min(100.0, largest.max())]

    def distance_km(self, stops: Sequence[str]) -> float:
        """Kilometres of the shortest way through the stops (terminal codes or ``lon lat``); infinite: there is none."""
        places = [self._locate(stop) for stop in stops]
        return sum(
            min(self._between(a, b) for a, b in itertools.product(here, there))
            for here, there in itertools.pairwise(places)
        )

    def _between(self, a: Foot, b: Foot) -> float:
        km = dijkstra(self._graph, directed=False, indices=list(a.nodes))
        best = min(
            (
                km_a + km[row, node_b] + km_b
                for row, km_a in enumerate(a.kms)
                for node_b, km_b in zip(b.nodes, b.kms, strict=True)
            ),
        )
        if a.link >= 0 and a.link == b.link:
            best = min(best, abs(a.kms[0] - b.kms[0]))
        return float(best) + a.gap_km + b.gap_km

    def _locate(self, stop: str) -> list[Foot]:
        try:
            lon, lat = map(float, stop.split())
        except ValueError:
            found = [self.network.terminal_nodes.get((stop, layer)) for layer in self.layers]
            nodes = [node for node in found if node is not None]
            if not nodes:
                raise TableError(
                    f"published distances: {stop!r} is no terminal on {self.mode} and no 'lon lat'"
                ) from None
            return [Foot(-1, (node,), (0.0,), 0.0) for node in nodes]
        return self._feet(lon, lat)

    def _feet(self, lon: float, lat: float) -> list[Foot]:
        """The nearest place on the lines; where both gauges run side by side, one on each."""
        reach_km = REACH_KM[self.mode]
        scale = np.array([np.cos(np.radians(lat)), 1.0]) * KM_PER_DEGREE
        half = reach_km / scale
        near = self._tree.query(shapely.box(lon - half[0], lat - half[1], lon + half[0], lat + half[1]))
        flat = shapely.transform(self._lines[near], lambda points: (points - [lon, lat]) * scale)
        origin = shapely.Point(0.0, 0.0)
        km = shapely.distance(flat, origin) if len(near) else np.array([np.inf])
        if km.min() > reach_km:
            raise TableError(f"published distances: no {self.mode} line within {reach_km:g} km of {lon} {lat}")
        numbers = self._hauls[near]
        layers = self.network.links["layer"].iloc[numbers].astype(str).to_numpy()
        feet = []
        for layer in np.unique(layers):
            best = int(np.where(layers == layer, km, np.inf).argmin())
            if km[best] <= km.min() + SIDE_BY_SIDE_KM:
                feet.append(self._on_line(int(numbers[best]), flat[best], scale, (lon, lat)))
        return feet

    def _on_line(self, number: int, line: shapely.LineString, scale: FloatArray, point: tuple[float, float]) -> Foot:
        """The foot on one link; `line` is drawn in km around the point."""
        link = self.network.links.iloc[number]
        along = shapely.line_locate_point(line, shapely.Point(0.0, 0.0), normalized=True)
        length_km = float(link["length_km"])
        gap_km = 0.0
        if self.mode in AFLOAT:
            x, y = shapely.get_coordinates(shapely.line_interpolate_point(line, along, normalized=True))[0] / scale
            gap_km = point_distance_km(*point, point[0] + x, point[1] + y)
        ends = (int(link["from_node"]), int(link["to_node"]))
        return Foot(number, ends, (along * length_km, (1.0 - along) * length_km), gap_km)

    @cached_property
    def _lines(self) -> npt.NDArray[np.object_]:
        return self.network.geometry(self._hauls)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self._lines)


def _layers(mode: str) -> tuple[str, ...]:
    return tuple(layer for layer in LAYERS if mode_of(layer) == mode)


def _length_matrix(links: pd.DataFrame, count: int) -> csr_matrix:
    """Shortest link between every two nodes (a sparse matrix adds parallel links up); zeros become a millimetre."""
    low, high = np.minimum(links["from_node"], links["to_node"]), np.maximum(links["from_node"], links["to_node"])
    pairs = pd.DataFrame({"low": low, "high": high, "km": links["length_km"].clip(lower=1e-6)})
    shortest = pairs.groupby(["low", "high"], sort=True)["km"].min()
    ends = shortest.index.to_frame()
    return csr_matrix((shortest.to_numpy(), (ends["low"], ends["high"])), shape=(count, count))
