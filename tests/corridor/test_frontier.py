"""The Pareto front: against brute force on small random networks, and against the engine on the shipped one."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import corridor as co
from corridor import overlay, pareto
from corridor.graph import Arcs
from corridor.impedance import FIGURES, price_links
from corridor.pareto import efficient, pareto_paths
from geodata.network import LINK_COLUMNS, Network
from geodata.vocabulary import mode_of

TERMINALS = ("KZ_KOSTANAY", "KZ_AKTAU", "AZ_ALAT")

COUNTRIES = ("KZ", "RU", "BY")
LAYERS = ("rail-1520", "road", "sea")
SMALL = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def simple_paths(tail: list[int], head: list[int], source: int, target: int) -> Iterator[list[int]]:
    """Arcs of every path that visits no node twice."""
    onward: dict[int, list[int]] = {}
    for arc, node in enumerate(tail):
        onward.setdefault(node, []).append(arc)
    stack: list[tuple[int, list[int], frozenset[int]]] = [(source, [], frozenset([source]))]
    while stack:
        node, passed, seen = stack.pop()
        if node == target:
            yield passed
            continue
        further = [arc for arc in onward.get(node, ()) if head[arc] not in seen]
        stack.extend((head[arc], [*passed, arc], seen | {head[arc]}) for arc in further)


def brute_front(tail: list[int], head: list[int], figures: np.ndarray, source: int, target: int) -> np.ndarray:
    """Totals of the efficient paths, sorted, by trying every path."""
    totals = np.array([figures[path].sum(axis=0) for path in simple_paths(tail, head, source, target)])
    return in_order(totals[efficient(totals)]) if len(totals) else np.zeros((0, 3))


def in_order(totals: np.ndarray) -> np.ndarray:
    return totals[np.lexsort(totals.round(6).T)]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[int], list[int], np.ndarray]:
    node = st.integers(0, 6)
    pairs = draw(st.lists(st.tuples(node, node), min_size=1, max_size=18))
    figure = st.integers(0, 4)  # few values, so that there are ties and zeros
    figures = draw(st.lists(st.tuples(figure, figure, figure), min_size=len(pairs), max_size=len(pairs)))
    return [a for a, _ in pairs], [b for _, b in pairs], np.array(figures, dtype=float)


@SMALL
@given(graphs())
def test_pareto_paths_are_those_of_brute_force(graph: tuple[list[int], list[int], np.ndarray]) -> None:
    tail, head, figures = graph
    found = pareto_paths(Arcs(np.array(tail), np.array(head), 7), figures, 0, 6).paths
    for totals, arcs in found:
        assert figures[arcs].sum(axis=0) == pytest.approx(totals)
        assert [tail[arc] for arc in arcs] == [0] + [head[arc] for arc in arcs[:-1]]
        assert head[arcs[-1]] == 6
    ours = in_order(np.array([totals for totals, _ in found]).reshape(-1, 3))
    assert ours == pytest.approx(brute_front(tail, head, figures, 0, 6))


@SMALL
@given(graphs(), st.sampled_from([0.001, 0.1, 0.5]), st.sampled_from([1, 20, 10**6]))
def test_paths_left_out_are_matched_within_the_allowance(
    graph: tuple[list[int], list[int], np.ndarray], within: float, pairs: int
) -> None:
    """However many partial paths and zones are compared at once."""
    tail, head, figures = graph
    wanted = brute_front(tail, head, figures, 0, 6)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pareto, "MOST_PAIRS", pairs)
        found = pareto_paths(Arcs(np.array(tail), np.array(head), 7), figures, 0, 6, within).paths
    assert bool(found) == bool(len(wanted))
    if len(wanted):
        ours = np.array([totals for totals, _ in found])
        assert efficient(ours).all()
        matched = (ours[:, None, :] <= wanted[None, :, :] * (1 + within) * (1 + 1e-9)).all(axis=2)
        assert matched.any(axis=0).all()
        assert ours.min(axis=0) == pytest.approx(wanted.min(axis=0), rel=1e-4)


def test_a_search_that_takes_long_widens_its_allowance(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = co.find_frontier(network, "Kostanay", "Ghent", thin=False)
    exact = co.find_frontier(network, "Kostanay", "Ghent", thin=False, within=0)
    assert (asked.within, exact.within) == (0.001, 0)
    monkeypatch.setattr(pareto, "MOST_COMPARED", 100)
    wider = co.find_frontier(network, "Kostanay", "Ghent", thin=False, within=0)
    assert wider.within > 0
    assert len(exact) > len(asked)
    for front in (asked, wider):
        worse = (totals_of(front)[:, None, :] / totals_of(exact)[None, :, :]).max(axis=2).min(axis=0)
        assert worse.max() <= 1 + front.within + 1e-9
        assert totals_of(front).min(axis=0) == pytest.approx(totals_of(exact).min(axis=0), rel=1e-4)


@pytest.mark.parametrize("within", [-0.1, 1.5, float("nan"), "0.1", None])
def test_an_allowance_is_a_part(network: Network, within: object) -> None:
    with pytest.raises(co.CorridorError, match="number from 0 to 1"):
        co.find_frontier(network, "Kostanay", "Ghent", within=within)  # type: ignore[arg-type]


@given(st.lists(st.tuples(*[st.integers(0, 5)] * 3), min_size=1, max_size=30))
def test_efficient_rows_by_definition(rows: list[tuple[int, int, int]]) -> None:
    figures = np.array(rows, dtype=float)
    kept = {tuple(row) for row in figures[efficient(figures)]}
    beaten = {tuple(row) for row in figures if any((other <= row).all() and (other < row).any() for other in figures)}
    assert kept == {tuple(row) for row in figures} - beaten
    assert efficient(figures).sum() == len(kept)


def random_network(seed: int) -> Network:
    """Three terminals, three countries, three layers, and some lines at random between a dozen points."""
    random = np.random.default_rng(seed)
    nodes: list[tuple[float, float, str, str, str]] = []
    links: list[dict[str, object]] = []

    def node(layer: str, country: str, terminal: str = "") -> int:
        nodes.append((float(len(nodes)), 50.0, layer, "" if layer == "sea" else country, terminal))
        return len(nodes) - 1

    def link(start: int, end: int, kind: str, layer: str, **cells: object) -> None:
        row: dict[str, object] = dict.fromkeys(LINK_COLUMNS, "")
        mode = "" if kind == "transfer" else mode_of(layer)
        row |= {
            "from_node": start,
            "to_node": end,
            "kind": kind,
            "layer": layer,
            "mode": mode,
            "length_km": 0.0,
            "locks": 0.0,
        }
        links.append(row | {"length_source": "none", "oneway": kind in ("transfer", "access")} | cells)

    serving: dict[str, list[int]] = {layer: [] for layer in LAYERS}
    for code in TERMINALS:
        layers = [layer for layer in LAYERS if random.random() < 0.7] or ["road"]
        here = {layer: node(layer, str(random.choice(COUNTRIES)), code) for layer in layers}
        start, end = node("origin", "", code), node("destination", "", code)
        for layer, at in here.items():
            serving[layer].append(at)
            link(start, at, "access", layer, name="loading", terminal=code, country="KZ")
            link(at, end, "access", layer, name="discharge", terminal=code, country="KZ")
            for other, there in here.items():
                if other != layer:
                    link(at, there, "transfer", f"{layer}>{other}", name="transfer", terminal=code, country="KZ")
    for layer in LAYERS:
        serving[layer] += [node(layer, str(random.choice(COUNTRIES))) for _ in range(random.integers(2, 4))]
        for a, start in enumerate(serving[layer]):
            for end in serving[layer][a + 1 :]:
                if random.random() < 0.55:
                    _join(random, nodes, start, end, layer, node, link)
    node_table = pd.DataFrame(nodes, columns=["lon", "lat", "layer", "country", "terminal"])
    node_table["cch_rank"] = random.permutation(len(nodes)).astype(np.int32)
    link_table = pd.DataFrame(links)[list(LINK_COLUMNS)]
    lines = np.empty(len(links), dtype=object)
    lines[:] = [shapely.LineString([(0, 0), (1, 1)])] * len(links)
    return Network(node_table, link_table, source="random", _geometry=lines)


def _join(random, nodes, start: int, end: int, layer: str, node, link) -> None:
    """A line: within a country or at sea one haul; between countries two hauls and a frontier."""
    km = float(random.integers(1, 900))
    if layer == "sea":
        link(start, end, "haul", layer, length_km=km, area=str(random.choice(["Black Sea", "Atlantic"])))
    elif nodes[start][3] == nodes[end][3]:
        link(start, end, "haul", layer, length_km=km, country=nodes[start][3])
    else:
        here, there = node(layer, nodes[start][3]), node(layer, nodes[end][3])
        link(start, here, "haul", layer, length_km=km, country=nodes[start][3])
        link(here, there, "border", layer, name="–".join(sorted([nodes[here][3], nodes[there][3]])))
        link(there, end, "haul", layer, length_km=float(random.integers(1, 900)), country=nodes[end][3])


def brute_force(network: Network, shipment: co.Shipment, rates: co.Rates, origin: str, destination: str) -> np.ndarray:
    """Totals of the front by trying every path over the links of a network."""
    prices = price_links(network, shipment, rates)[list(FIGURES)].to_numpy()
    table = network.links
    back = np.flatnonzero(~table["oneway"].to_numpy(bool))
    tail = [*table["from_node"], *table["to_node"].iloc[back]]
    head = [*table["to_node"], *table["from_node"].iloc[back]]
    ends = network.terminal_nodes[origin, "origin"], network.terminal_nodes[destination, "destination"]
    return brute_front(tail, head, np.concatenate([prices, prices[back]]), *ends)


def totals_of(routes: list[co.Route]) -> np.ndarray:
    return np.array([[getattr(route, name) for name in FIGURES] for route in routes])


@SMALL
@given(st.integers(0, 10**6))
def test_front_is_that_of_brute_force(toy_rates: co.Rates, thousand: co.Shipment, seed: int) -> None:
    network = random_network(seed)
    origin, destination = TERMINALS[:2]
    wanted = brute_force(network, thousand, toy_rates, origin, destination)
    if not len(wanted):
        with pytest.raises(co.NoRouteError):
            co.find_frontier(network, origin, destination, thousand, rates=toy_rates)
        return
    found = co.find_frontier(network, origin, destination, thousand, rates=toy_rates, thin=False, within=0)
    assert in_order(totals_of(found)) == pytest.approx(wanted, rel=1e-9)


@SMALL
@given(st.integers(0, 10**6), st.booleans())
def test_reduced_layers_report_only_what_nothing_beats(
    toy_rates: co.Rates, thousand: co.Shipment, seed: int, thin: bool
) -> None:
    """With every layer reduced to whole hauls each route is one of the exact front, and the best by each is there."""
    network = random_network(seed)
    origin, destination = TERMINALS[:2]
    wanted = brute_force(network, thousand, toy_rates, origin, destination)
    if not len(wanted):
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(overlay, "MOST_JOINTS", 0)
        found = totals_of(co.find_frontier(network, origin, destination, thousand, rates=toy_rates, thin=thin))
    assert found.min(axis=0) == pytest.approx(wanted.min(axis=0), rel=1e-5)
    for row in found:
        assert np.isclose(wanted, row, rtol=1e-8).all(axis=1).any()


# ------------------------------------------------------------------------------------------- the shipped network

PAIRS = [("Kostanay", "Ghent"), ("Astana", "Mersin"), ("63.1,52.5", "3.7,50.9"), ("Aktobe", "Amirabad")]


@pytest.mark.parametrize(("origin", "destination"), PAIRS)
def test_front_of_the_shipped_network(network: Network, origin: str, destination: str) -> None:
    front = co.find_frontier(network, origin, destination)
    whole = co.find_frontier(network, origin, destination, thin=False)
    assert efficient(totals_of(whole)).all()
    assert efficient(totals_of(front)).all()
    assert {route.via for route in front} <= {route.via for route in whole}
    assert len(front) <= 15
    assert list(totals_of(front)[:, 1]) == sorted(totals_of(front)[:, 1])
    for name in FIGURES:
        best = getattr(co.find_route(network, origin, destination, minimize=name), name)
        assert min(getattr(route, name) for route in front) == pytest.approx(best, rel=1e-4)


def test_what_reduced_layers_lose_is_within_a_thousandth_and_a_half(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = [("Kostanay", "Ghent"), ("Pavlodar", "Mersin"), ("Aktau", "Lianyungang")]
    kept = [co.find_frontier(network, *pair, thin=False, within=0) for pair in pairs]
    monkeypatch.setattr(overlay, "MOST_JOINTS", 10**6)
    monkeypatch.setattr(pareto, "MOST_COMPARED", 10**9)
    monkeypatch.setitem(network.cache, "pricings", {})
    for pair, front in zip(pairs, kept, strict=True):
        whole = co.find_frontier(network, *pair, thin=False, within=0)
        worse = (totals_of(front)[:, None, :] / totals_of(whole)[None, :, :]).max(axis=2).min(axis=0)
        assert whole.within == 0
        assert worse.max() < 1.0015, pair


QUESTIONS = [
    *((*pair, "") for pair in PAIRS[:2] + PAIRS[3:]),
    ("Pavlodar", "Mersin", ""),
    ("Marke", "Almaty", ""),
    ("Petropavl", "Antwerp", ""),
    ("Kokshetau", "Zeebrugge", ""),
    ("Astana", "Liège", ""),
    ("Aktau", "Lianyungang", ""),
    ("Almaty", "Marke", "RU"),
]


@pytest.mark.parametrize(("origin", "destination", "avoided"), QUESTIONS)
def test_nothing_the_engine_finds_beats_a_route_of_the_front(
    network: Network, origin: str, destination: str, avoided: str
) -> None:
    """Best routes by each objective, one a mix of the figures, and the corridors: found by another engine."""
    scenario = co.Scenario("avoided").close_country(avoided) if avoided else co.BASELINE
    front = totals_of(co.find_frontier(network, origin, destination, scenario=scenario))
    others = co.find_corridors(network, origin, destination, scenario=scenario)
    for name in (*FIGURES, "generalized_usd"):
        others.append(co.find_route(network, origin, destination, scenario=scenario, minimize=name))
    for other in totals_of(others):
        worse = (front >= other * (1 + 1e-9)).all(axis=1) & (front > other * (1 + 1e-6)).any(axis=1)
        assert not worse.any(), other
    assert front.min(axis=0) == pytest.approx(totals_of(others).min(axis=0), rel=1e-4)


def test_regions_serve_other_rates(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which prices are the same tells the regions, not what they are."""
    monkeypatch.setitem(network.cache, "regions", {})
    monkeypatch.setitem(network.cache, "pricings", {})
    co.find_frontier(network, "Kostanay", "Ghent")
    dearer = co.load_rates().with_value("usd_per_tkm", 0.0291, layer="rail-1520", area="KZ")
    kept = co.find_frontier(network, "Kostanay", "Ghent", rates=dearer)
    assert len(network.cache["regions"]) == 1
    monkeypatch.setitem(network.cache, "regions", {})
    monkeypatch.setitem(network.cache, "pricings", {})
    assert totals_of(kept).tolist() == totals_of(co.find_frontier(network, "Kostanay", "Ghent", rates=dearer)).tolist()


