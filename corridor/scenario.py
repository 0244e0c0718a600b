"""Scenarios: what is closed, dearer or slower, and why. A scenario is a value; every verb returns a new one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from corridor.closures import Closure, ClosureKind, shut_links
from corridor.draught import LEVELS_M, level_changes
from corridor.errors import ScenarioError
from corridor.periods import ALWAYS, MONTHS, Period, is_month
from corridor.rate_changes import RateChange, with_changes
from corridor.rates import Rates
from corridor.seasons import seasonal_changes, seasonal_closures
from corridor.shipment import Shipment
from geodata.network import Network
from geodata.vocabulary import Mode


@dataclass(frozen=True)
class Scenario:
    """
    A what-if: ``Scenario("storm", month=1).close("Aktau", reason="wind").close_country("RU")``.

    The baseline closes nothing but what is closed in the network itself (``links["closed_reason"]``).

    Attributes
    ----------
    name, note
        What it is called, and what a planner should know of it.
    month
        Of departure, 1 to 12: the season of that month is in force (``assumptions/seasons.csv``), and of the closures
        and changed rates with dates those that touch it. None: no season, rates of an average year, and all closures.
    caspian_level_m
        Level of the Caspian Sea in metres of the Baltic datum (about −29 in 2025): decides what ships can carry. None:
        as in the assumptions.

    Raises
    ------
    ScenarioError
        A value of the wrong type, no month, or no level that the sea can have.
    """

    name: str = "baseline"
    closures: tuple[Closure, ...] = ()
    note: str = ""
    month: int | None = None
    caspian_level_m: float | None = None
    rate_changes: tuple[RateChange, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not isinstance(self.note, str):
            raise ScenarioError(f"name and note of a scenario are text, not {self.name!r} and {self.note!r}")
        for values, wanted in ((self.closures, Closure), (self.rate_changes, RateChange)):
            if not isinstance(values, tuple) or not all(isinstance(value, wanted) for value in values):
                raise ScenarioError(f"expected a tuple of {wanted.__name__}, not {values!r:.60}: use the verbs")
        if self.month is not None and not is_month(self.month):
            raise ScenarioError(f"{self.month!r} is no month: give a number from 1 to 12")
        level = self.caspian_level_m
        if level is not None and (
            isinstance(level, bool) or not isinstance(level, int | float) or not LEVELS_M[0] <= level <= LEVELS_M[1]
        ):
            raise ScenarioError(
                f"the Caspian Sea cannot lie at {level!r} m: give metres of the Baltic datum from {LEVELS_M[0]:g} to"
                f" {LEVELS_M[1]:g}, such as -29.0"
            )

    def __str__(self) -> str:
        """Name and month: ``caspian-winter, January``."""
        return f"{self.name}, {MONTHS[self.month - 1]}" if self.month else self.name

    def close(
        self,
        *gateways: str,
        reason: str = "",
        mode: str = "",
        commodities: Sequence[str] = (),
        when: Period = ALWAYS,
    ) -> Scenario:
        """
        Close gateways: terminals by any of their names, passages ("Suez Canal"), frontiers ("BY–PL").

        With `mode` only to that mode, with `commodities` only for those, with `when` only then; so for all verbs.
        """
        wrong = [target for target in gateways if not isinstance(target, str)]
        if wrong:
            raise ScenarioError(f"gateways are closed by their names, one by one, not {wrong[0]!r:.60}")
        more = _narrowed(reason, mode, commodities, when)
        return self.closing(*(Closure(ClosureKind.GATEWAY, target, **more) for target in gateways))

    def close_country(
        self,
        code: str,
        *,
        reason: str = "",
        mode: str = "",
        commodities: Sequence[str] = (),
        when: Period = ALWAYS,
    ) -> Scenario:
        """Close all links in a country (ISO 3166 alpha-2), its frontiers and its ports."""
        if not isinstance(code, str):
            raise ScenarioError(f"a country is closed by its two letters, not {code!r:.60}")
        more = _narrowed(reason, mode, commodities, when)
        return self.closing(Closure(ClosureKind.COUNTRY, code.strip().upper(), **more))

    def close_mode(
        self, mode: str, *, reason: str = "", commodities: Sequence[str] = (), when: Period = ALWAYS
    ) -> Scenario:
        """Close a whole mode: rail, road, sea, ferry or waterway."""
        return self.closing(Closure(ClosureKind.MODE, mode, **_narrowed(reason, "", commodities, when)))

    def close_link(self, link: int, *, reason: str = "", when: Period = ALWAYS) -> Scenario:
        """Close one link of the network by its number."""
        return self.closing(Closure(ClosureKind.LINK, str(int(link)), reason, when=when))

    def close_line(
        self,
        start: str,
        end: str,
        *,
        reason: str = "",
        mode: str = Mode.RAIL,
        commodities: Sequence[str] = (),
        when: Period = ALWAYS,
    ) -> Scenario:
        """Close the line between two places: the links of the shortest way by `mode`, and what runs beside them."""
        return self.closing(Closure(ClosureKind.LINE, start, end=end, **_narrowed(reason, mode, commodities, when)))

    def close_area(
        self,
        name: str,
        outline: Sequence[Sequence[Sequence[float]]],
        *,
        reason: str = "",
        mode: str = "",
        commodities: Sequence[str] = (),
        when: Period = ALWAYS,
    ) -> Scenario:
        """
        Close all that touches an area.

        Parameters
        ----------
        outline
            Coordinates of a GeoJSON polygon: rings of lon, lat, the outer one first, then holes.
        """
        more = _narrowed(reason, mode, commodities, when)
        return self.closing(Closure(ClosureKind.AREA, name, outline=_rings(outline), **more))

    def closing(self, *closures: Closure) -> Scenario:
        """With further closures; one that is there already is not added again."""
        return replace(self, closures=tuple(dict.fromkeys(self.closures + closures)))

    def reopening(self, *closures: Closure) -> Scenario:
        """Without the given closures of its own."""
        return replace(self, closures=tuple(closure for closure in self.closures if closure not in closures))

    def changing(self, *changes: RateChange) -> Scenario:
        """With further changed rates, applied after those that are there."""
        return replace(self, rate_changes=self.rate_changes + changes)

    def in_month(self, month: int | None) -> Scenario:
        """The same in another month of departure; None for no season."""
        return replace(self, month=month)

    def closures_in_force(self, shipment: Shipment | None = None) -> tuple[Closure, ...]:
        """
        Its closures that hold in its month and for the shipment, and those of the season.

        Raises
        ------
        ScenarioError
            It bans some commodities, and no shipment is given.
        """
        own = (closure for closure in self.closures if closure.when.covers(self.month))
        season = seasonal_closures(self.month) if self.month else ()
        return tuple(closure for closure in dict.fromkeys((*own, *season)) if closure.concerns(shipment))

    def changes_in_force(self) -> tuple[RateChange, ...]:
        """Its changed rates that hold in its month, after those of the level of the sea and of the season it leaves."""
        own = tuple(change for change in self.rate_changes if change.when.covers(self.month))
        season = seasonal_changes(self.month) if self.month else ()
        level = level_changes(self.caspian_level_m) if self.caspian_level_m is not None else ()
        return (*(change for change in season if not any(each.replaces(change) for each in own)), *level, *own)

    def closed_links(self, network: Network, shipment: Shipment | None = None) -> npt.NDArray[np.bool_]:
        """
        Which links are shut, shape (number of links,): those closed in the network and those this scenario closes.

        Raises
        ------
        ScenarioError
            A closure names a country, passage, frontier, line or link that the network does not have; or the scenario
            bans some commodities, and no shipment is given.
        geodata.errors.UnknownPlaceError
            A closure names a place that is in no gazetteer.
        """
        return shut_links(network, self.closures_in_force(shipment))

    def rates_in_force(self, rates: Rates) -> Rates:
        """Rates as this scenario has them; the same object where it changes none."""
        return with_changes(rates, self.changes_in_force())


BASELINE = Scenario()
AND_AS_ASKED = " and as asked"
"""Ends the name of a scenario to which a command's options add closures."""


def _narrowed(reason: str, mode: str, commodities: Sequence[str], when: Period) -> dict[str, Any]:
    if isinstance(commodities, str):
        raise ScenarioError(f"commodities are a list, not the text {commodities!r}")
    return {"reason": reason, "by_mode": str(mode), "commodities": tuple(commodities), "when": when}


def _rings(outline: Sequence[Sequence[Sequence[float]]]) -> tuple[tuple[tuple[float, float], ...], ...]:
    try:
        rings = tuple(tuple((point[0], point[1]) for point in ring) for ring in outline)
    except (TypeError, IndexError, KeyError) as error:
        raise ScenarioError(f"an outline is rings of lon, lat as in a GeoJSON polygon, not {outline!r}") from error
    return rings
