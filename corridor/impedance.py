"""
What every link costs a shipment: the one formula of the model.

    time_h   = length_km · 24 / km_per_day + dwell_h
    cost_usd = tonnes · (length_km · usd_per_tkm + usd_per_t + ship_usd_per_t) + usd_per_consignment
    co2e_kg  = tonnes · (length_km · kg_co2e_per_tkm + kg_co2e_per_t)

    generalized_usd = cost_usd + time_h · capital tied up per hour + co2e_kg · carbon price
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from corridor.rates import LinkClass, Rates
from corridor.shipment import Shipment
from geodata.network import Network
from geodata.vocabulary import Kind, Mode

Objective = Literal["distance_km", "time_h", "cost_usd", "co2e_kg", "generalized_usd"]
OBJECTIVES: tuple[Objective, ...] = get_args(Objective)
HOURS_PER_YEAR = 8760.0

FloatArray = npt.NDArray[np.float64]
Figure = TypeVar("Figure", float, FloatArray)


def price_links(network: Network, shipment: Shipment, rates: Rates) -> pd.DataFrame:
    """
    Impedances of every link for one shipment.

    Returns
    -------
    DataFrame, shape (number of links, 5)
        One column an objective: ``distance_km``, ``time_h``, ``cost_usd`` (whole shipment, US dollars),
        ``co2e_kg`` (whole shipment, well to wake), ``generalized_usd``. Index: link numbers.

    Raises
    ------
    corridor.errors.AssumptionError
        The rates are silent about a class of links that the network has.
    """
    classes = _classes(network)
    per_class = rates.per_class(classes.classes)
    length_km = network.links["length_km"].to_numpy(float)
    return pd.DataFrame(
        _price(length_km, {name: values[classes.code] for name, values in per_class.items()}, shipment, rates)
    )


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
    haul = rates.per_class([(Kind.HAUL, Mode.ROAD, place_country, "")])
    stop = rates.per_class([(Kind.ACCESS, f"{action} {Mode.ROAD}", place_country, "")])
    spread = {name: np.full(len(length_km), float(haul[name][0] + stop[name][0])) for name in haul}
    return pd.DataFrame(_price(length_km, spread, shipment, rates))


def generalized_usd(cost_usd: Figure, time_h: Figure, co2e_kg: Figure, shipment: Shipment, rates: Rates) -> Figure:
    """Cost, cost of the capital tied up in the cargo on the way, and price of the CO2e, of links or whole routes."""
    capital_usd_per_h = (
        shipment.tonnes * shipment.cargo.value_usd_per_t * rates.interest_percent_per_year / 100.0 / HOURS_PER_YEAR
    )
    return cost_usd + time_h * capital_usd_per_h + co2e_kg / 1000.0 * rates.carbon_usd_per_t


def _price(
    length_km: FloatArray, rate: dict[str, FloatArray], shipment: Shipment, rates: Rates
) -> dict[str, FloatArray]:
    tonnes = shipment.tonnes
    moving = length_km > 0
    h_per_km = np.divide(
        24.0, rate["km_per_day"], out=np.zeros_like(length_km), where=moving & (rate["km_per_day"] > 0)
    )
    time_h = length_km * h_per_km + rate["dwell_h"]
    cost_usd = (
        tonnes * (length_km * rate["usd_per_tkm"] + rate["usd_per_t"] + rate["ship_usd_per_t"])
        + rate["usd_per_consignment"]
    )
    co2e_kg = tonnes * (length_km * rate["kg_co2e_per_tkm"] + rate["kg_co2e_per_t"])
    return {
        "distance_km": length_km,
        "time_h": time_h,
        "cost_usd": cost_usd,
        "co2e_kg": co2e_kg,
        "generalized_usd": generalized_usd(cost_usd, time_h, co2e_kg, shipment, rates),
    }


@dataclass(frozen=True)
class _Classes:
    """Links that share their rates: the class of every link, and what each class is."""

    code: npt.NDArray[np.int64]
    classes: list[LinkClass]


def _classes(network: Network) -> _Classes:
    """
    Classes of the links of a network, found once for each network.

    The area of a haul is its country or sea area, of a border link the pair of countries, and its layer is told as
    "loading rail-1520" or "discharge sea" for access links.
    """
    known = network.cache.get("link classes")
    if isinstance(known, _Classes):
        return known
    links = network.links
    columns = [links[name].astype("category") for name in ("kind", "layer", "country", "area", "terminal", "name")]
    kind, layer, country, area, terminal, name = ([str(value) for value in column.cat.categories] for column in columns)
    codes = [column.cat.codes.to_numpy(np.int64) for column in columns]
    is_haul = codes[0] == kind.index(Kind.HAUL)
    codes[4] = np.where(is_haul, -1, codes[4])  # hauls are not priced by terminal, and their name does not matter
    codes[5] = np.where(is_haul | (links["kind"] == Kind.TRANSFER).to_numpy(), -1, codes[5])
    key = np.zeros(len(links), dtype=np.int64)
    for code, column in zip(codes, columns, strict=True):
        key = key * (len(column.cat.categories) + 1) + code + 1
    _, first, code = np.unique(key, return_index=True, return_inverse=True)
    classes: list[LinkClass] = []
    for row in first:
        k, la, co, ar, te, na = (values[row] for values in codes)
        where = name[na] if kind[k] == Kind.BORDER else area[ar] or country[co]
        what = f"{name[na]} {layer[la]}" if kind[k] == Kind.ACCESS else layer[la]
        classes.append((kind[k], what, where, terminal[te] if te >= 0 else ""))
    found = _Classes(code, classes)
    network.cache["link classes"] = found
    return found
