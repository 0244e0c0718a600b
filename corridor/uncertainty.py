"""
How sure the answers are: totals of routes with every assumption drawn from its range, and which assumption matters.

Every assumption, a row of the tables, is drawn once in each draw for all routes, so what they share cancels where they
are compared. It follows a triangle from low to high with its tip at base: the least that fits three numbers, and with
more weight near the ends than PERT, as ranges given by experts are rather too narrow than too wide. Base is then the
likeliest value and not the middle one: where high is farther from base than low, as of all waiting, p50 lies above the
total at base. Rows are drawn independently of one another, but hauls with the same numbers, source and note are one
assumption told of several areas: a ship has one freight for all its seas. Tariffs that rise together everywhere would
make the ranges wider. The luck of a row is that of its name and the seed, so further routes or rows change no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, get_args
from zlib import crc32

import numpy as np
import pandas as pd

from corridor.errors import CorridorError
from corridor.impedance import PER_TONNE, Objective, generalized_usd
from corridor.itemize import assumptions_of, total_items
from corridor.rate_changes import ChangedRates, RateChange
from corridor.rates import LEVELS, FloatArray, Rates
from geodata.vocabulary import Kind

if TYPE_CHECKING:
    from corridor.route import Leg, Route
    from geodata.network import Network

DRAWS = (2, 100_000)
"""Fewest and most draws."""
SEEDS = (0, 2**32 - 1)
UNCERTAIN: tuple[Objective, ...] = tuple(name for name in get_args(Objective) if name != "distance_km")
"""Figures that rest on assumptions."""
TIE = 1e-9
"""Routes whose figures differ by no more than this part are equal."""
Key = tuple[str, ...]
Fill = Callable[[Key, float, float, float], FloatArray]
"""Values of an assumption, one for each draw, from its name, low, base and high."""


@dataclass(frozen=True, kw_only=True)
class DrawnRates(ChangedRates):
    """
    Assumptions with many values each: shapes (draws, rows of the table) and (draws, changes of the scenario).

    Takes the place of plain rates in the model's formula, which then answers for all draws at once.
    """

    drawn: FloatArray
    drawn_changes: FloatArray

    @cached_property
    def values(self) -> FloatArray:
        """Value of every row in every draw."""
        return self.drawn

    def amount(self, number: int) -> FloatArray | float:
        """How much a change is in every draw, shape (draws, 1)."""
        return self.drawn_changes[:, [number]]

    def _value(self, quantity: str) -> Any:
        return self.drawn[:, self._only_row(quantity)]


@dataclass(frozen=True)
class Simulation:
    """
    Totals of routes in many draws of the assumptions.

    Attributes
    ----------
    totals
        By figure (``time_h``, ``cost_usd``, ``co2e_kg``, ``generalized_usd``; whole shipment), shape (draws, routes).
    """

    routes: tuple[Route, ...]
    seed: int
    totals: dict[Objective, FloatArray]

    @property
    def draws(self) -> int:
        """How often the assumptions were drawn."""
        return len(self.totals["time_h"])

    def ranges(self) -> pd.DataFrame:
        """
        How far each figure of each route may be off.

        Returns
        -------
        DataFrame
            One row a route and figure, those a tonne too (``cost_usd_per_t``): ``route`` (position), ``corridor``,
            ``figure``, ``base`` (the route's own total), ``p10``, ``p50``, ``p90``, ``width`` (p90 − p10, as part of
            p50; NaN where that is 0) and ``most_certain``, the narrowest of the routes by width.
        """
        records = []
        for figure in UNCERTAIN:
            low, middle, high = np.quantile(self.totals[figure], [0.1, 0.5, 0.9], axis=0)
            width = np.divide(high - low, middle, out=np.full(len(middle), np.nan), where=middle > 0)
            least = int(np.argmin(np.where(np.isnan(width), np.inf, width)))
            for number, route in enumerate(self.routes):
                points = np.array([_base(route, figure), low[number], middle[number], high[number]])
                narrowest = len(self.routes) > 1 and number == least
                more = {"width": float(width[number]), "most_certain": narrowest}
                per_tonne = [(f"{figure}_per_t", route.shipment.tonnes)] if figure in PER_TONNE else []
                for name, divisor in [(figure, 1.0), *per_tonne]:
                    cells = dict(zip(("base", "p10", "p50", "p90"), (points / divisor).tolist(), strict=True))
                    records.append({"route": number, "corridor": route.corridor, "figure": name, **cells, **more})
        return pd.DataFrame(records).sort_values("route", kind="stable", ignore_index=True)

    def win_shares(self) -> pd.DataFrame:
        """
        How often each route is better than each other one; of dollars and kilograms a tonne of its shipment.

        Returns
        -------
        DataFrame
            One row an ordered pair and figure: ``route``, ``other`` (positions), ``figure``, ``share`` of the draws in
            which the route takes less than the other, ``tie`` (share in which both take the same).
        """
        records = []
        for figure in UNCERTAIN:
            each = self._comparable(figure)
            for number in range(len(self.routes)):
                tie = np.isclose(each, each[:, [number]], rtol=TIE, atol=0.0)
                less = (each[:, [number]] < each) & ~tie
                records += [
                    {"route": number, "other": other, "figure": figure, "share": share, "tie": same}
                    for other, (share, same) in enumerate(zip(less.mean(0).tolist(), tie.mean(0).tolist(), strict=True))
                    if other != number
                ]
        return pd.DataFrame(records, columns=["route", "other", "figure", "share", "tie"])

    def best_shares(self) -> pd.DataFrame:
        """Share of the draws in which each route is the best of all: ``route``, ``figure``, ``share``; ties shared."""
        records = []
        for figure in UNCERTAIN:
            each = self._comparable(figure)
            best = np.isclose(each, each.min(axis=1, keepdims=True), rtol=TIE, atol=0.0)
            shares = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
            records += [{"route": n, "figure": figure, "share": share} for n, share in enumerate(shares.tolist())]
        return pd.DataFrame(records).sort_values("route", kind="stable", ignore_index=True)

    def _comparable(self, figure: Objective) -> FloatArray:
        tonnes = np.array([route.shipment.tonnes if figure in PER_TONNE else 1.0 for route in self.routes])
        return np.asarray(self.totals[figure] / tonnes, dtype=float)


def simulate(routes: Sequence[Route], *, draws: int = 10_000, seed: int = 0) -> Simulation:
    """
    Totals of routes with all assumptions drawn at random between low and high, the same luck for all routes.

    The routes stay as they are: a planner who has chosen one learns what it may take. Rates that a scenario or season
    changes are drawn too, and those changed for one reason move together: a storm holds up ships and ferries alike.

    Parameters
    ----------
    draws
        From 2 to 100,000.
    seed
        The same seed gives the same answer; from 0.

    Raises
    ------
    CorridorError
        No routes, a route that does not know its rates, or a number of draws or a seed that cannot be.
    """
    if not routes:
        raise CorridorError("give at least one route to simulate")
    for name, number, (least, most) in (("draws", draws, DRAWS), ("seed", seed, SEEDS)):
        if isinstance(number, bool) or not isinstance(number, int) or not least <= number <= most:
            raise CorridorError(f"{name} cannot be {number!r}: give a whole number from {least} to {most:,}")
    fill = _luck(draws, seed)
    found = [_totals(route, fill, draws) for route in routes]
    totals = {figure: np.stack([each[figure] for each in found], axis=1) for figure in UNCERTAIN}
    return Simulation(tuple(routes), seed, totals)


def tornado(route: Route, figure: Objective = "cost_usd", *, against: Route | None = None) -> pd.DataFrame:
    """
    Which assumption moves a route most, or the difference between it and another: each alone at low and at high.

    Returns
    -------
    DataFrame
        One row an assumption that moves it, the strongest first: ``name``, ``file`` and ``row`` (as a spreadsheet
        counts; "" and missing for what a scenario or season changes), ``value_low``, ``value_base``, ``value_high``
        (the assumption), ``unit``, ``source``, ``confidence``; ``low``, ``base``, ``high`` (`figure` of the whole
        shipment with the assumption there, less that of `against`) and ``swing``, how far low and high are apart. Can
        be drawn with ``maps.tornado``.

    Raises
    ------
    CorridorError
        A figure that rests on no assumption, or a route that does not know its rates.
    """
    if figure not in UNCERTAIN:
        raise CorridorError(f"{figure!r} rests on no assumption: choose {', '.join(UNCERTAIN)}")
    routes = [route] if against is None else [route, against]
    moved: dict[Key, dict[str, object]] = {}
    for each in routes:
        moved |= {key: words for key, words in _described(each).items() if key not in moved}
    place = {key: number for number, key in enumerate(moved)}
    draws = 1 + 2 * len(moved)  # all at base, then each at low and at high

    def fill(key: Key, low: float, base: float, high: float) -> FloatArray:
        values = np.full(draws, base)
        values[1 + 2 * place[key] : 3 + 2 * place[key]] = low, high
        return values

    totals = [_totals(each, fill, draws)[figure] for each in routes]
    total = totals[0] if against is None else totals[0] - totals[1]
    table = pd.DataFrame(list(moved.values()), index=range(len(moved)))
    table = table.astype({"row": "Int64"}).assign(
        low=total[1::2], base=total[0], high=total[2::2], swing=np.abs(total[2::2] - total[1::2])
    )
    table = table[table["swing"] > TIE * max(float(abs(each[0])) for each in totals)]
    return table.sort_values("swing", ascending=False, kind="stable", ignore_index=True)


def ranges_along(
    route: Route, parts: Sequence[Leg], *, draws: int = 10_000, seed: int = 0
) -> dict[Objective, FloatArray]:
    """
    How far the figures may be off along a route: p10 and p90 of what has passed at the end of each of its parts.

    Parameters
    ----------
    parts
        Parts of the route in their order, with links or as a way by lorry, that together are the whole of it.
    draws, seed
        As for `simulate`; with the same, the last part ends at the range of the route's total.

    Returns
    -------
    dict
        By figure, whole shipment, shape (2, parts).
    """
    network, _ = _priced(route)
    many = _drawn(route, _luck(draws, seed), draws)
    each = [total_items(network, [part], route.shipment, many) for part in parts]
    return {
        figure: np.quantile(
            np.cumsum([np.broadcast_to(found[figure], (draws,)) for found in each], axis=0), [0.1, 0.9], axis=1
        )
        for figure in UNCERTAIN
    }


def _luck(draws: int, seed: int) -> Fill:
    """The luck of a seed: the same values for an assumption whatever route asks for them."""
    known: dict[tuple[Key, float, float, float], FloatArray] = {}

    def fill(key: Key, low: float, base: float, high: float) -> FloatArray:
        if (key, low, base, high) not in known:
            luck = np.random.default_rng([seed, crc32("\t".join(key).encode())]).random(draws)
            known[key, low, base, high] = _triangular(luck, low, base, high)
        return known[key, low, base, high]

    return fill


def _totals(route: Route, fill: Fill, draws: int) -> dict[str, FloatArray]:
    """Totals of a route in all draws, by figure, from values that `fill` gives to each assumption in force."""
    network, _ = _priced(route)
    found = total_items(network, route.legs, route.shipment, _drawn(route, fill, draws))
    return {figure: np.broadcast_to(found[figure], (draws,)) for figure in UNCERTAIN}


def _drawn(route: Route, fill: Fill, draws: int) -> DrawnRates:
    """A route's rates with many values each, those that `fill` gives to each assumption in force."""
    network, rates = _priced(route)
    drawn = np.tile(rates.values, (draws, 1)).T  # one row of memory an assumption
    ranges = rates.table[["low", rates.level, "high"]].to_numpy(float)
    keys = _keys(rates)
    for row in assumptions_of(network, route.legs, route.shipment, rates):
        drawn[row] = fill(keys[row], *ranges[row])
    changes = _changes(rates)
    changed = np.empty((len(changes), draws))
    for number, change in enumerate(changes):
        changed[number] = fill(_key(change), change.at("low"), change.at(rates.level), change.at("high"))
    plain = {field.name: getattr(rates, field.name) for field in fields(rates)}
    return DrawnRates(**plain | {"drawn": drawn.T, "drawn_changes": changed.T})


