"""What moves: a shipment, of a commodity in a load unit."""

from __future__ import annotations

import math
import re
import sys
from dataclasses import dataclass, field
from difflib import get_close_matches
from numbers import Real

from corridor.catalogue import Catalogue, Commodity, LoadUnit, shipped_catalogue
from corridor.errors import ShipmentError

MOST_TONNES = 1e7
"""A shipment is at most this large."""


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
    catalogue
        Where commodity and unit are described; of `load_catalogue` for a planner's own.

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
    catalogue: Catalogue = field(default_factory=shipped_catalogue, repr=False)

    def __post_init__(self) -> None:
        if not isinstance(self.tonnes, Real) or isinstance(self.tonnes, bool):
            raise ShipmentError(f"tonnes must be a number, not {self.tonnes!r:.60}")
        if not isinstance(self.commodity, str):
            raise ShipmentError(f"a commodity is named by text, not {self.commodity!r:.60}")
        if not isinstance(self.unit, str | None):
            raise ShipmentError(f"a load unit is named by text, not {self.unit!r:.60}")
        if not 0 < self.tonnes <= MOST_TONNES:
            told = self.tonnes if not self.tonnes > sys.float_info.max else math.inf
            raise ShipmentError(f"a shipment of {told:g} tonnes cannot be: give more than 0 and at most 10 million")
        _known("commodity", self.commodity, list(self.catalogue.commodities))
        fitting = [name for name, unit in self.catalogue.load_units.items() if self.cargo.form in unit.forms]
        if self.unit:
            _known("load unit", self.unit, list(self.catalogue.load_units))
            if self.unit not in fitting:
                raise ShipmentError(
                    f"{self.commodity} is {self.cargo.form} and does not go in a {self.unit}: choose {_or(fitting)}"
                )
        else:
            object.__setattr__(self, "unit", fitting[0])
        if not (isinstance(self.made_in, str) and re.fullmatch("[A-Z]{2}", self.made_in)):
            raise ShipmentError(f"made in {self.made_in!r}: give a country as two capital letters, such as KZ")

    @property
    def cargo(self) -> Commodity:
        """The commodity with its properties."""
        return self.catalogue.commodities[self.commodity]

    @property
    def load_unit(self) -> LoadUnit:
        """The load unit with its properties."""
        return self.catalogue.load_units[self.unit]

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


def _known(what: str, name: str, names: list[str]) -> None:
    if name not in names:
        near = get_close_matches(name.lower(), names, n=1, cutoff=0.4)
        hint = f"; did you mean {near[0]!r}?" if near else "."
        raise ShipmentError(f"unknown {what} {name!r}{hint} Known are {', '.join(names)}.")


def _or(names: list[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
