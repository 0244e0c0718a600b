"""
Rates: what the model assumes about time, cost and CO2e, each with range, source, year and confidence.

The tables in ``corridor/assumptions`` share one schema: ``haul.csv`` (per km), ``stops.csv`` (transfers, borders,
loading and discharge), ``vessels.csv`` (parcels that fill ships and trains), ``emissions.csv``, ``policy.csv`` (duties,
subsidies) and ``values.csv`` (interest, carbon price). The most specific row wins: one for the load unit before one for
any; then one for a terminal or passage before one for an area, an area before a layer, a layer before its mode.
Money of other years is brought to `PRICE_YEAR` by ``deflators.csv`` when the tables are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from corridor.assumption_files import RATES, refuse_doubled, table_of
from corridor.catalogue import load_catalogue, shipped_catalogue
from corridor.documents import near_names
from corridor.errors import AssumptionError
from geodata.vocabulary import LAYERS, Kind, Mode, mode_of

Level = Literal["low", "base", "high"]
LEVELS: tuple[Level, ...] = ("low", "base", "high")
PRICE_YEAR = 2024
"""All money is US dollars of this year."""
DUTY, SUBSIDY, ANY = "duty", "subsidy", "any"
"""Kinds of rows that are about no kind of link: goods that enter a country, exports that are paid for, and the rest."""
REQUIRED: dict[str, tuple[str, ...]] = {
    Kind.HAUL: ("km_per_day", "usd_per_tkm", "kg_co2e_per_tkm"),
    Kind.TRANSFER: ("dwell_h", "usd_per_t", "ship_usd_per_t", "usd_per_consignment", "kg_co2e_per_t"),
    Kind.BORDER: ("dwell_h", "usd_per_t", "usd_per_consignment", "kg_co2e_per_t"),
    Kind.ACCESS: ("dwell_h", "usd_per_t", "ship_usd_per_t", "usd_per_consignment", "kg_co2e_per_t"),
}
"""What must be known about a link of each kind. An access link longer than zero is hauled by road as well."""
_PORT = ("parcel_t", "largest_t", "fill_h", "t_per_day", "war_risk_usd_per_t", "usd_per_unit")
_SHIP = ("least_t", "parcel_t", "largest_t", "percent_per_doubling")
FURTHER: dict[str, tuple[str, ...]] = {
    Kind.HAUL: ("empty_usd_per_tkm", "h_per_lock", "dwell_h", "usd_per_t", "war_risk_usd_per_t", *_SHIP),
    Kind.TRANSFER: _PORT,
    Kind.BORDER: ("usd_per_unit",),
    Kind.ACCESS: _PORT,
    DUTY: ("duty_usd_per_t",),
    SUBSIDY: ("subsidy_usd_per_t",),
}
"""What is added where a row says so, and nothing elsewhere. Dwell and dollars a tonne of a haul are of its passage."""
QUANTITIES = {kind: REQUIRED.get(kind, ()) + FURTHER.get(kind, ()) for kind in (*REQUIRED, DUTY, SUBSIDY)}
VALUES = ("interest_percent_per_year", "carbon_usd_per_t")
"""What must be known of no link, but once."""
PASSAGE = frozenset(["dwell_h", "usd_per_t", "war_risk_usd_per_t"])
"""What a haul takes once on its way through a named passage."""
ARRIVING = "arriving t_per_day"
"""Not a quantity of the tables: the rate at which the mode that brings cargo to a transfer or discharge is loaded."""
_EU_CODES = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EU = frozenset(_EU_CODES.split(" "))
EAEU = frozenset(["AM", "BY", "KG", "KZ", "RU"])

LIMITS = {
    "km_per_day": (1.0, 5_000.0),
    "usd_per_tkm": (0.0, 5.0),
    "empty_usd_per_tkm": (0.0, 5.0),
    "kg_co2e_per_tkm": (0.0, 5.0),
    "h_per_lock": (0.0, 100.0),
    "dwell_h": (0.0, 10_000.0),
    "fill_h": (0.0, 10_000.0),
    "parcel_t": (0.0, 400_000.0),
    "largest_t": (0.0, 400_000.0),
    "least_t": (0.0, 400_000.0),
    "percent_per_doubling": (-45.0, 100.0),
    "t_per_day": (1.0, 1_000_000.0),
    "usd_per_t": (0.0, 1_000.0),
    "ship_usd_per_t": (0.0, 1_000.0),
    "war_risk_usd_per_t": (0.0, 1_000.0),
    "duty_usd_per_t": (0.0, 1_000.0),
    "subsidy_usd_per_t": (0.0, 1_000.0),
    "usd_per_unit": (0.0, 100_000.0),
    "usd_per_consignment": (0.0, 1_000_000.0),
    "kg_co2e_per_t": (0.0, 1_000.0),
    "interest_percent_per_year": (0.0, 1_000.0),
    "carbon_usd_per_t": (0.0, 10_000.0),
}
"""
Values beyond these are slips of the pen; they would also make the engine's whole numbers too coarse. Freight a tonne
that fell by half with every doubling would make a larger shipment cost no more than a smaller one.
"""

LinkClass = tuple[str, str, str, str]
"""
Kind, layer, area and terminal of links that share their rates. The area of a haul is its country or sea area, of a
border its two countries, of a stop beside water the sea area; the "terminal" of a haul is the passage it leads through
or a line whose rates a scenario changes.
"""
KEYS = ("quantity", "kind", "layer", "area", "terminal", "load_unit")
FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rates:
    """
    Tables of assumptions at one level of their ranges.

    Attributes
    ----------
    table
        Columns of ``assumptions/schema/rates.csv``, and ``file``, ``row`` (as a spreadsheet counts) and ``deflator``;
        one row an assumption. Without ``load_unit`` and ``payload_t``, rows are about any unit and any payload.
    level
        Which end of the ranges is used: low, base or high (of the number, not of its effect).
    """

    table: pd.DataFrame
    level: Level = "base"

    def at(self, level: Level) -> Rates:
        """The same assumptions at another level, low, base or high."""
        if level not in LEVELS:
            raise AssumptionError(f"no level {level!r:.60}: choose from {', '.join(LEVELS)}")
        return replace(self, level=level)

    def with_value(
        self, quantity: str, value: float, *, layer: str = "", area: str = "", terminal: str = "", load_unit: str = ""
    ) -> Rates:
        """
        The same assumptions but for one row, whose low, base and high become `value`.

        Raises
        ------
        AssumptionError
            No row is about that, or the value is beyond `LIMITS`.
        """
        hit = np.array([key[0] == quantity and key[2:] == (layer, area, terminal, load_unit) for key in self.keys])
        if not hit.any():
            unit = f", load unit {load_unit!r}" if load_unit else ""
            raise AssumptionError(
                f"no assumption {quantity} for layer {layer!r}, area {area!r}, terminal {terminal!r}{unit} to replace"
            )
        least, most = LIMITS[quantity]
        if not least <= value <= most:
            raise AssumptionError(f"{quantity} cannot be {value:g}: give {least:g}…{most:g}")
        table = self.table.assign(**{level: self.table[level].where(~hit, value) for level in LEVELS})
        changed = replace(self, table=table)
        changed.__dict__["keys"] = self.keys  # what the rows are about stays
        return changed

    @property
    def lines(self) -> tuple[tuple[str, str, str], ...]:
        """Lines that have rates of their own: both ends, and the mode. The tables have none."""
        return ()

    @property
    def interest_percent_per_year(self) -> float:
        """Cost of capital tied up in the cargo."""
        return self._value("interest_percent_per_year")

    @property
    def carbon_usd_per_t(self) -> float:
        """Price of a tonne of CO2e."""
        return self._value("carbon_usd_per_t")

    def rows_of(self, classes: list[LinkClass], unit: str = "") -> dict[str, IntArray]:
        """
        The row in force for link classes: an array of positions in `table` for every quantity, −1 where none is.

        `ARRIVING` is among them: the loading of the mode that brings the cargo.

        Raises
        ------
        AssumptionError
            A quantity that a class must have is in no row.
        """
        names = sorted({quantity for wanted in QUANTITIES.values() for quantity in wanted})
        result = {name: np.full(len(classes), -1, dtype=np.int64) for name in names}
        said = {(key[0], key[1]) for key in self.keys}
        wanted = {
            kind: [(name, name in REQUIRED.get(kind, ())) for name in quantities
                   if name in REQUIRED.get(kind, ()) or (name, kind) in said]
            for kind, quantities in QUANTITIES.items()
        }  # fmt: skip
        for number, link_class in enumerate(classes):
            places = _places(link_class)
            layers = _layer_names(link_class[0], link_class[1])
            # what brings cargo to its discharge is as large as what leaves there
            vessels = _layer_names(link_class[0], link_class[1].replace("discharge ", "loading "))
            for quantity, must in wanted[link_class[0]]:
                if link_class[0] == Kind.HAUL and quantity in PASSAGE and not link_class[3]:
                    continue
                names_of = vessels if quantity in ("parcel_t", "largest_t") else layers
                row = self._find(quantity, link_class[0], names_of, places, unit)
                if row >= 0:
                    result[quantity][number] = row
                elif must:
                    raise self._silent(quantity, link_class)
        result[ARRIVING] = np.array([self._arriving(link_class, unit) for link_class in classes], dtype=np.int64)
        return result

    def row_of(self, quantity: str, link_class: LinkClass, unit: str = "") -> int | None:
        """Position in `table` of the row in force for one class of links; None where none is."""
        kind, layer = link_class[:2]
        row = self._find(quantity, kind, _layer_names(kind, layer), _places(link_class), unit)
        return row if row >= 0 else None

    def lookup(self, quantity: str, link_class: LinkClass, unit: str = "") -> float:
        """Value of a quantity for one class of links, at this level."""
        row = self.row_of(quantity, link_class, unit)
        if row is None:
            raise self._silent(quantity, link_class)
        return float(self.adjust(quantity, [link_class], self.values[[row]])[0])

    def adjust(self, quantity: str, classes: list[LinkClass], values: FloatArray) -> FloatArray:
        """Values of a quantity for link classes as they are in force; here as the tables say."""
        return values

    @cached_property
    def values(self) -> FloatArray:
        """Value of every row at this level."""
        return np.asarray(self.table[self.level], dtype=float)

    @cached_property
    def payloads_t(self) -> FloatArray:
        """Payload that every row is quoted at, NaN where it does not matter."""
        if "payload_t" not in self.table:
            return np.full(len(self.table), np.nan)
        return np.asarray(self.table["payload_t"], dtype=float)

    @cached_property
    def keys(self) -> tuple[tuple[str, ...], ...]:
        """What every row is about: quantity, kind, layer, area, terminal, load unit."""
        empty = [""] * len(self.table)
        columns = [self.table.get(name, empty) for name in KEYS]
        return tuple(zip(*columns, strict=True))

    @cached_property
    def _index(self) -> dict[tuple[str, str, str], dict[tuple[str, str, str], int]]:
        """Rows by quantity, kind and load unit, then by layer, area and terminal."""
        found: dict[tuple[str, str, str], dict[tuple[str, str, str], int]] = {}
        for row, (quantity, kind, layer, area, terminal, unit) in enumerate(self.keys):
            found.setdefault((quantity, kind, unit), {})[layer, area, terminal] = row
        return found

    def _find(self, quantity: str, kind: str, layers: tuple[str, ...], places: list[tuple[str, str]], unit: str) -> int:
        for load_unit in (unit, "") if unit else ("",):
            rows = self._index.get((quantity, kind, load_unit))
            if rows:
                for area, terminal in places:
                    for layer in layers:
                        row = rows.get((layer, area, terminal))
                        if row is not None:
                            return row
        return -1

    def _arriving(self, link_class: LinkClass, unit: str) -> int:
        """Row of the rate at which what brings cargo to a stop is loaded anywhere; −1 where nothing arrives."""
        kind, layer, *_ = link_class
        brought_by = layer.partition(">")[0] if kind == Kind.TRANSFER else layer.removeprefix("discharge ")
        if kind not in (Kind.TRANSFER, Kind.ACCESS) or brought_by.startswith("loading"):
            return -1
        return self._find(
            "t_per_day", Kind.ACCESS, _layer_names(Kind.ACCESS, f"loading {brought_by}"), [("", "")], unit
        )

    def _silent(self, quantity: str, link_class: LinkClass) -> AssumptionError:
        kind, layer, area, terminal = link_class
        return AssumptionError(
            f"no {quantity} for {kind} {layer or '(any layer)'} in {area or 'any area'}"
            f"{' at ' + terminal if terminal else ''}: add a row to the assumptions"
        )

    def _value(self, quantity: str) -> float:
        return float(self.values[self._only_row(quantity)])

    def _only_row(self, quantity: str) -> int:
        row = self.row_of(quantity, (ANY, "", "", ""))
        if row is None:
            raise AssumptionError(f"no {quantity}: add a row to the assumptions")
        return row


def load_rates(folder: str | Path | None = None) -> Rates:
    """
    Assumptions shipped with the package or, from a folder of the planner's, the tables found there in place of ours.

    Raises
    ------
    geodata.errors.TableError
        A cell breaks the schema: names file, row and column.
    AssumptionError
        low ≤ base ≤ high does not hold, two rows say the same thing, a row can never be used, a year has no deflator,
        or the folder holds no table of assumptions.
    """
    table = _shipped_table() if folder is None else _table(folder)
    catalogues = (load_catalogue(folder), shipped_catalogue())
    goods = {name for each in catalogues for name in each.commodities}
    _check(table, {name for each in catalogues for name in each.load_units}, goods)
    return Rates(_deflated(table, deflators(folder)))


def _table(folder: str | Path | None) -> pd.DataFrame:
    return pd.concat([table_of(name, folder) for name in RATES], ignore_index=True)


@cache
def _shipped_table() -> pd.DataFrame:
    return _table(None)


def deflators(folder: str | Path | None = None) -> dict[int, float]:
    """US consumer prices by year, from ``deflators.csv``; a row of `PRICE_YEAR` must be among them."""
    table = table_of("deflators", folder)
    refuse_doubled(table, ["year"])
    found = dict(zip(table["year"], table["us_cpi"], strict=True))
    if PRICE_YEAR not in found:
        raise AssumptionError(f"deflators.csv, column year: no row for {PRICE_YEAR}, the year that prices are of")
    return found


def _deflated(table: pd.DataFrame, index: dict[int, float]) -> pd.DataFrame:
    """Money in dollars of `PRICE_YEAR`; the factor is told row by row, 1 for what is no money."""
    money = table["quantity"].str.contains("usd")
    for row in table[money & ~table["year"].isin(list(index))].itertuples(index=False):
        raise AssumptionError(
            f"{row.file}, row {row.row}, column year: no deflator for {row.year}; deflators.csv has"
            f" {min(index)} to {max(index)}"
        )
    factor = pd.Series(1.0, index=table.index)
    factor[money] = [index[PRICE_YEAR] / index[year] for year in table.loc[money, "year"]]
    return table.assign(**{level: table[level] * factor for level in LEVELS}, deflator=factor)


def _check(table: pd.DataFrame, load_units: set[str], goods: set[str]) -> None:
    for row in table[(table["low"] > table["base"]) | (table["base"] > table["high"])].itertuples(index=False):
        raise AssumptionError(f"{_said(row)}, column base: low ≤ base ≤ high does not hold")
    refuse_doubled(table, list(KEYS))
    for row in table.itertuples(index=False):
        known = QUANTITIES.get(row.kind, VALUES)
        if row.quantity not in known:
            raise AssumptionError(f"{_said(row)} is never used, column quantity: {row.kind} has {', '.join(known)}")
        if row.load_unit not in {"", *load_units}:
            raise AssumptionError(
                f"{_said(row)} is never used, column load_unit: {row.load_unit!r} is none of"
                f" {', '.join(sorted(load_units))}"
            )
        layers = goods if row.kind in (DUTY, SUBSIDY) else _layers_of(row.kind)
        if row.layer not in {"", *layers}:
            near = near_names(row.layer, sorted(layers)) or f"{row.kind} has {', '.join(sorted(layers)) or 'none'}"
            raise AssumptionError(f"{_said(row)} is never used, column layer: {row.layer!r} is none; {near.strip()}")
        if row.terminal and row.area:
            raise AssumptionError(f"{_said(row)} is never used, column area: a row has an area or a terminal")
        if row.kind == Kind.HAUL and row.terminal and row.quantity not in PASSAGE:
            raise AssumptionError(
                f"{_said(row)} is never used, column terminal: of hauls only {', '.join(sorted(PASSAGE))} go by passage"
            )
    for quantity, (least, most) in LIMITS.items():
        wild = table[(table["quantity"] == quantity) & ((table["low"] < least) | (table["high"] > most))]
        for row in wild.itertuples(index=False):
            column = "low" if row.low < least else "high"
            raise AssumptionError(f"{_said(row)}, column {column}: outside {least:g}…{most:g}, what can be meant")
    units = dict(zip(_shipped_table()["quantity"], _shipped_table()["unit"], strict=True))
    for row in table.itertuples(index=False):
        told = units[row.quantity]
        if not row.unit.startswith(told.split(" ")[0]):
            raise AssumptionError(f"{_said(row)}, column unit: {row.unit!r}; {row.quantity} is told in {told}")


def _said(row: object) -> str:
    return f"{row.file}, row {row.row}: {_about(row)}"  # type: ignore[attr-defined]


def _about(row: object) -> str:
    return " ".join(text for text in (str(getattr(row, name)) for name in KEYS) if text)


def _places(link_class: LinkClass) -> list[tuple[str, str]]:
    """Area and terminal as rows may tell them, most specific first."""
    kind, _, area, terminal = link_class
    places = [("", terminal)] if terminal else []
    names = [area, _bloc(area) if kind == Kind.BORDER else ""]
    if terminal and kind in (Kind.TRANSFER, Kind.ACCESS):
        names.append(terminal[:2])  # the code of a terminal begins with its country
    return [*places, *((name, "") for name in dict.fromkeys(names) if name), ("", "")]


@cache
def _layer_names(kind: str, layer: str) -> tuple[str, ...]:
    """A layer as rows may call it, most specific first: rail-1520>sea, rail>sea, >sea, any."""
    names: list[str] = [layer, mode_of(layer), ""]
    if kind == Kind.TRANSFER:
        start, _, end = layer.partition(">")
        a, b = mode_of(start), mode_of(end)
        names = [layer, f"{a}>{end}", f"{start}>{b}", f"{a}>{b}", f">{end}", f">{b}", f"{start}>", f"{a}>", ""]
    elif kind == Kind.ACCESS:
        action, _, where = layer.partition(" ")
        names = [layer, f"{action} {mode_of(where)}", mode_of(where), ""]
    elif kind == Kind.HAUL and " " in layer:  # rail-1520 electric
        track, _, power = layer.partition(" ")
        names = [layer, f"{mode_of(track)} {power}", track, mode_of(track), ""]
    return tuple(dict.fromkeys(names))


@cache
def _layers_of(kind: str) -> frozenset[str]:
    """Everything that rows may call the layers of a kind of link."""
    rails = [layer for layer in LAYERS if mode_of(layer) == Mode.RAIL]
    full: dict[str, Sequence[str]] = {
        Kind.HAUL: [*LAYERS, *(f"{rail} {power}" for rail in rails for power in ("electric", "diesel", "unknown"))],
        Kind.TRANSFER: [f"{start}>{end}" for start in LAYERS for end in LAYERS],
        Kind.BORDER: LAYERS,
        Kind.ACCESS: [f"{action} {layer}" for action in ("loading", "discharge") for layer in LAYERS],
    }
    return frozenset(name for layer in full.get(kind, ()) for name in _layer_names(kind, layer))


@cache
def _bloc(pair: str) -> str:
    """The customs union that both countries of a border belong to, as ``EU–EU``, or ""."""
    sides = set(pair.split("–"))
    return "EU–EU" if sides <= EU else "EAEU–EAEU" if sides <= EAEU else ""
