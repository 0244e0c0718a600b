"""Month by month: open where a route is found, shut where none is, and why."""

import time

import numpy as np
import pytest

import corridor as co
from geodata.network import Network

FLAX = co.Shipment("flaxseed", 1000.0)


def test_by_hand(toy: Network, toy_rates: co.Rates) -> None:
    scenario = (
        co.Scenario("may")
        .close("BY–PL", reason="strike", when=co.Period((5,)))
        .close("Bosporus", reason="mines", when=co.Period((5, 6)))
    )
    table = co.feasible_months(toy, "Kostanay", "Ghent", FLAX, scenario, rates=toy_rates)
    assert list(table.columns) == [
        "corridor", "month", "open", "distance_km", "time_h", "cost_usd_per_t", "co2e_kg_per_t", "via", "shut_by"
    ]  # fmt: skip
    assert set(table["corridor"]) == {"Northern", "Middle – Constanta", "Middle – deep sea"}
    assert len(table) == 12 * 3
    shut = {
        name: dict(zip(rows["month"], rows["shut_by"], strict=True))
        for name, rows in table[~table["open"]].groupby("corridor")
    }
    assert shut == {
        "Northern": {5: "BY–PL (strike, May)"},
        "Middle – deep sea": {5: "Bosporus (mines, May–June)", 6: "Bosporus (mines, May–June)"},
    }
    figures = ["distance_km", "time_h", "cost_usd_per_t", "co2e_kg_per_t"]
    assert table.loc[table["open"], figures].notna().all(axis=None)
    assert table.loc[~table["open"], figures].isna().all(axis=None)
    assert (table.loc[table["open"], "via"] != "").all()


def test_it_agrees_with_asking_for_each_month(toy: Network, toy_rates: co.Rates) -> None:
    table = co.feasible_months(toy, "Kostanay", "Ghent", FLAX, minimize="time_h", rates=toy_rates)
    for month in range(1, 13):
        routes = co.find_corridors(
            toy, "Kostanay", "Ghent", FLAX, co.Scenario(month=month), minimize="time_h", rates=toy_rates
        )
        rows = table[(table["month"] == month) & table["open"]].set_index("corridor")
        for route in routes:
            assert rows.loc[route.corridor, "time_h"] == pytest.approx(route.time_h)
            assert rows.loc[route.corridor, "cost_usd_per_t"] == pytest.approx(route.cost_usd_per_t)


def test_what_only_several_closures_shut_names_them_all(toy: Network, toy_rates: co.Rates) -> None:
    both = co.Scenario().close("BY–PL").close_country("RU", reason="sanctions")
    both = both.close("Bosporus")  # which has no part in it
    table = co.feasible_months(toy, "Kostanay", "Ghent", FLAX, both, rates=toy_rates)
    assert set(table.loc[table["corridor"] == "Northern", "shut_by"]) == {"BY–PL; country RU (sanctions)"}


def test_places_that_nothing_joins(toy: Network, toy_rates: co.Rates) -> None:
    with pytest.raises(co.NoRouteError, match="the network joins them by no open way"):
        co.feasible_months(toy, "Kostanay", "Riga", FLAX, rates=toy_rates)


def test_a_year_on_the_shipped_network(network: Network, rates: co.Rates) -> None:
    start = time.process_time()
    table = co.feasible_months(network, "Kostanay", "Ghent", FLAX)
    assert time.process_time() - start < 10
    volga = table[table["corridor"] == "Volga–Don"].set_index("month")
    assert set(volga.index[~volga["open"]]) == {12, 1, 2, 3}
    assert set(volga.loc[~volga["open"], "shut_by"]) == {"Volga–Don Canal (ice, December–March)"}
    others = table[table["corridor"] != "Volga–Don"]
    assert others["open"].all()
    assert table.groupby("corridor").size().eq(12).all()
    riga = others[others["corridor"] == "Baltic – Latvia and Lithuania"].set_index("month")["time_h"]
    wait_h = rates.lookup("dwell_h", ("access", "loading rail-1520", "KZ", "KZ_KOSTANAY"))
    assert riga[10] == pytest.approx(riga[6] + wait_h / 2)  # harvest: half as long again for wagons
    assert np.isfinite(others["cost_usd_per_t"]).all()
