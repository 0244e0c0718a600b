"""The ways worth talking about: those that no other way beats in time, cost and CO2e at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from corridor.access import Access, end_node
from corridor.corridors import corridor_of
from corridor.graph import Path
from corridor.legs import gateways_of
from corridor.overlay import FIGURES, End, Overlay, Way
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


def find_frontier(
    network: Network,
    origin: str | Place,
    destination: str | Place,
    shipment: Shipment | None = None,
    scenario: Scenario = BASELINE,
    *,
    rates: Rates | None = None,
    thin: bool = True,
) -> list[Route]:
    """
    The Pareto front over time, cost and CO2e, cheapest first.

    No way is quicker, cheaper and cleaner all at once than one of these, and for every other way there is one of these
    that is nowhere worse. That is exact, to 1e-9 of a figure, on the joints and runs of `corridor.overlay`, where
    nothing is lost but compromises of lorries that cross the same countries by other frontiers: whole hauls by road
    between two terminals are those best by time, by cost, by CO2e or by an even mix of them. On the shipped network
    each way lost so is within 1 % of one that is kept, by every figure.

    Parameters
    ----------
    thin
        Only the few that stand for all: the quickest, the cheapest, the cleanest, the best balanced of each corridor,
        and others until every way of the front is `ALIKE` to one of them. False: all of them.

    Raises
    ------
    NoRouteError
        No open way; says what is closed and which reopening would restore one.
    PlaceError
        Origin and destination are the same place, or one is far from every road.
    """
    question = ask(network, origin, destination, shipment, scenario, "cost_usd", rates)
    ways, overlay = _front(question, scenario)
    if not ways:
        return [question.answer(scenario)]  # says why there is none
    figures = np.array([way.figures for way in ways])
    passed = [gateways_of(network, overlay.gates_of(way.steps))[1] for way in ways]
    named = [corridor.corridor if corridor else "" for corridor in map(corridor_of, passed)]
    chosen = _few(figures, named) if thin else np.arange(len(ways))
    ordered = chosen[np.argsort(figures[chosen, FIGURES.index("cost_usd")], kind="stable")]
    return [_route(question, scenario, overlay.links_of(ways[way].steps), ways[way]) for way in ordered.tolist()]


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


def _front(question: Question, scenario: Scenario) -> tuple[list[Way], Overlay]:
    closed = question.pricing.shut(scenario)
    overlay = _overlay(question, closed)
    ends = (_end(question, question.start, "origin"), _end(question, question.finish, "destination"))
    return overlay.front(*ends, closed), overlay


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
