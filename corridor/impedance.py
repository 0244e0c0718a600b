"""
What every link costs a shipment: the one formula of the model.

    figure = Σ over items: amount of the link × scale of the shipment × or ÷ value of the assumption

`ITEMS` lists them all: hauls by the kilometre, stops once, passages once whatever their links, locks by the lock.
CO2e is well to wake and follows ISO 14083: tonnes × shortest feasible distance × intensity, which is the distance that
links have, so nothing is added to sea lengths.

    generalized_usd = cost_usd + time_h · capital tied up per hour + co2e_kg · carbon price
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from corridor.link_classes import amounts_of, classes_of, modes_of, rows_in_force
from corridor.rates import ARRIVING, DUTY, EU, LinkClass, Rates
from corridor.shipment import Shipment
from geodata.network import Network
from geodata.vocabulary import Kind, Mode

Objective = Literal["distance_km", "time_h", "cost_usd", "co2e_kg", "generalized_usd"]
OBJECTIVES: tuple[Objective, ...] = get_args(Objective)
HOURS_PER_YEAR = 8760.0
FIGURES = ("time_h", "cost_usd", "co2e_kg")
"""What items are counted in, and ways are efficient by, in this order."""
PER_TONNE = ("cost_usd", "co2e_kg", "generalized_usd")
"""Objectives that are told for the whole shipment and shown for a tonne of it."""

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
Figure = TypeVar("Figure", float, FloatArray)


@dataclass(frozen=True)
class Item:
    """
    One thing that a kind of link takes of a shipment.

    Attributes
    ----------
    per
        What of the link it counts by: km, link (once), passage (its share) or lock.
    scale
        What of the shipment: hours of a day; its tonnes; "freight", the tonnes paid for, with what larger ships save;
        "tonne days", the loading of its ships and trains; "missing", the share missing to a full one; load units; or
        nothing but 1.
    divides
        Whether the value divides, as kilometres a day do.
    waiting
        Whether the hours are spent neither moving nor being handled.
    """

    name: str
    kind: str
    quantity: str
    figure: Literal["time_h", "cost_usd", "co2e_kg"]
    per: Literal["km", "link", "passage", "lock"] = "link"
    scale: Literal["one", "day", "tonnes", "freight", "tonne days", "missing", "units"] = "one"
    divides: bool = False
    waiting: bool = False


def _port(kind: str) -> tuple[Item, ...]:
    return (
        Item("waiting", kind, "dwell_h", "time_h", waiting=True),
        Item("waiting for a full parcel", kind, "fill_h", "time_h", scale="missing", waiting=True),
        Item("loading and discharge", kind, "t_per_day", "time_h", scale="tonne days", divides=True),
        Item("handling", kind, "usd_per_t", "cost_usd", scale="tonnes"),
        Item("ship in port", kind, "ship_usd_per_t", "cost_usd", scale="tonnes"),
        Item("war risk", kind, "war_risk_usd_per_t", "cost_usd", scale="tonnes"),
        Item("fees by load unit", kind, "usd_per_unit", "cost_usd", scale="units"),
        Item("documents", kind, "usd_per_consignment", "cost_usd"),
        Item("handling", kind, "kg_co2e_per_t", "co2e_kg", scale="tonnes"),
    )


ITEMS: tuple[Item, ...] = (
    Item("haul", Kind.HAUL, "km_per_day", "time_h", "km", "day", divides=True),
    Item("locks", Kind.HAUL, "h_per_lock", "time_h", "lock"),
    Item("waiting at the passage", Kind.HAUL, "dwell_h", "time_h", "passage", waiting=True),
    Item("haul", Kind.HAUL, "usd_per_tkm", "cost_usd", "km", "freight"),
    Item("empty return", Kind.HAUL, "empty_usd_per_tkm", "cost_usd", "km", "freight"),
    Item("dues of the passage", Kind.HAUL, "usd_per_t", "cost_usd", "passage", "tonnes"),
    Item("war risk", Kind.HAUL, "war_risk_usd_per_t", "cost_usd", "passage", "tonnes"),
    Item("haul", Kind.HAUL, "kg_co2e_per_tkm", "co2e_kg", "km", "tonnes"),
    *_port(Kind.TRANSFER),
    *_port(Kind.ACCESS),
    Item("import duty", Kind.ACCESS, "duty_usd_per_t", "cost_usd", scale="tonnes"),
    Item("border", Kind.BORDER, "dwell_h", "time_h", waiting=True),
    Item("border", Kind.BORDER, "usd_per_t", "cost_usd", scale="tonnes"),
    Item("border fees by load unit", Kind.BORDER, "usd_per_unit", "cost_usd", scale="units"),
    Item("border fees", Kind.BORDER, "usd_per_consignment", "cost_usd"),
    Item("border", Kind.BORDER, "kg_co2e_per_t", "co2e_kg", scale="tonnes"),
)
"""Everything that is counted."""


def price_links(network: Network, shipment: Shipment, rates: Rates) -> pd.DataFrame:
    """
    Impedances of every link for one shipment.

    Links that the load unit cannot use have prices too: `barred_links` tells them.

    Returns
    -------
    DataFrame, shape (number of links, 5)
        One column an objective: ``distance_km``, ``time_h``, ``cost_usd`` (whole shipment, US dollars of
        `rates.PRICE_YEAR`), ``co2e_kg`` (whole shipment, well to wake), ``generalized_usd``. Index: link numbers.

    Raises
    ------
    corridor.errors.AssumptionError
        The rates are silent about a class of links that the network has.
    """
    found, amounts = classes_of(network, rates.lines), amounts_of(network)
    per_class = class_prices(network, shipment, rates)
    total = {
        figure: amounts.km * per_class[figure, "km"][found.code] + per_class[figure, "link"][found.code]
        for figure in FIGURES
    }
    for per, amount in (("passage", amounts.passage), ("lock", amounts.lock)):
        few = np.flatnonzero(amount)
        for figure in FIGURES:
            total[figure][few] += amount[few] * per_class[figure, per][found.code[few]]
    return pd.DataFrame(_with_generalized(amounts.km, total, shipment, rates))


def price_access(
    place_country: str, length_km: FloatArray, action: str, shipment: Shipment, rates: Rates
) -> pd.DataFrame:
    """
    Impedances of access by lorry from or to points given by coordinates.

    Parameters
    ----------
    place_country
        Country whose road rates apply, "" for the general ones.
    length_km
        Road kilometres of each access, shape (n,).
    action
        "loading" or "discharge".
    """
    classes = lorry_classes(place_country, action)
    rows = rates.rows_of(classes, shipment.unit)
    per_class = _prices(classes, [place_country] * 2, rows, shipment, rates)
    total = {figure: length_km * per_class[figure, "km"].sum() + per_class[figure, "link"].sum() for figure in FIGURES}
    return pd.DataFrame(_with_generalized(length_km, total, shipment, rates))


def lorry_classes(country: str, action: str) -> list[LinkClass]:
    """Classes of what a lorry does between a point and the roads: the way, and loading or discharge."""
    return [(Kind.HAUL, Mode.ROAD, country, ""), (Kind.ACCESS, f"{action} {Mode.ROAD}", country, "")]


def barred_links(network: Network, shipment: Shipment) -> npt.NDArray[np.bool_]:
    """Links that the load unit cannot use, shape (links,): lorries do not go by rail, and not all ports lift boxes."""
    found = classes_of(network)
    unit, able = shipment.load_unit, shipment.modes
    stops = (Kind.TRANSFER, Kind.ACCESS)
    barred = [
        not modes <= able or (kind in stops and not unit.handled_at(terminal, modes))
        for modes, (kind, _, _, terminal) in zip(found.modes, found.classes, strict=True)
    ]
    return np.array(barred)[found.code]


def generalized_usd(cost_usd: Figure, time_h: Figure, co2e_kg: Figure, shipment: Shipment, rates: Rates) -> Figure:
    """Cost, cost of the capital tied up in the cargo on the way, and price of the CO2e, of links or whole routes."""
    capital = inventory_usd_per_h(shipment, rates)
    return cost_usd + time_h * capital + co2e_kg / 1000.0 * rates.carbon_usd_per_t


def inventory_usd_per_h(shipment: Shipment, rates: Rates) -> float:
    """Interest on the value of the shipment for one hour, US dollars."""
    value_usd = shipment.tonnes * shipment.cargo.value_usd_per_t
    return value_usd * rates.interest_percent_per_year / 100.0 / HOURS_PER_YEAR


def class_prices(network: Network, shipment: Shipment, rates: Rates) -> dict[tuple[str, str], FloatArray]:
    """What every class of links takes of each figure per km, link, passage and lock, by (figure, per)."""
    found = classes_of(network, rates.lines)
    rows = rows_in_force(network, rates, shipment.unit)
    return _prices(found.classes, found.countries, rows, shipment, rates)


def _prices(
    classes: list[LinkClass], countries: list[str], rows: dict[str, IntArray], shipment: Shipment, rates: Rates
) -> dict[tuple[str, str], FloatArray]:
    total = {(figure, per): np.zeros(len(classes)) for figure in FIGURES for per in ("km", "link", "passage", "lock")}
    for item, at, row, scale, value in item_values(classes, countries, rows, shipment, rates):
        del row
        total[item.figure, item.per][at] += scale / value if item.divides else scale * value
    return total


def item_values(
    classes: list[LinkClass], countries: list[str], rows: dict[str, IntArray], shipment: Shipment, rates: Rates
) -> list[tuple[Item, IntArray, IntArray, FloatArray, FloatArray]]:
    """
    Every item with the classes it applies to, the row each takes, its scale and its value there.

    Figure of a link = its amount (of `Item.per`) × scale × value, or ÷ value where the item divides. Scale and value
    have the shape (classes,), or (draws, classes) where the rates are drawn many times (`corridor.uncertainty`).
    """
    kinds = np.array([link_class[0] for link_class in classes], dtype=object)
    rows = rows | {"duty_usd_per_t": _duty_rows(classes, countries, shipment, rates)}
    result = []
    for item in ITEMS:
        at = np.flatnonzero((kinds == item.kind) & (rows[item.quantity] >= 0))
        if len(at):
            row = rows[item.quantity][at]
            chosen = [classes[number] for number in at]
            value = rates.adjust(item.quantity, chosen, rates.values[..., row])
            in_force = _InForce(chosen, {name: every[at] for name, every in rows.items()}, rates)
            scale = _scale(item, in_force, value, shipment)
            result.append((item, at, row, scale, value))
    return result


@dataclass(frozen=True)
class _InForce:
    """Classes that an item applies to, with the rows that each takes."""

    classes: list[LinkClass]
    rows: dict[str, IntArray]
    rates: Rates

    def value(self, quantity: str, without: float) -> FloatArray:
        """A quantity of every class as changed, `without` where no row is."""
        row = self.rows[quantity]
        found = self.rates.adjust(quantity, self.classes, self.rates.values[..., row])
        return np.where(row >= 0, found, without)


def _scale(item: Item, at: _InForce, value: FloatArray, shipment: Shipment) -> FloatArray:
    classes = at.classes
    if item.scale == "missing":
        return _missing_share(at, value, shipment.tonnes)
    if item.scale == "tonne days":
        return _loading_h(at, value, shipment.tonnes)
    if item.scale == "units":
        return np.maximum(1.0, shipment.tonnes / _payload_t(shipment, classes))
    plain = {"one": 1.0, "day": 24.0, "tonnes": shipment.tonnes, "freight": shipment.tonnes}
    scale = np.full(len(classes), float(plain[item.scale]))
    if item.scale == "freight":
        scale = _freight_t(at, shipment)
    quoted_t = at.rates.payloads_t[at.rows[item.quantity]]
    if item.scale in ("tonnes", "freight") and not np.isnan(quoted_t).all():
        payload_t = _payload_t(shipment, classes)
        scale = scale * np.where(np.isnan(quoted_t), 1.0, quoted_t / payload_t)  # a lighter load pays for empty room
    return scale


def _vessel_t(at: _InForce, tonnes: float) -> FloatArray:
    """
    What the ship or train that a shipment goes with takes of it.

    It follows the shipment from ``parcel_t``, the usual one, to ``largest_t`` that the place takes.
    """
    parcel_t = at.value("parcel_t", 0.0)
    largest_t = np.maximum(at.value("largest_t", 0.0), parcel_t)
    return np.where(parcel_t > 0, np.minimum(largest_t, tonnes), tonnes)


def _missing_share(at: _InForce, fill_h: FloatArray, tonnes: float) -> FloatArray:
    """
    Share of the time to gather a full ship or train that a shipment waits: on average half of what is missing to it.

    It comes at any moment while others gather theirs. As ships and trains come at the pace of that trade, none that
    loads faster leaves sooner than after half the gathering: so more tonnes never arrive sooner.
    """
    parcel_t = at.value("parcel_t", 0.0)
    missing = np.clip(1.0 - tonnes / np.maximum(parcel_t, 1e-9), 0.0, None)
    t_per_day = at.value("t_per_day", 0.0)
    loading_h = np.where(t_per_day > 0, _loading_h(at, t_per_day, tonnes) / np.maximum(t_per_day, 1e-9), 0.0)
    ahead = np.where(parcel_t > 0, 1.0 - 2.0 * loading_h / np.maximum(fill_h, 1e-9), 0.0)
    return 0.5 * np.maximum(missing, ahead)


def _loading_h(at: _InForce, t_per_day: FloatArray, tonnes: float) -> FloatArray:
    """
    Hours · tonnes a day that loading or discharge takes of a shipment, in as many ships or trains as it needs.

    One is handled by itself. Those behind it arrive while it is handled, at the rate at which they were loaded: they
    add only what this place is slower. Where nothing arrives, at the origin, they add all their loading.
    """
    one = _vessel_t(at, tonnes)
    slower = np.clip(1.0 - t_per_day / at.value(ARRIVING, np.inf), 0.0, None)
    return np.asarray(24.0 * (one + (tonnes - one) * slower), dtype=float)


def _freight_t(at: _InForce, shipment: Shipment) -> FloatArray:
    """
    Tonnes that freight is paid for: no less than ``least_t`` of a hold or one full wagon, box or lorry.

    A ship larger than that of the quoted rate (``parcel_t``) changes it by ``percent_per_doubling``.
    """
    payload_t = _payload_t(shipment, at.classes)
    paid_t = np.maximum(shipment.tonnes, np.maximum(at.value("least_t", 0.0), payload_t))
    usual_t = at.value("parcel_t", 0.0)
    ship_t = np.clip(shipment.tonnes, usual_t, np.maximum(at.value("largest_t", 0.0), usual_t))
    doublings = np.log2(np.where(usual_t > 0, ship_t / np.maximum(usual_t, 1e-9), 1.0))
    return np.asarray(paid_t * (1.0 + at.value("percent_per_doubling", 0.0) / 100.0) ** doublings, dtype=float)


def _payload_t(shipment: Shipment, classes: list[LinkClass]) -> FloatArray:
    """Tonnes in the load unit on the mode of every class; where it cannot go, on its own mode."""
    able, by_modes = shipment.modes, {}
    for modes in {modes_of(each) for each in classes}:
        usable = sorted(modes & able)
        by_modes[modes] = shipment.payload_on(usable[0]) if usable else shipment.payload_t
    return np.array([by_modes[modes_of(each)] for each in classes], dtype=float)


def _duty_rows(classes: list[LinkClass], countries: list[str], shipment: Shipment, rates: Rates) -> IntArray:
    """Row of the import duty of every class that discharges in another country than that of origin, else −1."""
    by_country: dict[str, int] = {}
    result = np.full(len(classes), -1, dtype=np.int64)
    for number, ((kind, layer, *_), country) in enumerate(zip(classes, countries, strict=True)):
        if kind == Kind.ACCESS and country and layer.startswith("discharge"):
            if country not in by_country:
                by_country[country] = _duty_row(country, shipment, rates)
            result[number] = by_country[country]
    return result


def _duty_row(country: str, shipment: Shipment, rates: Rates) -> int:
    made_in = shipment.made_in
    if country == made_in or {country, made_in} <= EU:
        return -1
    for into in (country, "EU" if country in EU else ""):
        row = rates.row_of("duty_usd_per_t", (DUTY, shipment.commodity, f"{made_in}–{into}", "")) if into else None
        if row is not None and rates.keys[row][3]:
            return row
    return -1


def _with_generalized(
    length_km: FloatArray, total: dict[str, FloatArray], shipment: Shipment, rates: Rates
) -> dict[str, FloatArray]:
    whole = generalized_usd(total["cost_usd"], total["time_h"], total["co2e_kg"], shipment, rates)
    return {"distance_km": length_km, **total, "generalized_usd": whole}
