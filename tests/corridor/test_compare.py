"""Routes side by side."""

import pandas as pd
import pytest

import corridor as co
from corridor.compare import BADGES, best_at
from geodata.network import Network
from geodata.vocabulary import Mode

COLUMNS = [
    "corridor", "name", "origin", "destination", "scenario", "via", "rail_km", "road_km", "sea_km", "ferry_km",
    "waterway_km", "distance_km", "time_h", "days", "cost_usd_per_t", "co2e_kg_per_t", "transfers", "best_at",
]  # fmt: skip


@pytest.fixture
def routes(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> list[co.Route]:
    return co.find_corridors(toy, "Kostanay", "Ghent", thousand, rates=toy_rates)


def test_table_by_hand(routes: list[co.Route]) -> None:
    table = co.compare(routes).set_index("corridor")
    assert list(table.index) == ["Middle – deep sea", "Northern", "Middle – Constanta"]
    assert table["cost_usd_per_t"].tolist() == pytest.approx([155.75, 159.9, 260.3])
    assert table["days"].tolist() == pytest.approx([1068.5 / 24, 383.5 / 24, 961 / 24])
    assert table["co2e_kg_per_t"].tolist() == pytest.approx([210.9, 104.2, 214.0])
    assert table["rail_km"].tolist() == pytest.approx([2800, 5110, 5900])
    assert table["sea_km"].tolist() == pytest.approx([7090, 0, 1100])
    assert table["ferry_km"].tolist() == pytest.approx([400, 0, 400])
    assert table["transfers"].tolist() == [3, 1, 4]
    assert table["best_at"].tolist() == ["cheapest", "fastest, lowest CO2e, shortest", ""]
    assert table.at["Northern", "via"] == "BY–PL · Malaszewicze"


def test_columns_in_order_and_unharmed_rows(routes: list[co.Route]) -> None:
    table = co.compare(routes)
    assert list(table.columns) == COLUMNS
    assert not table.isna().any().any()
    for row, route in zip(table.itertuples(), routes, strict=True):
        assert row.distance_km == route.distance_km
        assert row.cost_usd_per_t == route.cost_usd / 1000
        assert sum(getattr(row, f"{mode}_km") for mode in Mode) == pytest.approx(route.distance_km)


def test_the_order_given_is_kept(routes: list[co.Route]) -> None:
    backwards = co.compare(routes[::-1])
    pd.testing.assert_frame_equal(backwards[::-1].reset_index(drop=True), co.compare(routes))


def test_badges_go_to_the_least_and_ties_to_the_first(routes: list[co.Route]) -> None:
    badges = best_at(routes)
    for objective, badge in BADGES.items():
        (winner,) = [number for number, mine in enumerate(badges) if badge in mine]
        assert getattr(routes[winner], objective) == min(getattr(route, objective) for route in routes)
    twice = best_at([routes[1], routes[1], routes[0]])
    assert twice == [["fastest", "lowest CO2e", "shortest"], [], ["cheapest"]]


def test_one_route_is_best_at_nothing(routes: list[co.Route]) -> None:
    assert best_at(routes[:1]) == [[]]
    assert best_at([]) == []
    assert co.compare(routes[:1])["best_at"].tolist() == [""]
    assert len(co.compare([])) == 0


def test_a_route_of_no_corridor_is_still_told_apart(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    home = co.find_route(toy, "Kostanay", "Aktau", thousand, rates=toy_rates)
    assert home.corridor == ""
    assert co.compare([home, home])["corridor"].tolist() == ["other way", "other way"]


def test_scenarios_side_by_side(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    storm = co.Scenario("storm").close("Aktau")
    pair = [
        co.find_route(toy, "Kostanay", "Ghent", thousand, scenario, rates=toy_rates)
        for scenario in (co.BASELINE, storm)
    ]
    table = co.compare(pair)
    assert table["scenario"].tolist() == ["baseline", "storm"]
    assert table["cost_usd_per_t"].is_monotonic_increasing
