"""
Rates: what the model assumes about time, cost and CO2e, each with range, source, year and confidence.

Three tables in ``corridor/assumptions`` share one schema: ``haul.csv`` (per km), ``stops.csv`` (transfers, borders,
loading and discharge) and ``values.csv`` (interest, carbon price). The most specific row wins: one for a terminal
before one for an area, one for an area before one for a layer, a layer before its mode.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from corridor.errors import AssumptionError
from geodata.tables import read_checked
from geodata.vocabulary import Kind, mode_of

Level = Literal["low", "base", "high"]
TABLES = ("haul", "stops", "values")
QUANTITIES: dict[str, tuple[str, ...]] = {
    Kind.HAUL: ("km_per_day", "usd_per_tkm", "kg_co2e_per_tkm"),
    Kind.TRANSFER: ("dwell_h", "usd_per_t", "ship_usd_per_t", "usd_per_consignment", "kg_co2e_per_t"),
    Kind.BORDER: ("dwell_h", "usd_per_t", "usd_per_consignment", "kg_co2e_per_t"),
    Kind.ACCESS: ("dwell_h", "usd_per_t", "ship_usd_per_t", "usd_per_consignment", "kg_co2e_per_t"),
}
"""What must be known about a link of each kind. An access link longer than zero is hauled by road as well."""
_EU_CODES = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
VALUES = ("interest_percent_per_year", "carbon_usd_per_t")
"""What must be known of no link, but once."""
EU = frozenset(_EU_CODES.split(" "))
EAEU = frozenset(["AM", "BY", "KG", "KZ", "RU"])

LIMITS = {
    "km_per_day": (1.0, 5_000.0),
    "usd_per_tkm": (0.0, 5.0),
    "kg_co2e_per_tkm": (0.0, 5.0),
    "dwell_h": (0.0, 10_000.0),
    "usd_per_t": (0.0, 1_000.0),
    "ship_usd_per_t": (0.0, 1_000.0),
    "usd_per_consignment": (0.0, 1_000_000.0),
    "kg_co2e_per_t": (0.0, 1_000.0),
}
"""Values beyond these are slips of the pen; they would also make the engine's whole numbers too coarse."""

LinkClass = tuple[str, str, str, str]
"""Kind, layer, area and terminal of links that share their rates."""


@dataclass(frozen=True)
class Rates:
    """
    Tables of assumptions at one level of their ranges.

    Attributes
    ----------
    table
        Columns of ``assumptions/schema/rates.csv`` and ``file``, one row an assumption.
    level
        Which end of the ranges is used: low, base or high (of the number, not of its effect).
    """

    table: pd.DataFrame
    level: Level = "base"

    def at(self, level: Level) -> Rates:
        """The same assumptions at another level."""
        return replace(self, level=level)

    def with_value(self, quantity: str, value: float, *, layer: str = "", area: str = "", terminal: str = "") -> Rates:
        """The same assumptions but for one row, whose low, base and high become `value`."""
        rows = self.table
        hit = (
            (rows["quantity"] == quantity)
            & (rows["layer"] == layer)
            & (rows["area"] == area)
            & (rows["terminal"] == terminal)
        )
        if not hit.any():
            raise AssumptionError(
                f"no assumption {quantity} for layer {layer!r}, area {area!r}, terminal {terminal!r} to replace"
            )
        return replace(
            self, table=rows.assign(**{level: rows[level].where(~hit, value) for level in ("low", "base", "high")})
        )

    @property
    def interest_percent_per_year(self) -> float:
        """Cost of capital tied up in the cargo."""
        return self._value("interest_percent_per_year")

    @property
    def carbon_usd_per_t(self) -> float:
        """Price of a tonne of CO2e."""
        return self._value("carbon_usd_per_t")

    def per_class(self, classes: list[LinkClass]) -> dict[str, npt.NDArray[np.float64]]:
        """
        Rates of link classes: an array of length ``len(classes)`` for every quantity, 0 where it does not apply.

        Raises
        ------
        AssumptionError
            A quantity that a class needs is in no row.
        """
        names = sorted({quantity for wanted in QUANTITIES.values() for quantity in wanted})
        result = {name: np.zeros(len(classes)) for name in names}
        for number, link_class in enumerate(classes):
            for quantity in QUANTITIES[link_class[0]]:
                result[quantity][number] = self.lookup(quantity, link_class)
        return result

    def lookup(self, quantity: str, link_class: LinkClass) -> float:
        """Value of a quantity for one class of links, at this level."""
        kind, layer, area, terminal = link_class
        where = [("", terminal)] if terminal else []
        where += [(name, "") for name in (area, _bloc(area) if kind == Kind.BORDER else "") if name]
        for area_and_terminal in [*where, ("", "")]:
            for name in _layer_names(kind, layer):
                value = self._values.get((quantity, kind, name, *area_and_terminal))
                if value is not None:
                    return value
        raise AssumptionError(
            f"no {quantity} for {kind} {layer or '(any layer)'} in {area or 'any area'}"
            f"{' at ' + terminal if terminal else ''}: add a row to the assumptions"
        )

    @cached_property
    def _values(self) -> dict[tuple[str, str, str, str, str], float]:
        rows = self.table
        keys = zip(rows["quantity"], rows["kind"], rows["layer"], rows["area"], rows["terminal"], strict=True)
        return dict(zip(keys, rows[self.level].astype(float), strict=True))

    def _value(self, quantity: str) -> float:
        value = self._values.get((quantity, "any", "", "", ""))
        if value is None:
            raise AssumptionError(f"no {quantity}: add a row to the assumptions")
        return value


