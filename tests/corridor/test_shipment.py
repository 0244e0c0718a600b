"""What moves: commodities and shipments that can and cannot be."""

import math

import pytest

import corridor as co
from corridor.shipment import commodities


def test_the_default_is_the_question_of_the_project() -> None:
    shipment = co.Shipment()
    assert (shipment.commodity, shipment.tonnes) == ("flaxseed", 3000.0)
    assert shipment == co.Shipment("flaxseed", tonnes=3000)


@pytest.mark.parametrize("tonnes", [0, -1, -0.0, math.nan, math.inf, -math.inf, 1.0000001e7])
def test_tonnes_that_cannot_be(tonnes: float) -> None:
    with pytest.raises(co.ShipmentError, match="tonnes cannot be: give more than 0"):
        co.Shipment(tonnes=tonnes)


@pytest.mark.parametrize("tonnes", [1e-6, 1, 24.5, 3000, 1e7])
def test_tonnes_that_can_be(tonnes: float) -> None:
    assert co.Shipment(tonnes=tonnes).tonnes == tonnes


@pytest.mark.parametrize(
    ("name", "hint"),
    [("flax seed", "flaxseed"), ("FLAXSEED", "flaxseed"), ("weat", "wheat"), ("oil cake", "oilcake"), ("zzzz", "")],
)
def test_unknown_commodity_offers_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(co.ShipmentError) as caught:
        co.Shipment(name)
    text = str(caught.value)
    assert f"unknown commodity {name!r}" in text
    assert (f"did you mean {hint!r}?" in text) == bool(hint)
    assert "Known are flaxseed, wheat" in text


@pytest.mark.parametrize("name", ["", " ", "x" * 10_000])
def test_odd_commodity(name: str) -> None:
    with pytest.raises(co.ShipmentError, match="Known are"):
        co.Shipment(name)


def test_shipments_are_values() -> None:
    assert len({co.Shipment("wheat", 10), co.Shipment("wheat", 10.0)}) == 1
    with pytest.raises(AttributeError):
        co.Shipment().tonnes = 5  # type: ignore[misc]


def test_every_commodity_has_what_is_needed() -> None:
    known = commodities()
    assert {"flaxseed", "wheat", "barley"} <= set(known)
    for name, cargo in known.items():
        assert cargo.name == name
        assert cargo.hs_code.replace(".", "").isdigit()
        assert 0.5 < cargo.stowage_m3_per_t < 5
        assert 20 < cargo.value_usd_per_t < (50_000 if cargo.form == "pieces" else 5000)
        low, high = cargo.value_range_usd_per_t
        assert low <= cargo.value_usd_per_t <= high
        assert cargo.source
        assert 2005 <= cargo.year <= 2030
        assert co.Shipment(name).cargo is cargo
    assert known["flaxseed"].value_usd_per_t > known["wheat"].value_usd_per_t
