"""
The network's upper level: joints, where cargo may turn aside, and the best runs between them.

Inside a region (`corridor.regions`) only the shortest run between two joints matters, and nothing is lost by leaving
out the rest.

A layer of very many joints (`MOST_JOINTS`; of the shipped network roads and railways) is reduced further, to whole
hauls between its terminals. There something can be lost: between two terminals those hauls are kept that are best by
one of `MIXES` of time, cost and CO2e, not ways that are a compromise of them all and best by none. Nothing that is
reported suffers from that: `Between.improved` puts in the place of a way one over all joints that nothing beats.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from corridor.graph import Arcs
from corridor.impedance import FIGURES
from corridor.pareto import SAME, Efficient, pareto_paths
from corridor.pricing import Pricing
from corridor.regions import regions_of
from geodata.vocabulary import Kind

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

MOST_JOINTS = 500
"""A layer of more joints is reduced to whole hauls between its terminals."""
MIXES = (
    (1.0, 1e-6, 1e-6), (1e-6, 1.0, 1e-6), (1e-6, 1e-6, 1.0), (1.0, 1.0, 1e-6), (1.0, 1e-6, 1.0), (1e-6, 1.0, 1.0),
    (1.0, 1.0, 1.0), (0.1, 0.1, 1.0),
)  # fmt: skip
"""
Mixes of the figures by which whole hauls are the best; almost pure ones first, so that no haul is best by a tie. The
last finds detours by electrified lines that save a little CO2e.
"""
ALIKE = 5e-4
"""Of whole hauls that differ by no more than this part of each figure, one that is a compromise is left out."""
Step = tuple[int, int, int]
"""Start and end of a step, nodes of the network, and its `Steps.link`."""


@dataclass(frozen=True)
class Steps:
    """
    One-way arcs between joints, or between joints and the two ends of a question.

    ``link`` is the link of the network that an arc is; for a run inside a region it is -1 - the region's number.
    ``start`` and ``end`` are nodes of the network (of a lorry's way from a point: the road node where it gets on).
    """

    tail: IntArray
    head: IntArray
    figures: FloatArray
    link: IntArray
    start: IntArray
    end: IntArray

    def __add__(self, other: Steps) -> Steps:
        return _all_steps([self, other])

    def told(self, number: int) -> list[Step]:
        """One of the arcs as a list of one."""
        return [(int(self.start[number]), int(self.end[number]), int(self.link[number]))]

    def open(self, closed: BoolArray) -> Steps:
        """Those that are no closed link; runs are open."""
        return self.taken((self.link < 0) | ~closed[self.link])

    def taken(self, chosen: IntArray | BoolArray) -> Steps:
        """Some of the arcs."""
        return Steps(*(getattr(self, name)[chosen] for name in _STEP_COLUMNS))


_STEP_COLUMNS = ("tail", "head", "figures", "link", "start", "end")
_NONE = np.zeros(0, dtype=np.int64)


def _no_steps() -> Steps:
    return Steps(_NONE, _NONE, np.zeros((0, 3)), _NONE, _NONE, _NONE)


def _all_steps(parts: list[Steps]) -> Steps:
    return Steps(*(np.concatenate([getattr(part, name) for part in parts]) for name in _STEP_COLUMNS))


@dataclass(frozen=True)
class End:
    """Nodes of the network where a shipment may start or end, and what it takes to get there: shapes (n,), (n, 3)."""

    nodes: IntArray
    figures: FloatArray


@dataclass(frozen=True)
class Way:
    """Totals of the three figures, and the steps from end to end."""

    figures: tuple[float, float, float]
    steps: list[Step]


@dataclass(frozen=True)
class Hauls:
    """Whole hauls of a layer between stops: figures, and by which steps each goes."""

    tail: IntArray
    head: IntArray
    figures: FloatArray
    ways: list[tuple[Steps, IntArray, int, bool]]
    """For each haul: the steps, the step by which each joint is reached from the root, the root, whether backward."""

    def steps_of(self, haul: int) -> list[Step]:
        """Start, end and link of every step of a haul, in the order passed."""
        steps, by, root, backward = self.ways[haul]
        at = int(self.tail[haul] if backward else self.head[haul])
        passed = []
        while at != root:
            step = int(by[at])
            passed.append((int(steps.start[step]), int(steps.end[step]), int(steps.link[step])))
            at = int(steps.head[step] if backward else steps.tail[step])
        return passed if backward else passed[::-1]


class Overlay:
    """Joints and arcs between them for one pricing, where some hauls and frontiers are closed."""

    def __init__(self, pricing: Pricing, closed: BoolArray) -> None:
        network = pricing.network
        figures = np.column_stack([pricing.links[name] for name in FIGURES])
        km = network.links["length_km"].to_numpy(float)
        per_km = np.divide(figures, km[:, None], out=np.zeros_like(figures), where=km[:, None] > 0)
        self.regions = regions_of(network, per_km, closed)
        self.per_km = per_km[self.regions.a_link]
        """What a kilometre of each region takes, shape (regions, 3)."""
        self.steps = self._run_steps() + self._standing_steps(figures, closed)
        self.scale = 1.0 / np.maximum(self.steps.figures.mean(axis=0), 1e-30)
        nodes = self.regions.nodes
        layers = network.nodes["layer"].astype("category").iloc[nodes]
        self._layer = layers.cat.codes.to_numpy(np.int64)
        self.reduced = [code for code in np.unique(self._layer).tolist() if (self._layer == code).sum() > MOST_JOINTS]
        self._stop = np.zeros(len(nodes), dtype=bool)
        turning = network.links["kind"].isin([Kind.TRANSFER.value, Kind.ACCESS.value]).to_numpy()
        for ends in (self.regions.tail[turning], self.regions.head[turning]):
            self._stop[self.regions.number[ends]] = True
        found = [_no_hauls()]
        self._outer, self._inner = self.steps, dict[int, Steps]()
        for code in self.reduced:
            inside = self.inside(self._outer, code)
            layer, self._outer = self._outer.taken(inside), self._outer.taken(~inside)
            self._inner[code] = layer
            roots = np.flatnonzero(self._stop & (self._layer == code))
            found.append(whole_hauls(layer, roots, self._stop, len(nodes), self.scale))
        self._hauls = _joined(found)
        self._links: dict[tuple[int, int, int], list[int]] = {}

    def _run_steps(self) -> Steps:
        start, end, km, region = self.regions.runs
        number = self.regions.number
        return Steps(number[start], number[end], km[:, None] * self.per_km[region], -1 - region, start, end)

    def _standing_steps(self, figures: FloatArray, closed: BoolArray) -> Steps:
        regions = self.regions
        link = np.flatnonzero((regions.km == 0) & ~closed)
        back = link[~regions.oneway[link]]
        start = np.concatenate([regions.tail[link], regions.head[back]])
        end = np.concatenate([regions.head[link], regions.tail[back]])
        link = np.concatenate([link, back])
        return Steps(regions.number[start], regions.number[end], figures[link], link, start, end)

    def between(self, start: End, finish: End, closed: BoolArray) -> Between:
        """What a question is answered on: ways between two ends, where transfers and access links are closed too."""
        origin, destination = len(self.regions.nodes), len(self.regions.nodes) + 1
        return Between(self, self._from(start, finish, origin, destination) + self._to(finish, destination), closed)

    def links_of(self, steps: list[Step]) -> list[int]:
        """Links of the network that a way takes, in the order passed."""
        links: list[int] = []
        for start, end, link in steps:
            if link >= 0:
                links.append(link)
            elif start != end:
                if (start, end, link) not in self._links:
                    self._links[start, end, link] = self.regions.way(start, end, -1 - link)
                links += self._links[start, end, link]
        return links

    def gates_of(self, steps: list[Step]) -> list[int]:
        """Links of a way on which there can be a gateway: transfers, frontiers and passages, in the order passed."""
        gates = [link if link >= 0 else self.regions.passages.get(-1 - link, -1) for _, _, link in steps]
        return [link for link in gates if link >= 0]

    def hauls(self, own: Steps, closed: BoolArray) -> tuple[Steps, Hauls]:
        """
        Steps outside the reduced layers, and whole hauls within: between stops, and from and to the two ends.

        ``own`` are the steps from and to the ends; transfers and access links may be closed.
        """
        origin, destination = len(self.regions.nodes), len(self.regions.nodes) + 1
        stop = np.concatenate([self._stop, [True, True]])
        found = [self._hauls]
        for code in self.reduced:
            inside = self.inside(own, code)
            mine, own = own.taken(inside), own.taken(~inside)
            for root, at, backward in ((origin, mine.tail, False), (destination, mine.head, True)):
                if (at == root).any():  # cargo of a terminal does not start on the road
                    layer = self._inner[code] + mine
                    found.append(whole_hauls(layer, np.array([root]), stop, len(stop), self.scale, backward=backward))
        return self._outer.open(closed) + own, _joined(found)

    def inside(self, steps: Steps, code: int) -> BoolArray:
        """Which steps stay in one layer; the ends of a question are in every layer."""
        here = np.concatenate([self._layer == code, [True, True]])
        within: BoolArray = here[steps.tail] & here[steps.head]
        return within

    def _from(self, start: End, finish: End, origin: int, destination: int) -> Steps:
        """Steps from the origin to joints, and straight to the destination where it is in the same region."""
        parts = [_no_steps()]
        for node, figures in zip(start.nodes.tolist(), start.figures, strict=True):
            found, more, link = self._around(node, finish.nodes)
            joint = self.regions.number[found]
            steps = Steps(np.full(len(found), origin), joint, figures + more, link, np.full(len(found), node), found)
            parts.append(steps.taken(joint >= 0))
            for last, extra in zip(finish.nodes.tolist(), finish.figures, strict=True):
                straight = steps.taken(found == last)
                ends = np.full(len(straight.tail), destination)
                parts.append(replace(straight, head=ends, figures=straight.figures + extra))
        return _all_steps(parts)

    def _around(self, node: int, others: IntArray) -> tuple[IntArray, FloatArray, IntArray]:
        """Joints, and nodes among `others`, that a node has a run to: what it takes, and its `link`."""
        found, km, region = self.regions.around(node, others)
        figures = km[:, None] * self.per_km[region] if len(self.per_km) else np.zeros((len(km), 3))
        return found, figures, -1 - region

    def _to(self, finish: End, destination: int) -> Steps:
        parts = [_no_steps()]
        for node, figures in zip(finish.nodes.tolist(), finish.figures, strict=True):
            found, more, link = self._around(node, _NONE)
            joint = self.regions.number[found]
            ends, nodes = np.full(len(found), destination), np.full(len(found), node)
            parts.append(Steps(joint, ends, figures + more, link, found, nodes).taken(joint >= 0))
        return _all_steps(parts)


@dataclass(frozen=True)
class Between:
    """An overlay with the two ends of a question, which are its last two nodes, and the steps from and to them."""

    overlay: Overlay
    own: Steps
    closed: BoolArray

    def front(self, within: float) -> tuple[list[Way], float]:
        """
        Efficient ways over whole hauls; every other such way is matched by one of them but for a part `within`.

        The second result is that part, as asked or wider (`corridor.pareto.pareto_paths`).
        """
        steps, hauls = self.overlay.hauls(self.own, self.closed)
        figures = np.concatenate([steps.figures, hauls.figures])
        tail, head = np.concatenate([steps.tail, hauls.tail]), np.concatenate([steps.head, hauls.head])
        ways = []
        found = self._paths(tail, head, figures, within)
        for totals, arcs in found.paths:
            passed: list[Step] = []
            for arc in arcs:
                passed += steps.told(arc) if arc < len(steps.tail) else hauls.steps_of(arc - len(steps.tail))
            ways.append(Way(totals, passed))
        return ways, found.within

    def improved(self, ways: list[Way]) -> list[Way]:
        """
        Ways that none at all beats, each of them nowhere worse than one of `ways`.

        Of several that are nowhere worse the best balanced; equal ones once.
        """
        steps, below = self.overlay.steps.open(self.closed) + self.own, np.array([way.figures for way in ways])
        paths = self._paths(steps.tail, steps.head, steps.figures, 0.0, below).paths
        totals = np.array([figures for figures, _ in paths])
        balance = (totals / np.maximum(below.min(axis=0), 1e-9)).sum(axis=1)
        fits = (totals[None, :, :] <= below[:, None, :] * (1.0 + 2 * SAME)).all(axis=2)
        chosen = dict.fromkeys(np.where(fits, balance, np.inf).argmin(axis=1).tolist())
        return [Way(paths[path][0], [steps.told(arc)[0] for arc in paths[path][1]]) for path in chosen]

    def _paths(
        self, tail: IntArray, head: IntArray, figures: FloatArray, within: float, below: FloatArray | None = None
    ) -> Efficient:
        joints = len(self.overlay.regions.nodes)
        return pareto_paths(Arcs(tail, head, joints + 2), figures, joints, joints + 1, within, below)


def _no_hauls() -> Hauls:
    return Hauls(_NONE, _NONE, np.zeros((0, 3)), [])


def _joined(parts: list[Hauls]) -> Hauls:
    tail, head, figures = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("tail", "head", "figures")
    )
    return Hauls(tail, head, figures, [way for part in parts for way in part.ways])


def whole_hauls(
    steps: Steps, roots: IntArray, stop: BoolArray, node_count: int, scale: FloatArray, *, backward: bool = False
) -> Hauls:
    """Hauls from each root (backward: to it) to every stop that passes no other stop, best by any of `MIXES`."""
    tail, head = (steps.head, steps.tail) if backward else (steps.tail, steps.head)
    graph = Arcs(tail, head, node_count)
    if not len(graph) or not len(roots):
        return _no_hauls()
    stops = np.flatnonzero(stop)
    figures = np.full((len(MIXES), len(roots), len(stops), 3), np.inf)
    trees = []
    for mix, here in zip(MIXES, figures, strict=True):
        by = graph.least(steps.figures @ (np.array(mix) * scale), roots.tolist()).arcs()
        trees.append(by)
        root, reached, total = _straight(steps.figures, tail, by, roots, stop)
        here[root, np.searchsorted(stops, reached)] = total
    mix_of, root, at = np.nonzero(_best_hauls(figures))
    ends = (stops[at], roots[root]) if backward else (roots[root], stops[at])
    ways = [
        (steps, trees[mix][here], int(roots[here]), backward)
        for mix, here in zip(mix_of.tolist(), root.tolist(), strict=True)
    ]
    return Hauls(*ends, figures[mix_of, root, at], ways)


def _straight(
    figures: FloatArray, tail: IntArray, by: IntArray, roots: IntArray, stop: BoolArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """
    Which stops are reached from each root without another stop between, and what that takes.

    ``by`` is the arc by which each node is reached from each root, shape (roots, nodes).
    """
    root, end = np.nonzero((by >= 0) & stop)
    at, total = end, np.zeros((len(end), 3))
    found: list[tuple[IntArray, IntArray, FloatArray]] = [(_NONE, _NONE, np.zeros((0, 3)))]
    while len(at):
        arc = by[root, at]
        at, total = tail[arc], total + figures[arc]
        home = at == roots[root]
        found.append((root[home], end[home], total[home]))
        on = ~home & ~stop[at]
        root, end, at, total = root[on], end[on], at[on], total[on]
    return tuple(np.concatenate(part) for part in zip(*found, strict=True))  # type: ignore[return-value]


def _best_hauls(figures: FloatArray) -> BoolArray:
    """
    Which hauls, shape (hauls of a pair, roots, stops), none before of the same pair stands for.

    The best by each single figure, which are the first, stay, and others that differ by more than `ALIKE`.
    """
    keep = np.array(np.isfinite(figures).all(axis=-1))
    for mine in range(1, len(figures)):
        part = SAME if mine < len(FIGURES) else ALIKE
        for other in range(mine):
            keep[mine] &= ~(keep[other] & (figures[other] <= figures[mine] * (1.0 + part)).all(axis=-1))
    return keep
