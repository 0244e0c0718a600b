"""Routes → tables → maps: the one file that knows both a `Route` and a map."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridor.compare import best_at
from corridor.errors import CorridorError
from corridor.route import Crossing, Leg, Route
from geodata.vocabulary import Kind, mode_of

if TYPE_CHECKING:
    import geopandas as gpd

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
MAIN_SOURCE_SHARE = 0.05
"""Sources of a smaller part of a leg's kilometres are not named."""
SOURCE_NAMES = {"package": "line lengths of OpenStreetMap", "weld": "", "drawn": "drawn by hand", "none": ""}


def draw_map(routes: Route | Sequence[Route], *, title: str = "", subtitle: str = "") -> OfflineMap:
    """
    One self-contained page with all routes: ``draw_map(routes).save("kostanay-ghent.html")``.

    Raises
    ------
    CorridorError
        No route was given.
    """
    from maps import draw_routes

    chosen = [routes] if isinstance(routes, Route) else list(routes)
    if not chosen:
        raise CorridorError("there is no route to draw")
    first = chosen[0]
    shipment = f"{first.shipment.tonnes:,.0f} t of {first.shipment.commodity}"
    closed = ", ".join(str(closure) for closure in first.scenario.closures)
    return draw_routes(
        routes_table(chosen),
        legs_table(chosen),
        stops_table(chosen),
        title=title or _title(str(first.origin), str(first.destination)),
        subtitle=subtitle or " · ".join([shipment, first.scenario.name, *([f"closed: {closed}"] if closed else [])]),
        notes=NOTES,
        attribution=ATTRIBUTION,
    )


def routes_table(routes: Sequence[Route]) -> pd.DataFrame:
    """One row a route, as `maps.draw_routes` wants it."""
    return pd.DataFrame(
        {
            "route_id": number,
            "name": route.corridor or "Other way",
            "corridor": route.name or ", ".join(route.via),
            "distance_km": route.distance_km,
            "time_h": route.time_h,
            "cost_usd_per_t": route.cost_usd_per_t,
            "co2e_kg_per_t": route.co2e_kg_per_t,
            "badges": [badge[0].upper() + badge[1:] for badge in badges],
            "note": route.note,
        }
        for number, (route, badges) in enumerate(zip(routes, best_at(routes), strict=True), start=1)
    )


def legs_table(routes: Sequence[Route]) -> gpd.GeoDataFrame:
    """One row a leg that moves, without the frontiers on it, with its line (EPSG:4326)."""
    import geopandas as gpd

    rows = []
    for number, route in enumerate(routes, start=1):
        for count, leg in enumerate(_moving(route), start=1):
            borders = {
                name: sum(getattr(border, name) for border in leg.borders) for name in ("time_h", "cost_usd", "co2e_kg")
            }
            rows.append(
                {
                    "route_id": number,
                    "leg": count,
                    "mode": leg.mode,
                    "kind": leg.kind,
                    "from_name": leg.origin,
                    "to_name": leg.destination,
                    "distance_km": leg.distance_km,
                    "time_h": leg.time_h - borders["time_h"],
                    "cost_usd_per_t": (leg.cost_usd - borders["cost_usd"]) / route.shipment.tonnes,
                    "co2e_kg_per_t": (leg.co2e_kg - borders["co2e_kg"]) / route.shipment.tonnes,
                    "length_source": _length_source(route, leg),
                    "geometry": leg_line(route, leg),
                }
            )
    return gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")


def stops_table(routes: Sequence[Route]) -> gpd.GeoDataFrame:
    """One row a stop: loading, frontiers, transfers, discharge, with their point (EPSG:4326)."""
    import geopandas as gpd
    import shapely

    rows: list[dict[str, Any]] = []
    for number, route in enumerate(routes, start=1):
        done = 0
        for leg in route.legs:
            moves = leg.distance_km > 0
            done += moves
            for name, what, event, stop, point in _stops(route, leg):
                rows.append(
                    {
                        "route_id": number,
                        "order": len(rows),
                        "name": name,
                        "what": what,
                        **event,
                        "time_h": stop.time_h,
                        "cost_usd_per_t": stop.cost_usd / route.shipment.tonnes,
                        "co2e_kg_per_t": stop.co2e_kg / route.shipment.tonnes,
                        "after_leg": done,
                        "geometry": shapely.Point(point),
                    }
                )
    return gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")


