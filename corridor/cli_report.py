"""The commands ``corridor report`` and ``corridor figure``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from corridor.cli_assumptions import AssumptionsOption, UnitOption, assumed
from corridor.cli_network import NetworkOption, console
from corridor.cli_scenarios import MonthOption, ScenarioOption, asked_scenario


class FigureKind(StrEnum):
    """Pictures as the command line spells them."""

    TIME_COST_DISTANCE = "time-cost-distance"
    PARETO = "pareto"
    MONTHS = "months"


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
    origin: Annotated[str, typer.Argument(metavar="FROM", help="As for route.", show_default=False)],
    destination: Annotated[str, typer.Argument(metavar="TO", help="As FROM.", show_default=False)],
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FILE", help=".png, .svg or .pdf.", show_default=False, dir_okay=False),
    ],
    commodity: Annotated[str, typer.Option("--commodity", "-c", help="What moves.")] = "flaxseed",
    tonnes: Annotated[float, typer.Option("--tonnes", "-t", help="Size of the shipment.")] = 3000.0,
    unit: UnitOption = "",
    scenario_name: ScenarioOption = None,
    month: MonthOption = None,
    count: Annotated[
        int, typer.Option("--count", min=1, max=26, help="So many of the cheapest corridors (months: all).")
    ] = 6,
    assumptions_folder: AssumptionsOption = None,
    network_file: NetworkOption = None,
) -> None:
    """Draw a picture for a paper: time, cost and distance leg by leg; cost against time; or days month by month."""
    import corridor as co
    from corridor.figures import check_ending, months_figure, pareto_figure, save_figure, time_cost_distance_figure

    check_ending(out)
    scenario = asked_scenario(scenario_name, month)
    rates, catalogue = assumed(assumptions_folder)
    shipment = co.Shipment(commodity, tonnes, unit, catalogue=catalogue)
    network = co.load_network(network_file)
    if kind is FigureKind.MONTHS:
        drawn = months_figure(co.feasible_months(network, origin, destination, shipment, scenario, rates=rates))
    else:
        routes = co.find_corridors(network, origin, destination, shipment, scenario, rates=rates)[:count]
        drawn = (pareto_figure if kind is FigureKind.PARETO else time_cost_distance_figure)(routes)
    out.parent.mkdir(parents=True, exist_ok=True)
    save_figure(drawn, out)
    console().print(f"Figure written to {out} ({out.stat().st_size / 1000:,.0f} kB).", soft_wrap=True, markup=False)
