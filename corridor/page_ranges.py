"""How sure the figures of a page are: ranges of routes and along them, and the assumptions that move each most."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from corridor.page_tables import Step, items_of, steps_of
from corridor.page_words import in_languages
from corridor.route import Route
from corridor.uncertainty import ranges_along, simulate, tornado

if TYPE_CHECKING:
    import geopandas as gpd

DRAWS = 2_000
"""Draws of all assumptions for a page; p10 and p90 then move by about 1 % from seed to seed."""
SEED = 0
TOLD = 8
"""Assumptions told of each route and figure, the strongest first."""
MOST_CERTAIN = "Most certain"
FIGURES = ("time_h", "cost_usd_per_t", "co2e_kg_per_t")
UNITEMIZED = {"parcel_t": "size of a parcel"}
"""Quantities that are no item of a figure but move one → what they are called."""
ALONG = {"time_h": "time_h", "cost_usd": "cost_usd_per_t"}
"""Figure of a route → figure of a page, of those whose range is drawn along the way."""


def with_ranges(whole: pd.DataFrame, routes: Sequence[Route]) -> pd.DataFrame:
    """`routes_table` with ``<figure>_p10`` and ``<figure>_p90``; the narrowest range of cost is "Most certain"."""
    table = whole.copy()
    ranges = simulate(routes, draws=DRAWS, seed=SEED).ranges().set_index(["figure", "route"])
    for figure in FIGURES:
        for side in ("p10", "p90"):
            table[f"{figure}_{side}"] = ranges.loc[figure, side].to_numpy().round(3)
    surest = ranges.loc["cost_usd", "most_certain"].to_numpy()
    table["badges"] = [
        [*badges, MOST_CERTAIN] if sure else badges for badges, sure in zip(table["badges"], surest, strict=True)
    ]
    return table


def with_ranges_along(
    legs: gpd.GeoDataFrame, stops: gpd.GeoDataFrame, routes: Sequence[Route]
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """`legs_table` and `stops_table` with p10 and p90 of hours and dollars from the origin to the end of each row."""
    tables = legs.copy(), stops.copy()
    found: tuple[list[dict[str, float]], list[dict[str, float]]] = ([], [])
    for route in routes:
        steps = list(steps_of(route))
        along = ranges_along(route, [step.part for step in steps], draws=DRAWS, seed=SEED)
        for place, step in enumerate(steps):
            cells = {}
            for figure, name in ALONG.items():
                divisor = route.shipment.tonnes if figure == "cost_usd" else 1.0
                for side, values in zip(("p10", "p90"), along[figure], strict=True):  # type: ignore[index]
                    cells[f"cumulative_{name}_{side}"] = round(float(values[place]) / divisor, 2)
            found[step.order is not None].append(cells)
    for table, rows in zip(tables, found, strict=True):
        for column in rows[0]:
            table[column] = [row[column] for row in rows]
    return tables


def tornado_table(routes: Sequence[Route]) -> pd.DataFrame:
    """
    The assumptions that move each route's hours and dollars a tonne most, each alone at its low and at its high.

    Returns
    -------
    DataFrame
        ``route_id`` (1 for the first), ``figure``, ``item`` and ``unit`` with translations, ``mode`` and ``where`` ("":
        several), ``low``, ``base``, ``high`` (the figure), ``value_low``, ``value_base``, ``value_high`` (the
        assumption), ``source`` and ``confidence``.
    """
    rows: list[dict[str, Any]] = []
    for number, route in enumerate(routes, start=1):
        steps = list(steps_of(route))
        items = items_of(route, steps)
        told = dict(tuple(items.groupby(["file", "row"]))) if {"file", "row"} <= set(items) else {}
        for figure, name in ALONG.items():
            divisor = route.shipment.tonnes if figure == "cost_usd" else 1.0
            rows += [
                {"route_id": number, "figure": name}
                | _about(row, told.get((row["file"], row["row"])), steps)
                | {side: row[side] / divisor for side in ("low", "base", "high")}
                | {f"value_{side}": row[f"value_{side}"] for side in ("low", "base", "high")}
                | in_languages("unit", str(row["unit"]))
                | in_languages("source", str(row["source"]))
                | {"confidence": row["confidence"]}
                for row in tornado(route, figure).head(TOLD).to_dict("records")  # type: ignore[arg-type]
            ]
    return pd.DataFrame(rows)


def _about(row: Mapping[Hashable, Any], items: pd.DataFrame | None, steps: Sequence[Step]) -> dict[str, str]:
    """What an assumption is about, in words: those of the items that rest on it, where they are alike."""
    if items is None:
        quantity = str(row["name"]).partition(" ")[0]
        return in_languages("item", UNITEMIZED.get(quantity, str(row["name"]))) | {"mode": "", "where": ""}
    stops = [steps[place].order is not None for place in items["leg"]]
    where = {
        steps[place].part.origin if stop else area
        for stop, place, area in zip(stops, items["leg"], items["where"], strict=True)
    }
    modes = set(items["mode"])
    return in_languages("item", str(items["item"].iat[0])) | {
        "mode": modes.pop() if len(modes) == 1 and not any(stops) else "",
        "where": where.pop() if len(where) == 1 else "",
    }
