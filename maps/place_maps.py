"""Pages of places: how far one reaches, from where each gateway is the best, and what terminals can pass."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from maps.areas import area_cells, pack_area
from maps.atlas import Atlas, Column, Frame, Group
from maps.cells import Record, check_columns, is_empty, read_number, read_place, read_text
from maps.errors import BadGeometryError, BadTableError
from maps.words import Text, all_words, check_text

if TYPE_CHECKING:
    import pandas as pd

    from maps.base import OfflineMap

MAX_GATEWAYS = 8
"""As many as there are patterns."""
RADIUS_KM = 200.0
"""No area reaches farther from its place."""
GROUP_COLOURS = ("#0B5CAD", "#A64B00", "#19806E", "#990099", "#5C5C00", "#B20000", "#3D4A57", "#00708A")
BAND_COLOURS = ("#08306B", "#1B5A9C", "#3F83BE", "#7A5195", "#B0408C", "#D4475B", "#A63A00")
"""Nearest to farthest; the number of the band stands in every spot."""
BAND_COUNT = 6
NAMED_FROM_ZOOM = (3.0, 5.0, 6.5)
"""Zoom from which places are named: the first few, the next, all others."""
NO_WAY = "none"
GREY = "#76828E"

Unit = tuple[str, float, int]
"""Key of the catalogue, what one such unit is in the table's figures, and digits."""


def draw_hinterland(table: pd.DataFrame, *, figure: str, unit: Unit, label: Text, frame: Frame) -> OfflineMap:
    """
    Draw from where each gateway is the best one, and by how much.

    Parameters
    ----------
    table
        One row a place and gateway: ``name`` (with translations), ``country``, ``lon``, ``lat``, ``gateway``, the
        column `figure`, ``best`` (true for one gateway a place at most) and ``margin`` in the unit of `figure`.
        At most 8 gateways.
    figure, unit, label
        Column that is shown, its unit on the page and what it is called there.

    Returns
    -------
    OfflineMap

    Raises
    ------
    MissingColumnError, BadTableError, BadGeometryError
        As for `maps.draw_routes`.

    Notes
    -----
    Coloured is the land nearest to each place on its side of a frontier, at most `RADIUS_KM` from it.

    """
    check_columns(table, "hinterland", ("name", "country", "lon", "lat", "gateway", figure, "best", "margin"))
    gateways = [read_text(value) for value in dict.fromkeys(table["gateway"])]
    if not 0 < len(gateways) <= MAX_GATEWAYS:
        raise BadTableError(f"table 'hinterland': 1 to {MAX_GATEWAYS} gateways can be told apart, not {len(gateways)}")
    key, scale, digits = unit
    rows: dict[tuple[float, float, str], Record] = {}
    won = dict.fromkeys(gateways, 0)
    for row in table.to_dict("records"):
        at = point_of(row, "hinterland")
        place = rows.setdefault((*at, read_text(row["name"])), place_record(row, at) | {"best": None, "figures": {}})
        gateway = read_text(row["gateway"])
        where = f"table 'hinterland', {row['name']!r}, {gateway!r}"
        place["figures"][gateway] = _scaled(row[figure], scale, where)
        if bool(row["best"]):
            won[gateway] += 1
            place["best"] = (gateway, _scaled(row["margin"], scale, where))
    places = sorted(rows.values(), key=lambda place: place["figures"].get(place["best"][0]) if place["best"] else 1e99)
    letters = {gateway: chr(ord("A") + number) for number, gateway in enumerate(gateways)}
    for place in places:
        best, figures = place.pop("best"), place.pop("figures")
        place["group"] = letters[best[0]] if best else NO_WAY
        shown = _texts(best[0]) if best else all_words("no_way")
        place["cells"] = [shown, figures[best[0]] if best else None, best[1] if best else None]
        place["cells"] += [figures.get(gateway) for gateway in gateways]
    groups = [
        Group(
            letters[gateway],
            _texts(gateway),
            GROUP_COLOURS[number],
            sign=letters[gateway],
            pattern=number,
            area=True,
            count=won[gateway],
        )
        for number, gateway in enumerate(gateways)
    ]
    if any(place["group"] == NO_WAY for place in places):
        groups.append(Group(NO_WAY, all_words("no_way"), GREY, sign="–"))
    columns = [
        Column(all_words("best_gateway")),
        Column(label, key, digits),
        Column(all_words("margin"), key, digits),
        *(Column(_texts(gateway), key, digits, in_table=False) for gateway in gateways),
    ]
    atlas = Atlas(
        frame, columns, groups, places, key_title=all_words("best_gateway"), count_word="best_for", radius_km=RADIUS_KM
    )
    atlas.areas = _areas(places)
    return atlas.page()


