"""
What pages say of corridors, items, units, cargo, scenarios, studies and notes, in the languages of a page.

One catalogue a language, ``corridor/locale/<language>.json``: a text as the tables have it → how a page says it. The
English catalogue has only names that are no English, such as those of scenarios.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from maps.words import LANGUAGES, load_place_names, load_words


@cache
def page_words() -> dict[str, dict[str, str]]:
    """A text as the tables have it → language → how a page says it. Do not modify."""
    result: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        for text, words in load_words(language, "corridor").items():
            result.setdefault(text, {})[language] = str(words)
    return result


def all_languages(text: str) -> dict[str, str]:
    """Language → text; where a language has no translation, the English text, else the text itself."""
    text = " ".join(text.split())
    known = page_words().get(text, {})
    return {language: known.get(language) or known.get("en", text) for language in LANGUAGES}


def in_languages(column: str, text: str, more: str = "") -> dict[str, str]:
    """
    Cells of a table that `maps.draw_routes` takes: `column` as it is, and ``column_ru`` and so on as far as known.

    A text that has no translation is shown as it is in every language; `more`, such as figures, follows it in each.
    """
    translated = page_words().get(text, {})
    return {column: text + more} | {f"{column}_{language}": words + more for language, words in translated.items()}


def sentences_in_languages(column: str, sentences: Sequence[str]) -> dict[str, str]:
    """Cells as those of `in_languages`, of sentences one after the other, such as the notes of a route."""
    told = [all_languages(sentence) for sentence in sentences]
    joined = {f"{column}_{language}": " ".join(one[language] for one in told) for language in LANGUAGES}
    return {column: " ".join(sentences)} | (joined if sentences else {})


def place_names(name: str) -> dict[str, str]:
    """Language → the name of a place there, as far as maps know it, else as given."""
    known = load_place_names().get(name, {})
    return {language: known.get(language, name) for language in LANGUAGES}


def phrase(text: str, **parts: str | Mapping[str, str]) -> dict[str, str]:
    """Language → a phrase of the catalogues with its gaps filled, by texts in that language where they are known."""
    filled = {}
    for language, words in all_languages(text).items():
        own = {name: part if isinstance(part, str) else part[language] for name, part in parts.items()}
        filled[language] = words.format(**own)
    return filled
