"""Names of corridors, items, units and scenarios in the languages of a page (``page_words.csv``)."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files


@cache
def page_words() -> dict[str, dict[str, str]]:
    """A text as the tables have it → language → how a page says it. Do not modify."""
    with (files("corridor") / "page_words.csv").open(encoding="utf-8") as file:
        return {
            row.pop("text"): {language: words for language, words in row.items() if words}
            for row in csv.DictReader(file)
        }


def in_languages(column: str, text: str, more: str = "") -> dict[str, str]:
    """
    Cells of a table that `maps.draw_routes` takes: `column` as it is, and ``column_ru`` and so on as far as known.

    A text that has no translation is shown as it is in every language; `more`, such as figures, follows it in each.
    """
    translated = page_words().get(text, {})
    return {column: text + more} | {f"{column}_{language}": words + more for language, words in translated.items()}
