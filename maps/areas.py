"""Areas around points: what of a country's land lies nearer to one point than to any other, up to a stated distance."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray

from maps.basemap import load_basemap
from maps.errors import BadGeometryError
from maps.packing import pack_line, unpack_lines

_EARTH_M = 6_378_137.0
_NEAR_DEG = 0.5
"""A point at most so far off the drawn coast belongs to the land next to it."""
_SIDES = 12
"""Segments of a quarter of a circle."""


@cache
def land_faces() -> tuple[shapely.Polygon, ...]:
    """
    Pieces of land between drawn frontiers and coasts, in degrees: mostly a country each.

    Where the basemap's frontiers leave a gap, two countries are one piece.
    """
    basemap = load_basemap()
    rings, borders = (
        [line * basemap["quantum"] for line in unpack_lines(basemap[name])] for name in ("land", "borders")
    )
    coasts = [np.vstack([ring, ring[:1]]) for ring in rings]
    lines = [shapely.LineString(line) for line in (*coasts, *borders) if len(line) > 1]
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(lines)]))
    areas = [shapely.make_valid(shapely.Polygon(ring)) for ring in rings if len(ring) > 3]
    within, _ = shapely.STRtree(areas).query(shapely.point_on_surface(faces), predicate="within")
    inside = np.bincount(within, minlength=len(faces)) % 2 == 1  # even-odd: a ring within a ring is water
    return tuple(faces[inside])


def area_cells(points: NDArray[np.float64], radius_km: float) -> list[shapely.Geometry]:
    """
    Give each point the land that is nearer to it than to any other on the same piece of land.

    Parameters
    ----------
    points
        Longitude and latitude in degrees, shape (n, 2); all different.
    radius_km
        No cell reaches farther from its point.

    Returns
    -------
    list of Polygon or MultiPolygon
        In degrees, in the order of the points; empty where a point is far from land. "Nearer" is meant in Web Mercator,
        which differs from the ground by less than the drawn line where cells are small.

    Raises
    ------
    BadGeometryError
        A coordinate is not finite.

    """
    if not np.isfinite(points).all():
        raise BadGeometryError("areas: a coordinate is not a finite number")
    faces = land_faces()
    tree = shapely.STRtree(faces)
    home: dict[int, list[int]] = {}
    for number, point in enumerate(shapely.points(points)):
        near = tree.query_nearest(point, max_distance=_NEAR_DEG)
        if len(near):
            home.setdefault(int(near[0]), []).append(number)
    cells: list[shapely.Geometry] = [shapely.Polygon()] * len(points)
    for face, members in home.items():
        land = shapely.make_valid(shapely.transform(faces[face], _forward))
        metres = _forward(points[members])
        for member, cell in zip(members, _nearest(metres, land), strict=True):
            lat = math.radians(points[member][1])
            disc = shapely.Point(_forward(points[[member]])[0]).buffer(1000 * radius_km / math.cos(lat), _SIDES)
            cells[member] = shapely.transform(cell.intersection(disc).intersection(land), _back)
    return cells


def pack_area(area: shapely.Geometry) -> str:
    """Pack the rings of an area for ``templates/basemap.js``, on the basemap's grid; "" for an empty one."""
    quantum = load_basemap()["quantum"]
    rings = [
        ring
        for polygon in shapely.get_parts(area)
        if isinstance(polygon, shapely.Polygon)
        for ring in (polygon.exterior, *polygon.interiors)
    ]
    packed = []
    for ring in rings:
        grid = np.round(shapely.get_coordinates(ring) / quantum).astype(np.int64)
        fresh = np.append(True, (np.diff(grid, axis=0) != 0).any(axis=1))
        if fresh.sum() > 3:
            packed.append(pack_line(grid[fresh]))
    return " ".join(packed)


def _nearest(points: NDArray[np.float64], land: shapely.Geometry) -> list[shapely.Geometry]:
    """Voronoi cells of points (metres), in their order, each at least as wide as the land."""
    west, south, east, north = land.bounds
    frame = shapely.box(west, south, east, north).buffer(max(east - west, north - south))
    if len(points) == 1:
        return [frame]
    cloud = shapely.MultiPoint(points)
    cells = shapely.get_parts(shapely.voronoi_polygons(cloud, extend_to=frame))
    tree = shapely.STRtree(cells)
    return [cells[int(tree.query(point, predicate="intersects")[0])] for point in shapely.points(points)]


def _forward(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    lon, lat = np.radians(np.clip(degrees, [-360.0, -85.0], [360.0, 85.0])).T
    metres: NDArray[np.float64] = _EARTH_M * np.column_stack((lon, np.log(np.tan(math.pi / 4 + lat / 2))))
    return metres


def _back(metres: NDArray[np.float64]) -> NDArray[np.float64]:
    x, y = metres.T / _EARTH_M
    degrees: NDArray[np.float64] = np.degrees(np.column_stack((x, 2 * np.arctan(np.exp(y)) - math.pi / 2)))
    return degrees
