"""
The one door to the shortest-path engine.

A `Graph` holds the arcs of a network; `Graph.weigh` gives it weights and returns a `Metric` that answers questions. The
engine is a customizable contraction hierarchy (RoutingKit's, by the package routingkit-cch); Dijkstra's algorithm of
scipy stands beside it as an independent check.
"""

from __future__ import annotations

import importlib.util
import itertools
import threading
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from geodata.network import Network

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
Engine = Literal["cch", "scipy"]

INFINITE = 2**31 - 1
"""Weight of a closed arc in the hierarchy, whose weights are whole numbers."""
LONGEST_KM = 45_000.0
"""No sensible route is longer: bounds the sum of weights, hence how fine the whole numbers can be."""
MOST_STOPS = 200.0
"""No sensible route has more links of length zero (transfers, borders)."""
FREE_SCALE = 1e5
"""Whole numbers to the unit where every weight is 0: they must still be at least 1."""
TINY = 1e-12
"""What an arc without weight weighs in scipy's sparse matrices, where 0 means no arc."""
PATCH_ARCS = 1500
"""Up to so many changed arcs are patched into a hierarchy; more, and it is customized anew."""


@dataclass(frozen=True)
class Path:
    """Links in the order passed, the nodes between them (one more than links), and the sum of weights."""

    links: IntArray
    nodes: IntArray
    weight: float


Ends = Sequence[tuple[int, float]]
"""Nodes to start or end at, each with a weight already run up."""


class Metric(Protocol):
    """A graph with weights."""

    def shortest(self, sources: Ends, targets: Ends, closed: BoolArray) -> Path | None:
        """The path of least weight from any source to any target over links not `closed`; None if there is none."""

    def matrix(self, sources: Sequence[int], targets: Sequence[int], closed: BoolArray) -> FloatArray:
        """Least weights, shape (sources, targets); inf where there is no way."""


class Graph:
    """Arcs of a network: one for each one-way link, two for each other."""

    def __init__(self, network: Network) -> None:
        links = network.links
        start, end = links["from_node"].to_numpy(np.int64), links["to_node"].to_numpy(np.int64)
        back = np.flatnonzero(~links["oneway"].to_numpy(bool))
        self.node_count = len(network.nodes)
        self.link_count = len(links)
        self.tail = np.concatenate([start, end[back]])
        self.head = np.concatenate([end, start[back]])
        self.link = np.concatenate([np.arange(len(links)), back])
        self.back_arc = np.full(len(links), -1, dtype=np.int64)
        self.back_arc[back] = len(links) + np.arange(len(back))
        self.length_km = links["length_km"].to_numpy(float)
        self._rank = network.nodes["cch_rank"].to_numpy()

    def weigh(self, weights: FloatArray, engine: Engine | None = None) -> Metric:
        """
        Metric with one weight a link, the same both ways.

        Parameters
        ----------
        weights
            Finite and not negative, shape (number of links,).
        engine
            "cch" or "scipy"; by default the hierarchy where its package is installed.
        """
        if weights.shape != (self.link_count,):
            raise ValueError(f"expected {self.link_count} weights, one a link, got shape {weights.shape}")
        bad = np.flatnonzero(~np.isfinite(weights) | (weights < 0))
        if len(bad):
            raise ValueError(f"link {bad[0]} has the weight {weights[bad[0]]}: weights must be finite and not negative")
        if (engine or default_engine()) == "cch":
            return _HierarchyMetric(self, weights)
        return _DijkstraMetric(self, weights)

    @cached_property
    def hierarchy(self) -> Any:
        """The contraction hierarchy without weights; built from the order shipped with the network."""
        import routingkit_cch

        order = np.empty(self.node_count, dtype=np.int64)
        order[self._rank] = np.arange(self.node_count)
        return routingkit_cch.CCH(order.tolist(), self.tail.tolist(), self.head.tolist(), False)


def graph_of(network: Network) -> Graph:
    """The arcs of a network, made once."""
    if "graph" not in network.cache:
        network.cache["graph"] = Graph(network)
    graph: Graph = network.cache["graph"]
    return graph


def default_engine() -> Engine:
    """The hierarchy where its package is installed, else scipy."""
    return "cch" if importlib.util.find_spec("routingkit_cch") else "scipy"


@dataclass(frozen=True)
class LeastPaths:
    """
    Least weights from some roots to every node of `Arcs`, shape (roots, nodes), ``inf`` where there is no way.

    ``previous`` holds the node before each on the way, negative where there is none.
    """

    weight: FloatArray
    previous: IntArray
    graph: Arcs
    weights: FloatArray

    def way(self, node: int) -> list[int]:
        """Arcs from the first root to a node that is reached, in the order passed."""
        passed = []
        while (before := int(self.previous[0, node])) >= 0:
            passed.append(self.graph.lightest_of(before, node, self.weights))
            node = before
        return passed[::-1]

    def arcs(self) -> IntArray:
        """The arc by which each node is reached, shape (roots, nodes), -1 where there is none."""
        reached = self.previous >= 0
        found = np.full(self.previous.shape, -1, dtype=np.int64)
        tails = self.previous[reached].astype(np.int64)
        found[reached] = self.graph.lightest(tails, np.nonzero(reached)[1], self.weights)
        return found


