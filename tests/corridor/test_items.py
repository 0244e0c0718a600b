"""Everything that is counted, item by item, worked out by hand on the toy network; and where each figure comes from."""

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor as co
from corridor.impedance import ITEMS, barred_links, price_access, price_links
from corridor.rates import QUANTITIES
from geodata.network import Network

FIGURES = ("time_h", "cost_usd", "co2e_kg")


def also(rates: co.Rates, *rows: str) -> co.Rates:
    """Rates with further rows, told as ``quantity kind layer value area= terminal= unit= payload=`` (+ for a space)."""
    told = []
    for text in rows:
        quantity, kind, layer, value, *rest = text.split()
        where = dict(part.replace("+", " ").split("=") for part in rest)
        cells = {"quantity": quantity, "kind": kind, "layer": "" if layer == "-" else layer.replace("+", " ")}
        cells |= {"area": where.get("area", ""), "terminal": where.get("terminal", "")}
        numbers = dict.fromkeys(("low", "base", "high"), float(value))
        numbers |= {"payload_t": float(where.get("payload", "nan")), "year": 2024}
        told.append(cells | numbers | {"load_unit": where.get("unit", ""), "source": "toy", "file": "toy", "note": ""})
    table = rates.table.assign(load_unit="", payload_t=np.nan)
    return co.Rates(pd.concat([table, pd.DataFrame(told)], ignore_index=True), rates.level)


def gain(network: Network, rates: co.Rates, shipment: co.Shipment, *rows: str) -> pd.DataFrame:
    """What further rows add to the price of every link, only links that change."""
    more = price_links(network, shipment, also(rates, *rows)) - price_links(network, shipment, rates)
    return more[(more.abs() > 1e-9).any(axis=1)].drop(columns="generalized_usd")


def total(frame: pd.DataFrame, figure: str) -> float:
    return float(frame[figure].sum())


@pytest.mark.parametrize(
    ("row", "figure", "expected"),
    [
        # 1,000 t of flaxseed in all; hauls of the toy network: 900 km of broad gauge in GE 350, AZ 450
        ("empty_usd_per_tkm haul ferry 0.01", "cost_usd", [0.01 * 450 * 1000, 0.01 * 400 * 1000]),
        ("dwell_h haul - 12 terminal=Bosporus", "time_h", [12.0]),
        ("usd_per_t haul - 2 terminal=Dardanelles", "cost_usd", [2000.0]),
        ("war_risk_usd_per_t haul sea 3 terminal=Bosporus", "cost_usd", [3000.0]),
        ("war_risk_usd_per_t transfer >sea 5 area=Black+Sea", "cost_usd", [5000.0] * 2),  # Poti, Constanta
        ("t_per_day transfer rail>sea 500 terminal=GE_POTI", "time_h", [48.0]),
        ("t_per_day access discharge+sea 2000 terminal=BE_GHENT", "time_h", [12.0]),
        ("usd_per_unit border - 10 area=BY–PL", "cost_usd", [10 * 1000 / (100 / 1.57)]),
        ("duty_usd_per_t duty flaxseed 7 area=KZ–EU", "cost_usd", [7000.0] * 11),  # discharges in RO, PL, DE, BE, LV
    ],
)
def test_each_further_quantity_by_hand(
    toy: Network, toy_rates: co.Rates, thousand: co.Shipment, row: str, figure: str, expected: list[float]
) -> None:
    added = gain(toy, toy_rates, thousand, row)
    if row.startswith("duty"):
        expected = expected[:1] * len(added)
        at = toy.links.iloc[added.index]
        assert set(at["name"]) == {"discharge"}
        assert {str(code)[:2] for code in at["terminal"]} == {"RO", "PL", "DE", "BE", "LV"}
    assert sorted(added[figure]) == pytest.approx(sorted(expected))
    for other in set(FIGURES) - {figure}:
        assert total(added, other) == 0.0


def test_the_further_quantities_are_all_tested_or_required() -> None:
    """A quantity that no item counts would be a row that does nothing."""
    counted = {(item.kind, item.quantity) for item in ITEMS}
    of_ships = ("parcel_t", "largest_t", "least_t", "percent_per_doubling")
    for kind, quantities in QUANTITIES.items():
        for quantity in quantities:
            if quantity not in (*of_ships, "duty_usd_per_t", "subsidy_usd_per_t"):
                assert (kind, quantity) in counted


