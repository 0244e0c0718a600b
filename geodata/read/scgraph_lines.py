"""
Rail and roads from the PyPI package `scgraph_data` 2.0.0 (© OpenStreetMap contributors, ODbL).

A module of that package holds an adjacency list with the true length in km of every edge, and node
coordinates rounded to 3 decimals; its geometry is straight between nodes.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import types
from pathlib import Path

import numpy as np

from geodata.clean import Lines
from geodata.errors import SourceError
from geodata.measure import distance_km

VERSION = "2.0.0"


def read_rail() -> Lines:
    """Every railway line of the package, world-wide: nodes in lon, lat, lengths in km."""
    return _read("world_railways")


def read_roads() -> Lines:
    """Every motorway and trunk road of the package, world-wide: nodes in lon, lat, lengths in km."""
    return _read("world_highways")


def source_file(module: str) -> Path:
    """Where the installed package keeps the data of `module`."""
    spec = importlib.util.find_spec("scgraph_data")
    if spec is None or not spec.submodule_search_locations:
        raise SourceError("the package scgraph_data is not installed; run: pip install 'trade-corridor[build]'")
    return Path(next(iter(spec.submodule_search_locations))) / f"{module}.py"


def _read(module: str) -> Lines:
    source_file(module)
    adjacency, latlon = _load(module)
    nodes = np.asarray(latlon, dtype=float)[:, ::-1]
    arcs = np.array([(i, j, km) for i, near in enumerate(adjacency) for j, km in near.items() if i < j])
    start, end, km = arcs[:, 0].astype(np.int64), arcs[:, 1].astype(np.int64), arcs[:, 2]
    # The package measures on a sphere, up to 0.5 % short or long: never let a line be shorter than the geodesic.
    straight = distance_km(nodes[start, 0], nodes[start, 1], nodes[end, 0], nodes[end, 1])
    return Lines.from_straight(nodes, start, end, np.maximum(km, straight))


def _load(module: str) -> tuple[list[dict[int, float]], list[list[float]]]:
    """The package imports `scgraph.core`, a module that scgraph 3 no longer has: lend it one for the import."""
    import scgraph

    stand_in = types.ModuleType("scgraph.core")
    stand_in.GeoGraph = scgraph.GeoGraph  # type: ignore[attr-defined]
    missing = "scgraph.core" not in sys.modules
    if missing:
        sys.modules["scgraph.core"] = stand_in
    try:
        data = importlib.import_module(f"scgraph_data.{module}")
    finally:
        if missing:
            del sys.modules["scgraph.core"]
    return data.graph, data.nodes
