"""What-ifs by corridor: figures as find_corridors has them, and what shuts a corridor."""

import math

import pytest

import corridor as co
from corridor.rate_changes import How
from corridor.what_if import OUTDONE, missing_corridors, what_if_table
from geodata.network import Network

NO_RUSSIA = co.Scenario("no-russia-belarus").close_country("RU", reason="not used")
STORM = co.Scenario("storm").close("Aktau", reason="wind")


@pytest.fixture
def routes(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> list[co.Route]:
    return co.find_corridors(toy, "Kostanay", "Ghent", thousand, rates=toy_rates)


def test_figures_are_those_of_the_corridors_under_the_scenario(routes, toy, toy_rates, thousand) -> None:
    table = what_if_table(routes, [NO_RUSSIA, STORM]).set_index(["scenario", "route_id"])
    assert len(table) == 2 * len(routes)
    for scenario in (NO_RUSSIA, STORM):
        under = co.find_corridors(toy, "Kostanay", "Ghent", thousand, scenario, rates=toy_rates)
        for found in under:
            number = next(n for n, route in enumerate(routes, 1) if route.corridor == found.corridor)
            row = table.loc[(scenario.name, number)]
            assert row["time_h"] == pytest.approx(found.time_h, abs=1e-3)
            assert row["cost_usd_per_t"] == pytest.approx(found.cost_usd_per_t, abs=1e-3)
        open_ones = table.loc[scenario.name]["time_h"].notna()
        assert 0 < open_ones.sum() < len(routes)


def test_a_shut_corridor_says_what_shuts_it(routes) -> None:
    table = what_if_table(routes, [NO_RUSSIA, STORM])
    shut = table[table["time_h"].isna()]
    assert set(shut.loc[shut["scenario"] == "storm", "reason"]) == {"Aktau (wind)"}
    assert set(shut.loc[shut["scenario"] == "no-russia-belarus", "reason"]) == {"country RU (not used)"}
    assert table["scenario_ru"].dropna().unique().tolist() == ["Без России и Беларуси"]


def test_months_are_asked_of_the_routes_own_scenario_too(routes) -> None:
    table = what_if_table(routes, [STORM], [1, 7])
    asked = table[["scenario", "month"]].drop_duplicates().fillna({"month": 0}).to_numpy().tolist()
    assert asked == [["", 1], ["", 7], ["storm", 0], ["storm", 1], ["storm", 7]]
    own = table[(table["scenario"] == "") & (table["month"] == 7)]
    for row, route in zip(own.itertuples(), routes, strict=True):  # the toy world has no season
        assert row.time_h == pytest.approx(route.time_h, abs=1e-3)


def test_changed_rates_change_the_figures(routes) -> None:
    slow = co.Scenario("slow frontier").changing(co.RateChange("dwell_h", "border", How.ADD, 48.0, area="BY–PL"))
    table = what_if_table(routes, [slow])
    for row, route in zip(table.itertuples(), routes, strict=True):
        more = 48.0 if route.corridor == "Northern" else 0.0
        assert row.time_h == pytest.approx(route.time_h + more, abs=1e-3)
        assert row.cost_usd_per_t == pytest.approx(route.cost_usd_per_t, abs=1e-3)


def test_routes_must_be_of_one_question(routes, toy, toy_rates, thousand) -> None:
    twice = [routes[0], routes[0]]
    with pytest.raises(co.CorridorError, match="told by corridor"):
        what_if_table(twice, [STORM])
    elsewhere = co.find_route(toy, "Kostanay", "Poti", thousand, rates=toy_rates)
    with pytest.raises(co.CorridorError, match="told by corridor"):
        what_if_table([routes[0], elsewhere], [STORM])
    with pytest.raises(co.CorridorError, match="one name: storm, storm"):
        what_if_table(routes, [STORM, STORM])
    with pytest.raises(co.ScenarioError, match="month"):
        what_if_table(routes, [STORM], [13])


def test_missing_corridors(routes, toy, toy_rates, thousand) -> None:
    assert missing_corridors(routes).empty
    left = co.find_corridors(toy, "Kostanay", "Ghent", thousand, STORM, rates=toy_rates)
    missing = missing_corridors(left)
    gone = [route.corridor for route in routes if route.corridor not in {one.corridor for one in left}]
    assert missing["name"].tolist() == gone != []
    assert set(missing["reason"]) == {"Aktau (wind)"}
    assert missing_corridors([routes[0], left[0]]).empty  # of two scenarios: nothing can be said


def test_shipped_what_ifs_have_figures_or_a_reason(network: Network) -> None:
    study = co.load_study("flaxseed-kostanay-ghent")
    routes = co.find_corridors(network, "Kostanay", "Ghent", study.shipments[0])
    table = what_if_table(routes, [co.load_scenario("no-russia-belarus"), co.load_scenario("caspian-winter")], [1])
    shut = table["time_h"].isna()
    assert shut.any()
    assert (table.loc[shut, "reason"] != "").all()
    assert OUTDONE not in set(table["reason"])
    assert not any(math.isnan(value) for value in table.loc[~shut, "cost_usd_per_t"])
