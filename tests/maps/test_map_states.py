"""What the page makes of the optional tables, and of anything a reader may do to it."""

import random
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from page_reader import PAYLOADS
from toy_details import make_detailed
from toy_routes import Tables
from visit import Visit

import maps

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    tables, details = make_detailed()
    drawn = maps.draw_routes(*tables.as_arguments(), title="Toy", attribution=["© OpenStreetMap"], **details)
    return drawn.save(tmp_path_factory.mktemp("states") / "routes.html")


def test_a_chip_tells_what_changes_on_each_card(browser: Any, file: Path) -> None:
    tables, _ = make_detailed()
    with Visit(browser, file.as_uri()) as visit:
        assert visit.texts(".chip") == ["Baseline", "Kuryk closed", "All frontiers shut"]
        assert visit.texts(".delta") == []
        visit.page.click(".chip >> nth=1")
        assert visit.page.get_attribute(".chip >> nth=1", "aria-pressed") == "true"
        assert visit.address == {"scenario": "Kuryk closed"}
        route = tables.routes.iloc[0]
        assert visit.texts("#card-A .delta") == [
            f"+{0.25 * route.time_h / 24:.1f}\xa0days",
            f"+${0.25 * route.cost_usd_per_t:.1f}/t",
            f"+{0.25 * route.co2e_kg_per_t:.1f}\xa0kg/t",
        ]
        assert visit.texts("#card-C .delta") == ["±0.0\xa0days", "±$0.0/t", "±0.0\xa0kg/t"]
        visit.page.click(".chip >> nth=0")
        assert visit.address == {}
        assert visit.texts(".delta") == []


def test_the_month_slider_shows_winter(browser: Any, file: Path) -> None:
    tables, _ = make_detailed()
    with Visit(browser, file.as_uri()) as visit:
        visit.page.focus("#month")
        visit.page.keyboard.press("ArrowRight")
        assert visit.address == {"month": "1"}
        assert visit.page.get_attribute("#month", "aria-valuetext") == "January"
        days = [f"+{0.2 * time_h / 24:.1f}\xa0days" for time_h in tables.routes.time_h]
        assert [visit.texts(f"#card-{letter} .delta")[0] for letter in "ABCDE"] == days
        visit.page.keyboard.press("End")
        visit.page.keyboard.press("ArrowLeft")
        assert visit.texts("#month-name") == ["November"]
        assert visit.texts("#card-A .delta")[0] == "±0.0\xa0days"


def test_no_route_says_why(browser: Any, file: Path, tmp_path: Path) -> None:
    with Visit(browser, file.as_uri() + "#scenario=All+frontiers+shut") as visit:
        assert visit.page.inner_text(".no-route strong") == "No route, because:"
        assert visit.texts(".no-route li") == ["Aktau and Kuryk are both closed"]
        assert visit.texts("#card-B .card-reason") == ["No route: Aktau and Kuryk are both closed"]
        visit.page.select_option("#language", "ru")
        assert visit.texts(".no-route li") == ["Актау и Курык закрыты"]
        assert visit.texts(".is-missing .card-reason") == ["Маршрута нет: санкции против Ирана"]
    tables, details = make_detailed()
    empty = [table.iloc[:0] for table in tables.as_arguments()]
    page = maps.draw_routes(*empty, title="None", unavailable=details["unavailable"]).save(tmp_path / "none.html")
    with Visit(browser, page.as_uri(), wait_for=".no-route") as visit:
        assert visit.texts(".no-route li") == ["Southern: sanctions on Iran"]
        visit.page.select_option("#language", "ru")
        assert visit.texts(".no-route li") == ["Южный: санкции против Ирана"]
        visit.page.set_viewport_size({"width": 800, "height": 700})
        visit.settle()
        assert visit.complaints == []


