"""Finding routes: the best one, alternatives to it, the best of every corridor, and cost matrices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from corridor.access import end_node, places_of, same_place
from corridor.corridors import corridors
from corridor.errors import NoRouteError
from corridor.impedance import Objective
from corridor.pricing import pricing_of
from corridor.question import ask
from corridor.rates import Rates
from corridor.route import TOTALS, Route
from corridor.scenario import BASELINE, Scenario
from corridor.shipment import Shipment
from geodata.network import Network
from geodata.places import Place

DETOUR_LIMIT = 2.5
"""A corridor's way this many times as long as the shortest, and worse in everything than another, is left out."""
TWIN_SHARE = 0.9
"""Two routes that share more than this part of the shorter one's length are twins."""


def find_route(
    network: Network,
    origin: str | Place | tuple[float, float],
    destination: str | Place | tuple[float, float],
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
        Places, or their names, aliases, codes, ``lon,lat`` as text or a (lon, lat) pair.
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
    question = ask(network, origin, destination, shipment, scenario, minimize, rates)
    return question.answer(scenario)


def find_alternatives(
    network: Network,
    origin: str | Place | tuple[float, float],
    destination: str | Place | tuple[float, float],
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
    question = ask(network, origin, destination, shipment, scenario, minimize, rates)
    best = question.answer(scenario)
    found = [best]
    for gateway in best.via:
        try:
            closed = replace(scenario, name=f"{scenario.name} without {gateway}").close(gateway)
            found.append(question.answer(closed, explain=False))
        except NoRouteError:
            continue
    found.sort(key=question.total)
    distinct: list[Route] = []
    for route in found:
        if not any(_twins(network, route, kept) for kept in distinct):
            distinct.append(route)
    return distinct[:count]


def find_corridors(
    network: Network,
    origin: str | Place | tuple[float, float],
    destination: str | Place | tuple[float, float],
    shipment: Shipment | None = None,
    scenario: Scenario = BASELINE,
    *,
    minimize: Objective = "cost_usd",
    rates: Rates | None = None,
) -> list[Route]:
    """
    The best route of every corridor that has one, best first.

    For each corridor, all gateways of families that it may not pass are closed; what is then best counts if it belongs
    to the corridor. The best route of all is among them, whatever it passes. Long detours that
    are worse in everything than another way (`DETOUR_LIMIT`) are left out.

    Raises
    ------
    NoRouteError
        No way is open at all.
    """
    question = ask(network, origin, destination, shipment, scenario, minimize, rates)
    best = question.answer(scenario)
    found = {} if best.corridor else {"": best}
    for corridor in corridors():
        route = question.answer_in(corridor, scenario)
        if route is not None:
            found[corridor.corridor] = route
    return [route for route in sorted(found.values(), key=question.total) if not _absurd(route, list(found.values()))]


def cost_matrix(
    network: Network,
    origins: Sequence[str | Place | tuple[float, float]],
    destinations: Sequence[str | Place | tuple[float, float]],
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
    pricing = pricing_of(network, shipment, scenario, rates)
    rows, columns = places_of(network, origins), places_of(network, destinations)
    sources = [end_node(network, place, "origin") for place in rows]
    targets = [end_node(network, place, "destination") for place in columns]
    shut = pricing.shut(scenario)
    values = pricing.metric(minimize).matrix(sources, targets, shut)
    nothing = np.array([[same_place(row, column) for column in columns] for row in rows], dtype=bool)
    values[nothing.reshape(values.shape) | ~np.isfinite(values)] = np.nan
    return pd.DataFrame(values, index=[place.code for place in rows], columns=[place.code for place in columns])


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
