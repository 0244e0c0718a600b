"""Finding routes: the best one, alternatives to it, the best of every corridor, and cost matrices."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations, groupby

import numpy as np
import numpy.typing as npt
import pandas as pd

from corridor.corridors import Corridor, corridor_of, corridors, families, family_links, family_of
from corridor.errors import CorridorError, NoRouteError
from corridor.graph import Ends, Engine, Graph, Metric, Path
from corridor.impedance import OBJECTIVES, Objective, generalized_usd, price_access, price_links
from corridor.rates import Rates, load_rates
from corridor.route import TOTALS, Crossing, Leg, Route
from corridor.scenario import BASELINE, Closure, Scenario
from corridor.shipment import Shipment
from geodata.measure import chord_for_km, distance_km, unit_vectors
from geodata.network import Network
from geodata.places import Place
from geodata.vocabulary import Kind, Mode

ACCESS_KM = 250.0
"""A point reaches the roads of the network from at most this far."""
ACCESS_CHOICES = 8
"""So many nearest road nodes are tried."""
ACCESS_DETOUR_FACTOR = 1.3
"""Road kilometres of such an access ÷ great circle (general knowledge, confidence medium)."""
MOST_REOPENINGS = 64
"""So many groups of closures are tried for what would restore a route."""
DETOUR_LIMIT = 2.5
"""A corridor's way this many times as long as the shortest, and worse in everything than another, is left out."""
TWIN_SHARE = 0.9
"""Two routes that share more than this part of the shorter one's length are twins."""
KEPT_PRICINGS = 4
"""Prices of so many shipments and rates are kept with a network."""


def find_route(
    network: Network,
    origin: str | Place,
    destination: str | Place,
    shipment: Shipment | None = None,
    scenario: Scenario = BASELINE,
    *,
    minimize: Objective = "cost_usd",
    rates: Rates | None = None,
) -> Route:
    """
    The route with the least total of one objective.

    Parameters
    ----------
    origin, destination
        Places, or their names, aliases, codes or ``lon,lat``.
    shipment
        3,000 t of flaxseed if not given.
    scenario
        Closures in force. Never modified.
    minimize
        ``distance_km``, ``time_h``, ``cost_usd``, ``co2e_kg`` or ``generalized_usd``.
    rates
        Assumptions; those shipped if not given.

    Raises
    ------
    NoRouteError
        No open way; says what is closed and which reopening would restore one.
    geodata.errors.UnknownPlaceError, geodata.errors.AmbiguousPlaceError
        A name fits no place, or several.
    """
    question = _Question(
        network,
        _place(network, origin),
        _place(network, destination),
        shipment or Shipment(),
        _pricing(network, shipment, rates),
        minimize,
    )
    return question.answer(scenario)


def find_alternatives(
    network: Network,
    origin: str | Place,
    destination: str | Place,
    shipment: Shipment | None = None,
    scenario: Scenario = BASELINE,
    *,
    minimize: Objective = "cost_usd",
    rates: Rates | None = None,
    count: int = 6,
) -> list[Route]:
    """
    The best route and what remains when each of its gateways is closed in turn, best first, without near-twins.

    Near-twins are routes that pass the same gateways, or share nine tenths of the shorter one's kilometres.
    """
    question = _Question(
        network,
        _place(network, origin),
        _place(network, destination),
        shipment or Shipment(),
        _pricing(network, shipment, rates),
        minimize,
    )
    best = question.answer(scenario)
    found = [best]
    for gateway in best.via:
        try:
            closed = replace(scenario, name=f"{scenario.name} without {gateway}").close(gateway)
            found.append(question.answer(closed, explain=False))
        except NoRouteError:
            continue
    found.sort(key=lambda route: _total(route, minimize, question))
    distinct: list[Route] = []
    for route in found:
        if not any(_twins(network, route, kept) for kept in distinct):
            distinct.append(route)
    return distinct[:count]