def test_the_address_brings_back_the_whole_state(browser: Any, file: Path) -> None:
    with Visit(browser, file.as_uri()) as visit:
        visit.page.select_option("#language", "fr")
        visit.page.click("#card-C")
        visit.page.click("#tab-compare")
        visit.page.click(".chip >> nth=1")
        visit.settle()
        before = visit.page.evaluate("map_1.getZoom()")
        visit.page.click(".leaflet-control-zoom-in")
        visit.page.wait_for_function(
            "(before) => map_1.getZoom() > before && location.hash.includes('map=')", arg=before
        )
        visit.settle()
        seen = visit.address
        view = visit.page.evaluate("[map_1.getCenter().lat, map_1.getCenter().lng, map_1.getZoom()]")
        address = visit.page.evaluate("location.href")
    assert set(seen) == {"route", "lang", "panel", "scenario", "map"}
    with Visit(browser, address, wait_for="#panel-compare") as visit:
        assert visit.chosen == 2
        assert visit.page.evaluate("document.documentElement.lang") == "fr"
        assert visit.page.get_attribute("#tab-compare", "aria-selected") == "true"
        assert visit.page.is_visible("#panel-compare")
        assert visit.page.get_attribute(".chip >> nth=1", "aria-pressed") == "true"
        again = visit.page.evaluate("[map_1.getCenter().lat, map_1.getCenter().lng, map_1.getZoom()]")
        assert again == pytest.approx(view, abs=0.05)
        assert visit.address == seen
        visit.page.click("#card-A")
        visit.settle()
        assert visit.chosen == 0
        assert visit.address["route"] == "1"


@pytest.mark.parametrize(
    "address",
    [
        "#route=__proto__&lang=constructor&panel=x&scenario=toString&month=99&map=NaN",
        "#map=1,2",
        "#map=999,999,99",
        "#lang=&month=-1",
    ],
)
def test_a_broken_address_opens_the_page_as_it_is(browser: Any, file: Path, address: str) -> None:
    with Visit(browser, file.as_uri() + address) as visit:
        assert visit.chosen == 0
        assert visit.page.evaluate("document.documentElement.lang") == "en"
        visit.page.click("#card-B")
        assert visit.chosen == 1
        assert visit.complaints == []


def test_sources_are_one_click_away(browser: Any, file: Path) -> None:
    with Visit(browser, file.as_uri()) as visit:
        first = visit.page.locator(".leg-row + .source-row details").first
        assert not first.locator("li").first.is_visible()
        first.locator("summary").click()
        text = first.locator("li").first.inner_text()
        for part in ("Line haul", "0.012 USD/tkm", "0.010–0.020", "invented tariff book", "2024", "confidence medium"):
            assert part in text
        assert "Length: invented line" in first.inner_text()


def test_pointing_is_linked_both_ways(browser: Any, file: Path) -> None:
    shown = """() => [...document.querySelectorAll('.is-hovered')].map((node) =>
        [node.getAttribute('class').split(' ')[0], node.dataset.route, node.dataset.step ?? null].join(' '))"""
    with Visit(browser, file.as_uri() + "#panel=charts", wait_for="#panel-charts") as visit:
        visit.page.hover("#card-B")
        hovered = visit.page.evaluate(shown)
        assert {"card 1 ", "trace 1 ", "end 1 ", "stack 1 "} <= {text.removesuffix("null") for text in hovered}
        assert all(text.split(" ")[1] == "1" for text in hovered)
        dark = "document.querySelectorAll('.leaflet-routes-pane path[stroke=\"#3a4651\"]').length"
        assert visit.page.evaluate(dark) > 0
        visit.page.mouse.move(5, 5)
        visit.page.focus("#card-A")
        assert visit.page.evaluate(dark) == 0
        visit.page.click("#tab-legs")
        visit.page.focus(".leg-row button >> nth=1")
        step = visit.page.evaluate("document.activeElement.closest('[data-step]').dataset.step")
        marked = visit.page.evaluate(
            """(step) => ['.strip-leg', '.trace line', '.leg-row', '.leaflet-hits-pane path'].map((kind) =>
                document.querySelectorAll(`${kind}.is-hovered[data-route="0"][data-step="${step}"]`).length)""",
            step,
        )
        assert all(count > 0 for count in marked), marked
        visit.page.click("#tab-compare")
        visit.page.focus(".point[data-route='3']")
        assert visit.page.locator("#card-D.is-hovered").count() == 1
        visit.page.keyboard.press("Enter")
        assert visit.chosen == 3
        assert visit.page.evaluate("document.activeElement.dataset.route") == "3"
        assert visit.complaints == []


