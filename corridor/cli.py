"""
The command line: ``corridor compare``, ``route``, ``distance``, ``scenarios``, ``studies``, ``months``, ``places``,
``verify`` and ``network …``.
"""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from corridor.cli_assumptions import AssumptionsOption, UnitOption, assumptions, figure_records, figure_table
from corridor.cli_export import ExportOption, say_exports, write_exports
from corridor.cli_network import JsonOption, NetworkOption, console, network_app, print_json
from corridor.cli_reach import By
from corridor.cli_scenarios import MonthOption, ScenarioOption, asked_scenario, months, scenarios, studies
from corridor.cli_sweep import sweep
from corridor.errors import CorridorError, NoRouteError
from geodata.errors import GeodataError
from geodata.vocabulary import Mode

if TYPE_CHECKING:
    from rich.table import Table

    from corridor import Network, Route, Scenario, Shipment

app = typer.Typer(
    name="corridor",
    help="Compare export paths between the Kazakh steppe and Belgium: days, dollars and carbon.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(network_app, name="network")
app.command(epilog="Example: corridor assumptions Aktau")(assumptions)
app.command(epilog="Example: corridor sweep flaxseed-kostanay-ghent --out out/flaxseed.parquet")(sweep)
app.command(epilog="Example: corridor scenarios caspian-winter")(scenarios)
app.command(epilog="Example: corridor studies --json")(studies)
app.command(epilog="Example: corridor months Kostanay Ghent --scenario no-russia-belarus")(months)


MOST_SETTLEMENTS = 20
"""So many settlements are listed, the most populous first."""


class Minimize(StrEnum):
    """Objectives as the command line spells them."""

    COST = "cost_usd"
    TIME = "time_h"
    CO2E = "co2e_kg"
    DISTANCE = "distance_km"
    GENERALIZED = "generalized_usd"


From = Annotated[
    str,
    typer.Argument(metavar="FROM", help="Place name in any script, code, UN/LOCODE, or lon,lat.", show_default=False),
]
To = Annotated[str, typer.Argument(metavar="TO", help="As FROM.", show_default=False)]
CommodityOption = Annotated[
    str, typer.Option("--commodity", "-c", help="What moves; its value counts in generalized_usd only.")
]
TonnesOption = Annotated[float, typer.Option("--tonnes", "-t", help="Size of the shipment.")]
MinimizeOption = Annotated[Minimize, typer.Option("--minimize", "-m", help="What each route is the best at.")]
CloseOption = Annotated[
    list[str] | None,
    typer.Option(
        "--close",
        help="Close a port, station, passage (Suez Canal) or frontier (BY–PL); repeat for more.",
        show_default=False,
    ),
]
AvoidOption = Annotated[
    list[str] | None,
    typer.Option("--avoid-country", help="Stay out of a country, as two letters; repeat for more.", show_default=False),
]
AvoidModeOption = Annotated[
    list[Mode] | None, typer.Option("--avoid-mode", help="Do without a mode; repeat for more.", show_default=False)
]
MapOption = Annotated[
    Path | None,
    typer.Option("--map", help="Write an HTML page that opens with no network.", show_default=False, dir_okay=False),
]


PointsOption = Annotated[
    Path | None,
    typer.Option("--out", help="Also write the points as GeoJSON.", show_default=False, dir_okay=False),
]


def main() -> NoReturn:
    """Run the command line; a known error is one sentence on stderr: exit 1 for no route, 2 for bad input."""
    from maps.errors import MapError

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter shows a question mark
    try:
        app(standalone_mode=True)
    except NoRouteError as error:
        _fail(error, 1)
    except (CorridorError, GeodataError, MapError) as error:
        _fail(error, 2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        _fail(CorridorError(f"cannot write or read{where}: {error.strerror or error}"), 2)
    sys.exit(0)


def _fail(error: Exception, code: int) -> NoReturn:
    print(f"Error: {error}", file=sys.stderr)
    sys.exit(code)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"corridor {version('trade-corridor')}")
        raise typer.Exit


@app.callback()
def _root(
    show_version: Annotated[
        bool, typer.Option("--version", help="Show the version and end.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    pass


@app.command(
    epilog="Example: corridor compare Kostanay Ghent --close Aktau --avoid-country RU --map out/kostanay-ghent.html"
)
def compare(
    origin: From,
    destination: To,
    commodity: CommodityOption = "flaxseed",
    tonnes: TonnesOption = 3000.0,
    unit: UnitOption = "",
    minimize: MinimizeOption = Minimize.COST,
    close: CloseOption = None,
    avoid_country: AvoidOption = None,
    avoid_mode: AvoidModeOption = None,
    scenario_name: ScenarioOption = None,
    month: MonthOption = None,
    map_file: MapOption = None,
    assumptions_folder: AssumptionsOption = None,
    export: ExportOption = None,
    network_file: NetworkOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare the best route of every corridor: Middle by sea and by rail, Northern, Baltic, Southern and more."""
    import corridor as co
    from corridor.compare import BADGES, best_at, outdone
    from corridor.metrics import metrics_record

    rates = co.load_rates(assumptions_folder) if assumptions_folder else None
    asked = asked_scenario(scenario_name, month)
    network, shipment, scenario = _setting(
        commodity, tonnes, asked, close, avoid_country, avoid_mode, network_file, unit
    )
    routes = co.find_corridors(network, origin, destination, shipment, scenario, minimize=minimize.value, rates=rates)
    best = {
        name: co.find_route(network, origin, destination, shipment, scenario, minimize=name, rates=rates)
        for name in BADGES
    }
    better = outdone(routes, best)
    if map_file:
        _write_map(routes, map_file)
    write_exports(routes, export)
    if as_json:
        records = [
            {**route.record(), "name": route.name, "best_at": best, "metrics": metrics_record(route)}
            for route, best in zip(routes, best_at(routes), strict=True)
        ]
        first = routes[0]
        ends = {"origin": first.origin.name, "destination": first.destination.name}
        print_json({**ends, "routes": records, "outdone": {name: way.record() for name, way in better.items()}})
        return
    screen = console()
    screen.print(_comparison(routes))
    if len(routes) > 1:
        screen.print(
            f"[dim]Each is the best of its corridor by {minimize.value}; badges compare these rows only.[/dim]"
        )
    for line in _verdict(routes, better):
        screen.print(line)
    _print_notes(routes)
    _say_map(map_file)
    say_exports(export)


@app.command(epilog="Example: corridor frontier Kostanay Ghent --avoid-country RU")
def frontier(
    origin: From,
    destination: To,
    commodity: CommodityOption = "flaxseed",
    tonnes: TonnesOption = 3000.0,
    unit: UnitOption = "",
    close: CloseOption = None,
    avoid_country: AvoidOption = None,
    avoid_mode: AvoidModeOption = None,
    scenario_name: ScenarioOption = None,
    month: MonthOption = None,
    map_file: MapOption = None,
    assumptions_folder: AssumptionsOption = None,
    network_file: NetworkOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the ways that no other beats in days, dollars and carbon at once, and what the rest lose to them."""
    import corridor as co
    from corridor.cli_frontier import print_frontier

    rates = co.load_rates(assumptions_folder) if assumptions_folder else None
    asked = asked_scenario(scenario_name, month)
    network, shipment, scenario = _setting(
        commodity, tonnes, asked, close, avoid_country, avoid_mode, network_file, unit
    )
    front = co.find_frontier(network, origin, destination, shipment, scenario, rates=rates)
    ways = co.find_corridors(network, origin, destination, shipment, scenario, rates=rates)
    if map_file:
        _write_map(front, map_file)
    print_frontier(front, co.find_dominated(front, ways), as_json=as_json)
    if not as_json:
        _print_notes(front)
        _say_map(map_file)


@app.command(epilog="Example: corridor reach Kostanay --by time --within 240")
def reach(
    origin: From,
    by: Annotated[By, typer.Option("--by", help="What is measured.")] = By.TIME,
    within: Annotated[
        float | None,
        typer.Option("--within", min=0, help="Hours, USD/t, kg CO2e/t or km at most.", show_default=False),
    ] = None,
    commodity: CommodityOption = "flaxseed",
    tonnes: TonnesOption = 3000.0,
    unit: UnitOption = "",
    close: CloseOption = None,
    avoid_country: AvoidOption = None,
    avoid_mode: AvoidModeOption = None,
    scenario_name: ScenarioOption = None,
    month: MonthOption = None,
    out: PointsOption = None,
    assumptions_folder: AssumptionsOption = None,
    network_file: NetworkOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the terminals that a place reaches, the nearest by time, cost, CO2e or distance first."""
    import corridor as co
    from corridor.cli_reach import OBJECTIVES, print_reach, say_written, whole_shipment
    from corridor.reach import reach as find_reach
    from corridor.reach import write_points

    rates = co.load_rates(assumptions_folder) if assumptions_folder else None
    asked = asked_scenario(scenario_name, month)
    network, shipment, scenario = _setting(
        commodity, tonnes, asked, close, avoid_country, avoid_mode, network_file, unit
    )
    limit = None if within is None else whole_shipment(by, within, shipment)
    table = find_reach(network, origin, shipment, scenario, by=OBJECTIVES[by], within=limit, rates=rates)
    if out:
        write_points(table, out)
    print_reach(table, network.gazetteer.find(origin).name, by, shipment, as_json=as_json)
    if out and not as_json:
        say_written(out, len(table))


@app.command(epilog="Example: corridor hinterland Ghent --via Aktau,Kuryk,Novorossiysk,Riga")
def hinterland(
    destination: To,
    via: Annotated[str, typer.Option("--via", help="Gateways, terminals separated by commas.", show_default=False)],
    origin: Annotated[
        list[str] | None,
        typer.Option("--from", help="An origin; repeat for more (else all of KZ, KG, UZ).", show_default=False),
    ] = None,
    by: Annotated[By, typer.Option("--by", help="What is measured.")] = By.COST,
    commodity: CommodityOption = "flaxseed",
    tonnes: TonnesOption = 3000.0,
    unit: UnitOption = "",
    close: CloseOption = None,
    avoid_country: AvoidOption = None,
    avoid_mode: AvoidModeOption = None,
    scenario_name: ScenarioOption = None,
    month: MonthOption = None,
    out: PointsOption = None,
    assumptions_folder: AssumptionsOption = None,
    network_file: NetworkOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show from where each gateway is the best one to a destination."""
    import corridor as co
    from corridor.cli_reach import OBJECTIVES, print_hinterland, say_written
    from corridor.reach import hinterland as find_hinterland
    from corridor.reach import write_points

    rates = co.load_rates(assumptions_folder) if assumptions_folder else None
    asked = asked_scenario(scenario_name, month)
    network, shipment, scenario = _setting(
        commodity, tonnes, asked, close, avoid_country, avoid_mode, network_file, unit
    )
    gateways = [part.strip() for part in via.split(",")]
    table = find_hinterland(
        network, destination, gateways, shipment, scenario, origins=origin or None, by=OBJECTIVES[by], rates=rates
    )
    if out:
        write_points(table[table["best"]], out)
    print_hinterland(table, network.gazetteer.find(destination).name, by, shipment, as_json=as_json)
    if out and not as_json:
        say_written(out, int(table["best"].sum()))


@app.command(epilog="Example: corridor route Kostanay Ghent --minimize time_h --avoid-country RU")
def route(
    origin: From,
    destination: To,
    commodity: CommodityOption = "flaxseed",
    tonnes: TonnesOption = 3000.0,
    unit: UnitOption = "",
    minimize: MinimizeOption = Minimize.COST,
    close: CloseOption = None,
    avoid_country: AvoidOption = None,
    avoid_mode: AvoidModeOption = None,
    scenario_name: ScenarioOption = None,
    month: MonthOption = None,
    alternatives: Annotated[
        bool, typer.Option("--alternatives", help="Also the best ways round each of its gateways.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Also what cost and time are made of, and what made it win.")
    ] = False,
    metrics: Annotated[
        bool, typer.Option("--metrics", help="Also the field's measures: speeds, friction, TFI1–4, bottleneck.")
    ] = False,
    map_file: MapOption = None,
    assumptions_folder: AssumptionsOption = None,
    export: ExportOption = None,
    network_file: NetworkOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the best route leg by leg."""
    import corridor as co
    from corridor.cli_frontier import print_metrics
    from corridor.metrics import metrics_record

    rates = co.load_rates(assumptions_folder) if assumptions_folder else None
    asked = asked_scenario(scenario_name, month)
    network, shipment, scenario = _setting(
        commodity, tonnes, asked, close, avoid_country, avoid_mode, network_file, unit
    )
    if alternatives:
        routes = co.find_alternatives(
            network, origin, destination, shipment, scenario, minimize=minimize.value, rates=rates
        )
    else:
        routes = [co.find_route(network, origin, destination, shipment, scenario, minimize=minimize.value, rates=rates)]
    if map_file:
        _write_map(routes, map_file)
    write_exports(routes, export)
    if as_json:
        records = [
            {**found.record(), "metrics": metrics_record(found)} if metrics else found.record() for found in routes
        ]
        print_json({**records[0], "alternatives": records[1:]} if alternatives else records[0])
        return
    screen = console()
    for found in routes:
        screen.print(_leg_table(found))
        if metrics:
            print_metrics(found)
    if explain:
        others = co.find_corridors(
            network, origin, destination, shipment, scenario, minimize=minimize.value, rates=rates
        )
        screen.print(routes[0].explain(others), markup=False, highlight=False, soft_wrap=True)
    _print_notes(routes)
    _say_map(map_file)
    say_exports(export)


@app.command(epilog="Example: corridor distance Poti Constanta --mode sea")
def distance(
    origin: From,
    destination: To,
    mode: Annotated[
        Mode | None, typer.Option("--mode", help="Only by this mode (rail: with changes of gauge).", show_default=False)
    ] = None,
    close: CloseOption = None,
    avoid_country: AvoidOption = None,
    scenario_name: ScenarioOption = None,
    month: MonthOption = None,
    assumptions_folder: AssumptionsOption = None,
    network_file: NetworkOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure the shortest way, by one mode or by any."""
    import corridor as co
    from geodata.measure import point_distance_km

    rates = co.load_rates(assumptions_folder) if assumptions_folder else None
    asked = asked_scenario(scenario_name, month)
    network, shipment, scenario = _setting("flaxseed", 3000.0, asked, close, avoid_country, None, network_file)
    if mode:
        for other in sorted(set(network.links_by("mode")) - {mode.value}):
            scenario = scenario.close_mode(other)
    try:
        found = co.find_route(network, origin, destination, shipment, scenario, minimize="distance_km", rates=rates)
    except co.NoRouteError as error:
        if not mode or scenario_name or month or close or avoid_country:
            raise
        raise co.NoRouteError(f"no way by {mode.value} alone leads from {origin} to {destination}") from error
    a, b = found.origin, found.destination
    straight = point_distance_km(a.lon, a.lat, b.lon, b.lat)
    if as_json:
        print_json(
            {
                "origin": a.name,
                "destination": b.name,
                "mode": mode.value if mode else "any",
                "distance_km": found.distance_km,
                "distance_km_by_mode": found.km_by_mode(),
                "great_circle_km": straight,
                "detour_factor": found.distance_km / straight,
                "via": list(found.via),
            }
        )
        return
    parts = ", ".join(f"{km:,.0f} km {name}" for name, km in found.km_by_mode().items())
    nautical = f" ({found.distance_km / 1.852:,.0f} nautical miles)" if mode in (Mode.SEA, Mode.FERRY) else ""
    screen = console()
    lines = [
        f"{a} → {b}: {found.distance_km:,.0f} km{nautical}, of which {parts}",
        f"great circle {straight:,.0f} km, detour factor {found.distance_km / straight:.2f}",
        *([f"via {', '.join(found.via)}"] if found.via else []),
    ]
    for line in lines:
        screen.print(line, soft_wrap=True, markup=False)


@app.command(epilog="Example: corridor places кост")
def places(
    text: Annotated[
        str, typer.Argument(help="Part of a name in any script; nothing lists all terminals.", show_default=False)
    ] = "",
    network_file: NetworkOption = None,
    as_json: JsonOption = False,
) -> None:
    """List terminals and sites, and settlements of the region, that can be an origin or a destination."""
    from rich.markup import escape
    from rich.table import Table

    import corridor as co
    from geodata.errors import UnknownPlaceError
    from geodata.settlements import search_settlements

    gazetteer = co.load_network(network_file).gazetteer
    terminals = gazetteer.search(text)
    settlements = search_settlements(text, MOST_SETTLEMENTS) if text.strip() else []
    if not terminals and not settlements:
        raise UnknownPlaceError(text, [place.name for place in gazetteer.nearest(text, 3)])
    if as_json:
        keys = ("code", "name", "country", "lon", "lat", "role", "layers", "unlocode", "aliases")
        more = ("region", "population")
        records = [{key: getattr(place, key) for key in keys} for place in terminals]
        records += [{key: getattr(place, key) for key in keys + more} for place in settlements]
        print_json({"places": records})
        return
    screen = console()
    if terminals:
        table = Table(box=None, header_style="bold", title="Terminals and sites", title_justify="left")
        for column in ("Name", "Country", "Role", "Served by", "Code", "UN/LOCODE"):
            table.add_column(column)
        for place in terminals:
            cells = (place.name, place.country, place.role, " ".join(place.layers), place.code, place.unlocode)
            table.add_row(*map(escape, cells))
        screen.print(table)
    if settlements:
        table = Table(box=None, header_style="bold", title="Settlements, reached by road", title_justify="left")
        for column in ("Name", "Population", "Code", "Nearest terminals"):
            table.add_column(column)
        for town in settlements:
            near = ", ".join(f"{place.name} {km:,.0f} km" for place, km in gazetteer.nearest_terminals(town, count=2))
            people = f"{town.population:,}" if town.population else "not known"
            table.add_row(escape(town.label), people, town.code, escape(near))
        screen.print(table)
        screen.print("[dim]© GeoNames, CC BY 4.0[/dim]")


@app.command(epilog="Example: corridor verify --mode rail")
def verify(
    mode: Annotated[Mode | None, typer.Option("--mode", help="Only rows of one mode.", show_default=False)] = None,
    network_file: NetworkOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare with published distances, days and dollars: computed, published, error, source; deviations are red."""
    import pandas as pd
    from rich.markup import escape
    from rich.table import Table

    import corridor as co
    from geodata.verify import compare_distances, error_quantiles, known_deviations, published_distances

    network = co.load_network(network_file)
    tables = [
        table[table["mode"] == mode.value] if mode else table for table in (published_distances(), known_deviations())
    ]
    checked = pd.concat([compare_distances(network, table) for table in tables if len(table)], ignore_index=True)
    quantiles = error_quantiles(checked)
    if as_json:
        columns = {"computed_km": "computed", "published_km": "published"}
        promised = ["metric", "mode", "from", "to", "computed", "published", "error", "fitted", "within", "source"]
        rows = checked.rename(columns=columns)[promised].astype(object)
        days_and_dollars = {} if mode else {"figures": figure_records(network)}
        print_json(
            {"rows": rows.where(rows.notna(), None).to_dict("records"), "quantiles": quantiles, **days_and_dollars}
        )
        return
    shown = Table("From", "To", "Mode", header_style="bold")
    for column in ("Computed", "Published", "Error"):
        shown.add_column(column, justify="right")
    shown.add_column("Source", overflow="fold")
    for row in checked.to_dict("records"):
        style = "" if row["within"] else "[red]"
        shown.add_row(
            escape(str(row["from"])),
            escape(str(row["to"])),
            row["mode"],
            f"{row['computed_km']:,.0f}",
            f"{row['published_km']:,.0f}",
            f"{style}{row['error']:+.1%}",
            escape(row["source"]) + (" (fitted)" if row["fitted"] else ""),
        )
    screen = console()
    screen.print(shown)
    for name, figures in quantiles.items():
        screen.print(
            f"{name}: {figures['rows']} rows, median |error| {figures['median']:.1%}, 95 % within {figures['p95']:.1%},"
            f" largest {figures['max']:.1%}"
        )
    if not mode:
        screen.print(figure_table(network))


def _setting(
    commodity: str,
    tonnes: float,
    scenario: Scenario,
    close: list[str] | None,
    countries: list[str] | None,
    modes: list[Mode] | None,
    network_file: Path | None,
    unit: str = "",
) -> tuple[Network, Shipment, Scenario]:
    import corridor as co

    shipment = co.Shipment(commodity, tonnes, unit)
    if close or countries or modes:
        name = "as asked" if scenario.name == "baseline" else f"{scenario.name} and as asked"
        scenario = replace(scenario, name=name).close(*close or ())
    for code in countries or ():
        scenario = scenario.close_country(code)
    for mode in modes or ():
        scenario = scenario.close_mode(mode.value)
    return co.load_network(network_file), shipment, scenario


def _under(scenario: Scenario) -> str:
    """The scenario as a title tells it; "" for the baseline."""
    return "" if str(scenario) == "baseline" else f", {scenario}"


def _comparison(routes: list[Route]) -> Table:
    from rich.markup import escape
    from rich.table import Table

    import corridor as co

    first = routes[0]
    title = f"{first.origin} → {first.destination}, {first.shipment}"
    title += _under(first.scenario)
    table = Table(title=escape(title), title_style="bold", header_style="bold", show_lines=True)
    table.add_column("Corridor", min_width=13)
    table.add_column("Via, kilometres by mode", ratio=1)
    for column in ("km", "Days", "USD/t", "CO2e\nkg/t"):
        table.add_column(column, justify="right", no_wrap=True)
    for row, route in zip(co.compare(routes).itertuples(), routes, strict=True):
        by_mode = ", ".join(f"{name} {km:,.0f}" for name, km in route.km_by_mode().items())
        badge = f"\n[green]{row.best_at}[/green]" if row.best_at else ""
        table.add_row(
            f"[bold]{escape(row.corridor)}[/bold]{badge}", f"{escape(row.via or 'direct')}\n[dim]{by_mode}[/dim]",
            f"{row.distance_km:,.0f}", f"{row.days:.1f}", f"{row.cost_usd_per_t:,.0f}", f"{row.co2e_kg_per_t:,.0f}",
        )  # fmt: skip
    return table


def _verdict(routes: list[Route], better: dict[str, Route]) -> list[str]:
    """Who is best at what, in sentences, and where another way than these is better yet."""
    from rich.markup import escape

    from corridor.compare import best_at

    figures = {
        "cheapest": lambda route: f"{route.cost_usd_per_t:,.0f} USD/t",
        "fastest": lambda route: f"{route.days:.0f} days",
        "lowest CO2e": lambda route: f"{route.co2e_kg_per_t:,.0f} kg CO2e/t",
        "shortest": lambda route: f"{route.distance_km:,.0f} km",
    }
    lines = [
        f"{badge[0].upper()}{badge[1:]}: [bold]{escape(route.corridor or 'direct')}[/bold], {figures[badge](route)}."
        for route, badges in zip(routes, best_at(routes), strict=True)
        for badge in badges
    ]
    for route in routes:
        if route.subsidy_usd:
            before, less = route.cost_usd_per_t, route.subsidy_usd / route.shipment.tonnes
            lines.append(
                f"{escape(route.corridor)}: {before:,.0f} USD/t, {before - less:,.0f} after the Kazakh subsidy if paid."
            )
    for badge, way in better.items():
        modes = " and ".join(way.km_by_mode())
        name = f"{modes} via {', '.join(way.via)}" if way.via else modes
        lines.append(
            f"[dim]Of all ways the {badge} is by {escape(name)}: {way.distance_km:,.0f} km, {way.days:.0f} days,"
            f" {way.cost_usd_per_t:,.0f} USD/t, {way.co2e_kg_per_t:,.0f} kg CO2e/t.[/dim]"
        )
    return lines


def _leg_table(found: Route) -> Table:
    from rich.markup import escape
    from rich.table import Table

    tonnes = found.shipment.tonnes
    title = f"{found.origin} → {found.destination}, {found.shipment}"
    title += _under(found.scenario)
    caption = f"via {', '.join(found.via)}" if found.via else None
    table = Table(
        title=escape(title + (f": {found.corridor}" if found.corridor else "")),
        title_style="bold",
        header_style="bold",
        show_footer=True, caption=escape(caption) if caption else None,
    )  # fmt: skip
    table.add_column("Leg", footer="Total")
    totals = (found.distance_km, found.days, found.cost_usd_per_t, found.co2e_kg_per_t)
    for name, total, digits in zip(("km", "Days", "USD/t", "kg CO2e/t"), totals, (0, 1, 2, 1), strict=True):
        table.add_column(name, justify="right", footer=f"{total:,.{digits}f}", no_wrap=True)
    for leg in found.legs:
        what = {
            "transfer": f"{escape(leg.layer.replace('>', ' → '))} at {escape(leg.origin)}",
            "access": f"{escape(leg.layer)} at {escape(leg.origin)}"
            if not leg.distance_km
            else f"road {escape(leg.origin)} → {escape(leg.destination)}",
        }.get(leg.kind, f"[bold]{leg.mode}[/bold] {escape(leg.origin)} → {escape(leg.destination)}")
        if leg.borders:
            what += f" [dim](borders {escape(', '.join(border.name for border in leg.borders))})[/dim]"
        table.add_row(
            what, f"{leg.distance_km:,.0f}" if leg.distance_km else "", f"{leg.time_h / 24:.1f}",
            f"{leg.cost_usd / tonnes:,.2f}", f"{leg.co2e_kg / tonnes:,.1f}",
        )  # fmt: skip
    return table


def _print_notes(routes: list[Route]) -> None:
    from rich.markup import escape

    screen = console()
    for note in dict.fromkeys(note for found in routes for note in found.notes):
        about = dict.fromkeys(found.corridor or "other way" for found in routes if note in found.notes)
        where = f"[yellow]{escape(', '.join(about))}:[/yellow] " if len(routes) > 1 else ""
        screen.print(f"{where}{escape(note)}", soft_wrap=True)
    screen.print(
        "[dim]Planning estimates, not offers; every rate has its range and origin in corridor/assumptions.[/dim]",
        soft_wrap=True,
    )


def _write_map(routes: list[Route], file: Path) -> None:
    from corridor.draw import draw_map

    if file.parent != Path() and not file.parent.exists():
        file.parent.mkdir(parents=True)
    draw_map(routes).save(file)


def _say_map(file: Path | None) -> None:
    from rich.markup import escape

    if file:
        size = f"{file.stat().st_size / 1000:,.0f} kB"
        console().print(
            f"Map written to [bold]{escape(str(file))}[/bold] ({size}): open it in any browser.", soft_wrap=True
        )


if __name__ == "__main__":
    main()
