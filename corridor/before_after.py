"""Before and after a closure: two maps side by side, and what changes between them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from corridor.draw import NOTES, attributed, cargo, title_of, under
from corridor.errors import CorridorError
from corridor.page_tables import legs_table, routes_table, stops_table
from corridor.page_words import all_languages
from corridor.provenance import data_facts
from corridor.rates import Rates
from corridor.route import Route
from corridor.scenario import Scenario
from corridor.scenario_files import scenario_names
from corridor.what_if import missing_corridors

if TYPE_CHECKING:
    import pandas as pd

    from maps import OfflineMap


def draw_comparison(
    before: Route | Sequence[Route], after: Route | Sequence[Route], *, title: str = "", rates: Rates | None = None
) -> OfflineMap:
    """
    One page with two maps that move together, the routes before and those after, and a table of what changes.

    Ways are compared by corridor: days, dollars and CO2e; ways that are new; and ways that are gone, with what shuts
    them where `after`'s scenario shuts their corridor.

    Parameters
    ----------
    before, after
        Routes from one place to another, each set of one scenario, as `find_route` or `find_corridors` gives them.
    rates
        As for `draw_map`.

    Raises
    ------
    CorridorError
        A set is empty, or the two do not begin and end at the same places.
    """
    from maps.comparison import Side, draw_before_after

    old, new = ([routes] if isinstance(routes, Route) else list(routes) for routes in (before, after))
    if not old or not new:
        raise CorridorError("there is no route to draw: give routes before and routes after")
    first, last = old[0], new[0]
    if (first.origin, first.destination) != (last.origin, last.destination):
        raise CorridorError(
            f"before leads {first.origin} → {first.destination}, after {last.origin} → {last.destination}: give routes"
            " between the same two places"
        )
    facts = data_facts([*old, *new])
    was, now = (
        Side(_title(routes[0].scenario), routes_table(routes), legs_table(routes), stops_table(routes))
        for routes in (old, new)
    )
    return draw_before_after(
        was,
        now,
        changes_table(old, new, rates=rates),
        title=title or title_of(str(first.origin), str(first.destination)),
        subtitle=cargo(last.shipment),
        notes=[all_languages(note) for note in NOTES],
        attribution=attributed(),
        as_of=date.today(),
        version=f"{facts['program']}, {facts['data_version']}",
    )


def _title(scenario: Scenario) -> dict[str, str]:
    """What a side is called: what it closes is told only if its name is not one of those shipped."""
    return under(scenario, shut=scenario.name not in scenario_names())


def changes_table(before: Sequence[Route], after: Sequence[Route], *, rates: Rates | None = None) -> pd.DataFrame:
    """
    Which route before answers to which after: those of one corridor, in their order.

    Returns
    -------
    DataFrame
        ``before`` and ``after``, numbers of routes from 0, NA where there is none, in the order of before, new ones
        last; ``reason``, with translations: what shuts a corridor that is gone.
    """
    import pandas as pd

    missing = missing_corridors(after, rates=rates)
    reasons = {row["name"]: row for row in missing.to_dict("records")}
    waiting: dict[str, list[int]] = {}
    for number, route in enumerate(after):
        waiting.setdefault(route.corridor, []).append(number)
    rows: list[dict[str, Any]] = []
    for number, route in enumerate(before):
        own = waiting.get(route.corridor)
        told = {} if own else reasons.get(route.corridor, {})
        why = {str(key): text for key, text in told.items() if str(key).startswith("reason")}
        rows.append({"before": number, "after": own.pop(0) if own else None, "reason": "", **why})
    new = sorted(number for own in waiting.values() for number in own)
    rows += [{"before": None, "after": number, "reason": ""} for number in new]
    return pd.DataFrame(rows).astype({"before": "Int64", "after": "Int64"})
