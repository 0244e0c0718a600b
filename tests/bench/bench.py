"""
Speed and memory of the shipped network, beside searoute, scgraph and scipy, in one run on one machine.

Absolute times depend on the machine; the ratios are what to compare. Run it with ``make bench``.
"""

from __future__ import annotations

import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

import corridor as co
from corridor.graph import Graph
from corridor.impedance import price_links
from corridor.sweep import batches_of, local_executor, run_sweep

REPEATS = 7


def median_s(action: Callable[[], object], repeats: int = REPEATS) -> float:
    """Median wall time of some runs, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def cold_start_s() -> float:
    """Whole process of ``corridor route Kostanay Ghent``, from start to end."""
    command = [str(Path(sys.executable).with_name("corridor")), "route", "Kostanay", "Ghent", "--json"]
    return median_s(lambda: subprocess.run(command, check=True, capture_output=True), 5)


def peak_memory_mb() -> float:
    """Largest resident memory of any process started so far by this one, in megabytes."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def our_times() -> dict[str, float]:
    """Our engine's answers: new rates, one more closure, matrix, a bare question; and scipy's for the same."""
    network = co.load_network()
    rates, flax = co.load_rates(), co.Shipment()
    co.find_route(network, "Kostanay", "Ghent", flax, rates=rates)
    prices = iter(np.linspace(0.021, 0.029, 4 * REPEATS))

    def new_rates() -> None:
        fresh = rates.with_value("usd_per_tkm", float(next(prices)), layer="rail-1520", area="KZ")
        co.find_route(network, "Kostanay", "Ghent", flax, rates=fresh)

    gateways = iter(["Poti", "Aktau", "Batumi", "Riga", "Kuryk", "Klaipeda", "Varna", "Burgas"] * 2)

    def one_more_closure() -> None:
        co.find_route(network, "Kostanay", "Ghent", flax, co.Scenario("more").close(next(gateways)), rates=rates)

    start = time.perf_counter()
    co.find_frontier(network, "Kostanay", "Ghent", flax, rates=rates)
    first_front = time.perf_counter() - start
    five = co.find_corridors(network, "Kostanay", "Ghent", flax, rates=rates)[:5]
    graph = Graph(network)
    weights = price_links(network, flax, rates)["cost_usd"].to_numpy()
    closed = co.BASELINE.closed_links(network)
    ours, scipys = graph.weigh(weights, "cch"), graph.weigh(weights, "scipy")
    source = [(network.terminal_nodes["KZ_KOSTANAY", "origin"], 0.0)]
    target = [(network.terminal_nodes["BE_GHENT", "destination"], 0.0)]
    sample = np.random.default_rng(1).choice(len(network.nodes), 200, replace=False).tolist()
    few = sample[:10]
    return {
        "new rates": median_s(new_rates),
        "one more closure": median_s(one_more_closure),
        "first front": first_front,
        "front": median_s(lambda: co.find_frontier(network, "Kostanay", "Ghent", flax, rates=rates)),
        "draws": median_s(lambda: co.simulate(five, draws=10_000), 3),
        "matrix": median_s(lambda: ours.matrix(sample, sample, closed), 3),
        "pair": median_s(lambda: ours.shortest(source, target, closed)),
        "scipy pair": median_s(lambda: scipys.shortest(source, target, closed)),
        "scipy matrix": median_s(lambda: scipys.matrix(few, sample, closed), 1) * len(sample) / len(few),
    }


def sweep_s(routes: int = 20_000) -> float:
    """A sweep by two processes, from start to end: terminals of Kazakhstan to others, by month; to a round number."""
    places = [place.code for place in co.load_network().gazetteer.places]
    origins = tuple(code for code in places if code.startswith("KZ_"))
    ends = tuple(code for code in places if code[:2] in ("BE", "NL", "DE", "GE"))
    study = co.Study("bench", origins, ends, (co.Shipment(),), tuple(range(1, 13)))
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as parts, local_executor(2) as executor:
        answered = len(run_sweep(batches_of(study), parts, executor))
    return (time.perf_counter() - start) * routes / answered


