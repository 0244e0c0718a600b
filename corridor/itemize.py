"""
Where every figure of a route comes from: one row an item of a leg, with the assumption it rests on.

``figure = amount × value``, or ``amount ÷ value`` where `divides` is true: so totals are a function of rows of the
assumptions, which can be drawn from their ranges. Sums of the table are the totals of the legs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corridor.impedance import FIGURES, generalized_usd, inventory_usd_per_h, item_values, lorry_classes
from corridor.link_classes import amounts_of, classes_of, rows_in_force
from corridor.rates import ANY, SUBSIDY, VALUES, FloatArray, IntArray, LinkClass, Rates
from corridor.shipment import Shipment
from geodata.network import Network
from geodata.vocabulary import Kind, Mode

if TYPE_CHECKING:
    from corridor.route import Leg

ORIGIN_COLUMNS = ("file", "row", "unit", "source", "year", "confidence", "low", "base", "high")
"""What of an assumption stands beside each item."""
Batch = tuple[list[LinkClass], list[str], dict[str, IntArray], dict[str, FloatArray]]
"""Classes of links, their countries, the rows they take, and their amounts per km, link, passage and lock."""
INVENTORY, CARBON = "inventory", "carbon price"
"""Items that count in generalized_usd only."""


def itemize(network: Network, legs: Sequence[Leg], shipment: Shipment, rates: Rates) -> pd.DataFrame:
    """
    Items of the legs of a route.

    Returns
    -------
    DataFrame
        ``leg`` (number), ``mode``, ``kind``, ``where`` (country, sea, frontier, passage or terminal), ``item``,
        ``waiting`` (whether its hours are waiting), ``quantity``, ``amount``, ``divides``, ``value``; the four figures
        ``time_h``, ``cost_usd``, ``co2e_kg`` and ``generalized_usd`` (cost, inventory and carbon items), each 0 but
        where the item counts; ``assumption`` (position in ``rates.table``) and that row's file, row (as a spreadsheet
        counts), unit, source, year, confidence, low, base and high. Whole shipment.
    """
    records = [
        {"leg": number, "mode": leg.mode, "kind": leg.kind} | record
        for number, leg in enumerate(legs)
        for record in _items(network, leg, shipment, rates)
    ]
    table = pd.DataFrame(records)
    origins = [name for name in ORIGIN_COLUMNS if name in rates.table]
    rows = rates.table[origins].iloc[table["assumption"]].reset_index(drop=True)
    return pd.concat([table, rows], axis=1)


def subsidy_usd(network: Network, legs: Sequence[Leg], shipment: Shipment, rates: Rates) -> float:
    """What Kazakhstan pays towards an export of its own by the port where it leaves the railway, US dollars."""
    if shipment.made_in != "KZ":
        return 0.0
    found = classes_of(network)
    for leg in legs:
        if leg.kind == Kind.TRANSFER and leg.layer.startswith(Mode.RAIL) and leg.layer.endswith(f">{Mode.SEA}"):
            country = found.countries[found.code[leg.links[0]]]
            row = rates.row_of("subsidy_usd_per_t", (SUBSIDY, shipment.commodity, country, ""))
            if row is not None:
                return shipment.tonnes * float(rates.values[row])
    return 0.0


def total_items(network: Network, legs: Sequence[Leg], shipment: Shipment, rates: Rates) -> dict[str, FloatArray]:
    """Totals of legs as their items add up, by figure: shape (), or (draws,) of rates that are drawn many times."""
    total = {figure: np.zeros(()) for figure in (*FIGURES, "generalized_usd")}
    for classes, countries, rows, sums in _batches(network, legs, shipment, rates):
        for item, at, row, scale, value in item_values(classes, countries, rows, shipment, rates):
            del row
            each = scale / value if item.divides else scale * value
            total[item.figure] = total[item.figure] + each @ sums[item.per][at]
    time_h, cost_usd, co2e_kg = (total[figure] for figure in FIGURES)
    total["generalized_usd"] = generalized_usd(cost_usd, time_h, co2e_kg, shipment, rates)
    return total


def assumptions_of(network: Network, legs: Sequence[Leg], shipment: Shipment, rates: Rates) -> list[int]:
    """Positions in ``rates.table`` of all assumptions that legs may rest on, those of parcels too."""
    found: set[int] = set()
    for classes, countries, rows, _ in _batches(network, legs, shipment, rates):
        for every in rows.values():
            found.update(every.tolist())
        for _, _, row, _, _ in item_values(classes, countries, rows, shipment, rates):
            found.update(row.tolist())
    values = (rates.row_of(quantity, (ANY, "", "", "")) for quantity in VALUES)
    return sorted(found.union(row for row in values if row is not None) - {-1})


def _items(network: Network, leg: Leg, shipment: Shipment, rates: Rates) -> Iterator[dict[str, Any]]:
    time_h = co2e_kg = 0.0
    batches = _batches(network, [leg], shipment, rates)
    for record in (record for batch in batches for record in _of_classes(*batch, shipment, rates)):
        time_h += record["time_h"]
        co2e_kg += record["co2e_kg"]
        yield record
    interest, carbon = (
        rates.row_of(quantity, (ANY, "", "", "")) for quantity in ("interest_percent_per_year", "carbon_usd_per_t")
    )
    if interest is not None and rates.interest_percent_per_year:
        amount = time_h * inventory_usd_per_h(shipment, rates) / rates.interest_percent_per_year
        yield _record("", INVENTORY, "interest_percent_per_year", amount, rates.interest_percent_per_year, interest)
    if carbon is not None:
        yield _record("", CARBON, "carbon_usd_per_t", co2e_kg / 1000.0, rates.carbon_usd_per_t, carbon)


def _batches(network: Network, legs: Sequence[Leg], shipment: Shipment, rates: Rates) -> Iterator[Batch]:
    """Classes of all links of the legs together, then those of each way of a lorry to or from a point."""
    links = [link for leg in legs for link in leg.links]
    if links:
        yield _link_batch(network, np.asarray(links, dtype=np.int64), shipment, rates)
    for leg in legs:
        if not leg.links:
            yield _lorry_batch(leg, shipment, rates)


def _link_batch(network: Network, links: IntArray, shipment: Shipment, rates: Rates) -> Batch:
    found, amounts = classes_of(network, rates.lines), amounts_of(network)
    numbers, code = np.unique(found.code[links], return_inverse=True)
    rows = {name: every[numbers] for name, every in rows_in_force(network, rates, shipment.unit).items()}
    sums = {
        per: np.bincount(code, weights=amounts.of(per)[links], minlength=len(numbers)).astype(float)
        for per in ("km", "link", "passage", "lock")
    }
    classes = [found.classes[number] for number in numbers]
    return classes, [found.countries[number] for number in numbers], rows, sums


def _lorry_batch(leg: Leg, shipment: Shipment, rates: Rates) -> Batch:
    classes = lorry_classes(leg.area, leg.layer)
    sums = {"km": np.array([leg.distance_km, 0.0]), "link": np.array([0.0, 1.0])}
    sums |= {per: np.zeros(2) for per in ("passage", "lock")}
    return classes, [leg.area] * 2, rates.rows_of(classes, shipment.unit), sums


def _of_classes(
    classes: list[LinkClass],
    countries: list[str],
    rows: dict[str, IntArray],
    sums: dict[str, FloatArray],
    shipment: Shipment,
    rates: Rates,
) -> Iterator[dict[str, Any]]:
    for item, at, row, scale, value in item_values(classes, countries, rows, shipment, rates):
        for position, number in enumerate(at):
            amount = float(sums[item.per][number] * scale[position])
            if amount:
                _, _, area, terminal = classes[number]
                yield _record(
                    terminal or area, item.name, item.quantity, amount, float(value[position]), int(row[position]),
                    figure=item.figure, divides=item.divides, waiting=item.waiting,
                )  # fmt: skip


def _record(
    where: str,
    item: str,
    quantity: str,
    amount: float,
    value: float,
    assumption: int,
    *,
    figure: str = "generalized_usd",
    divides: bool = False,
    waiting: bool = False,
) -> dict[str, Any]:
    result = amount / value if divides else amount * value
    figures = dict.fromkeys((*FIGURES, "generalized_usd"), 0.0) | {figure: result}
    if figure == "cost_usd":
        figures["generalized_usd"] = result
    return {
        "where": where, "item": item, "waiting": waiting, "quantity": quantity, "amount": amount, "divides": divides,
        "value": value, **figures, "assumption": assumption,
    }  # fmt: skip