class Arcs:
    """A small directed graph, a few thousand arcs, for many questions with many weights, answered by Dijkstra."""

    def __init__(self, tail: IntArray, head: IntArray, node_count: int) -> None:
        self.tail, self.head, self.node_count = tail, head, node_count
        keys = tail * node_count + head
        self._order = np.argsort(keys, kind="stable")
        self._keys, self._starts = np.unique(keys[self._order], return_index=True)
        ends, self._heads = np.divmod(self._keys, node_count)
        self._rows = np.searchsorted(ends, np.arange(node_count + 1))

    def __len__(self) -> int:
        return len(self.tail)

    def least(self, weights: FloatArray, roots: Sequence[int]) -> LeastPaths:
        """Least paths from the roots; weights are not negative, one an arc. Of parallel arcs the lightest counts."""
        from scipy.sparse import csr_matrix
        from scipy.sparse.csgraph import dijkstra

        ordered = weights[self._order]
        least = np.minimum.reduceat(ordered, self._starts) if len(ordered) else ordered
        matrix = csr_matrix((np.maximum(least, TINY), self._heads, self._rows), shape=(self.node_count,) * 2)
        weight, previous = dijkstra(matrix, indices=list(roots), return_predecessors=True)
        return LeastPaths(weight, previous, self, weights)

    def lightest(self, tail: IntArray, head: IntArray, weights: FloatArray) -> IntArray:
        """Of the arcs from each tail to the head beside it, the lightest."""
        ordered = weights[self._order]
        group = np.repeat(np.arange(len(self._starts)), np.diff(self._starts, append=len(ordered)))
        least = np.flatnonzero(ordered == np.minimum.reduceat(ordered, self._starts)[group])[::-1]
        best = np.empty(len(self._starts), dtype=np.int64)
        best[group[least]] = self._order[least]
        return best[np.searchsorted(self._keys, tail * self.node_count + head)]

    def lightest_of(self, tail: int, head: int, weights: FloatArray) -> int:
        """Of the arcs from one node to another the lightest."""
        group = int(np.searchsorted(self._keys, tail * self.node_count + head))
        end = self._starts[group + 1] if group + 1 < len(self._starts) else len(self._order)
        arcs = self._order[self._starts[group] : end]
        return int(arcs[np.argmin(weights[arcs])])

    def backward(self) -> Arcs:
        """The same arcs the other way round."""
        return Arcs(self.head, self.tail, self.node_count)


