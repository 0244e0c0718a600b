"""Routes → tables → maps: the file that puts a `Route` on a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from corridor.errors import CorridorError, NoRouteError
from corridor.page_ranges import tornado_table, with_ranges, with_ranges_along
from corridor.page_tables import items_table, legs_table, routes_table, stops_table
from corridor.periods import MONTHS
from corridor.provenance import data_facts
from corridor.rates import Rates
from corridor.route import Route
from corridor.scenario import Scenario
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
    {
        "en": "Planning estimates from published and general figures, not offers. Each assumption has a range, an"
        " origin and a year: see corridor/assumptions.",
        "ru": "Плановые оценки по опубликованным и общим данным, а не коммерческие предложения. У каждого допущения"
        " есть диапазон, источник и год: см. corridor/assumptions.",
        "kk": "Жарияланған және жалпы деректерге негізделген жоспарлы бағалаулар, коммерциялық ұсыныс емес. Әр"
        " болжамның аралығы, дереккөзі және жылы бар: corridor/assumptions қараңыз.",
        "fr": "Estimations de planification à partir de chiffres publiés ou généraux, et non des offres. Chaque"
        " hypothèse a un intervalle, une origine et une année : voir corridor/assumptions.",
        "nl": "Planningsramingen op basis van gepubliceerde en algemene cijfers, geen offertes. Elke aanname heeft een"
        " bereik, een herkomst en een jaar: zie corridor/assumptions.",
    },
    {
        "en": "Each route is the best of its corridor by the objective asked for; badges compare the routes shown.",
        "ru": "Каждый маршрут — лучший в своём коридоре по заданному критерию; отметки сравнивают показанные маршруты.",
        "kk": "Әр бағыт — таңдалған өлшем бойынша өз дәлізіндегі ең жақсысы; белгілер көрсетілген бағыттарды"
        " салыстырады.",
        "fr": "Chaque itinéraire est le meilleur de son corridor selon l’objectif demandé ; les badges comparent les"
        " itinéraires affichés.",
        "nl": "Elke route is de beste van haar corridor volgens het gevraagde doel; de labels vergelijken de getoonde"
        " routes.",
    },
    {
        "en": "Straight lines in the east are drawn straight because their course is unknown; their lengths are known.",
        "ru": "Прямые линии на востоке показаны прямыми, потому что их прохождение неизвестно; длины их известны.",
        "kk": "Шығыстағы түзу сызықтардың нақты өтуі белгісіз болғандықтан түзу сызылған; ұзындықтары белгілі.",
        "fr": "À l’est, les lignes droites le sont parce que leur tracé est inconnu ; leur longueur est connue.",
        "nl": "Rechte lijnen in het oosten zijn recht getekend omdat hun verloop onbekend is; hun lengte is bekend.",
    },
)


def draw_map(
    routes: Route | Sequence[Route],
    *,
    title: str = "",
    subtitle: str = "",
    scenarios: Sequence[Scenario] = (),
    months: Sequence[int] = (),
    rates: Rates | None = None,
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

    Raises
    ------
    CorridorError
        No route was given, or what-ifs for routes of several questions or one corridor twice.
    """
    chosen = [routes] if isinstance(routes, Route) else list(routes)
    if not chosen:
        raise CorridorError("there is no route to draw")
    first = chosen[0]
    what_ifs = what_if_table(chosen, scenarios, months, rates=rates) if scenarios or months else None
    missing = missing_corridors(chosen, rates=rates)
    return routes_page(
        chosen,
        routes_table(chosen),
        title=title or title_of(str(first.origin), str(first.destination)),
        subtitle=subtitle or _subtitle(first),
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
        subtitle=str(shipment),
        unavailable=pd.DataFrame([{"name": f"{origin} → {destination}", "reason": str(error)}]),
        attribution=ATTRIBUTION,
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
        notes=NOTES,
        attribution=ATTRIBUTION,
        as_of=date.today(),
        version=f"{facts['program']}, {facts['data_version']}",
        **options,
    )


def _subtitle(route: Route) -> str:
    scenario = route.scenario
    closed = ", ".join(str(closure) for closure in scenario.closures)
    month = [MONTHS[scenario.month - 1]] if scenario.month else []
    return " · ".join([str(route.shipment), scenario.name, *month, *([f"closed: {closed}"] if closed else [])])


def title_of(origin: str, destination: str) -> dict[str, str]:
    """Origin and destination as a title in every language, with the names that maps know."""
    from maps.words import LANGUAGES, load_place_names

    names = load_place_names()
    return {
        language: " → ".join(names.get(place, {}).get(language, place) for place in (origin, destination))
        for language in LANGUAGES
    }
