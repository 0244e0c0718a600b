"""Before and after: two maps side by side that move together, and a table of what changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from maps.atlas import Frame
from maps.base import OfflineMap
from maps.basemap import BOUNDS
from maps.cells import Record, share_texts
from maps.errors import BadTableError
from maps.insets import offer_insets
from maps.layers import Line, route_features
from maps.legend import legend_entries
from maps.route_map import read_tables
from maps.style import QUIET_COLOUR, QUIET_WIDTH_PX
from maps.words import Text, check_text

_STYLES = ("route_map.css", "panel.css", "comparison.css")
_SCRIPTS = (
    "speech.js",
    "address.js",
    "notes.js",
    "leg_table.js",
    "controls.js",
    "insets.js",
    "route_layers.js",
    "comparison.js",
)


@dataclass(frozen=True)
class Side:
    """One of the two maps: the tables of its routes, as `draw_routes` takes them, and what it is called."""

    title: Text
    routes: pd.DataFrame
    legs: gpd.GeoDataFrame
    stops: gpd.GeoDataFrame


def draw_before_after(
    before: Side,
    after: Side,
    changes: pd.DataFrame,
    *,
    title: Text,
    subtitle: Text = "",
    notes: Sequence[Text] = (),
    attribution: Sequence[Text] = (),
    language: str = "en",
    as_of: date | None = None,
    version: str = "",
) -> OfflineMap:
    """
    Draw two sets of routes on two maps that move together, in five languages.

    Parameters
    ----------
    changes
        One row a way: ``before`` and ``after``, the number of its route in each side's table from 0, NA where it is not
        there; ``reason``, with translations, why it is gone ("" if unknown). The page opens on the first that changes.
    title, subtitle, notes, attribution, language, as_of, version
        As for `draw_routes`.

    Returns
    -------
    OfflineMap
        Has ``save(path)`` and ``to_html()``, and shows itself in a notebook.

    Raises
    ------
    BadTableError
        As for `draw_routes`; or a row of `changes` that names no route, or one that is not there.
    BadGeometryError
        As for `draw_routes`.

    """
    sides: dict[str, Record] = {}
    modes: list[str] = []
    drawn: dict[str, Sequence[list[Line]]] = {}
    for name, side in (("before", before), ("after", after)):
        cards, legs_of, simple, _ = read_tables(side.routes, side.legs, side.stops)
        own = {card["id"]: [str(leg["mode"]) for leg in legs_of[card["id"]]] for card in cards}
        modes += [mode for each in own.values() for mode in each]
        drawn |= {f"{name} {route_id}": lines for route_id, lines in simple.items()}
        lines = [route_features(own[card["id"]], simple[card["id"]]) for card in cards]
        sides[name] = {"title": check_text(side.title, f"{name} title"), "routes": cards, "lines": lines}
    frame = Frame(title, subtitle, notes, attribution, language, as_of, version)
    page_map = frame.page_map("comparison.html", _STYLES, _SCRIPTS)
    data: dict[str, Any] = {
        **frame.told(),
        **sides,
        "changes": _read_changes(changes, {name: len(side["routes"]) for name, side in sides.items()}),
        "legend": legend_entries(modes),
        "quiet": {"colour": QUIET_COLOUR, "width": QUIET_WIDTH_PX},
        "bounds": BOUNDS,
        "insets": offer_insets(page_map.page, drawn),
    }
    page_map.page.add_data("comparison", data | {"texts": share_texts(data)})
    page_map.start(f"startComparison({page_map.name});")
    return page_map


def _read_changes(changes: pd.DataFrame, counts: dict[str, int]) -> list[Record]:
    """Rows as plain data, each with an ``id`` that the address keeps."""
    rows = []
    for number, row in enumerate(changes.to_dict("records"), start=1):
        record: Record = {"id": str(number)}
        for side, count in counts.items():
            place = row.get(side)
            record[side] = None if place is None or pd.isna(place) else int(place)
            if record[side] is not None and not 0 <= record[side] < count:
                raise BadTableError(f"table 'changes', row {number}: there is no route {record[side]} {side}")
        if record["before"] is None and record["after"] is None:
            raise BadTableError(f"table 'changes', row {number}: it names no route before and none after")
        reasons = {str(key): value for key, value in row.items() if str(key).startswith("reason")}
        record |= {key: str(value) for key, value in reasons.items() if isinstance(value, str) and value}
        rows.append(record)
    if not rows:
        raise BadTableError("table 'changes' has no row: there is nothing to compare")
    return rows
