"""Points in the open sea are told from those on land."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import shapely

from geodata.errors import NetworkFileError
from geodata.measure import point_distance_km
from geodata.read import natural_earth
from geodata.settlements import _shipped
from geodata.shore import COAST_KM, km_from_land, read_land_file, sea_at, write_land
from geodata.tables import read_table


@pytest.mark.parametrize(
    ("lon", "lat", "sea"),
    [
        (51.0, 42.0, "the Caspian Sea"),
        (31.5, 60.9, "the water"),
        (34.0, 43.0, "the Black Sea"),
        (36.5, 46.1, "the Sea of Azov"),
        (3.0, 56.0, "the North Sea"),
        (19.5, 57.0, "the Baltic Sea"),
        (64.0, 18.0, "the Indian Ocean"),
    ],
)
def test_middle_of_the_sea(lon: float, lat: float, sea: str) -> None:
    assert km_from_land(lon, lat) > 20
    assert sea_at(lon, lat) == sea


@pytest.mark.parametrize(("lon", "lat"), [(63.62, 53.21), (66.0, 48.0), (3.72, 51.05), (6.0, 52.5)])
def test_dry_land_and_lakes(lon: float, lat: float) -> None:
    assert km_from_land(lon, lat) == 0.0


def test_every_terminal_is_on_land() -> None:
    for place in read_table("terminals").itertuples():
        assert km_from_land(place.lon, place.lat) < 2.0, place.terminal


def test_settlements_are_on_land() -> None:
    settlements = _shipped()
    for row in random.Random(5).sample(range(len(settlements)), 2000):
        assert km_from_land(float(settlements.lon[row]), float(settlements.lat[row])) <= COAST_KM, settlements.ids[row]


def test_kilometres_are_those_to_the_nearest_land(tmp_path: Path) -> None:
    """On the shipped land, against all its corners measured one by one."""
    corners = shapely.get_coordinates(read_land_file(Path(natural_earth.__file__).parents[1] / "shipped/land.wkb.gz"))
    for lon, lat in ((51.0, 42.0), (34.0, 43.0), (2.0, 60.0), (-8.0, 62.5)):
        near = corners[(np.abs(corners[:, 0] - lon) < 12) & (np.abs(corners[:, 1] - lat) < 5)]
        nearest = min(point_distance_km(lon, lat, *corner) for corner in near)
        found = km_from_land(lon, lat)
        assert nearest - 15 < found <= nearest + 0.5  # a side may be nearer than its corners


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "land.wkb.gz"
    write_land(shapely.box(0, 0, 1, 1), path)
    content = path.read_bytes()
    assert read_land_file(path).equals(shapely.box(0, 0, 1, 1))
    refused = 0
    for bit in range(8 * len(content)):
        damaged = bytearray(content)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        try:
            assert read_land_file(path).equals(shapely.box(0, 0, 1, 1))  # some bits say when and where it was packed
        except NetworkFileError as error:
            assert "is missing or damaged" in str(error)
            refused += 1
    assert refused > 6 * len(content)
    for length in range(len(content)):
        path.write_bytes(content[:length])
        with pytest.raises(NetworkFileError, match="is missing or damaged"):
            read_land_file(path)


@pytest.mark.build
def test_the_shipped_land_is_that_of_natural_earth(tmp_path: Path) -> None:
    pytest.importorskip("pyogrio")
    write_land(natural_earth.read_land(), tmp_path / "land.wkb.gz")
    shipped = read_land_file(Path(natural_earth.__file__).parents[1] / "shipped" / "land.wkb.gz")
    assert read_land_file(tmp_path / "land.wkb.gz").equals(shipped)
