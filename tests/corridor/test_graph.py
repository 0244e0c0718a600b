"""
The engine against two others: scipy's Dijkstra, and one written here in plain Python that shares no code with either.

Exactness: the hierarchy's weights are whole numbers. On graphs drawn at random, whose weights spread over four
orders of magnitude, its best weight is within 1e-5 of the true one; on the shipped network within 1e-4 (0.01 %).
"""

import heapq
import itertools
import math
import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor as co
from corridor.graph import Graph, Path, default_engine
from corridor.impedance import OBJECTIVES, price_links
from corridor.scenario import ScenarioError
from geodata.network import Network

ENGINES = ("cch", "scipy")
RELATIVE = 1e-5

Arc = tuple[int, int, float, bool]
"""From, to, kilometres (also the weight unless told otherwise), one-way."""


def network_of(node_count: int, arcs: list[Arc], seed: int = 0) -> Network:
    rank = np.random.default_rng(seed).permutation(node_count).astype(np.int32)
    nodes = pd.DataFrame({"cch_rank": rank})
    links = pd.DataFrame(arcs, columns=["from_node", "to_node", "length_km", "oneway"])
    return Network(nodes, links.astype({"from_node": int, "to_node": int, "length_km": float, "oneway": bool}))


def plain_dijkstra(arcs: list[Arc], weights: list[float], closed: list[bool], source: int) -> dict[int, float]:
    """Least weights from one node, in plain Python."""
    neighbours: dict[int, list[tuple[int, float]]] = {}
    for (start, end, _, oneway), weight, shut in zip(arcs, weights, closed, strict=True):
        if not shut:
            neighbours.setdefault(start, []).append((end, weight))
            if not oneway:
                neighbours.setdefault(end, []).append((start, weight))
    best = {source: 0.0}
    heap = [(0.0, source)]
    while heap:
        reached, node = heapq.heappop(heap)
        if reached > best[node]:
            continue
        for end, weight in neighbours.get(node, ()):
            if reached + weight < best.get(end, math.inf):
                best[end] = reached + weight
                heapq.heappush(heap, (best[end], end))
    return best


def check_path(path: Path, arcs: list[Arc], weights: list[float], closed: list[bool], ends: tuple[int, int]) -> None:
    """The path joins its ends, link by link, over open links in a direction they have, and weighs what they weigh."""
    assert (path.nodes[0], path.nodes[-1]) == ends
    assert len(path.nodes) == len(path.links) + 1
    for link, (here, there) in zip(path.links, itertools.pairwise(path.nodes), strict=True):
        start, end, _, oneway = arcs[link]
        assert (here, there) == (start, end) or (not oneway and (here, there) == (end, start))
        assert not closed[link]
    assert path.weight == pytest.approx(sum(weights[link] for link in path.links), rel=1e-12, abs=1e-12)


@st.composite
def puzzles(draw: st.DrawFn) -> tuple[int, list[Arc], list[float], list[list[bool]]]:
    """A small graph (parallel arcs, loops, one-way links, zero weights), its weights and three sets of closures."""
    node_count = draw(st.integers(2, 9))
    node = st.integers(0, node_count - 1)
    km = st.one_of(st.just(0.0), st.floats(0.1, 1000.0))
    arcs = draw(st.lists(st.tuples(node, node, km, st.booleans()), min_size=1, max_size=30))
    arcs += draw(st.lists(st.sampled_from(arcs), max_size=5))  # the very same link twice
    weights = [
        arc[2] * draw(st.floats(0.5, 5.0)) if arc[2] else draw(st.sampled_from([0.0, 3.0, 400.0])) for arc in arcs
    ]
    closures = draw(st.lists(st.lists(st.booleans(), min_size=len(arcs), max_size=len(arcs)), min_size=3, max_size=3))
    return node_count, arcs, weights, closures


