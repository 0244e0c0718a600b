"""Wrong kinds of arguments end in a sentence of ours, never in a TypeError or AttributeError of the inside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import corridor as co
from corridor.errors import CorridorError
from geodata.errors import AtSeaError, GeodataError, NoPlaceError, OffGlobeError
from geodata.network import Network
from geodata.places import Place


@pytest.mark.parametrize(
    "place",
    [
        ("61", "x"),
        (61.0,),
        (61.0, 52.0, 3.0),
        (),
        None,
        61.5,
        {"lon": 61.0},
        b"Ghent",
        (True, False),
        (None, None),
        [[1], 2],
    ],
    ids=repr,
)
def test_what_is_no_place(toy: Network, toy_rates: co.Rates, place: Any) -> None:
    for ends in ((place, "Ghent"), ("Kostanay", place)):
        with pytest.raises(NoPlaceError, match="is no place: give a name, a code, a"):
            co.find_route(toy, *ends, rates=toy_rates)
    with pytest.raises(NoPlaceError):
        co.cost_matrix(toy, [place], ["Ghent"], rates=toy_rates)


@pytest.mark.parametrize(
    "place", [(float("nan"), 52.0), (61.0, float("inf")), (200.0, 52.0), (61, -91), [63.2, 500]], ids=repr
)
def test_points_off_the_globe(toy: Network, toy_rates: co.Rates, place: Any) -> None:
    with pytest.raises(OffGlobeError, match="off the globe"):
        co.find_route(toy, place, "Ghent", rates=toy_rates)
    with pytest.raises(OffGlobeError, match="off the globe"):
        co.find_route(toy, Place("my field", "my field", "KZ", *place), "Ghent", rates=toy_rates)


def test_a_pair_of_numbers_is_a_point(toy: Network, toy_rates: co.Rates) -> None:
    by_pair, by_text = (co.find_route(toy, place, "Ghent", rates=toy_rates) for place in ((62.6, 52.75), "62.6,52.75"))
    assert by_pair.cost_usd == by_text.cost_usd
    assert by_pair.origin == by_text.origin
    field = Place("my field", "my field", "KZ", 62.6, 52.75)
    assert co.find_route(toy, field, "Ghent", rates=toy_rates).distance_km == by_pair.distance_km


def test_a_point_in_the_sea_however_it_is_given(toy: Network, toy_rates: co.Rates) -> None:
    for place in ("51.0,42.0", (51.0, 42.0), Place("rig", "rig", "KZ", 51.0, 42.0)):
        with pytest.raises(AtSeaError, match="lies in the Caspian Sea, 116 km from land: give a point on land"):
            co.find_route(toy, place, "Ghent", rates=toy_rates)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "ask",
    [
        lambda toy: co.find_route(toy, "Kostanay", "Ghent", "flaxseed"),
        lambda toy: co.find_route(toy, "Kostanay", "Ghent", scenario="storm"),
        lambda toy: co.find_route(toy, "Kostanay", "Ghent", scenario=None),
        lambda toy: co.find_route(toy, "Kostanay", "Ghent", rates=3),
        lambda toy: co.find_route(toy, "Kostanay", "Ghent", minimize="luck"),
        lambda toy: co.find_route(toy, "Kostanay", "Ghent", minimize=["cost_usd"]),
        lambda toy: co.find_route(None, "Kostanay", "Ghent"),
        lambda toy: co.find_route("my.zip", "Kostanay", "Ghent"),
        lambda toy: co.find_alternatives(toy, "Kostanay", 5),
        lambda toy: co.find_corridors(toy, "Kostanay", "Ghent", ("flaxseed", 3000)),
        lambda toy: co.cost_matrix(toy, "Kostanay", ["Ghent"]),
        lambda toy: co.cost_matrix(toy, ["Kostanay"], "Ghent"),
        lambda toy: co.cost_matrix(toy, None, ["Ghent"]),
        lambda toy: co.cost_matrix(toy, ["Kostanay"], ["Ghent"], scenario="storm"),
        lambda toy: co.cost_matrix(toy, ["Kostanay"], ["Ghent"], "flaxseed"),
        lambda toy: co.Shipment("flaxseed", tonnes="3000"),
        lambda toy: co.Shipment("flaxseed", tonnes=None),
        lambda toy: co.Shipment("flaxseed", tonnes=float("nan")),
        lambda toy: co.Shipment("flaxseed", tonnes=10**400),
        lambda toy: co.Shipment("flaxseed", unit=3),
        lambda toy: co.Shipment("flaxseed", made_in=None),
        lambda toy: co.load_scenario(5),
        lambda toy: co.load_study(None),
        lambda toy: co.Shipment(None),
        lambda toy: co.Shipment(["flaxseed"]),
        lambda toy: co.Scenario("x", closures=None),
        lambda toy: co.Scenario("x", closures=("Aktau",)),
        lambda toy: co.Scenario("x").close(None),
        lambda toy: co.Scenario("x").close(["Aktau", "Kuryk"]),
        lambda toy: co.Scenario("x").close_country(7),
        lambda toy: co.Scenario("x").close_mode(None),
    ],
)
def test_one_sentence(toy: Network, ask: Callable[[Any], object]) -> None:
    with pytest.raises((CorridorError, GeodataError)) as caught:
        ask(toy)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300
