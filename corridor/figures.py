"""The field's pictures of an answer, as matplotlib figures for papers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.errors import ExportError
from corridor.page_tables import OTHER_WAY, legs_table, routes_table, stops_table
from corridor.route import Route

if TYPE_CHECKING:
    import pandas as pd

ENDINGS = (".png", ".svg", ".pdf")


def time_cost_distance_figure(routes: Sequence[Route]) -> Any:
    """
    UNESCAP's chart: days and dollars a tonne against kilometres, all routes over each other.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    maps.AssetError
        matplotlib is not installed.
    """
    from maps import time_cost_distance

    legs, stops = legs_table(routes), stops_table(routes)
    names = {number: route.corridor or OTHER_WAY for number, route in enumerate(routes, start=1)}
    return time_cost_distance(
        legs.assign(name=legs["route_id"].map(names), route_id=legs["route_id"].map(_letter)),
        stops.assign(route_id=stops["route_id"].map(_letter)),
    )


def pareto_figure(routes: Sequence[Route]) -> Any:
    """Cost against time, CO2e as the size; routes that another beats in all three are hollow. Raises as above."""
    from maps import pareto_scatter

    table = routes_table(routes)
    return pareto_scatter(table.assign(route_id=table["route_id"].map(_letter)))


def months_figure(months: pd.DataFrame) -> Any:
    """Days by corridor and month of departure, from the table of `feasible_months`. Raises as above."""
    from maps import month_heatmap

    table = months.assign(route_id=months["corridor"], days=months["time_h"] / 24.0)
    return month_heatmap(table, "days")


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


def _letter(number: int) -> str:
    """As pages letter their routes: A for 1."""
    return chr(ord("A") + number - 1)
