"""The tables of assumptions as files: those shipped and, in their place, a planner's own from a folder."""

from __future__ import annotations

import csv
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

import pandas as pd

from corridor.errors import AssumptionError
from geodata.tables import read_checked

RATES = ("haul", "stops", "vessels", "emissions", "policy", "values")
"""Tables of rates, which share one schema."""
REPLACEABLE = (*RATES, "commodities", "load_units", "handling", "deflators")
"""Tables that a planner's own may take the place of."""
HOME = files("corridor") / "assumptions"


def table_of(name: str, folder: str | Path | None = None) -> pd.DataFrame:
    """
    A table that passed its check, of `folder` if it holds one, with ``file`` and ``row`` (as a spreadsheet counts).

    Raises
    ------
    geodata.errors.TableError
        A cell breaks the schema: names file, row and column.
    AssumptionError
        The folder holds no table of assumptions, or one that replaces none.
    """
    schema = HOME / "schema" / f"{'rates' if name in RATES else name}.csv"
    source: Traversable = HOME / f"{name}.csv"
    if folder is not None:
        _check_folder(Path(folder))
        own = Path(folder) / f"{name}.csv"
        source = own if own.is_file() else source
    return read_checked(source, schema).assign(file=source.name, row=_row_numbers(source))


def refuse_doubled(table: pd.DataFrame, columns: list[str]) -> None:
    """Refuse a table with two rows about the same, naming both."""
    for _, rows in table[table.duplicated(columns, keep=False)].groupby(columns, sort=False):
        first, second = rows.iloc[0], rows.iloc[1]
        about = " ".join(text for text in (str(second[name]) for name in columns) if text)
        raise AssumptionError(
            f"{second.file}, row {second.row}, column {columns[0]}: two rows for {about}; the other is row {first.row}"
        )


def _check_folder(folder: Path) -> None:
    known = ", ".join(f"{name}.csv" for name in REPLACEABLE)
    strangers = [file.name for file in sorted(folder.glob("*.csv")) if file.stem not in REPLACEABLE]
    if not folder.is_dir():
        raise AssumptionError(f"there is no folder {folder}; a folder of assumptions holds any of {known}")
    if not any((folder / f"{name}.csv").is_file() for name in REPLACEABLE):
        raise AssumptionError(f"{folder} holds none of {known}")
    if strangers:
        raise AssumptionError(f"{strangers[0]} in {folder} replaces no table; those are {known}")


def _row_numbers(source: Traversable) -> list[int]:
    """Rows of a table that passed its check, as a spreadsheet counts them."""
    lines = csv.reader(source.read_text("utf-8-sig").splitlines(), strict=True)
    return [number for number, cells in enumerate(lines, start=1) if any(cells)][1:]
