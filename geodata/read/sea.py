"""Sea lanes from the PyPI package `searoute` 1.6.0 (Apache-2.0; after Eurostat and Oak Ridge National Laboratory)."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np

from geodata.clean import Lines
from geodata.errors import SourceError
from geodata.measure import distance_km

VERSION = "1.6.0"
PASSAGES = {
    "babalmandab": "Bab-el-Mandeb",
    "bosporus": "Bosporus",
    "dardanelles": "Dardanelles",
    "gibraltar": "Gibraltar",
    "malacca": "Malacca",
    "ormuz": "Hormuz",
    "south_africa": "Cape of Good Hope",
    "suez": "Suez Canal",
    "sunda": "Sunda",
}
"""Passage codes of the package and the names they bear here; others lie outside the region."""


def source_file() -> Path:
    """Where the installed package keeps its sea lanes."""
    spec = importlib.util.find_spec("searoute")
    if spec is None or not spec.submodule_search_locations:
        raise SourceError("the package searoute is not installed; run: pip install 'trade-corridor[build]'")
    return Path(next(iter(spec.submodule_search_locations))) / "data" / "marnet_searoute.geojson"


def read_sea() -> Lines:
    """Every sea lane of the package, world-wide: geodesic lengths, named passages."""
    features = json.loads(source_file().read_text("utf-8"))["features"]
    number: dict[tuple[float, float], int] = {}
    start, end, passage = [], [], []
    for feature in features:
        shape = feature["geometry"]
        name = PASSAGES.get(feature["properties"].get("passage") or "", "")
        for line in shape["coordinates"] if shape["type"] == "MultiLineString" else [shape["coordinates"]]:
            nodes = [number.setdefault((float(lon), float(lat)), len(number)) for lon, lat in line]
            start += nodes[:-1]
            end += nodes[1:]
            passage += [name] * (len(nodes) - 1)
    lonlat = np.array(list(number))
    a, b = np.array(start), np.array(end)
    km = distance_km(lonlat[a, 0], lonlat[a, 1], lonlat[b, 0], lonlat[b, 1])
    lines = Lines.from_straight(lonlat, a, b, km)
    return lines.with_links(lines.links.assign(passage=passage)[km > 0])
