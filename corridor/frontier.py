"""The ways worth talking about: those that no other way beats in time, cost and CO2e at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from corridor.access import Access, end_node
from corridor.corridors import corridor_of
from corridor.errors import CorridorError
from corridor.graph import Path
from corridor.impedance import FIGURES
from corridor.legs import gateways_of
from corridor.overlay import End, Overlay, Way
from corridor.question import Question, ask
from corridor.rates import Rates
from corridor.route import Route
from corridor.scenario import BASELINE, Scenario
from corridor.shipment import Shipment
from geodata.network import Network
from geodata.places import Place
from geodata.vocabulary import Kind

KEPT_OVERLAYS = 3
"""Overlays of so many sets of closed lines are kept with their prices."""
ALIKE = 1.2
"""Two ways are alike where one takes at most so many times the other's hours, dollars and kilograms."""
WITHIN = 0.001
"""Unless asked otherwise, a way that is better than one of the front by no more than this part is left out."""


class Front(list[Route]):
    """
    Routes of a Pareto front, cheapest first, and how closely they stand for every way there is.

    ``within`` 0.001: every way is matched by one of the front (before thinning) that takes at most 0.1 % more of each
    figure; `find_frontier` says of which ways that holds. It is what was asked, or more where the search would have
    taken too long (`corridor.pareto.pareto_paths`).
    """

    def __init__(self, routes: Iterable[Route], within: float) -> None:
        super().__init__(routes)
        self.within = within


def find_frontier(
    network: Network,
    origin: str | Place,
    destination: str | Place,
    shipment: Shipment | None = None,
    scenario: Scenario = BASELINE,
    *,
    rates: Rates | None = None,
    thin: bool = True,
    within: float = WITHIN,
) -> Front:
    """
    The Pareto front over time, cost and CO2e, cheapest first.

    Every route is one that no open way at all beats: none is nowhere worse and somewhere better, to 1e-9 of a figure.
    The front is found over the joints, runs and whole hauls of `corridor.overlay`, and then each route is replaced by
    the best balanced of the ways over all joints that are nowhere worse than it.

    For every other way over runs and whole hauls there is a route (before thinning) that is nowhere worse by more than
    `within`. What whole hauls leave out are compromises: where a layer has many joints, those between two of its
    terminals are the best by time, by cost, by CO2e or by a mix of them, and of mixes alike by 0.05 % one. On the
    shipped network each way lost so is within 0.15 % of one that is kept, by every figure, between the places for which
    that is tested.

    Parameters
    ----------
    thin
        Only the few that stand for all: the quickest, the cheapest, the cleanest, the best balanced of each corridor,
        and others until every way of the front is `ALIKE` to one of them. False: all of them.
    within
        Part of each figure by which a way left out may be better than the one that stands for it, from 0, which leaves
        out nothing, to 1. A search that takes long widens it; `Front.within` says to what.

    Raises
    ------
    CorridorError
        `within` is no number from 0 to 1.
    NoRouteError
        No open way; says what is closed and which reopening would restore one.
    PlaceError
        Origin and destination are the same place, or one is far from every road.
    """
    if not isinstance(within, int | float) or not 0 <= within <= 1:
        raise CorridorError(f"within is a part of each figure, a number from 0 to 1, not {within!r:.60}")
    question = ask(network, origin, destination, shipment, scenario, "cost_usd", rates)
    closed = question.pricing.shut(scenario)
    overlay = _overlay(question, closed)
    ends = (_end(question, question.start, "origin"), _end(question, question.finish, "destination"))
    between = overlay.between(*ends, closed)
    ways, within = between.front(within)
    if not ways:
        return Front([question.answer(scenario)], within)  # says why there is none
    if thin:
        passed = [gateways_of(network, overlay.gates_of(way.steps))[1] for way in ways]
        named = [corridor.corridor if corridor else "" for corridor in map(corridor_of, passed)]
        ways = [ways[way] for way in _few(np.array([way.figures for way in ways]), named).tolist()]
    ways = sorted(between.improved(ways), key=lambda way: way.figures[FIGURES.index("cost_usd")])
    routes = [_route(question, scenario, overlay.links_of(way.steps), way) for way in ways]
    return Front(routes, within)


