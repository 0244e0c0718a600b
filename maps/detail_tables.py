"""
The optional tables of a page: what a figure is made of, what changes under a what-if, and where there is no route.

items
    One row an item of a leg's or stop's figures. Columns ``route_id``; ``leg`` (the leg's number) or ``order`` (the
    stop's), the other empty; ``item`` (text); and whichever are known of ``time_h``, ``cost_usd_per_t``,
    ``co2e_kg_per_t`` (parts of the leg's own figures), ``where`` (text), ``source``, ``year``, ``confidence`` (high,
    medium, low), and ``low``, ``base``, ``high`` of the assumption behind it in its ``unit`` (text).
scenarios
    One row a route under a what-if. Columns ``scenario`` (text, also its name; empty for the baseline), ``route_id``,
    ``time_h``, ``cost_usd_per_t``, ``co2e_kg_per_t``; optional ``month`` (1 ... 12, empty for the whole year) and
    ``reason``: a row without any figure is "no route", and must say why.
unavailable
    One row a corridor without a route: ``name`` and ``reason``.
tornado
    One row an assumption that moves a route, the strongest first. Columns ``route_id``, ``figure`` (``time_h`` or
    ``cost_usd_per_t``), ``item`` (text), and ``low``, ``base``, ``high``: the figure with the assumption there;
    optional ``mode``, ``where``, ``value_low``, ``value_base``, ``value_high`` (the assumption) in its ``unit``,
    ``source``, ``confidence``.

Columns of text may have translations, see `maps.cells.read_texts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from maps.cells import (
    Record,
    check_columns,
    is_empty,
    read_number,
    read_place,
    read_text,
    read_texts,
    read_whole,
    records_of,
)
from maps.errors import BadTableError
from maps.style import MODE_STYLES

if TYPE_CHECKING:
    import pandas as pd

TOTALS = ("time_h", "cost_usd_per_t", "co2e_kg_per_t")
MOVED = ("time_h", "cost_usd_per_t")
CONFIDENCES = ("high", "medium", "low")
MOST_CERTAIN = "Most certain"


def read_items(items: pd.DataFrame, cards: Sequence[Record]) -> None:
    """
    Hang each item on its step of its route, as ``step["items"]``.

    Raises
    ------
    MissingColumnError, BadTableError
        A column is missing, an item belongs to no step or to two, or a number makes no sense.

    """
    check_columns(items, "items", ("route_id", "item"))
    by_route = {card["id"]: card["steps"] for card in cards}
    for row in records_of(items, "items", set(by_route)):
        where = f"table 'items', route {row['route_id']!r}, item {read_text(row['item'])!r}"
        owners = [column for column in ("leg", "order") if not is_empty(row.get(column))]
        if len(owners) != 1:
            raise BadTableError(f"{where}: give either the leg or the order of the stop that it belongs to")
        column, number = owners[0], read_whole(row[owners[0]], f"{where}: {owners[0]}")
        # A leg has no order and a stop no leg, so the column alone tells them apart.
        found = [step for step in by_route[row["route_id"]] if step.get(column) == number]
        if not found:
            raise BadTableError(f"{where}: the route has no {'leg' if column == 'leg' else 'stop of order'} {number}")
        item = read_texts(row, "item", "source", "unit") | {"confidence": _confidence(row, where)}
        item |= read_place(row, "where") if row.get("where") else {}
        item["year"] = None if is_empty(row.get("year")) else read_whole(row["year"], f"{where}: year")
        item |= {name: read_number(row.get(name), f"{where}: {name}") for name in (*TOTALS, "low", "base", "high")}
        found[0].setdefault("items", []).append({key: value for key, value in item.items() if value not in ("", None)})


def _confidence(row: Record, where: str) -> str:
    confidence = read_text(row.get("confidence")).lower()
    if confidence and confidence not in CONFIDENCES:
        raise BadTableError(f"{where}: unknown confidence {confidence!r}; known: {', '.join(CONFIDENCES)}")
    return confidence


def share_items(cards: Sequence[Record]) -> list[Record]:
    """
    Put what items and tornados say of their assumptions, which is much alike, into one list.

    Returns
    -------
    list of dict
        Each different description once; an item of a step, or a row of a tornado, keeps its figures and, as ``of``,
        the position here.

    """
    shared: dict[tuple[tuple[str, object], ...], int] = {}

    def share(rows: list[Record], names: Sequence[str]) -> None:
        for number, row in enumerate(rows):
            figures = {name: round(row[name], 3) for name in names if name in row}
            about = tuple((key, value) for key, value in row.items() if key not in figures)
            rows[number] = figures | {"of": shared.setdefault(about, len(shared))}

    for card in cards:
        for step in card["steps"]:
            share(step.get("items", []), TOTALS)
        for rows in card.get("tornado", {}).values():
            share(rows, ("low", "base", "high"))
    return [dict(about) for about in shared]


def read_scenarios(scenarios: pd.DataFrame, cards: Sequence[Record]) -> list[Record]:
    """
    Check the what-ifs.

    Returns
    -------
    list of dict
        In the order of the table, the baseline (``id`` "") first if it has rows: ``id``, ``name`` with translations,
        and ``rows`` of ``route`` (position of the card), ``month`` (0 for the whole year), figures and ``reason``.

    Raises
    ------
    MissingColumnError, BadTableError
        A column is missing, a month is not one, a row occurs twice, or has neither figures nor a reason.

    """
    check_columns(scenarios, "scenarios", ("scenario", "route_id", *TOTALS))
    position = {card["id"]: number for number, card in enumerate(cards)}
    found: dict[str, Record] = {}
    seen: set[tuple[str, int, int]] = set()
    for row in records_of(scenarios, "scenarios", set(position)):
        texts = read_texts(row, "scenario", "reason")
        name = texts["scenario"]
        where = f"table 'scenarios', scenario {name!r}, route {row['route_id']!r}"
        month = 0 if is_empty(row.get("month")) else read_whole(row["month"], f"{where}: month")
        if month > 12:
            raise BadTableError(f"{where}: month must be 1 to 12, not {month}")
        key = (name, position[row["route_id"]], month)
        if key in seen:
            raise BadTableError(f"{where}: occurs twice for month {month or 'none'}")
        seen.add(key)
        figures = {total: read_number(row[total], f"{where}: {total}") for total in TOTALS}
        if all(value is None for value in figures.values()) and not texts["reason"]:
            raise BadTableError(f"{where}: no figures; a column 'reason' must say why there is no route")
        own = found.setdefault(name, {"id": name, "rows": []} | _renamed(texts, "scenario", "name"))
        own["rows"].append({"route": key[1], "month": month, **figures} | _renamed(texts, "reason", "reason"))
    return sorted(found.values(), key=lambda scenario: scenario["id"] != "")


def _renamed(texts: Record, column: str, name: str) -> Record:
    return {name + key.removeprefix(column): text for key, text in texts.items() if key.startswith(column)}


def read_unavailable(unavailable: pd.DataFrame) -> list[Record]:
    """Check the corridors without a route; raises `MissingColumnError` and `BadTableError`."""
    check_columns(unavailable, "unavailable", ("name", "reason"))
    rows = [read_texts({str(k): v for k, v in row.items()}, "name", "reason") for row in unavailable.to_dict("records")]
    for number, row in enumerate(rows, start=1):
        if not row["name"] or not row["reason"]:
            raise BadTableError(f"table 'unavailable', row {number}: needs a name and the reason")
    return rows


def read_tornado(tornado: pd.DataFrame, cards: Sequence[Record]) -> None:
    """
    Hang the assumptions that move a route on it, as ``card["tornado"][figure]``.

    Raises
    ------
    MissingColumnError, BadTableError
        A column is missing, a figure or mode is unknown, or a number makes no sense.

    """
    check_columns(tornado, "tornado", ("route_id", "figure", "item", "low", "base", "high"))
    by_route = {card["id"]: card for card in cards}
    for row in records_of(tornado, "tornado", set(by_route)):
        where = f"table 'tornado', route {row['route_id']!r}, item {read_text(row['item'])!r}"
        if row["figure"] not in MOVED:
            raise BadTableError(f"{where}: unknown figure {row['figure']!r}; known: {', '.join(MOVED)}")
        mode = read_text(row.get("mode"))
        if mode and mode not in MODE_STYLES:
            raise BadTableError(f"{where}: unknown mode {mode!r}; known: {', '.join(MODE_STYLES)}")
        found = read_texts(row, "item", "source", "unit") | {"mode": mode}
        found |= {"confidence": _confidence(row, where)}
        found |= read_place(row, "where") if row.get("where") else {}
        for name in ("low", "base", "high", "value_low", "value_base", "value_high"):
            number = read_number(row.get(name), f"{where}: {name}")
            found[name] = None if number is None else round(number, 4)
        if any(found[name] is None for name in ("low", "base", "high")):
            raise BadTableError(f"{where}: low, base and high must all be known")
        own = by_route[row["route_id"]].setdefault("tornado", {}).setdefault(row["figure"], [])
        own.append({key: value for key, value in found.items() if value not in ("", None)})


def mark_most_certain(cards: Sequence[Record]) -> None:
    """Give the badge to the route with the narrowest cost range for its cost, if all have one and none the badge."""
    low, high, cost = "cost_usd_per_t_p10", "cost_usd_per_t_p90", "cost_usd_per_t"
    given = any(badge.lower() == MOST_CERTAIN.lower() for card in cards for badge in card["badges"])
    if given or len(cards) < 2 or not all(low in card and card[cost] for card in cards):
        return
    min(cards, key=lambda card: (card[high] - card[low]) / card[cost])["badges"].append(MOST_CERTAIN)


def mark_dominated(cards: Sequence[Record]) -> None:
    """
    List for each route the letters of those that are nowhere worse and somewhere better, as ``dominated_by``.

    Time, cost and CO2e count; a route with a figure that is not known neither dominates nor is dominated.
    """
    for card in cards:
        own = [card[name] for name in TOTALS]
        others = [other for other in cards if other is not card]
        card["dominated_by"] = [o["letter"] for o in others if _dominates([o[name] for name in TOTALS], own)]


def _dominates(a: Sequence[float | None], b: Sequence[float | None]) -> bool:
    pairs = [(x, y) for x, y in zip(a, b, strict=True) if x is not None and y is not None]
    return len(pairs) == len(a) and all(x <= y for x, y in pairs) and any(x < y for x, y in pairs)