def test_tabs_answer_to_arrows(browser: Any, file: Path) -> None:
    with Visit(browser, file.as_uri()) as visit:
        visit.page.focus("#tab-legs")
        for expected in ("tab-charts", "tab-compare", "tab-certainty", "tab-legs"):
            visit.page.keyboard.press("ArrowRight")
            assert visit.page.evaluate("document.activeElement.id") == expected
            assert visit.page.locator("[role=tab][aria-selected=true]").get_attribute("id") == expected
        assert visit.address == {}


def test_charts_show_the_figures_of_the_table(browser: Any, file: Path) -> None:
    tables, _ = make_detailed()
    with Visit(browser, file.as_uri() + "#panel=charts", wait_for="#panel-charts") as visit:
        assert visit.page.locator("#panel-charts svg.chart").count() == 2
        legs, stops = tables.legs[tables.legs.route_id == 1], tables.stops[tables.stops.route_id == 1]
        standing = legs.standing_h.sum() + stops.time_h.sum()
        hours, km = legs.time_h.sum() + stops.time_h.sum(), legs.distance_km.sum()
        assert visit.texts(".speeds tbody tr:first-child td") == [
            f"{km / hours:.1f}\xa0km/h",
            f"{km / (hours - standing):.1f}\xa0km/h",
            f"{standing / hours:.0%}",
        ]
        assert visit.page.locator("#panel-charts .band").count() == 2
        assert visit.page.locator("#panel-charts .whisker").count() == 2
        assert "Aktau" in visit.texts("#panel-charts .step-label")
        visit.page.click("#tab-compare")
        hollow = visit.page.evaluate("[...document.querySelectorAll('.point.dominated')].map((p) => p.dataset.route)")
        assert sorted(hollow) == ["0", "1", "2", "4"]
        assert "Longer, dearer and dirtier than any other" in visit.texts(".reasons span")
        assert visit.texts(".stack-key .stack-name").count("Line haul") == 1


def test_certainty_shows_what_moves_a_route_and_the_months(browser: Any, file: Path) -> None:
    tables, _ = make_detailed()
    with Visit(browser, file.as_uri() + "#panel=certainty", wait_for="#panel-certainty .heat") as visit:
        route = tables.routes.iloc[0]
        assert visit.texts("#panel-certainty .tornado >> nth=0 >> .tornado-ends") == [
            f"{low * route.time_h / 24:.1f}\xa0days … {high * route.time_h / 24:.1f}\xa0days"
            for low, high in ((1.2, 0.9), (0.95, 1.1))
        ]
        assert visit.texts(".tornado-name")[:2] == ["Line haul, Rail", "Waiting, Poti"]
        assert "assumed 2.0 h, range 1.0–4.0" in visit.texts(".tornado-about")[0]
        january = [f"{1.2 * time_h / 24:.0f}" for time_h in tables.routes.time_h]
        assert visit.texts(".heat >> nth=0 >> tbody td:nth-child(2)") == january
        visit.page.click(".chip >> nth=2")
        assert visit.page.locator(".heat").count() == 0, "that what-if has no months"
        visit.page.click("#card-C")
        assert "route C" in visit.texts("#panel-certainty figcaption")[0]


