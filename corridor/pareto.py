"""Pareto fronts: all paths of a directed graph that no other path beats in every figure at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corridor.graph import Arcs, LeastPaths

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
Found = tuple[tuple[float, float, float], list[int]]
"""Three totals of a path, and its arcs in the order passed."""

SINGLE = np.eye(3)
"""The three figures by themselves."""
MIXES = np.array(
    [(a, b, 4 - a - b) for a in range(4) for b in range(max(1 - a, 0), min(4, 5 - a))] + [(1, 1, 1)], dtype=float
)
"""
Weights of the three figures beside each other, shape (13, 3), equal ones last. By what paths take at the least of each
figure and of each mix the search is bounded.
"""
SAME = 1e-9
"""Figures nearer to each other than this part of them are equal: sums of the same numbers in another order."""
ROUNDING = 1e-12
"""Part of a whole path by which partial paths may differ and be equal."""
NO_CORNER = 1e30
"""Coordinate of a zone's corner that is open to that side; times a weight of 0 it is 0, which infinity is not."""
MOST_GROWN = 300
"""So many partial paths grow at once."""
MOST_COMPARED = 1_000_000
"""After so many partial paths the allowance of a search is made four times as wide."""
OTHERS = ([1, 2], [0, 2], [0, 1])
"""The two figures beside each."""
LEAST_WITHIN = 1e-3
"""What the allowance of an exact search that takes too long becomes."""
MOST_PAIRS = 200_000
"""So many figures of partial paths are compared with zones, or with each other, at once."""


@dataclass(frozen=True)
class Efficient:
    """
    Paths that none of the others beats, and how well they stand for all.

    ``within`` 0.001: every path is matched by one of `paths` that takes at most 0.1 % more of each figure.
    """

    paths: list[Found]
    within: float


def efficient(figures: FloatArray) -> BoolArray:
    """Which rows, shape (n, 3), no other row beats: nowhere worse and somewhere better; of equal rows the first."""
    keep = np.ones(len(figures), dtype=bool)
    kept: list[int] = []
    for row in np.lexsort(figures.T[::-1]).tolist():
        mine = figures[row]
        if kept and bool((figures[kept] <= mine + SAME * mine).all(axis=1).any()):
            keep[row] = False
        else:
            kept.append(row)
    return keep


def pareto_paths(
    arcs: Arcs, figures: FloatArray, source: int, target: int, within: float = 0.0, below: FloatArray | None = None
) -> Efficient:
    """
    Efficient paths from source to target, so many that every other path is matched by one of them.

    Partial paths grow by one arc at a time, the best balanced first. One is dropped when another to its node is nowhere
    worse, or when nothing new could become of it. What could become of it is bounded from below by every figure and by
    `MIXES` of them: what it has run up and the least that remains to the target. What would be new is a union of
    *zones*, boxes without a known path in them, each told by its upper corner (Klamroth, Lacour, Vanderpooten 2015);
    a whole path cuts the zones that it lies in, lower by the allowance, which thus is taken once and does not add up.
    Each time that the search has compared `MOST_COMPARED` partial paths it makes the allowance four times as wide, so
    that it ends.

    Parameters
    ----------
    figures
        Three figures of every arc, shape (arcs, 3), not negative.
    within
        Part of each figure by which a path may be better than the one that matches it. 0: all efficient paths; of paths
        with equal totals one.
    below
        Only paths that are nowhere worse than one of these rows, shape (n, 3), are sought, and the allowance stays as
        it is; by default all.
    """
    ground = _Ground(arcs, figures, np.arange(len(arcs)), (source, target), np.zeros((0, arcs.node_count)))
    trees = ground.least_onward(SINGLE)
    ideal = np.array([tree.weight[0, source] for tree in trees])
    if source == target or not np.isfinite(ideal).all():
        return Efficient([], within)
    ideal = np.maximum(ideal, 1e-9)
    zones = _Zones(np.concatenate([SINGLE, MIXES / ideal]), within, below)
    ground = ground.narrowed(zones, trees)
    ground = ground.narrowed(zones, ground.least_onward(MIXES / ideal))
    _Growth(ground, zones, ROUNDING * ideal).run(widening=below is None)
    best = efficient(np.array([totals for totals, _ in zones.found]).reshape(-1, 3))
    return Efficient([zones.found[path] for path in np.flatnonzero(best).tolist()], zones.within)


