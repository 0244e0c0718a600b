"""The route map: cards, a map and a table in one page that a planner can open anywhere."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import folium
import geopandas as gpd
import pandas as pd

from maps.atlas import Frame
from maps.base import OfflineMap
from maps.basemap import BOUNDS
from maps.cells import Record, share_texts
from maps.detail_tables import (
    mark_dominated,
    mark_most_certain,
    read_items,
    read_scenarios,
    read_tornado,
    read_unavailable,
    share_items,
)
from maps.errors import BadTableError
from maps.insets import offer_insets
from maps.layers import ROUTES_PANE, Line, bounds_of, check_line, route_layer, simplify_legs
from maps.legend import legend_entries
from maps.route_tables import read_legs, read_routes, read_stops, steps_of
from maps.speeds import route_speeds
from maps.style import QUIET_COLOUR, QUIET_WIDTH_PX
from maps.words import Text

MAX_ROUTES = 26
"""Routes are lettered A to Z."""

_STYLES = ("route_map.css", "panel.css", "charts.css", "print.css")
_SCRIPTS = (
    "speech.js",
    "address.js",
    "notes.js",
    "linking.js",
    "cards.js",
    "leg_table.js",
    "plot.js",
    "time_cost_distance.js",
    "scatter.js",
    "stacks.js",
    "certainty.js",
    "answer.js",
    "what_if.js",
    "controls.js",
    "insets.js",
    "inset_pictures.js",
    "route_layers.js",
    "route_map.js",
)


def draw_routes(
    routes: pd.DataFrame,
    legs: gpd.GeoDataFrame,
    stops: gpd.GeoDataFrame,
    *,
    title: Text,
    subtitle: Text = "",
    notes: Sequence[Text] = (),
    attribution: Sequence[Text] = (),
    disclaimer: Text | None = None,
    language: str = "en",
    items: pd.DataFrame | None = None,
    scenarios: pd.DataFrame | None = None,
    unavailable: pd.DataFrame | None = None,
    tornado: pd.DataFrame | None = None,
    as_of: date | None = None,
    version: str = "",
) -> OfflineMap:
    """
    Draw routes side by side: one card each, one map, tables and charts, in five languages.

    Parameters
    ----------
    routes
        One row a route, at most 26, best first: the first is selected when the page opens. Columns ``route_id`` (text
        or whole number), ``name``, ``corridor``, ``distance_km``, ``time_h``, ``cost_usd_per_t``, ``co2e_kg_per_t``,
        ``badges`` (list of texts, may be empty). May be empty if `unavailable` says why.
    legs
        One row a leg. Columns ``route_id``, ``leg`` (1 ... n within a route), ``mode`` (see `MODE_STYLES`), ``kind``
        (haul or access), ``from_name``, ``to_name``, the four figures as above, and lines in a known CRS.
    stops
        One row a stop: the origin first, then transfers, borders and gauge changes, the destination last. Columns
        ``route_id``, ``order``, ``name``, ``what``, ``time_h``, ``cost_usd_per_t``, ``co2e_kg_per_t`` and points in a
        known CRS.
    title, subtitle, notes, attribution, disclaimer
        Plain text, or language → plain text; never read as HTML. `attribution` is added after Natural Earth, the
        basemap's source. Without a `disclaimer` the page says that its frontiers and names endorse nothing.
    language
        In which the page opens; the reader can switch to any of `maps.words.LANGUAGES`.
    items, scenarios, unavailable, tornado
        Optional tables: what each figure is made of, figures under what-ifs and by month, corridors without a route,
        and the assumptions that move a route most; see `maps.detail_tables`.
    as_of, version
        Date and version of the data, shown below the tables and in print.

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
    `maps.route_tables` lists the optional columns: translations, ranges, standing hours. The tables are not modified.
    Lines are simplified to 200 m, or more if all routes together would have more than 12,000 vertices: keep the full
    geometry elsewhere.

    """
    missing = [] if unavailable is None else read_unavailable(unavailable)
    drawn = read_tables(routes, legs, stops, may_be_empty=bool(missing))
    scenarios_told = _read_details(drawn.cards, items, scenarios, tornado)
    frame = Frame(title, subtitle, notes, attribution, language, as_of, version)
    page_map = frame.page_map("route_map.html", _STYLES, _SCRIPTS)
    layers = _add_lines(page_map, drawn)
    told = {"scenarios": scenarios_told, "unavailable": missing, "insets": offer_insets(page_map.page, drawn.lines)}
    data = frame.told(disclaimer) | drawn.told() | told
    page_map.page.add_data("routes", data | {"texts": share_texts(data)})
    page_map.start(f"startRouteMap({page_map.name}, [{', '.join(layers)}]);")
    return page_map


class Drawn(NamedTuple):
    """Routes as a page shows them: cards; legs and simplified lines by route id; the tolerance of these in metres."""

    cards: list[Record]
    legs: dict[str, list[Record]]
    lines: dict[str, list[list[Line]]]
    tolerance_m: float

    def told(self) -> Record:
        """What the page carries of them; assumptions that several figures rest on are told once."""
        return {
            "routes": self.cards,
            "assumptions": share_items(self.cards),
            "legend": legend_entries(leg["mode"] for own in self.legs.values() for leg in own),
            "quiet": {"colour": QUIET_COLOUR, "width": QUIET_WIDTH_PX},
            "bounds": BOUNDS,
            "toleranceM": self.tolerance_m,
        }


def _add_lines(page_map: OfflineMap, drawn: Drawn) -> list[str]:
    """Add a layer a route; give their names in the page's script."""
    page_map.add(folium.map.CustomPane(ROUTES_PANE, z_index=420, pointer_events=False))
    return [
        page_map.add(route_layer([leg["mode"] for leg in drawn.legs[card["id"]]], drawn.lines[card["id"]]))
        for card in drawn.cards
    ]


def _read_details(
    cards: list[Record], items: pd.DataFrame | None, scenarios: pd.DataFrame | None, tornado: pd.DataFrame | None
) -> list[Record]:
    """Add to cards what their figures are made of and what moves them; give the what-ifs."""
    if items is not None:
        read_items(items, cards)
    if tornado is not None:
        read_tornado(tornado, cards)
    return [] if scenarios is None else read_scenarios(scenarios, cards)


def read_tables(
    routes: pd.DataFrame, legs: gpd.GeoDataFrame, stops: gpd.GeoDataFrame, *, may_be_empty: bool = False
) -> Drawn:
    """Check the tables and simplify the lines; errors as of `draw_routes`."""
    if routes.empty and may_be_empty:
        return Drawn([], {}, {}, 0.0)
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
        card.update(route_speeds(legs_of[card["id"]], stops_of[card["id"]]))
    mark_most_certain(cards)
    mark_dominated(cards)
    return Drawn(cards, legs_of, simple, tolerance_m)
