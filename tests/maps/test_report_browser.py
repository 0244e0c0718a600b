"""A report of the shipped network in a real browser: figures, sources, what-ifs and months, and no request."""

from pathlib import Path
from typing import Any

import pytest
from visit import Visit

import corridor as co

pytestmark = pytest.mark.browser
STUDY = co.Study(
    "browser", ("Kostanay",), ("Ghent",), (co.Shipment("flaxseed"),), (1, 7),
    (co.BASELINE, co.load_scenario("no-russia-belarus")),
)  # fmt: skip


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return co.write_report(STUDY, co.load_network(), tmp_path_factory.mktemp("report"))


def test_the_index_leads_to_the_page(browser: Any, report: list[Path]) -> None:
    with Visit(browser, report[0].as_uri(), wait_for=".pages") as visit:
        assert "Cheapest" in visit.page.inner_text(".pages")
        visit.page.select_option("#language", "kk")
        assert "Қостанай → Гент" in visit.page.inner_text(".pages h2")
        assert visit.page.evaluate("document.documentElement.lang") == "kk"
        assert visit.address == {"lang": "kk"}
        visit.page.select_option("#language", "en")
        visit.page.click(".pages h2 a")
        visit.page.wait_for_selector(".legs")
        assert visit.page.url.startswith(report[1].as_uri())
        assert visit.outside() == []
        assert visit.complaints == []


@pytest.mark.parametrize("width", [1400, 820, 390])
def test_what_ifs_and_months_tell_the_same_as_python(browser: Any, report: list[Path], width: int) -> None:
    network, shipment = co.load_network(), STUDY.shipments[0]
    base = co.find_corridors(network, "Kostanay", "Ghent", shipment)
    under = co.find_corridors(network, "Kostanay", "Ghent", shipment, STUDY.scenarios[1])
    still_open = {route.corridor for route in under}
    with Visit(browser, report[1].as_uri(), width) as visit:
        visit.page.click("[data-scenario='no-russia-belarus']")
        visit.settle()
        shut = visit.page.locator(".card.is-shut .card-name").all_inner_texts()
        assert shut == [route.corridor for route in base if route.corridor not in still_open]
        assert "country RU" in visit.page.inner_text("#card-A-change")
        visit.page.click("[data-scenario='']")
        visit.page.focus("#month")
        visit.page.keyboard.press("ArrowRight")
        assert visit.page.inner_text("#month-name") == "January"
        assert visit.address["month"] == "1"
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        assert visit.complaints == []


def test_sources_of_a_leg_are_one_click_away(browser: Any, report: list[Path]) -> None:
    with Visit(browser, report[1].as_uri()) as visit:
        visit.page.click("details.sources summary >> nth=1")
        text = visit.page.locator("details.sources").nth(1).inner_text()
        assert "haul, KZ" in text
        assert "source:" in text
        assert "confidence" in text
        visit.page.select_option("#language", "ru")
        visit.settle()
        assert "Балтийский – Россия" in visit.page.inner_text("#cards")
        assert visit.complaints == []
