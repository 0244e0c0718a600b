"""
TOML documents that planners write, checked against a schema.

A schema is a CSV file as for the tables of assumptions, with a column ``table`` before the others: the TOML table that
a key belongs to, empty at the top. Types are ``text``, ``number``, ``integer``, ``date``, ``texts`` and ``integers``
(lists of them), ``pair`` (two texts), ``range`` (one number, or low, base and high), ``box`` (west, south, east, north)
and ``rings`` (coordinates of a GeoJSON polygon). A table whose name ends in ``[]`` may come many times.
"""

from __future__ import annotations

import csv
import math
import tomllib
from collections.abc import Callable, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, NamedTuple

from corridor.errors import ScenarioError

Document = dict[str, Any]


class Key(NamedTuple):
    """One line of a schema."""

    table: str
    key: str
    type: str
    required: str
    minimum: str
    maximum: str
    meaning: str


def read_document(file: Traversable | Path, schema: Traversable) -> Document:
    """
    A TOML file as plain values, with the keys and types of its schema.

    Raises
    ------
    ScenarioError
        The file is not there or no TOML, lacks a key, or has an unknown one or a value of the wrong type: names file
        and key, what was expected, and the nearest key where one is misspelt.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
        document = tomllib.loads(text)
    except FileNotFoundError as error:
        raise ScenarioError(f"{file} is not there") from error
    except IsADirectoryError as error:
        raise ScenarioError(f"{file} is a folder, not a TOML file") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ScenarioError(f"{file.name} is not a TOML file: {error}") from error
    keys = [Key(**row) for row in csv.DictReader(schema.read_text("utf-8").splitlines())]
    tables = list(dict.fromkeys(key.table for key in keys if key.table))
    top = [key for key in keys if not key.table]
    _check(file.name, "", document, top, [name.removesuffix("[]") for name in tables])
    for table in tables:
        name, wanted = table.removesuffix("[]"), [key for key in keys if key.table == table]
        if name not in document:
            if not table.endswith("[]") and any(key.required == "yes" for key in wanted):
                raise ScenarioError(f"{file.name}: the table [{name}] is missing")
            continue
        many = document[name] if table.endswith("[]") else [document[name]]
        if not isinstance(many, list) or not all(isinstance(one, dict) for one in many):
            header = f"[[{name}]]" if table.endswith("[]") else f"[{name}]"
            raise ScenarioError(f"{file.name}: {name} is a table: write it under {header}")
        for number, one in enumerate(many, start=1):
            where = f"{name} {number}" if table.endswith("[]") else name
            _check(file.name, where, one, wanted, [])
    return document


def near_names(text: str, names: Sequence[str]) -> str:
    """``did you mean a, b? `` for names that contain a text or are like it; "" if none is."""
    containing = [name for name in names if text and text in name]
    near = (containing or get_close_matches(text, names, n=3, cutoff=0.4))[:3]
    return f"did you mean {', '.join(near)}? " if near else ""


def _check(file: str, table: str, values: Document, keys: list[Key], tables: list[str]) -> None:
    where = f"{file}, {table}" if table else file
    known = [*(key.key for key in keys), *tables]
    for name in values:
        if name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}? " if near else ""
            raise ScenarioError(f"{where}: unknown key {name!r}; {hint}Keys are {', '.join(known)}.")
    for key in keys:
        if key.key not in values:
            if key.required == "yes":
                raise ScenarioError(f"{where}: the key {key.key} is missing: {key.meaning}")
            continue
        value = values[key.key]
        fits, words = TYPES[key.type]
        if not fits(value):
            raise ScenarioError(f"{where}: {key.key} = {value!r} is not {words}")
        if not all(_within(number, key) for number in (value if isinstance(value, list) else [value])):
            raise ScenarioError(f"{where}: {key.key} = {value!r} is outside {key.minimum or '-∞'}…{key.maximum or '∞'}")


def _within(value: object, key: Key) -> bool:
    if isinstance(value, str | date | list):
        return True
    low, high = float(key.minimum or "-inf"), float(key.maximum or "inf")
    return isinstance(value, int | float) and low <= value <= high


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _list_of(fits: Callable[[object], bool], *lengths: int) -> Callable[[object], bool]:
    def check(value: object) -> bool:
        return isinstance(value, list) and all(map(fits, value)) and (len(value) in lengths if lengths else bool(value))

    return check


TYPES: dict[str, tuple[Callable[[object], bool], str]] = {
    "text": (_is_text, "a text"),
    "number": (_is_number, "a number"),
    "integer": (_is_integer, "a whole number"),
    "date": (lambda value: isinstance(value, date) and not isinstance(value, datetime), "a day such as 2025-09-12"),
    "texts": (_list_of(_is_text), 'a list of texts such as ["wheat", "barley"]'),
    "integers": (_list_of(_is_integer), "a list of whole numbers such as [12, 1, 2]"),
    "range": (
        lambda value: _is_number(value) or _list_of(_is_number, 3)(value),
        "a number or a list of three: low, base and high",
    ),
    "pair": (_list_of(_is_text, 2), 'two texts such as ["Beyneu", "Mangystau"]'),
    "box": (_list_of(_is_number, 4), "west, south, east, north in degrees"),
    "rings": (
        _list_of(_list_of(_list_of(_is_number, 2))),
        "the coordinates of a GeoJSON polygon: rings of [lon, lat], the outer one first",
    ),
}
"""Types of a schema: how a value of each is told, and in words."""
