"""The commands ``corridor report`` and ``corridor figure``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor.cli_assumptions import AssumptionsOption, UnitOption, assumed
from corridor.cli_network import NetworkOption, console
from corridor.cli_options import Minimize, MinimizeOption
from corridor.cli_scenarios import MonthOption, ScenarioOption, asked_scenario

if TYPE_CHECKING:
    from corridor import Route
    from corridor.impedance import Objective


class FigureKind(StrEnum):
    """Pictures as the command line spells them."""

    TIME_COST_DISTANCE = "time-cost-distance"
    PARETO = "pareto"
    MONTHS = "months"
    TORNADO = "tornado"
    FUNNEL = "funnel"


def report(
    study: Annotated[
        str, typer.Argument(help="A study that `corridor studies` lists, or FILE.toml.", show_default=False)
    ],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Folder for the pages; is made.", show_default=False)
    ],
    assumptions_folder: AssumptionsOption = None,
    network_file: NetworkOption = None,
) -> None:
    """Write a study as pages that open with no network: what-ifs and months on each, tables beside it, an index."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    import corridor as co

    rates, catalogue = assumed(assumptions_folder)
    found = co.load_study(study, catalogue)
    network = co.load_network(network_file)
    screen = console()
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress:
        task = progress.add_task("")

        def tell(done: int, total: int, what: str) -> None:
            progress.update(task, completed=done, total=total, description=what, refresh=True)

        written = co.write_report(found, network, out, rates=rates, tell=tell)
    for path in written[1:]:
        screen.print(f"{path} ({path.stat().st_size / 1000:,.0f} kB)", soft_wrap=True, markup=False)
    screen.print(f"Report written: open {written[0]} in any browser.", soft_wrap=True, markup=False)


def figure(
    kind: Annotated[FigureKind, typer.Argument(help="What is drawn.", show_default=False)],
    origin: Annotated[
        str, typer.Argument(metavar="FROM", help="As for route; not of a funnel.", show_default=False)
    ] = "",
    destination: Annotated[str, typer.Argument(metavar="TO", help="As FROM.", show_default=False)] = "",
    *,
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", help=".png, .svg or .pdf.", show_default=False, dir_okay=False),
    ],
    commodity: Annotated[str, typer.Option("--commodity", "-c", help="What moves.")] = "flaxseed",
    tonnes: Annotated[float, typer.Option("--tonnes", "-t", help="Size of the shipment.")] = 3000.0,
    unit: UnitOption = "",
    minimize: MinimizeOption = Minimize.COST,
    scenario_name: ScenarioOption = None,
    month: MonthOption = None,
    count: Annotated[
        int, typer.Option("--count", min=1, max=26, help="So many of the best corridors (months: all; tornado: one).")
    ] = 6,
    assumptions_folder: AssumptionsOption = None,
    network_file: NetworkOption = None,
) -> None:
    """
    Draw a picture for a paper.

    time-cost-distance: days and dollars against kilometres, whiskers p10 to p90.

    pareto: days against dollars, whiskers p10 to p90.

    months: days by month of departure.

    tornado: which assumptions move the best corridor by --minimize most.

    funnel: what each stage through Aktau and Kuryk can pass; takes no places.
    """
    import corridor as co
    from corridor import figures

    figures.check_ending(out)
    _check_places(kind, origin, destination)
    if kind is FigureKind.FUNNEL:
        drawn = figures.funnel_figure()
    else:
        scenario = asked_scenario(scenario_name, month)
        rates, catalogue = assumed(assumptions_folder)
        shipment = co.Shipment(commodity, tonnes, unit, catalogue=catalogue)
        network = co.load_network(network_file)
        asked = (network, origin, destination, shipment, scenario)
        if kind is FigureKind.MONTHS:
            drawn = figures.months_figure(co.feasible_months(*asked, rates=rates))
        else:
            drawn = _routes_figure(
                kind, co.find_corridors(*asked, minimize=minimize.value, rates=rates)[:count], minimize
            )
    out.parent.mkdir(parents=True, exist_ok=True)
    figures.save_figure(drawn, out)
    console().print(f"Figure written to {out} ({out.stat().st_size / 1000:,.0f} kB).", soft_wrap=True, markup=False)


def _check_places(kind: FigureKind, origin: str, destination: str) -> None:
    """Refuse places where none are drawn and a lack of them where they are; raises `CorridorError`."""
    from corridor.errors import CorridorError

    if kind is FigureKind.FUNNEL and origin:
        raise CorridorError("a funnel is that of Aktau and Kuryk: give no FROM and TO")
    if kind is not FigureKind.FUNNEL and not destination:
        raise CorridorError(f"give FROM and TO: corridor figure {kind.value} Kostanay Ghent --out FILE")


def _routes_figure(kind: FigureKind, routes: list[Route], minimize: Minimize) -> Any:
    """Picture of some routes, the best by `minimize` first."""
    from corridor import figures

    if kind is FigureKind.PARETO:
        return figures.pareto_figure(routes)
    if kind is FigureKind.TORNADO:
        figure: Objective = minimize.value
        if minimize is Minimize.DISTANCE:
            figure = "cost_usd"  # kilometres are sure
        return figures.tornado_figure(routes[0], figure)
    return figures.time_cost_distance_figure(routes)
