"""Reach and hinterland: against the router's own answers, and by hand on the toy network."""

from __future__ import annotations

import pytest

import corridor as co
from corridor.access import near_a_road
from corridor.reach import steppe_settlements
from geodata.network import Network
from geodata.places import Place


@pytest.mark.parametrize("by", ["time_h", "cost_usd", "co2e_kg", "distance_km"])
def test_reach_is_what_routes_say(toy: Network, toy_rates: co.Rates, thousand: co.Shipment, by: str) -> None:
    table = co.reach(toy, "Kostanay", thousand, by=by, rates=toy_rates)
    assert list(table[by]) == sorted(table[by])
    assert "Riga" not in set(table["name"])  # an island
    assert "Kostanay" not in set(table["name"])
    for row in table.to_dict("records"):
        route = co.find_route(toy, "Kostanay", row["terminal"], thousand, minimize=by, rates=toy_rates)
        assert row[by] == pytest.approx(getattr(route, by), rel=1e-4)


def test_reach_within_and_under_a_scenario(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    whole = co.reach(toy, "Kostanay", thousand, rates=toy_rates)
    limit = float(whole["time_h"].median())
    near = co.reach(toy, "Kostanay", thousand, rates=toy_rates, within=limit)
    assert len(near) == (whole["time_h"] <= limit).sum() > 0
    shut = co.Scenario("shut").close("Aktau")
    later = co.reach(toy, "Kostanay", thousand, shut, rates=toy_rates).set_index("terminal")["time_h"]
    assert "KZ_AKTAU" not in later
    before = whole.set_index("terminal")["time_h"]
    assert (later >= before[later.index] * (1 - 1e-4)).all()


def test_a_point_reaches_by_lorry(network: Network) -> None:
    table = co.reach(network, "63.1,52.5", by="cost_usd").set_index("name")["cost_usd"]
    for name in ("Kostanay", "Aktau", "Ghent"):
        best = co.find_route(network, "63.1,52.5", name).cost_usd
        assert table[name] == pytest.approx(best, rel=1e-4)
    with pytest.raises(co.PlaceError, match="no road of the network"):
        co.reach(network, "-30,40")


def test_hinterland_is_what_routes_say(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    """In the toy world all goes by Malaszewicze unless that is shut; round by Poti it is dearer by just the margin."""
    table = co.hinterland(
        toy, "Ghent", ["Poti", "Malaszewicze"], thousand, origins=["Kostanay", "Aktau"], rates=toy_rates
    )
    assert len(table) == 4
    assert table.groupby("terminal")["best"].sum().eq(1).all()
    for origin, rows in table.groupby("name"):
        best = rows[rows["best"]].iloc[0]
        other = rows[~rows["best"]].iloc[0]
        route = co.find_route(toy, origin, "Ghent", thousand, rates=toy_rates)
        assert best["gateway"] in route.via
        assert best["cost_usd"] == pytest.approx(route.cost_usd, rel=1e-4)
        round_by = co.find_route(
            toy, origin, "Ghent", thousand, co.Scenario("shut").close(best["gateway"]), rates=toy_rates
        )
        assert other["gateway"] in round_by.via
        assert other["cost_usd"] == pytest.approx(round_by.cost_usd, rel=1e-4)
        assert best["margin"] == pytest.approx(other["cost_usd"] - best["cost_usd"])
        assert other["margin"] == pytest.approx(best["margin"])


def test_hinterland_of_a_closed_gateway_is_empty(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    shut = co.Scenario("shut").close("Poti")
    table = co.hinterland(toy, "Ghent", ["Poti", "Riga"], thousand, shut, origins=["Kostanay"], rates=toy_rates)
    assert table["cost_usd"].isna().all()
    assert not table["best"].any()
    assert table["margin"].isna().all()


def test_hinterland_never_beats_the_best_route(network: Network) -> None:
    gateways = ["Aktau", "Kuryk", "Novorossiysk", "Riga", "St Petersburg"]
    table = co.hinterland(network, "Ghent", gateways)
    assert len(table) == len(gateways) * table["terminal"].nunique()
    free = co.cost_matrix(network, sorted(table["terminal"].unique()), ["Ghent"]).iloc[:, 0]
    bound = free.reindex(table["terminal"]).to_numpy()
    assert (table["cost_usd"].to_numpy() >= bound * (1 - 1e-4)).all()
    kostanay = table[table["name"] == "Kostanay"].set_index("gateway")["cost_usd"]
    assert kostanay["St Petersburg"] == pytest.approx(free["KZ_KOSTANAY"], rel=1e-4)


def test_a_gateway_must_be_a_terminal(network: Network) -> None:
    with pytest.raises(co.PlaceError, match="a gateway must be one"):
        co.hinterland(network, "Ghent", ["63.1,52.5"], origins=["Kostanay"])


def test_a_hinterland_of_settlements_is_what_routes_say(network: Network) -> None:
    """Every town is a row under its own code, and its least figure that of a route which must pass the gateway."""
    towns = steppe_settlements(network, 40)
    assert {town.country for town in towns} == {"KZ", "KG", "UZ"}
    assert [town.population for town in towns] == sorted((town.population for town in towns), reverse=True)
    table = co.hinterland(network, "Ghent", ["Aktau", "Riga"], origins=towns)
    assert len(table) == 2 * len(towns)
    assert set(table["terminal"]) == {town.code for town in towns}
    best = table[table["best"]].set_index("terminal")["cost_usd"]
    for town in towns[:3]:
        assert best[town.code] >= co.find_route(network, town, "Ghent").cost_usd * (1 - 1e-4)


def test_a_town_far_from_every_road_is_left_out(network: Network) -> None:
    lonely = Place("far", "Far", "KZ", 70.0, 47.0 + 40.0)
    assert not near_a_road(network, lonely)
    assert near_a_road(network, network.gazetteer.find("Kostanay"))


def test_pages_show_a_table_that_was_filtered(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    table = co.reach(toy, "Kostanay", thousand, by="cost_usd", rates=toy_rates)
    part = table[table["country"] != "KZ"]
    assert len(part)
    assert list(part.index) != list(range(len(part)))
    page, again = (co.draw_reach(rows, "Kostanay", thousand).to_html() for rows in (part, part.reset_index(drop=True)))
    assert page == again
