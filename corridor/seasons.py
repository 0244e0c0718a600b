"""Seasons: what the month of departure closes, slows or makes dearer, from ``assumptions/seasons.csv``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import pandas as pd

from corridor.closures import Closure, ClosureKind
from corridor.errors import AssumptionError, ScenarioError
from corridor.periods import Period
from corridor.rate_changes import How, RateChange
from geodata.tables import read_checked

CLOSED = "closed"


@cache
def seasons() -> pd.DataFrame:
    """The table: one row a closure or a changed rate that returns every year."""
    home = files("corridor") / "assumptions"
    return read_checked(home / "seasons.csv", home / "schema" / "seasons.csv")


@cache
def seasonal_closures(month: int) -> tuple[Closure, ...]:
    """What the season shuts in a month."""
    return tuple(
        Closure(
            ClosureKind.GATEWAY, row.gateway, row.reason, when=_months(row.months), source=row.source, seasonal=True
        )
        for row in seasons().itertuples(index=False)
        if row.what == CLOSED and _months(row.months).covers(month)
    )


@cache
def seasonal_changes(month: int) -> tuple[RateChange, ...]:
    """What the season changes in the rates of a month."""
    return tuple(
        _change(row)
        for row in seasons().itertuples(index=False)
        if row.what != CLOSED and _months(row.months).covers(month)
    )


def _change(row: pd.Series) -> RateChange:
    try:
        return RateChange(
            row.quantity, row.kind, How(row.what), row.base, row.low, row.high, row.layer, row.area, row.terminal,
            _months(row.months), row.reason, row.source,
        )  # fmt: skip
    except ScenarioError as error:
        raise AssumptionError(f"seasons.csv: {error}") from error


def _months(text: str) -> Period:
    try:
        return Period(tuple(int(number) for number in text.split()))
    except (ValueError, ScenarioError) as error:
        raise AssumptionError(f"seasons.csv: months {text!r}: give numbers from 1 to 12 with spaces between") from error