def connected(tail: IntArray, head: IntArray, node_count: int) -> IntArray:
    """Number of the connected part that each node is in, shape (node_count,)."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    matrix = csr_matrix((np.ones(len(tail)), (tail, head)), shape=(node_count, node_count))
    parts: IntArray = connected_components(matrix, directed=False)[1].astype(np.int64)
    return parts


class _HierarchyMetric:
    """A customized hierarchy. Closures are patched in and out; what is closed at each question is what was asked."""

    def __init__(self, graph: Graph, weights: FloatArray) -> None:
        import routingkit_cch

        self._kit = routingkit_cch
        self._graph, self._weights = graph, weights
        moving = graph.length_km > 0
        per_km = (weights[moving] / graph.length_km[moving]).max(initial=0.0)
        bound = LONGEST_KM * per_km + MOST_STOPS * weights[~moving].max(initial=0.0)
        self._scale = (INFINITE - 1) / bound if bound else FREE_SCALE
        self._whole = np.clip(np.rint(weights * self._scale), 1, INFINITE - 1).astype(np.int64)
        self._closed = np.zeros(graph.link_count, dtype=bool)
        self._metric = routingkit_cch.CCHMetric(graph.hierarchy, self._of_arcs(self._whole))
        self._lock = threading.Lock()

    def shortest(self, sources: Ends, targets: Ends, closed: BoolArray) -> Path | None:
        with self._lock:
            self._set_closed(closed)
            found = self._ask(sources, targets)
            if found is None and any(weight for _, weight in (*sources, *targets)):
                # what is run up at the ends may be more than whole numbers can hold: ask for each pair without it
                pairs = [(self._ask([(a, 0.0)], [(b, 0.0)]), one + other) for a, one in sources for b, other in targets]
                ways = [replace(path, weight=path.weight + ends) for path, ends in pairs if path is not None]
                found = min(ways, key=lambda path: path.weight, default=None)
        return found

    def _ask(self, sources: Ends, targets: Ends) -> Path | None:
        query = self._kit.CCHQuery(self._metric)
        answer = query.run_multi(self._whole_ends(sources), self._whole_ends(targets))
        if answer.distance is None or answer.distance >= INFINITE:
            return None
        nodes = answer.node_path
        links = self._graph.link[np.asarray(answer.arc_path, dtype=np.int64)]
        ends = dict(sources)[nodes[0]] + dict(targets)[nodes[-1]]
        return Path(links, np.asarray(nodes, dtype=np.int64), float(self._weights[links].sum() + ends))

    def matrix(self, sources: Sequence[int], targets: Sequence[int], closed: BoolArray) -> FloatArray:
        if not len(sources) or not len(targets):  # the engine panics
            return np.zeros((len(sources), len(targets)))
        with self._lock:
            self._set_closed(closed)
            pinned = self._kit.CCHOneToMany(self._metric, list(targets))
            rows = [pinned.distances_from(source) for source in sources]
            del pinned
        whole = np.array([[INFINITE if value is None else value for value in row] for row in rows], dtype=float)
        whole = whole.reshape(len(sources), len(targets))
        return np.where(whole >= INFINITE, np.inf, whole / self._scale)

    def _whole_ends(self, ends: Ends) -> list[tuple[int, int]]:
        return [(int(node), min(round(weight * self._scale), INFINITE - 1)) for node, weight in ends]

    def _of_arcs(self, whole: IntArray) -> Any:
        """Weights of links as the engine takes them in soonest: an array of unsigned integers, one an arc."""
        return array("I", whole[self._graph.link].astype(np.uintc).tobytes())

    def _set_closed(self, closed: BoolArray) -> None:
        changed = np.flatnonzero(closed != self._closed)
        if not len(changed):
            return
        whole = np.where(closed, INFINITE, self._whole)
        if len(changed) <= PATCH_ARCS:
            back = self._graph.back_arc[changed]
            arcs = np.concatenate([changed, back[back >= 0]])
            updates = dict(zip(arcs.tolist(), whole[self._graph.link[arcs]].tolist(), strict=True))
            patcher = self._kit.CCHMetricPartialUpdater(self._graph.hierarchy)  # may serve and die in one thread only
            patcher.apply(self._metric, updates)
        else:
            self._metric.reset(self._of_arcs(whole))
        self._closed = closed.copy()


class _DijkstraMetric:
    """scipy's Dijkstra on the same arcs, with exact weights."""

    def __init__(self, graph: Graph, weights: FloatArray) -> None:
        self._graph, self._weights = graph, weights

    def shortest(self, sources: Ends, targets: Ends, closed: BoolArray) -> Path | None:
        from scipy.sparse.csgraph import dijkstra

        nodes, run_up = [node for node, _ in sources], dict(sources)
        matrix, best_link = self._matrix(closed)
        table, previous = dijkstra(matrix, indices=nodes, return_predecessors=True)
        total = np.array(
            [
                [run_up[node] + row[target] + extra for target, extra in targets]
                for node, row in zip(nodes, table, strict=True)
            ]
        )
        if not np.isfinite(total).any():
            return None
        row, column = divmod(int(np.argmin(total)), total.shape[1])
        walk = [targets[column][0]]
        while walk[-1] != nodes[row]:
            walk.append(int(previous[row][walk[-1]]))
        walk.reverse()
        links = [best_link[pair] for pair in itertools.pairwise(walk)]
        return Path(np.array(links, dtype=np.int64), np.array(walk, dtype=np.int64), float(total[row, column]))

    def matrix(self, sources: Sequence[int], targets: Sequence[int], closed: BoolArray) -> FloatArray:
        from scipy.sparse.csgraph import dijkstra

        matrix, _ = self._matrix(closed)
        return np.asarray(dijkstra(matrix, indices=list(sources))[:, list(targets)], dtype=float)

    def _matrix(self, closed: BoolArray) -> tuple[Any, _BestLinks]:
        """Weights as a sparse matrix; of parallel arcs the lightest (scipy by itself would add them up)."""
        from scipy.sparse import csr_matrix

        graph = self._graph
        arcs = np.flatnonzero(~closed[graph.link])
        weight = self._weights[graph.link[arcs]]
        order = np.lexsort((weight, graph.head[arcs], graph.tail[arcs]))
        arcs, weight = arcs[order], weight[order]
        tail, head = graph.tail[arcs], graph.head[arcs]
        first = np.ones(len(arcs), dtype=bool)
        first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
        arcs, tail, head, weight = arcs[first], tail[first], head[first], weight[first]
        matrix = csr_matrix((weight, (tail, head)), shape=(graph.node_count,) * 2)
        return matrix, _BestLinks(graph.node_count, tail * graph.node_count + head, graph.link[arcs])


@dataclass(frozen=True)
class _BestLinks:
    """The lightest open link between two nodes, found by bisection."""

    node_count: int
    keys: IntArray
    links: IntArray

    def __getitem__(self, pair: tuple[int, int]) -> int:
        return int(self.links[np.searchsorted(self.keys, pair[0] * self.node_count + pair[1])])
