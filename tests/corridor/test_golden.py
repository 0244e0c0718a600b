"""
Frozen answers of the toy network, compared letter by letter.

Their network and rates are those of `conftest`, so data and assumptions may change under them; the words, the order and
the sums may not, without a look at the difference. To freeze anew, after that look::

    python tests/corridor/test_golden.py
"""

from pathlib import Path

import pandas as pd
import pytest

import corridor as co
from geodata.network import Network

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
TABLES = ("legs", "comparison")

QUESTIONS: list[tuple[str, str, str, co.Scenario]] = [
    ("Kostanay", "Ghent", "cost_usd", co.BASELINE),
    ("Kostanay", "Ghent", "time_h", co.BASELINE),
    ("Kostanay", "Ghent", "cost_usd", co.Scenario("no Bosporus, no Poland").close("Bosporus", "BY–PL")),
    ("Kostanay", "Ghent", "generalized_usd", co.Scenario("no Georgia").close_country("GE")),
    ("Ghent", "Kostanay", "co2e_kg", co.BASELINE),
    ("Aktau", "Constanta", "distance_km", co.BASELINE),
    ("62.5,52.6", "3.3,51.1", "cost_usd", co.BASELINE),
]


def golden_tables(network: Network, rates: co.Rates) -> dict[str, str]:
    """The tables as CSV text: every leg of every answer, and the comparison of all corridors."""
    shipment = co.Shipment("flaxseed", tonnes=1000.0)
    legs = []
    for start, end, minimize, scenario in QUESTIONS:
        route = co.find_route(network, start, end, shipment, scenario, minimize=minimize, rates=rates)
        question = {"question": f"{start} → {end}", "minimize": minimize, "scenario": scenario.name}
        legs += [
            question | leg.record() | {"borders": " ".join(border.name for border in leg.borders)} for leg in route.legs
        ]
        total = {name: getattr(route, name) for name in ("distance_km", "time_h", "cost_usd", "co2e_kg")}
        legs.append(question | {"mode": "total", "kind": route.corridor, "layer": " · ".join(route.via)} | total)
    comparison = co.compare(co.find_corridors(network, "Kostanay", "Ghent", shipment, rates=rates))
    frames = {"legs": pd.DataFrame(legs), "comparison": comparison}
    return {name: frame.to_csv(index=False, float_format="%.4f", lineterminator="\n") for name, frame in frames.items()}


@pytest.mark.parametrize("name", TABLES)
def test_answers_are_the_frozen_ones(toy: Network, toy_rates: co.Rates, name: str) -> None:
    expected = (GOLDEN / f"toy_{name}.csv").read_text("utf-8")
    assert golden_tables(toy, toy_rates)[name] == expected


if __name__ == "__main__":
    import sys

    sys.path.insert(0, str(GOLDEN.parent))
    from conftest import make_toy_network, make_toy_rates

    for table, text in golden_tables(make_toy_network(), make_toy_rates()).items():
        (GOLDEN / f"toy_{table}.csv").write_text(text, "utf-8")
