"""When something holds: months that return every year, or days of the calendar."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime

from corridor.errors import ScenarioError

MONTHS = tuple(calendar.month_name)[1:]
"""English names of the months, January first."""
YEAR = frozenset(range(1, 13))


@dataclass(frozen=True)
class Period:
    """
    Months of every year, days from `since` until `until` (both included), or, with neither, always.

    >>> Period(months=(12, 1, 2, 3)).covers(2), str(Period(months=(12, 1, 2, 3)))
    (True, 'December–March')
    """

    months: tuple[int, ...] = ()
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.months, tuple) or not all(is_month(month) for month in self.months):
            raise ScenarioError(f"months {self.months!r} are no months: give numbers from 1 to 12")
        for day in (self.since, self.until):
            if day is not None and (not isinstance(day, date) or isinstance(day, datetime)):
                raise ScenarioError(f"{day!r} is no day: give a date such as 2025-09-12, without a time")
        if self.since and self.until and self.since > self.until:
            raise ScenarioError(f"a period from {self.since} until {self.until} ends before it starts")
        if self.months and (self.since or self.until):
            raise ScenarioError("a period has months or days, not both")

    def covers(self, month: int | None) -> bool:
        """Whether it holds for some of a month; where no month is asked about, it does."""
        return month is None or month in self.months_touched

    @property
    def months_touched(self) -> frozenset[int]:
        """Months of which it holds some days."""
        if self.months:
            return frozenset(self.months)
        if self.since is None or self.until is None:
            return YEAR
        first = self.since.year * 12 + self.since.month - 1
        last = self.until.year * 12 + self.until.month - 1
        return frozenset(number % 12 + 1 for number in range(first, min(last, first + 11) + 1))

    def __str__(self) -> str:
        """In words; "" for always."""
        if self.months:
            return _month_words(frozenset(self.months))
        if self.since and self.until:
            return _day(self.since) if self.since == self.until else f"{_day(self.since)} to {_day(self.until)}"
        return f"from {_day(self.since)}" if self.since else f"until {_day(self.until)}" if self.until else ""


ALWAYS = Period()


def is_month(value: object) -> bool:
    """Whether a value is the number of a month."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 12


def _month_words(months: frozenset[int]) -> str:
    """Runs of months, also over the new year: ``December–March``, ``May and August–October``."""
    if months == YEAR:
        return "all year"
    runs = []
    for first in sorted(months):
        if (first - 2) % 12 + 1 in months:
            continue
        last = first
        while last % 12 + 1 in months:
            last = last % 12 + 1
        runs.append(MONTHS[first - 1] if first == last else f"{MONTHS[first - 1]}–{MONTHS[last - 1]}")
    return " and ".join(runs)


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
