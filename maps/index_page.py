"""The index of a study: what its pages answer, in a minute and in five languages; small and offline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

from maps.escape import escape_text
from maps.page import Page, read_template
from maps.words import LANGUAGES, Text, check_text, load_words, number_in, text_in

WIDTH, HEIGHT = 300, 150
"""Of the small picture of an entry, in CSS pixels."""
EDGE_PX = 26
FIGURES = (("axis_days", 1), ("col_usd", 0), ("col_kg", 0))
"""Heads of the columns of figures and digits after the decimal point."""


@dataclass(frozen=True)
class Way:
    """A way of an entry: its letter on the page, its name, days, US dollars a tonne and kilograms of CO2e a tonne."""

    letter: str
    name: Text
    figures: tuple[float, float, float]
    badges: Sequence[str] = ()
    """Keys of the catalogue, such as ``badge_cheapest``."""


@dataclass(frozen=True)
class Effect:
    """What a scenario does on a page: its cheapest way then (None for none), how much more it takes, what is shut."""

    scenario: Text
    way: Text | None
    more_days: float
    more_usd_per_t: float
    shut: int
    corridors: int


@dataclass(frozen=True)
class Entry:
    """One page listed: its file beside the index, and what it answers; `reason` where it has no way."""

    file: str
    title: Text
    subtitle: Text
    ways: Sequence[Way] = ()
    effects: Sequence[Effect] = ()
    reason: Text = ""
    files: Sequence[tuple[str, str]] = ()


@dataclass
class _Texts:
    """Texts of the page: English in the markup, all languages in its data."""

    shown: list[dict[str, str]] = field(default_factory=list)

    def tag(self, name: str, text: Text, attributes: str = "") -> str:
        """An element whose text a script can put in another language."""
        plain = check_text(text, "index")
        if isinstance(plain, str) or len(set(plain.values())) == 1:
            return f"<{name}{attributes}>{escape_text(text_in(plain, 'en'))}</{name}>"
        self.shown.append({language: text_in(plain, language) for language in LANGUAGES})
        return f'<{name} data-text="{len(self.shown) - 1}"{attributes}>{escape_text(text_in(plain, "en"))}</{name}>'

    def word(self, name: str, key: str, attributes: str = "") -> str:
        """An element with a phrase of the catalogues."""
        return self.tag(name, _each(lambda language: str(load_words(language)[key])), attributes)


def index_page(
    title: Text,
    note: Text,
    entries: Sequence[Entry],
    *,
    told: Sequence[tuple[Text, Text]] = (),
    facts: Sequence[tuple[str, Text]] = (),
    more: Sequence[tuple[str, Text]] = (),
    notes: Sequence[Text] = (),
) -> str:
    """
    Write the page.

    Parameters
    ----------
    title, note, notes
        Plain text, or language → plain text; escaped here.
    told
        Name of a scenario and what it assumes, each.
    facts
        Key of the catalogue and what holds, each.
    more
        Other pages: file and title, each.

    Returns
    -------
    str
        One HTML document that requests nothing; without its script it is in English.

    """
    texts = _Texts()
    parts = [
        f'<header><div class="language"><label for="language">{escape_text(load_words("en")["language"])}</label>'
        f'<select id="language">{_options()}</select></div>{texts.tag("h1", title)}',
        (texts.tag("p", note, ' class="note"') if note else "") + _facts(texts, facts) + "</header>",
        '<ul class="pages">' + "".join(_entry(texts, entry) for entry in entries) + "</ul>",
        _scenarios(texts, told),
        _more(texts, more),
        "<footer>" + "".join(texts.tag("p", text) for text in notes if text) + "</footer>",
    ]
    page = Page(title=text_in(title, "en"), language="en", body="<main>" + "\n".join(filter(None, parts)) + "</main>")
    page.add_style(read_template("index_page.css"))
    titles, label = (_each(lambda each: text_in(title, each)), _each(lambda each: str(load_words(each)["language"])))
    page.add_data("texts", {"texts": texts.shown, "title": titles, "label": label})
    page.add_script(read_template("index_page.js"))
    return page.to_html()


def _each(text: Callable[[str], str]) -> dict[str, str]:
    return {language: text(language) for language in LANGUAGES}


def _options() -> str:
    names = {code: escape_text(load_words(code)["endonym"]) for code in LANGUAGES}
    return "".join(f'<option value="{code}" lang="{code}">{name}</option>' for code, name in names.items())


def _number(value: float, digits: int = 0, *, signed: bool = False) -> dict[str, str]:
    return _each(lambda language: number_in(language, value, digits, signed=signed))


def _facts(texts: _Texts, facts: Sequence[tuple[str, Text]]) -> str:
    if not facts:
        return ""
    told = "".join(f"<div>{texts.word('dt', key)}{texts.tag('dd', text)}</div>" for key, text in facts)
    return f'<dl class="facts">{told}</dl>'


def _entry(texts: _Texts, entry: Entry) -> str:
    title, subtitle = texts.tag("span", entry.title), texts.tag("p", entry.subtitle)
    head = f'<h2><a href="{quote(entry.file)}">{title}</a></h2>{subtitle}'
    files = " · ".join(f'<a href="{quote(file)}">{escape_text(name)}</a>' for name, file in entry.files)
    if not entry.ways:
        body = texts.tag("p", entry.reason, ' class="reason"')
    else:
        best = [way for way in entry.ways if way.badges]
        heads = "".join(texts.word("th", key, ' scope="col" class="figure"') for key, _ in FIGURES)
        way_head = texts.word("th", "way_found", ' scope="col"')
        rows = "".join(_row(texts, way) for way in best)
        body = (
            f"<table><thead><tr>{way_head}{heads}</tr></thead><tbody>{rows}</tbody></table>"
            f"{_picture(texts, entry.ways)}{_effects(texts, entry.effects)}"
        )
    return f"<li>{head}{body}" + (f'<p class="files">{files}</p>' if files else "") + "</li>"


def _row(texts: _Texts, way: Way) -> str:
    badges = "".join(texts.word("span", key, ' class="badge"') for key in way.badges)
    cells = "".join(
        texts.tag("td", _number(value, digits), ' class="figure"')
        for value, (_, digits) in zip(way.figures, FIGURES, strict=True)
    )
    name = f'<span class="letter">{escape_text(way.letter)}</span> {texts.tag("span", way.name)}'
    return f'<tr><th scope="row">{name}<span class="badges">{badges}</span></th>{cells}</tr>'


def _picture(texts: _Texts, ways: Sequence[Way]) -> str:
    """Cost against days, a lettered disc a way; both axes begin at 0."""
    days, usd = (1.08 * max(way.figures[place] for way in ways) or 1.0 for place in (0, 1))
    wide, tall = WIDTH - EDGE_PX - 8, HEIGHT - EDGE_PX - 8
    discs = []
    for way in sorted(ways, key=lambda way: bool(way.badges)):  # the best lie on top
        x, y = EDGE_PX + wide * way.figures[0] / days, 8 + tall * (1 - way.figures[1] / usd)
        if not way.badges:
            discs.append(f'<circle class="disc" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>')
            continue
        discs.append(f'<circle class="best" cx="{x:.1f}" cy="{y:.1f}" r="8"/>')
        place = f'x="{x:.1f}" y="{y + 3.4:.1f}" text-anchor="middle"'
        discs.append(f'<text class="best" {place}>{escape_text(way.letter)}</text>')
    left, foot = EDGE_PX, HEIGHT - EDGE_PX
    axes = f'<path class="axis" d="M{left} 8V{foot}H{WIDTH - 8}"/>'
    ends = (
        f'<text class="end" x="{left - 4}" y="14" text-anchor="end">{usd:.0f}</text>'
        f'<text class="end" x="{left - 4}" y="{foot}" text-anchor="end">0</text>'
        f'<text class="end" x="{WIDTH - 8}" y="{foot + 12}" text-anchor="end">{days:.0f}</text>'
    )
    names = texts.word("text", "col_usd", f' class="name" x="{left + 5}" y="16"') + texts.word(
        "text", "axis_days", f' class="name" x="{WIDTH - 26}" y="{foot + 12}" text-anchor="end"'
    )
    label = texts.word("title", "cost_and_days")
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img">{label}{axes}{ends}{names}{"".join(discs)}</svg>'


def _effects(texts: _Texts, effects: Sequence[Effect]) -> str:
    if not effects:
        return ""
    heads = texts.word("th", "cheapest_then", ' scope="col"') + "".join(
        texts.word("th", key, ' scope="col" class="figure"') for key in ("col_usd", "axis_days", "corridors_shut")
    )
    rows = "".join(_effect(texts, effect) for effect in effects)
    table = f'<table class="effects"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    return texts.word("h3", "what_if") + table


def _effect(texts: _Texts, effect: Effect) -> str:
    if effect.way is None:
        way, figures = texts.word("span", "no_way", ' class="reason"'), '<td class="figure">–</td>' * 2
    else:
        way = texts.tag("span", effect.way, ' class="way"')
        figures = "".join(
            texts.tag("td", _number(value, digits, signed=True), ' class="figure"')
            for value, digits in ((effect.more_usd_per_t, 0), (effect.more_days, 1))
        )
    shut = _each(lambda each: str(load_words(each)["of_all"]).format(n=effect.shut, all=effect.corridors))
    none = "" if effect.shut or effect.way is None or round(effect.more_usd_per_t) else ' class="same"'
    name, counted = texts.tag("span", effect.scenario, ' class="scenario"'), texts.tag("td", shut, ' class="figure"')
    return f'<tr{none}><th scope="row">{name}{way}</th>{figures}{counted}</tr>'


def _scenarios(texts: _Texts, told: Sequence[tuple[Text, Text]]) -> str:
    if not told:
        return ""
    blocks = "".join(
        f"<details>{texts.tag('summary', name)}{texts.tag('p', note)}</details>" for name, note in told if note
    )
    return f'<section>{texts.word("h2", "what_it_is")}<div class="told">{blocks}</div></section>'


def _more(texts: _Texts, more: Sequence[tuple[str, Text]]) -> str:
    if not more:
        return ""
    links = "".join(f'<li><a href="{quote(file)}">{texts.tag("span", title)}</a></li>' for file, title in more)
    return f'<section>{texts.word("h2", "more_maps")}<ul class="links">{links}</ul></section>'
