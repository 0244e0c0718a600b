"""Where the length of a leg comes from, in the languages of a page: what kind of length it is, and who says so."""

from __future__ import annotations

import re
from collections.abc import Iterable

from corridor.page_words import all_languages, phrase
from geodata.vocabulary import Mode
from maps.words import LANGUAGES, load_words, number_in

Texts = dict[str, str]
"""Language → text."""
OF_MODE = {Mode.SEA: "lengths of the sea lanes of searoute"}
PLAIN = {"package": "line lengths of OpenStreetMap", "drawn": "drawn by hand"}
UNSAID = ("weld", "none", "")
GREAT_CIRCLE = "great circle × detour factor"
"""Of ways that are no line of the network."""
_CIRCLE = re.compile(r"great circle × (?P<factor>[\d.]+|detour factor)")
_MARKS = re.compile(r"(?:(?P<source>[^(;]+), )?kilometre (?:marks|posts)\b")
_GUESS = re.compile(r"(?:.*\blength: )?general knowledge\b(?:.*?\bconfidence (?P<confidence>high|medium|low))?")
_MEASURED = re.compile(r"(?:measured in|sailed length over the lanes of) (?P<source>[^(;]+)")
_CITATION = re.compile(r"[^(;]+")


def length_sources(sources: Iterable[tuple[str, str]]) -> Texts:
    """
    Where the lengths of a leg come from, language → text.

    Parameters
    ----------
    sources
        Mode and ``length_source`` of links. Those whose length needs no source are left out.

    Returns
    -------
    dict
        English with every remark; other languages with the kind of length and the name or address of the source, as
        remarks are written in English.
    """
    told = [
        _told(mode, one)
        for mode, source in dict.fromkeys(sources)
        for one in source.split(" + ")
        if one not in UNSAID
    ]  # fmt: skip
    return {language: "; ".join(dict.fromkeys(text[language] for text in told)) for language in LANGUAGES}


def _told(mode: str, source: str) -> Texts:
    if source in PLAIN:
        of_mode = OF_MODE.get(Mode(mode)) if source == "package" else None
        return all_languages(of_mode or PLAIN[source])
    return _by_kind(source) | {"en": source}


def _by_kind(source: str) -> Texts:
    if found := _CIRCLE.match(source):
        circle, factor = all_languages("great circle"), found["factor"]
        factors = {one: number_in(one, float(factor), 1) for one in LANGUAGES} if factor[0].isdigit() else None
        times = factors or all_languages(factor)
        return phrase("estimate: {source}", source={one: f"{circle[one]} × {times[one]}" for one in LANGUAGES})
    if found := _MARKS.match(source):
        return phrase("kilometre marks: {source}", source=found["source"] or all_languages("general knowledge"))
    if found := _GUESS.match(source):
        return phrase("estimate: {source}", source=_general_knowledge(found["confidence"]))
    if found := _MEASURED.match(source):
        return phrase("measured along the lines of {source}", source=found["source"].strip())
    citation = _CITATION.match(source)
    return phrase("as stated by {source}", source=citation[0].strip() if citation else source)


def _general_knowledge(confidence: str | None) -> Texts:
    known = all_languages("general knowledge")
    if confidence is None:
        return known
    return {one: f"{text}, {load_words(one)[f'confidence_{confidence}']}" for one, text in known.items()}