def draw_reach(table: pd.DataFrame, *, figure: str, unit: Unit, label: Text, frame: Frame) -> OfflineMap:
    """
    Draw how far a place reaches, in bands of whole steps.

    Parameters
    ----------
    table
        One row a place: ``name`` (with translations), ``country``, ``lon``, ``lat`` and the column `figure`.
    figure, unit, label
        As for `draw_hinterland`.

    Returns
    -------
    OfflineMap

    Raises
    ------
    MissingColumnError, BadTableError, BadGeometryError
        As for `maps.draw_routes`.

    Notes
    -----
    An area stands for its place alone: nothing is interpolated between places.

    """
    check_columns(table, "reach", ("name", "country", "lon", "lat", figure))
    key, scale, digits = unit
    places = []
    for row in table.to_dict("records"):
        value = _scaled(row[figure], scale, f"table 'reach', {row['name']!r}")
        if value is None:
            raise BadTableError(f"table 'reach', {row['name']!r}: {figure} is missing")
        places.append(place_record(row, point_of(row, "reach")) | {"value": value})
    if not places:
        raise BadTableError("table 'reach' has no row: nothing is reached")
    limits = band_limits([place["value"] for place in places])
    counts = [0] * (len(limits) + 1)  # the last one is open
    for place in places:
        band = int(np.searchsorted(limits, place["value"], side="left"))
        counts[band] += 1
        place["group"] = f"band-{band}"
        place["cells"] = [place["country"], place.pop("value")]
    edges = [0.0, *limits]
    bands = [band for band, count in enumerate(counts) if count]
    groups = [
        Group(
            f"band-{band}",
            f"{edges[band]:g}–{edges[band + 1]:g}" if band + 1 < len(edges) else f"> {edges[band]:g}",
            BAND_COLOURS[band],
            sign=str(number),
            opacity=0.6,
            area=True,
            count=counts[band],
        )
        for number, band in enumerate(bands, start=1)
    ]
    columns = [Column(all_words("country")), Column(label, key, digits)]
    atlas = Atlas(frame, columns, groups, places, key_title=label, radius_km=RADIUS_KM)
    atlas.areas = _areas(places)
    return atlas.page()


def band_limits(values: Sequence[float], count: int = BAND_COUNT) -> list[float]:
    """Ends of at most `count` bands of one round step; at most a twentieth of the values lies beyond them."""
    most = float(np.quantile(values, 0.95))
    if most <= 0:
        return []
    rough = most / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(nice * power for nice in (1, 2, 2.5, 3, 4, 5, 10) if nice * power >= rough * 0.999)
    ends = [step * number for number in range(1, count + 1)]
    return [end for end in ends if end - step < max(values)]


