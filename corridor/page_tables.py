"""Routes as the tables that `maps.draw_routes` takes: routes, legs, stops and the items of their figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridor.compare import best_at
from corridor.errors import CorridorError
from corridor.itemize import CARBON, INVENTORY, itemize
from corridor.legs import NEAR
from corridor.page_lengths import GREAT_CIRCLE, length_sources
from corridor.page_sentences import cells
from corridor.page_words import in_languages, phrase, place_names, sentences_in_languages
from corridor.route import Leg, Route
from geodata.vocabulary import Kind, mode_of

if TYPE_CHECKING:
    import geopandas as gpd

MAIN_SOURCE_SHARE = 0.05
"""Sources of a smaller part of a leg's kilometres are not named."""
OTHER_WAY = "Other way"
"""What a route is called that is of no corridor."""
MIDDLE = "Middle Corridor"
IN_MOTION = "km_per_day"
"""The quantity whose hours are movement; all other hours are standing."""


def routes_table(routes: Sequence[Route]) -> pd.DataFrame:
    """One row a route; the best of the Middle Corridor is told beside the best of all."""
    middle = next((route for route in routes if route.corridor.startswith(MIDDLE.partition(" ")[0])), None)
    return pd.DataFrame(
        {
            "route_id": number,
            **in_languages("name", route.corridor or OTHER_WAY),
            **in_languages("corridor", route.name or ", ".join(route.via)),
            "distance_km": route.distance_km,
            "time_h": route.time_h,
            "cost_usd_per_t": route.cost_usd_per_t,
            "co2e_kg_per_t": route.co2e_kg_per_t,
            "badges": [badge[0].upper() + badge[1:] for badge in badges],
            **sentences_in_languages("note", route.notes),
            **(in_languages("beside", MIDDLE) if route is middle else {}),
        }
        for number, (route, badges) in enumerate(zip(routes, best_at(routes), strict=True), start=1)
    )


def legs_table(routes: Sequence[Route]) -> gpd.GeoDataFrame:
    """One row a leg that moves, without the frontiers on it, with its line (EPSG:4326) and its hours of standing."""
    import geopandas as gpd

    rows = []
    for number, route in enumerate(routes, start=1):
        steps = list(steps_of(route))
        items = items_of(route, steps)
        standing_h = items[items["quantity"] != IN_MOTION].groupby("leg")["time_h"].sum()
        for place, step in enumerate(steps):
            if step.order is not None:
                continue
            part = step.part
            rows.append(
                {
                    "route_id": number,
                    "leg": step.leg,
                    "mode": part.mode,
                    "kind": part.kind,
                    **cells("from_name", end_of_leg(part.origin)),
                    **cells("to_name", end_of_leg(part.destination)),
                    "distance_km": part.distance_km,
                    "standing_h": min(float(standing_h.get(place, 0.0)), part.time_h),
                    **_figures(part, route),
                    **cells("length_source", length_sources(_main_sources(route, step.whole))),
                    "geometry": leg_line(route, step.whole),
                }
            )
    return gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")


def end_of_leg(name: str) -> dict[str, str]:
    """Where a leg begins or ends, language → text; names of terminals are left to the maps, which know them."""
    before = NEAR.partition("{")[0]
    return phrase(NEAR, name=place_names(name.removeprefix(before))) if name.startswith(before) else {"en": name}


def stops_table(routes: Sequence[Route]) -> gpd.GeoDataFrame:
    """One row a stop: loading, frontiers, transfers, discharge, with their point (EPSG:4326)."""
    import geopandas as gpd
    import shapely

    rows = [
        {
            "route_id": number,
            "order": step.order,
            "name": step.part.origin,
            "what": step.what,
            **step.event,
            **_figures(step.part, route),
            "after_leg": step.leg,
            "geometry": shapely.Point(step.point),
        }
        for number, route in enumerate(routes, start=1)
        for step in steps_of(route)
        if step.order is not None
    ]
    return gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")


def items_table(routes: Sequence[Route]) -> pd.DataFrame:
    """
    One row an item of a leg's or stop's figures that is not zero, with the assumption that it rests on.

    The items of a step sum to its figures.
    """
    rows = []
    for number, route in enumerate(routes, start=1):
        steps = list(steps_of(route))
        items = items_of(route, steps)
        # links of several classes may rest on the same row: told as one
        for _, alike in items.groupby(["leg", "item", "where", "assumption"], sort=False):
            item, step = alike.iloc[0], steps[alike["leg"].iat[0]]
            tonnes = route.shipment.tonnes
            amounts = {
                "time_h": alike["time_h"].sum(),
                "cost_usd_per_t": alike["cost_usd"].sum() / tonnes,
                "co2e_kg_per_t": alike["co2e_kg"].sum() / tonnes,
            }
            rows.append(
                {
                    "route_id": number,
                    "leg": step.leg if step.order is None else None,
                    "order": step.order,
                    **in_languages("item", item["item"]),
                    "where": item["where"] if step.order is None else "",
                    **{name: value or None for name, value in amounts.items()},
                    **{name: item.get(name) for name in ("year", "confidence", "low", "base", "high")},
                    **in_languages("source", item.get("source") or ""),
                    **in_languages("unit", item["unit"]),
                }
            )
    return pd.DataFrame(rows).astype(object)


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