@dataclass(frozen=True)
class _Ground:
    """
    Arcs by which a path could go that is sought, between two ends.

    ``numbers`` tells which arcs of the whole graph they are; ``rest`` the least that remains to the second end from
    every node, by as many of the mixes as are known, shape (mixes, nodes).
    """

    arcs: Arcs
    figures: FloatArray
    numbers: IntArray
    ends: tuple[int, int]
    rest: FloatArray

    def least_onward(self, mixes: FloatArray) -> list[LeastPaths]:
        """Least paths from every node to the second end, by each mix of the figures."""
        back = self.arcs.backward()
        return [back.least(self.figures @ mix, [self.ends[1]]) for mix in mixes]

    def narrowed(self, zones: _Zones, trees: list[LeastPaths]) -> _Ground:
        """Only arcs by which, as the further mixes of these least paths have it, a path could come to lie in a zone."""
        arcs, (source, target) = self.arcs, self.ends
        ways = [tree.way(source)[::-1] for tree in trees if np.isfinite(tree.weight[0, source])]
        zones.know([(self.figures[way].sum(axis=0), self.numbers[way].tolist()) for way in ways])
        run_up = np.array([arcs.least(tree.weights, [source]).weight[0] for tree in trees])
        mixed = np.array([tree.weights for tree in trees])
        onward = np.array([tree.weight[0] for tree in trees])
        first = len(self.rest)
        near = zones.hopeful(run_up + onward, first)
        kept = np.flatnonzero(near[arcs.tail] & near[arcs.head])
        least = run_up[:, arcs.tail[kept]] + mixed[:, kept] + onward[:, arcs.head[kept]]
        kept = kept[zones.hopeful(least, first)]
        kept = kept[np.argsort(arcs.tail[kept], kind="stable")]
        ends = np.concatenate([[source, target], arcs.tail[kept], arcs.head[kept]])
        nodes, ends = np.unique(ends, return_inverse=True)
        tail, head = ends[2:].reshape(2, -1)
        return _Ground(
            Arcs(tail, head, len(nodes)), self.figures[kept], self.numbers[kept],
            (int(ends[0]), int(ends[1])), np.concatenate([self.rest, onward])[:, nodes],
        )  # fmt: skip


class _Zones:
    """Whole paths known so far, and the zones in which there may be others."""

    def __init__(self, mixes: FloatArray, within: float, below: FloatArray | None) -> None:
        self.mixes, self.within = mixes, within
        self.found: list[Found] = []
        self._corners = np.full((1, 3), NO_CORNER) if below is None else below * (1 + 3 * SAME)
        self._by_mix = self._corners @ mixes.T

    def know(self, paths: list[tuple[FloatArray, list[int]]]) -> None:
        """Whole paths, totals and arcs, come to know at once: those that lie in a zone are kept, and cut it."""
        for totals, passed in [path for path in paths if self._new(path[0])]:
            time_h, cost_usd, co2e_kg = totals.tolist()
            self.found.append(((time_h, cost_usd, co2e_kg), passed))
            self._corners = _cut(self._corners, totals / (1.0 + self.within))
        self._by_mix = self._corners @ self.mixes.T

    def _new(self, totals: FloatArray) -> bool:
        return bool((totals < self._corners).all(axis=1).any())

    def widen(self) -> None:
        """Make the allowance wider."""
        self.within = max(4 * self.within, LEAST_WITHIN)
        for totals, _ in self.found:
            self._corners = _cut(self._corners, np.array(totals) / (1.0 + self.within))
        self._by_mix = self._corners @ self.mixes.T

    def hopeful(self, least: FloatArray, first_mix: int = 0) -> BoolArray:
        """Whether what comes to `least` at best, by some of the mixes, shape (mixes, n), could lie in a zone."""
        corners = self._by_mix[:, first_mix : first_mix + len(least)]
        return _below_any(least, corners.T * (1.0 - SAME))


