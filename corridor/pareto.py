"""Pareto fronts: all paths of a directed graph that no other path beats in every figure at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corridor.graph import Arcs

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
Found = tuple[tuple[float, float, float], list[int]]
"""Three totals of a path, and its arcs in the order passed."""

MIXES = np.array([(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)], dtype=float)
"""Weights of the three figures in the paths found first: by what these take and what remains, the search is bounded."""
SAME = 1e-9
"""Figures nearer to each other than this part of them are equal: sums of the same numbers in another order."""
ROUNDING = 1e-12
"""Part of a whole path by which partial paths may differ and be equal."""
NO_CORNER = 1e30
"""Coordinate of a zone's corner that is open to that side; times a weight of 0 it is 0, which infinity is not."""
MOST_COMPARED = 500_000
"""After so many partial paths the allowance of a search is made four times as wide."""
LEAST_WITHIN = 1e-3
"""What the allowance of an exact search that takes too long becomes."""
MOST_STEPS = 30
"""Over so many arcs of a path a widened allowance is shared out."""
MOST_PAIRS = 200_000
"""So many figures of partial paths are compared with zones at once."""


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

    Partial paths grow by one arc at a time, all together. One is dropped when another to its node is nowhere worse,
    or when nothing new could become of it. What could become of it is bounded from below by every figure and by
    `MIXES` of them: what it has run up and the least that remains to the target. What would be new is a union of
    *zones*, boxes without a known path in them, each told by its upper corner (Klamroth, Lacour, Vanderpooten 2015);
    a whole path cuts the zones that it lies in, lower by the allowance, which thus is taken once and does not add up.
    Each time that the search has compared `MOST_COMPARED` partial paths it makes the allowance four times as wide, so
    that it ends; half of it then goes to partial paths, shared out over `MOST_STEPS` arcs: longer paths may be matched
    worse.

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
    back = arcs.backward()
    ideal = np.array([back.least(figures[:, k], [target]).weight[0, source] for k in range(3)])
    if source == target or not np.isfinite(ideal).all():
        return Efficient([], within)
    ideal = np.maximum(ideal, 1e-9)
    mixes = MIXES / ideal
    mixed = mixes @ figures.T
    trees = [back.least(row, [target]) for row in mixed]
    rest = np.array([tree.weight[0] for tree in trees])
    run_up = np.array([arcs.least(row, [source]).weight[0] for row in mixed])
    search = _Search(mixes, within, below)
    ways = [tree.way(source)[::-1] for tree in trees]
    search.know([(figures[passed].sum(axis=0), passed) for passed in ways])
    hopeful = search.hopeful(run_up + rest)
    kept = np.flatnonzero(hopeful[arcs.tail] & hopeful[arcs.head])
    kept = kept[search.hopeful(run_up[:, arcs.tail[kept]] + mixed[:, kept] + rest[:, arcs.head[kept]])]
    kept = kept[np.argsort(arcs.tail[kept], kind="stable")]
    search.run(arcs.tail[kept], arcs.head[kept], figures[kept].T.copy(), rest, (source, target), ideal, kept)
    best = efficient(np.array([totals for totals, _ in search.found]).reshape(-1, 3))
    return Efficient([search.found[path] for path in np.flatnonzero(best).tolist()], search.within)


