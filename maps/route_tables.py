"""
Tables of routes, legs and stops: checked, put in order, and made into the plain data that a page carries.

A number that is NaN means "not known" and is shown as a dash; infinite and negative numbers are refused. Where all
parts of a route are known they must add up to the route's own figure.

Optional columns
----------------
Translations
    A column of text may have companions for the languages of the page: ``name_ru`` beside ``name``, and so on with
    ``_en``, ``_kk``, ``_fr``, ``_nl``. Where there is none, places are looked up in
    ``maps/tables/place_names.csv``, and the text itself is shown otherwise.
routes
    ``note``; ``dominated_reason`` (text); ``beside`` (text: why the route is told beside the best ones);
    ``<figure>_p10`` and ``<figure>_p90`` for each of the four figures.
legs
    ``note``; ``length_source``; ``standing_h`` (hours of ``time_h`` in which the leg does not move).
stops
    ``after_leg``; ``event`` (one of `EVENTS`) with ``event_from`` and ``event_to`` (modes, or gauges in mm), from
    which the page says in its own language what happens there, instead of ``what``.
legs and stops
    ``cumulative_time_h_p10``, ``cumulative_time_h_p90``, ``cumulative_cost_usd_per_t_p10``, ``..._p90``: range of the
    time or cost from the origin to the end of this leg or stop, for the band of the time-cost-distance chart.

The tables of items, what-ifs and corridors without a route are in `maps.detail_tables`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import shapely

from maps.cells import (
    Record,
    check_columns,
    read_number,
    read_place,
    read_range,
    read_text,
    read_texts,
    read_whole,
    records_of,
)
from maps.errors import BadGeometryError, BadTableError
from maps.style import MODE_STYLES

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

FIGURES = {"distance_km": 0, "time_h": 0, "cost_usd_per_t": 1, "co2e_kg_per_t": 1}
"""Figure → decimals shown."""

ROUTE_COLUMNS = ("route_id", "name", "corridor", *FIGURES, "badges")
LEG_COLUMNS = ("route_id", "leg", "mode", "kind", "from_name", "to_name", *FIGURES, "geometry")
STOP_FIGURES = ("time_h", "cost_usd_per_t", "co2e_kg_per_t")
STOP_COLUMNS = ("route_id", "order", "name", "what", *STOP_FIGURES, "geometry")
LEG_KINDS = ("haul", "access")
EVENTS = ("loading", "discharge", "transfer", "gauge_change", "border")
CUMULATIVE = ("cumulative_time_h", "cumulative_cost_usd_per_t")

RELATIVE_TOLERANCE = 1e-3
ABSOLUTE_TOLERANCE = 0.05
"""How far the parts of a route may be from its own figure before the tables are refused."""


def _in_degrees(table: gpd.GeoDataFrame, name: str) -> gpd.GeoDataFrame:
    if table.crs is None:
        raise BadGeometryError(f"table {name!r} has no CRS; use set_crs('EPSG:4326') if it is longitude and latitude")
    return table if table.crs.to_epsg() == 4326 else table.to_crs("EPSG:4326")


def _ranges(row: Record, figures: Iterable[str], where: str) -> Record:
    return {key: value for name in figures for key, value in read_range(row, name, where).items()}


def _standing_h(row: Record, where: str) -> float:
    """Hours of a leg without movement; none unless the table says so."""
    standing = read_number(row.get("standing_h"), f"{where}: standing_h") or 0.0
    time_h = read_number(row["time_h"], f"{where}: time_h")
    if time_h is not None and standing > time_h:
        raise BadTableError(f"{where}: standing_h {standing:g} is more than time_h {time_h:g}")
    return standing


def _event(row: Record, where: str) -> Record:
    event = read_text(row.get("event"))
    if not event:
        return {}
    if event not in EVENTS:
        raise BadTableError(f"{where}: unknown event {event!r}; known: {', '.join(EVENTS)}")
    return {"event": event, **{name: read_text(row.get(name)) for name in ("event_from", "event_to")}}


def read_routes(routes: pd.DataFrame) -> list[Record]:
    """Check the table of routes; raises `MissingColumnError` and `BadTableError`."""
    check_columns(routes, "routes", ROUTE_COLUMNS)
    if routes.empty:
        raise BadTableError("table 'routes' is empty: there is nothing to draw")
    result: list[Record] = []
    for row in routes.to_dict("records"):
        route_id = read_text(row["route_id"])
        if not route_id or route_id in {route["id"] for route in result}:
            raise BadTableError(f"table 'routes': route_id {route_id!r} is empty or occurs twice")
        badges = row["badges"]
        if isinstance(badges, str) or not isinstance(badges, Sequence):
            raise BadTableError(f"table 'routes', route {route_id!r}: badges must be a list of texts: {badges!r}")
        result.append(
            {
                "id": route_id,
                **read_texts(row, "name", "corridor", "note", "dominated_reason", "beside"),
                "badges": [read_text(badge) for badge in badges],
                **{name: read_number(row[name], f"route {route_id!r}: {name}") for name in FIGURES},
                **_ranges(row, FIGURES, f"route {route_id!r}"),
            }
        )
    return result


def read_legs(legs: gpd.GeoDataFrame, routes: Sequence[Record]) -> dict[str, list[Record]]:
    """
    Check the table of legs.

    Returns
    -------
    dict
        Route id → legs in order; each keeps its ``geometry`` in degrees.

    Raises
    ------
    MissingColumnError, BadTableError, BadGeometryError
        A column, a route's legs, a mode or a number is missing or wrong.

    """
    check_columns(legs, "legs", LEG_COLUMNS)
    by_route: dict[str, list[Record]] = {route["id"]: [] for route in routes}
    for row in records_of(_in_degrees(legs, "legs"), "legs", set(by_route)):
        where = f"route {row['route_id']!r}, leg {row['leg']}"
        if row["mode"] not in MODE_STYLES:
            raise BadTableError(f"{where}: unknown mode {row['mode']!r}; known: {', '.join(MODE_STYLES)}")
        if row["kind"] not in LEG_KINDS:
            raise BadTableError(f"{where}: unknown kind {row['kind']!r}; known: {', '.join(LEG_KINDS)}")
        by_route[row["route_id"]].append(
            {
                "leg": read_whole(row["leg"], f"{where}: leg"),
                "mode": row["mode"],
                "kind": row["kind"],
                **read_place(row, "from_name"),
                **read_place(row, "to_name"),
                **read_texts(row, "note", "length_source"),
                "geometry": row["geometry"],
                "standing_h": _standing_h(row, where),
                **{name: read_number(row[name], f"{where}: {name}") for name in FIGURES},
                **_ranges(row, CUMULATIVE, where),
            }
        )
    for route_id, own in by_route.items():
        own.sort(key=lambda leg: int(leg["leg"]))
        numbers = [leg["leg"] for leg in own]
        if not own or numbers != list(range(1, len(own) + 1)):
            raise BadTableError(f"route {route_id!r}: legs must be numbered 1, 2, 3 ...; found {numbers}")
    return by_route


def read_stops(
    stops: gpd.GeoDataFrame, routes: Sequence[Record], legs: dict[str, list[Record]]
) -> dict[str, list[Record]]:
    """
    Check the table of stops, and find after which leg each one comes.

    An optional column ``after_leg`` says it outright: the number of the leg that ends at the stop or contains it, 0 at
    the origin. Without it the stop belongs to the leg that ends at a place of the same name, else to the nearest line.

    Returns
    -------
    dict
        Route id → stops in order, each with ``lon``, ``lat`` (degrees) and ``after_leg``.

    Raises
    ------
    MissingColumnError, BadTableError, BadGeometryError
        A column or number is missing or wrong, or a stop is not a point on the globe.

    """
    check_columns(stops, "stops", STOP_COLUMNS)
    by_route: dict[str, list[Record]] = {route["id"]: [] for route in routes}
    for row in records_of(_in_degrees(stops, "stops"), "stops", set(by_route)):
        where = f"route {row['route_id']!r}, stop {row['order']} ({row['name']})"
        point = row["geometry"]
        if not isinstance(point, shapely.Point) or point.is_empty:
            raise BadGeometryError(f"{where}: a stop must be a point")
        lon, lat = point.x, point.y
        if not (math.isfinite(lon) and math.isfinite(lat)) or abs(lon) > 360 or abs(lat) > 85:
            raise BadGeometryError(f"{where}: longitude {lon}, latitude {lat} cannot be drawn")
        by_route[row["route_id"]].append(
            {
                "order": read_whole(row["order"], f"{where}: order"),
                **read_place(row, "name"),
                **read_texts(row, "what"),
                **_event(row, where),
                "lon": round(lon, 4),
                "lat": round(lat, 4),
                "after_leg": row.get("after_leg"),
                **{name: read_number(row[name], f"{where}: {name}") for name in STOP_FIGURES},
                **_ranges(row, CUMULATIVE, where),
            }
        )
    for route_id, own in by_route.items():
        if len(own) < 2:
            raise BadTableError(f"route {route_id!r}: needs at least an origin and a destination among its stops")
        own.sort(key=lambda stop: int(stop["order"]))
        _place_stops(own, legs[route_id], route_id)
    return by_route


def _place_stops(stops: list[Record], legs: list[Record], route_id: str) -> None:
    """Fill in ``after_leg`` of each stop, never going back along the route."""
    least = 0
    for number, stop in enumerate(stops):
        given = read_number(stop["after_leg"], f"route {route_id!r}, stop {stop['name']!r}: after_leg")
        if given is not None:
            found = int(given)
        elif number == 0:
            found = 0
        elif number == len(stops) - 1:
            found = len(legs)
        else:
            candidates = [leg for leg in legs if leg["leg"] >= max(least, 1)]
            point = shapely.Point(stop["lon"], stop["lat"])
            same_name = [leg for leg in candidates if leg["to_name"] == stop["name"]]
            nearest = min(same_name or candidates, key=lambda leg: float(point.distance(leg["geometry"])))
            found = int(nearest["leg"])
        if not least <= found <= len(legs):
            raise BadTableError(f"route {route_id!r}, stop {stop['name']!r}: after_leg {found} is out of order")
        stop["after_leg"] = least = found


def round_to_sum(values: Sequence[float | None], decimals: int) -> list[float | None]:
    """
    Round so that the rounded numbers add up to the rounded sum.

    Each result is less than one unit of the last place from its number, 0 stays 0, and None stays None.
    """
    scale = 10**decimals
    running, before, result = 0.0, 0, list[float | None]()
    for value in values:
        if value is None:
            result.append(None)
            continue
        running += value
        # The tiny amount keeps sums such as 0.1 + 0.2 + 0.2 from falling below their own half.
        now = math.floor(running * scale + 0.5 + 1e-9)
        result.append((now - before) / scale)
        before = now
    return result


def steps_of(route: Record, legs: Sequence[Record], stops: Sequence[Record]) -> list[Record]:
    """
    Put legs and stops of one route in the order in which they are met, rounded so that columns add up.

    Returns
    -------
    list of dict
        Without geometry. ``step`` is ``"leg"`` or ``"stop"``; ``place`` numbers the places between origin and
        destination, 0 for these two.

    Raises
    ------
    BadTableError
        The parts do not add up to the route's own figure.

    """
    steps: list[Record] = []
    numbers: dict[tuple[str, float, float], int] = {}
    for leg in [None, *legs]:
        if leg is not None:
            steps.append({"step": "leg"} | {key: leg[key] for key in leg if key != "geometry"})
        for index, stop in enumerate(stops):
            if stop["after_leg"] != (0 if leg is None else leg["leg"]):
                continue
            ends = index in (0, len(stops) - 1)
            key = (stop["name"], round(stop["lon"], 2), round(stop["lat"], 2))
            place = 0 if ends else numbers.setdefault(key, len(numbers) + 1)
            steps.append({"step": "stop", "place": place} | {k: v for k, v in stop.items() if k != "after_leg"})
    for name, decimals in FIGURES.items():
        parts = [step for step in steps if name in step]
        values = [part[name] for part in parts]
        _check_sum(route, name, values)
        for part, rounded in zip(parts, round_to_sum(values, decimals), strict=True):
            part[name] = rounded
    for step in steps:
        if step["step"] == "leg":
            step["standing_h"] = min(round(step["standing_h"]), step["time_h"] or 0)
    return steps


def _check_sum(route: Record, name: str, values: Sequence[float | None]) -> None:
    """Compare the parts with the route's own figure, if all are known, and take their sum as the figure."""
    whole = route[name]
    if whole is None or any(value is None for value in values):
        return
    total = math.fsum(value for value in values if value is not None)
    if abs(total - whole) > max(ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE * whole):
        raise BadTableError(
            f"route {route['id']!r}: legs and stops add up to {total:g} {name}, the route itself says {whole:g}"
        )
    route[name] = total
