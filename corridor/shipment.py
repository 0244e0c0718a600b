"""What moves: commodities, load units and the shipment itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from numbers import Real

from corridor.errors import ShipmentError
from geodata.tables import read_checked


@dataclass(frozen=True)
class Commodity:
    """
    A kind of cargo.

    Attributes
    ----------
    name, hs_code
        English name and heading of the Harmonized System.
    stowage_m3_per_t
        Room that a tonne takes in bulk.
    value_usd_per_t
        Price used for the cost of capital tied up on the way.
    source, year
        Who says so, and of which year the price is.
    """

    name: str
    hs_code: str
    stowage_m3_per_t: float
    value_usd_per_t: float
    source: str
    year: int


@dataclass(frozen=True)
class Shipment:
    """
    A consignment: ``Shipment("flaxseed", tonnes=3_000)``.

    Raises
    ------
    ShipmentError
        Unknown commodity, or tonnes that are not a positive finite number.
    """

    commodity: str = "flaxseed"
    tonnes: float = 3000.0

    def __post_init__(self) -> None:
        if not isinstance(self.tonnes, Real) or isinstance(self.tonnes, bool):
            raise ShipmentError(f"tonnes must be a number, not {self.tonnes!r:.60}")
        if not isinstance(self.commodity, str):
            raise ShipmentError(f"a commodity is named by text, not {self.commodity!r:.60}")
        if not (math.isfinite(self.tonnes) and 0 < self.tonnes <= 1e7):
            raise ShipmentError(
                f"a shipment of {self.tonnes:g} tonnes cannot be: give more than 0 and at most 10 million"
            )
        known = commodities()
        if self.commodity not in known:
            near = get_close_matches(self.commodity.lower(), known, n=1, cutoff=0.4)
            hint = f"; did you mean {near[0]!r}?" if near else "."
            raise ShipmentError(f"unknown commodity {self.commodity!r}{hint} Known are {', '.join(known)}.")

    @property
    def cargo(self) -> Commodity:
        """The commodity with its properties."""
        return commodities()[self.commodity]


@cache
def commodities() -> dict[str, Commodity]:
    """Commodities by name, from ``corridor/assumptions/commodities.csv``."""
    home = files("corridor") / "assumptions"
    table = read_checked(home / "commodities.csv", home / "schema" / "commodities.csv")
    return {
        row.commodity: Commodity(
            row.commodity, row.hs_code, row.stowage_m3_per_t, row.value_usd_per_t, row.source, row.year
        )
        for row in table.itertuples(index=False)
    }
