"""Cells of tables: read as text, number or whole number, or refused by name."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from maps.errors import BadTableError, MissingColumnError
from maps.words import LANGUAGES, load_place_names

if TYPE_CHECKING:
    import pandas as pd

Record = dict[str, Any]


def check_columns(table: pd.DataFrame, name: str, columns: Sequence[str]) -> None:
    """Raise `MissingColumnError` unless the table has all columns."""
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise MissingColumnError(name, missing, [str(column) for column in table.columns])


def is_empty(value: object) -> bool:
    """Tell whether a cell is None, NaN or NaT, or pandas' NA."""
    return value is None or (isinstance(value, float) and math.isnan(value)) or str(value) in {"<NA>", "NaT"}


def read_text(value: object) -> str:
    """Text of a cell; an empty one is an empty string."""
    return "" if is_empty(value) else str(value)


def read_texts(row: Mapping[str, Any], *columns: str) -> Record:
    """
    Texts of a row with their translations.

    A column ``name`` may have companions ``name_en``, ``name_ru``, ``name_kk``, ``name_fr`` and ``name_nl``; those
    that are not empty come along under the same key.
    """
    result: Record = {column: read_text(row.get(column)) for column in columns}
    for column in columns:
        for language in LANGUAGES:
            text = read_text(row.get(f"{column}_{language}"))
            if text:
                result[f"{column}_{language}"] = text
    return result


def read_place(row: Mapping[str, Any], column: str) -> Record:
    """Name of a place with its translations: the table's own, else those of ``maps/tables/place_names.csv``."""
    result = read_texts(row, column)
    for language, text in load_place_names().get(result[column], {}).items():
        result.setdefault(f"{column}_{language}", text)
    return result


def share_texts(data: Any) -> dict[str, dict[str, str]]:
    """
    Take translations out of all records in `data`, which say much alike, and give each once.

    Returns
    -------
    dict
        Text → language → translation, without those that are the text itself. A record whose text is translated
        otherwise than in the first record that has it keeps its own.

    """
    texts: dict[str, dict[str, str]] = {}
    for record in _records_in(data):
        for key in [key for key in record if key.rpartition("_")[2] in LANGUAGES]:
            column, _, language = key.rpartition("_")
            text = record.get(column)
            if isinstance(text, str) and texts.setdefault(text, {}).setdefault(language, record[key]) == record[key]:
                del record[key]
    told = {text: {lang: own for lang, own in found.items() if own != text} for text, found in texts.items()}
    return {text: found for text, found in told.items() if found}


def _records_in(data: Any) -> Iterator[Record]:
    if isinstance(data, dict):
        yield data
    for part in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _records_in(part)


def read_number(value: Any, where: str) -> float | None:
    """A figure, or None for "not known"; raises `BadTableError` unless finite and not negative."""
    if is_empty(value):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise BadTableError(f"{where} is not a number: {value!r}") from error
    if math.isnan(number):
        return None
    if math.isinf(number) or number < 0:
        raise BadTableError(f"{where} must be finite and not negative: {number}")
    return number


def read_whole(value: Any, where: str) -> int:
    """A whole number; raises `BadTableError`."""
    number = read_number(value, where)
    if number is None or number != int(number):
        raise BadTableError(f"{where} must be a whole number: {value!r}")
    return int(number)


def read_range(row: Mapping[str, Any], column: str, where: str) -> Record:
    """Low and high end of a figure, ``<column>_p10`` and ``<column>_p90``, where the table has both."""
    names = (f"{column}_p10", f"{column}_p90")
    low, high = (read_number(row.get(name), f"{where}: {name}") for name in names)
    if low is None or high is None:
        return {}
    if low > high:
        raise BadTableError(f"{where}: {names[0]} {low:g} is above {names[1]} {high:g}")
    return {names[0]: low, names[1]: high}


def records_of(table: pd.DataFrame, name: str, routes: set[str]) -> list[Record]:
    """Rows as records with a text ``route_id`` that must be one of `routes`."""
    records = [{str(key): value for key, value in record.items()} for record in table.to_dict("records")]
    for record in records:
        record["route_id"] = read_text(record["route_id"])
        if record["route_id"] not in routes:
            raise BadTableError(f"table {name!r}: route_id {record['route_id']!r} is not in table 'routes'")
    return records
