"""The page in a real browser: no request, no error, nothing runs, and the mouse and keyboard do what they should."""

from pathlib import Path
from typing import Any

import folium
import pytest
from page_reader import PAYLOADS
from toy_routes import Tables, make_tables
from visit import Visit

import maps
from maps.escape import escape_text

pytestmark = pytest.mark.browser

COLOURED = """() => [...document.querySelectorAll('.leaflet-routes-pane path')]
    .map((path) => path.getAttribute('stroke')).filter((colour) => !['#ffffff', '#76828E'].includes(colour))"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    drawn = maps.draw_routes(
        *make_tables().as_arguments(),
        title="Kostanay → Ghent: ways out for flaxseed",
        subtitle="3,000 t in hopper wagons · invented figures",
        notes=["Figures and lines on this page are invented."],
        attribution=["© OpenStreetMap contributors (ODbL)"],
    )
    return drawn.save(tmp_path_factory.mktemp("page") / "routes.html")


def test_opens_without_network_or_complaint(browser: Any, file: Path) -> None:
    with Visit(browser, file.as_uri()) as visit:
        visit.settle()
        assert visit.outside() == []
        assert [url for url in visit.requests if url.startswith("file:")] == [file.as_uri()]
        assert visit.complaints == []
        assert visit.page.title() == "Kostanay → Ghent: ways out for flaxseed"


def test_one_line_casing_and_touch_area_a_leg(browser: Any, file: Path) -> None:
    legs = len(make_tables().legs)
    with Visit(browser, file.as_uri()) as visit:
        assert visit.page.locator(".leaflet-routes-pane path").count() == 2 * legs
        assert visit.page.locator(".leaflet-hits-pane path").count() == legs
        assert visit.page.locator(".leaflet-basemap-pane path").count() == 3


def test_card_selects_its_route(browser: Any, file: Path) -> None:
    with Visit(browser, file.as_uri()) as visit:
        assert visit.chosen == 0
        before = visit.page.inner_text(".legs")
        visit.page.click("#card-B")
        visit.settle()
        assert visit.chosen == 1
        assert visit.page.evaluate(COLOURED).count("#0022CC") == 2
        assert visit.page.inner_text(".legs") != before
        assert visit.page.inner_text(".legs caption") == "Legs and transfers of route B"
        assert visit.page.evaluate("location.hash") == "#route=2"
        assert visit.complaints == []


def test_every_mode_has_its_colour_and_dash(browser: Any, file: Path) -> None:
    with Visit(browser, file.as_uri()) as visit:
        drawn = visit.page.evaluate(
            """() => [...document.querySelectorAll('.leaflet-routes-pane path')].map((path) =>
                [path.getAttribute('stroke'), path.getAttribute('stroke-dasharray') || ''].join('|'))"""
        )
        tables = make_tables()
        for mode in tables.legs.loc[tables.legs.route_id == 1, "mode"]:
            style = maps.MODE_STYLES[mode]
            assert f"{style.colour}|{style.dash}" in drawn


def test_address_selects_a_route(browser: Any, file: Path) -> None:
    with Visit(browser, file.as_uri() + "#route=3") as visit:
        assert visit.chosen == 2
        visit.page.evaluate("location.hash = '#route=4'")
        visit.settle()
        assert visit.chosen == 3
        visit.page.evaluate("location.hash = '#route=%E0%A4%A'")
        visit.settle()
        assert visit.chosen == 3
        assert visit.complaints == []


def test_grey_line_selects_and_coloured_line_explains(browser: Any, file: Path) -> None:
    with Visit(browser, file.as_uri()) as visit:
        point = visit.page.evaluate(
            """() => { const all = [...document.querySelectorAll('.leaflet-hits-pane path')];
                const lines = [...document.querySelectorAll('.leaflet-routes-pane path')];
                const quiet = new Set(lines.filter((p) => p.getAttribute('stroke') === '#76828E')
                    .map((p) => p.getAttribute('d')));
                for (const path of all) {
                  if (!quiet.has(path.getAttribute('d'))) continue;
                  const at = path.getPointAtLength(path.getTotalLength() / 2).matrixTransform(path.getScreenCTM());
                  if (document.elementFromPoint(at.x, at.y) === path) return [at.x, at.y];
                } return null; }"""
        )
        assert point is not None
        visit.page.mouse.move(*point)
        assert visit.page.locator(".card.is-hovered").count() == 1
        visit.page.mouse.click(*point)
        visit.settle()
        assert visit.chosen > 0
        visit.page.click(".leg-row button >> nth=0")
        visit.settle()
        assert visit.page.locator(".leaflet-popup .popup-title").inner_text().startswith("Kostanay →")
        visit.page.click(".stop-row button >> nth=1")
        visit.settle()
        assert visit.page.locator(".leaflet-popup dd").count() >= 3
        assert visit.complaints == []


def test_keyboard_alone_is_enough(browser: Any, file: Path) -> None:
    with Visit(browser, file.as_uri()) as visit:
        for _ in range(4):  # language, the answer in brief, and the first card go before
            visit.page.keyboard.press("Tab")
        assert visit.page.evaluate("document.activeElement.id") == "card-B"
        outline = visit.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        visit.page.keyboard.press("Enter")
        assert visit.chosen == 1
        assert visit.page.inner_text("#announcement") == "Route B selected: Aktau – Poti – Bosporus – sea to Ghent"
        visit.page.focus(".stop-icon >> nth=2")
        visit.page.keyboard.press("Enter")
        visit.settle()
        assert visit.page.locator(".leaflet-popup").count() == 1
        visit.page.keyboard.press("Escape")
        visit.page.wait_for_selector(".leaflet-popup", state="detached")


def test_column_totals_equal_the_card(browser: Any, file: Path) -> None:
    with Visit(browser, file.as_uri()) as visit:
        for letter in "ABCDE":
            visit.page.click(f"#card-{letter}")
            table = visit.page.evaluate(
                """() => [...document.querySelectorAll('.legs tr:not(.source-row)')].slice(1).map((row) =>
                    [...row.querySelectorAll('td')].map((cell) => Number(cell.textContent.replace(/,/g, ''))))"""
            )
            *rows, total = table
            for column, shown in enumerate(total):
                assert sum(row[column] for row in rows) == pytest.approx(shown, abs=1e-6)
            values = visit.page.locator(f"#card-{letter} .figure-value").all_inner_texts()
            assert values[1:] == [f"${total[2]:.1f}/t", f"{total[0]:,.0f}\xa0km", f"{total[3]:.1f}\xa0kg/t"]


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (820, 1180), (390, 800)])
def test_layout_holds(browser: Any, file: Path, tmp_path: Path, width: int, height: int) -> None:
    with Visit(browser, file.as_uri(), width, height) as visit:
        visit.settle()
        visit.page.screenshot(path=tmp_path / f"{width}.png")
        assert (tmp_path / f"{width}.png").stat().st_size > 20_000
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        boxes = visit.page.evaluate(
            """() => [...document.querySelectorAll('.map-label:not([hidden]), .leaflet-control')].map((node) => {
                const box = node.getBoundingClientRect();
                return [box.left, box.top, box.right, box.bottom, node.textContent]; })"""
        )
        assert len(boxes) > 12
        for number, a in enumerate(boxes):
            for b in boxes[number + 1 :]:
                apart = a[2] <= b[0] + 1 or b[2] <= a[0] + 1 or a[3] <= b[1] + 1 or b[3] <= a[1] + 1
                assert apart, f"{a[4]!r} covers {b[4]!r}"
        overflowing = visit.page.evaluate(
            """() => [...document.querySelectorAll('.card')]
                .filter((card) => [...card.querySelectorAll('.figure-value')].some((value) =>
                    value.getBoundingClientRect().right > card.getBoundingClientRect().right)).length"""
        )
        assert overflowing == 0
        if width < 900:
            small = visit.page.evaluate(
                """() => [...document.querySelectorAll('button, summary, .leaflet-control-zoom a, .stop-icon')]
                    .map((node) => [node.getBoundingClientRect(), node.className])
                    .filter(([box]) => box.height < 43.5).map(([, name]) => name)"""
            )
            assert small == []


@pytest.mark.parametrize(("width", "height"), [(1400, 900), (2560, 1400), (820, 1180), (390, 800)])
def test_the_edge_of_the_basemap_is_never_seen(browser: Any, file: Path, width: int, height: int) -> None:
    with Visit(browser, file.as_uri() + "#route=5", width, height) as visit:
        for _ in range(6):
            visit.page.evaluate("() => { map_1.setZoom(map_1.getZoom() - 1, {animate: false}); }")
        west, south, east, north = maps.basemap.BOUNDS
        view = visit.page.evaluate(
            "() => { const b = map_1.getBounds(); return [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()]; }"
        )
        assert view[0] >= west - 0.5 and view[1] >= south - 0.5 and view[2] <= east + 0.5 and view[3] <= north + 0.5


def test_notebook_frame_works(browser: Any, tmp_path: Path, tables: Tables) -> None:
    frame = maps.draw_routes(*tables.as_arguments(), title="Toy")._repr_html_()
    (tmp_path / "notebook.html").write_text(f"<!DOCTYPE html><meta charset=utf-8>{frame}", encoding="utf-8")
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto((tmp_path / "notebook.html").as_uri())
    inside = page.frame_locator("iframe")
    inside.locator("#card-B").click()
    assert inside.locator(".legs caption").inner_text() == "Legs and transfers of route B"
    assert complaints == []
    context.close()


def test_plain_folium_layers_work(browser: Any, tmp_path: Path) -> None:
    offline = maps.OfflineMap("Plain")
    text = escape_text(PAYLOADS[3])
    offline.add(folium.Marker([43.6, 51.2], popup=folium.Popup(text), tooltip=folium.Tooltip(text)))
    file = offline.save(tmp_path / "plain.html")
    with Visit(browser, file.as_uri(), wait_for=".leaflet-marker-icon") as visit:
        assert visit.page.locator(".map-label.country:not([hidden])").count() > 10
        visit.page.click(".leaflet-marker-icon")
        visit.settle()
        assert PAYLOADS[3] in visit.page.inner_text(".leaflet-popup")
        assert visit.page.evaluate("window.hit") is None
        assert visit.outside() == []
        assert visit.complaints == []


def test_print_shows_map_and_table(browser: Any, file: Path) -> None:
    with Visit(browser, file.as_uri()) as visit:
        visit.page.emulate_media(media="print")
        visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        visit.settle()
        boxes = visit.page.evaluate(
            """() => ['.map-frame', '.legs', '.printed-credits']
                .map((name) => document.querySelector(name).getBoundingClientRect().height)"""
        )
        assert all(height > 10 for height in boxes)
        tops = visit.page.evaluate(
            """() => ['.heading', '.map-frame', '.cards', '.legs', '.notes']
                .map((name) => document.querySelector(name).getBoundingClientRect().top)"""
        )
        assert tops == sorted(tops)
        visit.page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert not visit.page.evaluate("document.documentElement.classList.contains('printing')")
        assert visit.complaints == []


@pytest.mark.parametrize("width", [1400, 390])
def test_a_closer_look_at_a_port_and_back(browser: Any, file: Path, width: int) -> None:
    zoom = "() => Number(new URLSearchParams(location.hash.slice(1)).get('map').split(',')[2])"
    with Visit(browser, file.as_uri(), width) as visit:
        names = visit.texts(".inset")
        assert "Ghent" in names and len(names) == len(set(names)) <= 7
        ghent = visit.page.locator(".inset", has_text="Ghent")
        ghent.focus()
        visit.page.keyboard.press("Enter")
        visit.settle()
        assert visit.address["map"].startswith("51.150,3.770,")
        assert 8 < visit.page.evaluate(zoom) <= 11
        assert ghent.get_attribute("aria-pressed") == "true"
        assert visit.page.locator(".inset[aria-pressed=true]").count() == 1
        again = visit.page.url
        visit.page.select_option("#language", "ru")
        assert "Гент" in visit.texts(".inset")
        visit.page.click(".whole-button")
        visit.settle()
        assert "map" not in visit.address
        assert visit.page.locator(".inset[aria-pressed=true]").count() == 0
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        assert visit.complaints == []
    with Visit(browser, again, width) as visit:
        assert visit.page.locator(".inset[aria-pressed=true]").inner_text() == "Ghent"