@pytest.mark.parametrize(("tonnes", "hours"), [(1.0, 49.99), (2500.0, 25.0), (5000.0, 0.0), (20_000.0, 0.0)])
def test_a_small_shipment_waits_for_the_rest_of_the_parcel(
    toy: Network, toy_rates: co.Rates, tonnes: float, hours: float
) -> None:
    """100 h gather a parcel of 5,000 t: half a parcel comes while the other half gathers, a full one sails at once."""
    rows = ("parcel_t transfer >sea 5000", "fill_h transfer >sea 100", "t_per_day transfer >sea 2400")
    rates = also(toy_rates, *rows)
    sea = ((toy.links["terminal"] == "GE_POTI") & (toy.links["layer"] == "rail-1520>sea")).to_numpy()
    waits = price_links(toy, co.Shipment(tonnes=tonnes), rates)["time_h"][sea].iloc[0]
    assert waits == pytest.approx(240.0 + hours + tonnes / 100)  # loading follows
    alone = gain(toy, toy_rates, co.Shipment(tonnes=tonnes), rows[1])  # no parcel is known: nothing to fill
    assert alone.empty


def test_ships_come_at_the_pace_of_the_trade(toy: Network, toy_rates: co.Rates) -> None:
    """100 h gather 5,000 t, which load in 20: one that brings all of them still leaves after half of the hours."""
    rates = also(toy_rates, "parcel_t transfer >sea 5000", "fill_h transfer >sea 100", "t_per_day transfer >sea 6000")
    sea = ((toy.links["terminal"] == "GE_POTI") & (toy.links["layer"] == "rail-1520>sea")).to_numpy()
    for tonnes in (1.0, 2500.0, 5000.0):
        hours = price_links(toy, co.Shipment(tonnes=tonnes), rates)["time_h"][sea].iloc[0] - 240.0
        assert hours == pytest.approx(50.0, abs=0.01)


def test_at_a_transfer_a_ship_waits_for_its_own_load_only(toy: Network, toy_rates: co.Rates) -> None:
    """500 t a day fill a ship of 2,000 t in four days, however many ships there are; at the origin all is loaded."""
    rows = ("t_per_day transfer rail>sea 500", "parcel_t transfer >sea 2000", "t_per_day access loading+rail 500")
    for tonnes, aboard in ((1000.0, 48.0), (2000.0, 96.0), (10_000.0, 96.0)):
        added = gain(toy, toy_rates, co.Shipment("wheat", tonnes), *rows)["time_h"]
        kinds = toy.links["kind"].iloc[added.index].astype(str).to_numpy()
        assert added[kinds == "transfer"].tolist() == pytest.approx([aboard] * int((kinds == "transfer").sum()))
        assert set(added[kinds == "access"].round(6)) == {tonnes / 500 * 24}


@pytest.mark.parametrize(
    ("tonnes", "largest", "hours"),
    [
        (2000.0, "", 96.0),  # one ship of 2,000 t at 500 t a day
        (10_000.0, "", 96.0 + 8000 / 500 * 24 - 8000 / 800 * 24),  # the four behind it arrive at 800 t a day
        (10_000.0, "largest_t transfer >sea 6000", 288.0 + 4000 / 500 * 24 - 4000 / 800 * 24),
        (10_000.0, "largest_t transfer >sea 30000", 480.0),  # one ship for all
        (10_000.0, "largest_t transfer >sea 1000", 96.0 + 8000 / 500 * 24 - 8000 / 800 * 24),  # the usual ship
    ],
)
def test_what_arrives_faster_than_it_is_loaded_queues_and_the_ship_follows_the_shipment(
    toy: Network, toy_rates: co.Rates, tonnes: float, largest: str, hours: float
) -> None:
    rows = ["t_per_day transfer >sea 500 terminal=GE_POTI", "parcel_t transfer >sea 2000"]
    rows += [largest] if largest else []
    arriving = also(toy_rates, "t_per_day access loading+rail 800")
    shipment = co.Shipment("wheat", tonnes)
    added = price_links(toy, shipment, also(arriving, *rows)) - price_links(toy, shipment, arriving)
    found = added["time_h"][added["time_h"] > 1e-9].tolist()
    assert found == pytest.approx([hours])


