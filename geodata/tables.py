"""
Hand-kept CSV tables, each checked against its schema.

A schema is itself a CSV: ``column, type, unit, required, minimum, maximum, meaning``. Types are ``text``, ``number``,
``integer`` and ``choice:a|b|c``. An empty cell is allowed where ``required`` is ``no``; it reads as "" (text) or NaN.
"""

from __future__ import annotations

import csv
import math
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

import pandas as pd

from geodata.errors import TableError


class Column(NamedTuple):
    """One line of a schema."""

    column: str
    type: str
    unit: str
    required: str
    minimum: str
    maximum: str
    meaning: str


def read_table(name: str) -> pd.DataFrame:
    """Table ``geodata/tables/<name>.csv``, checked against ``geodata/schema/<name>.csv``."""
    home = files("geodata")
    return read_checked(home / "tables" / f"{name}.csv", home / "schema" / f"{name}.csv")


def read_checked(table: Traversable, schema: Traversable) -> pd.DataFrame:
    """
    A CSV file as a frame with the columns of its schema, in the schema's order.

    Raises
    ------
    TableError
        Naming file, row (as a spreadsheet counts: the header is row 1), column and what is wrong.
    """
    columns = [Column(**row) for row in csv.DictReader(schema.read_text("utf-8").splitlines())]
    try:
        lines = list(csv.reader(table.read_text("utf-8-sig").splitlines(), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise TableError(f"{table.name}: not a UTF-8 CSV file ({error})") from error
    if not lines:
        raise TableError(f"{table.name}: empty file; expected the columns {', '.join(c.column for c in columns)}")
    header, body = lines[0], [(number, row) for number, row in enumerate(lines[1:], start=2) if any(row)]
    if len(header) == 1 and header[0].count(";") + 1 >= len(columns):
        raise TableError(f"{table.name}, row 1: cells are divided by semicolons: save it with commas")
    _check_header(table.name, header, columns)
    for number, row in body:
        if len(row) != len(header):
            raise TableError(f"{table.name}, row {number}: {len(row)} cells, the header has {len(header)}")
    place = {name: index for index, name in enumerate(header)}
    result = {}
    for column in columns:
        cells = [(number, row[place[column.column]].strip()) for number, row in body]
        result[column.column] = [_cell(table.name, number, column, text) for number, text in cells]
    return pd.DataFrame(result)


def _check_header(name: str, header: list[str], columns: list[Column]) -> None:
    wanted = [column.column for column in columns]
    missing = [column for column in wanted if column not in header]
    unknown = [column for column in header if column not in wanted]
    if missing or unknown or len(set(header)) != len(header):
        problem = (
            f"missing column {', '.join(missing)}"
            if missing
            else f"unknown or doubled column {', '.join(unknown or header)}"
        )
        raise TableError(f"{name}, row 1: {problem}; the columns are {', '.join(wanted)}")


def _cell(name: str, row: int, column: Column, text: str) -> str | float | int:
    where = f"{name}, row {row}, column {column.column}"
    if not text:
        if column.required == "yes":
            raise TableError(f"{where}: empty; {column.meaning}")
        return "" if column.type == "text" or column.type.startswith("choice:") else math.nan
    if column.type == "text":
        return text
    if column.type.startswith("choice:"):
        choices = column.type.removeprefix("choice:").split("|")
        if text not in choices:
            raise TableError(f"{where}: {text!r} is none of {', '.join(choices)}")
        return text
    try:
        value = int(text) if column.type == "integer" else float(text)
    except ValueError:
        raise TableError(f"{where}: {text!r} is not a {column.type}") from None
    if not math.isfinite(value):
        raise TableError(f"{where}: {text!r} is not a finite number")
    if (column.minimum and value < float(column.minimum)) or (column.maximum and value > float(column.maximum)):
        raise TableError(
            f"{where}: {text} is outside {column.minimum or '-∞'}…{column.maximum or '∞'} {column.unit}".rstrip()
        )
    return value
