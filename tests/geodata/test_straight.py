"""Lines drawn straight for too long: how many are left, and how they are led through their stations."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from straight_networks import make_network

from geodata.clean import Lines
from geodata.errors import EditError
from geodata.measure import distance_km
from geodata.network import Network
from geodata.straight import OFF_KM, drawn_edges, lead_through_stations, straight_shares
from geodata.tables import read_table

DEGREE_KM = 111.3


def straight_line(length_km: float) -> Lines:
    """One edge along the equator, one degree long, whose line is `length_km` long."""
    return Lines.from_straight(np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([0]), np.array([1]), np.array([length_km]))


def station(lon: float, lat: float) -> pd.DataFrame:
    return stations(("Halfway", lon, lat))


def stations(*rows: tuple[str, float, float]) -> pd.DataFrame:
    """Stations of the line A–B, in their order."""
    table = pd.DataFrame(rows, columns=["station", "lon", "lat"])
    return table.assign(line="A–B", order=range(1, len(table) + 1))


def test_a_line_is_led_through_its_station_and_keeps_its_length() -> None:
    led = lead_through_stations(straight_line(140.0), station(0.5, 0.3))
    assert led.nodes[["lon", "lat"]].iloc[-1].tolist() == [0.5, 0.3]
    assert led.links["length_km"].tolist() == pytest.approx([70.0, 70.0])


@pytest.mark.parametrize("backwards", [False, True])
def test_stations_share_out_the_length_as_they_are_drawn(backwards: bool) -> None:
    """All at once: a line that has just the length of its course meets every station, whichever way the table runs."""
    rows = [("Bend", 0.25, 0.2), ("Halfway", 0.5, -0.1), ("Last", 0.75, 0.0)]
    x, y = np.array([0.0, *[row[1] for row in rows], 1.0]), np.array([0.0, *[row[2] for row in rows], 0.0])
    parts_km = distance_km(x[:-1], y[:-1], x[1:], y[1:])
    table = stations(*(rows[::-1] if backwards else rows))
    led = lead_through_stations(straight_line(parts_km.sum() + 1e-6), table)
    assert led.nodes[["lon", "lat"]].iloc[2:].to_numpy() == pytest.approx(np.array([row[1:] for row in rows]))
    assert led.links["length_km"].to_numpy() == pytest.approx(parts_km)


def test_two_edges_are_led_each_through_its_own_stations() -> None:
    lines = Lines.from_straight(
        np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]]), np.array([0, 1]), np.array([1, 2]), np.array([140.0, 140.0])
    )
    led = lead_through_stations(lines, stations(("East", 1.5, -0.2), ("West", 0.5, 0.2)).assign(line=["B–C", "A–B"]))
    assert led.nodes[["lon", "lat"]].iloc[3:].to_numpy().tolist() == [[1.5, -0.2], [0.5, 0.2]]
    assert led.links["length_km"].to_numpy() == pytest.approx(70.0)


def test_all_stations_of_a_line_are_on_one_edge() -> None:
    """The nearest to all of them, though one of them lies nearer to another."""
    lines = Lines.from_straight(
        np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 0.3], [1.0, 0.3]]),
        np.array([0, 2]),
        np.array([1, 3]),
        np.full(2, 140.0),
    )
    led = lead_through_stations(lines, stations(("First", 0.2, 0.05), ("Second", 0.5, 0.2), ("Third", 0.8, 0.0)))
    assert led.nodes[["lon", "lat"]].iloc[4:].to_numpy().tolist() == [[0.2, 0.05], [0.5, 0.2], [0.8, 0.0]]


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


def test_two_lines_on_one_edge_are_refused() -> None:
    table = stations(("West", 0.3, 0.1), ("East", 0.7, 0.1)).assign(line=["A–B", "B–C"])
    with pytest.raises(EditError, match="B–C and A–B are on one straight edge"):
        lead_through_stations(straight_line(140.0), table)


def test_a_station_at_a_vertex_is_refused() -> None:
    with pytest.raises(EditError, match="a vertex there already"):
        lead_through_stations(straight_line(112.0), station(0.001, 0.0))


def test_shares_count_the_length_of_long_edges() -> None:
    points = {
        "a": (0.0, 0.0, "rail-1520", "KZ"),
        "b": (1.0, 0.0, "rail-1520", "KZ"),
        "c": (1.1, 0.0, "rail-1520", "KZ"),
        "d": (3.1, 0.0, "rail-1520", "KZ"),
    }
    net = make_network(points, [("a", "b", {"length_km": 150.0}), ("b", "c", {}), ("c", "d", {})], {})
    row = straight_shares(net, "rail").loc["KZ"]
    assert row["straight_km"] == pytest.approx(150.0 + 2 * DEGREE_KM, rel=1e-3)
    assert row["share"] == pytest.approx(row["straight_km"] / (150.0 + 2.1 * DEGREE_KM), rel=1e-3)
    assert row["longest_km"] == pytest.approx(2 * DEGREE_KM, rel=1e-3)


def test_kazakh_railways_are_led_through_their_stations(network: Network) -> None:
    row = straight_shares(network, "rail").loc["KZ"]
    assert row["share"] < 0.05, "42 % in the package"
    assert row["longest_km"] < 60, "535 km in the package"


def test_the_line_to_altynkol_fits_its_published_kilometres() -> None:
    """Ortakudyk–Altynkol is 133.5 km by rail (perceptiofr.com, after ru.wikipedia.org)."""
    table = read_table("line_courses").query("line == 'Shelek–Altynkol'").sort_values("order")
    table = table[table["lon"] >= table.set_index("station").at["Ортакудык", "lon"]]
    lon, lat = np.array([*table["lon"], 80.283]), np.array([*table["lat"], 44.166])
    drawn_km = distance_km(lon[:-1], lat[:-1], lon[1:], lat[1:]).sum()
    assert 0.9 < drawn_km / 133.5 < 1.0


def test_the_road_from_aktau_to_beyneu_is_led_through_its_towns(network: Network) -> None:
    along = drawn_edges(network, "road").query(
        "country == 'KZ' and 51 < from_lon < 55.2 and 51 < to_lon < 55.2"
        " and 43.4 < from_lat < 45.4 and 43.4 < to_lat < 45.4"
    )
    assert along["edge_km"].max() < 95, "Say-Otes–Ustyurt is the longest"


@pytest.mark.parametrize("mode", ["rail", "road"])
def test_edges_share_out_the_length_of_their_links(network: Network, mode: str) -> None:
    km = drawn_edges(network, mode).groupby("link")["length_km"].sum()
    haul = network.links[(network.links["mode"] == mode) & (network.links["kind"] == "haul")]
    assert km.index.tolist() == haul.index.tolist()
    assert km.to_numpy() == pytest.approx(haul["length_km"].to_numpy())


def test_kazakh_railways_are_about_as_long_as_drawn(network: Network) -> None:
    edges = drawn_edges(network, "rail").query("country == 'KZ'")
    km = edges.groupby("link")[["edge_km", "length_km"]].sum().query("length_km > 50")
    share = km["edge_km"] / km["length_km"]
    assert share.max() <= 1.005
    winding = edges[edges["link"].isin(share.index[share < 0.85])]
    assert winding["from_lon"].between(81.8, 82.6).all(), "0.79, Shemonaikha–Glubokoye: its bends are not known"
    assert share.min() >= 0.75


def test_places_of_stations_say_how_sure_they_are() -> None:
    table = read_table("line_courses")
    remembered = table["source"].str.startswith("general knowledge")
    assert not table.loc[remembered, "confidence"].eq("high").any()
    assert not table.duplicated(["mode", "line", "order"]).any()


def test_lines_are_named_after_their_ends_in_latin_letters() -> None:
    names = read_table("line_courses")["line"]
    assert names.str.fullmatch("[^–Ѐ-ӿ]+–[^–Ѐ-ӿ]+").all()
