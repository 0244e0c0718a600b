"""Routes → tables → maps: the file that puts a `Route` on a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from corridor.errors import CorridorError, NoRouteError
from corridor.page_ranges import tornado_table, with_ranges, with_ranges_along
from corridor.page_sentences import cells, closures, no_route
from corridor.page_tables import items_table, legs_table, routes_table, stops_table
from corridor.page_words import all_languages, phrase
from corridor.periods import MONTHS
from corridor.provenance import data_facts
from corridor.rates import Rates
from corridor.route import Route
from corridor.scenario import AND_AS_ASKED, Scenario
from corridor.shipment import Shipment
from corridor.what_if import missing_corridors, what_if_table

if TYPE_CHECKING:
    import pandas as pd

    from maps import OfflineMap

ATTRIBUTION = (
    "Railways and roads © OpenStreetMap contributors (ODbL)",
    "sea lanes: searoute, after Eurostat and Oak Ridge National Laboratory",
    "settlements © GeoNames (CC BY 4.0)",
)
NOTES = (
    "Planning estimates from published and general figures, not offers. Each assumption has a range, an origin and a"
    " year: see corridor/assumptions.",
    "Each route is the best of its corridor by the objective asked for; badges compare the routes shown.",
    "Long straight roads in the east are drawn so because their course is unknown.",
)
"""What every page of routes says at its end; the catalogues have it in the other languages."""


def draw_map(
    routes: Route | Sequence[Route],
    *,
    title: str = "",
    subtitle: str = "",
    scenarios: Sequence[Scenario] = (),
    months: Sequence[int] = (),
    rates: Rates | None = None,
    what_ifs: pd.DataFrame | None = None,
) -> OfflineMap:
    """
    One self-contained page with all routes: ``draw_map(routes).save("kostanay-ghent.html")``.

    Where the routes' scenario closes something, the corridors that it leaves without a route are listed with what shuts
    them.

    Parameters
    ----------
    scenarios
        What-ifs that the reader can choose: each card then says what changes for the best route of its corridor, or
        what shuts it. Routes must be of one question and each of another corridor, as `find_corridors` gives them.
    months
        Of departure, for a slider: the routes' own scenario and each what-if in each month.
    rates
        Assumptions that the what-ifs change; those of the routes if their own scenario changes none, else those
        shipped.
    what_ifs
        What `corridor.what_if.what_if_table` gives for the scenarios and months, where it is there already.

    Raises
    ------
    CorridorError
        No route was given, or what-ifs for routes of several questions or one corridor twice.
    """
    chosen = [routes] if isinstance(routes, Route) else list(routes)
    if not chosen:
        raise CorridorError("there is no route to draw")
    first = chosen[0]
    if what_ifs is None and (scenarios or months):
        what_ifs = what_if_table(chosen, scenarios, months, rates=rates)
    missing = missing_corridors(chosen, rates=rates)
    return routes_page(
        chosen,
        routes_table(chosen),
        title=title or title_of(str(first.origin), str(first.destination)),
        subtitle=subtitle or one_line(cargo(first.shipment), under(first.scenario)),
        scenarios=what_ifs,
        unavailable=missing if len(missing) else None,
    )


def draw_no_route(origin: str, destination: str, shipment: Shipment, error: NoRouteError) -> OfflineMap:
    """A page that says why there is no route."""
    import pandas as pd

    from maps import draw_routes

    nothing = pd.DataFrame()
    return draw_routes(
        nothing, nothing, nothing,
        title=title_of(origin, destination),
        subtitle=cargo(shipment),
        unavailable=pd.DataFrame([cells("name", title_of(origin, destination)) | cells("reason", no_route(error.why))]),
        attribution=attributed(),
        as_of=date.today(),
    )  # fmt: skip


def routes_page(routes: Sequence[Route], whole: pd.DataFrame, **options: Any) -> OfflineMap:
    """The page of some routes; `whole` is their `routes_table`, `options` those of `maps.draw_routes`."""
    from maps import draw_routes

    facts = data_facts(routes)
    legs, stops = with_ranges_along(legs_table(routes), stops_table(routes), routes)
    return draw_routes(
        with_ranges(whole, routes),
        legs,
        stops,
        items=items_table(routes),
        tornado=tornado_table(routes),
        notes=[all_languages(note) for note in NOTES],
        attribution=attributed(),
        as_of=date.today(),
        version=f"{facts['program']}, {facts['data_version']}",
        **options,
    )


def attributed() -> list[dict[str, str]]:
    """Whom pages thank for the data, in every language; the names of the sources stay as they are."""
    return [all_languages(text) for text in ATTRIBUTION]


def cargo(shipment: Shipment) -> dict[str, str]:
    """What moves, in every language: "3,000 t: flaxseed, hopper wagon"."""
    from maps.words import LANGUAGES, number_in

    digits = 0 if shipment.tonnes == round(shipment.tonnes) else 1
    tonnes = {language: number_in(language, shipment.tonnes, digits) for language in LANGUAGES}
    goods, unit = all_languages(shipment.commodity), all_languages(shipment.unit)
    return phrase("{tonnes} t: {goods}, {unit}", tonnes=tonnes, goods=goods, unit=unit)


def under(scenario: Scenario, *, shut: bool = True) -> dict[str, str]:
    """A scenario's name and month, and what it closes where it has `shut` to be told, in every language."""
    base = scenario.name.removesuffix(AND_AS_ASKED)
    told = all_languages(base)
    parts = [told if base == scenario.name else phrase(f"{{scenario}}{AND_AS_ASKED}", scenario=told)]
    if scenario.month:
        parts.append(all_languages(MONTHS[scenario.month - 1]))
    if shut and scenario.closures:
        word, told = all_languages("closed"), closures(scenario.closures)
        parts.append({language: f"{word[language]}: {text}" for language, text in told.items()})
    return one_line(*parts)


def one_line(*parts: dict[str, str]) -> dict[str, str]:
    """Texts in every language, one after the other."""
    return {language: " · ".join(part[language] for part in parts) for language in parts[0]}


def title_of(origin: str, destination: str) -> dict[str, str]:
    """Origin and destination as a title in every language, with the names that maps know."""
    from maps.words import LANGUAGES, load_place_names

    names = load_place_names()
    return {
        language: " → ".join(names.get(place, {}).get(language, place) for place in (origin, destination))
        for language in LANGUAGES
    }
