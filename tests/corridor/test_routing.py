"""Routes: by hand on the toy network, and by what must hold on any network on the shipped one."""

import itertools
import math
import random
import re
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor as co
from corridor.corridors import corridors
from corridor.impedance import OBJECTIVES, generalized_usd
from corridor.route import TOTALS
from geodata.measure import point_distance_km
from geodata.network import Network
from geodata.places import Place

KOSTANAY = (63.65, 53.23)


def total(route: co.Route, objective: str, rates: co.Rates) -> float:
    if objective == "generalized_usd":
        return generalized_usd(route.cost_usd, route.time_h, route.co2e_kg, route.shipment, rates)
    return getattr(route, objective)


def check_route(route: co.Route) -> None:
    """What holds for every route."""
    for name in TOTALS:
        assert getattr(route, name) == sum(getattr(leg, name) for leg in route.legs)
        assert all(getattr(leg, name) >= 0 and math.isfinite(getattr(leg, name)) for leg in route.legs)
    assert route.legs[0].origin == route.origin.name
    assert route.legs[-1].destination == route.destination.name
    assert route.legs[0].kind == route.legs[-1].kind == "access"
    assert route.legs[0].layer.startswith("loading")
    assert route.legs[-1].layer.startswith("discharge")
    for leg, following in itertools.pairwise(route.legs):
        assert leg.destination == following.origin
        assert leg.destination, "a leg ends nowhere"
        if leg.nodes and following.nodes:
            assert leg.nodes[-1] == following.nodes[0]
        assert not (leg.kind == following.kind == "haul"), "two hauls without a transfer between them are one leg"
    for leg in route.legs:
        if leg.nodes:
            assert len(leg.nodes) == len(leg.links) + 1
        if leg.kind == "transfer":
            assert leg.distance_km == 0
            assert leg.origin == leg.destination
            assert leg.origin in route.via
        assert sum(border.time_h for border in leg.borders) <= leg.time_h
    assert len(set(route.via)) == len(route.via)
    closed = route.scenario.closed_links(route.network)
    assert not closed[[link for leg in route.legs for link in leg.links]].any()
    assert sum(route.km_by_mode().values()) == pytest.approx(route.distance_km)


# ---------------------------------------------------------------- by hand: see the sums in the docstring of conftest


