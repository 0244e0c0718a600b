"""
What holds for every kind of page, in a real browser.

Small, no request, only its own scripts, readable for all, at every width, by keyboard alone, on paper, and unbreakable.
"""

import base64
import hashlib
import random
from pathlib import Path
from typing import Any

import pytest
from page_reader import PAYLOADS, PageReader
from visit import Visit

import corridor as co
from maps.index_page import Effect, Entry, Way, index_page

pytestmark = pytest.mark.browser
GATEWAYS = ["Aktau", "Kuryk", "Novorossiysk", "Riga", "St Petersburg"]
READY = {"route": ".legs", "comparison": ".changes table", "index": ".pages"}
"""What shows that a page is drawn; the table on pages of places."""
ATLAS = ".atlas-table"
KINDS = ("route", "comparison", "network", "terminals", "reach", "hinterland", "index")
MOST_BYTES = {"network": 2_000_000, "terminals": 600_000, "reach": 600_000, "hinterland": 600_000}
SIZES = [(1400, 900, "en"), (820, 1100, "ru"), (390, 844, "kk"), (390, 844, "fr"), (1400, 900, "nl")]
STUDY = co.Study("every", ("Kostanay",), ("Ghent",), (co.Shipment("flaxseed"),), (), (co.BASELINE,))
FOCUSABLE = "a[href], button, input, select, summary, [tabindex='0']"
ENABLED = f"""() => [...document.querySelectorAll("{FOCUSABLE}")].filter((node) =>
    node.tabIndex >= 0 && node.checkVisibility({{ visibilityProperty: true }}) && !node.disabled)"""
MOST_TABS = 160
SHEET_MM = 297 - 12 - 15
"""Height of an A4 sheet within the margins of `print.css`."""


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    network, folder = co.load_network(), tmp_path_factory.mktemp("every")
    ways = co.find_corridors(network, "Kostanay", "Ghent")[:5]
    storm = co.Scenario("storm").close("Aktau", "Kuryk", reason="wind")
    after = co.find_corridors(network, "Kostanay", "Ghent", scenario=storm)[:5]
    drawn = {
        "route": co.draw_map(ways),
        "comparison": co.draw_comparison(ways, after),
        "network": co.draw_network(network),
        "terminals": co.draw_terminals(network),
        "reach": co.draw_reach(co.reach(network, "Kostanay"), "Kostanay", network=network),
        "hinterland": co.draw_hinterland(co.hinterland(network, "Ghent", GATEWAYS), "Ghent", network=network),
    }
    files = {name: page.save(folder / f"{name}.html") for name, page in drawn.items()}
    return files | {"index": co.write_report(STUDY, network, folder / "report")[0]}


