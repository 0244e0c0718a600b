"""Month by month: which corridors are open, what they then take, and what shuts the others."""

from __future__ import annotations

from dataclasses import replace

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
        which any one, lifted, would open it; where none does alone, all that are in force. Rows are by corridor, best
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
    answers: dict[object, list[dict[str, object]]] = {}
    rows = []
    for month in sorted(YEAR):
        then = scenario.in_month(month)
        key = (then.closures_in_force(shipment), then.changes_in_force())
        if key not in answers:
            question = ask(network, origin, destination, shipment, then, minimize, rates)
            answers[key] = [_answer(question, corridor, then) for corridor in wanted]
        rows += [
            {"corridor": corridor.corridor if corridor else "other way", "month": month, **answer}
            for corridor, answer in zip(wanted, answers[key], strict=True)
        ]
    order = {corridor.corridor if corridor else "other way": place for place, corridor in enumerate(wanted)}
    table = pd.DataFrame(rows)
    return table.sort_values("corridor", key=lambda names: names.map(order), kind="stable", ignore_index=True)


def _answer(question: Question, corridor: Corridor | None, scenario: Scenario) -> dict[str, object]:
    route = _route(question, corridor, scenario)
    shut_by = () if route else _shut_by(question, corridor, scenario)
    return {
        "open": route is not None,
        "distance_km": route.distance_km if route else float("nan"),
        "time_h": route.time_h if route else float("nan"),
        "cost_usd_per_t": route.cost_usd_per_t if route else float("nan"),
        "co2e_kg_per_t": route.co2e_kg_per_t if route else float("nan"),
        "via": " · ".join(route.via) if route else "",
        "shut_by": "; ".join(map(str, shut_by)),
    }


def _route(question: Question, corridor: Corridor | None, scenario: Scenario) -> Route | None:
    if corridor is not None:
        return question.answer_in(corridor, scenario)
    try:
        return question.answer(scenario, explain=False)
    except NoRouteError:
        return None


def _shut_by(question: Question, corridor: Corridor | None, scenario: Scenario) -> tuple[Closure, ...]:
    in_force = scenario.closures_in_force(question.shipment)

    def opens(closure: Closure) -> bool:
        others = tuple(other for other in in_force if other != closure)
        return _route(question, corridor, replace(scenario, month=None, closures=others)) is not None

    return tuple(closure for closure in in_force if opens(closure)) or in_force