def test_northern_route_by_hand(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    route = co.find_route(toy, "Kostanay", "Ghent", thousand, minimize="time_h", rates=toy_rates)
    check_route(route)
    assert [(leg.mode, leg.kind, leg.origin, leg.destination) for leg in route.legs] == [
        ("rail", "access", "Kostanay", "Kostanay"),
        ("rail", "haul", "Kostanay", "Malaszewicze"),
        ("transfer", "transfer", "Malaszewicze", "Malaszewicze"),
        ("rail", "haul", "Malaszewicze", "Ghent"),
        ("rail", "access", "Ghent", "Ghent"),
    ]
    assert [leg.distance_km for leg in route.legs] == [0, 200 + 2400 + 600 + 10, 0, 700 + 700 + 300 + 200, 0]
    assert [leg.time_h for leg in route.legs] == pytest.approx(
        [36, 20 + 6 + 120 + 6 + 30 + 18 + 0.5, 24, 1900 / 20 + 2 + 2, 24]
    )
    assert [leg.cost_usd for leg in route.legs] == pytest.approx(
        [4300, 20 * 3210 + 3 * 200, 10_500, 40 * 1900, 4300]
    )  # USD a km for 1,000 t
    assert [leg.co2e_kg for leg in route.legs] == pytest.approx([500, 20 * 3210, 1000, 20 * 1900, 500])
    assert [border.name for border in route.legs[1].borders] == ["KZ–RU", "BY–RU", "BY–PL"]
    assert [(border.time_h, border.cost_usd) for border in route.legs[1].borders] == [(6, 200), (6, 200), (18, 200)]
    assert [border.name for border in route.legs[3].borders] == ["DE–PL", "BE–DE"]
    assert route.via == ("BY–PL", "Malaszewicze")
    assert (route.corridor, route.cost_usd) == ("Northern", pytest.approx(159_900))


@pytest.mark.parametrize(
    ("minimize", "corridor"),
    [
        ("cost_usd", "Middle – deep sea"),  # 155,750 USD; Northern 159,900; Constanta 260,300
        ("time_h", "Northern"),  # 383.5 h; 961; 1068.5
        ("co2e_kg", "Northern"),  # 104,200 kg; 210,900; 214,000
        ("distance_km", "Northern"),  # 5,110 km; 7,400; 10,290
        ("generalized_usd", "Northern"),
    ],
)
def test_each_objective_by_hand(
    toy: Network, toy_rates: co.Rates, thousand: co.Shipment, minimize: str, corridor: str
) -> None:
    assert co.find_route(toy, "Kostanay", "Ghent", thousand, minimize=minimize, rates=toy_rates).corridor == corridor


def test_corridors_by_hand(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    routes = co.find_corridors(toy, "Kostanay", "Ghent", thousand, rates=toy_rates)
    assert {route.corridor: round(route.cost_usd, 6) for route in routes} == {
        "Middle – deep sea": 155_750,
        "Northern": 159_900,
        "Middle – Constanta": 260_300,
    }
    assert [route.via for route in routes] == [
        ("Aktau", "Alat", "Poti", "Bosporus", "Dardanelles"),
        ("BY–PL", "Malaszewicze"),
        ("Aktau", "Alat", "Poti", "Constanta"),
    ]


def test_the_shorter_of_two_ferries_and_never_the_cut_line(toy: Network, toy_rates: co.Rates, thousand) -> None:
    route = co.find_route(toy, "Aktau", "Poti", thousand, minimize="distance_km", rates=toy_rates)
    assert route.distance_km == 400 + 800
    direct = co.find_route(toy, "Poti", "Malaszewicze", thousand, minimize="distance_km", rates=toy_rates)
    assert direct.distance_km > 50 + 600 + 10  # the cut line would be that short


def test_order_of_contraction_changes_no_answer(make_toy, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    for seed in range(1, 6):
        route = co.find_route(make_toy(seed), "Kostanay", "Ghent", thousand, rates=toy_rates)
        assert route.cost_usd == pytest.approx(155_750)


def test_points_by_hand(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    route = co.find_route(toy, "63.6,53.1", "3.2,51.1", thousand, rates=toy_rates)
    check_route(route)
    first, last = route.legs[0], route.legs[-1]
    assert (first.mode, first.kind) == (last.mode, last.kind) == ("road", "access")
    straight = point_distance_km(63.6, 53.1, 63.6, 53.2)  # to the road node of Kostanay
    assert first.distance_km == pytest.approx(straight * 1.3)
    assert first.cost_usd == pytest.approx(4300 + first.distance_km * 0.1 * 1000)
    assert first.time_h == pytest.approx(24 + first.distance_km / 25)
    assert route.legs[1].kind == "transfer"
    assert (last.origin, last.line[-1]) == ("near 51.1°N 3.2°E", (3.2, 51.1))


def test_two_points_at_one_road_still_join(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    route = co.find_route(toy, "3.2,51.05", "3.2,50.95", thousand, rates=toy_rates)
    check_route(route)
    assert len(route.legs) == 2
    on_the_node = co.find_route(toy, "3.2,51", "Ghent", thousand, rates=toy_rates)
    check_route(on_the_node)
    assert on_the_node.legs[0].distance_km == 0


@pytest.mark.parametrize("place", ["-30.0,40.0", "0,-80"])
def test_a_point_far_from_any_road(toy: Network, place: str) -> None:
    with pytest.raises(co.PlaceError, match="no road of the network within 250 km"):
        co.find_route(toy, "Kostanay", place)


def test_an_island_is_not_reached(toy: Network) -> None:
    with pytest.raises(co.NoRouteError, match="no route Kostanay → Riga: the network joins them by no open way"):
        co.find_route(toy, "Kostanay", "Riga")
    with pytest.raises(co.PlaceError, match="Mersin is not in this network"):
        co.find_route(toy, "Kostanay", "Mersin")


def test_same_place(toy: Network) -> None:
    for start, end in (("Ghent", "Gent"), ("Kostanay", "Қостанай"), ("3.2,51", "3.2,51.0")):
        with pytest.raises(co.PlaceError, match=r"same place.*nothing to ship"):
            co.find_route(toy, start, end)


def test_places_as_objects(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    farm = Place("farm", "Uncle Bolat's farm", "KZ", 63.5, 53.1)
    route = co.find_route(toy, farm, co.Gazetteer.of_terminals().find("Ghent"), thousand, rates=toy_rates)
    check_route(route)
    assert route.legs[0].origin == "Uncle Bolat's farm"


@pytest.mark.parametrize("minimize", ["cost", "", "COST_USD", "tonnes"])
def test_unknown_objective(toy: Network, minimize: str) -> None:
    for find in (co.find_route, co.find_alternatives, co.find_corridors):
        with pytest.raises(co.CorridorError, match="choose from distance_km, time_h, cost_usd"):
            find(toy, "Kostanay", "Ghent", minimize=minimize)
    with pytest.raises(co.CorridorError, match="choose from distance_km, time_h, cost_usd"):
        co.cost_matrix(toy, ["Kostanay"], ["Ghent"], minimize=minimize)


# ---------------------------------------------------------------------------------------------- no way: what to reopen


@pytest.mark.parametrize(
    ("closures", "restored_by"),
    [
        (("Kostanay",), ("Kostanay",)),
        (("Kostanay", "Ghent"), ("Kostanay and Ghent",)),
        (("Ghent", "Alat"), ("Ghent",)),
        (("BY–PL", "Aktau"), ("BY–PL", "Aktau")),
        (("BY–PL", "Aktau", "Alat"), ("BY–PL",)),
        (("Malaszewicze", "KZ-RU", "Aktau", "Alat"), ("Malaszewicze and KZ-RU", "Aktau and Alat")),
    ],
)
def test_no_route_says_what_reopening_restores(
    toy: Network, closures: tuple[str, ...], restored_by: tuple[str, ...]
) -> None:
    scenario = co.Scenario("storm").close(*closures, reason="wind")
    with pytest.raises(co.NoRouteError) as caught:
        co.find_route(toy, "Kostanay", "Ghent", scenario=scenario)
    error = caught.value
    assert error.closed == tuple(f"{name} (wind)" for name in closures)
    assert error.restored_by == restored_by
    text = str(error)
    assert text.startswith('no route Kostanay → Ghent under "storm": ')
    for name in closures:
        assert f"{name} (wind)" in text
    for group in restored_by:
        assert group in text
        lifted = [closure for closure in scenario.closures if closure.target in group.split(" and ")]
        co.find_route(toy, "Kostanay", "Ghent", scenario=scenario.reopening(*lifted))  # it does restore one
        for kept in lifted if len(lifted) > 1 else ():
            fewer = scenario.reopening(*(closure for closure in lifted if closure != kept))
            with pytest.raises(co.NoRouteError):
                co.find_route(toy, "Kostanay", "Ghent", scenario=fewer)


def test_no_route_that_reopening_would_not_help(toy: Network) -> None:
    with pytest.raises(co.NoRouteError, match="Reopening them would not help") as caught:
        co.find_route(toy, "Kostanay", "Riga", scenario=co.Scenario().close("Aktau"))
    assert caught.value.restored_by == ()
    assert isinstance(caught.value, ValueError)


def test_many_closures_are_explained_in_reasonable_time(network: Network) -> None:
    """Trying every group of 20 closures would take hours."""
    codes = ["KZ", "RU", "GE", "AZ", "TR", "BG", "RO", "HU", "AT", "SK", "CZ", "DE", "PL", "BY", "LT", "LV", "EE"]
    codes += ["TM", "IR", "BE"]
    scenario = co.Scenario("fortress")
    for code in codes:
        scenario = scenario.close_country(code)
    started = time.perf_counter()
    with pytest.raises(co.NoRouteError) as caught:
        co.find_route(network, "Kostanay", "Ghent", scenario=scenario)
    assert time.perf_counter() - started < 20
    (group,) = caught.value.restored_by
    needed = {name.removeprefix("country ") for name in re.split(", | and ", group)}
    assert {"KZ", "BE"} <= needed < set(codes)
    lifted = [closure for closure in scenario.closures if closure.target in needed]
    co.find_route(network, "Kostanay", "Ghent", scenario=scenario.reopening(*lifted))
    for closure in lifted:
        with pytest.raises(co.NoRouteError):
            fewer = scenario.reopening(*(other for other in lifted if other != closure))
            co.find_route(network, "Kostanay", "Ghent", scenario=fewer)


def test_no_route_on_the_shipped_network(network: Network) -> None:
    scenario = co.Scenario("all shut").close_mode("rail").close_mode("road").close_country("RU")
    with pytest.raises(co.NoRouteError) as caught:
        co.find_route(network, "Kostanay", "Ghent", scenario=scenario)
    assert caught.value.restored_by
    for name in caught.value.restored_by:
        lifted = [closure for closure in scenario.closures if str(closure) in name.split(" and ")]
        co.find_route(network, "Kostanay", "Ghent", scenario=scenario.reopening(*lifted))


# ------------------------------------------------------------------------------------------------ the shipped network

ISSUE_PATHS = {  # the four paths that the first question is about: families that each must pass, and must not
    "Middle – Constanta": ({"caspian", "black sea east", "black sea west"}, {"turkish straits", "btk", "volga-don"}),
    "Middle – deep sea": ({"caspian", "black sea east", "turkish straits"}, {"black sea west", "btk", "volga-don"}),
    "Middle – Kars and Türkiye": ({"caspian", "btk", "turkish land gate"}, {"black sea east", "turkish straits"}),
    "Northern": ({"eu eastern border"}, {"caspian", "russian baltic", "baltic states", "turkish straits"}),
}  # fmt: skip
ISSUE_GATEWAYS = {
    "Middle – Constanta": [{"Aktau", "Kuryk"}, {"Alat", "Baku"}, {"Poti", "Batumi"}, {"Constanta", "Varna", "Burgas"}],
    "Middle – deep sea": [{"Aktau", "Kuryk"}, {"Poti", "Batumi"}, {"Bosporus"}, {"Dardanelles"}],
    "Middle – Kars and Türkiye": [{"Aktau", "Kuryk"}, {"Akhalkalaki"}],
    "Northern": [{"BY–PL", "BY–LT"}],
}


@pytest.fixture(scope="module")
def flagship(network: Network) -> list[co.Route]:
    return co.find_corridors(network, "Kostanay", "Ghent", co.Shipment("flaxseed", tonnes=3000))


def test_the_four_paths_of_the_first_question(flagship: list[co.Route]) -> None:
    found = {route.corridor: route for route in flagship}
    assert set(ISSUE_PATHS) <= set(found)
    for name, (must, must_not) in ISSUE_PATHS.items():
        families = set(found[name].families)
        assert must <= families, name
        assert not must_not & families, name
        for choice in ISSUE_GATEWAYS[name]:
            assert choice & set(found[name].via), (name, choice)
        assert {leg.mode for leg in found[name].legs if leg.kind == "haul"} >= {"rail"}


def test_every_corridor_passes_what_it_requires_and_nothing_it_may_not(flagship: list[co.Route]) -> None:
    rules = {corridor.corridor: corridor for corridor in corridors()}
    assert len({route.corridor for route in flagship}) == len(flagship)
    for route in flagship:
        check_route(route)
        assert rules[route.corridor].fits(route.families), route.corridor
        assert route.name == rules[route.corridor].name


def test_corridors_are_sorted_and_the_overall_best_is_first(network: Network, flagship: list[co.Route]) -> None:
    costs = [route.cost_usd for route in flagship]
    assert costs == sorted(costs)
    best = co.find_route(network, "Kostanay", "Ghent", co.Shipment("flaxseed", tonnes=3000))
    assert costs[0] == pytest.approx(best.cost_usd, rel=1e-9)
    assert flagship[0].via == best.via


@pytest.mark.parametrize("minimize", OBJECTIVES)
@pytest.mark.parametrize(("start", "end"), [("Astana", "Antwerp"), ("Zeebrugge", "Petropavl"), ("Aktobe", "VIGAN")])
def test_overall_best_is_among_the_corridors(
    network: Network, rates: co.Rates, start: str, end: str, minimize: str
) -> None:
    best = co.find_route(network, start, end, minimize=minimize)
    routes = co.find_corridors(network, start, end, minimize=minimize)
    totals = [total(route, minimize, rates) for route in routes]
    assert totals == sorted(totals)
    assert totals[0] == pytest.approx(total(best, minimize, rates), rel=1e-4)
    for route in routes:
        check_route(route)


def test_cargo_may_start_and_end_at_any_gateway(network: Network) -> None:
    """Aktau is a Caspian gateway, which the Northern corridor may not pass; it may begin there all the same."""
    assert "Northern" in {route.corridor for route in co.find_corridors(network, "Aktau", "Ghent")}
    assert "Northern" in {route.corridor for route in co.find_corridors(network, "Kostanay", "Constanta")}
    shut = co.Scenario().close("Aktau")
    with pytest.raises(co.NoRouteError, match="Reopening Aktau would restore one"):
        co.find_corridors(network, "Aktau", "Ghent", scenario=shut)


def test_a_journey_through_no_gateway_is_of_no_corridor(network: Network) -> None:
    (route,) = co.find_corridors(network, "Kostanay", "Astana")
    assert (route.corridor, route.via) == ("", ())


def test_figures_are_of_this_world(flagship: list[co.Route]) -> None:
    """Bounds a planner would laugh outside of: Kostanay–Ghent is 4,000 km as the crow flies."""
    for route in flagship:
        assert 4_300 < route.distance_km < 30_000
        assert 10 < route.days < 90
        assert 50 < route.cost_usd_per_t < 500
        assert 20 < route.co2e_kg_per_t < 1000


def pairs_of_terminals(network: Network, count: int, seed: int) -> list[tuple[str, str]]:
    chance = random.Random(seed)
    codes = sorted(code for code, layer in network.terminal_nodes if layer == "origin")
    return [tuple(chance.sample(codes, 2)) for _ in range(count)]


@pytest.mark.parametrize("minimize", OBJECTIVES)
def test_routes_between_random_terminals(network: Network, rates: co.Rates, minimize: str) -> None:
    """Legs, ends and the matrix agree on 30 random pairs; other objectives' winners are never better at this one."""
    pairs = pairs_of_terminals(network, 30, seed=11)
    starts, ends = zip(*pairs, strict=True)
    matrix = co.cost_matrix(network, starts, ends, minimize=minimize)
    found = 0
    for number, (start, end) in enumerate(pairs):
        expected = matrix.iat[number, number]
        try:
            route = co.find_route(network, start, end, minimize=minimize)
        except co.NoRouteError:
            assert np.isnan(expected)
            continue
        found += 1
        check_route(route)
        mine = total(route, minimize, rates)
        assert mine == pytest.approx(expected, rel=1e-4)
        for other in OBJECTIVES:
            rival = co.find_route(network, start, end, minimize=other)
            assert mine <= total(rival, minimize, rates) * (1 + 1e-4)
    assert found > 20


def test_matrix_has_the_places_asked_for(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    origins, destinations = ["Қостанай", "Aktau", "Riga"], ["Ghent", "Poti", "Aktau", "BEGNE"]
    matrix = co.cost_matrix(toy, origins, destinations, thousand, rates=toy_rates)
    assert matrix.shape == (3, 4)
    assert list(matrix.index) == ["KZ_KOSTANAY", "KZ_AKTAU", "LV_RIGA"]
    assert list(matrix.columns) == ["BE_GHENT", "GE_POTI", "KZ_AKTAU", "BE_GHENT"]
    assert matrix.iloc[0, 0] == pytest.approx(155_750, rel=1e-4)
    assert matrix.iloc[0, 0] == matrix.iloc[0, 3]
    assert matrix.iloc[2].isna().all()  # an island
    assert np.isnan(matrix.iloc[1, 2])  # nothing to ship from Aktau to Aktau
    assert matrix.notna().to_numpy().sum() == 7


@pytest.mark.parametrize(("origins", "destinations"), [([], ["Ghent"]), (["Ghent"], []), ([], [])])
def test_matrix_of_nothing(toy: Network, origins: list[str], destinations: list[str]) -> None:
    assert co.cost_matrix(toy, origins, destinations).shape == (len(origins), len(destinations))


def test_matrix_wants_known_terminals(toy: Network) -> None:
    with pytest.raises(co.UnknownPlaceError, match="Aktau"):
        co.cost_matrix(toy, ["Kostanay"], ["Aktaw"])
    with pytest.raises(co.PlaceError, match="a matrix needs terminals"):
        co.cost_matrix(toy, ["63.6,53.2"], ["Ghent"])


def test_matrix_under_a_scenario_and_back(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    shut = co.Scenario().close("Aktau")
    before = co.cost_matrix(toy, ["Kostanay"], ["Ghent", "Poti"], thousand, rates=toy_rates)
    during = co.cost_matrix(toy, ["Kostanay"], ["Ghent", "Poti"], thousand, shut, rates=toy_rates)
    after = co.cost_matrix(toy, ["Kostanay"], ["Ghent", "Poti"], thousand, rates=toy_rates)
    assert during.iloc[0, 0] == pytest.approx(159_900, rel=1e-4)
    pd.testing.assert_frame_equal(before, after)


# ------------------------------------------------------------------------------------------------------- alternatives


@pytest.mark.parametrize("minimize", OBJECTIVES)
def test_alternatives_are_distinct_and_sorted(network: Network, rates: co.Rates, minimize: str) -> None:
    routes = co.find_alternatives(network, "Kostanay", "Ghent", minimize=minimize)
    assert len(routes) >= 2
    best = co.find_route(network, "Kostanay", "Ghent", minimize=minimize)
    assert routes[0].via == best.via
    totals = [total(route, minimize, rates) for route in routes]
    assert totals == sorted(totals)
    assert totals[0] == min(totals) == pytest.approx(total(best, minimize, rates))
    km = network.links["length_km"].to_numpy()
    for one, other in itertools.combinations(routes, 2):
        assert one.via != other.via
        shared = set(_links(one)) & set(_links(other))
        assert km[sorted(shared)].sum() <= 0.9 * min(one.distance_km, other.distance_km)
    for route in routes:
        check_route(route)
        assert len(set(best.via) - set(route.via)) >= (0 if route is routes[0] else 1)  # one gateway was shut


def _links(route: co.Route) -> list[int]:
    return [link for leg in route.legs for link in leg.links]


@pytest.mark.parametrize(
    "pair", [("Astana", "Zeebrugge"), ("Pavlodar", "VIGAN"), ("Ghent", "Aktobe"), ("Kostanay", "Poti")]
)
@pytest.mark.parametrize("minimize", OBJECTIVES)
def test_alternatives_elsewhere_are_sorted_too(
    network: Network, rates: co.Rates, pair: tuple[str, str], minimize: str
) -> None:
    totals = [total(route, minimize, rates) for route in co.find_alternatives(network, *pair, minimize=minimize)]
    assert totals == sorted(totals)
    assert totals[0] == pytest.approx(total(co.find_route(network, *pair, minimize=minimize), minimize, rates))


def test_count_of_alternatives(network: Network) -> None:
    many = co.find_alternatives(network, "Kostanay", "Ghent")
    assert len(co.find_alternatives(network, "Kostanay", "Ghent", count=1)) == 1
    assert [route.via for route in co.find_alternatives(network, "Kostanay", "Ghent", count=2)] == [
        route.via for route in many[:2]
    ]


# ---------------------------------------------------------------------------------------------------------- scenarios

CLOSURES = [
    "Aktau", "Kuryk", "Alat", "Poti", "Batumi", "Akhalkalaki", "Constanta", "Malaszewicze", "Riga", "St Petersburg",
    "BY–PL", "EE–RU", "KZ–RU", "Bosporus", "Kiel Canal", "Suez Canal", "Volga–Don Canal", "Marmaray tunnel",
]  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from(CLOSURES), max_size=6, unique=True),
    st.lists(st.sampled_from(CLOSURES), min_size=1, max_size=3, unique=True),
    st.sampled_from(OBJECTIVES),
)
def test_closing_more_never_lowers_the_total(
    network: Network, rates: co.Rates, some: list[str], more: list[str], minimize: str
) -> None:
    few, many = co.Scenario("few").close(*some), co.Scenario("many").close(*some, *more)

    def least(scenario: co.Scenario) -> float:
        try:
            route = co.find_route(network, "Kostanay", "Ghent", scenario=scenario, minimize=minimize)
        except co.NoRouteError:
            return math.inf
        check_route(route)
        return total(route, minimize, rates)

    assert least(many) >= least(few) * (1 - 1e-4)


def test_no_scenario_leaks_into_the_next(network: Network) -> None:
    """The answer after a hundred other questions is the answer of a network just read."""
    chance = random.Random(5)

    def ask(where: Network) -> list[tuple[object, ...]]:
        answers = [co.find_route(where, "Kostanay", "Ghent", minimize=name) for name in OBJECTIVES]
        return [(route.via, *(getattr(route, name) for name in TOTALS), tuple(_links(route))) for route in answers]

    first = ask(network)
    for _ in range(100):
        scenario = co.Scenario("noise").close(*chance.sample(CLOSURES, chance.randint(1, 5)))
        if chance.random() < 0.3:
            scenario = scenario.close_country(chance.choice(["RU", "GE", "TR", "PL"]))
        try:
            co.find_route(
                network,
                *chance.sample(["Kostanay", "Ghent", "Astana", "Antwerp", "Aktau", "Poti"], 2),
                co.Shipment(tonnes=chance.choice([3000.0, 500.0])),
                scenario,
                minimize=chance.choice(OBJECTIVES),
            )
        except co.NoRouteError:
            continue
    assert ask(network) == first
    assert ask(co.load_network()) == first


def test_rates_and_shipments_do_not_leak(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    def cost(shipment: co.Shipment, rates: co.Rates) -> float:
        return co.find_route(toy, "Kostanay", "Ghent", shipment, rates=rates).cost_usd

    dearer = toy_rates.with_value("usd_per_tkm", 0.5, layer="sea")
    for _ in range(2):
        assert cost(thousand, toy_rates) == pytest.approx(155_750)
        assert cost(thousand, dearer) == pytest.approx(159_900)
        assert cost(thousand, toy_rates.at("high")) == pytest.approx(311_500)
        assert cost(co.Shipment(tonnes=2000.0), toy_rates) > 155_750
    many = [toy_rates.with_value("carbon_usd_per_t", float(price), layer="") for price in range(12)]
    for rates in (*many, *reversed(many)):  # more than are kept
        assert cost(thousand, rates) == pytest.approx(155_750)


def test_many_threads_ask_one_network(make_toy, toy_rates: co.Rates) -> None:
    """As a web server would: different shipments and closures at once, more of them than prices are kept for."""
    questions = list(itertools.product(range(500, 512), ["Aktau", "BY–PL", "Bosporus", "Constanta"])) * 4

    def ask(network: Network, question: tuple[int, str]) -> float:
        shipment, scenario = co.Shipment(tonnes=float(question[0])), co.Scenario().close(question[1])
        return co.find_route(network, "Kostanay", "Ghent", shipment, scenario, rates=toy_rates).cost_usd

    shared = make_toy()
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda question: ask(shared, question), questions))
    assert answers == [ask(make_toy(), question) for question in questions[:48]] * 4


def test_the_network_is_not_changed_by_questions(make_toy, toy_rates: co.Rates) -> None:
    network, untouched = make_toy(), make_toy()
    co.find_corridors(network, "Kostanay", "Ghent", rates=toy_rates, scenario=co.Scenario().close("Poti"))
    co.find_route(network, "63.6,53.1", "Ghent", rates=toy_rates)
    pd.testing.assert_frame_equal(network.links, untouched.links)
    pd.testing.assert_frame_equal(network.nodes, untouched.nodes)


@pytest.mark.parametrize("point", [KOSTANAY, (66.0, 50.0), (4.0, 51.0)])
def test_points_on_the_shipped_network(network: Network, point: tuple[float, float]) -> None:
    route = co.find_route(network, f"{point[0]},{point[1]}", "Poti", co.Shipment("wheat", 1000))
    check_route(route)
    first = route.legs[0]
    assert first.line[0] == point
    assert first.distance_km >= point_distance_km(*first.line[0], *first.line[1])


def test_point_beside_a_terminal_costs_a_little_more(network: Network) -> None:
    """A farm at the station pays the lorry and one more handling, not a different journey."""
    station = co.find_route(network, "Kostanay", "Ghent")
    farm = co.find_route(network, f"{KOSTANAY[0]},{KOSTANAY[1]}", "Ghent")
    assert station.cost_usd < farm.cost_usd < station.cost_usd * 1.2
    assert farm.corridor == station.corridor


def test_a_route_can_be_read_aloud(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> None:
    lines = str(co.find_route(toy, "Kostanay", "Ghent", thousand, rates=toy_rates)).splitlines()
    assert lines[0] == "Kostanay → Ghent, 1,000 t of flaxseed in 16 hopper wagons (Middle – deep sea)"
    assert len(lines) == 1 + 9 + 1
    assert re.fullmatch(r"  total +10,290 km +44\.5 d +155\.75 USD/t +210\.9 kg CO2e/t", lines[-1])


@pytest.mark.parametrize("engine_order", [0, 3])
def test_record_is_what_the_command_line_promises(make_toy, toy_rates: co.Rates, thousand, engine_order: int) -> None:
    route = co.find_route(make_toy(engine_order), "Kostanay", "Ghent", thousand, rates=toy_rates)
    record = route.record()
    assert record["totals"] == {name: getattr(route, name) for name in TOTALS}
    assert [leg["distance_km"] for leg in record["legs"]] == [leg.distance_km for leg in route.legs]
    assert record["via"] == ["Aktau", "Alat", "Poti", "Bosporus", "Dardanelles"]
