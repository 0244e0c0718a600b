"""Month by month: which corridors are open, what they then take, and what shuts the others."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import pandas as pd

from corridor.closures import Closure
from corridor.corridors import Corridor, corridors
from corridor.errors import NoRouteError
from corridor.impedance import Objective
from corridor.periods import YEAR
from corridor.question import Question, ask
from corridor.rates import Rates
from corridor.route import Route
from corridor.routing import find_corridors
from corridor.scenario import BASELINE, Scenario
from corridor.shipment import Shipment
from geodata.network import Network
from geodata.places import Place

OTHER = "other way"
"""What the best route is called that is of no corridor."""
_Answer = dict[str, Any]


def feasible_months(
    network: Network,
    origin: str | Place,
    destination: str | Place,
    shipment: Shipment | None = None,
    scenario: Scenario = BASELINE,
    *,
    minimize: Objective = "cost_usd",
    rates: Rates | None = None,
) -> pd.DataFrame:
    """
    The best route of every corridor in every month of departure.

    Parameters
    ----------
    scenario
        Its own month does not matter.

    Returns
    -------
    DataFrame, shape (12 · number of corridors, 9)
        ``corridor`` ("other way" for the best route that is of none), ``month`` (1 to 12), ``open``, ``distance_km``,
        ``time_h``, ``cost_usd_per_t``, ``co2e_kg_per_t`` (NaN where shut), ``via``, and ``shut_by``: the closures of
        which any one, lifted, would open it; where none does alone, a group that does. Rows are by corridor, best
        of an average year without closures first, then by month. Corridors that no month has, were nothing closed, are
        left out.

    Raises
    ------
    NoRouteError
        The network joins the two places by no open way, whatever the scenario.
    """
    shipment = shipment or Shipment()
    unhindered = find_corridors(network, origin, destination, shipment, Scenario(), minimize=minimize, rates=rates)
    wanted = [next((one for one in corridors() if one.corridor == route.corridor), None) for route in unhindered]
    answers: dict[object, _Answer] = {}  # months in which the same is in force have the same answers
    reasons: dict[object, str] = {}  # what is shut does not hang on prices
    rows = []
    for month, corridor in product(sorted(YEAR), wanted):
        then = scenario.in_month(month)
        name, shut = corridor.corridor if corridor else OTHER, then.closures_in_force(shipment)
        key = (name, shut, then.changes_in_force())
        if key not in answers:
            question = ask(network, origin, destination, shipment, then, minimize, rates)
            route = best_in(question, corridor, then)
            if route is None and (name, shut) not in reasons:
                reasons[name, shut] = "; ".join(map(str, shut_by(question, corridor, shut)))
            answers[key] = _answer(route) | {"shut_by": "" if route else reasons[name, shut]}
        rows.append({"corridor": name, "month": month, **answers[key]})
    order = {route.corridor or OTHER: place for place, route in enumerate(unhindered)}
    table = pd.DataFrame(rows)
    return table.sort_values("corridor", key=lambda names: names.map(order), kind="stable", ignore_index=True)


def _answer(route: Route | None) -> _Answer:
    return {
        "open": route is not None,
        "distance_km": route.distance_km if route else math.nan,
        "time_h": route.time_h if route else math.nan,
        "cost_usd_per_t": route.cost_usd_per_t if route else math.nan,
        "co2e_kg_per_t": route.co2e_kg_per_t if route else math.nan,
        "via": " · ".join(route.via) if route else "",
    }


def best_in(question: Question, corridor: Corridor | None, scenario: Scenario) -> Route | None:
    """The best route of a corridor, or for None of all; None where there is none."""
    if corridor is not None:
        return question.answer_in(corridor, scenario)
    try:
        return question.answer(scenario, explain=False)
    except NoRouteError:
        return None


def shut_by(question: Question, corridor: Corridor | None, shut: tuple[Closure, ...]) -> tuple[Closure, ...]:
    """Closures of which any one would open a corridor if lifted, or else a group of which none can be left out."""

    def opens(*lifted: Closure) -> bool:
        left = tuple(closure for closure in shut if closure not in lifted)
        return best_in(question, corridor, Scenario(closures=left)) is not None

    group = shut
    if alone := tuple(closure for closure in shut if opens(closure)):
        return alone
    for closure in shut:
        fewer = tuple(other for other in group if other != closure)
        group = fewer if opens(*fewer) else group
    return group
