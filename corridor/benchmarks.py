"""What others publish about days and dollars, and what the model says to the same question."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pandas as pd

from corridor.errors import NoRouteError
from corridor.rates import PRICE_YEAR, deflators
from corridor.routing import find_route
from corridor.scenario import Scenario
from corridor.shipment import Shipment
from geodata.network import Network
from geodata.tables import read_checked
from geodata.vocabulary import Kind

FIGURES = {
    "days": ("time_h", 24.0),
    "usd_per_t": ("cost_usd", 1.0),
    "days_ratio": ("time_h", 24.0),
    "usd_ratio": ("cost_usd", 1.0),
}
"""What of a route a published figure is about, and its unit in hours or dollars; a speed is over its kilometres."""


def published_figures() -> pd.DataFrame:
    """Table ``assumptions/benchmarks.csv``: published days, dollars and speeds, with range, year and source."""
    home = files("corridor") / "assumptions"
    return read_checked(home / "benchmarks.csv", home / "schema" / "benchmarks.csv")


def compare_figures(network: Network) -> pd.DataFrame:
    """
    Published figures beside the model's answers.

    Returns
    -------
    DataFrame
        The columns of the table, with money in dollars of `rates.PRICE_YEAR` and ``fitted`` as a bool, and
        ``computed`` (NaN where there is no such way) and ``within`` (whether it is in the published range).
    """
    table = published_figures()
    index = deflators()
    factor = [index[PRICE_YEAR] / index[row.year] if row.metric == "usd_per_t" else 1.0 for row in table.itertuples()]
    table = table.assign(low=table["low"] * factor, high=table["high"] * factor, fitted=table["fitted"] == "yes")
    computed = pd.Series([_computed(network, row) for row in table.itertuples(index=False)], index=table.index)
    return table.assign(computed=computed, within=(table["low"] <= computed) & (computed <= table["high"]))


def _computed(network: Network, row: Any) -> float:
    try:
        value = _value(network, row, row.avoid)
        return value / _value(network, row, row.instead) if row.metric.endswith("_ratio") else value
    except NoRouteError:
        return float("nan")


def _value(network: Network, row: Any, avoid: str) -> float:
    scenario = Scenario("published")
    for name in filter(None, avoid.split(";")):
        scenario = scenario.close_country(name) if len(name) == 2 else scenario.close(name)
    if row.modes:
        for mode in sorted(set(network.links_by("mode")) - {"", *row.modes.split(";")}):
            scenario = scenario.close_mode(mode)
    shipment = Shipment(row.commodity, row.tonnes, row.load_unit)
    route = find_route(network, row.origin, row.destination, shipment, scenario)
    items = route.items()
    if row.items:
        names = row.items.split(";")
        items = items[items["item"].isin(names) | (items["kind"].isin(names) & (items["kind"] != Kind.HAUL))]
    if row.metric == "km_per_h":
        return route.distance_km / float(items["time_h"].sum())
    figure, divisor = FIGURES[row.metric]
    return float(items[figure].sum()) / (divisor if figure == "time_h" else row.tonnes)
