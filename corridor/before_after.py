"""Before and after a closure: both sets of routes on one page, and what changes between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from corridor.draw import routes_page, title_of
from corridor.errors import CorridorError
from corridor.page_tables import routes_table
from corridor.page_words import in_languages
from corridor.rates import Rates
from corridor.route import Route
from corridor.what_if import missing_corridors

if TYPE_CHECKING:
    from maps import OfflineMap

DELTAS = (("time_h", 24.0, "d"), ("cost_usd_per_t", 1.0, "USD/t"), ("co2e_kg_per_t", 1.0, "kg CO2e/t"))
NOTICED = 0.05
"""A smaller change in the unit shown is none."""


def draw_comparison(
    before: Route | Sequence[Route], after: Route | Sequence[Route], *, title: str = "", rates: Rates | None = None
) -> OfflineMap:
    """
    One page with the routes after a closure, what changes for each, and those before it that are lost or changed.

    The route chosen is in colour and all others are grey, so that the way before lies under the way after. Corridors
    that `after`'s scenario shuts are listed with what shuts them.

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
    old, new = ([routes] if isinstance(routes, Route) else list(routes) for routes in (before, after))
    if not old or not new:
        raise CorridorError("there is no route to draw: give routes before and routes after")
    first, last = old[0], new[0]
    if (first.origin, first.destination) != (last.origin, last.destination):
        raise CorridorError(
            f"before leads {first.origin} → {first.destination}, after {last.origin} → {last.destination}: give routes"
            " between the same two places"
        )
    gone = [route for route in old if not any(_same_way(route, other) for other in new)]
    shown = [*new, *gone]
    table = routes_table(shown)
    for number, route in enumerate(shown):
        note = _change(route, old) if number < len(new) else in_languages("note", "Before", _more(route))
        for column, text in note.items():
            table.loc[table.index[number], column] = text
    table["badges"] = [*routes_table(new)["badges"], *([[]] * len(gone))]
    missing = missing_corridors(new, rates=rates)
    return routes_page(
        shown,
        table,
        title=title or title_of(str(first.origin), str(first.destination)),
        subtitle=f"{last.shipment} · {first.scenario} → {last.scenario}",
        unavailable=missing if len(missing) else None,
    )


def _same_way(route: Route, other: Route) -> bool:
    return route.corridor == other.corridor and [leg.links for leg in route.legs] == [leg.links for leg in other.legs]


def _change(route: Route, before: Sequence[Route]) -> dict[str, str]:
    """What changes against the route of the same corridor before, as a note."""
    own = next((other for other in before if other.corridor == route.corridor), None)
    if own is None:
        return in_languages("note", "New way", _more(route))
    parts = []
    for name, unit, words in DELTAS:
        change = (getattr(route, name) - getattr(own, name)) / unit
        if abs(change) >= NOTICED:
            parts.append(f"{change:+.1f} {words}")
    text, deltas = ("Against before", f": {', '.join(parts)}") if parts else ("As before", "")
    return in_languages("note", text, deltas + _more(route))


def _more(route: Route) -> str:
    return f". {route.note}" if route.note else ""
