"""The command ``corridor uncertainty``: how sure the comparison is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor.cli_assumptions import AssumptionsOption, UnitOption
from corridor.cli_network import JsonOption, NetworkOption, console, print_json
from corridor.cli_options import (
    AvoidModeOption,
    AvoidOption,
    CloseOption,
    CommodityOption,
    From,
    Minimize,
    MinimizeOption,
    To,
    TonnesOption,
    asked,
)
from corridor.cli_scenarios import MonthOption, ScenarioOption

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from corridor import Route, Simulation
    from corridor.impedance import Objective

DrawsOption = Annotated[
    int, typer.Option("--draws", min=2, max=100_000, help="How often the assumptions are drawn from their ranges.")
]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same answer.")]
FIGURES: dict[Objective, tuple[str, str, str]] = {
    "time_h": ("days", "faster", "fastest"),
    "cost_usd": ("USD/t", "cheaper", "cheapest"),
    "co2e_kg": ("kg CO2e/t", "cleaner", "cleanest"),
    "generalized_usd": ("USD/t with inventory and CO2e", "cheaper all in all", "cheapest all in all"),
}
"""Unit that each figure is told in, and what one with less of it is called beside another and of all."""
SHOWN = 8
"""So many assumptions of a tornado are printed; JSON has all."""
CERTAIN = 0.95
"""Neighbours in rank that keep their order more often than this are not told one by one."""
TOLD = 0.05
"""Routes that are best less often than this are not told by name."""


def uncertainty(
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
    draws: DrawsOption = 10_000,
    seed: SeedOption = 0,
    assumptions_folder: AssumptionsOption = None,
    network_file: NetworkOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how sure the comparison is: ranges of each corridor, which beats which how often, and what it hangs on."""
    import corridor as co

    network, shipment, scenario, rates = asked(
        network_file, assumptions_folder, commodity, tonnes, unit, scenario_name, month, close, avoid_country,
        avoid_mode,
    )  # fmt: skip
    routes = co.find_corridors(network, origin, destination, shipment, scenario, minimize=minimize.value, rates=rates)
    figure: Objective = minimize.value
    if minimize is Minimize.DISTANCE:
        figure = "cost_usd"  # kilometres are sure
    print_uncertainty(co.simulate(routes, draws=draws, seed=seed), figure, as_json=as_json)


def print_uncertainty(simulation: Simulation, figure: Objective, *, as_json: bool) -> None:
    """Ranges of each route, how often one beats the next, and what the answer hangs on; or the same as JSON."""
    import numpy as np

    from corridor.uncertainty import tornado

    routes = simulation.routes
    middle = np.median(simulation.totals[figure], axis=0)
    order = [int(number) for number in np.argsort(middle, kind="stable")]
    best, rival = order[0], _rival(simulation, figure, order)
    alone = tornado(routes[best], figure)
    beside = None if rival is None else tornado(routes[best], figure, against=routes[rival])
    if as_json:
        first = routes[0]
        print_json(
            {
                "origin": first.origin.name, "destination": first.destination.name, "figure": figure,
                "draws": simulation.draws, "seed": simulation.seed, "scenario": first.scenario.name,
                "month": first.scenario.month, "routes": [_record(route) for route in routes],
                "ranges": _records(simulation.ranges()), "win_shares": _records(simulation.win_shares()),
                "best_shares": _records(simulation.best_shares()),
                "tornado": {"route": best, "rows": _records(alone)},
                "tornado_against": None if beside is None
                else {"route": best, "other": rival, "rows": _records(beside)},
            }
        )  # fmt: skip
        return
    screen = console()
    screen.print(_ranges(simulation))
    for line in _sentences(simulation, figure, order, rival):
        screen.print(line, markup=False, highlight=False, soft_wrap=True)
    unit = FIGURES[figure][0]
    screen.print(_tornado(alone, f"What moves {_name(routes[best])}, {unit}", routes[best], figure))
    if beside is not None and rival is not None:
        title = f"What moves {_name(routes[best])} against {_name(routes[rival])}, {unit} (minus: less than it)"
        screen.print(_tornado(beside, title, routes[best], figure))
    screen.print(
        f"[dim]{simulation.draws:,} draws, seed {simulation.seed}: each assumption from a triangle between its low and"
        " high, tip at base, all independent of each other. The middle lies above base where more can go wrong than"
        " right. Routes as chosen at base.[/dim]",
        soft_wrap=True,
    )


