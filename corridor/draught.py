"""
The level of the Caspian Sea: what ships can carry, and what a tonne then costs.

Where the water is too shallow for a full ship, every centimetre less takes a fixed weight of cargo off it. The ship and
its crew cost the same, so cost a tonne rises as payload falls, at sea and in port, and CO2e with it.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from corridor.rate_changes import How, RateChange
from geodata.tables import read_checked
from geodata.vocabulary import Kind

LEVELS_M = (-31.0, -26.0)
"""Levels that can be asked about: those of the last 120 years, and two metres below that of 2025."""
SEA = "Caspian Sea"
AT_SEA = (("usd_per_tkm", Kind.HAUL, "sea"), ("kg_co2e_per_tkm", Kind.HAUL, "sea"))
AT_PORT = (
    ("ship_usd_per_t", Kind.TRANSFER, ">sea"),
    ("ship_usd_per_t", Kind.TRANSFER, "sea>"),
    ("ship_usd_per_t", Kind.ACCESS, "sea"),
    ("parcel_t", Kind.TRANSFER, ">sea"),
    ("parcel_t", Kind.ACCESS, "loading sea"),
    ("largest_t", Kind.TRANSFER, ">sea"),
    ("largest_t", Kind.ACCESS, "loading sea"),
)
"""Rates that go against the payload, and ships, whose load goes with it: quantity, kind and layer."""
LOADS = ("parcel_t", "largest_t")


@cache
def draughts() -> pd.DataFrame:
    """``assumptions/draughts.csv``: what the usual ship carries at the reference level, at sea and at each port."""
    home = files("corridor") / "assumptions"
    return read_checked(home / "draughts.csv", home / "schema" / "draughts.csv")


def payload_t(row: Any, level_m: float, t_per_cm: float) -> float:
    """Tonnes that the ship of a row of `draughts` carries at a level of the sea, at most what fills it."""
    return min(float(row.full_t), float(row.payload_t) + 100.0 * t_per_cm * (level_m - float(row.reference_level_m)))


@cache
def level_changes(level_m: float) -> tuple[RateChange, ...]:
    """What a level of the sea, in metres of the Baltic datum, makes of the rates; nothing at the reference level."""
    changes: list[RateChange] = []
    for row in draughts().itertuples(index=False):
        payloads = [payload_t(row, level_m, value) for value in (row.low, row.base, row.high)]
        if payloads[1] == row.payload_t:
            continue
        reason = f"ships of {row.full_t:,.0f} t carry {payloads[1]:,.0f} t with the sea at {level_m:g} m"
        for quantity, kind, layer in AT_PORT if row.terminal else AT_SEA:
            ratios = [payload / row.payload_t for payload in payloads]
            low, base, high = sorted(ratios if quantity in LOADS else [1.0 / ratio for ratio in ratios])
            area = "" if row.terminal else SEA
            changes.append(
                RateChange(
                    quantity, kind, How.FACTOR, base, low, high, layer, area, row.terminal, reason=reason,
                    source=row.source,
                )
            )  # fmt: skip
    return tuple(changes)
