"""Lines drawn straight for too long: how many are left, and how they are led through their stations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from straight_networks import make_network

from geodata.clean import Lines
from geodata.errors import EditError
from geodata.network import Network
from geodata.straight import OFF_KM, lead_through_stations, straight_shares
from geodata.tables import read_table

DEGREE_KM = 111.3
SHARE = 0.19


def straight_line(length_km: float) -> Lines:
    """One edge along the equator, one degree long, whose line is `length_km` long."""
    return Lines.from_straight(np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([0]), np.array([1]), np.array([length_km]))


def station(lon: float, lat: float) -> pd.DataFrame:
    return pd.DataFrame({"line": ["A–B"], "station": ["Halfway"], "lon": [lon], "lat": [lat]})


def test_a_line_is_led_through_its_station_and_keeps_its_length() -> None:
    led = lead_through_stations(straight_line(140.0), station(0.5, 0.3))
    assert led.nodes[["lon", "lat"]].iloc[-1].tolist() == [0.5, 0.3]
    assert led.links["length_km"].tolist() == pytest.approx([70.0, 70.0])


def test_a_short_line_passes_as_near_as_its_length_allows() -> None:
    led = lead_through_stations(straight_line(112.0), station(0.5, 0.1))
    assert 0.03 < led.nodes["lat"].iloc[-1] < 0.1
    assert led.links["length_km"].sum() == pytest.approx(112.0)


def test_a_station_that_the_line_cannot_reach_is_refused() -> None:
    with pytest.raises(EditError, match=r"A–B: Halfway: the line, 112\.0 km long, passes \d+"):
        lead_through_stations(straight_line(112.0), station(0.5, 0.2 + OFF_KM / DEGREE_KM))


def test_a_station_far_from_every_long_edge_is_refused() -> None:
    with pytest.raises(EditError, match="no straight line within"):
        lead_through_stations(straight_line(112.0), station(0.5, 5.0))


def test_a_station_at_a_vertex_is_refused() -> None:
    with pytest.raises(EditError, match="a vertex there already"):
        lead_through_stations(straight_line(112.0), station(0.001, 0.0))


def test_shares_count_long_edges_and_those_that_are_straight_in_the_world() -> None:
    points = {
        "a": (0.0, 0.0, "rail-1520", "KZ"),
        "b": (1.0, 0.0, "rail-1520", "KZ"),
        "c": (1.1, 0.0, "rail-1520", "KZ"),
        "d": (3.1, 0.0, "rail-1520", "KZ"),
    }
    net = make_network(points, [("a", "b", {"length_km": 150.0}), ("b", "c", {}), ("c", "d", {})], {})
    row = straight_shares(net, "rail").loc["KZ"]
    assert row["straight_km"] == pytest.approx(150.0 + 2 * DEGREE_KM, rel=1e-3)
    assert row["proven_km"] == pytest.approx(2 * DEGREE_KM, rel=1e-3)
    assert row["share"] == pytest.approx(row["straight_km"] / (150.0 + 2.1 * DEGREE_KM), rel=1e-3)
    assert row["longest_km"] == pytest.approx(2 * DEGREE_KM, rel=1e-3)


def test_kazakh_railways_are_led_through_their_stations(network: Network) -> None:
    row = straight_shares(network, "rail").loc["KZ"]
    assert row["share"] < SHARE, "42 % in the package"
    assert row["longest_km"] < 260, "277 km in the package"


def test_places_of_stations_say_how_sure_they_are() -> None:
    table = read_table("line_courses")
    remembered = table["source"].str.startswith("general knowledge")
    assert not table.loc[remembered, "confidence"].eq("high").any()
    assert not table.duplicated(["mode", "line", "order"]).any()