@settings(max_examples=250, deadline=None)
@given(puzzles(), st.integers(0, 5))
def test_both_engines_agree_with_plain_python(puzzle, seed: int) -> None:
    node_count, arcs, weights, closures = puzzle
    graph = Graph(network_of(node_count, arcs, seed))
    metrics = {engine: graph.weigh(np.array(weights), engine) for engine in ENGINES}
    everything = range(node_count)
    for closed in [[False] * len(arcs), *closures]:
        shut = np.array(closed)
        tables = {engine: metrics[engine].matrix(everything, everything, shut) for engine in ENGINES}
        for source in everything:
            truth = plain_dijkstra(arcs, weights, closed, source)
            for target, engine in itertools.product(everything, ENGINES):
                true = truth.get(target, math.inf)
                path = metrics[engine].shortest([(source, 0.0)], [(target, 0.0)], shut)
                assert tables[engine][source, target] == pytest.approx(true, rel=RELATIVE, abs=2e-3), engine
                if true == math.inf:
                    assert path is None
                else:
                    assert path is not None, engine
                    assert path.weight == pytest.approx(true, rel=RELATIVE, abs=2e-3), engine
                    check_path(path, arcs, weights, closed, (source, target))


@settings(max_examples=100, deadline=None)
@given(puzzles(), st.data())
def test_many_sources_and_targets_with_weight_run_up(puzzle, data: st.DataObject) -> None:
    node_count, arcs, weights, closures = puzzle
    graph = Graph(network_of(node_count, arcs))
    ends = st.dictionaries(st.integers(0, node_count - 1), st.floats(0.0, 500.0), min_size=1, max_size=4)
    sources, targets = data.draw(ends), data.draw(ends)
    closed = closures[0]
    from_each = {source: plain_dijkstra(arcs, weights, closed, source) for source in sources}
    true = min(
        (run_up + from_each[source].get(target, math.inf) + extra)
        for (source, run_up), (target, extra) in itertools.product(sources.items(), targets.items())
    )
    for engine in ENGINES:
        metric = graph.weigh(np.array(weights), engine)
        path = metric.shortest(list(sources.items()), list(targets.items()), np.array(closed))
        assert (path is None) == (true == math.inf)
        if path is not None:
            assert path.weight == pytest.approx(true, rel=RELATIVE, abs=2e-3)
            run_up, extra = sources[int(path.nodes[0])], targets[int(path.nodes[-1])]
            assert path.weight == pytest.approx(run_up + extra + sum(weights[link] for link in path.links), rel=1e-12)


@settings(max_examples=100, deadline=None)
@given(puzzles(), st.integers(0, 29))
def test_closing_one_more_link_never_lowers_a_weight(puzzle, extra: int) -> None:
    node_count, arcs, weights, closures = puzzle
    metric = Graph(network_of(node_count, arcs)).weigh(np.array(weights), "cch")
    everything = range(node_count)
    fewer, more = np.array(closures[0]), np.array(closures[0])
    more[extra % len(arcs)] = True
    before, after = metric.matrix(everything, everything, fewer), metric.matrix(everything, everything, more)
    assert (after >= before).all()


@settings(max_examples=60, deadline=None)
@given(puzzles(), st.lists(st.integers(0, 2), min_size=2, max_size=8))
def test_questions_do_not_leak_into_each_other(puzzle, order: list[int]) -> None:
    """What a used metric answers is exactly what a fresh one answers, whatever was closed in between."""
    node_count, arcs, weights, closures = puzzle
    graph = Graph(network_of(node_count, arcs))
    used = graph.weigh(np.array(weights), "cch")
    everything = range(node_count)
    for number in order:
        closed = np.array(closures[number])
        fresh = graph.weigh(np.array(weights), "cch")
        np.testing.assert_array_equal(
            used.matrix(everything, everything, closed), fresh.matrix(everything, everything, closed)
        )


