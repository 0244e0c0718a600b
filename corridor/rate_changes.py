"""Changed rates: what a season, a low sea or a planner's what-if makes of the assumptions."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum

import numpy as np

from corridor.errors import ScenarioError
from corridor.periods import ALWAYS, Period
from corridor.rates import LIMITS, QUANTITIES, FloatArray, LinkClass, Rates
from geodata.vocabulary import Kind, Mode, mode_of


class How(StrEnum):
    """What a change does to a value."""

    FACTOR = "factor"
    ADD = "add"
    VALUE = "value"


@dataclass(frozen=True)
class RateChange:
    """
    One quantity that is otherwise than assumed on some links: ``RateChange("usd_per_tkm", "haul", How.FACTOR, 1.5)``.

    Attributes
    ----------
    quantity, kind, layer, area, terminal
        Which rates, in the words of the tables of assumptions; an empty word takes in all. A layer of a transfer is
        ``rail>sea``, and either side may be left out: ``>sea`` is every transfer to a ship. One of access links is
        ``loading sea``, ``discharge sea`` or, for both, ``sea``. One of hauls is a mode or a layer, of railways also
        ``rail electric``.
    line
        Only hauls on the line between two places, by the mode that `layer` is of (railways if it is empty).
    how, base, low, high
        The factor, the amount added or the new value, at each end of its range (by default the range is a point).
    """

    quantity: str
    kind: str
    how: How
    base: float
    low: float | None = None
    high: float | None = None
    layer: str = ""
    area: str = ""
    terminal: str = ""
    when: Period = ALWAYS
    reason: str = ""
    source: str = ""
    line: tuple[str, str] | tuple[()] = ()

    def __post_init__(self) -> None:
        of_links: dict[str, tuple[str, ...]] = {kind: QUANTITIES[kind] for kind in Kind}
        if self.quantity not in of_links.get(self.kind, ()):
            known = "; ".join(f"{kind}: {', '.join(names)}" for kind, names in of_links.items())
            raise ScenarioError(f"no link of kind {self.kind!r} has a rate {self.quantity!r}. Known are {known}")
        if self.line and (self.kind != Kind.HAUL or self.terminal or len(self.line) != 2 or not all(self.line)):
            raise ScenarioError(f"{self.quantity} of {self.kind}: only hauls are on a line, which has two ends")
        if self.line and self.layer and mode_of(self.layer) not in set(Mode):
            raise ScenarioError(f"line {self.line_name}: unknown layer {self.layer!r}: choose from {', '.join(Mode)}")
        amounts = [self.at(level) for level in ("low", "base", "high")]
        if not all(isinstance(amount, int | float) and math.isfinite(amount) for amount in amounts):
            raise ScenarioError(f"{self.quantity} of {self.kind}: {amounts} are no finite numbers")
        if sorted(amounts) != amounts:
            raise ScenarioError(f"{self}: low ≤ base ≤ high does not hold")
        least, most = (0.01, 100.0) if self.how is How.FACTOR else LIMITS[self.quantity]
        if self.how is How.ADD:
            least = -most
        if amounts[0] < least or amounts[-1] > most:
            raise ScenarioError(f"{self} is outside {least:g}…{most:g}, what can be meant")

    def __str__(self) -> str:
        """In words: ``dwell_h of rail>sea transfers at KZ_AKTAU × 1.4 (queue, October–November)``."""
        kind = self.kind if self.kind == "access" else f"{self.kind}s"
        where = f" on the line {self.line_name}" if self.line else ""
        where += f" at {self.terminal}" if self.terminal else f" in {self.area}" if self.area else ""
        sign = {How.FACTOR: "×", How.ADD: "+", How.VALUE: "="}[self.how]
        said = ", ".join(text for text in (self.reason, str(self.when)) if text)
        what = " ".join(word for word in (self.layer, kind) if word)
        return f"{self.quantity} of {what}{where} {sign} {self.base:g}" + (f" ({said})" if said else "")

    @property
    def line_name(self) -> str:
        """The line as Makat–Beyneu, "" for a change that is not of a line."""
        return "–".join(self.line)

    def at(self, level: str) -> float:
        """The amount at one end of its range."""
        amount = {"low": self.low, "high": self.high}.get(level)
        return self.base if amount is None else amount

    def concerns(self, quantity: str, link_class: LinkClass) -> bool:
        """Whether it changes a rate of a class of links."""
        kind, layer, area, terminal = link_class
        return (
            (quantity, kind) == (self.quantity, self.kind)
            and self.area in ("", area)
            and (self.line_name or self.terminal) in ("", terminal)
            and _takes_in(self.layer, layer)
        )

    def replaces(self, other: RateChange) -> bool:
        """Whether `other` counts no more beside it: two factors on the same rate are both times the average year's."""
        same = ("quantity", "kind", "layer", "area", "terminal", "line")
        both = {self.how, other.how} == {How.FACTOR} or self.how is How.VALUE
        return both and all(getattr(self, name) == getattr(other, name) for name in same)

    def check_sum(self, values: FloatArray) -> None:
        """
        Refuse an addition that no rate it is added to could bear; hours may run down to nothing.

        Raises
        ------
        ScenarioError
            A freight of −0.99 dollars, or a speed of −300 km a day.
        """
        least, most = LIMITS[self.quantity]
        beyond = (values + self.base < least) | (values + self.base > most)
        if self.quantity not in ("dwell_h", "fill_h") and np.any(beyond):
            was = float(values[beyond][0])
            raise ScenarioError(
                f"{self} makes {was + self.base:g} of {was:g}, outside {least:g}…{most:g}, what can be meant"
            )

    def apply(self, values: FloatArray, amount: FloatArray | float) -> FloatArray:
        """The changed values, kept within what the tables of assumptions allow."""
        changed = {How.FACTOR: values * amount, How.ADD: values + amount, How.VALUE: 0.0 * values + amount}[self.how]
        return np.clip(changed, *LIMITS[self.quantity])


