"""How sure the answers are: draws against the model's own totals, worked sums and each other."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_cli import Run, run  # noqa: F401  the command line in this process
from test_items import also

import corridor as co
from corridor.rate_changes import How
from corridor.rates import LEVELS, VALUES
from corridor.uncertainty import UNCERTAIN, _triangular
from geodata.network import Network

TOY = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
MONEY = ("cost_usd", "cost_usd_per_t")


def widened(rates: co.Rates, factor: float, quantities: str = "usd_per_") -> co.Rates:
    """Rates of which all that cost money are multiplied."""
    hit = rates.table["quantity"].str.contains(quantities) & ~rates.table["quantity"].isin(VALUES)
    return co.Rates(rates.table.assign(**{level: rates.table[level] * np.where(hit, factor, 1.0) for level in LEVELS}))


def points(rates: co.Rates) -> co.Rates:
    """Rates without any range."""
    return co.Rates(rates.table.assign(low=rates.table["base"], high=rates.table["base"]))


def ways(
    network: Network, rates: co.Rates, tonnes: float = 1000.0, scenario: co.Scenario = co.BASELINE
) -> list[co.Route]:
    shipment = co.Shipment("flaxseed", tonnes)
    return co.find_corridors(network, "Kostanay", "Ghent", shipment, scenario, rates=rates)


def pick(table: pd.DataFrame, figure: str) -> pd.DataFrame:
    return table[table["figure"] == figure].reset_index(drop=True)


@pytest.mark.parametrize("tonnes", [40.0, 1000.0, 20_000.0])
@pytest.mark.parametrize("unit", ["", "container"])
def test_at_base_draws_are_the_totals_of_the_route(network: Network, rates: co.Rates, tonnes: float, unit: str) -> None:
    """With parcels and their waiting, load units, scenario, season and level of the sea."""
    scenario = co.Scenario("low sea", month=1, caspian_level_m=-30.0)
    shipment = co.Shipment("sunflower seed", tonnes, unit)
    routes = co.find_corridors(network, "Kostanay", "Ghent", shipment, scenario, rates=points(rates))
    routes = [replace(route, rates=sure(route.rates)) for route in routes]
    found = co.simulate(routes, draws=3).ranges()
    assert len(routes) > 3
    for figure in UNCERTAIN:
        rows = pick(found, figure)
        for point in ("p10", "p50", "p90"):
            assert rows[point].tolist() == pytest.approx(rows["base"].tolist(), rel=1e-12)
    assert pick(found, "cost_usd")["base"].tolist() == [route.cost_usd for route in routes]
    assert pick(found, "generalized_usd")["base"].tolist() == pytest.approx(
        [float(route.items()["generalized_usd"].sum()) for route in routes]
    )


def sure(rates: co.Rates | None) -> co.Rates:
    """Changed rates whose changes have no range."""
    assert rates is not None
    changes = getattr(rates, "changes", ())
    return replace(rates, changes=tuple(replace(change, low=None, high=None) for change in changes))


def test_a_tornado_has_the_routes_own_total_in_its_middle(network: Network, rates: co.Rates) -> None:
    scenario = co.Scenario(month=1).close_country("RU")
    routes = co.find_corridors(network, "Kostanay", "Ghent", co.Shipment(), scenario, rates=rates)
    for figure in ("time_h", "cost_usd", "co2e_kg"):
        table = co.tornado(routes[0], figure)
        assert table["base"].tolist() == pytest.approx([getattr(routes[0], figure)] * len(table), rel=1e-12)
        assert table["swing"].is_monotonic_decreasing
        assert (table["swing"] > 0).all()
    days = co.tornado(routes[0], "time_h")
    storms = days[days["name"].str.contains("storm")].iloc[0]
    assert (storms["file"], storms["value_low"], storms["value_high"]) == ("", 4, 72)
    assert storms["high"] - storms["low"] == pytest.approx(68.0)
    assert pd.isna(storms["row"])


def test_each_end_of_a_tornado_is_the_route_priced_with_that_value(toy: Network, toy_rates: co.Rates) -> None:
    """Kostanay → Ghent by Poland: every row moved by hand and the route priced again."""
    shipment, by_land = co.Shipment("flaxseed", 1000.0), co.Scenario("by land").close_mode("sea")
    route = co.find_route(toy, "Kostanay", "Ghent", shipment, by_land, rates=toy_rates)
    table = co.tornado(route, "cost_usd")
    assert {"usd_per_tkm haul rail", "usd_per_tkm haul rail-1435", "usd_per_t transfer"} <= set(table["name"])
    for row in table.itertuples():
        for value, total in ((row.value_low, row.low), (row.value_high, row.high)):
            position = toy_rates.keys.index(
                next(key for key in toy_rates.keys if " ".join(filter(None, key)) == row.name)
            )
            moved = {level: toy_rates.table[level].where(toy_rates.table.index != position, value) for level in LEVELS}
            other = replace(route, rates=co.Rates(toy_rates.table.assign(**moved)))
            assert total == pytest.approx(other.items()["cost_usd"].sum(), rel=1e-12)
    assert set(co.tornado(route, "time_h")["name"]).isdisjoint(table["name"])


def test_parcels_move_the_waiting_to_fill_them(toy: Network, toy_rates: co.Rates) -> None:
    """A ship of 2,000 to 8,000 t, 100 h to gather a full one: 1,000 t wait for half of it, or seven eighths."""
    rates = also(toy_rates, "parcel_t transfer >sea 4000", "fill_h transfer >sea 100", "t_per_day transfer >sea 500")
    rows = rates.table["quantity"] == "parcel_t"
    rates = co.Rates(
        rates.table.assign(low=rates.table["low"].where(~rows, 2000), high=rates.table["high"].where(~rows, 8000))
    )
    sea = next(route for route in ways(toy, rates) if "Poti" in route.via)
    parcel = co.tornado(sea, "time_h").set_index("name").loc["parcel_t transfer >sea"]
    assert parcel["low"] - parcel["base"] == pytest.approx((50.0 - 75.0) / 2)
    assert parcel["high"] - parcel["base"] == pytest.approx((87.5 - 75.0) / 2)


def test_two_routes_differ_by_what_they_do_not_share(toy: Network, toy_rates: co.Rates) -> None:
    route, *others = ways(toy, toy_rates)
    table = co.tornado(route, "cost_usd", against=others[0])
    assert table["base"].tolist() == pytest.approx([route.cost_usd - others[0].cost_usd] * len(table))
    assert "usd_per_t access" not in set(table["name"])  # loading and discharge are the same on both
    assert "usd_per_t access" in set(co.tornado(route, "cost_usd")["name"])
    assert co.tornado(route, against=route).empty


def test_the_mean_of_many_draws_is_that_of_the_triangles(toy: Network, toy_rates: co.Rates) -> None:
    """Cost is linear in its rows; the mean of a triangle is (low + base + high) / 3: 7/6 of base in the toy world."""
    route = co.find_route(toy, "Kostanay", "Ghent", co.Shipment("flaxseed", 1000.0), rates=toy_rates)
    drawn = co.simulate([route], draws=40_000).totals["cost_usd"][:, 0]
    error = drawn.std() / math.sqrt(len(drawn))
    assert drawn.mean() == pytest.approx(route.cost_usd * 7 / 6, abs=5 * error)


def test_quantiles_of_one_triangle_by_hand() -> None:
    """Low 0, base 6, high 18: the half below 6 holds a third; the median is 18 − √(½ · 18 · 12)."""
    found = _triangular(np.array([0.0, 1 / 3, 0.5, 1.0]), 0.0, 6.0, 18.0)
    assert found == pytest.approx([0.0, 6.0, 18 - math.sqrt(108), 18.0])
    assert _triangular(np.array([0.0, 0.7]), 5.0, 5.0, 5.0).tolist() == [5.0, 5.0]


def test_a_ship_has_one_freight_for_all_its_seas(network: Network, rates: co.Rates) -> None:
    """Rows of hauls that say the same of several areas are one assumption."""
    route = co.find_route(network, "Poti", "Ghent", co.Shipment("wheat", 6000), rates=rates)
    names = co.tornado(route, "cost_usd")["name"].tolist()
    assert "usd_per_tkm haul sea Black Sea, Marmara, Mediterranean, Atlantic" in names


def test_changes_for_one_reason_are_one_luck(toy: Network, toy_rates: co.Rates) -> None:
    """A storm at two ports moves by one draw: hours at both add up to twice those at one."""
    terminals = ("KZ_AKTAU", "GE_POTI")
    storms = [
        co.RateChange("dwell_h", "transfer", How.ADD, 24, 0, 96, layer=layer, terminal=terminal, reason="storms")
        for terminal, layer in zip(terminals, (">ferry", ">sea"), strict=True)
    ]
    scenario = co.Scenario("storms").changing(*storms)
    route = next(each for each in ways(toy, points(toy_rates), scenario=scenario) if "Poti" in each.via)
    drawn = co.simulate([route], draws=500).totals["time_h"][:, 0] - (route.time_h - 2 * 24)
    assert drawn.min() < 20
    assert drawn.max() > 150  # two independent storms would hardly both be long in 500 draws
    table = co.tornado(route, "time_h")
    assert table["name"].tolist() == ["dwell_h of transfers (storms)"]
    assert table["swing"].tolist() == pytest.approx([192.0])


@given(seed=st.integers(0, 2**32 - 2), draws=st.integers(2, 300), tonnes=st.sampled_from([30.0, 1000.0, 9000.0]))
@TOY
def test_ranges_are_in_order_and_the_same_again(
    toy: Network, toy_rates: co.Rates, seed: int, draws: int, tonnes: float
) -> None:
    routes = ways(toy, toy_rates, tonnes)
    found = co.simulate(routes, draws=draws, seed=seed)
    ranges = found.ranges()
    assert (ranges["p10"] <= ranges["p50"]).all()
    assert (ranges["p50"] <= ranges["p90"]).all()
    assert ranges.groupby("figure")["most_certain"].sum().tolist() == [1] * ranges["figure"].nunique()
    pd.testing.assert_frame_equal(ranges, co.simulate(routes, draws=draws, seed=seed).ranges())
    alone = co.simulate(routes[-1:], draws=draws, seed=seed)  # other routes change no answer
    for figure in UNCERTAIN:
        assert alone.totals[figure][:, 0] == pytest.approx(found.totals[figure][:, -1], rel=1e-12)
    assert not np.allclose(found.totals["cost_usd"], co.simulate(routes, draws=draws, seed=seed + 1).totals["cost_usd"])


@given(factor=st.floats(0.1, 3.0))
@TOY
def test_scaled_rates_scale_the_ranges(toy: Network, toy_rates: co.Rates, factor: float) -> None:
    routes = ways(toy, toy_rates)
    scaled = [replace(route, rates=widened(toy_rates, factor)) for route in routes]
    ours, theirs = (co.simulate(each, draws=200).ranges() for each in (routes, scaled))
    for point in ("p10", "p50", "p90"):
        ratio = (theirs[point] / ours[point])[ours["figure"].isin(MONEY)]
        assert ratio.tolist() == pytest.approx([factor] * len(ratio))
        assert (
            theirs.loc[theirs["figure"] == "time_h", point].tolist()
            == ours.loc[ours["figure"] == "time_h", point].tolist()
        )


def test_without_ranges_nothing_is_uncertain(toy: Network, toy_rates: co.Rates) -> None:
    routes = ways(toy, points(toy_rates))
    found = co.simulate(routes, draws=50)
    assert (found.ranges()["width"] == 0.0).all()
    assert co.tornado(routes[0]).empty
    shares = found.best_shares()
    assert set(shares["share"]) == {0.0, 1.0}


def test_more_draws_converge(toy: Network, toy_rates: co.Rates) -> None:
    """Quantiles of other seeds lie closer together with more draws."""
    routes = ways(toy, toy_rates)[:1]

    def spread(draws: int) -> float:
        found = [pick(co.simulate(routes, draws=draws, seed=seed).ranges(), "cost_usd")["p90"][0] for seed in range(12)]
        return float(np.std(found))

    assert spread(5000) < spread(50) / 3


def test_shares_of_wins(toy: Network, toy_rates: co.Rates) -> None:
    routes = ways(toy, toy_rates)
    found = co.simulate([*routes, routes[0]], draws=400)
    wins = found.win_shares().set_index(["figure", "route", "other"]).sort_index()
    twin = len(routes)
    for figure in UNCERTAIN:
        assert wins.loc[(figure, 0, twin)].tolist() == [0.0, 1.0]  # never cheaper, always equal
        for one, other in ((0, 1), (1, 0)):
            assert wins["share"][figure, one, other] + wins["share"][figure, other, one] == pytest.approx(
                1.0 - wins["tie"][figure, one, other]
            )
    totals = found.totals["cost_usd"]
    assert wins["share"]["cost_usd", 0, 1] == np.mean(totals[:, 0] < totals[:, 1])
    best = found.best_shares()
    assert best.groupby("figure")["share"].sum().tolist() == pytest.approx([1.0] * len(UNCERTAIN))
    cost = pick(best, "cost_usd").set_index("route")["share"]
    assert cost[0] == cost[twin]


def test_what_cannot_be_simulated(toy: Network, toy_rates: co.Rates) -> None:
    route = co.find_route(toy, "Kostanay", "Ghent", co.Shipment("flaxseed", 1000.0), rates=toy_rates)
    for wrong in ({"draws": 1}, {"draws": 10**6}, {"draws": 100.0}, {"seed": -1}, {"draws": True}):
        with pytest.raises(co.CorridorError, match="whole number"):
            co.simulate([route], **wrong)
    with pytest.raises(co.CorridorError, match="at least one route"):
        co.simulate([])
    with pytest.raises(co.CorridorError, match="find_route"):
        co.simulate([replace(route, rates=None)])
    with pytest.raises(co.CorridorError, match="rests on no assumption"):
        co.tornado(route, "distance_km")


def test_the_command_tells_ranges_and_sentences(run: Run) -> None:  # noqa: F811
    told = run("uncertainty", "Kostanay", "Ghent", "--draws", "500", "--avoid-country", "RU", "--month", "1")
    assert told.code == 0
    assert "Cheapest: Middle" in told.out
    assert "is cheaper than" in told.out
    assert "What moves Middle" in told.out
    assert " against " in told.out
    days = run("uncertainty", "Kostanay", "Ghent", "--draws", "500", "--minimize", "time_h", "--unit", "container")
    assert days.code == 0
    assert "is faster than" in days.out


def test_the_command_as_json(run: Run) -> None:  # noqa: F811
    options = ("uncertainty", "Kostanay", "Ghent", "--draws", "300", "--seed", "7", "--month", "1", "--json")
    found = run(*options).json
    count = len(found["routes"])
    assert (found["draws"], found["seed"], found["figure"], found["month"]) == (300, 7, "cost_usd", 1)
    assert len(found["win_shares"]) == count * (count - 1) * len(UNCERTAIN)
    assert {row["route"] for row in found["ranges"]} == set(range(count))
    rival = found["tornado_against"]["other"]
    assert rival != found["tornado"]["route"]
    for row in found["tornado"]["rows"]:
        assert {"name", "file", "row", "value_low", "source", "confidence", "low", "base", "high", "swing"} <= set(row)
    assert found == run(*options).json
    alone = run("uncertainty", "Poti", "Ghent", "--avoid-mode", "rail", "--avoid-mode", "road", "--json").json
    assert len(alone["routes"]) > 1 or alone["tornado_against"] is None


def test_wrong_options_are_refused(run: Run) -> None:  # noqa: F811
    assert run("uncertainty", "Kostanay", "Ghent", "--draws", "1").code == 2
    assert run("uncertainty", "Kostanay", "Ghent", "--seed", "-1").code == 2
    assert run("uncertainty", "Kostanay", "Nowhereville").code == 2