def test_mass_closures_and_patches_answer_alike() -> None:
    """More changes than are patched make the hierarchy customize anew: a ladder of 600 rungs goes through both ways."""
    rungs = 600
    arcs: list[Arc] = [(i, i + 1, 1.0, False) for i in range(rungs)]
    arcs += [(i, i + 1, 2.0, False) for i in range(rungs)]
    metric = Graph(network_of(rungs + 1, arcs)).weigh(np.array([arc[2] for arc in arcs]), "cch")

    def weight(closed_count: int) -> float:
        closed = np.zeros(len(arcs), dtype=bool)
        closed[:closed_count] = True
        return float(metric.matrix([0], [rungs], closed)[0, 0])

    for count in (0, 1, 600, 2, 599, 3, 0, 600, 0):
        assert weight(count) == pytest.approx(rungs + count, rel=RELATIVE)


def test_parallel_links_are_not_added_up() -> None:
    arcs: list[Arc] = [(0, 1, 7.0, True), (0, 1, 5.0, True), (0, 1, 6.0, False)]
    graph = Graph(network_of(2, arcs))
    for engine in ENGINES:
        metric = graph.weigh(np.array([7.0, 5.0, 6.0]), engine)
        there = metric.shortest([(0, 0.0)], [(1, 0.0)], np.zeros(3, dtype=bool))
        back = metric.shortest([(1, 0.0)], [(0, 0.0)], np.zeros(3, dtype=bool))
        assert (there.links.tolist(), there.weight) == ([1], 5.0)
        assert (back.links.tolist(), back.weight) == ([2], 6.0)


def test_no_way_at_all_and_no_questions() -> None:
    graph = Graph(network_of(3, [(0, 1, 1.0, True)]))
    open_ = np.zeros(1, dtype=bool)
    for engine in ENGINES:
        metric = graph.weigh(np.array([1.0]), engine)
        assert metric.shortest([(1, 0.0)], [(0, 0.0)], open_) is None
        assert metric.shortest([(0, 0.0)], [(2, 0.0)], open_) is None
        here = metric.shortest([(2, 0.0)], [(2, 0.0)], open_)
        assert (here.weight, here.links.tolist(), here.nodes.tolist()) == (0.0, [], [2])
        assert metric.matrix([0], [], open_).shape == (1, 0)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, -1e-9])
@pytest.mark.parametrize("engine", ENGINES)
def test_weights_that_cannot_be_are_refused(bad: float, engine: str) -> None:
    graph = Graph(network_of(3, [(0, 1, 1.0, True), (1, 2, 1.0, False)]))
    with pytest.raises(ValueError, match=r"link 1 has the weight"):
        graph.weigh(np.array([1.0, bad]), engine)


@pytest.mark.parametrize("shape", [(1,), (3,), (2, 1)])
def test_weights_of_the_wrong_shape_are_refused(shape: tuple[int, ...]) -> None:
    graph = Graph(network_of(3, [(0, 1, 1.0, True), (1, 2, 1.0, False)]))
    with pytest.raises(ValueError, match="expected 2 weights"):
        graph.weigh(np.ones(shape))


def test_caller_keeps_their_arrays() -> None:
    graph = Graph(network_of(3, [(0, 1, 1.0, True), (1, 2, 1.0, False)]))
    weights, closed = np.array([1.0, 2.0]), np.array([False, True])
    metric = graph.weigh(weights, "cch")
    metric.shortest([(0, 0.0)], [(2, 0.0)], closed)
    assert weights.tolist() == [1.0, 2.0]
    assert closed.tolist() == [False, True]
    closed[:] = False  # what the caller does with it later is a new question
    assert metric.shortest([(0, 0.0)], [(2, 0.0)], closed).weight == 3.0


def test_hierarchy_is_the_engine_where_its_wheel_is_installed() -> None:
    assert default_engine() == "cch"