@dataclass(frozen=True)
class Step:
    """What a page shows in one row: a leg that moves, without its frontiers, or a stop."""

    part: Leg
    """With the figures and links of this step alone."""
    whole: Leg
    """The leg that it is, or is a part of."""
    leg: int
    """Number of the leg that moves, counted from 1; of a stop, the leg that it comes after or lies on."""
    order: int | None = None
    """Number of the stop within its route; None for a leg."""
    what: str = ""
    event: dict[str, str] = field(default_factory=dict)
    point: tuple[float, float] = (0.0, 0.0)


def steps_of(route: Route) -> Iterator[Step]:
    """Legs and stops of a route; their figures sum to its totals."""
    leg_number = stops = 0
    for leg in route.legs:
        if leg.distance_km > 0:
            leg_number += 1
            yield Step(_without_borders(route, leg), leg, leg_number)
        else:
            yield Step(leg, leg, leg_number, stops, _what(leg), _event(leg), _point(route, leg))
            stops += 1
        for border, link in zip(leg.borders, _border_links(route, leg), strict=True):
            if border.time_h or border.cost_usd or border.co2e_kg:
                figures = {name: getattr(border, name) for name in ("time_h", "cost_usd", "co2e_kg")}
                part = replace(
                    leg, origin=border.name, destination=border.name, distance_km=0.0, borders=(), links=(link,),
                    **figures,
                )  # fmt: skip
                what = f"Border {border.name}"
                yield Step(part, leg, leg_number, stops, what, {"event": "border"}, (border.lon, border.lat))
                stops += 1


def _without_borders(route: Route, leg: Leg) -> Leg:
    if not leg.borders:
        return leg
    figures = {
        name: getattr(leg, name) - sum(getattr(border, name) for border in leg.borders)
        for name in ("time_h", "cost_usd", "co2e_kg")
    }
    borders = set(_border_links(route, leg))
    return replace(leg, borders=(), links=tuple(link for link in leg.links if link not in borders), **figures)


def _border_links(route: Route, leg: Leg) -> list[int]:
    """Links of a leg that are frontiers, in the order of its borders."""
    if not leg.borders:
        return []
    kinds = _network(route).links["kind"].array
    return [link for link in leg.links if kinds[link] == Kind.BORDER]


def items_of(route: Route, steps: Sequence[Step]) -> pd.DataFrame:
    """Items of the steps that count in time, cost or CO2e; ``leg`` is the position of the step."""
    network = _network(route)
    if route.rates is None:
        raise CorridorError("this route does not know its rates, so it cannot be drawn")
    items = itemize(network, [step.part for step in steps], route.shipment, route.rates)
    counts = (items[["time_h", "cost_usd", "co2e_kg"]] != 0).any(axis=1)
    return items[counts & ~items["item"].isin([INVENTORY, CARBON])]


def _network(route: Route) -> Any:
    if route.network is None:
        raise CorridorError("this route does not know its network, so it cannot be drawn")
    return route.network


def _figures(part: Leg, route: Route) -> dict[str, float]:
    tonnes = route.shipment.tonnes
    return {
        "time_h": part.time_h,
        "cost_usd_per_t": part.cost_usd / tonnes,
        "co2e_kg_per_t": part.co2e_kg / tonnes,
    }


def _point(route: Route, leg: Leg) -> tuple[float, float]:
    if leg.line:
        return leg.line[0]
    at = _network(route).nodes.iloc[leg.nodes[0]]
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


def _main_sources(route: Route, leg: Leg) -> list[tuple[str, str]]:
    """Mode and source of the lengths of a leg, that of most kilometres first."""
    if not leg.links:
        return [(leg.mode, GREAT_CIRCLE)]
    rows = _network(route).links.iloc[list(leg.links)]
    km = rows["length_km"].groupby(rows["length_source"].astype(str)).sum().sort_values(ascending=False)
    return [(leg.mode, source) for source in km.index[km > MAIN_SOURCE_SHARE * leg.distance_km]]
