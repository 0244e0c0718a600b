"""Impedances: the one formula, worked out by hand for a link of each kind of the toy network."""

import numpy as np
import pandas as pd
import pytest

import corridor as co
from corridor.impedance import OBJECTIVES, generalized_usd, price_access, price_links
from geodata.network import Network


def only(network: Network, **wanted: object) -> int:
    """Number of the one link with these cells."""
    links = network.links
    hit = np.logical_and.reduce([links[column] == value for column, value in wanted.items()])
    (number,) = np.flatnonzero(hit)
    return int(number)


def priced(network: Network, shipment: co.Shipment, rates: co.Rates, **wanted: object) -> dict[str, float]:
    return price_links(network, shipment, rates).loc[only(network, **wanted)].to_dict()


# 1,000 t of flaxseed at 700 USD/t are 700,000 USD; at 8.76 % a year or 0.00001 an hour that ties up 7 USD/h.


def test_flaxseed_ties_up_seven_dollars_an_hour(thousand: co.Shipment) -> None:
    assert thousand.cargo.value_usd_per_t == 700.0


def test_haul_by_hand(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    row = priced(toy, thousand, toy_rates, kind="haul", layer="rail-1520", length_km=2000.0)
    assert row == pytest.approx(
        {
            "distance_km": 2000.0,
            "time_h": 2000 / 240 * 24,  # 240 km a day in Kazakhstan
            "cost_usd": 2000 * 0.02 * 1000,
            "co2e_kg": 2000 * 0.02 * 1000,
            "generalized_usd": 40_000 + 200 * 7 + 40 * 100,
        },
        rel=1e-12,
    )


def test_haul_at_sea_by_hand(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    row = priced(toy, thousand, toy_rates, kind="haul", area="Black Sea", length_km=1100.0)
    assert row["time_h"] == pytest.approx(110.0)  # 240 km a day on the Black Sea, 480 elsewhere
    assert row["cost_usd"] == pytest.approx(5500.0)
    elsewhere = priced(toy, thousand, toy_rates, kind="haul", area="Atlantic")
    assert elsewhere["time_h"] == pytest.approx(6000 / 480 * 24)


def test_transfer_by_hand(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    row = priced(toy, thousand, toy_rates, kind="transfer", terminal="GE_POTI", layer="rail-1520>sea")
    assert row == pytest.approx(
        {
            "distance_km": 0.0,
            "time_h": 240.0,  # Poti's own; elsewhere a day
            "cost_usd": (10 + 4) * 1000 + 500,
            "co2e_kg": 1000.0,
            "generalized_usd": 14_500 + 240 * 7 + 1 * 100,
        },
        rel=1e-12,
    )
    back = priced(toy, thousand, toy_rates, kind="transfer", terminal="GE_POTI", layer="sea>rail-1520")
    assert (back["time_h"], back["cost_usd"]) == pytest.approx((24.0, 10_500.0))


def test_border_by_hand(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    hours = {name: priced(toy, thousand, toy_rates, kind="border", name=name)["time_h"] for name in toy_borders(toy)}
    assert hours == pytest.approx(
        {
            "KZ–RU": 6, "BY–RU": 6, "BY–PL": 18, "AZ–GE": 12,
            "DE–PL": 2, "BE–DE": 2, "HU–RO": 2, "AT–HU": 2, "AT–DE": 2,
        }
    )  # fmt: skip
    assert priced(toy, thousand, toy_rates, kind="border", name="BY–PL")["cost_usd"] == pytest.approx(200.0)
    assert priced(toy, thousand, toy_rates, kind="border", name="DE–PL")["cost_usd"] == 0.0
    assert priced(toy, thousand, toy_rates, kind="border", name="DE–PL")["distance_km"] == 0.0


def toy_borders(network: Network) -> list[str]:
    return sorted(network.links.loc[network.links["kind"] == "border", "name"].astype(str))


def test_access_by_hand(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    loading = priced(toy, thousand, toy_rates, name="loading", terminal="KZ_KOSTANAY", layer="rail-1520")
    assert loading == pytest.approx(
        {
            "distance_km": 0.0,
            "time_h": 36.0,
            "cost_usd": 4300.0,
            "co2e_kg": 500.0,
            "generalized_usd": 4300 + 36 * 7 + 0.5 * 100,
        }
    )
    discharge = priced(toy, thousand, toy_rates, name="discharge", terminal="KZ_KOSTANAY", layer="rail-1520")
    assert discharge["time_h"] == 24.0


def test_lorry_to_a_point_is_hauled_and_discharged(toy_rates: co.Rates, thousand: co.Shipment) -> None:
    row = price_access("BE", np.array([0.0, 50.0]), "discharge", thousand, toy_rates)
    assert row["distance_km"].tolist() == [0.0, 50.0]
    assert row["time_h"].tolist() == pytest.approx([24.0, 24.0 + 2.0])  # 600 km a day
    assert row["cost_usd"].tolist() == pytest.approx([4300.0, 4300.0 + 50 * 0.1 * 1000])
    assert row["co2e_kg"].tolist() == pytest.approx([500.0, 500.0 + 50 * 0.08 * 1000])


def test_level_low_and_high_are_half_and_double(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    base, low, high = (price_links(toy, thousand, toy_rates.at(level)) for level in ("base", "low", "high"))
    for figure in ("cost_usd", "co2e_kg"):
        np.testing.assert_allclose(low[figure], base[figure] / 2)
        np.testing.assert_allclose(high[figure], base[figure] * 2)
    moving = (toy.links["length_km"] > 0).to_numpy()
    np.testing.assert_allclose(high["time_h"][moving], base["time_h"][moving] / 2)  # a higher speed


def test_every_link_of_the_shipped_network_is_priced(network: Network, rates: co.Rates) -> None:
    for level in ("low", "base", "high"):
        prices = price_links(network, co.Shipment(), rates.at(level))
        assert list(prices.columns) == list(OBJECTIVES)
        assert len(prices) == len(network.links)
        assert np.isfinite(prices.to_numpy()).all()
        assert (prices.to_numpy() >= 0).all()
        moving = (network.links["length_km"] > 0).to_numpy()
        for figure in ("time_h", "cost_usd", "co2e_kg"):
            assert (prices[figure][moving] > 0).all(), figure  # nothing moves for nothing
        handled = network.links["kind"].isin(["transfer", "access"]).to_numpy()
        assert (prices["time_h"][handled] > 0).all()
        assert (prices["cost_usd"][handled] > 0).all()


def test_a_gap_in_the_rates_names_what_is_missing(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    table = toy_rates.table
    gap = co.Rates(table[~((table["quantity"] == "dwell_h") & (table["kind"] == "border"))])
    with pytest.raises(co.AssumptionError, match=r"no dwell_h for border rail-1435 in AT–DE: add a row"):
        price_links(toy, thousand, gap)


def test_prices_do_not_touch_the_network(make_toy, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    network, untouched = make_toy(), make_toy()
    price_links(network, thousand, toy_rates)["distance_km"].to_numpy()
    pd.testing.assert_frame_equal(network.links, untouched.links)


def test_order_of_questions_does_not_matter(make_toy, toy_rates: co.Rates, rates: co.Rates, thousand) -> None:
    network = make_toy()
    first = price_links(network, thousand, toy_rates)
    price_links(network, co.Shipment("wheat", 7.0), rates.at("high"))
    pd.testing.assert_frame_equal(price_links(network, thousand, toy_rates), first)


def test_generalized_is_linear_so_a_route_is_the_sum_of_its_links(
    toy: Network, toy_rates: co.Rates, thousand: co.Shipment
) -> None:
    prices = price_links(toy, thousand, toy_rates)
    total = prices.sum()
    whole = generalized_usd(total["cost_usd"], total["time_h"], total["co2e_kg"], thousand, toy_rates)
    assert whole == pytest.approx(total["generalized_usd"], rel=1e-12)
