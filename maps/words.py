"""
What pages say, one catalogue a language.

``maps/locale/<language>.json`` has the page's own words; a package that gives pages their texts may keep catalogues of
the same shape in a folder ``locale`` of its own.
"""

import csv
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from maps.errors import AssetError, BadTableError

LANGUAGES = ("en", "ru", "kk", "fr", "nl")
"""Languages of a page, in the order in which it offers them."""

Text = str | Mapping[str, str]
"""A text that a caller gives: as it is in every language, or language → text."""

Words = dict[str, str | dict[str, str]]


@cache
def load_words(language: str, package: str = "maps") -> Words:
    """
    Read the catalogue of one language. Do not modify what is returned.

    Parameters
    ----------
    package
        Importable package in whose ``locale`` the catalogue is.

    Returns
    -------
    dict
        Key → phrase, with ``{name}`` where something is filled in; where the number of things matters, key → CLDR
        plural form (one, few, many, other) → phrase.

    Raises
    ------
    AssetError
        There is no catalogue for `language`; the message lists those there are.

    """
    if language not in LANGUAGES:
        raise AssetError(f"no words for language {language!r}; known: {', '.join(LANGUAGES)}")
    text = files(package).joinpath("locale", f"{language}.json").read_text(encoding="utf-8")
    words: Words = json.loads(text)
    return words


@cache
def load_place_names() -> dict[str, dict[str, str]]:
    """Read the names of places in other languages: Latin name → language → name. Do not modify."""
    text = files("maps").joinpath("tables", "place_names.csv").read_text(encoding="utf-8")
    return {
        row["name"]: {language: row[language] for language in LANGUAGES if row.get(language)}
        for row in csv.DictReader(text.splitlines())
    }


def check_text(text: Text, where: str) -> str | dict[str, str]:
    """Give a caller's text as plain data; raises `BadTableError` for a language that pages do not have."""
    if isinstance(text, str):
        return text
    unknown = [language for language in text if language not in LANGUAGES]
    if unknown or not text:
        raise BadTableError(
            f"{where}: languages must be among {', '.join(LANGUAGES)}, not {', '.join(unknown) or 'none'}"
        )
    return {language: str(words) for language, words in text.items()}


def all_words(key: str) -> dict[str, str]:
    """A phrase of the page's catalogues in every language."""
    return {language: str(load_words(language)[key]) for language in LANGUAGES}


def text_in(text: Text, language: str) -> str:
    """Give a text in one language, else in the first that it has."""
    return text if isinstance(text, str) else text.get(language) or next(iter(text.values()), "")


_MARKS = {
    "en": (",", "."),
    "ru": ("\N{NO-BREAK SPACE}", ","),
    "kk": ("\N{NO-BREAK SPACE}", ","),
    "fr": ("\N{NARROW NO-BREAK SPACE}", ","),
    "nl": (".", ","),
}
"""Marks of a language between thousands and before decimals."""


def number_in(language: str, value: float, digits: int = 0, *, signed: bool = False) -> str:
    """Write a number with the marks of a language: ``1,234.5``, ``1 234,5``, ``1.234,5``; minus is ``−``."""
    thousands, point = _MARKS[language]
    text = f"{abs(value):,.{digits}f}"
    zero = not text.strip("0.,")
    sign = "" if zero else "−" if value < 0 else "+" if signed else ""
    return sign + text.replace(",", "\0").replace(".", point).replace("\0", thousands)