def test_a_ship_behind_another_is_discharged_while_the_first_is(toy: Network, toy_rates: co.Rates) -> None:
    """Ships of 2,000 t, loaded at 1,000 t a day, are discharged at 500: ten of them take 4 days and 9 · 2 days."""
    loading = ("t_per_day access loading+sea 1000", "parcel_t access loading+sea 2000")
    rates = also(toy_rates, *loading)
    for shipment, days in ((co.Shipment("wheat", 2000.0), 4.0), (co.Shipment("wheat", 20_000.0), 4.0 + 9 * 2.0)):
        more = also(rates, "t_per_day access discharge+sea 500 terminal=BE_GHENT")
        added = price_links(toy, shipment, more) - price_links(toy, shipment, rates)
        assert added["time_h"][added["time_h"] > 0].tolist() == pytest.approx([days * 24])


@pytest.mark.parametrize(
    ("tonnes", "paid"),
    [
        (100.0, 1000.0),  # the least part of a hold
        (3000.0, 3000.0),
        (6000.0, 6000.0),  # the usual ship
        (12_000.0, 12_000 * 0.75),
        (24_000.0, 24_000 * 0.75**2),
        (48_000.0, 48_000 * 0.75**2),  # none is larger
    ],
)
def test_freight_of_ships_smaller_and_larger_than_the_usual(
    toy: Network, toy_rates: co.Rates, tonnes: float, paid: float
) -> None:
    rows = (
        "least_t haul sea 1000", "parcel_t haul sea 6000", "largest_t haul sea 24000",
        "percent_per_doubling haul sea -25",
    )  # fmt: skip
    shipment = co.Shipment("wheat", tonnes)
    sea = (toy.links["mode"] == "sea") & (toy.links["kind"] == "haul")
    prices = price_links(toy, shipment, also(toy_rates, *rows))[sea.to_numpy()]
    assert prices["cost_usd"].to_numpy() == pytest.approx(0.005 * paid * prices["distance_km"].to_numpy())


def test_a_wagon_and_a_lorry_are_paid_for_whole(toy: Network, toy_rates: co.Rates) -> None:
    prices = price_links(toy, co.Shipment("wheat", 5.0), toy_rates)
    hauls = (toy.links["kind"] == "haul").to_numpy()
    for mode, usd_per_km in (("rail", 0.02 * 70), ("road", 0.1 * 22)):
        at = hauls & (toy.links["mode"] == mode).to_numpy() & (toy.links["layer"] != "rail-1435").to_numpy()
        per_km = prices["cost_usd"][at] / prices["distance_km"][at]
        assert per_km.to_numpy() == pytest.approx(usd_per_km)
    by_weight = prices["co2e_kg"][hauls] / prices["distance_km"][hauls] / 5.0
    assert by_weight.max() < 0.21  # CO2e is of the tonnes that go, kilograms a tkm


def test_locks_are_counted_where_the_network_has_them(
    make_toy: Callable[..., Network], toy_rates: co.Rates, thousand: co.Shipment
) -> None:
    network = make_toy()
    danube = ((network.links["country"] == "AT") & (network.links["kind"] == "haul")).to_numpy()
    links = network.links.assign(locks=np.where(danube, 9.0, 0.0))
    locked = replace(network, links=links, cache={})
    added = gain(locked, toy_rates, thousand, "h_per_lock haul - 0.5")
    assert added["time_h"].tolist() == pytest.approx([4.5])


