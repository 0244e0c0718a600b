"""Routes side by side as one tidy table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from corridor.impedance import Objective
from corridor.route import Route
from geodata.vocabulary import Mode

BADGES: dict[Objective, str] = {
    "cost_usd": "cheapest",
    "time_h": "fastest",
    "co2e_kg": "lowest CO2e",
    "distance_km": "shortest",
}
"""What a route is called that is best at an objective."""
NOTICED = 0.005
"""A way that is better by less than this part is not worth a word."""


def compare(routes: Sequence[Route]) -> pd.DataFrame:
    """
    One row a route, in the order given.

    Returns
    -------
    DataFrame
        ``corridor``, ``name``, ``origin``, ``destination``, ``scenario``, ``via``, kilometres by mode (``rail_km``,
        ``road_km``, ``sea_km``, ``ferry_km``, ``waterway_km``), ``distance_km``, ``time_h``, ``days``,
        ``cost_usd_per_t``, ``co2e_kg_per_t``, ``transfers``, and ``best_at``: which of cheapest, fastest, lowest CO2e
        and shortest it is among the routes given.
    """
    badges = best_at(routes)
    rows = []
    for route, best in zip(routes, badges, strict=True):
        km = route.km_by_mode()
        rows.append(
            {
                "corridor": route.corridor or "other way",
                "name": route.name,
                "origin": route.origin.name,
                "destination": route.destination.name,
                "scenario": route.scenario.name,
                "via": " · ".join(route.via),
                **{f"{mode}_km": km.get(mode, 0.0) for mode in Mode},
                "distance_km": route.distance_km,
                "time_h": route.time_h,
                "days": route.days,
                "cost_usd_per_t": route.cost_usd_per_t,
                "co2e_kg_per_t": route.co2e_kg_per_t,
                "transfers": sum(leg.kind == "transfer" for leg in route.legs),
                "best_at": ", ".join(best),
            }
        )
    return pd.DataFrame(rows)


def outdone(routes: Sequence[Route], best: Mapping[Objective, Route]) -> dict[str, Route]:
    """
    By badge, the routes that beat all of `routes` where each is best.

    The routes compared are each the best of its corridor by one objective; by another, some other way may be better
    than any of them.

    Parameters
    ----------
    best
        The best route of all by each objective of `BADGES`.
    """
    return {
        BADGES[name]: route
        for name, route in best.items()
        if getattr(route, name) < (1 - NOTICED) * min(getattr(other, name) for other in routes)
    }


def best_at(routes: Sequence[Route]) -> list[list[str]]:
    """For every route, what it is best at among them (ties go to the first); empty lists for a single route."""
    badges: list[list[str]] = [[] for _ in routes]
    if len(routes) > 1:
        for objective, badge in BADGES.items():
            values = [getattr(route, objective) for route in routes]
            badges[values.index(min(values))].append(badge)
    return badges
