"""A route in words: what its cost and its days are made of, how much of them is waiting, and what made it win."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from corridor.itemize import CARBON, INVENTORY

if TYPE_CHECKING:
    from corridor.route import Leg, Route

SHOWN = 0.005
"""Items below this part of a total are not told by name."""
WORDS = {
    "time_h": ("days", 24.0, "quicker"),
    "cost_usd": ("USD/t", 1.0, "cheaper"),
    "co2e_kg": ("kg CO2e/t", 1.0, "cleaner"),
    "generalized_usd": ("USD/t, with inventory and CO2e", 1.0, "cheaper all in all"),
}
"""Unit of each figure, what one of it is divided by, and what a smaller one is called."""


def explain(route: Route, others: Sequence[Route] = ()) -> str:
    """
    Cost stack and time stack by leg and transfer, share of waiting, and what sets the route apart from the next best.

    Parameters
    ----------
    others
        Routes that it is measured against; the best of them at what it minimizes is told.
    """
    return "\n".join(_lines(route, others))


def _lines(route: Route, others: Sequence[Route]) -> Iterator[str]:
    items = route.items()
    tonnes = route.shipment.tonnes
    yield f"{route.origin} → {route.destination}, {route.shipment}" + (f" ({route.corridor})" if route.corridor else "")
    lorries = sum(leg.distance_km for leg in route.legs if leg.mode == "road")
    if lorries > 0 and route.shipment.unit != "truck":
        payload_t = route.shipment.payload_on("road")
        yield f"By road {lorries:,.0f} km: {tonnes / payload_t:,.0f} loads of {payload_t:.0f} t."
    yield ""
    yield "Cost, USD/t"
    yield from _stack(route, items, "cost_usd", tonnes)
    subsidy = route.subsidy_usd
    if subsidy:
        after = (route.cost_usd - subsidy) / tonnes
        yield f"  before the subsidy {route.cost_usd_per_t:,.2f}, after it {after:,.2f} USD/t"
    for item in (INVENTORY, CARBON):
        value = items.loc[items["item"] == item, "generalized_usd"].sum() / tonnes
        yield f"  besides, {item}: {value:,.2f} USD/t (in generalized_usd only)"
    yield ""
    yield "Time, days"
    yield from _stack(route, items, "time_h", 24.0)
    waiting_h = float(items.loc[items["waiting"], "time_h"].sum())
    yield f"  of which waiting {waiting_h / 24:.1f} days, {waiting_h / route.time_h:.0%}"
    rivals = [other for other in others if other.legs != route.legs]
    if rivals:
        yield ""
        yield from _won(route, rivals)


def _stack(route: Route, items: pd.DataFrame, figure: str, divisor: float) -> Iterator[str]:
    total = float(getattr(route, figure))
    for number, leg in enumerate(route.legs):
        mine = items[items["leg"] == number].groupby("item", sort=False)[figure].sum() / divisor
        parts = [f"{name} {value:,.1f}" for name, value in mine.items() if value > SHOWN * total / divisor]
        value = float(getattr(leg, figure)) / divisor
        yield f"  {_what(leg):<44.44} {value:8,.1f}  {', '.join(parts)}".rstrip()
    yield f"  {'total':<44} {total / divisor:8,.1f}"


def _won(route: Route, rivals: Sequence[Route]) -> Iterator[str]:
    figure = route.minimize if route.minimize in WORDS else "cost_usd"
    unit, divisor, better = WORDS[figure]
    divisor = divisor if figure == "time_h" else route.shipment.tonnes
    mine = route.items().groupby("item")[figure].sum() / divisor
    tables = [(other, other.items().groupby("item")[figure].sum() / divisor) for other in rivals]
    other, yours = min(tables, key=lambda pair: float(pair[1].sum()))
    gap = float(yours.sum() - mine.sum())
    name = other.corridor or " · ".join(other.via) or "the other way"
    word = better if gap >= 0 else "worse"
    difference = yours.sub(mine, fill_value=0.0)
    difference = difference[difference.abs() > SHOWN * float(mine.sum())].sort_values(key=abs, ascending=False)
    parts = [f"{item} {-value:+,.1f}" for item, value in difference.items()]
    yield f"Against {name}: {abs(gap):,.1f} {unit} {word} ({', '.join(parts)})."


def _what(leg: Leg) -> str:
    if leg.kind == "transfer":
        return f"{leg.layer.replace('>', ' → ')} at {leg.origin}"
    if leg.kind == "access" and not leg.distance_km:
        return f"{leg.layer} at {leg.origin}"
    return f"{leg.mode} {leg.origin} → {leg.destination}"