def test_electric_and_diesel_lines(
    make_toy: Callable[..., Network], toy_rates: co.Rates, thousand: co.Shipment
) -> None:
    network = make_toy()
    rail = (network.links["kind"] == "haul") & (network.links["mode"] == "rail")
    power = pd.Series("", index=network.links.index).mask(rail, "unknown")
    power[rail & (network.links["country"] == "GE")] = "yes"
    power[rail & (network.links["country"] == "AZ")] = "no"
    known = replace(network, links=network.links.assign(electrified=power), cache={})
    rates = also(
        toy_rates, "kg_co2e_per_tkm haul rail+electric 0.5", "kg_co2e_per_tkm haul rail+electric 0.003 area=GE",
        "kg_co2e_per_tkm haul rail+diesel 0.03", "kg_co2e_per_tkm haul rail+unknown 0.017 area=TR",
    )  # fmt: skip
    prices = price_links(known, thousand, rates)["co2e_kg"]
    hauls = known.links[rail & known.links["length_km"].isin([350.0, 450.0, 200.0])]
    found = {(str(row.country), row.length_km): prices[row.Index] for row in hauls.itertuples()}
    assert found["GE", 350.0] == pytest.approx(0.003 * 350 * 1000)
    assert found["AZ", 450.0] == pytest.approx(0.03 * 450 * 1000)
    assert found["KZ", 200.0] == pytest.approx(0.02 * 200 * 1000)  # no row of its own: that of the railway
    turkish = rail & (known.links["country"] == "TR")
    assert prices[turkish].tolist() == pytest.approx((0.017 * 1000 * known.links.loc[turkish, "length_km"]).tolist())


def test_a_light_load_costs_more_where_the_rate_is_by_the_wagon(toy: Network, toy_rates: co.Rates) -> None:
    """At a rate quoted for 70 t in a wagon of 100 m³: wheat fills it by weight, flaxseed 63.7 t, sunflower 41.7 t."""
    rates = also(toy_rates, "usd_per_tkm haul rail 0.03 area=KZ payload=70")
    haul = ((toy.links["length_km"] == 2000) & (toy.links["country"] == "KZ")).to_numpy()
    for commodity, factor in {"wheat": 1.0, "flaxseed": 70 / (100 / 1.57), "sunflower seed": 70 / (100 / 2.4)}.items():
        cost = price_links(toy, co.Shipment(commodity, 1000), rates)["cost_usd"][haul].tolist()
        assert cost == pytest.approx([0.03 * 2000 * 1000 * factor])


def test_a_row_for_the_load_unit_wins(toy: Network, toy_rates: co.Rates) -> None:
    rates = also(toy_rates, "km_per_day haul - 1000 unit=container", "km_per_day haul rail 500 area=KZ")
    haul = ("haul", "rail-1520", "KZ", "")
    assert rates.lookup("km_per_day", haul, "container") == 1000
    assert rates.lookup("km_per_day", haul, "hopper wagon") == 240  # rail-1520 in KZ is more specific than rail in KZ
    assert rates.lookup("km_per_day", ("haul", "rail-1435", "KZ", ""), "truck") == 500
    rail = ((toy.links["length_km"] == 2000) & (toy.links["country"] == "KZ")).to_numpy()
    hours = [
        price_links(toy, co.Shipment("wheat", 100, unit), rates)["time_h"][rail].iloc[0] for unit in ("container", "")
    ]
    assert hours == pytest.approx([48.0, 200.0])


def test_goods_of_the_country_itself_or_of_the_union_pay_no_duty(toy: Network, toy_rates: co.Rates) -> None:
    for made_in in ("BE", "TR"):
        shipment = co.Shipment("wheat", 100, made_in=made_in)
        assert gain(toy, toy_rates, shipment, "duty_usd_per_t duty - 7 area=BE–EU").empty
    lorry = also(toy_rates, "duty_usd_per_t duty - 7 area=KZ–EU")
    km, ton = np.array([0.0]), co.Shipment("wheat", 1)
    into, out = (price_access("BE", km, action, ton, lorry)["cost_usd"][0] for action in ("discharge", "loading"))
    assert into - out == pytest.approx(7.0)


def test_lorries_do_not_go_by_rail_or_ship(toy: Network, toy_rates: co.Rates) -> None:
    lorry = co.Shipment("wheat", 100, "truck")
    open_links = toy.links[~barred_links(toy, lorry)]
    assert set(open_links.loc[open_links["kind"] == "haul", "layer"]) == {"road", "ferry"}
    assert not barred_links(toy, co.Shipment("wheat", 100)).any()
    with pytest.raises(co.NoRouteError, match=r"for a truck \(it goes by ferry, road\)"):
        co.find_route(toy, "Kostanay", "Ghent", lorry, rates=toy_rates)
    assert np.isnan(co.cost_matrix(toy, ["Kostanay"], ["Ghent"], lorry, rates=toy_rates).to_numpy()).all()


