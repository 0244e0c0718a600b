"""
Lines that the package draws straight from one junction to the next: how many there are, and leading them through their
stations.

East of the Caspian the package keeps the true length of an edge, but not its course. A station on it is a vertex more;
the length stays what it was and bounds how far the line can swing out to the station.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import shapely

from geodata.clean import FloatArray, Lines, nearest_link, split_link
from geodata.errors import EditError
from geodata.measure import distance_km, point_distance_km
from geodata.network import Network
from geodata.vocabulary import Kind

LONG_KM = 50.0
"""A straight edge longer than this is a line whose course is not known."""
WORTH_KM = 20.0
"""Only edges longer than this are led through a station."""
REACH_KM = 60.0
"""A station may lie this far from the straight edge that it is on."""
OFF_KM = 10.0
"""A line may miss the coordinates of its station by this much, where its length does not let it swing out further."""
AS_STRAIGHT = 1.005
"""An edge whose line is not longer than this × the chord runs straight in the world too."""


def straight_shares(network: Network, mode: str, longer_than_km: float = LONG_KM) -> pd.DataFrame:
    """
    How much of the lines of a mode lies on straight edges (consecutive vertices of the drawing) that are too long.

    Returns
    -------
    DataFrame
        Index: country. ``total_km``, ``straight_km`` (on edges longer than `longer_than_km`; a link's length is shared
        out by its drawing), ``proven_km`` (the part of ``straight_km`` whose link is at most `AS_STRAIGHT` × as long as
        drawn: the line is straight there), ``share`` (straight ÷ total, 0…1), ``open_share`` (the same without
        ``proven_km``: how much has a course that is not known), ``longest_km`` (longest edge).

    """
    links = network.links
    numbers = np.flatnonzero((links["mode"] == mode) & (links["kind"] == Kind.HAUL))
    edge_km, link = _edges(network.geometry(numbers))
    drawn_km = np.bincount(link, weights=edge_km, minlength=len(numbers))
    total_km = links["length_km"].to_numpy()[numbers]
    stretch = np.divide(total_km, drawn_km, out=np.ones(len(numbers)), where=drawn_km > 0)
    long = edge_km > longer_than_km
    straight_km = np.bincount(link[long], weights=(edge_km * stretch[link])[long], minlength=len(numbers))
    table = pd.DataFrame(
        {
            "country": links["country"].astype(str).to_numpy()[numbers],
            "total_km": total_km,
            "straight_km": straight_km,
            "proven_km": np.where(stretch <= AS_STRAIGHT, straight_km, 0.0),
            "longest_km": np.maximum.reduceat(edge_km, np.flatnonzero(np.diff(link, prepend=-1))),
        }
    )
    sums = table.groupby("country")[["total_km", "straight_km", "proven_km"]].sum()
    return sums.assign(
        share=sums["straight_km"] / sums["total_km"],
        open_share=(sums["straight_km"] - sums["proven_km"]) / sums["total_km"],
        longest_km=table.groupby("country")["longest_km"].max(),
    )


def straight_edges(network: Network, mode: str, country: str, longer_than_km: float = LONG_KM) -> pd.DataFrame:
    """
    Every straight edge that is too long, longest first: what is left to draw.

    Returns
    -------
    DataFrame
        ``from`` and ``to`` (``lon lat``), ``edge_km``, ``stretch`` (length of its link ÷ the link's drawing),
        ``proven`` (stretch at most `AS_STRAIGHT`).

    """
    links = network.links
    numbers = np.flatnonzero(
        (links["mode"] == mode) & (links["kind"] == Kind.HAUL) & (links["country"].astype(str) == country)
    )
    drawing = network.geometry(numbers)
    edge_km, link = _edges(drawing)
    drawn_km = np.bincount(link, weights=edge_km, minlength=len(numbers))
    length_km = links["length_km"].to_numpy()[numbers]
    stretch = np.divide(length_km, drawn_km, out=np.ones(len(numbers)), where=drawn_km > 0)
    points, of_link = shapely.get_coordinates(drawing, return_index=True)
    same = of_link[1:] == of_link[:-1]
    names = np.array([f"{lon:.3f} {lat:.3f}" for lon, lat in points])
    table = pd.DataFrame(
        {
            "from": names[:-1][same],
            "to": names[1:][same],
            "edge_km": edge_km,
            "stretch": stretch[link],
            "proven": stretch[link] <= AS_STRAIGHT,
        }
    )
    return table[edge_km > longer_than_km].sort_values("edge_km", ascending=False, ignore_index=True)


def lead_through_stations(lines: Lines, stations: pd.DataFrame) -> Lines:
    """
    Lead the long straight edges through the stations of ``line_courses.csv``.

    Each edge keeps its length, shared out over the new parts as they are drawn. Where the edge is too short to reach a
    station (the coordinates are those of the town, or only about right), the line passes as near as its length allows.

    Raises
    ------
    EditError
        No straight edge longer than `WORTH_KM` near the station (the row is wrong or not needed), or the line passes
        more than `OFF_KM` from it.

    """
    for row in stations.itertuples(index=False):
        what = f"line_courses.csv, {row.line}: {row.station}"
        long = _straight_km(lines) > WORTH_KM
        number, share, off_km = nearest_link(lines, row.lon, row.lat, among=np.flatnonzero(long))
        if off_km > REACH_KM:
            raise EditError(f"{what}: no straight line within {REACH_KM:g} km; the nearest is {off_km:.1f} km off")
        lines = _swing_out(lines, number, share, row, what)
    return lines


def _swing_out(lines: Lines, number: int, share: float, station: Any, what: str) -> Lines:
    """Split a link at its station, or at the point next to it that its length allows."""
    link = lines.links.loc[number]
    ends = lines.nodes.loc[[link["start"], link["end"]], ["lon", "lat"]].to_numpy()
    foot = ends[0] + share * (ends[1] - ends[0])
    goal = np.array([station.lon, station.lat])
    near, far = 0.0, 1.0
    if distance_km(ends[:, 0], ends[:, 1], *goal).sum() > link["length_km"]:
        for _ in range(30):
            middle = (near + far) / 2
            at = foot + middle * (goal - foot)
            near, far = (
                (middle, far) if distance_km(ends[:, 0], ends[:, 1], *at).sum() <= link["length_km"] else (near, middle)
            )
    else:
        near = 1.0
    at = foot + near * (goal - foot)
    off_km = point_distance_km(at[0], at[1], *goal)
    if off_km > OFF_KM:
        raise EditError(f"{what}: the line, {link['length_km']:.1f} km long, passes {off_km:.1f} km off")
    arms_km = distance_km(ends[:, 0], ends[:, 1], *at)
    if arms_km.min() < 1.0:
        raise EditError(f"{what}: the line has a vertex there already")
    return split_link(lines, number, (float(at[0]), float(at[1])), arms_km[0] / arms_km.sum())


def _straight_km(lines: Lines) -> FloatArray:
    lonlat = lines.nodes[["lon", "lat"]].to_numpy()
    start, end = lonlat[lines.links["start"]], lonlat[lines.links["end"]]
    return distance_km(start[:, 0], start[:, 1], end[:, 0], end[:, 1])


def _edges(geometry: Any) -> tuple[FloatArray, Any]:
    """Kilometres of every edge of the drawings, and the position of its drawing."""
    points, link = shapely.get_coordinates(geometry, return_index=True)
    same = link[1:] == link[:-1]
    a, b = points[:-1][same], points[1:][same]
    return distance_km(a[:, 0], a[:, 1], b[:, 0], b[:, 1]), link[1:][same]
