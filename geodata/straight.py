"""
Lines that the package draws straight from one junction to the next: how many there are, and leading them through their
stations.

East of the Caspian the package keeps the true length of an edge, but not its course. A station on it is a vertex more;
the length stays what it was and bounds how far the line can swing out to the station.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geodata.clean import FloatArray, Lines, feet, split_link
from geodata.errors import EditError
from geodata.measure import distance_km
from geodata.network import Network
from geodata.vocabulary import Kind

LONG_KM = 50.0
"""A straight edge longer than this is a line whose course is not known."""
WORTH_KM = 20.0
"""Only edges longer than this are led through a station."""
REACH_KM = 70.0
"""A station may lie this far from the straight edge that it is on."""
OFF_KM = 10.0
"""A line may miss the coordinates of its station by this much, where its length does not let it swing out further."""


def straight_shares(network: Network, mode: str, longer_than_km: float = LONG_KM) -> pd.DataFrame:
    """
    How much of the lines of a mode lies on straight edges of the drawing that are too long.

    Returns
    -------
    DataFrame
        Index: country. ``total_km``, ``straight_km`` (on edges longer than `longer_than_km`), ``share`` (straight ÷
        total, 0…1), ``longest_km`` (longest edge).

    """
    edges = drawn_edges(network, mode)
    edges["straight_km"] = edges["length_km"].where(edges["edge_km"] > longer_than_km, 0.0)
    by_country = edges.groupby("country")
    sums = by_country[["length_km", "straight_km"]].sum().rename(columns={"length_km": "total_km"})
    return sums.assign(share=sums["straight_km"] / sums["total_km"], longest_km=by_country["edge_km"].max())


def drawn_edges(network: Network, mode: str) -> pd.DataFrame:
    """
    Every straight edge (two consecutive vertices) of the drawing of a mode.

    Returns
    -------
    DataFrame
        ``country``, ``from_lon``, ``from_lat``, ``to_lon``, ``to_lat``, ``edge_km`` (great circle), ``length_km`` (its
        part of the length of its link, shared out by the drawing).

    """
    links = network.links
    numbers = np.flatnonzero((links["mode"] == mode) & (links["kind"] == Kind.HAUL))
    lonlat, of_link = shapely.get_coordinates(network.geometry(numbers), return_index=True)
    same = of_link[1:] == of_link[:-1]
    a, b, link = lonlat[:-1][same], lonlat[1:][same], of_link[1:][same]
    edge_km = distance_km(a[:, 0], a[:, 1], b[:, 0], b[:, 1])
    drawn_km = np.bincount(link, weights=edge_km, minlength=len(numbers))
    length_km = links["length_km"].to_numpy()[numbers]
    stretch = np.divide(length_km, drawn_km, out=np.ones(len(numbers)), where=drawn_km > 0)
    return pd.DataFrame(
        {
            "country": links["country"].astype(str).to_numpy()[numbers][link],
            "from_lon": a[:, 0], "from_lat": a[:, 1], "to_lon": b[:, 0], "to_lat": b[:, 1],
            "edge_km": edge_km, "length_km": edge_km * stretch[link],
        }
    )  # fmt: skip


def lead_through_stations(lines: Lines, stations: pd.DataFrame) -> Lines:
    """
    Lead the long straight edges through the stations of ``line_courses.csv``: each line is one edge, the nearest to all
    its stations.

    An edge keeps its length, shared out over the new parts as they are drawn. Where it is too short to reach its
    stations (a published length, or the coordinates of a town), it swings out as far towards them as its length allows.

    Raises
    ------
    EditError
        No straight edge longer than `WORTH_KM` near a station (the row is wrong or not needed), a vertex there already,
        two lines on one edge, or the line passes more than `OFF_KM` from a station.

    """
    long = np.flatnonzero(_straight_km(lines) > WORTH_KM)
    on_edge: dict[int, tuple[FloatArray, list[Any]]] = {}
    for _, table in stations.groupby("line", sort=False):
        rows = list(table.sort_values("order").itertuples(index=False))
        share, off_km = zip(*(feet(lines, row.lon, row.lat, among=long) for row in rows), strict=True)
        nearest = int(np.sum(off_km, axis=0).argmin())
        furthest = int(np.argmax([km[nearest] for km in off_km]))
        if off_km[furthest][nearest] > REACH_KM:
            raise EditError(
                f"{_row(rows[furthest])}: no straight line within {REACH_KM:g} km; the nearest is "
                f"{off_km[furthest][nearest]:.1f} km off"
            )
        if long[nearest] in on_edge:
            other = on_edge[long[nearest]][1][0].line
            raise EditError(f"{_row(rows[0])} and {other} are on one straight edge: give them one line, in order")
        on_edge[long[nearest]] = np.array([part[nearest] for part in share]), rows
    for number in sorted(on_edge, reverse=True):  # splitting moves the numbers above
        shares, rows = on_edge[number]
        if shares[0] > shares[-1]:  # the table runs against the edge
            shares, rows = shares[::-1], rows[::-1]
        lines = _swing_out(lines, number, shares, rows)
    return lines


def _swing_out(lines: Lines, number: int, shares: FloatArray, stations: Sequence[Any]) -> Lines:
    """Lay an edge over its stations, or over the points next to them that its length allows."""
    link = lines.links.loc[number]
    ends = lines.nodes.loc[[link["start"], link["end"]], ["lon", "lat"]].to_numpy()
    feet = ends[0] + shares[:, None] * (ends[1] - ends[0])
    goals = np.array([[row.lon, row.lat] for row in stations])

    def course(swing: float) -> tuple[FloatArray, FloatArray]:
        """Points at `swing` (0…1) of the way from the edge to the stations, and the kilometres between them."""
        points = feet + swing * (goals - feet)
        run = np.vstack([ends[0], points, ends[1]])
        return points, distance_km(run[:-1, 0], run[:-1, 1], run[1:, 0], run[1:, 1])

    near, far = (1.0, 1.0) if course(1.0)[1].sum() <= link["length_km"] else (0.0, 1.0)
    while far - near > 1e-6:
        middle = (near + far) / 2
        near, far = (middle, far) if course(middle)[1].sum() <= link["length_km"] else (near, middle)
    points, parts_km = course(near)
    off_km = distance_km(points[:, 0], points[:, 1], goals[:, 0], goals[:, 1])
    if off_km.max() > OFF_KM:
        raise EditError(
            f"{_row(stations[int(off_km.argmax())])}: the line, {link['length_km']:.1f} km long, "
            f"passes {off_km.max():.1f} km off"
        )
    if parts_km.min() < 1.0:
        raise EditError(f"{_row(stations[max(int(parts_km.argmin()) - 1, 0)])}: the line has a vertex there already")
    shares_km = parts_km.cumsum()[:-1] / parts_km.sum()
    return split_link(lines, number, [(lon, lat) for lon, lat in points.tolist()], shares_km.tolist())


def _row(station: Any) -> str:
    return f"line_courses.csv, {station.line}: {station.station}"


def _straight_km(lines: Lines) -> FloatArray:
    lonlat = lines.nodes[["lon", "lat"]].to_numpy()
    start, end = lonlat[lines.links["start"]], lonlat[lines.links["end"]]
    return distance_km(start[:, 0], start[:, 1], end[:, 0], end[:, 1])