def page_ready_s() -> float | str:
    """A page of five routes in Chromium, from its address to the end of its scripts; or why that is not measured."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        return "skipped: no Chromium on the PATH"
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return "skipped: needs the PyPI package playwright"
    five = co.find_corridors(co.load_network(), "Kostanay", "Ghent")[:5]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "page.html"
        co.draw_map(five).save(file)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        times = []
        for _ in range(REPEATS):
            page = browser.new_page()
            page.goto(file.as_uri())
            page.wait_for_selector(".legs")
            times.append(page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"))
            page.close()
        browser.close()
    return statistics.median(times) / 1000


def peer_times() -> dict[str, float]:
    """searoute between Poti and Antwerp (sea only); scgraph over the world's railways, Almaty to Antwerp."""
    import searoute

    from geodata.read.scgraph_lines import _load

    sea = median_s(lambda: searoute.searoute([41.65, 42.15], [4.33, 51.28]), 5)
    import scgraph

    adjacency, nodes = _load("world_railways")
    railways = scgraph.GeoGraph(adjacency, nodes)
    ends = {"latitude": 43.34, "longitude": 76.95}, {"latitude": 51.28, "longitude": 4.33}
    rail = median_s(lambda: railways.get_shortest_path(origin_node=ends[0], destination_node=ends[1]), 5)
    return {"searoute": sea, "scgraph": rail}


def main() -> None:
    """Measure and print."""
    steps: list[Callable[[], object]] = [cold_start_s, our_times, peer_times, peak_memory_mb, sweep_s, page_ready_s]
    cold, ours, peers, memory_mb, swept, ready = (
        step() for step in track(steps, "measuring", console=Console(stderr=True))
    )
    assert isinstance(cold, float) and isinstance(ours, dict) and isinstance(peers, dict)
    assert isinstance(memory_mb, float) and isinstance(swept, float) and isinstance(ready, float | str)
    table = Table("What", "Measured", "Aim", title="corridor on its shipped network")
    for name, value, unit, aim in (
        ("corridor route, whole process", cold, "s", 1.5),
        ("route with new rates, warm", ours["new rates"] * 1000, "ms", 60.0),
        ("route with one more closure, warm", ours["one more closure"] * 1000, "ms", 5.0),
        ("200 × 200 matrix", ours["matrix"], "s", 0.5),
        ("Pareto front with its routes, new rates", ours["first front"], "s", 3.0),
        ("Pareto front with its routes, warm", ours["front"] * 1000, "ms", 50.0),
        ("10,000 draws for five routes", ours["draws"], "s", 1.0),
        ("20,000 scenario-routes of a sweep, two processes", swept, "s", 60.0),
        ("peak memory of corridor route", memory_mb, "MB", 400.0),
    ):
        table.add_row(name, f"{value:,.2f} {unit}", f"≤ {aim:g} {unit}{'' if value <= aim else '  missed'}")
    if isinstance(ready, str):
        table.add_row("page of five routes ready in Chromium", ready, "≤ 1.5 s")
    else:
        missed = "" if ready <= 1.5 else "  missed"
        table.add_row("page of five routes ready in Chromium", f"{ready:,.2f} s", f"≤ 1.5 s{missed}")
    ratios = Table("Comparable question", "Theirs", "Ours", "Ratio", title="Beside peers, same run")
    for name, theirs, mine in (
        ("one pair, scipy Dijkstra on the same network", ours["scipy pair"], ours["pair"]),
        ("200 × 200, scipy Dijkstra (scaled from 10 × 200)", ours["scipy matrix"], ours["matrix"]),
        ("one pair, searoute, sea lanes only", peers["searoute"], ours["pair"]),
        ("one pair, scgraph, railways only", peers["scgraph"], ours["pair"]),
    ):
        ratios.add_row(name, f"{theirs * 1000:,.2f} ms", f"{mine * 1000:,.2f} ms", f"{theirs / mine:,.0f} ×")
    console = Console()
    console.print(table)
    console.print(ratios)


if __name__ == "__main__":
    main()
