"""What moves: commodities, load units and the shipment itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

import pandas as pd

from corridor.errors import AssumptionError, ShipmentError
from geodata.tables import read_checked

MOST_TONNES = 1e7
"""A shipment is at most this large."""


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
    """What cargo is carried in: its form on every mode that takes it. The first mode is its own."""

    name: str
    forms: frozenset[str]
    carriers: dict[str, Carrier]


@dataclass(frozen=True)
class Shipment:
    """
    A consignment: ``Shipment("flaxseed", tonnes=3_000, unit="hopper wagon")``.

    Attributes
    ----------
    unit
        Load unit; the first that takes the commodity's form if not given (wagon and ship's hold for bulk).
    made_in
        Country where the goods originate (ISO 3166 alpha-2): duties depend on it.

    Raises
    ------
    ShipmentError
        Unknown commodity or unit, a unit that does not take the commodity, or tonnes that are not a positive finite
        number.
    """

    commodity: str = "flaxseed"
    tonnes: float = 3000.0
    unit: str = ""
    made_in: str = "KZ"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.tonnes) and 0 < self.tonnes <= MOST_TONNES):
            raise ShipmentError(
                f"a shipment of {self.tonnes:g} tonnes cannot be: give more than 0 and at most 10 million"
            )
        _known("commodity", self.commodity, list(commodities()))
        fitting = [name for name, unit in load_units().items() if self.cargo.form in unit.forms]
        if self.unit:
            _known("load unit", self.unit, list(load_units()))
            if self.unit not in fitting:
                raise ShipmentError(
                    f"{self.commodity} is {self.cargo.form} and does not go in a {self.unit}: choose {_or(fitting)}"
                )
        else:
            object.__setattr__(self, "unit", fitting[0])
        if not (len(self.made_in) == 2 and self.made_in.isascii() and self.made_in.isupper()):
            raise ShipmentError(f"made in {self.made_in!r}: give a country as two capital letters, such as KZ")

    @property
    def cargo(self) -> Commodity:
        """The commodity with its properties."""
        return commodities()[self.commodity]

    @property
    def load_unit(self) -> LoadUnit:
        """The load unit with its properties."""
        return load_units()[self.unit]

    @property
    def modes(self) -> frozenset[str]:
        """Modes that carry the load unit."""
        return frozenset(self.load_unit.carriers)

    @property
    def payload_t(self) -> float:
        """Tonnes in one full load unit, by weight or volume."""
        return next(iter(self.load_unit.carriers.values())).payload_t(self.cargo)

    @property
    def units(self) -> int:
        """Load units needed."""
        return math.ceil(self.tonnes / self.payload_t)

    def payload_on(self, mode: str) -> float:
        """Tonnes in one wagon, box, lorry or tonne of hold on a mode; NaN where the mode does not carry it."""
        carrier = self.load_unit.carriers.get(mode)
        return carrier.payload_t(self.cargo) if carrier else math.nan

    def __str__(self) -> str:
        """As a planner says it: ``3,000 t of flaxseed in 48 hopper wagons``."""
        plural = "" if self.units == 1 else "s"
        return f"{self.tonnes:,.0f} t of {self.commodity} in {self.units:,} {self.unit}{plural}"


@cache
def commodities() -> dict[str, Commodity]:
    """Commodities by name, from ``corridor/assumptions/commodities.csv``."""
    found = {}
    for row in _table("commodities").itertuples(index=False):
        if not row.low_usd_per_t <= row.base_usd_per_t <= row.high_usd_per_t:
            raise AssumptionError(f"commodities.csv: {row.commodity}: low ≤ base ≤ high does not hold")
        found[row.commodity] = Commodity(
            row.commodity, row.hs_code, row.form, row.stowage_m3_per_t, row.moisture_limit_percent,
            row.base_usd_per_t, (row.low_usd_per_t, row.high_usd_per_t), row.source, row.year,
        )  # fmt: skip
    return found


@cache
def load_units() -> dict[str, LoadUnit]:
    """Load units by name, from ``corridor/assumptions/load_units.csv``."""
    found = {}
    for name, rows in _table("load_units").groupby("load_unit", sort=False):
        carriers = {
            row.mode: Carrier(row.carrier, row.capacity_t, row.capacity_m3) for row in rows.itertuples(index=False)
        }
        found[str(name)] = LoadUnit(str(name), frozenset(rows["forms"].iat[0].split(";")), carriers)
    return found


def _table(name: str) -> pd.DataFrame:
    home = files("corridor") / "assumptions"
    return read_checked(home / f"{name}.csv", home / "schema" / f"{name}.csv")


def _known(what: str, name: str, names: list[str]) -> None:
    if name not in names:
        near = get_close_matches(name.lower(), names, n=1, cutoff=0.4)
        hint = f"; did you mean {near[0]!r}?" if near else "."
        raise ShipmentError(f"unknown {what} {name!r}{hint} Known are {', '.join(names)}.")


def _or(names: list[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
