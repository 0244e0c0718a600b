"""Takes the pictures of the site and the README: maps as a browser shows them. Run by ``make pictures``."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import sync_playwright

import corridor as co

HERE = Path(__file__).parent
SIZE = {"width": 1400, "height": 900}
COLOURS = 128
AROUND = co.Scenario("without Russia").close_country("RU")
PICTURES = {
    "kostanay-ghent.png": ("Ghent", co.BASELINE),
    "without-russia.png": ("Ghent", AROUND),
    "ferries-closed.png": ("Poti", AROUND.close("Kuryk", "Aktau", reason="wind")),
}
"""Destination and scenario of each; all start in Kostanay."""
GATEWAYS = ["Aktau", "Kuryk", "Novorossiysk", "Riga", "St Petersburg"]
PLACES = {
    "network.png": co.draw_network,
    "terminals.png": co.draw_terminals,
    "reach.png": lambda network: co.draw_reach(co.reach(network, "Kostanay"), "Kostanay"),
    "hinterland.png": lambda network: co.draw_hinterland(co.hinterland(network, "Ghent", GATEWAYS), "Ghent"),
}
"""How each picture of places is drawn."""
BEFORE_AFTER = {"before-after.png": ("Ghent", AROUND, AROUND.close("Aktau", "Kuryk", reason="wind"))}
"""Destination and the scenarios before and after."""


def main() -> None:
    """Draw each comparison, take its picture and reduce its colours."""
    network = co.load_network()
    with TemporaryDirectory() as folder, sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        routes = {
            name: lambda network, to=to, scenario=scenario: co.draw_map(
                co.find_corridors(network, "Kostanay", to, scenario=scenario)
            )
            for name, (to, scenario) in PICTURES.items()
        }
        changed = {
            name: lambda network, to=to, scenarios=scenarios: co.draw_comparison(
                *(co.find_corridors(network, "Kostanay", to, scenario=scenario) for scenario in scenarios)
            )
            for name, (to, *scenarios) in BEFORE_AFTER.items()
        }
        for name, draw in (routes | changed | PLACES).items():
            page = draw(network).save(Path(folder) / "page.html")
            tab = browser.new_page(viewport=SIZE)
            tab.goto(page.as_uri())
            tab.wait_for_timeout(1500)
            picture = Image.open(io.BytesIO(tab.screenshot())).convert("RGB")
            picture.quantize(COLOURS, dither=Image.Dither.NONE).save(HERE / name, optimize=True)
            print(f"{name}: {(HERE / name).stat().st_size / 1000:.0f} kB")
        browser.close()


if __name__ == "__main__":
    main()