def test_legs_sum_to_the_totals_of_the_front(network: Network) -> None:
    for route in co.find_frontier(network, "Kostanay", "Ghent"):
        assert route.legs[0].kind == route.legs[-1].kind == "access"
        for before, after in zip(route.legs, route.legs[1:], strict=False):
            assert before.nodes[-1] == after.nodes[0]
        assert route.minimize == "pareto"


def test_front_under_closures(network: Network) -> None:
    shut = co.Scenario("shut").close_country("RU").close("Kuryk")
    front = co.find_frontier(network, "Kostanay", "Ghent", scenario=shut)
    for route in front:
        assert "Kuryk" not in route.via
        assert not any("RU" in border.name for leg in route.legs for border in leg.borders)
        assert route.scenario == shut
    again = co.find_frontier(network, "Kostanay", "Ghent")
    assert min(route.cost_usd for route in again) < min(route.cost_usd for route in front)


def test_no_way_at_all_says_why(network: Network) -> None:
    with pytest.raises(co.NoRouteError, match="Reopening Ghent would restore one"):
        co.find_frontier(network, "Kostanay", "Ghent", scenario=co.Scenario("shut").close("Ghent"))
    with pytest.raises(co.PlaceError, match="same place"):
        co.find_frontier(network, "Kostanay", "Қостанай")


