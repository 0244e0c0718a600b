"""The page in a real browser: no request, no error, nothing runs, and the mouse and keyboard do what they should."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import folium
import pytest
from page_reader import PAYLOADS
from toy_routes import Tables, make_tables

import maps
from maps.escape import escape_text

pytestmark = pytest.mark.browser

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
COLOURED = """() => [...document.querySelectorAll('.leaflet-routes-pane path')]
    .map((path) => path.getAttribute('stroke')).filter((colour) => !['#ffffff', '#76828E'].includes(colour))"""
CHOSEN = "[...document.querySelectorAll('.card')].findIndex((card) => card.ariaPressed === 'true')"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="browser tests need the PyPI package playwright")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("browser tests need Chromium on the PATH")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


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


class Visit:
    """One open page, with everything it asked for and complained about."""

    def __init__(self, browser: Any, url: str, width: int = 1400, height: int = 900, wait_for: str = ".legs") -> None:
        self.context = browser.new_context(viewport={"width": width, "height": height})
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.context.route("http*://**", lambda route: route.abort())
        self.page.goto(url)
        self.page.wait_for_selector(wait_for)

    def __enter__(self) -> "Visit":
        return self

    def __exit__(self, *error: object) -> None:
        self.context.close()

    def settle(self) -> None:
        self.page.wait_for_timeout(450)

    @property
    def chosen(self) -> int:
        return int(self.page.evaluate(CHOSEN))

    def outside(self) -> list[str]:
        return [url for url in self.requests if not url.startswith(("file:", "data:"))]


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
        for _ in range(2):
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
        visit.settle()
        assert visit.page.locator(".leaflet-popup").count() == 0


def test_column_totals_equal_the_card(browser: Any, file: Path) -> None:
    with Visit(browser, file.as_uri()) as visit:
        for letter in "ABCDE":
            visit.page.click(f"#card-{letter}")
            table = visit.page.evaluate(
                """() => [...document.querySelectorAll('.legs tr')].slice(1).map((row) =>
                    [...row.querySelectorAll('td')].map((cell) => Number(cell.textContent.replace(/,/g, ''))))"""
            )
            *rows, total = table
            for column, shown in enumerate(total):
                assert sum(row[column] for row in rows) == pytest.approx(shown, abs=1e-6)
            values = visit.page.locator(f"#card-{letter} .figure-value").all_inner_texts()
            assert values[1:] == [f"${total[2]:.1f}/t", f"{total[0]:,.0f} km", f"{total[3]:.1f} kg/t"]


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


def test_no_name_can_run(browser: Any, tmp_path: Path, tables: Tables) -> None:
    for number, payload in enumerate(PAYLOADS):
        bad = Tables(tables.routes.copy(), tables.legs.copy(), tables.stops.copy())
        bad.routes[["name", "corridor", "note"]] = payload
        bad.routes["badges"] = [[payload]] * len(bad.routes)
        for table in bad.as_arguments():
            table["route_id"] = table["route_id"].astype(str) + payload
        bad.legs[["from_name", "to_name", "note", "length_source"]] = payload
        bad.stops[["name", "what"]] = payload
        file = maps.draw_routes(
            *bad.as_arguments(),
            title=payload,
            subtitle=payload,
            notes=[payload],
            attribution=[payload],
            disclaimer=payload,
        ).save(tmp_path / f"{number}.html")
        with Visit(browser, file.as_uri()) as visit:
            visit.page.click("#card-B")
            visit.settle()
            visit.page.click(".leg-row button >> nth=1")
            visit.settle()
            visit.page.click(".stop-row button >> nth=1")
            visit.settle()
            assert visit.page.evaluate("window.hit") is None
            assert visit.page.locator("img, iframe").count() == 0
            for place in (
                "h1",
                ".subtitle",
                ".card-name >> nth=1",
                ".card-corridor >> nth=1",
                ".badge >> nth=1",
                ".card-note >> nth=1",
                ".step-what >> nth=1",
                ".stop-row .step-name >> nth=1",
                ".notes li >> nth=0",
                ".credits",
                ".popup-title >> nth=0",
                ".map-label.stop >> nth=0",
            ):
                assert payload in visit.page.locator(place).evaluate("node => node.textContent"), place
            assert (
                visit.page.locator(".leg-row .step-name >> nth=0").evaluate("n => n.textContent")
                == f"{payload} → {payload}"
            )
            assert visit.page.title().split() == payload.split()
            assert visit.outside() == []
            assert visit.complaints == []


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