def find_corridors(
    network: Network,
    origin: str | Place,
    destination: str | Place,
    shipment: Shipment | None = None,
    scenario: Scenario = BASELINE,
    *,
    minimize: Objective = "cost_usd",
    rates: Rates | None = None,
) -> list[Route]:
    """
    The best route of every corridor that has one, best first.

    For each corridor, all gateways of families that it may not pass are closed; what is then best counts if it passes
    every family that the corridor requires. The best route of all is among them, whatever it passes. Long detours that
    are worse in everything than another way (`DETOUR_LIMIT`) are left out.

    Raises
    ------
    NoRouteError
        No way is open at all.
    """
    question = _Question(
        network,
        _place(network, origin),
        _place(network, destination),
        shipment or Shipment(),
        _pricing(network, shipment, rates),
        minimize,
    )
    best = question.answer(scenario)
    found = {} if best.corridor else {"": best}
    for corridor in corridors():
        route = question.answer_in(corridor, scenario)
        if route is not None:
            found[corridor.corridor] = route
    return [
        route
        for route in sorted(found.values(), key=lambda route: _total(route, minimize, question))
        if not _absurd(route, list(found.values()))
    ]


def cost_matrix(
    network: Network,
    origins: Sequence[str | Place],
    destinations: Sequence[str | Place],
    shipment: Shipment | None = None,
    scenario: Scenario = BASELINE,
    *,
    minimize: Objective = "cost_usd",
    rates: Rates | None = None,
) -> pd.DataFrame:
    """
    Total impedance of the best route for every origin–destination pair.

    Parameters
    ----------
    origins, destinations
        Terminals, ``m`` and ``n`` of them, as for `find_route`.

    Returns
    -------
    DataFrame, shape (m, n)
        In the unit that the name of `minimize` bears (``cost_usd``: US dollars for the whole shipment); index and
        columns are terminal codes. ``NaN`` where no open route exists, or origin and destination are the same. Exact to
        0.01 %.
    """
    pricing = _pricing(network, shipment, rates)
    rows, columns = [_place(network, text) for text in origins], [_place(network, text) for text in destinations]
    sources = [_end_node(network, place, "origin") for place in rows]
    targets = [_end_node(network, place, "destination") for place in columns]
    values = pricing.metric(minimize).matrix(sources, targets, scenario.closed_links(network))
    nothing = np.array([_same(row, column) for row in rows for column in columns], dtype=bool).reshape(values.shape)
    values[nothing | ~np.isfinite(values)] = np.nan
    return pd.DataFrame(values, index=[place.code for place in rows], columns=[place.code for place in columns])


@dataclass(frozen=True)
class _Pricing:
    """Impedances of one shipment under one set of rates, and the metrics made of them."""

    network: Network
    shipment: Shipment
    rates: Rates
    metrics: dict[tuple[Objective, Engine | None], Metric] = field(default_factory=dict)

    @cached_property
    def links(self) -> dict[str, npt.NDArray[np.float64]]:
        """Impedance of every link, an array an objective."""
        frame = price_links(self.network, self.shipment, self.rates)
        return {name: frame[name].to_numpy() for name in OBJECTIVES}

    def metric(self, minimize: Objective, engine: Engine | None = None) -> Metric:
        """The metric of one objective, made once."""
        if minimize not in OBJECTIVES:
            raise CorridorError(f"cannot minimize {minimize!r}: choose from {', '.join(OBJECTIVES)}")
        if (minimize, engine) not in self.metrics:
            self.metrics[minimize, engine] = _graph(self.network).weigh(self.links[minimize], engine)
        return self.metrics[minimize, engine]


def _graph(network: Network) -> Graph:
    if "graph" not in network.cache:
        network.cache["graph"] = Graph(network)
    graph: Graph = network.cache["graph"]
    return graph


def _pricing(network: Network, shipment: Shipment | None, rates: Rates | None) -> _Pricing:
    """Prices of a shipment under some rates; the last few are kept with the network."""
    if rates is None:
        if "rates" not in network.cache:
            network.cache["rates"] = load_rates()
        rates = network.cache["rates"]
    kept: dict[object, _Pricing] = network.cache.setdefault("pricings", {})
    key = (shipment or Shipment(), id(rates.table), rates.level)
    found = kept.get(key)
    if found is None:
        for oldest in list(kept)[: max(0, len(kept) - KEPT_PRICINGS + 1)]:
            kept.pop(oldest, None)  # another thread may have been first
        found = kept[key] = _Pricing(network, shipment or Shipment(), rates)
    return found


