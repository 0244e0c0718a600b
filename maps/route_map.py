"""The route map: cards, a map and a table in one page that a planner can open anywhere."""

from collections.abc import Sequence

import folium
import geopandas as gpd
import pandas as pd

from maps.base import OfflineMap
from maps.basemap import BOUNDS, CREDIT, DISCLAIMER
from maps.errors import AssetError, BadTableError
from maps.escape import escape_text
from maps.layers import ROUTES_PANE, Line, bounds_of, check_line, route_layer, simplify_legs
from maps.legend import legend_entries
from maps.page import MAP_HERE, read_template
from maps.route_tables import Record, read_legs, read_routes, read_stops, steps_of
from maps.style import QUIET_COLOUR, QUIET_WIDTH_PX
from maps.words import load_words

MAX_ROUTES = 26
"""Routes are lettered A to Z."""

_STYLES = ("route_map.css", "panel.css", "print.css")
_SCRIPTS = ("panel.js", "chart.js", "route_layers.js", "route_map.js")


def draw_routes(
    routes: pd.DataFrame,
    legs: gpd.GeoDataFrame,
    stops: gpd.GeoDataFrame,
    *,
    title: str,
    subtitle: str = "",
    notes: Sequence[str] = (),
    attribution: Sequence[str] = (),
    disclaimer: str = DISCLAIMER,
    language: str = "en",
) -> OfflineMap:
    """
    Draw routes side by side: one card each, one map, one table of legs.

    Parameters
    ----------
    routes
        One row a route, at most 26, best first: the first is selected when the page opens. Columns ``route_id`` (text
        or whole number), ``name``, ``corridor``, ``distance_km``, ``time_h``, ``cost_usd_per_t``, ``co2e_kg_per_t``,
        ``badges`` (list of texts, may be empty); optional ``note``.
    legs
        One row a leg. Columns ``route_id``, ``leg`` (1 ... n within a route), ``mode`` (see `MODE_STYLES`), ``kind``
        (haul or access), ``from_name``, ``to_name``, the four figures as above, and lines in a known CRS; optional
        ``note`` and ``length_source``.
    stops
        One row a stop: the origin first, then transfers, borders and gauge changes, the destination last. Columns
        ``route_id``, ``order``, ``name``, ``what``, ``time_h``, ``cost_usd_per_t``, ``co2e_kg_per_t`` and points in a
        known CRS; optional ``after_leg`` (see `maps.route_tables.read_stops`).
    title, subtitle, notes, attribution, disclaimer
        Plain text; never read as HTML. `attribution` is added after Natural Earth, the basemap's source.
    language
        Of the page's own words; texts from the tables stay as they are.

    Returns
    -------
    OfflineMap
        Has ``save(path)`` and ``to_html()``, and shows itself in a notebook.

    Raises
    ------
    MissingColumnError
        A table lacks a column.
    BadTableError
        An unknown mode or route, legs not numbered 1 ... n, a figure that is negative or infinite, or legs and stops
        that do not add up to their route (by more than 0.1 %). A NaN figure is "not known" and shown as a dash.
    BadGeometryError
        A shape that cannot be drawn, or a table without CRS.

    Notes
    -----
    The tables are not modified. Lines are simplified to 200 m, or more if all routes together would have more than
    12,000 vertices: keep the full geometry elsewhere.

    """
    cards, legs_of, simple, tolerance_m = _read(routes, legs, stops)
    page_map = OfflineMap(title, language=language)
    page_map.page.body = _body(title, subtitle, load_words(language))
    for name in _STYLES:
        page_map.add_style(read_template(name))
    for name in _SCRIPTS:
        page_map.add_script(read_template(name))
    page_map.add(folium.map.CustomPane(ROUTES_PANE, z_index=420, pointer_events=False))
    layers = [
        page_map.add(route_layer([leg["mode"] for leg in legs_of[card["id"]]], simple[card["id"]])) for card in cards
    ]
    page_map.page.add_data(
        "routes",
        {
            "language": language,
            "words": load_words(language),
            "routes": cards,
            "legend": legend_entries(leg["mode"] for own in legs_of.values() for leg in own),
            "quiet": {"colour": QUIET_COLOUR, "width": QUIET_WIDTH_PX},
            "bounds": BOUNDS,
            "toleranceM": tolerance_m,
            "notes": [*notes, disclaimer],
            "credits": ["Leaflet", CREDIT, *attribution],
        },
    )
    page_map.start(f"startRouteMap({page_map.name}, [{', '.join(layers)}]);")
    return page_map


def _read(
    routes: pd.DataFrame, legs: gpd.GeoDataFrame, stops: gpd.GeoDataFrame
) -> tuple[list[Record], dict[str, list[Record]], dict[str, list[list[Line]]], float]:
    """Check the tables; give the cards, legs and simplified lines by route id, and the tolerance in metres."""
    cards = read_routes(routes)
    if len(cards) > MAX_ROUTES:
        raise BadTableError(f"at most {MAX_ROUTES} routes fit one page, not {len(cards)}")
    legs_of = read_legs(legs, cards)
    lines_of = {
        route_id: [check_line(leg["geometry"], f"route {route_id!r}, leg {leg['leg']}") for leg in own]
        for route_id, own in legs_of.items()
    }
    stops_of = read_stops(stops, cards, legs_of)
    simple, tolerance_m = simplify_legs(lines_of)
    boxes = bounds_of(simple)
    for number, card in enumerate(cards):
        card["letter"] = chr(ord("A") + number)
        card["steps"] = steps_of(card, legs_of[card["id"]], stops_of[card["id"]])
        card["bounds"] = boxes[card["id"]]
    return cards, legs_of, simple, tolerance_m


def _body(title: str, subtitle: str, words: dict[str, str]) -> str:
    """Fill in the page's frame; every word is escaped for HTML."""
    subtitle_line = f'<p class="subtitle">{escape_text(subtitle)}</p>' if subtitle else ""
    body = read_template("route_map.html")
    for name, text in {
        "{{ title }}": escape_text(title),
        "{{ routes }}": escape_text(words["routes"]),
        "{{ map_label }}": escape_text(words["map"]),
        "{{ needs_script }}": escape_text(words["needs_script"]),
        "{{ subtitle_line }}": subtitle_line,
    }.items():
        body = body.replace(name, text)
    if MAP_HERE not in body:
        raise AssetError("the frame of the route map has no place for the map")
    return body
