"""Pareto fronts: all paths of a directed graph that no other path beats in every figure at once."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corridor.graph import Arcs

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Found = tuple[tuple[float, float, float], list[int]]
"""Three totals of a path, and its arcs in the order passed."""

MIXES = ((1.0, 1e-6, 1e-6), (1e-6, 1.0, 1e-6), (1e-6, 1e-6, 1.0), (1.0, 1.0, 1.0), (1.0, 0.2, 0.1), (0.2, 1.0, 0.1))
"""Weights of the three figures in the paths found first: the best by each, and some that tell what is hopeless."""
SAME = 1e-9
"""Figures nearer to each other than this part of them are equal: sums of the same numbers in another order."""
MOST_CHECKS = 10_000_000
"""After so many comparisons of partial paths the allowance of a search is widened."""
MOST_STEPS = 60
"""Over so many arcs of a path a widened allowance is shared out."""
LEAST_WITHIN = 1e-3
"""What the allowance of an exact search that takes too long becomes."""


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


def pareto_paths(arcs: Arcs, figures: FloatArray, source: int, target: int, within: float = 0.0) -> Efficient:
    """
    Efficient paths from source to target, so many that every other path is matched by one of them.

    Label setting (Martins 1984): partial paths leave a queue in the order of the least they can come to. One is dropped
    when another to the same node is nowhere worse, or when a whole path known already is nowhere worse, or by no figure
    more than `within`, than the best that could become of it: what it has run up and, of each figure, the least that
    remains to the target. That allowance is taken once, against whole paths only, so it does not add up along the way.
    Each time that the search has made `MOST_CHECKS` comparisons it makes the allowance four times as wide, so that it
    ends; half of it then goes to partial paths, shared out over `MOST_STEPS` arcs: longer paths may be matched worse.

    Parameters
    ----------
    figures
        Three figures of every arc, shape (arcs, 3), not negative.
    within
        Part of a figure by which a path may be better than the one that matches it. 0: all efficient paths; of paths
        with equal totals one.
    """
    back = arcs.backward()
    rest = np.column_stack([back.least(figures[:, k], [target]).weight[0] for k in range(3)])
    if source == target or not np.isfinite(rest[source]).all():
        return Efficient([], within)
    scale = 1.0 / np.maximum(rest[source], 1e-9)
    found = [_mixed(arcs, figures, np.array(mix) * scale, source, target) for mix in MIXES]
    run_up = np.column_stack([arcs.least(figures[:, k], [source]).weight[0] for k in range(3)])
    enough = np.array([totals for totals, _ in found]) / (1.0 + within)
    hopeful = _hopeful(run_up + rest, enough)
    kept = np.flatnonzero(hopeful[arcs.tail] & hopeful[arcs.head])
    kept = kept[_hopeful(run_up[arcs.tail[kept]] + figures[kept] + rest[arcs.head[kept]], enough)]
    if len(kept):
        nodes, ends = np.unique([*arcs.tail[kept], *arcs.head[kept], source, target], return_inverse=True)
        few = Arcs(ends[: len(kept)], ends[len(kept) : -2], len(nodes))
        more, within = _search(few, figures[kept], int(ends[-2]), int(ends[-1]), rest[nodes], scale, found, within)
        found += [(totals, kept[passed].tolist()) for totals, passed in more]
    best = efficient(np.array([totals for totals, _ in found]))
    return Efficient([found[i] for i in np.flatnonzero(best).tolist()], within)


def _mixed(arcs: Arcs, figures: FloatArray, mix: FloatArray, source: int, target: int) -> Found:
    """The path that is best by one mix of the figures."""
    by = arcs.least(figures @ mix, [source]).arcs()[0]
    passed, node = [], target
    while node != source:
        passed.append(int(by[node]))
        node = int(arcs.tail[by[node]])
    time_h, cost_usd, co2e_kg = figures[passed].sum(axis=0).tolist()
    return (time_h, cost_usd, co2e_kg), passed[::-1]


def _hopeful(least: FloatArray, known: FloatArray) -> BoolArray:
    """Whether something that can come to `least`, shape (n, 3), at best is not beaten by a known path."""
    beaten = np.zeros(len(least), dtype=bool)
    for row in known:
        beaten |= (row <= least).all(axis=1)
    hope: BoolArray = np.isfinite(least).all(axis=1) & ~beaten
    return hope


def _search(
    arcs: Arcs, figures: FloatArray, source: int, target: int, rest: FloatArray, scale: FloatArray,
    known: list[Found], within: float,
) -> tuple[list[Found], float]:  # fmt: skip
    """The queue itself, on plain numbers, unrolled because here the time goes."""
    order = np.argsort(arcs.tail, kind="stable")
    first = np.searchsorted(arcs.tail[order], np.arange(arcs.node_count + 1))
    leaving: dict[int, list[tuple[int, int, list[float]]]] = {}
    bounds: list[list[float]] = rest.tolist()
    s0, s1, s2 = scale.tolist()
    whole: list[tuple[float, ...]] = [totals for totals, _ in known]
    enough, near, spread = _lowered(whole, within, False), 1.0 - SAME, False
    settled: list[list[tuple[float, ...]]] = [[] for _ in bounds]
    trail: list[tuple[int, int]] = []
    found: list[Found] = []
    queue = [(0.0, 0, source, 0.0, 0.0, 0.0, -1, -1)]
    pushed = checks = 0
    while queue:
        _, _, node, a0, a1, a2, before, arc = heapq.heappop(queue)
        r0, r1, r2 = bounds[node]
        if _beaten(settled[node], a0, a1, a2) or _beaten(enough, a0 + r0, a1 + r1, a2 + r2):
            continue
        settled[node].append(((a0 + r0) * near - r0, (a1 + r1) * near - r1, (a2 + r2) * near - r2))
        trail.append((before, arc))
        if node == target:
            whole.append((a0, a1, a2))
            enough += _lowered(whole[-1:], within, spread)
            found.append(((a0, a1, a2), _walked(trail)))
            continue
        if node not in leaving:
            here = order[first[node] : first[node + 1]]
            leaving[node] = list(zip(here.tolist(), arcs.head[here].tolist(), figures[here].tolist(), strict=True))
        for number, head, (w0, w1, w2) in leaving[node]:
            n0, n1, n2 = a0 + w0, a1 + w1, a2 + w2
            r0, r1, r2 = bounds[head]
            e0, e1, e2 = n0 + r0, n1 + r1, n2 + r2
            checks += len(enough) + len(settled[head])
            if not _beaten(enough, e0, e1, e2) and not _beaten(settled[head], n0, n1, n2):
                pushed += 1
                heapq.heappush(queue, (e0 * s0 + e1 * s1 + e2 * s2, pushed, head, n0, n1, n2, len(trail) - 1, number))
        if checks > MOST_CHECKS:
            within, checks = max(4 * within, LEAST_WITHIN), 0
            spread = True
            near = (1.0 - SAME) / (1.0 + within) ** (0.5 / MOST_STEPS)
            enough = _lowered(whole, within, spread)
    return found, within


def _lowered(whole: list[tuple[float, ...]], within: float, spread: bool) -> list[tuple[float, ...]]:
    """Totals of whole paths, each lower by the allowance, or half of it (and by `SAME`: what is equal is matched)."""
    part = (1.0 - SAME) / (1.0 + within) ** (0.5 if spread else 1.0)
    return [(t0 * part, t1 * part, t2 * part) for t0, t1, t2 in whole]


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