# --- the trace


@pytest.fixture(params=["Kostanay", "62.5,52.6"])
def traced(request: pytest.FixtureRequest, toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> co.Route:
    rates = also(
        toy_rates, "parcel_t transfer >sea 5000", "fill_h transfer >sea 100", "dwell_h haul - 12 terminal=Bosporus",
        "duty_usd_per_t duty - 7 area=KZ–EU", "t_per_day access - 500",
    )  # fmt: skip
    return co.find_route(toy, request.param, "Ghent", thousand, rates=rates)


def test_items_sum_to_legs_and_legs_to_totals(traced: co.Route) -> None:
    items = traced.items()
    for figure in FIGURES:
        by_leg = items.groupby("leg")[figure].sum()
        assert by_leg.tolist() == pytest.approx([getattr(leg, figure) for leg in traced.legs], rel=1e-9)
        assert items[figure].sum() == pytest.approx(getattr(traced, figure), rel=1e-9)
    assert traced.rates is not None
    whole = co.find_route(
        traced.network,
        traced.origin,
        traced.destination,
        traced.shipment,
        rates=traced.rates,  # type: ignore[arg-type]
    )
    assert whole == traced


def test_every_figure_is_amount_times_or_over_value(traced: co.Route) -> None:
    items = traced.items()
    figure = np.where(items["divides"], items["amount"] / items["value"], items["amount"] * items["value"])
    told = items[["time_h", "co2e_kg", "generalized_usd"]].sum(axis=1)  # dollars count in generalized_usd as well
    np.testing.assert_allclose(figure, told, rtol=1e-12)
    assert traced.rates is not None
    np.testing.assert_array_equal(traced.rates.table["base"].iloc[items["assumption"]], items["value"])
    assert (traced.rates.table["quantity"].iloc[items["assumption"]].to_numpy() == items["quantity"]).all()


def test_inventory_and_carbon_are_items_of_generalized_usd(traced: co.Route) -> None:
    items = traced.items().groupby("item")[["cost_usd", "generalized_usd"]].sum()
    assert items.loc["inventory", "cost_usd"] == 0.0
    assert items.loc["inventory", "generalized_usd"] == pytest.approx(7 * traced.time_h)  # 7 USD an hour, see above
    assert items.loc["carbon price", "generalized_usd"] == pytest.approx(traced.co2e_kg / 10)  # 100 USD a tonne
    assert items["generalized_usd"].sum() == pytest.approx(traced.cost_usd + 7 * traced.time_h + traced.co2e_kg / 10)


def test_items_of_the_shipped_network_have_their_source(network: Network, rates: co.Rates) -> None:
    route = co.find_route(network, "Kostanay", "Ghent", co.Shipment(), co.BASELINE.close_country("RU"))
    items = route.items()
    assert (items["source"].str.len() >= 8).all()
    assert (items["low"] <= items["value"]).all()
    assert (items["value"] <= items["high"]).all()
    ferry = items[(items["item"] == "empty return") & (items["mode"] == "ferry")].iloc[0]
    assert (ferry["file"], ferry["year"], ferry["confidence"]) == ("haul.csv", 2024, "high")
    lines = (rates.table["file"] == "haul.csv") & (rates.table["row"] == ferry["row"])
    assert rates.table.loc[lines, "quantity"].tolist() == ["empty_usd_per_tkm"]
    for figure in FIGURES:
        assert items[figure].sum() == pytest.approx(getattr(route, figure), rel=1e-9)


def test_subsidy_is_told_and_not_taken_off(network: Network) -> None:
    """Wheat by way of Georgia: 30,000 tenge a tonne; flaxseed gets none, nor what is not Kazakh."""
    middle = co.BASELINE.close_country("RU").close_country("IR")
    wheat = co.find_route(network, "Kostanay", "Ghent", co.Shipment("wheat", 3000), middle)
    cpi_2025_to_2024 = 313.689 / 322
    assert wheat.subsidy_usd == pytest.approx(3000 * 58.25 * cpi_2025_to_2024, rel=1e-3)
    assert "before the subsidy" in wheat.explain()
    assert co.find_route(network, "Kostanay", "Ghent", co.Shipment("flaxseed"), middle).subsidy_usd == 0.0
    foreign = co.find_route(network, "Kostanay", "Ghent", co.Shipment("wheat", 3000, made_in="RU"), middle)
    assert foreign.subsidy_usd == 0.0
    assert foreign.cost_usd - wheat.cost_usd == pytest.approx(3000 * (103 - 13))  # duty on Russian and Kazakh wheat


def test_explain_tells_stacks_waiting_and_the_winner(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    first, second, *_ = co.find_corridors(toy, "Kostanay", "Ghent", thousand, rates=toy_rates)
    text = first.explain([first, second])
    assert text.splitlines()[0] == f"Kostanay → Ghent, 1,000 t of flaxseed in 16 hopper wagons ({first.corridor})"
    told = re.search(rf"Against {second.corridor}: ([\d.]+) USD/t cheaper", text)
    assert told
    assert float(told[1]) == pytest.approx(second.cost_usd_per_t - first.cost_usd_per_t, abs=0.051)
    items = first.items()
    waiting = items.loc[items["waiting"], "time_h"].sum()
    assert f"of which waiting {waiting / 24:.1f} days, {waiting / first.time_h:.0%}" in text
    assert "Against" not in first.explain()
    with pytest.raises(co.CorridorError, match="find it with find_route"):
        replace(first, rates=None).explain()


# --- properties

LEVELS = st.sampled_from(["low", "base", "high"])
CARGO = st.sampled_from(["flaxseed", "wheat", "sunflower seed", "oilcake"])


@settings(max_examples=25, deadline=None)
@given(st.floats(1.0, 1e6), st.floats(1.0, 1e6), CARGO, st.sampled_from(["", "container", "truck"]), LEVELS)
def test_more_tonnes_never_cost_less_in_total_nor_arrive_sooner(
    network: Network, rates: co.Rates, one: float, other: float, commodity: str, unit: str, level: co.rates.Level
) -> None:
    """On every link, so on every route. A tonne gets no dearer either, but where ships stay small (haul.csv, Azov)."""
    fewer, more = sorted([one, other])
    at = rates.at(level)
    little = price_links(network, co.Shipment(commodity, fewer, unit), at)
    much = price_links(network, co.Shipment(commodity, more, unit), at)
    for figure in ("time_h", "cost_usd", "co2e_kg", "generalized_usd"):
        assert bool((much[figure] >= little[figure] * (1 - 1e-12)).all()), figure
    for figure in ("cost_usd", "co2e_kg"):
        dearer = much[figure] / more > little[figure] / fewer * (1 + 1e-12)
        assert set(network.links["area"][dearer]) <= {"Sea of Azov"}


@pytest.mark.parametrize(("destination", "more"), [("Ghent", 0.04), ("Tekirdag", 0.45)])
def test_ships_from_the_sea_of_azov_stay_small(network: Network, destination: str, more: float) -> None:
    """A tonne of 25,000 t costs to Belgium what one of 3,500 t costs: what the open sea saves too much is added."""
    by_sea = co.Scenario("by sea")
    for mode in sorted(set(network.links_by("mode")) - {"", "sea"}):
        by_sea = by_sea.close_mode(mode)
    usual, large = (
        co.find_route(network, "Rostov-on-Don", destination, co.Shipment("wheat", tonnes), by_sea).items()
        for tonnes in (3_500, 25_000)
    )
    freight, larger = (
        float(items.loc[items["item"].isin(["haul", "ship in port"]), "cost_usd"].sum()) / tonnes
        for items, tonnes in ((usual, 3_500), (large, 25_000))
    )
    assert 1.0 - more < larger / freight < 1.0 + more


@settings(max_examples=10, deadline=None)
@given(st.floats(0.1, 10.0))
def test_scaling_every_rate_keeps_the_order(network: Network, rates: co.Rates, factor: float) -> None:
    table = rates.table.copy()
    money = table["quantity"].str.contains("usd") & (table["quantity"] != "carbon_usd_per_t")
    for level in ("low", "base", "high"):
        table[level] = table[level].where(~money, table[level] * factor)
    one, other = (price_links(network, co.Shipment(), at)["cost_usd"].to_numpy() for at in (rates, co.Rates(table)))
    np.testing.assert_allclose(other, one * factor, rtol=1e-9)
