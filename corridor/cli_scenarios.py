"""The commands ``corridor scenarios``, ``studies`` and ``months``, and the options by which others take a scenario."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor.cli_assumptions import AssumptionsOption, UnitOption, assumed
from corridor.cli_network import JsonOption, NetworkOption, console, print_json

if TYPE_CHECKING:
    from corridor import Closure, Scenario

ScenarioOption = Annotated[
    str | None,
    typer.Option(
        "--scenario", help="A what-if: a name that `corridor scenarios` lists, or FILE.toml.", show_default=False
    ),
]
MonthOption = Annotated[
    int | None,
    typer.Option("--month", min=1, max=12, help="Month of departure, 1 to 12, with its season.", show_default=False),
]
ABBREVIATED = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def asked_scenario(name: str | None, month: int | None) -> Scenario:
    """The scenario that ``--scenario`` and ``--month`` ask for; the baseline if neither does."""
    import corridor as co

    scenario = co.load_scenario(name) if name is not None else co.BASELINE
    return scenario.in_month(month) if month is not None else scenario


def scenarios(
    name: Annotated[
        str | None, typer.Argument(help="A name or FILE.toml, to explain it; nothing lists all.", show_default=False)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the what-ifs that come with the tool, or explain one: what it closes and changes, why, and who says so."""
    from rich.markup import escape
    from rich.table import Table

    import corridor as co
    from corridor.scenario_files import scenario_names

    found = [co.load_scenario(one) for one in (scenario_names() if name is None else [name])]
    if as_json:
        print_json({"scenarios": [_record(scenario) for scenario in found]})
        return
    screen = console()
    if name is not None:
        for line in _explained(found[0]):
            screen.print(line, soft_wrap=True, markup=False)
        return
    table = Table(header_style="bold", show_lines=True)
    table.add_column("Scenario", no_wrap=True)
    table.add_column("What it is")
    for scenario in found:
        first_sentence = re.split(r"(?<=[.?!]) ", " ".join(scenario.note.split()))[0]
        table.add_row(f"[bold]{escape(scenario.name)}[/bold]", escape(first_sentence))
    screen.print(table)
    screen.print("[dim]corridor scenarios NAME explains one; corridor compare FROM TO --scenario NAME asks it.[/dim]")


def studies(
    name: Annotated[
        str | None, typer.Argument(help="A name or FILE.toml; nothing lists all.", show_default=False)
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the studies that come with the tool: what moves, from where to where, when, and under which what-ifs."""
    from rich.markup import escape

    import corridor as co
    from corridor.periods import MONTHS
    from corridor.study import study_names

    found = [co.load_study(one) for one in (study_names() if name is None else [name])]
    if as_json:
        keys = ("name", "note", "origins", "destinations", "months", "minimize")
        records = [{key: getattr(study, key) for key in keys} for study in found]
        for record, study in zip(records, found, strict=True):
            record["shipments"] = [
                {name: getattr(shipment, name) for name in ("commodity", "tonnes", "unit", "made_in")}
                for shipment in study.shipments
            ]
            record["scenarios"] = [scenario.name for scenario in study.scenarios]
        print_json({"studies": records})
        return
    screen = console()
    for study in found:
        way = f"{', '.join(study.origins)} → {', '.join(study.destinations)}"
        when = ", ".join(MONTHS[month - 1] for month in study.months) or "an average year"
        screen.print(f"[bold]{escape(study.name)}[/bold]")
        for shipment in study.shipments:
            screen.print(f"  {shipment}, {way}, {when}", markup=False, soft_wrap=True)
        screen.print(f"  {' '.join(study.note.split())}", markup=False, soft_wrap=True)
        names = ", ".join(scenario.name for scenario in study.scenarios)
        screen.print(f"  [dim]under {escape(names)}[/dim]", soft_wrap=True)


def months(
    origin: Annotated[str, typer.Argument(metavar="FROM", help="As for route.", show_default=False)],
    destination: Annotated[str, typer.Argument(metavar="TO", help="As FROM.", show_default=False)],
    commodity: Annotated[str, typer.Option("--commodity", "-c", help="What moves.")] = "flaxseed",
    tonnes: Annotated[float, typer.Option("--tonnes", "-t", help="Size of the shipment.")] = 3000.0,
    unit: UnitOption = "",
    scenario_name: ScenarioOption = None,
    rates_folder: AssumptionsOption = None,
    network_file: NetworkOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show month by month which corridors are open and in how many days and for how many dollars a tonne."""
    from rich.markup import escape
    from rich.table import Table

    import corridor as co

    scenario = asked_scenario(scenario_name, None)
    rates, catalogue = assumed(rates_folder)
    shipment = co.Shipment(commodity, tonnes, unit, catalogue=catalogue)
    network = co.load_network(network_file)
    table = co.feasible_months(network, origin, destination, shipment, scenario, rates=rates)
    if as_json:
        plain = table.astype(object).where(table.notna(), None)
        print_json({"scenario": scenario.name, "months": plain.to_dict("records")})
        return
    title = f"{origin} → {destination}, {shipment}, {scenario.name}: days, USD/t"
    shown = Table(title=escape(title), header_style="bold", box=None, padding=(0, 1, 1, 0), pad_edge=False)
    shown.add_column("Corridor", min_width=18)
    for short in ABBREVIATED:
        shown.add_column(short, justify="right", no_wrap=True)
    for corridor, rows in table.groupby("corridor", sort=False):
        days, cost = rows["time_h"] / 24, rows["cost_usd_per_t"]
        figures = zip(days, cost, rows["open"], strict=True)
        cells = [f"{day:.0f}\n{usd:.0f}" if is_open else "shut" for day, usd, is_open in figures]
        shown.add_row(escape(str(corridor)), *cells)
    screen = console()
    screen.print(shown)
    for reason in sorted(set(table["shut_by"]) - {""}):
        screen.print(f"shut by {reason}", soft_wrap=True, markup=False)


def _closures(scenario: Scenario) -> tuple[Closure, ...]:
    """Its own closures, whenever and for whichever cargo, and those of the season of its month."""
    from corridor.seasons import seasonal_closures

    return scenario.closures + (seasonal_closures(scenario.month) if scenario.month else ())


def _record(scenario: Scenario) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "note": scenario.note,
        "month": scenario.month,
        "caspian_level_m": scenario.caspian_level_m,
        "closures": [
            {
                "what": closure.label,
                "reason": closure.reason,
                "when": str(closure.when),
                "commodities": list(closure.commodities),
                "source": closure.source,
            }
            for closure in _closures(scenario)
        ],
        "rate_changes": [
            {
                "what": str(change),
                **{key: getattr(change, key) for key in ("quantity", "kind", "layer", "area", "terminal")},
                "how": change.how.value,
                **{level: change.at(level) for level in ("low", "base", "high")},
                "reason": change.reason,
                "when": str(change.when),
                "source": change.source,
            }
            for change in scenario.changes_in_force()
        ],
    }


def _explained(scenario: Scenario) -> list[str]:
    lines = [str(scenario), *(f"  {line}" for line in scenario.note.splitlines())]
    if scenario.caspian_level_m is not None:
        lines.append(f"The Caspian Sea lies at {scenario.caspian_level_m:g} m of the Baltic datum.")
    for closure in _closures(scenario):
        lines += [f"Shut: {closure}", f"    {closure.source}"]
    for change in scenario.changes_in_force():
        lines.append(f"Changed: {change}, range {change.at('low'):g} to {change.at('high'):g}")
        lines.append(f"    {change.source}")
    return [line for line in lines if line.strip()]