def visit_of(browser: Any, pages: dict[str, Path], kind: str, width: int, height: int, language: str) -> Visit:
    url = f"{pages[kind].as_uri()}#lang={language}"
    return Visit(browser, url, width, height, wait_for=READY.get(kind, ATLAS))


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_small_and_runs_its_own_scripts_alone(pages: dict[str, Path], kind: str) -> None:
    html = pages[kind].read_text("utf-8")
    page = PageReader(html)
    assert len(html.encode()) < MOST_BYTES.get(kind, 1_000_000)
    rules = dict(rule.strip().split(" ", 1) for rule in page.policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in page.policy
    for rule, blocks in (("script-src", page.scripts), ("style-src", page.styles)):
        digests = {f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in blocks}
        assert blocks and set(rules[rule].split()) == digests, rule
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on") or name == "src"]


@pytest.mark.parametrize("kind", KINDS)
def test_all_can_read_it_at_every_width_and_it_asks_for_nothing(
    browser: Any, pages: dict[str, Path], kind: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    for width, height, language in SIZES:
        with visit_of(browser, pages, kind, width, height, language) as visit:
            visit.settle()
            assert visit.page.evaluate("document.documentElement.lang") == language
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
            results = axe.Axe().run(visit.page).response
            found = [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in results["violations"]]
            assert found == [], (width, language)
            assert len(results["passes"]) > 10
            assert visit.outside() == []
            assert visit.complaints == []


@pytest.mark.parametrize("kind", KINDS)
def test_tab_leads_to_all_that_can_be_used(browser: Any, pages: dict[str, Path], kind: str) -> None:
    with visit_of(browser, pages, kind, 1400, 900, "en") as visit:
        visit.settle()
        usable = visit.page.evaluate(f"({ENABLED})().length")
        assert usable > 5 or kind == "index"
        reached: set[int] = set()
        for _ in range(min(2 * usable, MOST_TABS)):
            visit.page.keyboard.press("Tab")
            place = visit.page.evaluate(f"({ENABLED})().indexOf(document.activeElement)")
            assert place < 0 or visit.page.evaluate("document.activeElement.matches(':focus-visible')")
            reached.add(place)
        left = visit.page.evaluate(
            f"""(reached) => ({ENABLED})().filter((node, at) => !reached.includes(at))
            .map((node) => node.outerHTML.slice(0, 120))""",
            list(reached),
        )
        assert len(left) == 0 if 2 * usable < MOST_TABS else len(reached) > MOST_TABS / 2, left
        assert visit.complaints == []


@pytest.mark.parametrize("kind", KINDS)
def test_it_fits_paper(browser: Any, pages: dict[str, Path], kind: str) -> None:
    with visit_of(browser, pages, kind, 1400, 900, "en") as visit:
        visit.page.emulate_media(media="print")
        visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        visit.settle()
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= 1400
        assert visit.page.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF")
        visit.page.evaluate("dispatchEvent(new Event('afterprint'))")
        visit.page.emulate_media(media="screen")
        assert visit.complaints == []


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_the_first_sheet_holds_the_map_the_answer_and_the_first_cards(
    browser: Any, pages: dict[str, Path], language: str
) -> None:
    with visit_of(browser, pages, "route", 1400, 900, language) as visit:
        visit.page.emulate_media(media="print")
        visit.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        visit.settle()
        assert visit.page.locator(".inset-picture").count() > 0
        ends = visit.page.evaluate(
            """() => { const top = document.querySelector('.page').getBoundingClientRect().top;
                const rows = [...document.querySelectorAll('.cards li')].map((card) => card.getBoundingClientRect());
                return rows.slice(0, 2).map((row) => (row.bottom - top) / 96 * 25.4); }"""
        )
        assert all(0 < end < SHEET_MM for end in ends), ends


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "route"])  # its own are in test_map_states
def test_300_actions_at_random_break_nothing(browser: Any, pages: dict[str, Path], kind: str) -> None:
    addresses = ("lang=ru", "lang=kk", "lang=xx", "map=45,50,5", "route=3", "map=x", "")
    with visit_of(browser, pages, kind, 1000, 800, "en") as visit:
        visit.act_at_random(random.Random(7), addresses)
        assert visit.complaints == []
        assert visit.outside() == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_of_an_index_can_run(browser: Any, tmp_path: Path, payload: str) -> None:
    way = Way(payload, payload, (1.0, 2.0, 3.0), ("badge_cheapest",))
    entries = [
        Entry(
            "a.html", payload, payload, [way], [Effect(payload, payload, 1.0, 2.0, 1, 2)], files=[(payload, payload)]
        ),
        Entry("b.html", payload, payload, reason={"en": payload, "ru": payload}),
    ]
    html = index_page(
        payload, payload, entries,
        told=[(payload, payload)], facts=[("best_by", payload)], more=[("c.html", payload)], notes=[payload],
    )  # fmt: skip
    file = tmp_path / "index.html"
    file.write_text(html, "utf-8")
    with Visit(browser, file.as_uri(), wait_for=".pages") as visit:
        visit.page.select_option("#language", "ru")
        for place in ("h1", ".pages h2", ".pages .reason", ".files a", ".way", ".scenario", "summary", "footer p"):
            assert any(payload in text for text in visit.texts(place)), place
        assert visit.page.evaluate("window.hit") is None
        assert visit.page.locator("img, iframe, object").count() == 0
        assert visit.outside() == [] and visit.complaints == []
