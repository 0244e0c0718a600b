"""What what-ifs and months do to the best route of every corridor, and which corridors have none left."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pandas as pd

from corridor.closures import Closure
from corridor.corridors import Corridor, corridors
from corridor.errors import CorridorError
from corridor.feasibility import best_in, shut_by
from corridor.page_sentences import cells, closures, via
from corridor.page_words import all_languages, in_languages
from corridor.periods import Period
from corridor.question import Question, ask
from corridor.rates import Rates
from corridor.route import Route
from corridor.routing import find_corridors
from corridor.scenario import Scenario

FIGURES = ("time_h", "cost_usd_per_t", "co2e_kg_per_t")
OUTDONE = "nothing shuts it, but each of its ways is then worse than one that leaves the corridor"


def what_if_table(
    routes: Sequence[Route],
    scenarios: Sequence[Scenario] = (),
    months: Sequence[int] = (),
    *,
    rates: Rates | None = None,
    tell: Callable[[int, int, str], None] | None = None,
) -> pd.DataFrame:
    """
    The best route of each route's corridor under every scenario, in an average year and in every month given.

    Parameters
    ----------
    routes
        Answers to one question, each of another corridor, as `find_corridors` gives them.
    months
        Of departure, 1 to 12; the routes' own scenario is asked in them, too.
    rates
        Assumptions that the scenarios change; those of the routes if their own scenario changes none, else those
        shipped.
    tell
        Hears of progress: how many scenarios in months are done, of how many, and the next one's name.

    Returns
    -------
    DataFrame
        ``scenario`` ("" for the routes' own; else its name, with translations), ``route_id`` (1 for the first route),
        ``month`` (NA for the scenario as it is), ``time_h``, ``cost_usd_per_t``, ``co2e_kg_per_t`` (NaN where there
        is no route) and ``reason``, with translations: what shuts it, or the gateways of a route that passes others
        than before.

    Raises
    ------
    CorridorError
        Routes of several questions or scenarios, one corridor twice, or two scenarios of one name.
    ScenarioError
        What is no month.
    """
    Period(tuple(months))  # refuses what is no month
    own = _one_question(routes)
    names = [scenario.name for scenario in scenarios]
    if len(set(names)) < len(names):
        raise CorridorError(f"two scenarios have one name: {', '.join(names)}")
    asked: list[tuple[str, Scenario, int | None]] = [("", own, month) for month in months]
    asked += [(scenario.name, scenario, month) for scenario in scenarios for month in (None, *months)]
    rows: list[dict[str, Any]] = []
    answers: dict[object, list[dict[str, Any]]] = {}  # where the same is in force, the answers are the same
    reasons: dict[object, dict[str, str]] = {}  # what is shut does not hang on prices
    for number, (name, scenario, month) in enumerate(asked):
        if tell:
            tell(number, len(asked), name or own.name)
        then = scenario.in_month(month) if month else scenario
        key = (then.closures_in_force(routes[0].shipment), then.changes_in_force())
        if key not in answers:
            answers[key] = list(_answers(routes, then, rates, reasons))
        rows += [in_languages("scenario", name) | {"month": month} | answer for answer in answers[key]]
    return pd.DataFrame(rows).astype({"month": "Int64"})


def missing_corridors(routes: Sequence[Route], *, rates: Rates | None = None) -> pd.DataFrame:
    """
    Corridors that have a route where nothing is closed, but none under the one scenario of all `routes`.

    Returns
    -------
    DataFrame
        ``name`` and ``reason``, what shuts it, both with translations. Empty where the routes' scenarios differ
        or close nothing.
    """
    first = routes[0]
    shut = first.scenario.closures_in_force(first.shipment)
    if not shut or any(route.scenario != first.scenario for route in routes):
        return pd.DataFrame(columns=["name", "reason"])
    question = _question(first, first.scenario, rates)
    found = {route.corridor for route in routes}
    unhindered = find_corridors(
        question.network, first.origin, first.destination, first.shipment, Scenario(),
        minimize=question.minimize, rates=_base_rates(first, rates),
    )  # fmt: skip
    rows = []
    for route in unhindered:
        corridor = _corridor(route)
        if corridor and route.corridor not in found and best_in(question, corridor, first.scenario) is None:
            rows.append(in_languages("name", route.corridor) | _reason(question, corridor, shut))
    return pd.DataFrame(rows, columns=None if rows else ["name", "reason"])


def _one_question(routes: Sequence[Route]) -> Scenario:
    """The scenario of routes that answer one question, each of another corridor."""
    first = routes[0]
    same = all(
        (route.origin, route.destination, route.shipment, route.minimize, route.scenario)
        == (first.origin, first.destination, first.shipment, first.minimize, first.scenario)
        for route in routes
    )
    if not same or len({route.corridor for route in routes}) < len(routes):
        raise CorridorError("what-ifs are told by corridor: give routes that find_corridors found, or one route")
    return first.scenario


def _answers(
    routes: Sequence[Route], scenario: Scenario, rates: Rates | None, reasons: dict[object, dict[str, str]]
) -> Iterator[dict[str, Any]]:
    question = _question(routes[0], scenario, rates)
    shut = scenario.closures_in_force(routes[0].shipment)
    for number, route in enumerate(routes, start=1):
        corridor = _corridor(route)
        best = best_in(question, corridor, scenario)
        if best is not None and best.corridor != route.corridor:  # of no corridor before, now of one that has a card
            best = None
        if best is not None:
            reason = cells("reason", via(best.via)) if best.via != route.via else {"reason": ""}
        else:
            if (number, shut) not in reasons:
                reasons[number, shut] = _reason(question, corridor, shut)
            reason = reasons[number, shut]
        figures = {name: round(getattr(best, name), 3) if best else math.nan for name in FIGURES}
        yield {"route_id": number, **figures, **reason}


def _reason(question: Question, corridor: Corridor | None, shut: tuple[Closure, ...]) -> dict[str, str]:
    """What shuts a corridor, as cells in every language; told once for each group of closures."""
    guilty = shut_by(question, corridor, shut) if shut and best_in(question, corridor, Scenario()) else []
    return cells("reason", closures(guilty) if guilty else all_languages(OUTDONE))


def _question(route: Route, scenario: Scenario, rates: Rates | None) -> Question:
    if route.network is None:
        raise CorridorError("this route does not know its network, so nothing can be asked of it")
    base = _base_rates(route, rates)
    # minimize is text in a Route, one of the objectives
    return ask(route.network, route.origin, route.destination, route.shipment, scenario, route.minimize, base)  # type: ignore[arg-type]


def _base_rates(route: Route, rates: Rates | None) -> Rates | None:
    return rates if rates is not None or route.scenario.changes_in_force() else route.rates


def _corridor(route: Route) -> Corridor | None:
    return next((one for one in corridors() if one.corridor == route.corridor), None)