def test_dominated_corridors_say_by_which_and_how_much(network: Network) -> None:
    front = co.find_frontier(network, "Kostanay", "Ghent")
    ways = co.find_corridors(network, "Kostanay", "Ghent")
    lost = co.find_dominated(front, ways)
    assert {one.route.corridor for one in lost} | {route.corridor for route in front} >= {way.corridor for way in ways}
    assert not {one.route.corridor for one in lost} & {route.corridor for route in front}
    for one in lost:
        assert min(one.time_h, one.cost_usd, one.co2e_kg) >= 0
        assert one.time_h == pytest.approx(one.route.time_h - one.by.time_h)
        assert one.cost_usd == pytest.approx(one.route.cost_usd - one.by.cost_usd)
        assert str(one).startswith(f"{one.route.corridor}: ")
        assert str(one).endswith(f"than {one.by.corridor}")


def test_a_small_parcel_crosses_the_black_sea_by_rail_ferry_and_a_ship_load_by_ship(network: Network) -> None:
    """A hold is paid for 1,000 t at least: below, the ferry is cheaper, and emits seven times as much a tonne."""
    by_tonnes = {}
    for tonnes in (300.0, 3_000.0):
        ways = co.find_corridors(network, "Kostanay", "Ghent", co.Shipment("flaxseed", tonnes=tonnes))
        by_tonnes[tonnes] = next(way for way in ways if way.corridor == "Middle – Constanta")
    legs = [{leg.mode: leg for leg in way.legs if leg.kind == "haul"} for way in by_tonnes.values()]
    small, large = ([leg.mode for leg in way.legs if leg.kind == "haul"] for way in by_tonnes.values())
    assert (small.count("ferry"), small.count("sea")) == (2, 0)
    assert (large.count("ferry"), large.count("sea")) == (1, 1)
    ferry, ship = legs[0]["ferry"], legs[1]["sea"]
    assert ferry.cost_usd / 300 > ship.cost_usd / 3_000
    saved = by_tonnes[300.0].co2e_kg / 300 - by_tonnes[3_000.0].co2e_kg / 3_000
    assert saved == pytest.approx(ferry.co2e_kg / 300 - ship.co2e_kg / 3_000, rel=0.1)
