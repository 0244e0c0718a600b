"""Pages of places in a real browser: what is shown, by clicks, keys and in every language; nothing runs or loads."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from page_reader import PAYLOADS
from visit import Visit

import corridor as co
import maps

pytestmark = pytest.mark.browser
GATEWAYS = ["Aktau", "Kuryk", "Novorossiysk", "Riga", "St Petersburg"]
PAGES: dict[str, Callable[[co.Network], maps.OfflineMap]] = {
    "network": co.draw_network,
    "terminals": co.draw_terminals,
    "reach": lambda network: co.draw_reach(co.reach(network, "Kostanay"), "Kostanay", network=network),
    "hinterland": lambda network: co.draw_hinterland(co.hinterland(network, "Ghent", GATEWAYS), "Ghent"),
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    network, folder = co.load_network(), tmp_path_factory.mktemp("pages")
    return {name: draw(network).save(folder / f"{name}.html") for name, draw in PAGES.items()}


def test_reach_shows_what_python_says(browser: Any, pages: dict[str, Path]) -> None:
    table = co.reach(co.load_network(), "Kostanay")
    with Visit(browser, pages["reach"].as_uri(), wait_for=".atlas-table") as visit:
        names = visit.texts(".atlas-table tbody th .place-button span:last-child")
        days = visit.texts(".atlas-table tbody td:last-child")
        assert names == list(table["name"])
        assert days == [f"{hours / 24:.1f}" for hours in table["time_h"].round(4)]


def test_hinterland_shows_what_python_says(browser: Any, pages: dict[str, Path]) -> None:
    table = co.hinterland(co.load_network(), "Ghent", GATEWAYS)
    best = table[table["best"]].set_index("name")
    with Visit(browser, pages["hinterland"].as_uri(), wait_for=".atlas-table") as visit:
        rows = visit.page.locator(".atlas-table tbody tr")
        assert rows.count() == table["terminal"].nunique()
        for row in (0, 7, rows.count() - 1):
            name, gateway, usd, _ = [text.strip() for text in rows.nth(row).locator("th, td").all_inner_texts()]
            name = name.splitlines()[-1]
            assert gateway == best.loc[name, "gateway"]
            assert abs(float(usd) - best.loc[name, "cost_usd"] / 3000) <= 0.5
        counts = visit.texts(".group-count")
        assert counts[0] == f"best for {(best['gateway'] == 'Aktau').sum()} places"


def test_terminals_are_found_and_opened_by_keys(browser: Any, pages: dict[str, Path]) -> None:
    with Visit(browser, pages["network"].as_uri(), wait_for=".atlas-table") as visit:
        visit.page.focus("#search")
        visit.page.keyboard.type("қостанай")
        assert visit.texts(".atlas-table tbody th .place-button span:last-child") == ["Kostanay"]
        assert visit.texts("#found") == ["1 place"]
        visit.page.keyboard.press("Enter")
        visit.settle()
        assert "Rail, Road" in visit.page.inner_text(".leaflet-popup")
        visit.page.keyboard.press("Escape")
        visit.page.wait_for_selector(".leaflet-popup", state="detached")
        visit.page.fill("#search", "no such place")
        assert visit.texts("#found") == ["0 places"]
        assert visit.complaints == []


def test_layers_go_and_come_and_closed_lines_say_why(browser: Any, pages: dict[str, Path]) -> None:
    network = co.load_network()
    with Visit(browser, pages["network"].as_uri(), wait_for=".atlas-table") as visit:
        before = visit.page.locator(".leaflet-network-pane canvas").screenshot()
        for box in visit.page.locator(".layer-choice input").all():
            box.uncheck()
        visit.settle()
        assert visit.page.locator(".leaflet-network-pane canvas").screenshot() != before
        reasons = visit.texts(".shut-line span:nth-child(2)")
        assert set(reasons) == set(network.links["closed_reason"].astype(str)) - {""}
        visit.page.locator(".shut-line").first.click()
        visit.settle()
        visit.page.locator(".shut-icon").first.dispatch_event("click")
        assert reasons[0] in visit.page.inner_text(".leaflet-popup") or visit.page.locator(".leaflet-popup").count()


def test_the_language_stays_in_the_address(browser: Any, pages: dict[str, Path]) -> None:
    with Visit(browser, pages["terminals"].as_uri(), wait_for=".atlas-table") as visit:
        for language, words in (
            ("ru", "Актау: зерно судном"),
            ("kk", "Ақтау: астық кемемен"),
            ("nl", "Aktau: graan per schip"),
        ):
            visit.page.select_option("#language", language)
            assert words in visit.texts(".funnel h3")
            assert visit.address == {"lang": language}
        assert visit.complaints == []


def test_funnels_name_the_source_of_every_figure(browser: Any, pages: dict[str, Path]) -> None:
    with Visit(browser, pages["terminals"].as_uri(), wait_for=".atlas-table") as visit:
        stages = visit.page.locator(".stage").all_inner_texts()
        assert len(stages) >= 16
        assert all("kt a month" in stage and "year " in stage and "confidence" in stage for stage in stages)
        links = visit.page.locator(".stage-facts a").evaluate_all(
            "links => links.map((link) => [link.protocol, link.rel])"
        )
        assert {tuple(link) for link in links} <= {("https:", "noopener noreferrer"), ("http:", "noopener noreferrer")}


def hostile(payload: str) -> list[maps.OfflineMap]:
    """Each page with a payload in the place of every text."""
    frame = maps.Frame(payload, payload, [payload], [payload], version=payload)
    own = {"name": payload, "name_ru": payload, "country": payload, "lon": 60.0, "lat": 50.0}
    unit: dict[str, Any] = {"figure": "time_h", "unit": ("days", 24.0, 1), "label": payload}
    reached = pd.DataFrame([own | {"time_h": 24.0}])
    through = pd.DataFrame([own | {"time_h": 24.0, "gateway": payload, "best": True, "margin": 1.0}])
    lines = gpd.GeoDataFrame(
        {"mode": ["rail"], "gauge_mm": [1520], "length_km": [1.0]},
        geometry=[shapely.LineString([(60, 50), (61, 51)])], crs="EPSG:4326",
    )  # fmt: skip
    shut = pd.DataFrame([{"reason": payload, "lon": 60.0, "lat": 50.0}])
    terminal = pd.DataFrame([own | {"terminal": "T", "modes": ["rail"], "gateway": True, "also": [payload]}])
    capacity = {"terminal": "T", "stage": payload, "what": payload, "low": 1.0, "base": 2.0, "high": 3.0}
    capacity |= {"source": payload, "year": payload, "confidence": "high"}
    return [
        maps.draw_reach(reached, frame=frame, **unit),
        maps.draw_hinterland(through, frame=frame, **unit),
        maps.draw_network(lines, shut, terminal, frame=frame),
        maps.draw_terminals(terminal, pd.DataFrame([capacity]), {payload: [0]}, titles={payload: payload}, frame=frame),
    ]


@pytest.mark.parametrize("number", range(len(PAYLOADS)))
def test_hostile_names_stay_text(browser: Any, tmp_path: Path, number: int) -> None:
    payload = PAYLOADS[number]
    for place, page in enumerate(hostile(payload)):
        with Visit(browser, page.save(tmp_path / f"{place}.html").as_uri(), wait_for=".atlas-table") as visit:
            visit.page.click(".place-button")
            visit.settle()
            assert payload.strip() in visit.page.locator(".popup-title").first.text_content()
            visit.page.locator(".spot-icon").first.dispatch_event("mouseover")
            visit.page.fill("#search", payload)
            visit.page.select_option("#language", "ru")
            visit.settle()
            assert not visit.page.evaluate("'hit' in window || 'pwned' in window")
            assert visit.page.locator("img:not(.leaflet-marker-icon), iframe, object").count() == 0
            assert visit.page.text_content("#title") == payload
            assert visit.outside() == []
            assert visit.complaints == []
