"""
How far from land a point lies: coordinates in the open sea are a slip, and no lorry gets there.

Land is that of Natural Earth 1:10 million (public domain), simplified to about 2 km and without the smallest islands;
``shipped/land.wkb.gz`` is written by the build. The Caspian and great lakes (Aral, Balkhash, Ladoga) are water, other
lakes land.
"""

from __future__ import annotations

import gzip
import zlib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from geodata.errors import NetworkFileError
from geodata.measure import point_distance_km
from geodata.tables import read_table
from geodata.whole_files import write_whole

if TYPE_CHECKING:
    import shapely

COAST_KM = 8.0
"""Nearer to land than this a point counts as on land: the coast is drawn coarsely, and small islands are left out."""
KNOWN = (-12.9, 10.1, 124.9, 71.9)
"""West, south, east, north of the region whose land is known."""
SIMPLIFIED_DEGREES = 0.02
GRID_DEGREES = 0.01
SMALLEST_ISLAND_DEGREES2 = 0.0005
"""About 4 km²."""


def is_known(lon: float, lat: float) -> bool:
    """Whether a point lies in the region whose land is known."""
    west, south, east, north = KNOWN
    return west <= lon <= east and south <= lat <= north


def km_from_land(lon: float, lat: float) -> float:
    """Great-circle kilometres from a point of the known region to the nearest land, 0 on land."""
    import shapely

    parts, tree = _land()
    point = shapely.Point(lon, lat)
    if len(tree.query(point, predicate="intersects")):
        return 0.0
    # nearest in degrees is not nearest on the ground: look at all land that could be nearer
    first = shapely.get_coordinates(shapely.shortest_line(point, parts[int(tree.nearest(point))]))[-1]
    reach = float(np.hypot(*(first - (lon, lat)))) / max(0.2, float(np.cos(np.radians(lat))))
    near = parts[tree.query(shapely.box(lon - reach, lat - reach, lon + reach, lat + reach))]
    scale = np.array([np.cos(np.radians(lat)), 1.0])
    flat = shapely.transform(near, lambda points: (points - (lon, lat)) * scale)
    best = flat[int(shapely.distance(flat, shapely.Point(0.0, 0.0)).argmin())]
    foot = shapely.get_coordinates(shapely.shortest_line(shapely.Point(0.0, 0.0), best))[-1] / scale
    return point_distance_km(lon, lat, lon + float(foot[0]), lat + float(foot[1]))


def sea_at(lon: float, lat: float) -> str:
    """Name of the sea at a point of the water: ``"the Caspian Sea"``, ``"the water"`` where the table has none."""
    for row in read_table("sea_areas").itertuples(index=False):
        if row.west <= lon <= row.east and row.south <= lat <= row.north:
            return f"the {row.area}"
    return "the water"


def write_land(land: shapely.Geometry, path: Path) -> None:
    """Write the shipped table from land as `geodata.read.natural_earth.read_land` gives it."""
    import shapely

    simple = shapely.set_precision(shapely.simplify(land, SIMPLIFIED_DEGREES), GRID_DEGREES)
    parts = shapely.get_parts(simple)
    kept = shapely.multipolygons(parts[shapely.area(parts) >= SMALLEST_ISLAND_DEGREES2])
    write_whole(path, gzip.compress(shapely.to_wkb(kept), 9, mtime=0))


@cache
def _land() -> tuple[npt.NDArray[np.object_], shapely.STRtree]:
    import shapely

    parts = shapely.get_parts(read_land_file(Path(str(files("geodata") / "shipped" / "land.wkb.gz"))))
    return parts, shapely.STRtree(parts)


def read_land_file(path: Path) -> shapely.Geometry:
    """
    Land from a file of `write_land`.

    Raises
    ------
    NetworkFileError
        The file is missing or damaged (its check sum is wrong).

    """
    import shapely

    advice = "restore it (`git checkout geodata/shipped`, or reinstall) or rebuild it with `make network`"
    try:
        return shapely.from_wkb(gzip.decompress(path.read_bytes()))
    except (OSError, EOFError, zlib.error, shapely.errors.ShapelyError) as error:
        raise NetworkFileError(f"{path} is missing or damaged: {advice}") from error
