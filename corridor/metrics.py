"""
The field's measures of a route: speeds, friction, CAREC's trade facilitation indicators, exposure and bottleneck.

Sources: CAREC Corridor Performance Measurement and Monitoring (https://cpmm.carecprogram.org) for TFI1–4, SWD and SWOD;
UNESCAP's Time/Cost-Distance method for the share of standing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pandas as pd

from corridor.notes import sanctioned_links
from corridor.route import Leg, Route
from geodata.network import Network
from geodata.tables import read_checked
from geodata.vocabulary import Kind

TFI3_KM, TFI3_TONNES = 500.0, 20.0
"""CAREC states costs for 500 km and a load of 20 t."""

MEANINGS = {
    "swd_kmh": "speed with delay: kilometres ÷ all hours",
    "swod_kmh": "speed without delay: kilometres of hauls ÷ hours of hauls without frontiers",
    "friction_share": "hours not moving (frontiers, transfers, loading, discharge) ÷ all hours",
    "tfi1_border_h": "CAREC TFI1: hours at a frontier, mean of those crossed",
    "tfi2_border_usd": "CAREC TFI2: US dollars at a frontier for 20 t, mean of those crossed",
    "tfi3_usd": "CAREC TFI3: US dollars for 500 km and 20 t",
    "tfi4_kmh": "CAREC TFI4: speed along the route, which is the speed with delay",
    "borders": "frontiers crossed",
    "transfers": "changes of mode, gauge or vehicle",
    "gauge_changes": "transfers between rail of two gauges",
    "sanctioned_km_share": "kilometres in a country or on a railway under sanction or ban ÷ all kilometres",
    "sanctioned_cost_share": "dollars of hauls there, each leg's spread evenly over its kilometres, ÷ all dollars",
    "bottleneck_kt_per_month": "least known capacity on the way (NaN where none is known)",
    "bottleneck": "where that is",
}
"""What each column of `route_metrics` means."""


@dataclass(frozen=True)
class Capacity:
    """What a terminal, frontier, passage, sea area or country's railway carries in a month, in thousand tonnes."""

    kind: str
    name: str
    layer: str
    low: float
    base: float
    high: float
    what: str
    source: str
    year: int
    confidence: str
    note: str


@cache
def capacities() -> tuple[Capacity, ...]:
    """The rows of ``assumptions/capacities.csv``."""
    home = files("corridor") / "assumptions"
    table = read_checked(home / "capacities.csv", home / "schema" / "capacities.csv")
    return tuple(
        Capacity(**{name: row[name] for name in Capacity.__dataclass_fields__}) for row in table.to_dict("records")
    )


def route_metrics(routes: Sequence[Route]) -> pd.DataFrame:
    """
    One row a route, in the order given.

    Returns
    -------
    DataFrame
        ``corridor``, ``via`` and the columns of `MEANINGS`. Where no frontier is crossed its indicators are ``NaN``.
        Of a lorry's way from or to a point the hours count as standing in no figure but `swd_kmh`.
    """
    return pd.DataFrame(
        [{"corridor": route.corridor, "via": " · ".join(route.via), **metrics_of(route)} for route in routes]
    )


def metrics_of(route: Route) -> dict[str, float | int | str]:
    """The measures of one route, by the names in `MEANINGS`."""
    crossings = [crossing for leg in route.legs for crossing in leg.borders]
    hauls = [leg for leg in route.legs if leg.kind == Kind.HAUL]
    border_h, border_usd = (sum(getattr(one, name) for one in crossings) for name in ("time_h", "cost_usd"))
    moving_h = sum(leg.time_h for leg in hauls) - border_h
    lorry_h = sum(leg.time_h for leg in route.legs if leg.kind == Kind.ACCESS and leg.distance_km)
    load = TFI3_TONNES / route.shipment.tonnes
    swd = route.distance_km / route.time_h
    bottleneck = bottleneck_of(route)
    return {
        "swd_kmh": swd,
        "swod_kmh": sum(leg.distance_km for leg in hauls) / moving_h if moving_h else float("nan"),
        "friction_share": (route.time_h - moving_h - lorry_h) / route.time_h,
        "tfi1_border_h": border_h / len(crossings) if crossings else float("nan"),
        "tfi2_border_usd": border_usd / len(crossings) * load if crossings else float("nan"),
        "tfi3_usd": route.cost_usd * load / route.distance_km * TFI3_KM,
        "tfi4_kmh": swd,
        "borders": len(crossings),
        "transfers": sum(leg.kind == Kind.TRANSFER for leg in route.legs),
        "gauge_changes": sum(_changes_gauge(leg) for leg in route.legs),
        **_sanctioned(route),
        "bottleneck_kt_per_month": bottleneck.base if bottleneck else float("nan"),
        "bottleneck": _called(bottleneck, route) if bottleneck else "",
    }


def metrics_record(route: Route) -> dict[str, float | int | str | None]:
    """The measures of one route as the JSON that the command line promises: null where one does not apply."""
    return {
        name: None if isinstance(value, float) and math.isnan(value) else value
        for name, value in metrics_of(route).items()
    }


def bottleneck_of(route: Route) -> Capacity | None:
    """The least of the known capacities that a route depends on, None if none is known."""
    network = _network(route)
    found = set()
    for leg in route.legs:
        taken = network.links[["kind", "mode", "name", "country", "area", "passage"]].iloc[list(leg.links)]
        for kind, mode, name, country, area, passage in taken.itertuples(index=False, name=None):
            if kind == Kind.HAUL:
                found |= {
                    ("country", f"{country} {mode}", ""),
                    ("area", f"{area} {mode}", ""),
                    ("passage", passage, ""),
                }
            elif kind == Kind.BORDER:
                found.add(("border", f"{name} {mode}", ""))
        if leg.kind in (Kind.TRANSFER, Kind.ACCESS) and leg.links:
            terminal = str(network.links["terminal"].array[leg.links[0]])
            found |= {("terminal", terminal, ""), ("terminal", terminal, leg.layer)}
    limits = [row for row in capacities() if (row.kind, row.name, row.layer) in found]
    return min(limits, key=lambda row: row.base, default=None)


def _called(limit: Capacity, route: Route) -> str:
    place = _network(route).gazetteer.by_terminal.get(limit.name)
    where = place.name if place else limit.name
    return f"{where} {limit.layer}".rstrip() + f" ({limit.what})"


def _sanctioned(route: Route) -> dict[str, float]:
    network = _network(route)
    under = sanctioned_links(network)
    km = network.links["length_km"].to_numpy(float)
    there_km = there_usd = 0.0
    for leg in route.legs:
        links = list(leg.links)
        if leg.kind == Kind.HAUL and leg.distance_km:
            share_km = float(km[links][under[links]].sum())
            there_km += share_km
            there_usd += (leg.cost_usd - sum(border.cost_usd for border in leg.borders)) * share_km / leg.distance_km
    return {
        "sanctioned_km_share": there_km / route.distance_km,
        "sanctioned_cost_share": there_usd / route.cost_usd,
    }


def _changes_gauge(leg: Leg) -> bool:
    start, _, end = leg.layer.partition(">")
    return leg.kind == Kind.TRANSFER and start.startswith("rail-") and end.startswith("rail-")


def _network(route: Route) -> Network:
    if route.network is None:
        raise ValueError("a route without its network has no measures")
    return route.network
