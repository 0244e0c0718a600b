"""The field's pictures of an answer, as matplotlib figures for papers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from corridor.errors import ExportError
from corridor.funnels import capacity_table, funnel_rows
from corridor.impedance import PER_TONNE, Objective
from corridor.page_ranges import with_ranges_along
from corridor.page_tables import OTHER_WAY, legs_table, routes_table, stops_table
from corridor.route import Route
from corridor.uncertainty import simulate, tornado
from geodata.vocabulary import Kind

ENDINGS = (".png", ".svg", ".pdf")
FIGURE_DRAWS = 2_000
"""Draws of all assumptions behind the whiskers; p10 and p90 then move by about 1 % from seed to seed."""
WHISKERS = ("time_h", "cost_usd_per_t")
"""Figures that the charts show p10 to p90 of."""
STRONGEST = 12
"""So many assumptions of a tornado are drawn; `tornado` has all."""
TORNADO_UNITS: dict[Objective, str] = {
    "time_h": "Days",
    "cost_usd": "USD per tonne",
    "co2e_kg": "kg CO2e per tonne",
    "generalized_usd": "USD per tonne with inventory and CO2e",
}
KT_PER_MONTH = 12_000.0
"""Tonnes a year."""
STOPS = (Kind.ACCESS, Kind.TRANSFER)


def time_cost_distance_figure(routes: Sequence[Route]) -> Any:
    """
    UNESCAP's chart: days and dollars a tonne against kilometres, all routes over each other.

    The band along each route and the whisker at its end go from p10 to p90 of all draws of `simulate`.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    maps.AssetError
        matplotlib is not installed.
    """
    from maps import time_cost_distance

    legs, stops = with_ranges_along(legs_table(routes), stops_table(routes), routes)
    names = {number: route.corridor or OTHER_WAY for number, route in enumerate(routes, start=1)}
    return time_cost_distance(
        legs.assign(name=legs["route_id"].map(names), route_id=legs["route_id"].map(_letter)),
        stops.assign(route_id=stops["route_id"].map(_letter)),
        _lettered(routes),
    )


def pareto_figure(routes: Sequence[Route]) -> Any:
    """Cost against time, CO2e as the size, hollow where another beats it in all three; whiskers and errors as above."""
    from maps import pareto_scatter

    return pareto_scatter(_lettered(routes))


def months_figure(months: pd.DataFrame) -> Any:
    """Days by corridor and month of departure, from the table of `feasible_months`. Raises as above."""
    from maps import month_heatmap

    table = months.assign(route_id=months["corridor"], days=months["time_h"] / 24.0)
    return month_heatmap(table, "days")


def tornado_figure(route: Route, figure: Objective = "cost_usd") -> Any:
    """What each assumption alone, at low and at high, does to a route, the strongest on top. Raises as above."""
    from maps import tornado as tornado_chart

    table = tornado(route, figure).head(STRONGEST)
    divisor = route.shipment.tonnes if figure in PER_TONNE else 24.0
    told = _rows_in_words(route)
    names = [
        f"{told.get((row['file'], row['row'])) or _unitemized(row['name'])}\n"
        f"{_short(row['value_low'])} to {_short(row['value_high'])} {row['unit']}"
        for row in table.to_dict("records")
    ]
    results = {side: table[side] / divisor for side in ("low", "base", "high")}
    title = f"{route.corridor or OTHER_WAY}: {route.origin.name} – {route.destination.name}"
    return tornado_chart(table.assign(name=names, **results), TORNADO_UNITS[figure], title)


def funnel_figure() -> Any:
    """
    What each stage on the way through Aktau and Kuryk can pass, with the range of each. Raises as above.

    Capacities of ``assumptions/capacities.csv``, along ``assumptions/funnels.csv``.
    """
    from maps import capacity_funnel

    table = capacity_table()
    own = [table.loc[places].assign(funnel=name) for name, places in funnel_rows(table).items()]
    stages = pd.concat(own)
    t_per_year = {
        f"capacity_{side}t_per_year": stages[column] * KT_PER_MONTH
        for side, column in (("low_", "low"), ("", "base"), ("high_", "high"))
    }
    return capacity_funnel(stages.assign(stage=stages["stage"] + ", " + stages["what"], **t_per_year))


def check_ending(path: Path) -> None:
    """Refuse a name that does not say in which format to write; raises `ExportError`."""
    if path.suffix.casefold() not in ENDINGS:
        raise ExportError(
            f"{path.name}: figures are written as {', '.join(ENDINGS)}; give the file a name that ends so"
        )


def save_figure(figure: Any, path: str | Path) -> None:
    """
    Write a figure, whole or not at all.

    Raises
    ------
    ExportError
        Another ending than .png, .svg or .pdf, no such folder, or the file cannot be written.
    """
    from geodata.whole_files import whole_file

    target = Path(path)
    check_ending(target)
    if not target.parent.is_dir():
        raise ExportError(f"{target.parent} is no folder")
    try:
        with whole_file(target) as part:
            figure.savefig(part)
    except OSError as error:
        raise ExportError(f"{target} cannot be written ({error.strerror or error})") from error


def _lettered(routes: Sequence[Route]) -> pd.DataFrame:
    """`routes_table` with letters for numbers and p10 and p90 of days and dollars."""
    table = routes_table(routes)
    ranges = simulate(routes, draws=FIGURE_DRAWS).ranges().set_index(["figure", "route"])
    sides = {f"{figure}_{side}": ranges.loc[figure, side].to_numpy() for figure in WHISKERS for side in ("p10", "p90")}
    return table.assign(route_id=table["route_id"].map(_letter), **sides)


def _rows_in_words(route: Route) -> dict[tuple[str, int], str]:
    """File and row of an assumption → what it is about: the item and, where all its items are alike, mode and place."""
    items = route.items()
    if not {"file", "row"} <= set(items):
        return {}
    stops = items["kind"].isin(STOPS)
    items["where"] = items["where"].where(~stops, [route.legs[leg].origin for leg in items["leg"]])
    items["mode"] = items["mode"].where(~stops, "")
    told = {}
    for key, own in items.groupby(["file", "row"]):
        alike = [own[name].iat[0] for name in ("item", "mode", "where") if own[name].nunique() == 1]
        told[key] = ", ".join(word for word in alike if word)
    return told


def _unitemized(name: str) -> str:
    """Words for an assumption that is no item of a figure but moves one: size of a parcel, or a change."""
    quantity, _, where = name.partition(" ")
    if quantity != "parcel_t":
        return name
    place = where.rpartition(">")[2].partition(" ")[2]
    return f"size of a parcel, {place}" if place else "size of a parcel"


def _short(value: float) -> str:
    """Three digits, but never a power of ten: 0.0114, 5, 3,500."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _letter(number: int) -> str:
    """As pages letter their routes: A for 1."""
    return chr(ord("A") + number - 1)