def _ranges(simulation: Simulation) -> Table:
    from rich.markup import escape
    from rich.table import Table

    first = simulation.routes[0]
    scenario = "" if str(first.scenario) == "baseline" else f", {first.scenario}"
    title = f"{first.origin} → {first.destination}, {first.shipment}{scenario}"
    table = Table(title=escape(title), title_style="bold", header_style="bold", caption="p10 – p50 – p90; below, base")
    table.add_column("Corridor", ratio=1)
    shown = {"time_h": ("Days", 24.0), "cost_usd_per_t": ("USD/t", 1.0), "co2e_kg_per_t": ("CO2e kg/t", 1.0)}
    for heading, _ in shown.values():
        table.add_column(heading, justify="right", no_wrap=True)
    ranges = simulation.ranges()
    for number, route in enumerate(simulation.routes):
        mine = ranges[ranges["route"] == number].set_index("figure")
        cells = []
        for figure, (_, divisor) in shown.items():
            base, low, middle, high = (float(mine[point][figure]) / divisor for point in ("base", "p10", "p50", "p90"))
            cells.append(f"{low:,.0f} – [bold]{middle:,.0f}[/bold] – {high:,.0f}\n[dim]{base:,.0f}[/dim]")
        table.add_row(escape(_name(route)), *cells)
    return table


def _rival(simulation: Simulation, figure: Objective, order: list[int]) -> int | None:
    """Of the other routes the one that beats the first most often, by rank if none does; None for a single route."""
    if len(order) == 1:
        return None
    wins = simulation.win_shares()
    beats = wins[(wins["figure"] == figure) & (wins["other"] == order[0])].set_index("route")["share"]
    return max(order[1:], key=lambda number: float(beats[number]))


def _sentences(simulation: Simulation, figure: Objective, order: list[int], rival: int | None) -> Iterator[str]:
    """Which is how often the best, and beats its rival; neighbours in rank that are close; which is most certain."""
    if rival is None:
        return
    routes, best, wins = simulation.routes, simulation.best_shares(), simulation.win_shares()
    for each in dict.fromkeys(("cost_usd", "time_h", "co2e_kg", figure)):
        shares = best[best["figure"] == each].sort_values("share", ascending=False, kind="stable")
        leading = shares[shares["share"] >= min(TOLD, float(shares["share"].max()))]
        told = [f"{_name(routes[row.route])} in {_percent(row.share)} of draws" for row in leading.itertuples()]
        yield f"{FIGURES[each][2].capitalize()}: {', '.join(told)}."
    mine = wins[wins["figure"] == figure].set_index(["route", "other"])
    for one, other in dict.fromkeys([(order[0], rival), *pairwise(order)]):
        share, tie = float(mine["share"][one, other]), float(mine["tie"][one, other])
        if other == rival or share < CERTAIN:
            same = f", equal in {_percent(tie)}" if tie else ""
            pair = f"{_name(routes[one])} is {FIGURES[figure][1]} than {_name(routes[other])}"
            yield f"{pair} in {_percent(share)} of draws{same}."
    ranges = simulation.ranges()
    for each in dict.fromkeys(("time_h", figure)):
        found = ranges[(ranges["figure"] == each) & ranges["most_certain"]].iloc[0]
        unit = FIGURES[each][0]
        yield f"Most certain in {unit}: {_name(routes[found.route])}, p10 to p90 is {100 * found.width:.0f} % of p50."


def _tornado(table: pd.DataFrame, title: str, route: Route, figure: Objective) -> Table:
    from rich.markup import escape
    from rich.table import Table

    divisor = 24.0 if figure == "time_h" else route.shipment.tonnes
    digits = 1 if figure == "time_h" else 2
    shown = Table(title=escape(title), title_justify="left", header_style="bold")
    shown.add_column("Assumption, low … base … high", ratio=1, overflow="fold")
    for heading in ("At low", "At high", "Swing"):
        shown.add_column(heading, justify="right", no_wrap=True)
    for row in table.head(SHOWN).itertuples():
        where = (
            f"{row.file}, row {row.row}, confidence {row.confidence}" if row.file else "changed by season or scenario"
        )
        values = f"{row.value_low:.4g} … {row.value_base:.4g} … {row.value_high:.4g} {escape(row.unit)}"
        shown.add_row(
            f"[bold]{escape(row.name)}[/bold] {values}\n[dim]{escape(where)}; {escape(row.source)}[/dim]",
            *(f"{value / divisor:,.{digits}f}" for value in (row.low, row.high, row.swing)),
        )
    if len(table) > SHOWN:
        shown.caption = f"and {len(table) - SHOWN} more that move it less"
    return shown


def _name(route: Route) -> str:
    return route.corridor or " · ".join(route.via) or "the direct way"


def _percent(share: float) -> str:
    """A share that is rounded to neither all nor none where it is not."""
    if 0.0 < share < 0.005:
        return "under 1 %"
    return "over 99 %" if 0.995 <= share < 1.0 else f"{100 * share:.0f} %"


def _record(route: Route) -> dict[str, Any]:
    totals = {name: getattr(route, name) for name in ("distance_km", "time_h", "cost_usd", "co2e_kg")}
    return {"name": route.name, "corridor": route.corridor, "via": list(route.via), "totals": totals}


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    cells = table.astype(object)
    records: list[dict[str, Any]] = cells.where(cells.notna(), None).to_dict("records")
    return records