@dataclass(frozen=True)
class _Access:
    """Ways by lorry between a point and road nodes of the network."""

    nodes: npt.NDArray[np.int64]
    prices: pd.DataFrame

    def ends(self, minimize: str) -> Ends:
        return list(zip(self.nodes.tolist(), self.prices[minimize].tolist(), strict=True))


@dataclass(frozen=True)
class _Question:
    """One origin, destination, shipment and objective; scenarios vary."""

    network: Network
    origin: Place
    destination: Place
    shipment: Shipment
    pricing: _Pricing
    minimize: Objective

    def answer(self, scenario: Scenario, *, explain: bool = True) -> Route:
        """The best route under a scenario; without `explain`, a failure does not search for what would restore one."""
        if _same(self.origin, self.destination):
            raise NoRouteError(f"origin and destination are the same place, {self.origin.name}: nothing to ship")
        path = self._path(scenario.closed_links(self.network))
        if path is None:
            raise self._no_route(scenario) if explain else NoRouteError("no route")
        return self._route(path, scenario)

    def answer_in(self, corridor: Corridor, scenario: Scenario) -> Route | None:
        """The best route of one corridor, None if it has none."""
        closed = scenario.closed_links(self.network)
        for family in families(self.network):
            if family not in corridor.families:
                closed[family_links(self.network, family)] = True
        for place in (self.origin, self.destination):  # cargo may start and end at a gateway of any family
            links = self.network.links_by("terminal").get(place.terminal, np.zeros(0, dtype=np.int64))
            access = links[(self.network.links["kind"].iloc[links] == Kind.ACCESS).to_numpy()]
            closed[access] = scenario.closed_links(self.network)[access]
        path = self._path(closed)
        if path is None:
            return None
        route = self._route(path, scenario)
        passed = set(route.families)
        if not all(wanted & passed for wanted in corridor.requires):
            return None
        return replace(route, corridor=corridor.corridor, name=corridor.name, note=corridor.note)

    def _path(self, closed: npt.NDArray[np.bool_]) -> Path | None:
        return self.pricing.metric(self.minimize).shortest(self._sources, self._targets, closed)

    @cached_property
    def _start(self) -> _Access | None:
        return self._access(self.origin, "loading")

    @cached_property
    def _finish(self) -> _Access | None:
        return self._access(self.destination, "discharge")

    @cached_property
    def _sources(self) -> Ends:
        return (
            self._start.ends(self.minimize) if self._start else [(_end_node(self.network, self.origin, "origin"), 0.0)]
        )

    @cached_property
    def _targets(self) -> Ends:
        return (
            self._finish.ends(self.minimize)
            if self._finish
            else [(_end_node(self.network, self.destination, "destination"), 0.0)]
        )

    def _access(self, place: Place, action: str) -> _Access | None:
        if place.terminal:
            return None
        nodes, km = _near_roads(self.network, place)
        country = str(self.network.nodes["country"].iat[int(nodes[0])])
        return _Access(
            nodes, price_access(country, km * ACCESS_DETOUR_FACTOR, action, self.shipment, self.pricing.rates)
        )

    def _no_route(self, scenario: Scenario) -> NoRouteError:
        here = f"no route {self.origin.name} → {self.destination.name}"
        closures = scenario.closures
        if not closures:
            return NoRouteError(f"{here}: the network joins them by no open way")
        closed = _listed([str(closure) for closure in closures])
        text = f'{here} under "{scenario.name}": {closed} {"is" if len(closures) == 1 else "are"} closed.'
        if self._path(BASELINE.closed_links(self.network)) is None:
            return NoRouteError(
                f"{text} Reopening them would not help: the network joins the two by no open way.",
                tuple(map(str, closures)),
            )
        restoring = self._restoring(scenario)
        names = [_listed([_name(closure) for closure in group]) for group in restoring]
        together = " together" if len(restoring[0]) > 1 else ""
        return NoRouteError(
            f"{text} Reopening {' or '.join(names)}{together} would restore one.",
            tuple(map(str, closures)),
            tuple(names),
        )

    def _restoring(self, scenario: Scenario) -> list[tuple[Closure, ...]]:
        """
        The smallest groups of closures that restore a route when lifted.

        Where trying all groups would take long, one group from which none can be left out.
        """
        closures, tried = scenario.closures, 0

        def opens(group: Sequence[Closure]) -> bool:
            return self._path(scenario.reopening(*group).closed_links(self.network)) is not None

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

    def _route(self, path: Path, scenario: Scenario) -> Route:
        legs = list(_legs(self.network, path, self.pricing.links))
        if self._start:
            legs.insert(0, self._access_leg(self._start, self.origin, int(path.nodes[0]), "loading"))
        if self._finish:
            legs.append(self._access_leg(self._finish, self.destination, int(path.nodes[-1]), "discharge"))
        legs = _named_ends(self.network, legs, self.origin.name, self.destination.name)
        via, passed = _gateways(self.network, path)
        corridor = corridor_of(passed)
        return Route(
            self.origin, self.destination, self.shipment, scenario, self.minimize, tuple(legs), via, passed,
            *((corridor.corridor, corridor.name, corridor.note) if corridor else ("", "", "")), self.network,
        )  # fmt: skip

    def _access_leg(self, access: _Access, place: Place, node: int, action: str) -> Leg:
        row = access.prices.iloc[int(np.flatnonzero(access.nodes == node)[0])]
        at = self.network.nodes.iloc[node]
        line = [(place.lon, place.lat), (float(at["lon"]), float(at["lat"]))]
        figures = {name: float(row[name]) for name in TOTALS}
        meet = str(at["terminal"])
        return Leg(
            mode=Mode.ROAD.value,
            kind=Kind.ACCESS.value,
            origin=place.name if action == "loading" else meet,
            destination=meet if action == "loading" else place.name,
            distance_km=figures["distance_km"],
            time_h=figures["time_h"],
            cost_usd=figures["cost_usd"],
            co2e_kg=figures["co2e_kg"],
            layer=action,
            line=tuple(line if action == "loading" else line[::-1]),
        )


