"""What the index of a report says of its pages and scenarios, and which maps stand beside them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from corridor.compare import best_at
from corridor.draw_places import draw_hinterland, draw_network, draw_reach, draw_terminals
from corridor.page_tables import OTHER_WAY
from corridor.page_words import all_languages, in_languages, phrase, place_names
from corridor.rates import Rates
from corridor.reach import hinterland, reach
from corridor.route import Route
from corridor.study import Study
from geodata.network import Network
from maps.words import LANGUAGES, load_words

if TYPE_CHECKING:
    from maps import OfflineMap
    from maps.index_page import Effect, Entry

Tell = Callable[[int, int, str], None]
"""Called with parts done, parts in all, and what comes next."""
SHOWN_BADGES = ("cheapest", "fastest", "lowest CO2e")
OBJECTIVE_WORDS = {"time_h": "time", "cost_usd": "cost", "co2e_kg": "co2e", "distance_km": "distance"}


class Steps:
    """Counts parts of pages, of which each has as many as the first, and then the maps, a part each."""

    def __init__(self, tell: Tell, pages: int, maps: int) -> None:
        self._tell, self._pages, self._maps = tell, pages, maps
        self._page, self._what, self._parts = -1, "", 1

    def begin(self, what: str) -> None:
        """A page begins."""
        self._page, self._what = self._page + 1, what
        self._say(0, "")

    def part(self, done: int, parts: int, what: str) -> None:
        """Of a page's scenarios in months so many are done."""
        self._parts = parts + 1
        self._say(done, f": {what}")

    def next(self, what: str) -> None:
        """The last part of a page begins."""
        self._say(self._parts - 1, f": {what}")

    def map(self, number: int, what: str) -> None:
        """A map begins; after the last one, all is done."""
        whole = self._pages * self._parts
        self._tell(whole + number, whole + self._maps, what)

    def _say(self, done: int, what: str) -> None:
        self._tell(self._page * self._parts + done, self._pages * self._parts + self._maps, self._what + what)


@dataclass(frozen=True)
class MorePage:
    """A map beside the pages of the ways."""

    file: str
    title: Mapping[str, str]
    draw: Callable[[], OfflineMap]


def more_pages(study: Study, network: Network, rates: Rates | None) -> Iterator[MorePage]:
    """The maps that a study wants, not yet drawn."""
    shipment = study.shipments[0]
    if "network" in study.maps:
        yield MorePage(
            "map-network.html", all_languages("The network by mode and gauge"), partial(draw_network, network)
        )
    if "terminals" in study.maps:
        yield MorePage(
            "map-terminals.html", all_languages("Terminals and their capacity"), partial(draw_terminals, network)
        )
    if "reach" in study.maps:
        for origin in study.origins:

            def draw_it(origin: str = origin) -> OfflineMap:
                return draw_reach(reach(network, origin, shipment, rates=rates), origin, shipment, network=network)

            title = phrase("How far {name} reaches", name=place_names(origin))
            yield MorePage(f"map-reach-{_plain(origin)}.html", title, draw_it)
    if "hinterland" in study.maps:
        for destination in study.destinations:

            def draw_them(destination: str = destination) -> OfflineMap:
                table = hinterland(network, destination, study.gateways, shipment, rates=rates)
                return draw_hinterland(table, destination, shipment, network=network)

            title = phrase("Best gateways to {name}", name=place_names(destination))
            yield MorePage(f"map-hinterland-{_plain(destination)}.html", title, draw_them)


def _plain(name: str) -> str:
    text = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-") or "place"


def entry_of(
    file: str, title: Mapping[str, str], subtitle: Mapping[str, str], routes: Sequence[Route],
    effects: Sequence[Effect], reason: Mapping[str, str] | str,
    files: Sequence[tuple[str, str]],
) -> Entry:  # fmt: skip
    """A page as the index lists it."""
    from maps.index_page import Entry, Way

    ways = [
        Way(
            chr(ord("A") + number),
            _name(route),
            (route.days, route.cost_usd_per_t, route.co2e_kg_per_t),
            [f"badge_{badge.lower().replace(' ', '_')}" for badge in badges if badge in SHOWN_BADGES],
        )
        for number, (route, badges) in enumerate(zip(routes, best_at(routes), strict=True))
    ]
    return Entry(file, title, subtitle, ways, effects, reason, files)


def effect_of(routes: Sequence[Route], table: pd.DataFrame, scenario: str) -> Effect:
    """What a scenario, as it is, does to the cheapest way of a page, from its table of what-ifs."""
    from maps.index_page import Effect

    title = all_languages(scenario)
    rows = table[(table["scenario"] == scenario) & table["month"].isna()]
    still = rows[rows["cost_usd_per_t"].notna()]
    shut = len(rows) - len(still)
    if not len(still):
        return Effect(title, None, 0.0, 0.0, shut, len(rows))
    now = still.loc[still["cost_usd_per_t"].idxmin()]
    before = min(routes, key=lambda route: route.cost_usd)
    return Effect(
        title,
        _name(routes[int(now["route_id"]) - 1]),
        float(now["time_h"]) / 24 - before.days,
        float(now["cost_usd_per_t"]) - before.cost_usd_per_t,
        shut,
        len(rows),
    )


def facts_of(study: Study) -> list[tuple[str, Mapping[str, str] | str]]:
    """What holds for all pages: the objective and the months."""
    word = OBJECTIVE_WORDS.get(study.minimize)
    best: Mapping[str, str] | str = study.minimize
    if word:
        best = {language: str(load_words(language)[word]) for language in LANGUAGES}
    if not study.months:
        return [
            ("best_by", best),
            ("months_asked", {each: str(load_words(each)["average_year"]) for each in LANGUAGES}),
        ]
    return [("best_by", best), ("months_asked", ", ".join(map(str, study.months)))]


def _name(route: Route) -> dict[str, str]:
    cells = in_languages("name", route.corridor or OTHER_WAY)
    return {language: cells.get(f"name_{language}", cells["name"]) for language in LANGUAGES}
