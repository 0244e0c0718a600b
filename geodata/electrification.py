"""
Which railways are electric: the lines and countries of ``tables/electrification.csv``, laid over the rail lines.

A row without ends speaks of every line of its country; later rows speak of the shortest way between two terminals or
points inside its countries, and overrule earlier ones. Where no row speaks, nothing is known.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from geodata.clean import Lines, connected_parts
from geodata.errors import EditError
from geodata.measure import KM_PER_DEGREE, chord_for_km, distance_km, unit_vectors
from geodata.tables import read_table
from geodata.vocabulary import Electrified, Kind, Mode

NEAR_KM = 15.0
"""An end of a section may lie this far from the lines of its country (ports and yards off the main line)."""
ALONGSIDE_KM = 1.0
"""Lines this near to a section are its other tracks."""
DETOUR = 2.0
"""A way longer than this times the great circle between its ends is not the line meant."""


def set_electrified(lines: Lines, terminals: pd.DataFrame) -> Lines:
    """
    Rail lines with ``electrified`` on every haul.

    Parameters
    ----------
    lines
        Rail of all gauges, with countries; not yet contracted.
    terminals
        Columns ``terminal``, ``lon``, ``lat``: ends of sections.

    Raises
    ------
    EditError
        An end of a section is unknown or off the lines, or there is no way, or only a roundabout one.

    """
    places = {row.terminal: (float(row.lon), float(row.lat)) for row in terminals.itertuples()}
    country, haul = lines.links["country"].to_numpy(), (lines.links["kind"] == Kind.HAUL).to_numpy()
    state = np.full(len(lines.links), Electrified.UNKNOWN.value, dtype=object)
    of_country: dict[str, _Railways] = {}
    for number, row in zip(itertools.count(2), read_table("electrification").itertuples(index=False)):
        if not row.places:
            state[country == row.country] = row.electrified
            continue
        what = f"electrification.csv, row {number} ({row.section})"
        if row.country not in of_country:
            of_country[row.country] = _Railways(lines, row.country)
        points = [_point(text.strip(), places, what) for text in row.places.split(";")]
        for a, b in itertools.pairwise(points):
            state[of_country[row.country].along(a, b, what)] = row.electrified
    return lines.with_links(lines.links.assign(electrified=np.where(haul, state, "")))


def electrified_km(links: pd.DataFrame, by: str) -> pd.DataFrame:
    """Kilometres of rail haul by a column of the links (``country``, ``layer``): columns yes, no, unknown."""
    rail = links[(links["mode"] == Mode.RAIL) & (links["kind"] == Kind.HAUL)]
    km = rail["length_km"].groupby([rail[by].astype(str), rail["electrified"].astype(str)]).sum().unstack(fill_value=0)
    return km.reindex(columns=[state.value for state in Electrified], fill_value=0.0)


def _point(text: str, places: dict[str, tuple[float, float]], what: str) -> tuple[float, float]:
    if text in places:
        return places[text]
    try:
        lon, lat = map(float, text.split())
    except ValueError:
        raise EditError(f"{what}: {text!r} is neither the code of a terminal nor a point (lon lat)") from None
    return lon, lat


class _Railways:
    """Railways in use of one or more countries, to look for shortest ways in."""

    def __init__(self, lines: Lines, countries: str) -> None:
        here = lines.links["country"].isin(countries.split()) & (lines.links["closed_reason"] == "")
        self.rows = np.flatnonzero(here)
        own = lines.links.iloc[self.rows]
        self.lonlat = lines.nodes[["lon", "lat"]].to_numpy()
        self.start, self.end = own["start"].to_numpy(), own["end"].to_numpy()
        count = len(lines.nodes)
        low, high = np.minimum(self.start, self.end), np.maximum(self.start, self.end)
        table: Any = pd.DataFrame({"a": low, "b": high, "km": own["length_km"].clip(lower=1e-6)})
        table = table.groupby(["a", "b"], as_index=False)["km"].min()
        self.graph = csr_matrix((table["km"], (table["a"], table["b"])), shape=(count, count))
        self.part = connected_parts(count, self.start, self.end)
        self.numbers = np.unique(np.concatenate([self.start, self.end]))
        self.size = np.bincount(self.part[self.numbers], minlength=count)
        self.tree = cKDTree(unit_vectors(*self.lonlat[self.numbers].T))

    def along(self, a: tuple[float, float], b: tuple[float, float], what: str) -> npt.NDArray[np.int64]:
        """Link rows of the shortest way from `a` to `b` and of the tracks beside it."""
        ends = self._ends(a, b, what)
        km, before = dijkstra(self.graph, directed=False, indices=ends[0], return_predecessors=True)
        straight_km = float(distance_km(*a, *b))
        if not km[ends[1]] <= DETOUR * straight_km + 2 * NEAR_KM:
            raise EditError(f"{what}: the way from {a} to {b} is {km[ends[1]]:.0f} km, {straight_km:.0f} km straight")
        way = [ends[1]]
        while way[-1] != ends[0]:
            way.append(int(before[way[-1]]))
        scale = np.array([np.cos(np.radians((a[1] + b[1]) / 2)), 1.0]) * KM_PER_DEGREE
        points = self.lonlat[way] * scale
        path = shapely.LineString(points if len(points) > 1 else np.repeat(points, 2, axis=0))
        shapely.prepare(path)
        used, number = np.unique(np.concatenate([self.start, self.end]), return_inverse=True)
        beside = shapely.dwithin(shapely.points(self.lonlat[used] * scale), path, ALONGSIDE_KM)[number]
        return np.asarray(self.rows[beside[: len(self.rows)] & beside[len(self.rows) :]], dtype=np.int64)

    def _ends(self, a: tuple[float, float], b: tuple[float, float], what: str) -> list[int]:
        """Nearest nodes to two points, both in the largest connected part that comes near to either."""
        near = [self._near(point, what) for point in (a, b)]
        shared = set(self.part[near[0]].tolist()) & set(self.part[near[1]].tolist())
        if not shared:
            raise EditError(f"{what}: no way between {a} and {b} inside its countries")
        best = max(shared, key=lambda part: int(self.size[part]))
        return [int(nodes[self.part[nodes] == best][0]) for nodes in near]

    def _near(self, point: tuple[float, float], what: str) -> npt.NDArray[np.int64]:
        """Nodes within `NEAR_KM`, the nearest first."""
        at = unit_vectors([point[0]], [point[1]])[0]
        found = self.numbers[self.tree.query_ball_point(at, chord_for_km(NEAR_KM))]
        if not len(found):
            raise EditError(f"{what}: no railway of its countries within {NEAR_KM:g} km of {point}")
        km = distance_km(point[0], point[1], self.lonlat[found, 0], self.lonlat[found, 1])
        return np.asarray(found[km.argsort(kind="stable")], dtype=np.int64)
