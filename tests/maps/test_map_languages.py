"""The page in each language, in a real browser: what is shown is what the tables say, written that language's way."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from test_map_words import PLURAL_FORMS
from toy_details import NAMES_RU, make_detailed
from visit import Visit

import maps
from maps.words import LANGUAGES, load_place_names, load_words

pytestmark = pytest.mark.browser

DECIMAL = {"en": ".", "ru": ",", "kk": ",", "fr": ",", "nl": ","}
THOUSAND = {"en": ",", "ru": "\xa0", "kk": "\xa0", "fr": "\u202f", "nl": "."}
DATE = {
    "en": "March 5, 2026",
    "ru": "5 марта 2026 г.",
    "kk": "2026 ж. 5 наурыз",
    "fr": "5 mars 2026",
    "nl": "5 maart 2026",
}
JANUARY = {"en": "January", "ru": "январь", "kk": "қаңтар", "fr": "janvier", "nl": "januari"}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tables, details = make_detailed()
    drawn = maps.draw_routes(
        *tables.as_arguments(),
        title={"en": "Ways out for flaxseed", "ru": "Пути вывоза льна"},
        notes=[{"en": "Invented.", "ru": "Вымышлено."}],
        attribution=["© GeoNames", {"en": "lines © OpenStreetMap", "ru": "линии © OpenStreetMap"}],
        as_of=date(2026, 3, 5),
        version="7",
        **details,
    )
    return drawn.save(tmp_path_factory.mktemp("languages") / "routes.html")


def written(value: float, digits: int, language: str) -> str:
    """A number the language's way, made without the browser."""
    plain = f"{value:,.{digits}f}"
    return plain.translate({ord(","): THOUSAND[language], ord("."): DECIMAL[language]})


@pytest.mark.parametrize("language", LANGUAGES)
def test_switching_shows_the_table_in_that_language(browser: Any, file: Path, language: str) -> None:
    tables, _ = make_detailed()
    words = load_words(language)
    with Visit(browser, file.as_uri()) as visit:
        visit.page.select_option("#language", language)
        assert visit.page.evaluate("document.documentElement.lang") == language
        assert visit.address.get("lang") == (None if language == "en" else language)
        assert visit.page.title() == ("Пути вывоза льна" if language == "ru" else "Ways out for flaxseed")
        names = [
            NAMES_RU[n] if language == "ru" and NAMES_RU[n] else name for n, name in enumerate(tables.routes["name"])
        ]
        assert visit.texts("button .card-name") == names
        shown = visit.texts("button.card .figure-value")
        for number, route in enumerate(tables.routes.to_dict("records")):
            days, usd, km, kg = shown[4 * number : 4 * number + 4]
            assert days.startswith(written(route["time_h"] / 24, 1, language) + "\xa0")
            assert usd.strip("$/tт\xa0") == written(route["cost_usd_per_t"], 1, language)
            assert km == words["km"].format(n=written(route["distance_km"], 0, language))
            assert kg == words["kg_per_t"].format(n=written(route["co2e_kg_per_t"], 1, language))
        stops = tables.stops[tables.stops.route_id == 1]["name"]
        expected = [load_place_names().get(name, {}).get(language, name) for name in stops]
        assert visit.texts(".stop-row .step-name") == expected
        total = tables.routes.loc[0, "distance_km"]
        assert visit.texts(".legs tfoot td")[0] == written(total, 0, language)
        assert words["as_of"].format(date=DATE[language]) in visit.texts(".notes li")
        assert ("Вымышлено." if language == "ru" else "Invented.") == visit.texts(".notes li")[0]
        own = "линии © OpenStreetMap" if language == "ru" else "lines © OpenStreetMap"
        assert visit.texts(".credits") == [f"Leaflet · Natural Earth · © GeoNames · {own}"]
        assert visit.texts(".credits a") == ["Leaflet", "Natural Earth", "OpenStreetMap"]
        assert visit.texts(".printed-credits")[0].endswith(own)
        assert words["disclaimer"] in visit.texts(".notes li")
        visit.page.focus("#month")
        visit.page.keyboard.press("ArrowRight")
        assert visit.texts("#month-name") == [JANUARY[language]]
        assert visit.complaints == []


def test_the_browser_knows_the_same_plural_forms(browser: Any, file: Path) -> None:
    with Visit(browser, file.as_uri()) as visit:
        for language, forms in PLURAL_FORMS.items():
            known = visit.page.evaluate(
                "(tag) => new Intl.PluralRules(tag).resolvedOptions().pluralCategories", language
            )
            assert set(known) == forms, language


@pytest.mark.parametrize(("count", "words"), [(1, "день"), (2, "дня"), (5, "дней"), (21, "день"), (1.5, "дня")])
def test_russian_days_agree_with_their_number(browser: Any, file: Path, count: float, words: str) -> None:
    digits = 0 if count == int(count) else 1
    with Visit(browser, file.as_uri() + "#lang=ru") as visit:
        phrase = visit.page.evaluate(
            """([count, digits]) => new Speech(JSON.parse(document.getElementById('routes').textContent).words, 'ru')
                .unit('days', count, digits)""",
            [count, digits],
        )
        assert phrase == f"{written(count, digits, 'ru')}\xa0{words}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("width", "height"), [(1400, 900), (820, 1180), (390, 800)])
def test_nothing_runs_over(browser: Any, file: Path, language: str, width: int, height: int) -> None:
    for panel in ("legs", "charts", "compare", "certainty"):
        address = f"{file.as_uri()}#lang={language}&panel={panel}&scenario=Kuryk+closed&month=1"
        with Visit(browser, address, width, height, wait_for=f"#panel-{panel}") as visit:
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
            over = visit.page.evaluate(
                """() => [...document.querySelectorAll('.panel *, .legend, .credits')].filter((node) => {
                    const own = node.getBoundingClientRect();
                    if (own.width === 0 || node.closest('.unseen, .strip, svg')) return false;
                    const room = node.closest('.card, .table-frame, .chart-frame, .panel > *, .map-frame');
                    return room && room !== node && own.right > room.getBoundingClientRect().right + 1.5;
                }).map((node) => `${node.className}: ${node.textContent.slice(0, 40)}`)"""
            )
            assert over == [], panel
            boxes = visit.page.evaluate(
                """() => [...document.querySelectorAll('.map-label:not([hidden]), .leaflet-control')].map((node) => {
                    const box = node.getBoundingClientRect();
                    return [box.left, box.top, box.right, box.bottom, node.textContent]; })"""
            )
            for number, a in enumerate(boxes):
                for b in boxes[number + 1 :]:
                    apart = a[2] <= b[0] + 1 or b[2] <= a[0] + 1 or a[3] <= b[1] + 1 or b[3] <= a[1] + 1
                    assert apart, f"{a[4]!r} covers {b[4]!r}"
            assert visit.complaints == []