def test_the_answer_in_brief_names_the_best_and_the_one_beside(browser: Any, tmp_path: Path) -> None:
    tables, details = make_detailed()
    tables.routes["beside"] = ["", "", "", "", "By land"]
    file = maps.draw_routes(*tables.as_arguments(), title="Toy", **details).save(tmp_path / "answer.html")
    with Visit(browser, file.as_uri()) as visit:
        best = {name: int(tables.routes[name].idxmin()) for name in ("cost_usd_per_t", "time_h", "co2e_kg_per_t")}
        letters = [*dict.fromkeys("ABCDE"[number] for number in best.values()), "E"]
        assert visit.texts(".answer-route .letter") == letters
        cheap, beside = tables.routes.iloc[best["cost_usd_per_t"]], tables.routes.iloc[4]
        shown = visit.texts(".answer-figures")
        assert f"${cheap.cost_usd_per_t:.1f}/t" in shown[0]
        held = visit.page.locator(".answer-figures .held").evaluate_all(
            "(parts) => parts.map((part) => [part.innerText, part.getClientRects().length])"
        )
        assert len(held) == 3 * len(letters) + 3 and {lines for _, lines in held} == {1}, "a figure breaks nowhere"
        more = beside.cost_usd_per_t - cheap.cost_usd_per_t
        assert f"{'+' if more > 0 else '−'}${abs(more):.1f}/t" in shown[-1]
        visit.page.click(".answer-line >> nth=-1")
        assert visit.chosen == 4
        visit.page.click(".chip >> nth=1")
        longer = tables.routes.cost_usd_per_t * [1.25, 1.25, 1, 1, 1]
        assert f"${longer.min():.1f}/t" in visit.texts(".answer-figures")[0], "it follows the what-if"
        visit.page.click(".chip >> nth=2")
        assert visit.texts(".answer-line") == [], "nothing is best where there is no route"


