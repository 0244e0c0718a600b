"""Pareto fronts: all paths of a directed graph that no other path beats in every figure at once."""

from __future__ import annotations

import heapq
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from corridor.graph import Arcs

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Efficient = tuple[tuple[float, float, float], list[int]]
"""Three totals of a path, and its arcs in the order passed."""

MIXES = ((1.0, 0.01, 0.01), (0.01, 1.0, 0.01), (0.01, 0.01, 1.0), (1.0, 1.0, 1.0), (1.0, 0.2, 0.1), (0.2, 1.0, 0.1))
"""Weights of the three figures in the paths found first: they are on the front and cut the search short."""
SAME = 1e-9
"""Figures nearer to each other than this part of them are equal: sums of the same numbers in another order."""


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


def pareto_paths(arcs: Arcs, figures: FloatArray, source: int, target: int) -> list[Efficient]:
    """
    Every efficient path from source to target; of paths with equal totals one.

    Label setting (Martins 1984): partial paths leave a queue in the order of the least they can come to. One is dropped
    when another to the same node is nowhere worse, or when a whole path known already is nowhere worse than the best
    that could become of it: what it has run up and, of each figure, the least that remains to the target.

    Parameters
    ----------
    figures
        Three figures of every arc, shape (arcs, 3), not negative.

    Returns
    -------
    list
        Empty if no path leads to the target.
    """
    back = arcs.backward()
    rest = np.column_stack([back.least(figures[:, k], [target]).weight[0] for k in range(3)])
    if source == target or not np.isfinite(rest[source]).all():
        return []
    scale = 1.0 / np.maximum(rest[source], 1e-9)
    known = np.array([_mixed(arcs, figures, np.array(mix) * scale, source, target) for mix in MIXES])
    known = known * (1.0 + SAME) + SAME  # what is as good as a known path may be that path
    run_up = np.column_stack([arcs.least(figures[:, k], [source]).weight[0] for k in range(3)])
    hopeful = _hopeful(run_up + rest, known)
    kept = np.flatnonzero(hopeful[arcs.tail] & hopeful[arcs.head])
    kept = kept[_hopeful(run_up[arcs.tail[kept]] + figures[kept] + rest[arcs.head[kept]], known)]
    kept = kept[np.argsort(arcs.tail[kept], kind="stable")]
    first = np.searchsorted(arcs.tail[kept], np.arange(arcs.node_count + 1)).tolist()
    heads, weights = arcs.head[kept], figures[kept]

    def onward(node: int) -> list[tuple[int, int, list[float]]]:
        here = slice(first[node], first[node + 1])
        return list(zip(range(here.start, here.stop), heads[here].tolist(), weights[here].tolist(), strict=True))

    found = _search(onward, source, target, rest.tolist(), scale.tolist(), known)
    best = efficient(np.array([totals for totals, _ in found]))
    return [(found[i][0], kept[found[i][1]].tolist()) for i in np.flatnonzero(best).tolist()]


def _mixed(arcs: Arcs, figures: FloatArray, mix: FloatArray, source: int, target: int) -> FloatArray:
    """Totals of the path that is best by one mix of the figures."""
    by = arcs.least(figures @ mix, [source]).arcs()[0]
    total, node = np.zeros(3), target
    while node != source:
        total, node = total + figures[by[node]], int(arcs.tail[by[node]])
    return total


def _hopeful(least: FloatArray, known: FloatArray) -> BoolArray:
    """Whether something that can come to `least`, shape (n, 3), at best is not beaten by a known path."""
    beaten = np.zeros(len(least), dtype=bool)
    for row in known:
        beaten |= (row <= least).all(axis=1)
    hope: BoolArray = np.isfinite(least).all(axis=1) & ~beaten
    return hope


def _search(
    onward: Callable[[int], list[tuple[int, int, list[float]]]], source: int, target: int, rest: list[list[float]],
    scale: list[float], known: FloatArray,
) -> list[tuple[tuple[float, float, float], list[int]]]:  # fmt: skip
    """The queue itself, on plain numbers, unrolled because here the time goes; `onward` gives the arcs from a node."""
    leaving: dict[int, list[tuple[int, int, list[float]]]] = {}
    s0, s1, s2 = scale
    beaten: list[tuple[float, ...]] = [tuple(row) for row in known.tolist()]
    settled: list[list[tuple[float, ...]]] = [[] for _ in rest]
    trail: list[tuple[int, int]] = []
    found: list[tuple[tuple[float, float, float], list[int]]] = []
    queue = [(0.0, 0, source, 0.0, 0.0, 0.0, -1, -1)]
    pushed = 0
    while queue:
        _, _, node, a0, a1, a2, before, arc = heapq.heappop(queue)
        if _beaten(settled[node], a0, a1, a2):
            continue
        r0, r1, r2 = rest[node]
        if _beaten(beaten, a0 + r0, a1 + r1, a2 + r2):
            continue
        settled[node].append((a0 * (1.0 - SAME), a1 * (1.0 - SAME), a2 * (1.0 - SAME)))
        trail.append((before, arc))
        if node == target:
            beaten.append((a0, a1, a2))
            found.append(((a0, a1, a2), _walked(trail)))
            continue
        if node not in leaving:
            leaving[node] = onward(node)
        for number, head, (w0, w1, w2) in leaving[node]:
            n0, n1, n2 = a0 + w0, a1 + w1, a2 + w2
            r0, r1, r2 = rest[head]
            e0, e1, e2 = n0 + r0, n1 + r1, n2 + r2
            if not _beaten(settled[head], n0, n1, n2) and not _beaten(beaten, e0, e1, e2):
                pushed += 1
                heapq.heappush(queue, (e0 * s0 + e1 * s1 + e2 * s2, pushed, head, n0, n1, n2, len(trail) - 1, number))
    return found


def _beaten(others: list[tuple[float, ...]], a0: float, a1: float, a2: float) -> bool:
    for b0, b1, b2 in others:  # noqa: SIM110, a generator would take twice the time
        if b0 <= a0 and b1 <= a1 and b2 <= a2:
            return True
    return False


def _walked(trail: list[tuple[int, int]]) -> list[int]:
    """Arcs of the partial path that was settled last."""
    arcs, at = [], len(trail) - 1
    while trail[at][0] >= 0:
        arcs.append(trail[at][1])
        at = trail[at][0]
    return arcs[::-1]