def leg_line(route: Route, leg: Leg) -> Any:
    """The course of a leg as a shapely LineString (lon, lat), from its origin to its destination."""
    import shapely

    if leg.line:
        return shapely.LineString(leg.line)
    if route.network is None:
        raise CorridorError("this route does not know its network, so it cannot be drawn")
    start = route.network.links["from_node"].to_numpy()[list(leg.links)]
    pieces = [
        shapely.get_coordinates(line)[:: 1 if first == node else -1]
        for line, first, node in zip(route.network.geometry(leg.links), start, leg.nodes, strict=False)
    ]
    points = np.concatenate(pieces)
    fresh = np.ones(len(points), dtype=bool)
    fresh[1:] = (points[1:] != points[:-1]).any(axis=1)
    return shapely.LineString(points[fresh])


def _stops(route: Route, leg: Leg) -> Iterator[tuple[str, str, dict[str, str], Leg | Crossing, tuple[float, float]]]:
    """Name, what happens (in words, as an event), figures and point of each stop that a leg stands for or passes."""
    if leg.distance_km == 0:
        yield leg.origin, _what(leg), _event(leg), leg, _point(route, leg)
    for border in leg.borders:
        if border.time_h or border.cost_usd:
            yield border.name, f"Border {border.name}", {"event": "border"}, border, (border.lon, border.lat)


def _moving(route: Route) -> list[Leg]:
    return [leg for leg in route.legs if leg.distance_km > 0]


def _point(route: Route, leg: Leg) -> tuple[float, float]:
    if route.network is None:
        raise CorridorError("this route does not know its network, so it cannot be drawn")
    if leg.line:
        return leg.line[0]
    at = route.network.nodes.iloc[leg.nodes[0]]
    return float(at["lon"]), float(at["lat"])


def _what(leg: Leg) -> str:
    """What happens at a stop, in words: "Rail to ferry", "Gauge change 1520 → 1435 mm", "Loading, rail"."""
    if leg.kind == Kind.ACCESS:
        action, _, layer = leg.layer.partition(" ")
        return f"{action.capitalize()}, {mode_of(layer or leg.mode)}"
    start, _, end = leg.layer.partition(">")
    if mode_of(start) == mode_of(end):
        return f"Gauge change {start.partition('-')[2]} → {end.partition('-')[2]} mm"
    return f"{mode_of(start).capitalize()} to {mode_of(end)}"


def _event(leg: Leg) -> dict[str, str]:
    """What happens at a stop, for `maps.draw_routes` to say in each language."""
    if leg.kind == Kind.ACCESS:
        action, _, layer = leg.layer.partition(" ")
        return {"event": action, "event_to": mode_of(layer or leg.mode)}
    start, _, end = leg.layer.partition(">")
    if mode_of(start) == mode_of(end):
        return {"event": "gauge_change", "event_from": start.partition("-")[2], "event_to": end.partition("-")[2]}
    return {"event": "transfer", "event_from": mode_of(start), "event_to": mode_of(end)}


def _title(origin: str, destination: str) -> dict[str, str]:
    """Origin and destination as a title in every language, with the names that maps know."""
    from maps.words import LANGUAGES, load_place_names

    names = load_place_names()
    return {
        language: " → ".join(names.get(place, {}).get(language, place) for place in (origin, destination))
        for language in LANGUAGES
    }


def _length_source(route: Route, leg: Leg) -> str:
    if route.network is None or not leg.links:
        return "great circle × detour factor"
    rows = route.network.links.iloc[list(leg.links)]
    km = rows["length_km"].groupby(rows["length_source"].astype(str)).sum().sort_values(ascending=False)
    names = [SOURCE_NAMES.get(source, source) for source in km.index[km > MAIN_SOURCE_SHARE * leg.distance_km]]
    return "; ".join(name for name in names if name)
