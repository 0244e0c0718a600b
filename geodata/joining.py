"""
How layers are joined at terminals, frontiers and seas: the numbers and rules shared by the build and every later verb.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import routingkit_cch

from geodata.measure import distance_km
from geodata.tables import read_table

BORDER_STATION_KM = 40.0
"""A border link is known by the nearest border station within this distance."""
SNAP_KM = {"rail": 10.0, "road": 40.0, "sea": 25.0, "ferry": 3.0, "waterway": 8.0}
"""How far a terminal may lie from the lines of a mode that it claims."""
DETOUR_FACTOR = {"rail": 1.1, "road": 1.3, "sea": 1.0, "ferry": 1.0, "waterway": 1.0}
"""Length of the last stretch between a terminal and the lines ÷ its great-circle length."""


class Border(NamedTuple):
    """What a border link is called, the code of its station ("" if none is near) and why it is closed ("" if open)."""

    name: str
    station: str
    closed_reason: str


class Borders:
    """Border stations among `terminals`, and the frontiers of ``closed_borders.csv``."""

    def __init__(self, terminals: pd.DataFrame) -> None:
        self.stations = terminals[terminals["role"].isin(["border", "gauge change"])]
        self.closed = {
            (row.mode, frozenset((row.country_a, row.country_b))): str(row.reason)
            for row in read_table("closed_borders").itertuples()
        }

    def at(self, lon: float, lat: float, mode: str, countries: tuple[str, str]) -> Border:
        """The border between two countries at a point, named by both and the nearest station of either."""
        pair = sorted(countries)
        near = self.stations[self.stations["country"].isin(pair)]
        km = distance_km(lon, lat, near["lon"].to_numpy(float), near["lat"].to_numpy(float))
        known = len(km) > 0 and km.min() <= BORDER_STATION_KM
        station = str(near["terminal"].iat[int(km.argmin())]) if known else ""
        return Border("–".join(pair), station, self.closed.get((mode, frozenset(pair)), ""))


def sea_areas(lonlat: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """Sea area (``sea_areas.csv``; else "ocean") of points, shape (n, 2), and the country of inland water, else ""."""
    area = np.full(len(lonlat), "ocean", dtype=object)
    country = np.full(len(lonlat), "", dtype=object)
    for box in read_table("sea_areas").iloc[::-1].itertuples(index=False):
        here = inside(lonlat, box)
        area[here], country[here] = box.area, box.country
    return area, country


def inside(lonlat: npt.NDArray[np.float64], box: Any) -> npt.NDArray[np.bool_]:
    """Which points, shape (n, 2), lie in a box with ``west``, ``south``, ``east``, ``north``."""
    lon, lat = lonlat.T
    return np.asarray((lon >= box.west) & (lon <= box.east) & (lat >= box.south) & (lat <= box.north), dtype=bool)


def contraction_rank(nodes: pd.DataFrame, links: pd.DataFrame) -> npt.NDArray[np.int32]:
    """Position of every node in the contraction order of the shortest-path engine (nested dissection by position)."""
    start, end = links["from_node"].to_numpy(), links["to_node"].to_numpy()
    order = routingkit_cch.compute_order_inertial(
        len(nodes),
        [*start.tolist(), *end.tolist()],
        [*end.tolist(), *start.tolist()],
        nodes["lat"].to_numpy(),
        nodes["lon"].to_numpy(),
    )
    rank = np.empty(len(nodes), dtype=np.int32)
    rank[np.asarray(order)] = np.arange(len(nodes), dtype=np.int32)
    return rank