class _Growth:
    """Partial paths that grow by one arc at a time: of those that may still become something new the best balanced."""

    def __init__(self, ground: _Ground, zones: _Zones, same: FloatArray) -> None:
        self._ground, self._zones, self._same = ground, zones, same
        self._first = np.searchsorted(ground.arcs.tail, np.arange(ground.arcs.node_count + 1))
        self._figures = ground.figures.T.copy()
        self._rest = np.ascontiguousarray(ground.rest)
        self._node, self._total = np.array([ground.ends[0]]), np.zeros((3, 1))
        self._before, self._by = np.array([-1]), np.array([-1])
        self._open = np.array([0])
        self._sorted = np.zeros(0, dtype=np.int64)
        self._best = np.ones(1, dtype=bool)

    def run(self, widening: bool) -> None:
        """Grow them until nothing new can become of any; with `widening`, whatever allowance that takes."""
        compared = 0
        while len(self._open):
            arc, before = self._next()
            longer, at = self._total[:, before] + self._figures[:, arc], self._ground.arcs.head[arc]
            kept = self._hopeful(longer, at)
            compared += len(kept)
            if compared > MOST_COMPARED and widening:
                compared = 0
                self._zones.widen()
            kept = kept[_best_of_nodes(at[kept], longer[:, kept], self._same)]
            kept = kept[~self._beaten(at[kept], longer[:, kept])]
            self._add(at[kept], longer[:, kept], before[kept], arc[kept])

    def _hopeful(self, total: FloatArray, node: IntArray) -> IntArray:
        return np.flatnonzero(self._zones.hopeful(self._zones.mixes @ total + self._rest[:, node]))

    def _next(self) -> tuple[IntArray, IntArray]:
        """Arcs by which the best of the open partial paths go on, and which path each goes on from."""
        self._open = self._open[self._best[self._open]]
        least = self._zones.mixes[-1] @ self._total[:, self._open] + self._rest[-1, self._node[self._open]]
        if len(least) > MOST_GROWN:
            order = np.argpartition(least, MOST_GROWN)
            chosen, self._open = self._open[order[:MOST_GROWN]], self._open[order[MOST_GROWN:]]
        else:
            chosen, self._open = self._open, self._open[:0]
        chosen = chosen[self._hopeful(self._total[:, chosen], self._node[chosen])]
        node = self._node[chosen]
        count = self._first[node + 1] - self._first[node]
        arc = np.arange(count.sum()) + np.repeat(self._first[node] - np.cumsum(count) + count, count)
        return arc, np.repeat(chosen, count)

    def _add(self, node: IntArray, total: FloatArray, before: IntArray, by: IntArray) -> None:
        """Take in partial paths: those that are whole are known, the others open."""
        number = len(self._node) + np.arange(len(node))
        self._node, self._total = np.append(self._node, node), np.append(self._total, total, axis=1)
        self._before, self._by = np.append(self._before, before), np.append(self._by, by)
        self._best = np.append(self._best, np.ones(len(node), dtype=bool))
        everything = np.append(self._sorted[self._best[self._sorted]], number)
        self._sorted = everything[np.argsort(self._node[everything], kind="stable")]
        whole: BoolArray = node == self._ground.ends[1]
        self._open = np.append(self._open, number[~whole])
        if whole.any():
            paths = number[whole]
            for path in paths[np.argsort(self._zones.mixes[-1] @ self._total[:, paths])].tolist():
                self._zones.know([(self._total[:, path], self._ground.numbers[self._walked(path)].tolist())])

    def _walked(self, path: int) -> list[int]:
        """Arcs of a partial path, in the order passed."""
        arcs = []
        while self._before[path] >= 0:
            arcs.append(int(self._by[path]))
            path = int(self._before[path])
        return arcs[::-1]

    def _beaten(self, node: IntArray, total: FloatArray) -> BoolArray:
        """Which partial paths one known before, to the same node, beats or equals; those that they beat are marked."""
        known = self._node[self._sorted]
        start, end = np.searchsorted(known, node), np.searchsorted(known, node, side="right")
        count = end - start
        result = np.zeros(len(node), dtype=bool)
        done = np.cumsum(count)
        ends = np.searchsorted(done, np.arange(MOST_PAIRS, done[-1] if len(done) else 0, MOST_PAIRS))
        for part in np.split(np.arange(len(node)), ends):
            own = count[part]
            mine = np.repeat(part, own)
            other = self._sorted[np.arange(len(mine)) + np.repeat(start[part] - np.cumsum(own) + own, own)]
            better, worse = np.ones(len(mine), dtype=bool), np.ones(len(mine), dtype=bool)
            for column, known_column, same in zip(total, self._total, self._same.tolist(), strict=True):
                more = column[mine] - known_column[other]
                worse &= more >= -same
                better &= more <= same
            result[mine[worse]] = True
            self._best[other[better & ~worse]] = False
        return result


