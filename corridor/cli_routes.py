"""The commands ``corridor compare``, ``frontier``, ``route`` and ``distance``."""

from __future__ import annotations

from typing import Annotated

import typer

from corridor.cli_assumptions import AssumptionsOption, UnitOption
from corridor.cli_export import ExportOption, say_exports, write_exports
from corridor.cli_network import JsonOption, NetworkOption, console, print_json
from corridor.cli_options import (
    AvoidModeOption,
    AvoidOption,
    BeforeAfterOption,
    CloseOption,
    CommodityOption,
    From,
    MapOption,
    Minimize,
    MinimizeOption,
    To,
    TonnesOption,
    asked,
)
from corridor.cli_scenarios import MonthOption, ScenarioOption
from corridor.cli_tables import comparison, leg_table, print_notes, say_map, verdict, write_map, write_page
from geodata.vocabulary import Mode


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
    before_after: BeforeAfterOption = None,
    rates_folder: AssumptionsOption = None,
    export: ExportOption = None,
    network_file: NetworkOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare the best route of every corridor: Middle by sea and by rail, Northern, Baltic, Southern and more."""
    import corridor as co
    from corridor.compare import BADGES, best_at, outdone
    from corridor.metrics import metrics_record

    network, shipment, scenario, rates = asked(
        network_file,
        rates_folder,
        commodity,
        tonnes,
        unit,
        scenario_name,
        month,
        close,
        avoid_country,
        avoid_mode,
    )
    if before_after and scenario == co.BASELINE:
        raise co.CorridorError(
            "--before-after compares the baseline with itself: say what differs with --scenario, --close, --month,"
            " --avoid-country or --avoid-mode"
        )
    routes = co.find_corridors(network, origin, destination, shipment, scenario, minimize=minimize.value, rates=rates)
    best = {
        name: co.find_route(network, origin, destination, shipment, scenario, minimize=name, rates=rates)
        for name in BADGES
    }
    better = outdone(routes, best)
    if before_after:
        was = co.find_corridors(network, origin, destination, shipment, minimize=minimize.value, rates=rates)
        write_page(co.draw_comparison(was, routes, rates=rates), before_after)
    if map_file:
        write_map(routes, map_file)
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
    screen.print(comparison(routes))
    if len(routes) > 1:
        screen.print(
            f"[dim]Each is the best of its corridor by {minimize.value}; badges compare these rows only.[/dim]"
        )
    for line in verdict(routes, better):
        screen.print(line)
    print_notes(routes)
    say_map(map_file)
    say_map(before_after)
    say_exports(export)


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
    rates_folder: AssumptionsOption = None,
    network_file: NetworkOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the ways that no other beats in days, dollars and carbon at once, and what the rest lose to them."""
    import corridor as co
    from corridor.cli_frontier import print_frontier

    network, shipment, scenario, rates = asked(
        network_file,
        rates_folder,
        commodity,
        tonnes,
        unit,
        scenario_name,
        month,
        close,
        avoid_country,
        avoid_mode,
    )
    front = co.find_frontier(network, origin, destination, shipment, scenario, rates=rates)
    ways = co.find_corridors(network, origin, destination, shipment, scenario, rates=rates)
    if map_file:
        write_map(front, map_file)
    print_frontier(front, co.find_dominated(front, ways), as_json=as_json)
    if not as_json:
        print_notes(front)
        say_map(map_file)


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
    rates_folder: AssumptionsOption = None,
    export: ExportOption = None,
    network_file: NetworkOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the best route leg by leg."""
    import corridor as co
    from corridor.cli_frontier import print_metrics
    from corridor.metrics import metrics_record

    network, shipment, scenario, rates = asked(
        network_file,
        rates_folder,
        commodity,
        tonnes,
        unit,
        scenario_name,
        month,
        close,
        avoid_country,
        avoid_mode,
    )
    if alternatives:
        routes = co.find_alternatives(
            network, origin, destination, shipment, scenario, minimize=minimize.value, rates=rates
        )
    else:
        routes = [co.find_route(network, origin, destination, shipment, scenario, minimize=minimize.value, rates=rates)]
    if map_file:
        write_map(routes, map_file)
    write_exports(routes, export)
    if as_json:
        records = [
            {**found.record(), "metrics": metrics_record(found)} if metrics else found.record() for found in routes
        ]
        print_json({**records[0], "alternatives": records[1:]} if alternatives else records[0])
        return
    screen = console()
    for found in routes:
        screen.print(leg_table(found))
        if metrics:
            print_metrics(found)
    if explain:
        others = co.find_corridors(
            network, origin, destination, shipment, scenario, minimize=minimize.value, rates=rates
        )
        screen.print(routes[0].explain(others), markup=False, highlight=False, soft_wrap=True)
    print_notes(routes)
    say_map(map_file)
    say_exports(export)


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
    rates_folder: AssumptionsOption = None,
    network_file: NetworkOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure the shortest way, by one mode or by any."""
    import corridor as co
    from geodata.measure import point_distance_km

    network, shipment, scenario, rates = asked(
        network_file, rates_folder, scenario_name=scenario_name, month=month, close=close, countries=avoid_country
    )
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
