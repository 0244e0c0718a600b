"""The assumptions said to stand behind a route are those its figures follow from, and no others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import corridor as co
from corridor.provenance import assumptions_used, data_facts
from corridor.route import TOTALS
from geodata.network import Network

KEY = ["quantity", "kind", "layer", "area", "terminal"]


def totals(route: co.Route, network: Network, rates: co.Rates) -> list[float]:
    """Totals of the very same way, priced with other rates."""
    prices = co.price_links(network, route.shipment, rates)
    links = [link for leg in route.legs for link in leg.links]
    return [float(prices[name].iloc[links].sum()) for name in TOTALS]


def test_rows_not_named_do_not_matter_and_rows_named_do(
    toy: Network, toy_rates: co.Rates, thousand: co.Shipment
) -> None:
    for route in co.find_corridors(toy, "Kostanay", "Ghent", thousand, rates=toy_rates):
        used = assumptions_used([route])
        table = toy_rates.table
        named = table[KEY].apply(tuple, axis=1).isin(used[KEY].apply(tuple, axis=1))
        assert 0 < named.sum() == len(used) < len(table)
        before = totals(route, toy, toy_rates)
        others = co.Rates(table.assign(base=table["base"].where(named, table["base"] * 7 + 1)))
        assert totals(route, toy, others) == pytest.approx(before)
        for row in table[named].index:
            changed = co.Rates(table.assign(base=table["base"].where(table.index != row, table["base"] * 7 + 1)))
            assert totals(route, toy, changed) != pytest.approx(before), table.loc[row]


def test_the_level_in_force_is_told(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    low = toy_rates.at("low")
    route = co.find_route(toy, "Kostanay", "Ghent", thousand, rates=low)
    used = assumptions_used([route])
    assert set(used["level"]) == {"low"}
    assert (used["low"] <= used["base"]).all() and used["base"].max() > 0


def test_interest_and_carbon_count_where_they_are_minimised(
    toy: Network, toy_rates: co.Rates, thousand: co.Shipment
) -> None:
    for minimize, wanted in (("cost_usd", set()), ("generalized_usd", {"any"})):
        route = co.find_route(toy, "Kostanay", "Ghent", thousand, minimize=minimize, rates=toy_rates)
        assert set(assumptions_used([route])["kind"]) & {"any"} == wanted


def test_legs_are_named_by_route_and_number(network: Network, rates: co.Rates) -> None:
    route = co.find_route(network, "63.5,53.1", "Ghent")
    used = assumptions_used([route, route])
    lorry = used[used["layer"] == "loading road"]
    assert set(lorry["used_in"]) == {"1.1, 2.1"}
    poti = co.find_route(network, "Kostanay", "Poti", scenario=co.Scenario("round Russia").close_country("RU"))
    assert "KZ_KURYK" in set(assumptions_used([poti])["terminal"])


def test_the_data_are_named(network: Network, toy: Network) -> None:
    route = co.find_route(network, "Kostanay", "Poti")
    facts = data_facts([route, route])
    assert facts["program"].startswith("Corridor ") and "links " in facts["data_version"]
    assert "scgraph_data" in facts["data_sources"]
    mine = replace(toy, source="/home/someone/secret/own.zip")
    both = data_facts([route, replace(route, network=mine)])["data_version"]
    assert both.startswith("network shipped: ") and both.endswith("; network own.zip")
    assert data_facts([replace(route, network=None)])["data_version"] == "not known"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"nodes": 1}', '{"nodes": {}, "sources": {}}'])
def test_a_manifest_of_another_program_is_left_alone(text: str, network: Network, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(text)
    route = co.find_route(network, "Kostanay", "Poti")
    mine = replace(route, network=replace(network, source=str(tmp_path)))
    assert data_facts([mine])["data_version"] == f"network {tmp_path.name}"


def test_each_route_names_the_assumptions_it_was_found_with(network: Network, rates: co.Rates) -> None:
    low, high = (co.find_route(network, "Kostanay", "Ghent", rates=rates.at(level)) for level in ("low", "high"))
    used = assumptions_used([low, high])
    assert set(used["level"]) == {"low", "high"}
    for level, number in (("low", "1."), ("high", "2.")):
        assert used.loc[used["level"] == level, "used_in"].str.startswith(number).all()