def _cut(corners: FloatArray, point: FloatArray) -> FloatArray:
    """
    Corners of the zones that remain when they lose everything that a point is nowhere worse than.

    Each zone that has the point in it falls into three; those inside another are left out. As Klamroth and others
    show, that need only be looked for among pieces cut in the same figure, and zones that end there already.
    """
    hit = np.asarray((point < corners).all(axis=1))
    inside, rest = corners[hit], corners[~hit]
    remaining = [rest]
    for figure, others in enumerate(OTHERS):
        pieces = inside.copy()
        pieces[:, figure] = point[figure]
        pieces = np.unique(pieces, axis=0)
        beside = rest[(rest[:, figure] == point[figure]) & (point[others] < rest[:, others]).all(axis=1)]
        larger = np.concatenate([pieces, beside])[:, others]
        within = np.asarray((pieces[:, None, others] <= larger[None]).all(axis=2))
        np.fill_diagonal(within, val=False)
        remaining.append(pieces[~within.any(axis=1)])
    return np.concatenate(remaining)


def _below_any(points: FloatArray, corners: FloatArray) -> BoolArray:
    """Which points, shape (k, n), are below one of the corners, shape (k, m), in everything."""
    result = np.zeros(points.shape[1], dtype=bool)
    if not len(result):
        return result
    least = points.min(axis=1)
    corners = corners[:, (least[:, None] < corners).all(axis=0)]
    if points.size * corners.shape[1] <= MOST_PAIRS or len(result) == 1:
        below: npt.NDArray[np.bool_] = np.ones((corners.shape[1], len(result)), dtype=bool)
        for point, corner in zip(points, corners, strict=True):
            np.logical_and(below, point < corner[:, None], out=below)
        result[:] = below.any(axis=0)
        return result
    spread = (points.max(axis=1) - least) / np.maximum(least, 1e-30)
    order = np.argpartition(points[int(np.argmax(spread))], len(result) // 2)
    for half in np.array_split(order, 2):
        result[half] = _below_any(points[:, half], corners)
    return result


def _best_of_nodes(node: IntArray, total: FloatArray, same: FloatArray) -> BoolArray:
    """Which partial paths no other to the same node beats; of equals the first."""
    best = np.zeros(len(node), dtype=bool)
    order = np.lexsort((total.T @ (1.0 / same), node))  # what beats another comes before it
    columns = [figure[order] for figure in total]
    node = node[order]
    while len(node):  # the first of every node beats what it can, and stays
        start = np.flatnonzero(np.concatenate([[True], node[1:] != node[:-1]]))
        best[order[start]] = True
        size = np.diff(start, append=len(node))
        beaten = np.ones(len(node), dtype=bool)
        for column, part in zip(columns, same.tolist(), strict=True):
            beaten &= np.repeat(column[start] - part, size) <= column
        left = np.flatnonzero(~beaten)  # none of the first: each is as good as itself
        node, order, columns = node[left], order[left], [column[left] for column in columns]
    return best
