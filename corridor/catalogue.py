"""What can be moved and in what: commodities and load units, from the tables of assumptions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pandas as pd

from corridor.assumption_files import refuse_doubled, table_of
from corridor.errors import AssumptionError
from geodata.vocabulary import Mode

FORMS = frozenset(["dry bulk", "liquid bulk", "packed", "pieces"])
"""How a commodity moves."""


@dataclass(frozen=True)
class Commodity:
    """
    A kind of cargo.

    Attributes
    ----------
    name, hs_code
        English name and heading of the Harmonized System.
    form
        "dry bulk", "liquid bulk", "packed" or "pieces".
    stowage_m3_per_t
        Room that a tonne takes in that form.
    moisture_limit_percent
        Moisture above which it is refused; NaN where that has no meaning.
    value_usd_per_t, value_range_usd_per_t
        Price used for the cost of capital tied up on the way, and its low and high.
    source, year
        Who says so, and of which year the price is.
    """

    name: str
    hs_code: str
    form: str
    stowage_m3_per_t: float
    moisture_limit_percent: float
    value_usd_per_t: float
    value_range_usd_per_t: tuple[float, float]
    source: str
    year: int


@dataclass(frozen=True)
class Carrier:
    """What a load unit is on one mode, and what it bears."""

    name: str
    capacity_t: float
    capacity_m3: float

    def payload_t(self, cargo: Commodity) -> float:
        """Tonnes of a cargo that it takes, by weight or by volume, whichever is less."""
        return min(self.capacity_t, self.capacity_m3 / cargo.stowage_m3_per_t)


@dataclass(frozen=True)
class LoadUnit:
    """
    What cargo is carried in: its form on every mode that takes it. The first mode is its own.

    Attributes
    ----------
    handled
        Modes that it is loaded to and from, by terminal; None if that can be done anywhere.
    """

    name: str
    forms: frozenset[str]
    carriers: dict[str, Carrier]
    handled: dict[str, frozenset[str]] | None = None

    def handled_at(self, terminal: str, modes: frozenset[str]) -> bool:
        """Whether a terminal loads it to and from modes; lorries, and with them boxes, are loaded anywhere."""
        if self.handled is None or modes == {Mode.ROAD}:
            return True
        return modes <= self.handled.get(terminal, frozenset())


@dataclass(frozen=True)
class Catalogue:
    """
    Commodities and load units by name; two with the same contents are equal.

    Attributes
    ----------
    digest
        Of the tables that it was read from.
    """

    commodities: dict[str, Commodity] = field(compare=False, repr=False)
    load_units: dict[str, LoadUnit] = field(compare=False, repr=False)
    digest: str


def load_catalogue(folder: str | Path | None = None) -> Catalogue:
    """
    Commodities and load units shipped with the package or, from a folder of the planner's, the tables found there.

    Raises
    ------
    geodata.errors.TableError
        A cell of ``commodities.csv``, ``load_units.csv`` or ``handling.csv`` breaks the schema: names file, row and
        column.
    AssumptionError
        Rows contradict one another, one of handling is of no load unit, a price has low ≤ base ≤ high not, or no unit
        takes a commodity.
    """
    return shipped_catalogue() if folder is None else _read(folder)


@cache
def shipped_catalogue() -> Catalogue:
    """The catalogue of ``corridor/assumptions``."""
    return _read(None)


def _read(folder: str | Path | None) -> Catalogue:
    goods, units, handling = (table_of(name, folder) for name in ("commodities", "load_units", "handling"))
    told = "".join(frame.drop(columns=["file", "row"]).to_csv() for frame in (goods, units, handling))
    digest = hashlib.blake2b(told.encode(), digest_size=8).hexdigest()
    named = {*units["load_unit"], *table_of("load_units")["load_unit"]}  # shipped handling may be of shipped units
    known = _load_units(units, _handled(handling, named))
    return Catalogue(_commodities(goods, known), known, digest)


def _commodities(table: pd.DataFrame, units: dict[str, LoadUnit]) -> dict[str, Commodity]:
    refuse_doubled(table, ["commodity"])
    found = {}
    for row in table.itertuples(index=False):
        where = f"{row.file}, row {row.row}"
        if not row.low_usd_per_t <= row.base_usd_per_t <= row.high_usd_per_t:
            raise AssumptionError(f"{where}, column base_usd_per_t: low ≤ base ≤ high does not hold")
        if not any(row.form in unit.forms for unit in units.values()):
            raise AssumptionError(f"{where}, column form: no load unit takes {row.form}")
        found[row.commodity] = Commodity(
            row.commodity, row.hs_code, row.form, row.stowage_m3_per_t, row.moisture_limit_percent,
            row.base_usd_per_t, (row.low_usd_per_t, row.high_usd_per_t), row.source, row.year,
        )  # fmt: skip
    return found


def _handled(table: pd.DataFrame, load_units: set[str]) -> dict[str, dict[str, frozenset[str]]]:
    """Modes by terminal of every load unit that not all terminals handle."""
    refuse_doubled(table, ["load_unit", "terminal"])
    found: dict[str, dict[str, frozenset[str]]] = {}
    for row in table.itertuples(index=False):
        modes = frozenset(part.strip() for part in row.modes.split(";"))
        if row.load_unit not in load_units:
            raise AssumptionError(
                f"{row.file}, row {row.row} is never used, column load_unit: {row.load_unit!r} is none of"
                f" {', '.join(sorted(load_units))}"
            )
        if modes - set(Mode):
            raise AssumptionError(
                f"{row.file}, row {row.row}, column modes: {', '.join(sorted(modes - set(Mode)))} is none of"
                f" {', '.join(Mode)}"
            )
        found.setdefault(row.load_unit, {})[row.terminal] = modes
    return found


def _load_units(table: pd.DataFrame, handled: dict[str, dict[str, frozenset[str]]]) -> dict[str, LoadUnit]:
    refuse_doubled(table, ["load_unit", "mode"])
    found = {}
    for name, rows in table.groupby("load_unit", sort=False):
        carriers = {}
        forms = frozenset(part.strip() for part in rows["forms"].iat[0].split(";"))
        for row in rows.itertuples(index=False):
            where = f"{row.file}, row {row.row}, column forms"
            own = frozenset(part.strip() for part in row.forms.split(";"))
            if own - FORMS:
                unknown, known = ", ".join(sorted(own - FORMS)), ", ".join(sorted(FORMS))
                raise AssumptionError(f"{where}: {unknown} is none of {known}")
            if own != forms:
                raise AssumptionError(f"{where}: a {name} takes the same forms on every mode")
            carriers[row.mode] = Carrier(row.carrier, row.capacity_t, row.capacity_m3)
        found[str(name)] = LoadUnit(str(name), forms, carriers, handled.get(str(name)))
    return found