def _triangular(luck: FloatArray, low: float, base: float, high: float) -> FloatArray:
    """Values of a triangular distribution at shares of it from 0 to 1; the base alone where the range is a point."""
    if low == high:
        return np.full(len(luck), base)
    rising = low + np.sqrt(luck * (high - low) * (base - low))
    falling = high - np.sqrt((1.0 - luck) * (high - low) * (high - base))
    return np.where(luck * (high - low) < base - low, rising, falling)


def _described(route: Route) -> dict[Key, dict[str, object]]:
    """Assumptions in force for a route and changes of its scenario, in words."""
    network, rates = _priced(route)
    by_key: dict[Key, list[int]] = {}
    keys = _keys(rates)
    for row in assumptions_of(network, route.legs, route.shipment, rates):
        by_key.setdefault(keys[row], []).append(row)
    result: dict[Key, dict[str, object]] = {}
    for key, rows in by_key.items():
        cells = rates.table.iloc[rows[0]]
        told = list(zip(*(rates.keys[row] for row in rows), strict=True))  # quantities, kinds, layers, areas …
        words = [", ".join(dict.fromkeys(words)) for words in told]
        result[key] = {"name": " ".join(word for word in words if word), "file": str(cells.get("file", ""))}
        result[key] |= {"row": int(cells.get("row", rows[0]))} | {
            f"value_{level}": float(cells[level]) for level in LEVELS
        }
        result[key] |= {name: str(cells.get(name, "")) for name in ("unit", "source", "confidence")}
    for change in _changes(rates):
        alike = [other for other in _changes(rates) if _key(other) == _key(change)]
        name = str(change) if len(alike) == 1 else f"{change.quantity} of {change.kind}s ({change.reason})"
        values = {f"value_{level}": change.at(level) for level in LEVELS}
        more = {"unit": str(change.how), "source": change.source, "confidence": ""}
        result.setdefault(_key(change), {"name": name, "file": "", "row": None, **values, **more})
    return result


