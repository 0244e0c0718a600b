"""Ranges of a page: the same as those of `simulate`, and along the way up to them."""

import pytest

import corridor as co
from corridor.page_ranges import ALONG, DRAWS, MOST_CERTAIN, SEED, TOLD, tornado_table, with_ranges, with_ranges_along
from corridor.page_tables import legs_table, routes_table, stops_table
from geodata.network import Network


@pytest.fixture
def routes(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> list[co.Route]:
    return co.find_corridors(toy, "Kostanay", "Ghent", thousand, rates=toy_rates)


@pytest.fixture(scope="module")
def shipped(network: Network) -> list[co.Route]:
    return co.find_corridors(network, "Kostanay", "Ghent")[:4]


def test_cards_have_the_ranges_of_the_simulation(shipped: list[co.Route]) -> None:
    plain = routes_table(shipped)
    table = with_ranges(plain, shipped)
    assert "time_h_p10" not in plain, "the table given stays as it is"
    ranges = co.simulate(shipped, draws=DRAWS, seed=SEED).ranges().set_index(["figure", "route"])
    for number in range(len(shipped)):
        for figure in ("time_h", "cost_usd_per_t", "co2e_kg_per_t"):
            for side in ("p10", "p90"):
                assert table[f"{figure}_{side}"][number] == pytest.approx(ranges.loc[(figure, number), side], abs=6e-4)
        sure = bool(ranges.loc[("cost_usd", number), "most_certain"])
        assert (MOST_CERTAIN in table["badges"][number]) == sure
    assert sum(MOST_CERTAIN in badges for badges in table["badges"]) == 1
    assert (table["cost_usd_per_t_p90"] > table["cost_usd_per_t_p10"]).all()


def test_ranges_along_grow_to_those_of_the_route(shipped: list[co.Route]) -> None:
    whole = with_ranges(routes_table(shipped), shipped)
    legs, stops = with_ranges_along(legs_table(shipped), stops_table(shipped), shipped)
    for row in whole.to_dict("records"):
        last = stops[stops["route_id"] == row["route_id"]].iloc[-1]
        first = stops[stops["route_id"] == row["route_id"]].iloc[0]
        for name in ALONG.values():
            for side in ("p10", "p90"):
                assert last[f"cumulative_{name}_{side}"] == pytest.approx(row[f"{name}_{side}"], abs=0.02)
                assert first[f"cumulative_{name}_{side}"] < last[f"cumulative_{name}_{side}"]
    assert (legs["cumulative_time_h_p90"] >= legs["cumulative_time_h_p10"]).all()


def test_tornado_tells_the_strongest_assumptions_in_words(shipped: list[co.Route]) -> None:
    route = shipped[0]
    table = tornado_table([route])
    assert set(table["figure"]) == set(ALONG.values())
    own = table[table["figure"] == "cost_usd_per_t"]
    expected = co.tornado(route).head(TOLD)
    assert own["low"].tolist() == pytest.approx((expected["low"] / route.shipment.tonnes).tolist())
    assert own["high"].tolist() == pytest.approx((expected["high"] / route.shipment.tonnes).tolist())
    assert own["base"].tolist() == pytest.approx([route.cost_usd_per_t] * len(own))
    assert not table["item"].str.contains("_").any(), "names of columns are no words"
    assert table["item_kk"].notna().all()


def test_the_toy_has_ranges_too(routes: list[co.Route]) -> None:
    html = co.draw_map(routes).to_html()
    assert '"time_h_p10":' in html
    assert '"cumulative_cost_usd_per_t_p90":' in html
    assert '"tornado":' in html or not len(tornado_table(routes))
