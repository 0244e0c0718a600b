"""The only place that measures: geodesic lengths in kilometres on the WGS84 ellipsoid (pyproj)."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
KM_PER_DEGREE = 111.2
"""Kilometres of a degree of latitude, near enough for boxes."""


@cache
def _geod() -> Any:
    from pyproj import Geod

    return Geod(ellps="WGS84")


def distance_km(lon_a: npt.ArrayLike, lat_a: npt.ArrayLike, lon_b: npt.ArrayLike, lat_b: npt.ArrayLike) -> FloatArray:
    """Great-circle kilometres between two arrays of points of the same shape (scalars broadcast)."""
    points = np.broadcast_arrays(*(np.asarray(value, dtype=float) for value in (lon_a, lat_a, lon_b, lat_b)))
    _, _, metres = _geod().inv(*points)
    return np.asarray(metres, dtype=float) / 1000.0


def point_distance_km(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Great-circle kilometres between two points."""
    return float(distance_km(lon_a, lat_a, lon_b, lat_b))


def line_length_km(coordinates: npt.ArrayLike) -> float:
    """Geodesic length in kilometres of a line of lon, lat rows, shape (n, 2)."""
    points = np.asarray(coordinates, dtype=float)
    return float(distance_km(points[:-1, 0], points[:-1, 1], points[1:, 0], points[1:, 1]).sum())


def unit_vectors(lon: npt.ArrayLike, lat: npt.ArrayLike) -> FloatArray:
    """Points on the unit sphere, shape (n, 3): nearest neighbours there are nearest on the ground, at any longitude."""
    phi, lam = np.radians(np.asarray(lat, dtype=float)), np.radians(np.asarray(lon, dtype=float))
    return np.column_stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])


def chord_for_km(km: float) -> float:
    """Straight-line distance on the unit sphere that spans `km` on the ground (mean Earth radius)."""
    return float(2.0 * np.sin(km / 6371.0088 / 2.0))