class _Search:
    """Whole paths known so far, and the zones in which there may be others."""

    def __init__(self, mixes: FloatArray, within: float, below: FloatArray | None) -> None:
        self.mixes, self.within, self._allowed = mixes, within, within
        self.found: list[Found] = []
        self._all = below is None
        self._corners = np.full((1, 3), NO_CORNER) if below is None else below * (1 + 3 * SAME)
        self._by_mix = self._corners @ mixes.T

    def know(self, paths: list[tuple[FloatArray, list[int]]]) -> None:
        """Whole paths, totals and arcs: those that lie in a zone are kept, and cut it."""
        new = [path for path in paths if (path[0] < self._corners).all(axis=1).any()]
        for totals, passed in new:
            time_h, cost_usd, co2e_kg = totals.tolist()
            self.found.append(((time_h, cost_usd, co2e_kg), passed))
            self._corners = _cut(self._corners, totals / (1.0 + self._allowed))
        self._by_mix = self._corners @ self.mixes.T

    def _widen(self) -> float:
        """Make the allowance wider; returns the part of a whole path by which partial ones may differ and be equal."""
        self.within = max(4 * self.within, LEAST_WITHIN)
        for totals, _ in self.found:
            point = np.array(totals) / (1.0 + self.within / 2)
            self._corners = _cut(self._corners, point)
        self._by_mix = self._corners @ self.mixes.T
        self._allowed = self.within / 2
        return self.within / 2 / MOST_STEPS

    def hopeful(self, least: FloatArray) -> BoolArray:
        """Whether something that comes to `least` at best, by every mix, shape (mixes, n), could lie in a zone."""
        return _below_any(least, self._by_mix.T * (1.0 - SAME))

    def run(
        self, tail: IntArray, head: IntArray, figures: FloatArray, rest: FloatArray, ends: tuple[int, int],
        ideal: FloatArray, numbers: IntArray,
    ) -> None:  # fmt: skip
        """Grow all partial paths until nothing new can become of any. Arcs are sorted by their tail."""
        same = ROUNDING * ideal
        first = np.searchsorted(tail, np.arange(rest.shape[1] + 1))
        node, total, label = np.array([ends[0]]), np.zeros((3, 1)), np.zeros(1, dtype=np.int64)
        before, by, made, compared = [np.array([-1])], [np.array([-1])], 1, 0
        old_node, old_total = node, total
        while len(node):
            count = first[node + 1] - first[node]
            grown = np.repeat(np.arange(len(node)), count)
            arc = np.arange(len(grown)) + np.repeat(first[node] - np.cumsum(count) + count, count)
            longer, at = total[:, grown] + figures[:, arc], head[arc]
            kept = np.flatnonzero(self.hopeful(self.mixes @ longer + rest[:, at]))
            grown, arc, longer, at = grown[kept], arc[kept], longer[:, kept], at[kept]
            compared += len(at)
            if compared > MOST_COMPARED and self._all:
                compared = 0
                same = self._widen() * ideal
            beside = np.isin(old_node, at)
            nodes, totals = np.append(old_node[beside], at), np.append(old_total[:, beside], longer, axis=1)
            best = _best_of_nodes(nodes, totals, same)
            kept = np.flatnonzero(best[beside.sum() :])
            grown, arc, longer, at = grown[kept], arc[kept], longer[:, kept], at[kept]
            old_node = np.append(old_node[~beside], nodes[best])
            old_total = np.append(old_total[:, ~beside], totals[:, best], axis=1)
            before.append(label[grown])
            by.append(arc)
            label = made + np.arange(len(at))
            made += len(at)
            if len(whole := np.flatnonzero(at == ends[1])):
                ways = [numbers[_walked(before, by, int(label[path]))].tolist() for path in whole]
                self.know(list(zip(longer[:, whole].T, ways, strict=True)))
            on = np.flatnonzero(at != ends[1])
            node, total, label = at[on], longer[:, on], label[on]


def _cut(corners: FloatArray, point: FloatArray) -> FloatArray:
    """Corners of the zones that remain when they lose everything that a point is nowhere worse than."""
    hit = np.asarray((point < corners).all(axis=1))
    if not hit.any():
        return corners
    pieces: FloatArray = np.repeat(corners[hit], 3, axis=0)
    pieces[np.arange(len(pieces)), np.tile(np.arange(3), hit.sum())] = np.tile(point, hit.sum())
    pieces = np.unique(pieces, axis=0)
    whole = corners[~hit]
    others = np.concatenate([whole, pieces])
    inside = np.asarray((pieces[:, None, :] <= others[None, :, :]).all(axis=2))
    inside[np.arange(len(pieces)), len(whole) + np.arange(len(pieces))] = False
    return np.concatenate([whole, pieces[~inside.any(axis=1)]])


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


def _walked(before: list[IntArray], by: list[IntArray], label: int) -> IntArray:
    """Arcs of a partial path, in the order passed."""
    starts = np.cumsum([0, *map(len, before)])
    arcs = []
    while label:
        part = int(np.searchsorted(starts, label, side="right")) - 1
        arcs.append(int(by[part][label - starts[part]]))
        label = int(before[part][label - starts[part]])
    return np.array(arcs[::-1], dtype=np.int64)