@dataclass(frozen=True)
class Dominated:
    """
    A corridor that no way of the front belongs to: another way is nowhere worse than its best one.

    ``time_h``, ``cost_usd`` and ``co2e_kg`` are how much more its best way takes of the whole shipment than ``by``.
    """

    route: Route
    by: Route
    time_h: float
    cost_usd: float
    co2e_kg: float

    def record(self) -> dict[str, object]:
        """The JSON that the command line promises."""
        return {
            "corridor": _called(self.route),
            "by": _called(self.by),
            "time_h": self.time_h,
            "cost_usd": self.cost_usd,
            "co2e_kg": self.co2e_kg,
            "via": list(self.route.via),
            "by_via": list(self.by.via),
        }

    def __str__(self) -> str:
        """As ``Middle – Danube: 24 d slower, 12 USD/t dearer, 150 kg CO2e/t more than Northern``."""
        tonnes = self.route.shipment.tonnes
        more = (
            (self.time_h / 24, "{:,.1f} d slower"),
            (self.cost_usd / tonnes, "{:,.0f} USD/t dearer"),
            (self.co2e_kg / tonnes, "{:,.0f} kg CO2e/t more"),
        )
        worse = ", ".join(text.format(figure) for figure, text in more if figure >= 0.05)
        return f"{_called(self.route)}: {worse or 'no better'} than {_called(self.by)}"


def find_dominated(front: Sequence[Route], corridors: Sequence[Route]) -> list[Dominated]:
    """
    What each corridor that is not on the front loses to it.

    Parameters
    ----------
    front, corridors
        Routes of `find_frontier` and of `find_corridors`, for the same question.

    Returns
    -------
    list
        In the order of `corridors`, without those that a route of the front belongs to or that no route of it beats.
        Of several routes that beat it, the one by which it loses most in the figure where it loses least.
    """
    present = {route.corridor for route in front}
    totals = np.array([[getattr(route, name) for name in FIGURES] for route in front])
    found = []
    for route in corridors:
        mine = np.array([getattr(route, name) for name in FIGURES])
        margins = (mine - totals) / np.maximum(mine, 1e-9)
        best = int(np.argmax(margins.min(axis=1)))
        if route.corridor not in present and (margins[best] >= 0).all():
            found.append(Dominated(route, front[best], *(mine - totals[best]).tolist()))
    return found


def _called(route: Route) -> str:
    return route.corridor or " · ".join(route.via) or "direct"


def _end(question: Question, access: Access | None, layer: str) -> End:
    if access is not None:
        return End(access.nodes, access.prices[list(FIGURES)].to_numpy())
    place = question.origin if layer == "origin" else question.destination
    return End(np.array([end_node(question.network, place, layer)]), np.zeros((1, 3)))


def _overlay(question: Question, closed: npt.NDArray[np.bool_]) -> Overlay:
    """The overlay for what is closed of hauls and frontiers; the last few are kept with their prices."""
    turning = question.network.links["kind"].isin([Kind.TRANSFER.value, Kind.ACCESS.value]).to_numpy()
    closed = closed & ~turning
    kept: dict[bytes, Overlay] = question.pricing.cache.setdefault("overlays", {})
    key = np.packbits(closed).tobytes()
    found = kept.get(key)
    if found is None:
        for oldest in list(kept)[: max(0, len(kept) - KEPT_OVERLAYS + 1)]:
            kept.pop(oldest, None)  # another thread may have been first
        found = kept[key] = Overlay(question.pricing, closed)
    return found


def _few(figures: npt.NDArray[np.float64], corridors: list[str]) -> npt.NDArray[np.int64]:
    """
    Numbers of the few ways that stand for all.

    The best by each figure, and the best balanced of each corridor that these are not of; then, one after the other,
    the way that those kept so far stand for worst, until each is like one of them, by no figure more than `ALIKE` times
    as good.
    """
    balance = (figures / np.maximum(figures.min(axis=0), 1e-9)).sum(axis=1)
    kept = [int(np.lexsort((balance, column))[0]) for column in figures.T]
    for corridor in dict.fromkeys(corridors):
        mine = np.flatnonzero([other == corridor for other in corridors])
        if corridor and corridor not in {corridors[way] for way in kept}:
            kept.append(int(mine[np.argmin(balance[mine])]))
    alike = np.maximum(figures, 1e-9)
    while True:
        worse_by = (alike[kept][:, None, :] / alike[None, :, :]).max(axis=2).min(axis=0)
        if worse_by.max() <= ALIKE:
            return np.array(list(dict.fromkeys(kept)), dtype=np.int64)
        kept.append(int(np.argmax(worse_by)))


def _route(question: Question, scenario: Scenario, links: list[int], way: Way) -> Route:
    ends = question.network.links
    nodes = [way.steps[0][0]]
    for start, end in zip(ends["from_node"].to_numpy()[links], ends["to_node"].to_numpy()[links], strict=True):
        nodes.append(int(end if start == nodes[-1] else start))
    path = Path(np.array(links, dtype=np.int64), np.array(nodes, dtype=np.int64), way.figures[1])
    return replace(question.route(path, scenario), minimize="pareto")
