"""Routes as tables for maps, and as a page."""

import math

import numpy as np
import pytest
import shapely

import corridor as co
from corridor.page_tables import items_table, leg_line, legs_table, routes_table, stops_table
from geodata.network import Network
from geodata.places import Place

PER_TONNE = ("cost_usd", "co2e_kg")
HOSTILE = (
    '<img src=x onerror="window.hit=1">',
    "</script><script>window.hit=1</script>",
    "`;window.hit=1;`",
    "${window.hit=1}",
    '"><svg onload=window.hit=1>',
    "'); window.hit=1; ('",
    "</title></style><iframe srcdoc='<script>parent.hit=1</script>'>\u2028<!--<script>",
)


@pytest.fixture
def routes(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> list[co.Route]:
    return co.find_corridors(toy, "Kostanay", "Ghent", thousand, rates=toy_rates)


def check_tables(routes: list[co.Route]) -> None:
    whole, legs, stops = routes_table(routes), legs_table(routes), stops_table(routes)
    assert legs.crs.to_epsg() == stops.crs.to_epsg() == 4326
    for row, route in zip(whole.itertuples(), routes, strict=True):
        mine, halts = legs[legs["route_id"] == row.route_id], stops[stops["route_id"] == row.route_id]
        assert mine["leg"].tolist() == list(range(1, len(mine) + 1))
        assert halts["order"].is_monotonic_increasing
        assert halts["after_leg"].is_monotonic_increasing
        assert halts["after_leg"].between(0, len(mine)).all()
        assert mine["distance_km"].sum() == pytest.approx(route.distance_km)
        for name, total in (
            ("time_h", route.time_h),
            ("cost_usd_per_t", route.cost_usd_per_t),
            ("co2e_kg_per_t", route.co2e_kg_per_t),
        ):
            assert getattr(row, name) == total
            assert mine[name].sum() + halts[name].sum() == pytest.approx(total, rel=1e-9)
            assert (mine[name] >= -1e-9).all()
        for line, following in zip(mine.geometry, mine.geometry[1:], strict=False):
            gap = math.dist(line.coords[-1], following.coords[0])
            assert gap < 0.2, "the next leg starts somewhere else"  # quay and station of one port
        start, end = mine.geometry.iloc[0].coords[0], mine.geometry.iloc[-1].coords[-1]
        assert math.dist(start, (route.origin.lon, route.origin.lat)) < 0.3
        assert math.dist(end, (route.destination.lon, route.destination.lat)) < 0.3
        assert shapely.is_valid(mine.geometry.array).all()


def test_legs_and_stops_add_up_to_the_route(routes: list[co.Route]) -> None:
    check_tables(routes)


def test_legs_and_stops_by_hand(routes: list[co.Route]) -> None:
    legs, stops = legs_table(routes), stops_table(routes)
    northern = legs[legs["route_id"] == 2]
    assert northern["distance_km"].tolist() == [3210, 1900]
    assert northern["time_h"].tolist() == pytest.approx([20 + 120 + 30 + 0.5, 95])  # rolling, without frontiers
    assert northern["cost_usd_per_t"].tolist() == pytest.approx([64.2, 76])
    halts = stops[stops["route_id"] == 2]
    assert halts["what"].tolist() == [
        "Loading, rail", "Border KZ–RU", "Border BY–RU", "Border BY–PL", "Gauge change 1520 → 1435 mm",
        "Border DE–PL", "Border BE–DE", "Discharge, rail",
    ]  # fmt: skip
    assert halts["time_h"].tolist() == pytest.approx([36, 6, 6, 18, 24, 2, 2, 24])
    assert halts["name"].tolist()[0] == "Kostanay"
    assert stops[stops["route_id"] == 1]["what"].tolist()[:3] == ["Loading, rail", "Rail to ferry", "Ferry to rail"]


def test_shipped_corridors_add_up(network: Network) -> None:
    check_tables(co.find_corridors(network, "Kostanay", "Ghent"))
    check_tables([co.find_route(network, "63.6,53.2", "3.7,51.05")])


def test_items_sum_to_the_figures_of_their_step(network: Network) -> None:
    routes = [*co.find_corridors(network, "Kostanay", "Ghent"), co.find_route(network, "63.6,53.2", "3.7,51.05")]
    figures = ["time_h", "cost_usd_per_t", "co2e_kg_per_t"]
    items = items_table(routes)
    for table, number in ((legs_table(routes), "leg"), (stops_table(routes), "order")):
        own = items[items[number].notna()]
        sums = own.groupby(["route_id", number])[figures].agg(lambda values: values.astype(float).sum())
        for row in table.to_dict("records"):
            for name in figures:
                told = sums[name].get((row["route_id"], row[number]), 0.0)
                assert told == pytest.approx(row[name], rel=1e-6, abs=1e-9)
    assert (items["source"] != "").all()
    assert items["year"].notna().all()
    assert not items.duplicated(["route_id", "leg", "order", "item", "where", "unit", "source", "base"]).all()


def test_standing_hours_are_those_that_do_not_move(routes: list[co.Route], network: Network) -> None:
    assert legs_table(routes)["standing_h"].tolist() == [0.0] * len(legs_table(routes))  # its straits ask no waiting
    legs = legs_table(co.find_corridors(network, "Kostanay", "Ghent"))
    assert (legs["standing_h"] <= legs["time_h"]).all()
    assert (legs.loc[legs["mode"].isin(["sea", "waterway"]), "standing_h"] > 0).any()  # canals, straits and locks


def test_page_has_what_ifs_months_and_what_is_shut(toy: Network, toy_rates: co.Rates, thousand, routes) -> None:
    storm = co.Scenario("storm").close("Aktau", reason="wind")
    html = co.draw_map(routes, scenarios=[storm], months=[1]).to_html()
    assert '"id":"storm"' in html
    assert "Aktau (wind)" in html
    left = co.find_corridors(toy, "Kostanay", "Ghent", thousand, storm, rates=toy_rates)
    assert '"unavailable":[]' in co.draw_map(routes).to_html()
    assert '"reason":"Aktau (wind)"' in co.draw_map(left).to_html()


def test_a_line_follows_the_leg_in_its_direction(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    there = co.find_route(toy, "Kostanay", "Malaszewicze", thousand, rates=toy_rates)
    back = co.find_route(toy, "Malaszewicze", "Kostanay", thousand, rates=toy_rates)
    line, reverse = (np.array(leg_line(route, route.legs[1]).coords) for route in (there, back))
    assert line[0].tolist() == [63.6, 53.2]
    assert line[-1].tolist() == [23.5, 52.0]
    np.testing.assert_array_equal(reverse, line[::-1])
    assert len(np.unique(line, axis=0)) == len(line)  # a frontier's point is there once


def test_page_names_the_corridors(routes: list[co.Route]) -> None:
    html = co.draw_map(routes).to_html()
    for route in routes:
        assert route.corridor in html
    assert "Kostanay → Ghent" in html
    assert "1,000 t: flaxseed" in html
    assert "OpenStreetMap" in html


def test_page_says_what_is_closed_and_takes_titles(toy: Network, toy_rates: co.Rates, thousand) -> None:
    storm = co.Scenario("storm").close("Aktau", reason="wind")
    route = co.find_route(toy, "Kostanay", "Ghent", thousand, storm, rates=toy_rates)
    assert "storm · closed: Aktau (wind)" in co.draw_map(route).to_html()
    html = co.draw_map(route, title="My <title>", subtitle="mine").to_html()
    assert "<title>My &lt;title&gt;</title>" in html
    assert "storm" not in html


def test_map_of_the_shipped_network_is_small_enough_to_mail(network: Network) -> None:
    html = co.draw_map(co.find_corridors(network, "Kostanay", "Ghent")).to_html()
    assert len(html.encode()) < 1_000_000


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_place_names_stay_text(toy: Network, toy_rates: co.Rates, thousand, payload: str) -> None:
    farm = Place("farm", payload, "KZ", 63.5, 53.1)
    route = co.find_route(toy, farm, "Ghent", thousand, rates=toy_rates)
    harmless = co.find_route(toy, Place("farm", "Farm", "KZ", 63.5, 53.1), "Ghent", thousand, rates=toy_rates)
    html, plain = co.draw_map(route).to_html(), co.draw_map(harmless).to_html()
    for token in ("<script", "</script", "<iframe", "<img", "<svg", "</style", "</title", "<!--"):
        assert html.lower().count(token) == plain.lower().count(token), token
    assert payload not in html or not set(payload) & set("<>")
    assert "window.hit=1" in html or "parent.hit=1" in html  # it is shown, letter by letter


def test_nothing_to_draw() -> None:
    with pytest.raises(co.CorridorError, match="no route to draw"):
        co.draw_map([])


def test_a_point_on_a_road_node_can_be_drawn(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    """Its way by lorry is zero kilometres long: a stop, not a line."""
    route = co.find_route(toy, "3.2,51", "Kostanay", thousand, rates=toy_rates)
    assert route.legs[0].distance_km == 0
    stops = stops_table([route])
    assert stops["what"].tolist()[0] == "Loading, road"
    assert shapely.get_coordinates(stops.geometry.iloc[0]).tolist() == [[3.2, 51.0]]
    assert "Kostanay" in co.draw_map(route).to_html()


def test_a_route_without_its_network_cannot_be_drawn(routes: list[co.Route]) -> None:
    from dataclasses import replace

    with pytest.raises(co.CorridorError, match="does not know its network"):
        co.draw_map(replace(routes[0], network=None))