def draw_terminals(
    terminals: pd.DataFrame, capacities: pd.DataFrame, funnels: Mapping[str, Sequence[int]], *, frame: Frame,
    titles: Mapping[str, Text], attribution_of: Mapping[str, Text] | None = None,
) -> OfflineMap:  # fmt: skip
    """
    Draw terminals with what is known of their capacity, and funnels of some of them.

    Parameters
    ----------
    terminals
        One row a terminal: ``terminal`` (code), ``name`` (with translations), ``country``, ``lon``, ``lat``, ``modes``
        (list of modes).
    capacities
        One row a figure, numbered by its index: ``terminal`` (code or ""), ``stage`` and ``what`` (with translations),
        ``low``, ``base``, ``high`` (thousand tonnes a month), ``source``, ``year``, ``confidence``.
    funnels
        Name → rows of `capacities` in the order in which cargo meets them.
    titles
        Name of a funnel → what it is called.
    attribution_of
        Source → how it is told where it is no web address.

    Returns
    -------
    OfflineMap

    Raises
    ------
    MissingColumnError, BadTableError, BadGeometryError
        As for `maps.draw_routes`.

    """
    check_columns(terminals, "terminals", ("terminal", "name", "country", "lon", "lat", "modes"))
    names = ("terminal", "stage", "what", "low", "base", "high", "source", "year", "confidence")
    check_columns(capacities, "capacities", names)
    told = attribution_of or {}
    figures = {number: _stage(row, told) for number, row in capacities.to_dict("index").items()}
    places = []
    for row in terminals.to_dict("records"):
        own = [figures[number] for number in figures if read_text(capacities.at[number, "terminal"]) == row["terminal"]]
        known = [stage["base"] for stage in own]
        place = place_record(row, point_of(row, "terminals")) | {"group": "known" if own else "other"}
        place["zoom"] = NAMED_FROM_ZOOM[0] if own else NAMED_FROM_ZOOM[2]
        place["cells"] = [place.pop("country"), list(row["modes"]), min(known) if known else None]
        place["facts"] = own
        place["also"] = [row["terminal"], *row.get("also", ())]
        places.append(place)
    places.sort(key=lambda place: not place["facts"])
    groups = [
        Group("known", all_words("known"), "#B20000", count=sum(bool(place["facts"]) for place in places)),
        Group("other", all_words("not_known"), GREY, small=True, count=sum(not place["facts"] for place in places)),
    ]
    columns = [
        Column(all_words("country")),
        Column(all_words("modes"), words=True),
        Column(all_words("capacity"), "kt_month"),
    ]
    atlas = Atlas(frame, columns, groups, places, key_title=all_words("capacity"))
    unknown = {number for rows in funnels.values() for number in rows} - set(figures)
    if unknown:
        raise BadTableError(f"funnels: there is no capacity number {', '.join(map(str, sorted(unknown)))}")
    atlas.funnels = [
        {"title": check_text(titles[name], "titles"), "stages": [figures[number] for number in rows]}
        for name, rows in funnels.items()
    ]
    return atlas.page()


def _stage(row: Mapping[str, Any], told: Mapping[str, Text]) -> Record:
    where = f"table 'capacities', {row['stage']!r}"
    low, base, high = (read_number(row[name], f"{where}: {name}") for name in ("low", "base", "high"))
    if low is None or base is None or high is None or not low <= base <= high:
        raise BadTableError(f"{where}: low ≤ base ≤ high does not hold: {low}, {base}, {high}")
    source = read_text(row["source"])
    return {
        "name": columns_text(row, "stage"),
        "what": columns_text(row, "what"),
        "low": low,
        "base": base,
        "high": high,
        "source": source,
        "sourceText": check_text(told.get(source, source), "source"),
        "year": read_text(row["year"]),
        "confidence": read_text(row["confidence"]),
    }


def columns_text(row: Mapping[str, Any], column: str) -> Text:
    """A text column with its translations as language → text."""
    plain = read_text(row[column])
    return {language: read_text(row.get(f"{column}_{language}")) or plain for language in all_words("place")}


def place_record(row: Mapping[str, Any], at: tuple[float, float]) -> Record:
    """A place as `maps.atlas` takes it: names, country, point, and the zoom from which it is named."""
    return {
        "name": read_place(row, "name"),
        "country": read_text(row["country"]),
        "lon": at[0],
        "lat": at[1],
        "zoom": NAMED_FROM_ZOOM[1],
    }


def point_of(row: Mapping[str, Any], table: str) -> tuple[float, float]:
    """Longitude and latitude of a row; raises `BadGeometryError` unless they are on the map."""
    try:
        lon, lat = float(row["lon"]), float(row["lat"])
    except (TypeError, ValueError):
        lon = lat = math.nan
    if not (abs(lon) <= 360 and abs(lat) <= 85):
        raise BadGeometryError(
            f"table {table!r}, {row['name']!r}: lon, lat is no place on the map: {row['lon']}, {row['lat']}"
        )
    return round(lon, 4), round(lat, 4)


def _scaled(value: object, scale: float, where: str) -> float | None:
    number = None if is_empty(value) else read_number(value, where)
    return None if number is None else round(number / scale, 4)


def _texts(name: str) -> Text:
    """A place's name in the languages that maps know it in."""
    known = read_place({"name": name}, "name")
    return {language: known.get(f"name_{language}", name) for language in all_words("place")}


def _areas(places: Sequence[Record]) -> list[Record]:
    """Areas of places, one record a place; of places at one point the first has it."""
    at: dict[tuple[float, float], Record] = {}
    for place in places:
        at.setdefault((place["lon"], place["lat"]), place)
    cells = area_cells(np.array(list(at)), RADIUS_KM)
    packed = [(place["group"], pack_area(cell)) for place, cell in zip(at.values(), cells, strict=True)]
    return [{"group": group, "packed": text} for group, text in packed if text and group != NO_WAY]
