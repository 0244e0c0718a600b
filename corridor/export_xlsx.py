"""Tables → an XLSX workbook in which text is text: no cell can become a formula or a link."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

LONGEST_TEXT = 32_767
"""So many characters a cell of a workbook holds."""
WIDEST = 60
NUMBER_FORMATS = {"year": "0", "route": "0", "leg": "0", "transfers": "0", "lon": "0.0000", "lat": "0.0000"}
FINE = ("low", "base", "high")
"""Columns whose numbers may be small: shown as they are."""


def write_workbook(sheets: Mapping[str, pd.DataFrame], path: Path, *, comments: str = "") -> None:
    """
    Write each table as a sheet with a bold, frozen header and filters.

    Parameters
    ----------
    sheets
        Tables of numbers and text by the name of their sheet.
    comments
        Goes into the properties of the file: who made it from what.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "Export paths compared", "comments": comments[:LONGEST_TEXT]})
    bold = book.add_format({"bold": True, "bottom": 1, "quote_prefix": True})
    text = book.add_format({"quote_prefix": True})  # stays text when the cell is edited
    for name, table in sheets.items():
        sheet = book.add_worksheet(name)
        for column, title in enumerate(table.columns):
            number = book.add_format({"num_format": _number_format(str(title))})
            sheet.write_string(0, column, str(title), bold)
            widest = len(str(title))
            for row, value in enumerate(table[title], start=1):
                if isinstance(value, str):
                    sheet.write_string(row, column, value[:LONGEST_TEXT], text)
                    widest = max(widest, len(value))
                elif math.isfinite(value):
                    sheet.write_number(row, column, float(value), number)
            sheet.set_column(column, column, min(widest, WIDEST) + 3)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(table), len(table.columns) - 1)
    try:
        book.close()
    except FileCreateError as error:
        raise OSError(str(error)) from error


def _number_format(column: str) -> str:
    return "General" if column in FINE else NUMBER_FORMATS.get(column, "#,##0.00")
