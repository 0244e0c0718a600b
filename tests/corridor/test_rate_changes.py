"""Changed rates: exactly the classes of links that a change names, by exactly what it says."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor as co
from corridor.impedance import OBJECTIVES
from corridor.rate_changes import How, with_changes
from corridor.rates import REQUIRED
from geodata.network import Network

KZ = ("haul", "rail-1520", "KZ", "")
RU = ("haul", "rail-1520", "RU", "")
SEA = ("haul", "sea", "Black Sea", "")
AKTAU = ("transfer", "rail-1520>ferry", "KZ", "KZ_AKTAU")
POTI = ("transfer", "rail-1520>sea", "GE", "GE_POTI")
POTI_BACK = ("transfer", "sea>rail-1520", "GE", "GE_POTI")
LOADING = ("access", "loading rail-1520", "KZ", "KZ_KOSTANAY")
DISCHARGE = ("access", "discharge rail-1520", "KZ", "KZ_KOSTANAY")
FRONTIER = ("border", "rail-1520", "BY–PL", "")
CLASSES = (KZ, RU, SEA, AKTAU, POTI, POTI_BACK, LOADING, DISCHARGE, FRONTIER)


def test_a_change_of_railways_reaches_lines_whose_power_is_known() -> None:
    electric, diesel = ("haul", "rail-1520 electric", "KZ", ""), ("haul", "rail-1435 diesel", "TR", "")
    for layer, hit in {
        "rail": {electric, diesel}, "rail-1520": {electric}, "rail electric": {electric}, "rail-1435 diesel": {diesel},
        "sea": set(),
    }.items():  # fmt: skip
        change = co.RateChange("usd_per_tkm", "haul", How.FACTOR, 2.0, layer=layer)
        assert {each for each in (electric, diesel) if change.concerns("usd_per_tkm", each)} == hit


def test_what_a_change_replaces() -> None:
    def change(how: How, base: float, area: str = "DE") -> co.RateChange:
        return co.RateChange("usd_per_tkm", "haul", how, base, layer="waterway", area=area)

    half = change(How.FACTOR, 1.5)
    assert change(How.FACTOR, 2.0).replaces(half)
    assert change(How.VALUE, 0.1).replaces(half)
    assert not change(How.ADD, 0.1).replaces(half)
    assert not change(How.FACTOR, 2.0, area="NL").replaces(half)


@pytest.mark.parametrize(
    ("quantity", "kind", "where", "hit"),
    [
        ("usd_per_tkm", "haul", {}, {KZ, RU, SEA}),
        ("usd_per_tkm", "haul", {"layer": "rail"}, {KZ, RU}),
        ("usd_per_tkm", "haul", {"layer": "rail-1520"}, {KZ, RU}),
        ("usd_per_tkm", "haul", {"layer": "rail-1435"}, set()),
        ("usd_per_tkm", "haul", {"area": "KZ"}, {KZ}),
        ("usd_per_tkm", "haul", {"layer": "sea", "area": "KZ"}, set()),
        ("dwell_h", "transfer", {}, {AKTAU, POTI, POTI_BACK}),
        ("dwell_h", "transfer", {"layer": "rail>sea"}, {POTI}),
        ("dwell_h", "transfer", {"layer": "rail-1520>sea"}, {POTI}),
        ("dwell_h", "transfer", {"layer": ">sea"}, {POTI}),
        ("dwell_h", "transfer", {"layer": "sea>"}, {POTI_BACK}),
        ("dwell_h", "transfer", {"layer": "rail>"}, {AKTAU, POTI}),
        ("dwell_h", "transfer", {"terminal": "GE_POTI"}, {POTI, POTI_BACK}),
        ("dwell_h", "access", {"layer": "loading rail"}, {LOADING}),
        ("dwell_h", "access", {"layer": "rail"}, {LOADING, DISCHARGE}),
        ("dwell_h", "access", {"layer": "loading road"}, set()),
        ("dwell_h", "border", {"area": "BY–PL"}, {FRONTIER}),
    ],
)
def test_which_classes_a_change_concerns(toy_rates: co.Rates, quantity: str, kind: str, where, hit) -> None:
    change = co.RateChange(quantity, kind, How.FACTOR, 3.0, **where)
    rates = with_changes(toy_rates, (change,))
    for link_class in CLASSES:
        for other in REQUIRED[link_class[0]]:
            before, after = toy_rates.lookup(other, link_class), rates.lookup(other, link_class)
            assert after == (before * 3 if link_class in hit and other == quantity else before)


@pytest.mark.parametrize(
    ("how", "amount", "after"),
    [(How.FACTOR, 1.5, 72.0), (How.ADD, 12.0, 60.0), (How.ADD, -30.0, 18.0), (How.ADD, -500.0, 0.0),
     (How.VALUE, 7.0, 7.0)],
)  # fmt: skip
def test_factor_addition_and_value(toy_rates: co.Rates, how: How, amount: float, after: float) -> None:
    change = co.RateChange("dwell_h", "transfer", how, amount, layer="rail>ferry")
    assert toy_rates.lookup("dwell_h", AKTAU) == 48
    assert with_changes(toy_rates, (change,)).lookup("dwell_h", AKTAU) == after


def test_the_range_goes_with_the_level(toy_rates: co.Rates) -> None:
    change = co.RateChange("dwell_h", "transfer", How.ADD, 10, 1, 100, layer="rail>ferry")
    rates = with_changes(toy_rates, (change,))
    assert [rates.at(level).lookup("dwell_h", AKTAU) for level in ("low", "base", "high")] == [
        24 + 1,
        48 + 10,
        96 + 100,
    ]


def test_changes_follow_each_other_and_leave_the_rates_alone(toy_rates: co.Rates) -> None:
    double = co.RateChange("dwell_h", "transfer", How.FACTOR, 2.0)
    add = co.RateChange("dwell_h", "transfer", How.ADD, 10.0)
    assert with_changes(toy_rates, (double, add)).lookup("dwell_h", AKTAU) == 106
    assert with_changes(with_changes(toy_rates, (add,)), (double,)).lookup("dwell_h", AKTAU) == 116
    assert with_changes(toy_rates, ()) is toy_rates
    assert toy_rates.lookup("dwell_h", AKTAU) == 48
    assert co.BASELINE.rates_in_force(toy_rates) is toy_rates


def test_a_changed_rate_reaches_the_prices(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    change = co.RateChange("usd_per_tkm", "haul", How.FACTOR, 2.0, layer="rail", area="KZ")
    scenario = co.Scenario("dear").changing(change)
    before = co.price_links(toy, thousand, toy_rates)
    after = co.price_links(toy, thousand, scenario.rates_in_force(toy_rates))
    links = toy.links
    dear = ((links["kind"] == "haul") & (links["mode"] == "rail") & (links["country"] == "KZ")).to_numpy()
    assert dear.any()
    np.testing.assert_allclose(after["cost_usd"][dear], 2 * before["cost_usd"][dear])
    for name in OBJECTIVES:
        np.testing.assert_array_equal(after[name][~dear], before[name][~dear])
    routes = [
        co.find_route(toy, "Kostanay", "Aktau", thousand, each, rates=toy_rates)
        for each in (co.BASELINE, scenario, co.BASELINE, scenario)
    ]
    assert routes[1].cost_usd - routes[0].cost_usd == pytest.approx(1000 * 2000 * 0.02)
    assert (routes[2].legs, routes[3].legs) == (routes[0].legs, routes[1].legs)  # no answer is kept for another's


def test_access_to_a_point_has_changed_rates_too(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    wait = co.Scenario("wait").changing(co.RateChange("dwell_h", "access", How.ADD, 5.0, layer="loading road"))
    times = [
        co.find_route(toy, "62.5,52.7", "Kostanay", thousand, scenario, rates=toy_rates).time_h
        for scenario in (co.BASELINE, wait)
    ]
    assert times[1] - times[0] == pytest.approx(5.0)


@settings(max_examples=40, deadline=None)
@given(
    quantity=st.sampled_from(["usd_per_tkm", "kg_co2e_per_tkm"]),
    layer=st.sampled_from(["", "rail", "sea", "ferry", "road"]),
    factor=st.floats(1.0, 10.0),
)
def test_dearer_links_never_make_the_best_route_cheaper(make_toy, toy_rates, quantity, layer, factor) -> None:
    network, shipment = make_toy(), co.Shipment("wheat", 1000.0)
    objective = "cost_usd" if quantity == "usd_per_tkm" else "co2e_kg"
    dear = co.Scenario("dear").changing(co.RateChange(quantity, "haul", How.FACTOR, factor, layer=layer))
    before, after = (
        getattr(
            co.find_route(network, "Kostanay", "Ghent", shipment, each, minimize=objective, rates=toy_rates), objective
        )
        for each in (co.BASELINE, dear)
    )
    assert after >= before * (1 - 1e-4)
    assert after <= before * factor * (1 + 1e-4)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("usd_per_tkm", "transfer", How.FACTOR, 2.0), "no link of kind 'transfer' has a rate 'usd_per_tkm'"),
        (("usd", "haul", How.FACTOR, 2.0), "Known are haul: km_per_day, usd_per_tkm"),
        (("interest_percent_per_year", "any", How.FACTOR, 2.0), "no link of kind 'any'"),
        (("duty_usd_per_t", "duty", How.FACTOR, 2.0), "no link of kind 'duty' has a rate 'duty_usd_per_t'"),
        (("dwell_h", "transfer", How.FACTOR, 0.0), "outside 0.01…100"),
        (("dwell_h", "transfer", How.FACTOR, 1e9), "outside 0.01…100"),
        (("dwell_h", "transfer", How.FACTOR, float("nan")), "no finite numbers"),
        (("dwell_h", "transfer", How.FACTOR, "2"), "no finite numbers"),
        (("dwell_h", "transfer", How.ADD, 1e6), "outside -10000…10000"),
        (("km_per_day", "haul", How.VALUE, 0.0), "outside 1…5000"),
        (("dwell_h", "transfer", How.VALUE, -1.0), "outside 0…10000"),
        (("dwell_h", "transfer", How.ADD, 2.0, 3.0, 4.0), "low ≤ base ≤ high does not hold"),
    ],
)
def test_what_is_no_change(arguments, says: str) -> None:
    with pytest.raises(co.ScenarioError, match=says):
        co.RateChange(*arguments)


def test_words_for_a_change() -> None:
    change = co.RateChange(
        "dwell_h", "transfer", How.FACTOR, 1.4, layer="rail>sea", terminal="KZ_AKTAU", when=co.Period((10, 11)),
        reason="queue",
    )  # fmt: skip
    assert str(change) == "dwell_h of rail>sea transfers at KZ_AKTAU × 1.4 (queue, October–November)"
    assert str(co.RateChange("usd_per_tkm", "haul", How.ADD, 0.01, area="KZ")) == "usd_per_tkm of hauls in KZ + 0.01"


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"line": ("Makat",)}, "a line, which has two ends"),
        ({"line": ("Makat", "")}, "a line, which has two ends"),
        ({"line": ("Makat", "Beyneu"), "terminal": "Bosporus"}, "only hauls are on a line"),
        ({"line": ("Makat", "Beyneu"), "kind": "border", "quantity": "dwell_h"}, "only hauls are on a line"),
        ({"line": ("Makat", "Beyneu"), "layer": "air"}, "line Makat–Beyneu: unknown layer 'air'"),
    ],
)
def test_a_line_that_cannot_be_is_refused(changed: dict[str, Any], text: str) -> None:
    told = {"quantity": "km_per_day", "kind": "haul", "how": How.FACTOR, "base": 0.7} | changed
    with pytest.raises(co.ScenarioError, match=text):
        co.RateChange(**told)


def test_a_scenario_with_a_line_is_the_same_after_a_file(tmp_path: Path) -> None:
    change = co.RateChange("km_per_day", "haul", How.FACTOR, 0.7, layer="rail", line=("Makat", "Beyneu"))
    assert str(change) == "km_per_day of rail hauls on the line Makat–Beyneu × 0.7"
    one = co.Scenario("slow").changing(change)
    co.save_scenario(one, tmp_path / "slow.toml")
    assert co.load_scenario(tmp_path / "slow.toml") == one


def test_a_line_that_no_railway_joins_is_named(network: Network) -> None:
    change = co.RateChange("km_per_day", "haul", How.FACTOR, 0.7, layer="rail", line=("Aktau", "Ghent"))
    with pytest.raises(co.ScenarioError, match="Aktau–Ghent: no way by rail alone"):
        co.find_route(network, "Kostanay", "Poti", scenario=co.Scenario("odd").changing(change))


@pytest.mark.parametrize(
    "where", [{"layer": "zeppelin"}, {"layer": "sea", "area": "Atlantis"}, {"terminal": "KZ_NOWHERE"}]
)
def test_a_change_that_no_link_has_is_refused(network: Network, where: dict[str, str]) -> None:
    change = co.RateChange("usd_per_tkm", "haul", How.FACTOR, 2.0, **where)
    with pytest.raises(co.ScenarioError, match="the network has no such link"):
        co.find_route(network, "Kostanay", "Poti", scenario=co.Scenario("odd").changing(change))


@pytest.mark.parametrize(("quantity", "amount"), [("usd_per_tkm", -1.0), ("km_per_day", -2000.0)])
def test_an_addition_that_leaves_less_than_nothing_is_refused(network: Network, quantity: str, amount: float) -> None:
    change = co.RateChange(quantity, "haul", How.ADD, amount, layer="sea")
    with pytest.raises(co.ScenarioError, match=r"of sea hauls .* makes .* of .*, outside"):
        co.find_route(network, "Kostanay", "Ghent", scenario=co.Scenario("odd").changing(change))


def test_hours_may_run_down_to_nothing(network: Network) -> None:
    change = co.RateChange("dwell_h", "transfer", How.ADD, -1000.0)
    before, after = (
        co.find_route(network, "Kostanay", "Ghent", scenario=each)
        for each in (co.BASELINE, co.Scenario("at once").changing(change))
    )
    assert after.time_h < before.time_h
    assert all(leg.time_h >= 0 for leg in after.legs)


def test_a_terminal_told_by_its_name_is_answered_with_its_code(network: Network) -> None:
    change = co.RateChange("usd_per_t", "transfer", How.FACTOR, 2.0, terminal="Aktau")
    with pytest.raises(co.ScenarioError, match="no such link; write terminal = 'KZ_AKTAU', the code of Aktau"):
        co.find_route(network, "Kostanay", "Ghent", scenario=co.Scenario("slip").changing(change))
