"""Lines of routes: checked, made continuous, simplified, and handed to folium, one layer a route."""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any, cast

import folium
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from maps.basemap import load_insets
from maps.errors import BadGeometryError
from maps.style import MODE_STYLES, QUIET_COLOUR, QUIET_WIDTH_PX

TOLERANCE_M = 200.0
"""Greatest distance on the ground between a leg and its drawn line, while the vertex budget lasts."""

VERTEX_BUDGET = 12_000
"""Vertices in one page. Over it, the tolerance doubles until they fit: a page must stay small enough to email."""

NEAR_TOLERANCE_M = 30.0
"""The same where finer land is shipped: near ports the line must meet the quay."""

DECIMALS = 4
ROUTES_PANE = "routes"
_EARTH_M = 6_378_137.0
_MAX_LAT = 85.0
_MAX_LON = 360.0

Line = NDArray[np.float64]


def check_line(geometry: object, where: str) -> list[Line]:
    """
    Take a leg's shape apart into lines.

    Parameters
    ----------
    geometry
        LineString or MultiLineString in degrees, longitude first.
    where
        Names the leg in messages.

    Returns
    -------
    list of arrays, shape (n, 2)
        Longitude and latitude as given, except that no step spans more than half the globe: a line that crosses the
        180° meridian goes on beyond it (e.g. to 190°).

    Raises
    ------
    BadGeometryError
        Not a line, empty, not finite, or off the globe (latitudes beyond 85° cannot be drawn in this projection).

    """
    if not isinstance(geometry, shapely.LineString | shapely.MultiLineString) or geometry.is_empty:
        kind = geometry.geom_type if isinstance(geometry, BaseGeometry) else type(geometry).__name__
        raise BadGeometryError(f"{where}: a leg must be a line that is not empty, not {kind}")
    lines = []
    for part in shapely.get_parts(geometry):
        points: Line = shapely.get_coordinates(part)
        if not np.isfinite(points).all():
            raise BadGeometryError(f"{where}: a coordinate is not a finite number")
        lon, lat = np.abs(points).max(axis=0)
        if lat > _MAX_LAT or lon > _MAX_LON:
            swapped = lat <= _MAX_LON and lon <= _MAX_LAT
            hint = "; longitude and latitude look swapped" if swapped else ""
            raise BadGeometryError(f"{where}: coordinates reach {lon:g}° of longitude, {lat:g}° of latitude{hint}")
        unwrapped = points.copy()
        unwrapped[:, 0] = np.unwrap(points[:, 0], period=360.0)
        lines.append(unwrapped)
    return lines


def _to_mercator(points: Line) -> Line:
    """Web Mercator metres: at least as long as metres on the ground, so a tolerance here is one there."""
    lon, lat = np.radians(points).T
    metres: Line = _EARTH_M * np.column_stack((lon, np.log(np.tan(math.pi / 4 + lat / 2))))
    return metres


def simplify_line(points: Line, tolerance_m: float) -> Line:
    """
    Drop vertices; what is left lies within `tolerance_m` of the ground truth, rounded to about 11 m.

    Within the boxes of `load_insets` it lies within `NEAR_TOLERANCE_M`.
    """
    near = np.zeros(len(points), dtype=bool)
    for west, south, east, north in (inset["box"] for inset in load_insets()):
        near |= ((points > (west, south)) & (points < (east, north))).all(axis=1)
    turns = [0, *(np.flatnonzero(near[1:] != near[:-1]) + 1).tolist(), len(points) - 1]
    pieces = [
        _simplified(points[start : end + 1], min(tolerance_m, NEAR_TOLERANCE_M) if near[start] else tolerance_m)
        for start, end in pairwise(turns)
        if end > start
    ]
    whole = np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])]) if pieces else np.round(points, DECIMALS)
    return cast(Line, whole)


def _simplified(points: Line, tolerance_m: float) -> Line:
    """One stretch of a line, its ends kept."""
    if len(points) <= 2:
        return np.round(points, DECIMALS)
    simple = shapely.get_coordinates(shapely.LineString(_to_mercator(points)).simplify(tolerance_m))
    x, y = simple.T / _EARTH_M
    degrees = np.degrees(np.column_stack((x, 2 * np.arctan(np.exp(y)) - math.pi / 2)))
    rounded: Line = np.round(degrees, DECIMALS)
    return rounded


def simplify_legs(legs: Mapping[str, Sequence[list[Line]]]) -> tuple[dict[str, list[list[Line]]], float]:
    """
    Simplify all legs of a page to fit the vertex budget.

    Returns
    -------
    dict, float
        Route id → legs → lines; and the tolerance used, in metres.

    """
    tolerance_m = TOLERANCE_M
    while True:
        simple = {
            route_id: [[simplify_line(line, tolerance_m) for line in lines] for lines in own]
            for route_id, own in legs.items()
        }
        vertices = sum(len(line) for own in simple.values() for lines in own for line in lines)
        fewest = 2 * sum(len(lines) for own in simple.values() for lines in own)
        if vertices <= max(VERTEX_BUDGET, fewest) or tolerance_m > 50_000:
            return simple, tolerance_m
        tolerance_m *= 2


def _quiet_style(feature: dict[str, Any]) -> dict[str, Any]:
    """Every leg begins grey; the page colours the legs of the route that is selected."""
    style = MODE_STYLES[feature["properties"]["mode"]]
    return {
        "color": QUIET_COLOUR,
        "weight": QUIET_WIDTH_PX,
        "dashArray": style.dash or None,
        "lineCap": "butt" if style.dash else "round",
        "fill": False,
    }


def route_features(modes: Sequence[str], legs: Sequence[list[Line]]) -> dict[str, Any]:
    """One route as a GeoJSON FeatureCollection: a feature a leg, with ``leg`` (1 ... n) and ``mode`` as properties."""
    features = []
    for number, (mode, lines) in enumerate(zip(modes, legs, strict=True), start=1):
        parts = [line.tolist() for line in lines]
        single = len(parts) == 1
        features.append(
            {
                "type": "Feature",
                "id": str(number),
                "properties": {"leg": number, "mode": mode},
                "geometry": {
                    "type": "LineString" if single else "MultiLineString",
                    "coordinates": parts[0] if single else parts,
                },
            }
        )
    return {"type": "FeatureCollection", "features": features}


def route_layer(modes: Sequence[str], legs: Sequence[list[Line]]) -> Any:
    """
    Make one folium layer of one route; see `route_features`.

    No text from a table goes through folium; the page looks up names by the leg's number.
    """
    style: Callable[[dict[str, Any]], dict[str, Any]] = _quiet_style
    return folium.GeoJson(
        route_features(modes, legs),
        style_function=style,
        smooth_factor=1.0,
        control=False,
        pane=ROUTES_PANE,
        interactive=False,
    )


def bounds_of(legs: Mapping[str, Sequence[list[Line]]]) -> dict[str, list[float]]:
    """Route id → west, south, east, north in degrees."""
    boxes = {}
    for route_id, own in legs.items():
        points = np.concatenate([line for lines in own for line in lines])
        boxes[route_id] = [*points.min(axis=0).tolist(), *points.max(axis=0).tolist()]
    return boxes
