"""One question: origin, destination, shipment and objective; and what may be asked of it under any scenario."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import numpy as np
import numpy.typing as npt

from corridor.access import Access, access_by_lorry, end_node, place_of, same_place
from corridor.closures import Closure, NoWay, shut_links
from corridor.corridors import Corridor, corridor_of, families, family_links
from corridor.errors import NoRouteError, PlaceError
from corridor.graph import Ends, Path
from corridor.impedance import Objective, generalized_usd
from corridor.legs import gateways_of, legs_of, named_ends
from corridor.notes import notes_of
from corridor.pricing import Pricing, pricing_of
from corridor.rates import Rates
from corridor.route import TOTALS, Route
from corridor.scenario import Scenario
from corridor.shipment import Shipment
from geodata.network import Network
from geodata.places import Place
from geodata.vocabulary import Kind

MOST_REOPENINGS = 64
"""So many groups of closures are tried for what would restore a route."""


def ask(
    network: Network,
    origin: str | Place | tuple[float, float],
    destination: str | Place | tuple[float, float],
    shipment: Shipment | None,
    scenario: Scenario,
    minimize: Objective,
    rates: Rates | None,
) -> Question:
    """
    The question for places or their names, priced as `scenario` has it.

    Raises
    ------
    PlaceError
        Both are the same place.
    """
    pricing = pricing_of(network, shipment, scenario, rates)  # refuses what is no network, shipment or scenario
    start, end = place_of(network, origin), place_of(network, destination)
    if same_place(start, end):
        raise PlaceError(f"origin and destination are the same place, {start.name}: nothing to ship")
    return Question(network, start, end, shipment or Shipment(), pricing, minimize)


@dataclass(frozen=True)
class Question:
    """One origin, destination, shipment and objective; scenarios vary."""

    network: Network
    origin: Place
    destination: Place
    shipment: Shipment
    pricing: Pricing
    minimize: Objective

    def answer(self, scenario: Scenario, *, explain: bool = True) -> Route:
        """The best route under a scenario; without `explain`, a failure does not search for what would restore one."""
        path = self._path(scenario.closed_links(self.network, self.shipment))
        if path is None:
            raise self._no_route(scenario) if explain else NoRouteError("no route")
        return self.route(path, scenario)

    def answer_in(self, corridor: Corridor, scenario: Scenario) -> Route | None:
        """
        The best route of one corridor, None if it has none.

        Where the best way by the gateways that the corridor may pass is of another corridor, those gateways that it
        need not pass are shut one family after the other, and the best of what is then of this corridor counts.
        """
        shut = scenario.closed_links(self.network, self.shipment)
        route = self._within(corridor.families, shut, scenario)
        if route is None or route.corridor == corridor.corridor:
            return route
        found = []
        for family in sorted(corridor.allows.intersection(route.families)):
            other = self._within(corridor.families - {family}, shut, scenario)
            if other is not None and other.corridor == corridor.corridor:
                found.append(other)
        return min(found, key=self.total, default=None)

    def _within(self, allowed: frozenset[str], shut: npt.NDArray[np.bool_], scenario: Scenario) -> Route | None:
        """The best route that passes gateways of these families only."""
        closed = shut.copy()
        for family in families(self.network):
            if family not in allowed:
                closed[family_links(self.network, family)] = True
        for place in (self.origin, self.destination):  # cargo may start and end at a gateway of any family
            links = self.network.links_by("terminal").get(place.terminal, np.zeros(0, dtype=np.int64))
            access = links[(self.network.links["kind"].iloc[links] == Kind.ACCESS).to_numpy()]
            closed[access] = shut[access]
        path = self._path(closed)
        return self.route(path, scenario) if path is not None else None

    def total(self, route: Route) -> float:
        """What a route takes of the objective."""
        if self.minimize in TOTALS:
            return float(getattr(route, self.minimize))
        return generalized_usd(route.cost_usd, route.time_h, route.co2e_kg, self.shipment, self.pricing.rates)

    def _path(self, closed: npt.NDArray[np.bool_]) -> Path | None:
        return self.pricing.metric(self.minimize).shortest(self._sources, self._targets, closed | self.pricing.barred)

    @cached_property
    def start(self) -> Access | None:
        """The way by lorry to the network, None from a terminal."""
        return access_by_lorry(self.network, self.origin, "loading", self.shipment, self.pricing.rates)

    @cached_property
    def finish(self) -> Access | None:
        """The way by lorry from the network, None to a terminal."""
        return access_by_lorry(self.network, self.destination, "discharge", self.shipment, self.pricing.rates)

    @cached_property
    def _sources(self) -> Ends:
        if self.start:
            return self.start.ends(self.minimize)
        return [(end_node(self.network, self.origin, "origin"), 0.0)]

    @cached_property
    def _targets(self) -> Ends:
        if self.finish:
            return self.finish.ends(self.minimize)
        return [(end_node(self.network, self.destination, "destination"), 0.0)]

    def _no_route(self, scenario: Scenario) -> NoRouteError:
        here = f"no route {self.origin.name} → {self.destination.name}"
        closures = scenario.closures_in_force(self.shipment)
        why = NoWay(closures)
        if self.pricing.barred.any():
            unit, modes, unable = self.shipment.unit, tuple(sorted(self.shipment.modes)), tuple(self._unable())
            why = replace(why, unit=unit, modes=modes, unable=unable)
            here += f" for a {unit} (it goes by {', '.join(modes)}"
            here += "".join(f"; {name} does not load it" for name in unable) + ")"
        if not closures:
            return NoRouteError(f"{here}: the network joins them by no open way", why=why)
        closed = _listed([str(closure) for closure in closures])
        text = f'{here} under "{scenario}": {closed} {"is" if len(closures) == 1 else "are"} closed.'
        if self._path(shut_links(self.network, ())) is None:
            return NoRouteError(
                f"{text} Reopening them would not help: the network joins the two by no open way.",
                tuple(map(str, closures)),
                why=why,
            )
        restoring = self._restoring(closures)
        names = [_listed([closure.label for closure in group]) for group in restoring]
        together = " together" if len(restoring[0]) > 1 else ""
        return NoRouteError(
            f"{text} Reopening {' or '.join(names)}{together} would restore one.",
            tuple(map(str, closures)),
            tuple(names),
            replace(why, restoring=tuple(restoring)),
        )

    def _unable(self) -> list[str]:
        """Which of the two ends is a terminal that does not handle the load unit."""
        unable = []
        for place in (self.origin, self.destination):
            links = self.network.links_by("terminal").get(place.terminal, np.zeros(0, dtype=np.int64))
            access = links[(self.network.links["kind"].iloc[links] == Kind.ACCESS).to_numpy()]
            if place.terminal and self.pricing.barred[access].all():
                unable.append(place.name)
        return unable

    def _restoring(self, closures: tuple[Closure, ...]) -> list[tuple[Closure, ...]]:
        """
        The smallest groups of closures that restore a route when lifted.

        Where trying all groups would take long, one group from which none can be left out.
        """
        tried = 0

        def opens(group: Sequence[Closure]) -> bool:
            left = tuple(closure for closure in closures if closure not in group)
            return self._path(shut_links(self.network, left)) is not None

        for size in range(1, len(closures) + 1):
            tried += math.comb(len(closures), size)
            if tried > MOST_REOPENINGS:
                break
            if found := [group for group in combinations(closures, size) if opens(group)]:
                return found
        group = closures
        for closure in closures:
            fewer = tuple(other for other in group if other != closure)
            group = fewer if opens(fewer) else group
        return [group]

    def route(self, path: Path, scenario: Scenario) -> Route:
        """A path between the two ends as a route."""
        legs = list(legs_of(self.network, path, self.pricing.links))
        if self.start:
            legs.insert(0, self.start.leg(self.network, int(path.nodes[0])))
        if self.finish:
            legs.append(self.finish.leg(self.network, int(path.nodes[-1])))
        legs = named_ends(self.network, legs, self.origin.name, self.destination.name)
        via, passed = gateways_of(self.network, path.links.tolist())
        corridor = corridor_of(passed)
        return Route(
            self.origin, self.destination, self.shipment, scenario, self.minimize, tuple(legs), via, passed,
            *((corridor.corridor, corridor.name) if corridor else ("", "")),
            notes_of(self.network, path.links, passed), self.network, self.pricing.rates,
        )  # fmt: skip


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