@dataclass(frozen=True)
class ChangedRates(Rates):
    """Rates of which some are changed, in the order of `changes`."""

    changes: tuple[RateChange, ...] = ()

    @property
    def lines(self) -> tuple[tuple[str, str, str], ...]:
        """Lines whose rates are changed: both ends, and the mode."""
        return lines_of(self.changes)

    def adjust(self, quantity: str, classes: list[LinkClass], values: FloatArray) -> FloatArray:
        """Values of a quantity for link classes, as changed."""
        result = values
        for number, change in enumerate(self.changes):
            if change.quantity != quantity:
                continue
            hit = [at for at, each in enumerate(classes) if change.concerns(quantity, each)]
            if hit:
                if change.how is How.ADD and self.level == "base" and np.ndim(self.amount(number)) == 0:
                    change.check_sum(result[..., hit])
                result = np.array(values, dtype=float) if result is values else result
                result[..., hit] = change.apply(result[..., hit], self.amount(number))
        return result

    def amount(self, number: int) -> FloatArray | float:
        """How much the change of a number is, at this level."""
        return self.changes[number].at(self.level)


def lines_of(changes: Iterable[RateChange]) -> tuple[tuple[str, str, str], ...]:
    """Lines whose rates are changed: both ends, and the mode."""
    return tuple(sorted({(*each.line, mode_of(each.layer) or Mode.RAIL) for each in changes if each.line}))


def with_changes(rates: Rates, changes: tuple[RateChange, ...]) -> Rates:
    """Rates with further changes; without any, the same object."""
    if not changes:
        return rates
    known = {field.name: getattr(rates, field.name) for field in fields(rates)}
    return ChangedRates(**known | {"changes": (*known.get("changes", ()), *changes)})


def _takes_in(wanted: str, layer: str) -> bool:
    """Whether a layer as a change calls it takes in a class’s: rail takes in rail-1520 electric, >sea rail>sea."""
    if not wanted:
        return True
    if ">" in wanted:
        start, _, end = layer.partition(">")
        want_start, _, want_end = wanted.partition(">")
        return bool(end) and want_start in ("", start, mode_of(start)) and want_end in ("", end, mode_of(end))
    start, _, end = layer.partition(" ")
    if start in ("loading", "discharge"):
        want_action, _, want = wanted.rpartition(" ")
        return want_action in ("", start) and want in (end, mode_of(end))
    want, _, want_power = wanted.partition(" ")
    return want in (start, mode_of(start)) and want_power in ("", end)
