"""Lanes on a tiny drawn sea with one island: led round it, joined to its ports."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from geodata.clean import Lines
from geodata.measure import line_length_km, point_distance_km
from geodata.water import Land, add_approaches, keep_off_land, split_harbours, way_over_water

ISLAND = shapely.box(0.8, -0.5, 1.2, 0.5)
COAST = shapely.box(-1.0, 2.0, 3.0, 3.0)


@pytest.fixture(scope="module")
def land() -> Land:
    return Land(shapely.MultiPolygon([ISLAND, COAST]))


def lane(a: tuple[float, float], b: tuple[float, float], **cells: object) -> Lines:
    one, two = np.array([0]), np.array([1])
    lines = Lines.from_straight(np.array([a, b]), one, two, np.array([point_distance_km(*a, *b)]))
    return lines.with_links(lines.links.assign(**cells))


def drawn(lines: Lines) -> np.ndarray:
    at = lines.nodes[["lon", "lat"]].to_numpy()
    return shapely.linestrings(np.stack([at[lines.links["start"]], at[lines.links["end"]]], axis=1))


def ports(*rows: tuple[str, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["name", "lon", "lat"])


def test_land_crossed_is_measured(land: Land) -> None:
    across = np.array([shapely.LineString([(0, 0), (2, 0)]), shapely.LineString([(0, 1), (2, 1)])])
    assert land.crossed_km(across) == pytest.approx([point_distance_km(0.8, 0, 1.2, 0), 0.0])


def test_lane_is_led_round_the_island(land: Land) -> None:
    before = lane((0, 0), (2, 0))
    after = keep_off_land(before, land)
    assert land.crossed_km(drawn(after)).sum() < 0.5
    corner = line_length_km([(0, 0), (0.8, 0.5), (1.2, 0.5), (2, 0)])
    assert corner <= after.links["length_km"].sum() <= corner * 1.03, "round the corners, hardly longer"
    assert len(before.links) == 1


def test_open_water_stays_straight(land: Land) -> None:
    after = keep_off_land(lane((0, 1), (2, 1)), land)
    assert len(after.links) == 1


def test_canals_stay(land: Land) -> None:
    canal = keep_off_land(lane((0, 0), (2, 0), passage="Island Canal"), land)
    assert canal.links["passage"].tolist() == ["Island Canal"]
    assert len(canal.links) == 1


def test_lane_to_an_inland_point_goes(land: Land) -> None:
    assert len(keep_off_land(lane((0, 1), (1, 2.8)), land).links) == 0


def test_way_over_water_is_straight_where_it_can_be(land: Land) -> None:
    assert way_over_water(land, (0, 1), (2, 1)) == [(0, 1), (2, 1)]


def test_port_on_the_coast_gets_approaches(land: Land) -> None:
    lanes = lane((0, 1), (2, 1))
    joined = add_approaches(lanes, ports(("Northport", 1.0, 2.02)), land, 200.0)
    assert joined.links["name"].tolist().count("Northport harbour") == 1
    assert len(set(joined.components())) == 1
    open_water = joined.with_links(joined.links[joined.links["name"] == ""])
    assert land.crossed_km(drawn(open_water)).sum() < 0.5


def test_port_on_a_river_is_left_to_it(land: Land) -> None:
    river = lane((1, 1), (1, 2.5), name="River")
    assert len(add_approaches(river, ports(("Upriver", 1.01, 2.5)), land, 200.0).links) == 1


def test_approaches_do_not_join_a_canal_midway(land: Land) -> None:
    canal = lane((0, 1), (2, 1), passage="Canal")
    joined = add_approaches(canal, ports(("Northport", 1.0, 1.9)), land, 200.0)
    assert len(joined.links) == 1


def test_harbour_is_split_off_and_the_length_kept(land: Land) -> None:
    ferry = lane((1.0, 2.03), (0, 1), name="Ferry", length_km=200.0)
    split = split_harbours(ferry, ports(("Northport", 1.0, 2.03)), land)
    assert split.links["length_km"].sum() == pytest.approx(200.0)
    assert sorted(split.links["name"]) == ["Ferry", "Northport harbour"]
    named = split.links["name"] == "Ferry"
    assert land.crossed_km(drawn(split)[named.to_numpy()]).sum() == 0.0


def test_a_wet_port_needs_no_harbour(land: Land) -> None:
    ferry = lane((1.0, 1.9), (0, 1), name="Ferry")
    assert len(split_harbours(ferry, ports(("Southport", 1.0, 1.9)), land).links) == 1
