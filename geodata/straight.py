"""
Lines that the package draws straight from one junction to the next: how many there are, and leading them through their
stations.

East of the Caspian the package keeps the true length of an edge, but not its course. A station on it is a vertex more;
the length stays what it was and bounds how far the line can swing out to the station.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from geodata.clean import NEAR_KM, FloatArray, IntArray, Lines, feet, link_ends, split_link
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


def straight_shares(network: Network, mode: str) -> pd.DataFrame:
    """
    How much of the lines of a mode lies on straight edges of the drawing that are longer than `LONG_KM`.

    Returns
    -------
    DataFrame
        Index: country. ``total_km``, ``straight_km`` (on such edges), ``share`` (straight ÷ total, 0…1), ``longest_km``
        (longest edge).

    """
    edges = drawn_edges(network, mode)
    by_country = edges.assign(straight_km=edges["length_km"].where(edges["edge_km"] > LONG_KM, 0.0)).groupby("country")
    sums = by_country[["length_km", "straight_km"]].sum().rename(columns={"length_km": "total_km"})
    return sums.assign(share=sums["straight_km"] / sums["total_km"], longest_km=by_country["edge_km"].max())


def drawn_edges(network: Network, mode: str) -> pd.DataFrame:
    """
    Every straight edge (two consecutive vertices) of the drawing of a mode.

    Returns
    -------
    DataFrame
        ``link`` (row of ``network.links``), ``country``, ``from_lon``, ``from_lat``, ``to_lon``, ``to_lat``,
        ``edge_km`` (great circle), ``length_km`` (its part of the length of its link, shared out by the drawing).

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
            "link": numbers[link], "country": links["country"].astype(str).to_numpy()[numbers][link],
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

    Parameters
    ----------
    stations
        Columns ``line``, ``order``, ``station``, ``lon``, ``lat``; of one mode. A line may run either way.

    Raises
    ------
    EditError
        No straight edge longer than `WORTH_KM` near a station (the row is wrong or not needed), a vertex there already,
        two lines on one edge, or the line passes more than `OFF_KM` from a station.

    """
    long = np.flatnonzero(_straight_km(lines) > WORTH_KM)
    on_edge: dict[int, pd.DataFrame] = {}
    for line, table in stations.groupby("line", sort=False):
        number, run = _find_edge(lines, long, table.sort_values("order"))
        if number in on_edge:
            other = on_edge[number]["line"].iat[0]
            raise EditError(f"line_courses.csv: {line} and {other} are on one straight edge: make them one line")
        on_edge[number] = run
    for number in sorted(on_edge, reverse=True):  # splitting moves the numbers above
        lines = _swing_out(lines, number, on_edge[number])
    return lines


def _find_edge(lines: Lines, long: IntArray, stations: pd.DataFrame) -> tuple[int, pd.DataFrame]:
    """Of the `long` links the nearest to all stations of a line; the stations along it, with their ``share`` of it."""
    found = [feet(lines, lon, lat, among=long) for lon, lat in zip(stations["lon"], stations["lat"], strict=True)]
    share, off_km = (np.array(part) for part in zip(*found, strict=True))
    nearest = int(off_km.sum(axis=0).argmin())
    stations, off_km = stations.assign(share=share[:, nearest]), off_km[:, nearest]
    if off_km.max() > REACH_KM:
        raise EditError(
            f"{_row(stations, int(off_km.argmax()))}: no straight line within {REACH_KM:g} km; the nearest is "
            f"{off_km.max():.1f} km off"
        )
    backwards = stations["share"].iat[0] > stations["share"].iat[-1]
    return int(long[nearest]), stations[::-1] if backwards else stations


def _swing_out(lines: Lines, number: int, stations: pd.DataFrame) -> Lines:
    """Lay an edge over its stations, or over the points next to them that its length allows."""
    link = lines.links.loc[number]
    ends = lines.nodes.loc[[link["start"], link["end"]], ["lon", "lat"]].to_numpy()
    on_line = ends[0] + stations[["share"]].to_numpy() * (ends[1] - ends[0])
    goals = stations[["lon", "lat"]].to_numpy()

    def course(swing: float) -> tuple[FloatArray, FloatArray]:
        """Points at `swing` (0…1) of the way from the edge to the stations, and the kilometres between them."""
        points = on_line + swing * (goals - on_line)
        run = np.vstack([ends[0], points, ends[1]])
        return points, distance_km(run[:-1, 0], run[:-1, 1], run[1:, 0], run[1:, 1])

    def fits(swing: float) -> bool:
        return bool(course(swing)[1].sum() <= link["length_km"])

    near, far = (1.0, 1.0) if fits(1.0) else (0.0, 1.0)
    while far - near > 1e-6:
        middle = (near + far) / 2
        near, far = (middle, far) if fits(middle) else (near, middle)
    points, parts_km = course(near)
    off_km = distance_km(points[:, 0], points[:, 1], goals[:, 0], goals[:, 1])
    if off_km.max() > OFF_KM:
        raise EditError(
            f"{_row(stations, int(off_km.argmax()))}: the line, {link['length_km']:.1f} km long, "
            f"passes {off_km.max():.1f} km off"
        )
    if parts_km.min() < NEAR_KM:
        raise EditError(f"{_row(stations, max(int(parts_km.argmin()) - 1, 0))}: the line has a vertex there already")
    shares = parts_km.cumsum()[:-1] / parts_km.sum()
    return split_link(lines, number, [(lon, lat) for lon, lat in points.tolist()], shares.tolist())


def _row(stations: pd.DataFrame, position: int) -> str:
    line, station = stations[["line", "station"]].iloc[position]
    return f"line_courses.csv, {line}: {station}"


def _straight_km(lines: Lines) -> FloatArray:
    (start_lon, start_lat), (end_lon, end_lat) = (points.T for points in link_ends(lines))
    return distance_km(start_lon, start_lat, end_lon, end_lat)