def _place(network: Network, place: str | Place) -> Place:
    return place if isinstance(place, Place) else network.gazetteer.find(place)


def _same(place: Place, other: Place) -> bool:
    if place.terminal and other.terminal:
        return place.terminal == other.terminal
    return (place.lon, place.lat) == (other.lon, other.lat)


def _end_node(network: Network, place: Place, layer: str) -> int:
    node = network.terminal_nodes.get((place.terminal, layer))
    if node is None:
        raise NoRouteError(
            f"{place.name} is no terminal of this network: a matrix needs terminals"
            if not place.terminal
            else f"{place.name} is not in this network"
        )
    return node


def _near_roads(network: Network, place: Place) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Nearest road nodes to a point, in its own country if that is known, and the great-circle km to each."""
    from scipy.spatial import cKDTree

    trees = network.cache.setdefault("road trees", {})
    if place.country not in trees:
        roads = network.nodes[network.nodes["layer"] == Mode.ROAD.value]
        if place.country:
            roads = roads[roads["country"] == place.country]
        trees[place.country] = (roads.index.to_numpy(), cKDTree(unit_vectors(roads["lon"], roads["lat"])))
    numbers, tree = trees[place.country]
    _, near = tree.query(
        unit_vectors([place.lon], [place.lat])[0], k=ACCESS_CHOICES, distance_upper_bound=chord_for_km(ACCESS_KM)
    )
    nodes = numbers[near[near < len(numbers)]]
    if not len(nodes):
        where = f" in {place.country}" if place.country else ""
        raise NoRouteError(
            f"no road of the network{where} within {ACCESS_KM:g} km of {place.name}: choose a place nearer to one"
        )
    at = network.nodes.iloc[nodes]
    return nodes, distance_km(place.lon, place.lat, at["lon"].to_numpy(), at["lat"].to_numpy())


def _legs(network: Network, path: Path, prices: dict[str, npt.NDArray[np.float64]]) -> list[Leg]:
    """Runs of links that are one leg: hauls and frontiers of one layer together, everything else alone."""
    kind, layer, mode, name = (
        _taken(network.links, column, path.links) for column in ("kind", "layer", "mode", "name")
    )
    terminal = _taken(network.nodes, "terminal", path.nodes)
    moving = (kind == Kind.HAUL) | (kind == Kind.BORDER)
    legs = []
    for _, group in groupby(range(len(path.links)), key=lambda i: (moving[i], layer[i], -1 if moving[i] else i)):
        steps = list(group)
        first, last = steps[0], steps[-1]
        chosen = path.links[steps]
        totals = {figure: float(prices[figure][chosen].sum()) for figure in TOTALS}
        legs.append(
            Leg(
                mode=mode[first] if kind[first] != Kind.TRANSFER else "transfer",
                kind=Kind.HAUL.value if moving[first] else kind[first],
                origin=terminal[first],
                destination=terminal[last + 1],
                distance_km=totals["distance_km"],
                time_h=totals["time_h"],
                cost_usd=totals["cost_usd"],
                co2e_kg=totals["co2e_kg"],
                layer=f"{name[first]} {layer[first]}" if kind[first] == Kind.ACCESS else layer[first],
                borders=tuple(_crossings(network, path, [step for step in steps if kind[step] == Kind.BORDER], prices)),
                links=tuple(chosen.tolist()),
                nodes=tuple(path.nodes[first : last + 2].tolist()),
            )
        )
    return legs


def _crossings(
    network: Network, path: Path, steps: list[int], prices: dict[str, npt.NDArray[np.float64]]
) -> Iterator[Crossing]:
    for step in steps:
        link, node = int(path.links[step]), int(path.nodes[step])
        lon, lat = (float(network.nodes[column].to_numpy()[node]) for column in ("lon", "lat"))
        time_h, cost_usd, co2e_kg = (float(prices[figure][link]) for figure in ("time_h", "cost_usd", "co2e_kg"))
        yield Crossing(str(network.links["name"].array[link]), lon, lat, time_h, cost_usd, co2e_kg)


def _taken(table: pd.DataFrame, column: str, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    """Some cells of a text column as plain strings."""
    return np.array([str(value) for value in table[column].array.take(rows)], dtype=object)


def _named_ends(network: Network, legs: list[Leg], origin: str, destination: str) -> list[Leg]:
    """Terminal codes replaced by names; where a leg begins or ends on the open road, it says near what."""
    by_terminal = network.gazetteer.by_terminal

    def name(code: str, joint: int) -> str:
        near = origin if joint <= 1 else destination
        return by_terminal[code].name if code in by_terminal else code or f"near {near}"

    return [
        replace(leg, origin=name(leg.origin, joint), destination=name(leg.destination, joint + 1))
        for joint, leg in enumerate(legs)
    ]


def _gateways(network: Network, path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the gateways passed and their families, each in order and once."""
    columns = (_taken(network.links, column, path.links) for column in ("kind", "name", "mode", "passage", "terminal"))
    via: dict[str, None] = {}
    passed: dict[str, None] = {}
    for kind, name, mode, passage, terminal in zip(*columns, strict=True):
        shown = ""
        family = ""
        if kind == Kind.TRANSFER:
            place = network.gazetteer.by_terminal.get(terminal)
            shown, family = place.name if place else terminal, family_of(network, "terminal", terminal)
        elif passage:
            family = family_of(network, "passage", passage)
            shown = passage if family else ""
        elif kind == Kind.BORDER:
            family = family_of(network, "border", f"{name} {mode}")
            shown = name if family else ""
        if shown:
            via[shown] = None
        if family:
            passed[family] = None
    return tuple(via), tuple(passed)


def _total(route: Route, minimize: str, question: _Question) -> float:
    if minimize in TOTALS:
        return float(getattr(route, minimize))
    return generalized_usd(route.cost_usd, route.time_h, route.co2e_kg, question.shipment, question.pricing.rates)


def _twins(network: Network, route: Route, other: Route) -> bool:
    if route.via == other.via:
        return True
    mine, yours = ({link for leg in one.legs for link in leg.links} for one in (route, other))
    km = network.links["length_km"].to_numpy()
    shared = float(km[list(mine & yours)].sum()) if mine & yours else 0.0
    return shared > TWIN_SHARE * min(route.distance_km, other.distance_km)


def _absurd(route: Route, others: list[Route]) -> bool:
    """Whether a way is a long detour and some other way is shorter, quicker, cheaper and cleaner all at once."""
    worse = any(all(getattr(route, total) > getattr(other, total) for total in TOTALS) for other in others)
    return worse and route.distance_km > DETOUR_LIMIT * min(other.distance_km for other in others)


def _name(closure: Closure) -> str:
    return str(replace(closure, reason=""))


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
