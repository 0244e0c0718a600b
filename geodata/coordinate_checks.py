"""
Are the terminals where they should be? Each coordinate against GeoNames, OpenStreetMap or a list of stations.

A terminal is compared with the settlement of GeoNames that bears one of its names in the same country (the nearest, if
several do). ``tables/coordinate_checks.csv`` says where another point is right, and why a terminal lies off on purpose.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from geodata.measure import point_distance_km
from geodata.settlements import Settlements, load_settlements
from geodata.tables import read_table

NEAR_KM = 1.0
CLOSE_KM = 5.0
VERDICTS = ("within 1 km", "within 5 km", "further on purpose", "further", "unchecked")


class Reference(NamedTuple):
    """A point that a terminal is compared with."""

    name: str
    lon: float
    lat: float
    source: str


def check_terminal_coordinates(
    terminals: pd.DataFrame | None = None, settlements: Settlements | None = None
) -> pd.DataFrame:
    """
    Distance of every terminal from a point of the same name.

    Parameters
    ----------
    terminals
        Columns of ``schema/terminals.csv``; the shipped table without it.
    settlements
        Where names are looked up; the shipped table without it.

    Returns
    -------
    DataFrame
        One row a terminal, in their order: ``terminal``, ``name``, ``country``, ``role``, ``checked_against`` (name of
        the point, "" if unchecked), ``source`` of that point, ``distance_km`` (great circle, NaN if unchecked),
        ``verdict`` (one of `VERDICTS`), ``reason`` (why it lies off, or why it is unchecked).

    """
    terminals = read_table("terminals") if terminals is None else terminals
    settlements = settlements or load_settlements()
    notes = {row.terminal: row for row in read_table("coordinate_checks").itertuples(index=False)}
    rows = []
    for place in terminals.itertuples(index=False):
        note = notes.get(place.terminal)
        reason = note.reason if note else ""
        reference = _reference(place, note, settlements)
        km = point_distance_km(place.lon, place.lat, reference.lon, reference.lat) if reference else float("nan")
        rows.append(
            {
                "terminal": place.terminal, "name": place.name, "country": place.country, "role": place.role,
                "checked_against": reference.name if reference else "", "source": reference.source if reference else "",
                "distance_km": km, "verdict": _verdict(km, reason), "reason": reason,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _reference(place: Any, note: Any | None, settlements: Settlements) -> Reference | None:
    """The point to compare with; None if there is none."""
    names = [place.name, *(alias for alias in place.aliases.split(";") if alias)]
    if note is not None:
        if note.against == "nothing":
            return None
        if note.against == "point":
            return Reference(note.reference, note.reference_lon, note.reference_lat, note.source)
        if note.against == "settlement":
            names = [f"geonames:{int(note.geonames_id)}"]
    found = [one for name in names for one in settlements.find(name) if one.country == place.country]
    if not found:
        return None
    near = min(found, key=lambda one: point_distance_km(place.lon, place.lat, one.lon, one.lat))
    return Reference(near.name, near.lon, near.lat, near.code)


def _verdict(km: float, reason: str) -> str:
    if np.isnan(km):
        return "unchecked"
    if km <= NEAR_KM:
        return "within 1 km"
    if km <= CLOSE_KM:
        return "within 5 km"
    return "further on purpose" if reason else "further"
