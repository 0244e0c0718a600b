"""Sentences of a page in its languages: what is shut, why and when, by which gateways a route goes, why none does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from corridor.closures import MOST_NAMED, Closure, ClosureKind, NoWay
from corridor.page_words import all_languages, phrase, place_names
from corridor.periods import ALWAYS, MONTHS, Period

Say = Callable[[str], str]
"""A text as the tables have it → how a language says it, or the text itself."""


def cells(column: str, texts: dict[str, str]) -> dict[str, str]:
    """Cells of a table that `maps.draw_routes` takes: in English, and in the languages that say it otherwise."""
    english = texts["en"]
    return {column: english} | {
        f"{column}_{language}": text for language, text in texts.items() if text != english and language != "en"
    }


def via(gateways: Sequence[str]) -> dict[str, str]:
    """By which gateways a route goes, language → text."""
    return _told(f"via {' · '.join(gateways)}", lambda say: f"{say('via')} {' · '.join(map(say, gateways))}")


def closures(shut: Iterable[Closure]) -> dict[str, str]:
    """What is shut, why and when, language → text."""
    every = tuple(shut)
    return _told("; ".join(map(str, every)), lambda say: "; ".join(_closure(closure, say) for closure in every))


def no_route(why: object) -> dict[str, str]:
    """Why there is no route, and what would restore one, language → text; `why` is that of a `NoRouteError`."""
    why = why if isinstance(why, NoWay) else NoWay()
    parts = []
    if why.unit:
        modes = [all_languages(mode) for mode in why.modes]
        parts.append(phrase("{unit}: only {modes}", unit=all_languages(why.unit), modes=_joined(", ", modes)))
    if why.unable:
        parts.append(phrase("not loaded here: {names}", names=_joined(", ", map(place_names, why.unable))))
    if why.closures:
        parts.append(_joined(": ", [all_languages("closed"), closures(why.closures)]))
    if not why.restoring:
        parts.append(all_languages("the network joins these places by no open way"))
    else:
        bare = [[replace(one, reason="", when=ALWAYS) for one in group] for group in why.restoring]
        groups = [_joined(" + ", (closures([one]) for one in group)) for group in bare]
        parts.append(phrase("a route again if reopened: {names}", names=_joined(" / ", groups)))
    return _joined(" · ", parts)


def _joined(between: str, parts: Iterable[dict[str, str]]) -> dict[str, str]:
    told = list(parts)
    return {language: between.join(part[language] for part in told) for language in told[0]}


def _told(english: str, tell: Callable[[Say], str]) -> dict[str, str]:
    others = {language: tell(_say(language)) for language in all_languages("") if language != "en"}
    return {"en": english} | others


def _say(language: str) -> Say:
    def say(text: str) -> str:
        told = all_languages(text)[language]
        return told if told != text else place_names(text)[language]

    return say


def _closure(closure: Closure, say: Say) -> str:
    target = say(closure.target) + (f"–{say(closure.end)}" if closure.end else "")
    label = target if closure.kind is ClosureKind.GATEWAY else f"{say(str(closure.kind))} {target}"
    if closure.by_mode:
        label += f", {say(closure.by_mode)}"
    if closure.commodities:
        every = closure.commodities
        shown = every if len(every) <= MOST_NAMED else every[:2]
        more = f" +{len(every) - len(shown)}" if len(every) > len(shown) else ""
        label += f": {', '.join(map(say, shown))}{more}"
    why = [say(closure.reason)] if closure.reason else []
    when = [text for text in [_period(closure.when, say)] if text]
    return f"{label} ({', '.join(why + when)})" if why + when else label


def _period(period: Period, say: Say) -> str:
    if period.months:
        text = str(period)
        for month in MONTHS:
            text = text.replace(month, say(month))
        return text.replace(" and ", ", ").replace("all year", say("all year"))
    since, until = (_day(day) if day else "" for day in (period.since, period.until))
    if since and until:
        return since if since == until else f"{since}–{until}"
    return f"{say('from')} {since}" if since else f"{say('until')} {until}" if until else ""


def _day(day: date) -> str:
    return f"{day.day:02}.{day.month:02}.{day.year}"
