"""Periods: months of every year, days of the calendar, always."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

import corridor as co
from corridor.periods import YEAR

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    ("period", "months", "words"),
    [
        (co.Period(), YEAR, ""),
        (co.Period((12, 1, 2, 3)), {12, 1, 2, 3}, "December–March"),
        (co.Period((3, 1, 12, 2)), {12, 1, 2, 3}, "December–March"),
        (co.Period((5,)), {5}, "May"),
        (co.Period((3, 4, 5, 9, 11)), {3, 4, 5, 9, 11}, "March–May and September and November"),
        (co.Period(tuple(range(1, 13))), YEAR, "all year"),
        (co.Period(since=date(2025, 9, 12), until=date(2025, 9, 24)), {9}, "12 September 2025 to 24 September 2025"),
        (co.Period(since=date(2025, 9, 12), until=date(2025, 9, 12)), {9}, "12 September 2025"),
        (co.Period(since=date(2024, 12, 31), until=date(2025, 1, 1)), {12, 1}, "31 December 2024 to 1 January 2025"),
        (co.Period(since=date(2024, 12, 31), until=date(2025, 12, 1)), YEAR, "31 December 2024 to 1 December 2025"),
        (co.Period(since=date(2020, 5, 1), until=date(2029, 4, 1)), YEAR, "1 May 2020 to 1 April 2029"),
        (co.Period(since=date(2023, 12, 1)), YEAR, "from 1 December 2023"),
        (co.Period(until=date(2023, 12, 1)), YEAR, "until 1 December 2023"),
    ],
    ids=str,
)
def test_months_and_words(period: co.Period, months: set[int], words: str) -> None:
    assert period.months_touched == months
    assert str(period) == words
    assert [period.covers(month) for month in range(1, 13)] == [month in months for month in range(1, 13)]
    assert period.covers(None)


@given(DAYS, DAYS)
def test_days_touch_the_months_they_lie_in(one: date, other: date) -> None:
    since, until = sorted((one, other))
    period = co.Period(since=since, until=until)
    between = {date.fromordinal(day).month for day in range(since.toordinal(), until.toordinal() + 1)}
    assert period.months_touched == between


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"months": (0,)}, "no months"),
        ({"months": (13,)}, "no months"),
        ({"months": (True,)}, "no months"),
        ({"months": ("May",)}, "no months"),
        ({"months": [1, 2]}, "no months"),
        ({"since": "2025-09-12"}, "is no day"),
        ({"until": datetime(2025, 9, 12, 8)}, "is no day"),
        ({"since": date(2025, 9, 24), "until": date(2025, 9, 12)}, "ends before it starts"),
        ({"months": (9,), "since": date(2025, 9, 24)}, "months or days, not both"),
    ],
)
def test_what_is_no_period(arguments: dict[str, object], says: str) -> None:
    with pytest.raises(co.ScenarioError, match=says):
        co.Period(**arguments)