def _keys(rates: Rates) -> list[Key]:
    """Name of every row of the assumptions; where hauls are told the same of several areas, that of the first."""
    names = [name for name in ("load_unit", *LEVELS, "source", "note") if name in rates.table]
    first: dict[tuple[object, ...], Key] = {}
    keys = []
    for key, cells in zip(rates.keys, rates.table[names].itertuples(index=False), strict=True):
        alike = key[1] == Kind.HAUL and "note" in names and cells.note
        keys.append(first.setdefault((*key[:3], *cells), key) if alike else key)
    return keys


def _key(change: RateChange) -> Key:
    """What makes the luck of a change: of one quantity, those for one reason are one."""
    return ("change", change.quantity, change.kind, change.how, change.reason or str(change))


def _changes(rates: Rates) -> tuple[RateChange, ...]:
    return rates.changes if isinstance(rates, ChangedRates) else ()


def _base(route: Route, figure: Objective) -> float:
    if figure != "generalized_usd":
        return float(getattr(route, figure))
    _, rates = _priced(route)
    return generalized_usd(route.cost_usd, route.time_h, route.co2e_kg, route.shipment, rates)


def _priced(route: Route) -> tuple[Network, Rates]:
    if route.network is None or route.rates is None:
        raise CorridorError("this route does not know its network and rates: find it with find_route")
    return route.network, route.rates
