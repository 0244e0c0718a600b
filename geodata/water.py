"""Lanes that keep to the water: how much land a line crosses, and the shortest way round it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from geodata.clean import Lines
from geodata.measure import distance_km, line_length_km, point_distance_km

FloatArray = npt.NDArray[np.float64]
Point = tuple[float, float]

TOLERATED_KM = 0.5
"""A lane may cross this much land: quays, breakwaters and a coast drawn at 1:10 million."""
GRIDS_DEGREES = (0.04, 0.015, 0.006)
"""Cell sizes on which a way round is sought, coarse first."""
MOST_CELLS = 1_500_000
ON_RIVER_KM = 12.0
"""A port this near to a named canal or river is reached by it."""
OFF_COAST_DEGREES = 0.01
DETOUR = 1.3
"""An approach may be this many times (and 5 km) longer than the great circle."""
SECTORS = 6
"""A port gets at most one approach from each of so many directions."""
NEIGHBOURS = ((1, 0), (-1, 1), (0, 1), (1, 1))
"""Steps from a cell to half of its eight neighbours; the other half are the same steps backwards."""


class Land:
    """
    Land to keep off, prepared for many questions.

    Parameters
    ----------
    land
        (Multi)polygon in lon lat.
    """

    def __init__(self, land: shapely.Geometry) -> None:
        self._parts = shapely.get_parts(land)
        self._tree = shapely.STRtree(self._parts)

    def near(self, west: float, south: float, east: float, north: float) -> shapely.Geometry:
        """The land inside a box, prepared."""
        box = shapely.box(west, south, east, north)
        local = shapely.union_all(shapely.intersection(self._parts[self._tree.query(box)], box))
        shapely.prepare(local)
        return local

    def nearest_water(self, point: Point) -> Point:
        """The point itself if it is wet, else one a little off the nearest coast."""
        local = self.near(point[0] - 1.0, point[1] - 1.0, point[0] + 1.0, point[1] + 1.0)
        if not shapely.contains_xy(local, *point):
            return point
        coast = shapely.get_coordinates(shapely.shortest_line(shapely.Point(point), shapely.boundary(local)))[-1]
        toward = coast - point
        off = coast + toward / np.hypot(*toward) * OFF_COAST_DEGREES
        return float(off[0]), float(off[1])

    def crossed_km(self, lines: npt.NDArray[np.object_]) -> FloatArray:
        """Kilometres of land that every line (shapely, lon lat) crosses."""
        km = np.zeros(len(lines))
        which, part = self._tree.query(lines, predicate="intersects")
        for line, overlap in zip(which, shapely.intersection(lines[which], self._parts[part]), strict=True):
            km[line] += sum(line_length_km(shapely.get_coordinates(piece)) for piece in shapely.get_parts(overlap))
        return km


def keep_off_land(lines: Lines, land: Land) -> Lines:
    """
    Lead every link round the land it crosses.

    Links with a name or a passage are canals, rivers and straits: they stay. A link that finds no way round, or whose
    way is more than three times as long, is left out.
    """
    links = lines.links
    lonlat = lines.nodes[["lon", "lat"]].to_numpy()
    start, end = links["start"].to_numpy(), links["end"].to_numpy()
    free = ((links["name"] == "") & (links["passage"] == "")).to_numpy()
    drawn = shapely.linestrings(np.stack([lonlat[start], lonlat[end]], axis=1))
    crossing = np.flatnonzero(free)[land.crossed_km(drawn[free]) > TOLERATED_KM]
    result = lines.with_links(links.drop(index=links.index[crossing]))
    for number in crossing:
        row = links.iloc[number]
        way = way_over_water(land, tuple(lonlat[row["start"]]), tuple(lonlat[row["end"]]))
        if way is not None:
            attributes = row.drop(["start", "end", "length_km"]).to_dict()
            result = _add_way(result, way, int(row["start"]), int(row["end"]), attributes)
    return result


def add_approaches(lines: Lines, ports: pd.DataFrame, land: Land, within_km: float) -> Lines:
    """
    Join every port to the lanes over open water: to the nearest lane node in each of `SECTORS` directions.

    A port that lies on the land of a coarse coast first gets a link ``<name> harbour`` to the water. Ports on a named
    canal or river (within `ON_RIVER_KM`), which leads them to the sea, are left alone, and so are these.

    Parameters
    ----------
    lines
        Lanes.
    ports
        Columns ``name``, ``lon``, ``lat``.
    land
        Land to keep off.
    within_km
        Longest approach.

    """
    named = lines.links[(lines.links["name"] != "") | (lines.links["passage"] != "")]
    lonlat = lines.nodes[["lon", "lat"]].to_numpy()
    river = np.unique(np.concatenate([named["start"], named["end"]]).astype(np.int64))
    open_water = np.ones(len(lonlat), dtype=bool)
    open_water[river] = False
    stretches = np.stack([lonlat[named["start"]], lonlat[named["end"]]], axis=1)
    rivers = shapely.multilinestrings(shapely.linestrings(stretches))
    for port in ports.itertuples(index=False):
        quay = (float(port.lon), float(port.lat))
        if _km_between(rivers, quay) <= ON_RIVER_KM:
            continue
        roads = land.nearest_water(quay)
        here = len(lines.nodes)
        lines = lines.add([roads], [])
        if roads != quay:
            lines = _add_way(lines.add([quay], []), [quay, roads], here + 1, here, {"name": f"{port.name} harbour"})
        km = distance_km(*roads, lonlat[:, 0], lonlat[:, 1])
        sector = _sector(*roads, lonlat)
        for number in range(SECTORS):
            there = np.flatnonzero((sector == number) & open_water & (km <= within_km) & (km > 0.5))
            for node in there[np.argsort(km[there], kind="stable")][:3]:
                way = way_over_water(land, roads, (float(lonlat[node, 0]), float(lonlat[node, 1])))
                if way is not None and line_length_km(way) <= DETOUR * km[node] + 5.0:
                    lines = _add_way(lines, way, here, int(node), {})
                    break
    return lines


def split_harbours(lines: Lines, ports: pd.DataFrame, land: Land) -> Lines:
    """Name the last stretch of a line to a port on the land of a coarse coast ``<name> harbour``."""
    for port in ports.itertuples(index=False):
        lonlat = lines.nodes[["lon", "lat"]].to_numpy()
        quay = int(np.argmin(np.abs(lonlat - [port.lon, port.lat]).sum(axis=1)))
        here = (float(lonlat[quay, 0]), float(lonlat[quay, 1]))
        roads = land.nearest_water(here)
        links = lines.links
        at_quay = ((links["start"] == quay) | (links["end"] == quay)).to_numpy()
        harbour_km = float(distance_km(*here, *roads))
        short = (links["length_km"][at_quay] < 2 * harbour_km).any()
        if short or roads == here or distance_km(*here, port.lon, port.lat) > 1.0:
            continue
        water = len(lines.nodes)
        moved = links.assign(
            start=links["start"].mask(at_quay & (links["start"] == quay), water),
            end=links["end"].mask(at_quay & (links["end"] == quay), water),
            length_km=links["length_km"].mask(at_quay, links["length_km"] - harbour_km),
        )
        attributes: dict[str, object] = {"name": f"{port.name} harbour", "length_source": "drawn"}
        lines = _add_way(lines.add([roads], []).with_links(moved), [here, roads], quay, water, attributes)
    return lines


def way_over_water(land: Land, a: Point, b: Point) -> list[Point] | None:
    """The shortest way from `a` to `b` over water, ends included; None if it is over three times the great circle."""
    straight_km = float(distance_km(*a, *b))
    for cell in GRIDS_DEGREES:
        margin = max(10 * cell, 0.5 * max(abs(a[0] - b[0]), abs(a[1] - b[1])))
        west, south = min(a[0], b[0]) - margin, min(a[1], b[1]) - margin
        east, north = max(a[0], b[0]) + margin, max(a[1], b[1]) + margin
        if (east - west) * (north - south) / cell**2 > MOST_CELLS:
            break
        local = land.near(west, south, east, north)
        if _dry_km(local, a, b) <= TOLERATED_KM:
            return [a, b]
        grid = _Grid(west, south, cell, int((east - west) / cell) + 1, int((north - south) / cell) + 1)
        steps = _grid_way(local, grid, a, b)
        way = _tightened(local, steps) if steps else None
        if way and sum(_dry_km(local, p, q) for p, q in itertools.pairwise(way)) <= TOLERATED_KM:
            return way if line_length_km(way) <= 3.0 * straight_km else None
    return None


class _Grid(NamedTuple):
    west: float
    south: float
    cell: float
    columns: int
    rows: int

    def points(self) -> FloatArray:
        x, y = np.meshgrid(np.arange(self.columns), np.arange(self.rows))
        return np.column_stack([self.west + x.ravel() * self.cell, self.south + y.ravel() * self.cell])


def _grid_way(land: shapely.Geometry, grid: _Grid, a: Point, b: Point) -> list[Point] | None:
    """Shortest way over the wet cells of a grid, from the wet cells nearest to `a` and `b`."""
    points = grid.points()
    wet = ~shapely.intersects_xy(land, points[:, 0], points[:, 1])
    if not wet.any():
        return None
    number = np.arange(len(points)).reshape(grid.rows, grid.columns)
    east = np.cos(np.radians(a[1] + b[1]) / 2)
    heads, tails, lengths = [], [], []
    for dx, dy in NEIGHBOURS:
        left, right = max(0, -dx), grid.columns - max(0, dx)
        here, there = number[: grid.rows - dy, left:right].ravel(), number[dy:, left + dx : right + dx].ravel()
        both = wet[here] & wet[there]
        heads.append(here[both])
        tails.append(there[both])
        lengths.append(np.full(both.sum(), np.hypot(dx * east, dy)))
    edges = (np.concatenate(lengths), (np.concatenate(heads), np.concatenate(tails)))
    graph = coo_matrix(edges, shape=(len(points), len(points))).tocsr()
    first, last = (_nearest_wet(points, wet, point) for point in (a, b))
    reached, before = dijkstra(graph, directed=False, indices=first, return_predecessors=True)
    if not np.isfinite(reached[last]):
        return None
    chain = [last]
    while chain[-1] != first:
        chain.append(int(before[chain[-1]]))
    return [a, *((float(lon), float(lat)) for lon, lat in points[chain[::-1]]), b]


def _nearest_wet(points: FloatArray, wet: npt.NDArray[np.bool_], point: Point) -> int:
    candidates = np.flatnonzero(wet)
    squared = ((points[candidates] - point) ** 2).sum(axis=1)
    return int(candidates[int(np.argmin(squared))])


def _tightened(land: shapely.Geometry, way: Sequence[Point]) -> list[Point]:
    """The same way with every point left out that can be: each leg as long as stays clear of land."""
    result, here = [way[0]], 0
    while here < len(way) - 1:
        step = len(way) - 1
        while step > here + 1 and shapely.intersects(land, shapely.LineString([way[here], way[step]])):
            step = here + max(1, (step - here) * 4 // 5)
        result.append(way[step])
        here = step
    return result


def _dry_km(land: shapely.Geometry, a: Point, b: Point) -> float:
    overlap = shapely.intersection(land, shapely.LineString([a, b]))
    return sum(line_length_km(shapely.get_coordinates(piece)) for piece in shapely.get_parts(overlap))


def _add_way(lines: Lines, way: Sequence[Point], start: int, end: int, attributes: dict[str, object]) -> Lines:
    """Add a run of links along `way` between two nodes; lengths are geodesic."""
    inner = range(len(lines.nodes), len(lines.nodes) + len(way) - 2)
    run = [start, *inner, end]
    lon, lat = np.array(way).T
    km = distance_km(lon[:-1], lat[:-1], lon[1:], lat[1:])
    pieces = [
        {**attributes, "start": one, "end": two, "length_km": length}
        for (one, two), length in zip(itertools.pairwise(run), km, strict=True)
    ]
    return lines.add(list(way[1:-1]), pieces)


def _km_between(shape: shapely.Geometry, point: Point) -> float:
    if shape.is_empty:
        return float("inf")
    nearest = shapely.get_coordinates(shapely.shortest_line(shape, shapely.Point(point)))[0]
    return point_distance_km(float(nearest[0]), float(nearest[1]), *point)


def _sector(lon: float, lat: float, lonlat: FloatArray) -> npt.NDArray[np.int64]:
    """Number of the direction in which every point lies, seen from a place."""
    east, north = (lonlat - [lon, lat]).T * [[np.cos(np.radians(lat))], [1.0]]
    return np.asarray((np.arctan2(north, east) + np.pi) / (2 * np.pi) * SECTORS, dtype=np.int64) % SECTORS
