"""Where the letters of routes stand on a matplotlib chart, so that none covers another: all sizes in points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import cos, dist, pi, sin
from typing import Any

LETTER = 18.0
"""Width and height of a letter in its disc, with air around it."""
_WHISKERS_APART = 6.0
_STEP = 3.0
_TRIES = 400


@dataclass(frozen=True)
class End:
    """Where a route ends on a chart: `low` and `high` are the ends of its whisker (both `y`: none)."""

    letter: str
    x: float
    y: float
    low: float
    high: float


def on_page(axis: Any, x: float, y: float) -> tuple[float, float]:
    """Point of the data → points from the lower left of the figure, which must be laid out already."""
    scale = 72 / axis.figure.dpi
    across, up = axis.transData.transform((x, y))
    return float(across) * scale, float(up) * scale


def steps_aside(axis: Any, ends: Sequence[End]) -> list[float]:
    """
    How far to the right of its end each letter and its whisker stand.

    Returns
    -------
    list
        One number an end, in its order: 0 where there is room at the end itself.
    """
    placed: list[tuple[float, float, float, float]] = []
    aside = [0.0] * len(ends)
    for number in sorted(range(len(ends)), key=lambda number: (ends[number].x, ends[number].y)):
        end = ends[number]
        x, y = on_page(axis, end.x, end.y)
        low, high = (on_page(axis, end.x, side)[1] for side in (end.low, end.high))
        for _ in range(_TRIES):
            mark = (x + aside[number], y, low, high)
            if not any(_clash(mark, other) for other in placed):
                break
            aside[number] += _STEP
        placed.append(mark)
    return aside


def _clash(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    """Whether two letters with their whiskers, each (x, y, low, high), touch."""
    apart = abs(one[0] - other[0])
    whiskers = one[2] < other[3] and other[2] < one[3]
    letters = abs(one[1] - other[1]) < LETTER
    over = any(a[2] - LETTER / 2 < b[1] < a[3] + LETTER / 2 for a, b in ((one, other), (other, one)))
    return (letters and apart < LETTER) or (over and apart < LETTER / 2 + 1) or (whiskers and apart < _WHISKERS_APART)


def steps_outside(axis: Any, discs: Sequence[tuple[float, float, float]]) -> list[tuple[float, float]]:
    """
    How far from the middle of its disc each letter stands: outside, with room, where discs overlap.

    Parameters
    ----------
    discs
        x and y in the data, and radius.
    """
    at = [(on_page(axis, x, y), radius) for x, y, radius in discs]
    crowded = {n for pair in combinations(range(len(at)), 2) if _overlap(*(at[n] for n in pair)) for n in pair}
    taken = list(at)
    found = [(0.0, 0.0)] * len(at)
    for number in sorted(crowded):
        (x, y), radius = at[number]
        for turn in range(_TRIES):
            far = radius + LETTER / 2 + _STEP * (turn // 12)
            angle = pi / 4 + (turn % 12) * pi / 6
            shift = far * cos(angle), far * sin(angle)
            letter = (x + shift[0], y + shift[1]), LETTER / 2 - 1
            if not any(_overlap(letter, other) for other in taken):
                break
        found[number] = shift
        taken.append(letter)
    return found


def _overlap(one: tuple[tuple[float, float], float], other: tuple[tuple[float, float], float]) -> bool:
    return dist(one[0], other[0]) < one[1] + other[1]
