"""A page of places: a map of lines, areas and spots, and beside it a table that says the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

import numpy as np

from maps.base import OfflineMap
from maps.basemap import QUANTUM_DEG, credits_of
from maps.cells import Record
from maps.errors import BadTableError
from maps.page import fill_frame, read_template
from maps.words import LANGUAGES, Text, all_words, check_text, load_words, text_in

_STYLES = ("route_map.css", "panel.css", "atlas.css", "print.css")
_SCRIPTS = (
    "speech.js",
    "address.js",
    "notes.js",
    "controls.js",
    "funnel.js",
    "atlas_table.js",
    "atlas_layers.js",
    "atlas.js",
)
LEAST_VIEW_DEG = 4.0
"""Height and width of a view at the least."""
MANY = 40
FAR_OFF = 0.02
"""Of more than `MANY` places this share is left out at each edge of the view."""


@dataclass(frozen=True)
class Frame:
    """What stands around a map of places: plain text, or language → plain text; never read as HTML."""

    title: Text
    subtitle: Text = ""
    notes: Sequence[Text] = ()
    attribution: Sequence[Text] = ()
    language: str = "en"
    as_of: date | None = None
    version: str = ""

    def told(self, disclaimer: Text | None = None) -> Record:
        """What every page carries of it beside its tables: words of all languages, title, notes, credits."""
        last = all_words("disclaimer") if disclaimer is None else check_text(disclaimer, "disclaimer")
        return {
            "language": self.language,
            "words": {name: load_words(name) for name in LANGUAGES},
            "title": check_text(self.title, "title"),
            "subtitle": check_text(self.subtitle, "subtitle"),
            "notes": [*(check_text(note, "notes") for note in self.notes), last],
            "asOf": self.as_of.isoformat() if self.as_of else "",
            "version": self.version,
            "credits": credits_of(self.attribution),
        }

    def page_map(self, template: str, styles: Sequence[str], scripts: Sequence[str]) -> OfflineMap:
        """Begin a page: a template of ``maps/templates`` with the frame's texts and words, its styles and scripts."""
        title = text_in(self.title, self.language)
        page_map = OfflineMap(title, language=self.language)
        texts = load_words(self.language) | {"title": title, "subtitle": text_in(self.subtitle, self.language)}
        page_map.page.body = fill_frame(template, texts)
        for name in styles:
            page_map.add_style(read_template(name))
        for name in scripts:
            page_map.add_script(read_template(name))
        return page_map


@dataclass(frozen=True)
class Column:
    """
    A column of the table.

    Attributes
    ----------
    label
        Its head.
    unit
        Key of the catalogue for numbers, e.g. ``"km"``; "" for text.
    digits
        Of numbers, after the decimal point.
    words
        Whether cells are lists of keys of the catalogue, such as modes.
    in_table
        Or only where a place is looked at closely.

    """

    label: Text
    unit: str = ""
    digits: int = 0
    words: bool = False
    in_table: bool = True


@dataclass(frozen=True)
class Group:
    """
    Places, and areas around them, that look alike.

    Attributes
    ----------
    sign
        Letter or number in the spot: colour alone never carries the meaning.
    pattern
        Number of a pattern of areas, 0 to 7.
    small
        Whether spots are dots without a sign.
    area
        Whether the key shows a patch of area.
    count
        How many places are told in the panel; None for no line there.

    """

    id: str
    label: Text
    colour: str
    sign: str = ""
    pattern: int = 0
    opacity: float = 0.75
    small: bool = False
    area: bool = False
    count: int | None = None


@dataclass
class Atlas:
    """
    The parts of a page of places; `page` makes it.

    Attributes
    ----------
    places
        ``name`` (record with translations), ``lat``, ``lon``, ``group``, ``cells`` (one a column), ``zoom`` from which
        it is named; optional ``also`` (other names to be found by) and ``facts`` (figures with source and year).
    lines
        ``label`` or ``word``, ``colour``, ``dash``, ``width``, ``opacity``, ``packed``, ``shown``, ``km``.
    areas
        ``group`` and ``packed`` rings.
    shut
        ``label`` (the reason) and ``at``, a list of [lon, lat].
    funnels
        ``title`` and ``stages``: ``name``, ``low``, ``base``, ``high``, ``what``, ``source``, ``year``, ``confidence``.

    """

    frame: Frame
    columns: Sequence[Column]
    groups: Sequence[Group]
    places: list[Record]
    key_title: Text = ""
    count_word: str = "places_found"
    radius_km: float = 0.0
    lines: list[Record] = field(default_factory=list)
    areas: list[Record] = field(default_factory=list)
    shut: list[Record] = field(default_factory=list)
    funnels: list[Record] = field(default_factory=list)
    view: Sequence[float] = ()

    def page(self) -> OfflineMap:
        """
        Put the page together.

        Raises
        ------
        BadTableError
            There is no place.
        AssetError
            There is no catalogue for the frame's language.

        """
        if not self.places:
            raise BadTableError("table 'places' has no row: there is nothing to show")
        page_map = self.frame.page_map("atlas.html", _STYLES, _SCRIPTS)
        page_map.page.add_data("atlas", self._data())
        page_map.start(f"startAtlas({page_map.name});")
        return page_map

    def _data(self) -> Record:
        return {
            **self.frame.told(),
            "keyTitle": check_text(self.key_title, "key title") if self.key_title else "",
            "countWord": self.count_word,
            "quantum": QUANTUM_DEG,
            "radiusKm": self.radius_km,
            "view": list(self.view) or view_of(self.places),
            "columns": [asdict(column) for column in self.columns],
            "groups": [asdict(group) for group in self.groups],
            "places": self.places,
            "lines": self.lines,
            "areas": self.areas,
            "shut": self.shut,
            "funnels": self.funnels,
        }


def view_of(places: Sequence[Record]) -> list[float]:
    """West, south, east, north around places, in degrees; of many, the few far off do not count."""
    away = FAR_OFF if len(places) > MANY else 0.0
    (west, east), (south, north) = (
        np.quantile([place[name] for place in places], [away, 1 - away]).tolist() for name in ("lon", "lat")
    )
    wide, tall = (max(0.0, LEAST_VIEW_DEG - span) / 2 for span in (east - west, north - south))
    return [west - wide, south - tall, east + wide, north + tall]