def test_threads_get_the_answers_to_their_own_questions(make_toy, toy_rates: co.Rates) -> None:
    network = make_toy()
    weights = price_links(network, co.Shipment(), toy_rates)["cost_usd"].to_numpy()
    graph = Graph(network)
    shared = graph.weigh(weights, "cch")
    source, target = network.terminal_nodes["KZ_KOSTANAY", "origin"], network.terminal_nodes["BE_GHENT", "destination"]
    scenarios = [co.Scenario().close(name) for name in ("Aktau", "BY–PL", "Bosporus", "Constanta", "Poti", "KZ–RU")]
    closures = [scenario.closed_links(network) for scenario in scenarios] * 50

    def ask(closed: np.ndarray) -> float:
        path = shared.shortest([(source, 0.0)], [(target, 0.0)], closed)
        return math.inf if path is None else path.weight

    alone = [graph.weigh(weights, "scipy").shortest([(source, 0.0)], [(target, 0.0)], shut) for shut in closures[:6]]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(ask, closures))
    expected = [path.weight if path else math.inf for path in alone] * 50
    assert answers == pytest.approx(expected, rel=RELATIVE)
    assert len(set(expected)) > 1


def random_scenario(network: Network, chance: random.Random) -> co.Scenario:
    """Up to five closures of every kind that the network can bear."""
    terminals = sorted(network.links_by("terminal"))
    scenario = co.Scenario("random")
    for _ in range(chance.randint(0, 5)):
        kind = chance.choice(["terminal", "country", "mode", "link", "passage", "frontier"])
        if kind == "terminal":
            scenario = scenario.close(chance.choice(terminals))
        elif kind == "country":
            scenario = scenario.close_country(chance.choice(sorted(network.links_by("country"))))
        elif kind == "mode":
            scenario = scenario.close_mode(chance.choice(sorted(network.links_by("mode"))))
        elif kind == "link":
            scenario = scenario.close_link(chance.randrange(len(network.links)))
        elif kind == "passage":
            scenario = scenario.close(chance.choice(sorted(network.links_by("passage"))))
        else:
            pair = chance.choice([name for name in sorted(network.links_by("name")) if "–" in name and len(name) == 5])
            scenario = scenario.close(pair)
    return scenario


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_shipped_network_random_pairs_and_scenarios_equal_scipy(
    network: Network, rates: co.Rates, objective: str
) -> None:
    """15 scenarios × 6 × 6 random pairs an objective, 2,700 in all: the hierarchy within 0.01 % of scipy's Dijkstra."""
    chance = random.Random(f"{objective} 1")
    weights = price_links(network, co.Shipment(), rates)[objective].to_numpy()
    graph = network.cache.setdefault("graph", Graph(network))
    hierarchy, dijkstra = graph.weigh(weights, "cch"), graph.weigh(weights, "scipy")
    origins = sorted(node for (_, layer), node in network.terminal_nodes.items() if layer == "origin")
    ends = sorted(node for (_, layer), node in network.terminal_nodes.items() if layer == "destination")
    finite = 0
    for _ in range(15):
        closed = random_scenario(network, chance).closed_links(network)
        sources, targets = chance.sample(origins, 6), chance.sample(ends, 6)
        fast, slow = hierarchy.matrix(sources, targets, closed), dijkstra.matrix(sources, targets, closed)
        np.testing.assert_array_equal(np.isfinite(fast), np.isfinite(slow))
        here = np.isfinite(slow)
        np.testing.assert_allclose(fast[here], slow[here], rtol=1e-4, atol=1e-3)  # a metre, where origin is destination
        finite += int(here.sum())
        for source, target in itertools.product(sources[:2], targets[:2]):
            path = hierarchy.shortest([(source, 0.0)], [(target, 0.0)], closed)
            true = slow[sources.index(source), targets.index(target)]
            assert (path is None) == (not math.isfinite(true))
            if path is not None:
                assert path.weight == pytest.approx(true, rel=1e-4)
                assert not closed[path.links].any()
    assert finite > 100  # the scenarios did not simply close everything


def test_random_scenarios_close_something(network: Network) -> None:
    chance = random.Random(7)
    baseline = co.BASELINE.closed_links(network).sum()
    closed = [random_scenario(network, chance).closed_links(network).sum() for _ in range(20)]
    assert sum(count > baseline for count in closed) > 10
    with pytest.raises(ScenarioError):
        co.Scenario().close_link(len(network.links)).closed_links(network)