def load_rates(folder: str | Path | None = None) -> Rates:
    """
    Assumptions shipped with the package or, from a folder of the planner's, the tables found there in place of ours.

    Raises
    ------
    geodata.errors.TableError
        A cell breaks the schema: names file, row and column.
    AssumptionError
        low ≤ base ≤ high does not hold, two rows say the same thing, a row can never be used, or the folder holds no
        table of assumptions.
    """
    home = files("corridor") / "assumptions"
    schema = home / "schema" / "rates.csv"
    if folder is not None and not any((Path(folder) / f"{name}.csv").is_file() for name in TABLES):
        raise AssumptionError(f"{folder} holds none of {', '.join(f'{name}.csv' for name in TABLES)}")
    frames = []
    for name in TABLES:
        own = Path(folder) / f"{name}.csv" if folder is not None else None
        source: Traversable = own if own is not None and own.is_file() else home / f"{name}.csv"
        frames.append(read_checked(source, schema).assign(file=source.name))
    table = pd.concat(frames, ignore_index=True)
    _check(table)
    return Rates(table)


def _check(table: pd.DataFrame) -> None:
    disordered = table[(table["low"] > table["base"]) | (table["base"] > table["high"])]
    if len(disordered):
        row = disordered.iloc[0]
        raise AssumptionError(
            f"{row.file}: {row.quantity} for {row.kind} {row.layer} {row.area}: low ≤ base ≤ high does not hold"
        )
    seen: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for row in table.itertuples(index=False):
        seen[row.quantity, row.kind, row.layer, row.area, row.terminal].append(row.file)
    doubled = [key for key, found in seen.items() if len(found) > 1]
    if doubled:
        raise AssumptionError(f"{seen[doubled[0]][0]}: two rows for {' '.join(part for part in doubled[0] if part)}")
    for row in table.itertuples(index=False):
        fits = row.quantity in QUANTITIES.get(row.kind, VALUES)
        if not fits or (row.terminal and (row.area or row.kind == Kind.HAUL)):
            why = "that kind has no such quantity" if not fits else "a row has an area or, if no haul, a terminal"
            raise AssumptionError(
                f"{row.file}: {row.quantity} for {row.kind} {row.layer} {row.area} {row.terminal} is never used: {why}"
            )
    for quantity, (least, most) in LIMITS.items():
        wild = table[(table["quantity"] == quantity) & ((table["low"] < least) | (table["high"] > most))]
        if len(wild):
            row = wild.iloc[0]
            where = f"{row.kind} {row.layer} {row.area} {row.terminal}".rstrip()
            raise AssumptionError(
                f"{row.file}: {quantity} for {where} is outside {least:g}…{most:g}, what can be meant"
            )


@cache
def _layer_names(kind: str, layer: str) -> tuple[str, ...]:
    """A layer as rows may call it, most specific first: rail-1520>sea, rail>sea, any."""
    names: list[str] = [layer, mode_of(layer), ""]
    if kind == Kind.TRANSFER:
        start, _, end = layer.partition(">")
        names = [layer, f"{mode_of(start)}>{end}", f"{start}>{mode_of(end)}", f"{mode_of(start)}>{mode_of(end)}", ""]
    elif kind == Kind.ACCESS:
        action, _, where = layer.partition(" ")
        names = [layer, f"{action} {mode_of(where)}", ""]
    return tuple(dict.fromkeys(names))


@cache
def _bloc(pair: str) -> str:
    """The customs union that both countries of a border belong to, as ``EU–EU``, or ""."""
    sides = set(pair.split("–"))
    return "EU–EU" if sides <= EU else "EAEU–EAEU" if sides <= EAEU else ""
