"""The field's measures by hand on the toy network; notes, sanctions and capacities follow what a route passes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

import corridor as co
from corridor.corridors import corridors
from corridor.metrics import MEANINGS, bottleneck_of, capacities, metrics_of, metrics_record
from corridor.notes import sanctions
from geodata.network import Network


@pytest.fixture
def northern(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> co.Route:
    """Kostanay to Ghent by rail all the way: 5,110 km, five frontiers, one change of gauge."""
    shut = co.Scenario("by land").close_mode("sea").close_mode("ferry")
    return co.find_route(toy, "Kostanay", "Ghent", thousand, shut, rates=toy_rates)


def test_measures_by_hand(northern: co.Route) -> None:
    """200 km at 240 km/day, 4,910 at 480; frontiers 6+6+18+2+2 h; transfer 24; loading 36, discharge 24."""
    found = metrics_of(northern)
    moving_h = 200 / 240 * 24 + 4910 / 480 * 24
    standing_h = (6 + 6 + 18 + 2 + 2) + 24 + 36 + 24
    assert northern.time_h == pytest.approx(moving_h + standing_h)
    assert found["swd_kmh"] == found["tfi4_kmh"] == pytest.approx(5110 / (moving_h + standing_h))
    assert found["swod_kmh"] == pytest.approx(5110 / moving_h)
    assert found["friction_share"] == pytest.approx(standing_h / (moving_h + standing_h))
    assert (found["borders"], found["transfers"], found["gauge_changes"]) == (5, 1, 1)
    assert found["tfi1_border_h"] == pytest.approx(34 / 5)
    assert found["tfi2_border_usd"] == pytest.approx(3 * 200 / 5 * 20 / 1000)  # 200 a consignment, none within the EU
    assert found["tfi3_usd"] == pytest.approx(northern.cost_usd / 1000 * 20 / 5110 * 500)
    assert found["sanctioned_km_share"] == pytest.approx(3000 / 5110)  # 2,400 km in Russia and 600 in Belarus
    assert set(found) == set(MEANINGS)


def test_measures_as_a_table(northern: co.Route) -> None:
    table = co.route_metrics([northern, northern])
    assert list(table.columns) == ["corridor", "via", *MEANINGS]
    assert len(table) == 2
    assert co.route_metrics([]).empty


def test_no_frontier_no_indicator(network: Network) -> None:
    found = metrics_record(co.find_route(network, "Kostanay", "Aktau"))
    assert found["borders"] == 0
    assert found["tfi1_border_h"] is None
    json.dumps(found, allow_nan=False)


def test_bottleneck_is_the_least_on_the_way(network: Network) -> None:
    kars = co.find_route(network, "Aktau", "Kars", scenario=co.Scenario("by rail").close_mode("road"))
    limit = bottleneck_of(kars)
    assert limit is not None
    assert (limit.kind, limit.name) == ("border", "GE–TR rail")
    assert metrics_of(kars)["bottleneck_kt_per_month"] == limit.base
    poti = co.find_route(
        network, "Kostanay", "Ghent", scenario=co.Scenario("south").close_country("RU").close("Batumi")
    )
    assert "Poti" in metrics_of(poti)["bottleneck"]


def test_every_capacity_and_sanction_is_of_something_there(network: Network) -> None:
    links = network.links
    for row in capacities():
        assert row.low <= row.base <= row.high, row
        name, _, mode = row.name.rpartition(" ") if row.kind in ("country", "area", "border") else (row.name, "", "")
        column = {"country": "country", "area": "area", "border": "name", "passage": "passage"}.get(
            row.kind, "terminal"
        )
        found = links.iloc[network.links_by(column).get(name, [])]
        assert len(found), row
        assert not mode or (found["mode"] == mode).any(), row
        layers = set(found["layer"]) | {f"{a} {b}" for a, b in zip(found["name"], found["layer"], strict=True)}
        assert not row.layer or row.layer in layers, row
    for sanction in sanctions():
        assert len(network.links_by("country")[sanction.country])


def test_notes_follow_what_is_passed(network: Network) -> None:
    ways = {route.corridor: route for route in co.find_corridors(network, "Kostanay", "Ghent")}
    assert any("Straubing" in note for note in ways["Middle – Danube"].notes)
    assert any("Russian Railways" in note for note in ways["Northern"].notes)
    for route in ways.values():
        by_rail_in_russia = any(
            leg.mode == "rail" and (network.links["country"].iloc[list(leg.links)] == "RU").any() for leg in route.legs
        )
        assert any("Russian Railways" in note for note in route.notes) == by_rail_in_russia, route.corridor
        for name in ("Marmaray tunnel", "Straubing–Vilshofen", "Volga–Don Canal"):
            passed = any((network.links["passage"].iloc[list(leg.links)] == name).any() for leg in route.legs)
            word = name.split("–", maxsplit=1)[0].split()[0]
            assert any(word in note for note in route.notes) == passed, (route.corridor, name)
    assert ways["Northern"].note == " ".join(ways["Northern"].notes)
    assert replace(ways["Northern"], notes=()).note == ""


ENDS = [(a, b) for a in ("Kostanay", "Astana", "Aktobe", "Almaty", "Pavlodar") for b in ("Ghent", "Mersin", "Amirabad")]


@pytest.mark.parametrize(("origin", "destination"), ENDS, ids="-".join)
def test_every_way_from_the_steppe_has_a_name(network: Network, origin: str, destination: str) -> None:
    for minimize in ("cost_usd", "time_h", "co2e_kg"):
        for route in co.find_corridors(network, origin, destination, minimize=minimize):
            assert route.corridor, route.via
    named = {rule.corridor for rule in corridors()}
    assert {route.corridor for route in co.find_frontier(network, origin, destination)} <= named