@pytest.mark.parametrize(
    ("language", "width"),
    [("en", 1400), ("en", 820), ("en", 390), ("ru", 1400), ("kk", 820), ("kk", 390), ("fr", 820), ("nl", 390)],
)
def test_axe_finds_nothing(browser: Any, file: Path, language: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    for panel in ("legs", "charts", "compare", "certainty"):
        address = (
            f"{file.as_uri()}#lang={language}&panel={panel}&scenario={'' if panel == 'certainty' else 'Kuryk+closed'}"
        )
        with Visit(browser, address, width, wait_for=f"#panel-{panel}") as visit:
            visit.settle()
            results = axe.Axe().run(visit.page)
            found = [(v["id"], [node["html"][:120] for node in v["nodes"]]) for v in results.response["violations"]]
            assert found == [], panel
            assert len(results.response["passes"]) > 20


@pytest.mark.parametrize("seed", [5, 6])
def test_300_actions_at_random(browser: Any, file: Path, seed: int) -> None:
    addresses = ("route=3", "lang=ru", "panel=charts", "map=45,50,5", "scenario=Kuryk+closed", "month=2", "")
    with Visit(browser, file.as_uri(), 1000, 800) as visit:
        visit.act_at_random(random.Random(seed), addresses)
        assert visit.complaints == []
        assert visit.outside() == []
        visit.page.click("#card-E")
        assert visit.chosen == 4


@pytest.mark.parametrize("number", range(len(PAYLOADS)))
def test_no_text_can_run(browser: Any, tmp_path: Path, number: int) -> None:
    payload = PAYLOADS[number]
    tables, details = make_detailed()
    bad = Tables(tables.routes, tables.legs, tables.stops)
    translated = [f"_{language}" for language in ("", "ru", "kk")]
    for suffix in ("", *translated[1:]):
        for table, columns in (
            (bad.routes, ("name", "corridor", "note", "dominated_reason")),
            (bad.legs, ("from_name", "to_name", "note", "length_source")),
            (bad.stops, ("name", "what")),
            (details["items"], ("item", "source", "unit")),
            (details["unavailable"], ("name", "reason")),
            (details["scenarios"], ("reason",)),
            (details["tornado"], ("item", "where", "source", "unit")),
        ):
            for column in columns:
                table[column + suffix] = payload
    bad.routes["badges"] = [[payload]] * len(bad.routes)
    bad.stops[["event_from", "event_to"]] = payload
    bad.stops["event"] = ["transfer" if n % 2 else "" for n in range(len(bad.stops))]
    details["scenarios"]["scenario"] = [name and name + payload for name in details["scenarios"]["scenario"]]
    for table in (*bad.as_arguments(), details["items"], details["scenarios"], details["tornado"]):
        table["route_id"] = table["route_id"].astype(str) + payload
    page = maps.draw_routes(
        *bad.as_arguments(), title=payload, subtitle={"en": payload, "ru": payload}, notes=[payload, {"ru": payload}],
        attribution=[payload], disclaimer=payload, version=payload, **details,
    ).save(tmp_path / "bad.html")  # fmt: skip
    with Visit(browser, page.as_uri()) as visit:
        for language in ("en", "ru"):
            visit.page.select_option("#language", language)
            visit.page.click("#card-B")
            visit.page.click(".chip >> nth=2")
            visit.page.click("#tab-legs")
            visit.page.click(".source-row summary >> nth=0")
            visit.page.click(".leg-row button >> nth=1")
            visit.page.click(".stop-row button >> nth=1")
            visit.page.hover(".card >> nth=2")
            for tab in ("charts", "compare"):
                visit.page.click(f"#tab-{tab}")
            visit.settle()
            assert visit.page.evaluate("window.hit") is None
            assert visit.page.locator("img, iframe").count() == 0
            for place in (
                "h1", ".subtitle", ".card-name", ".card-corridor", ".badge", ".card-note", ".card-reason", ".chip",
                ".stop-row .step-name", ".step-what", ".leg-row .step-name", ".source-row li", ".reasons span",
                ".stack-name", ".is-missing .card-name", ".no-route li", ".notes li", ".credits", ".popup-title",
                ".map-label.stop",
            ):  # fmt: skip
                assert any(payload in text for text in visit.texts(place)), place
        assert visit.page.title().split() == payload.split()
        assert visit.outside() == []
        assert visit.complaints == []


def test_print_shows_all_panels_and_sources(browser: Any, file: Path) -> None:
    with Visit(browser, file.as_uri()) as visit:
        visit.page.emulate_media(media="print")
        visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        visit.settle()
        for selector in ("#panel-legs", "#panel-charts", "#panel-compare", ".source-row li >> nth=0"):
            assert visit.page.is_visible(selector), selector
        tops = visit.page.evaluate(
            """() => ['.printed-facts', '.map-frame', '.printed-key', '.answer', '.cards', '#panel-charts',
                '#panel-certainty', '.legs', '.notes']
                .map((name) => document.querySelector(name).getBoundingClientRect().top)"""
        )
        assert tops == sorted(tops), "the answer first, what to audit last"
        passed = visit.texts(".inset-picture figcaption")
        assert {"Aktau", "Poti"} <= set(passed) <= set(visit.texts("button.inset")), "those that the route passes"
        assert visit.page.is_visible(".inset-picture >> nth=0")
        coloured = visit.page.locator(".inset-picture >> nth=0").locator("path[stroke-width='1.3']")
        assert any(coloured.nth(leg).get_attribute("d") for leg in range(coloured.count()))
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 1400
        assert visit.page.pdf(format="A4").startswith(b"%PDF")
        visit.page.evaluate("dispatchEvent(new Event('afterprint'))")
        visit.page.emulate_media(media="screen")
        assert not visit.page.is_visible("#panel-charts")
        assert visit.page.locator(".inset-picture").count() == 0
        assert visit.complaints == []


def test_optional_tables_do_not_change_the_callers_tables() -> None:
    tables, details = make_detailed()
    before = [table.copy() for table in (*tables.as_arguments(), *details.values())]
    maps.draw_routes(*tables.as_arguments(), title="Toy", **details)
    for was, now in zip(before, (*tables.as_arguments(), *details.values()), strict=True):
        pd.testing.assert_frame_equal(pd.DataFrame(was), pd.DataFrame(now))
