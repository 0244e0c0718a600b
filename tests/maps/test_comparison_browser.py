"""Two maps side by side in a real browser: they move together, and tell what Python tells."""

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from page_reader import PAYLOADS
from toy_routes import make_tables
from visit import Visit

import corridor as co
from corridor.before_after import changes_table
from geodata.network import Network
from maps.comparison import Side, draw_before_after

pytestmark = pytest.mark.browser
STORM = co.Scenario("storm").close("Aktau", reason="wind")
VIEWS = (
    """() => [...document.querySelectorAll('.twin-map .leaflet-control-scale-line')].map((line) => line.textContent)"""
)
NAMES = """(side) => [...document.querySelectorAll(`#${side} .leaflet-routes-pane path`)].map((path) => {
    const box = path.getBoundingClientRect(), map = path.closest('.folium-map').getBoundingClientRect();
    return [Math.round(box.left - map.left), Math.round(box.top - map.top)]; })[0]"""


@pytest.fixture
def before(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> list[co.Route]:
    return co.find_corridors(toy, "Kostanay", "Ghent", thousand, rates=toy_rates)


@pytest.fixture
def after(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> list[co.Route]:
    return co.find_corridors(toy, "Kostanay", "Ghent", thousand, STORM, rates=toy_rates)


@pytest.mark.parametrize("width", [1400, 820, 390])
def test_both_maps_move_together_and_tell_what_python_tells(
    browser: Any, toy: Network, before: list[co.Route], toy_rates: co.Rates, tmp_path: Path, width: int
) -> None:
    half = co.Shipment("flaxseed", tonnes=500.0)
    dearer = co.find_corridors(toy, "Kostanay", "Ghent", half, rates=toy_rates)
    page = co.draw_comparison(before, dearer, rates=toy_rates).save(tmp_path / "page.html")
    with Visit(browser, page.as_uri(), width, wait_for=".changes table") as visit:
        start = [visit.page.evaluate(NAMES, side) for side in ("before", "after")]
        assert start[0] == start[1]
        visit.page.locator("#before .folium-map").focus()
        for key in ("ArrowRight", "ArrowDown", "+"):
            visit.page.keyboard.press(key)
            visit.page.wait_for_timeout(400)
            visit.settle()
        first = [visit.page.evaluate(NAMES, side) for side in ("before", "after")]
        assert first[0] == first[1] != start[0]
        visit.page.locator("#after .leaflet-control-zoom-out").click()
        visit.page.wait_for_timeout(400)
        visit.settle()
        second = [visit.page.evaluate(NAMES, side) for side in ("before", "after")]
        assert second[0] == second[1] != first[0]
        scales = visit.page.evaluate(VIEWS)
        assert len(scales) == 2 and scales[0] == scales[1]
        rows = changes_table(before, dearer, rates=toy_rates)
        records = [json.loads(json.dumps([route.record() for route in routes])) for routes in (before, dearer)]
        cells = visit.page.locator(".changes tbody tr")
        assert cells.count() == len(rows)
        for number, row in enumerate(rows.itertuples()):
            pair = records[0][row.before], records[1][row.after]
            for column, key, scale in (
                ("time_h", "time_h", 24), ("cost_usd_per_t", "cost_usd", "t"), ("co2e_kg_per_t", "co2e_kg", "t")
            ):  # fmt: skip
                was, now = (each["totals"][key] / (each["tonnes"] if scale == "t" else 24) for each in pair)
                figures = cells.nth(number).locator(f"[data-change={column}] .change-figures").inner_text()
                assert [f"{figure:,.1f}" in figures for figure in (was, now)] == [True, True], figures
                change = cells.nth(number).locator(f"[data-change={column}] > span").first.inner_text()
                assert f"{abs(now - was):,.1f}" in change
        visit.page.locator(".change-button").last.click()
        assert visit.address == {"route": str(len(rows))}
        visit.page.select_option("#language", "ru")
        assert visit.page.inner_text("#before-title").startswith("До:")
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        assert visit.outside() == [] and visit.complaints == []


@pytest.mark.parametrize(("width", "language", "aktau"), [(1400, "en", "Aktau"), (390, "kk", "Ақтау")])
def test_axe_finds_nothing_and_what_is_gone_says_why(
    browser: Any, before: list[co.Route], after: list[co.Route], toy_rates: co.Rates, tmp_path: Path,
    width: int, language: str, aktau: str,
) -> None:  # fmt: skip
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    page = co.draw_comparison(before, after, rates=toy_rates).save(tmp_path / "page.html")
    with Visit(browser, f"{page.as_uri()}#lang={language}", width, wait_for=".changes table") as visit:
        visit.settle()
        assert f"{aktau} (wind)" in visit.page.inner_text(".changes")
        assert visit.page.locator("#after .stop-icon").count() == 0
        kept = [route.corridor for route in before].index("Northern")
        visit.page.locator(".change-button").nth(kept).click()
        assert visit.page.locator("#after .stop-icon").count() > 1
        results = axe.Axe().run(visit.page)
        assert results.violations_count == 0, results.generate_report()
        assert visit.complaints == []


def opened_on(visit: Visit) -> str:
    return str(visit.page.locator(".changes tr:has([aria-pressed=true])").inner_text())


def test_it_opens_on_the_first_way_that_changes(
    browser: Any, before: list[co.Route], after: list[co.Route], toy_rates: co.Rates, tmp_path: Path
) -> None:
    way = {route.corridor: route for route in before}
    northern, gone = way.pop("Northern"), way.popitem()[1]
    for name, was, now in (
        ("same", [northern, gone], [northern, gone]),
        ("gone", [northern, gone], [northern]),
        ("new", [northern], [northern, gone]),
    ):
        page = co.draw_comparison(was, now, rates=toy_rates).save(tmp_path / f"{name}.html")
        with Visit(browser, page.as_uri(), wait_for=".changes table") as visit:
            shown = northern if name == "same" else gone
            assert (f"{shown.time_h / 24:,.1f}") in opened_on(visit)
            assert ("As before" in opened_on(visit)) == (name == "same")
            assert visit.address == {}
        with Visit(browser, f"{page.as_uri()}#route=1", wait_for=".changes table") as visit:
            assert f"{northern.time_h / 24:,.1f}" in opened_on(visit)


@pytest.mark.parametrize("width", [1400, 390])
def test_a_closer_look_at_a_port_is_on_both_maps(
    browser: Any, before: list[co.Route], after: list[co.Route], toy_rates: co.Rates, tmp_path: Path, width: int
) -> None:
    page = co.draw_comparison(before, after, rates=toy_rates).save(tmp_path / "page.html")
    with Visit(browser, page.as_uri(), width, wait_for=".changes table") as visit:
        visit.settle()
        whole = visit.page.evaluate(VIEWS)
        assert "Aktau" in visit.texts(".inset") and "Ghent" in visit.texts(".inset")
        aktau = visit.page.locator(".inset", has_text="Aktau")
        aktau.focus()
        visit.page.keyboard.press("Enter")
        visit.settle()
        scales = visit.page.evaluate(VIEWS)
        assert scales[0] == scales[1] != whole[0] and scales[0].split()[0] in ("5", "10", "20")
        for side in ("before", "after"):
            assert visit.page.locator(f"#{side} .leaflet-insets-pane path").count() > 4
            names = visit.texts(f"#{side} .map-label.place:not([hidden]), #{side} .map-label.stop:not([hidden])")
            assert "Aktau" in names, side
        assert aktau.get_attribute("aria-pressed") == "true"
        visit.page.select_option("#language", "kk")
        assert visit.page.inner_text(".inset[aria-pressed=true]") == "Ақтау"
        # From the second map, out of the finer land: both keep to the coarse one together.
        visit.page.locator("#after .folium-map").focus()
        for _ in range(12):
            visit.page.keyboard.press("Shift+ArrowLeft")
            visit.page.wait_for_timeout(300)
        visit.settle()
        away = visit.page.evaluate(VIEWS)
        assert away[0] == away[1] != scales[0]
        assert visit.page.locator(".inset[aria-pressed=true]").count() == 0
        visit.page.locator("#after .whole-button").click()
        visit.settle()
        assert visit.page.evaluate(VIEWS) == visit.page.evaluate(VIEWS)[:1] * 2
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        assert visit.outside() == [] and visit.complaints == []


@pytest.mark.parametrize("number", range(len(PAYLOADS)))
def test_no_text_can_run(browser: Any, tmp_path: Path, number: int) -> None:
    payload = PAYLOADS[number]
    tables = make_tables()
    for suffix in ("", "_ru"):
        for table, columns in (
            (tables.routes, ("name", "corridor", "note", "dominated_reason")),
            (tables.legs, ("from_name", "to_name", "note", "length_source")),
            (tables.stops, ("name", "what", "event_from", "event_to")),
        ):
            for column in columns:
                table[column + suffix] = payload
    tables.routes["badges"] = [[payload]] * len(tables.routes)
    for table in tables.as_arguments():
        table["route_id"] = table["route_id"].astype(str) + payload
    changes = pd.DataFrame(
        [{"before": 0, "after": 0}, {"before": 1, "after": None, "reason": payload, "reason_ru": payload}]
    )
    page = draw_before_after(
        Side(payload, *tables.as_arguments()), Side({"en": payload, "ru": payload}, *tables.as_arguments()),
        changes, title=payload, subtitle=payload, notes=[payload], attribution=[payload], version=payload,
    ).save(tmp_path / "bad.html")  # fmt: skip
    with Visit(browser, page.as_uri(), wait_for=".changes table") as visit:
        for language in ("en", "ru"):
            visit.page.select_option("#language", language)
            visit.page.locator(".change-button").last.click()
            visit.page.locator(".change-button").first.click()
            visit.page.locator("#after .stop-icon").first.dispatch_event("click")
            visit.settle()
            for place in (
                "h1", ".subtitle", "#before-title", "#after-title", ".change-button", ".changes td.words",
                ".notes li", ".credits", ".popup-title", ".map-label.stop",
            ):  # fmt: skip
                assert any(payload in text for text in visit.texts(place)), place
        assert visit.page.evaluate("window.hit") is None
        assert visit.page.locator("img:not(.leaflet-marker-icon), iframe, object").count() == 0
        assert visit.page.title().split() == payload.split()
        assert visit.outside() == [] and visit.complaints == []
