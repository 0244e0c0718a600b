"""The commands ``corridor reach`` and ``corridor hinterland``."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from corridor.cli_assumptions import AssumptionsOption, UnitOption
from corridor.cli_export import PlacesOption, export_places, save_page, say_pages
from corridor.cli_network import JsonOption, NetworkOption, console, print_json
from corridor.cli_options import (
    AvoidModeOption,
    AvoidOption,
    CloseOption,
    CommodityOption,
    From,
    MapOption,
    To,
    TonnesOption,
    asked,
)
from corridor.cli_scenarios import MonthOption, ScenarioOption
from corridor.errors import PlaceError

if TYPE_CHECKING:
    import pandas as pd

    from corridor import Place, Shipment
    from corridor.impedance import Objective


class By(StrEnum):
    """What reach and hinterland are measured by, as the command line spells it."""

    TIME = "time"
    COST = "cost"
    CO2E = "co2e"
    DISTANCE = "distance"


OBJECTIVES: dict[By, Objective] = {
    By.TIME: "time_h",
    By.COST: "cost_usd",
    By.CO2E: "co2e_kg",
    By.DISTANCE: "distance_km",
}
SHOWN = {By.TIME: "Days", By.COST: "USD/t", By.CO2E: "kg CO2e/t", By.DISTANCE: "km"}


def whole_shipment(by: By, value: float, shipment: Shipment) -> float:
    """A limit that a planner gives in hours, kilometres, or dollars or kilograms a tonne, for the whole shipment."""
    return value * shipment.tonnes if by in (By.COST, By.CO2E) else value


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
    page: MapOption = None,
    exports: PlacesOption = None,
    rates_folder: AssumptionsOption = None,
    network_file: NetworkOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the terminals that a place reaches, the nearest by time, cost, CO2e or distance first."""
    from corridor.draw_places import draw_reach
    from corridor.reach import reach as find_reach

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
    limit = None if within is None else whole_shipment(by, within, shipment)
    table = find_reach(network, origin, shipment, scenario, by=OBJECTIVES[by], within=limit, rates=rates)
    name = network.gazetteer.find(origin).name
    if page:
        save_page(draw_reach(table, name, shipment, scenario, network=network), page)
    export_places(table, exports, f"From {name}")
    print_reach(table, name, by, shipment, as_json=as_json)
    if not as_json:
        say_pages(page, *(exports or []))


def hinterland(
    destination: To,
    via: Annotated[
        list[str],
        typer.Option("--via", help="Gateways, terminals separated by commas; repeat for more.", show_default=False),
    ],
    origin: Annotated[
        list[str] | None,
        typer.Option("--from", help="An origin; repeat for more (else all of KZ, KG, UZ).", show_default=False),
    ] = None,
    settlements: Annotated[
        int,
        typer.Option("--settlements", min=0, max=5000, help="From so many of the largest towns of KZ, KG and UZ."),
    ] = 0,
    by: Annotated[By, typer.Option("--by", help="What is measured.")] = By.COST,
    commodity: CommodityOption = "flaxseed",
    tonnes: TonnesOption = 3000.0,
    unit: UnitOption = "",
    close: CloseOption = None,
    avoid_country: AvoidOption = None,
    avoid_mode: AvoidModeOption = None,
    scenario_name: ScenarioOption = None,
    month: MonthOption = None,
    page: MapOption = None,
    exports: PlacesOption = None,
    rates_folder: AssumptionsOption = None,
    network_file: NetworkOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show from where each gateway is the best one to a destination."""
    from corridor.draw_places import draw_hinterland
    from corridor.reach import hinterland as find_hinterland
    from corridor.reach import steppe_settlements

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
    gateways = [part.strip() for part in ",".join(via).split(",") if part.strip()]
    if not gateways:
        raise PlaceError("--via names no terminal: write --via aktau,kuryk")
    origins: list[str | Place] = [*(origin or []), *steppe_settlements(network, settlements)]
    table = find_hinterland(
        network, destination, gateways, shipment, scenario, origins=origins or None, by=OBJECTIVES[by], rates=rates
    )
    name = network.gazetteer.find(destination).name
    if page:
        save_page(draw_hinterland(table, name, shipment, scenario, network=network), page)
    export_places(table, exports, f"Best gateways to {name}")
    print_hinterland(table, name, by, shipment, as_json=as_json)
    if not as_json:
        say_pages(page, *(exports or []))


def print_reach(table: pd.DataFrame, origin: str, by: By, shipment: Shipment, *, as_json: bool) -> None:
    """Terminals in reach, nearest first."""
    if as_json:
        print_json({"origin": origin, "by": OBJECTIVES[by], "terminals": table.to_dict("records")})
        return
    from rich.markup import escape
    from rich.table import Table

    shown = Table(header_style="bold", box=None, title=f"From {escape(origin)}", title_justify="left")
    shown.add_column("Terminal")
    shown.add_column("Country")
    shown.add_column(SHOWN[by], justify="right")
    for row in table.to_dict("records"):
        shown.add_row(escape(row["name"]), row["country"], _figure(row[OBJECTIVES[by]], by, shipment))
    if table.empty:
        console().print(f"No terminal is in reach of {origin} within this limit; give a larger --within.", markup=False)
        return
    console().print(shown)
    console().print(f"{len(table)} terminals.")


def print_hinterland(table: pd.DataFrame, destination: str, by: By, shipment: Shipment, *, as_json: bool) -> None:
    """Origins with their best gateway, and what each gateway takes."""
    if as_json:
        rows = table.astype(object).where(table.notna(), None).to_dict("records")
        print_json({"destination": destination, "by": OBJECTIVES[by], "rows": rows})
        return
    from rich.markup import escape
    from rich.table import Table

    gateways = list(dict.fromkeys(table["gateway"]))
    title = f"To {destination}: {SHOWN[by]} through each gateway, best first"
    shown = Table(header_style="bold", box=None, title=escape(title), title_justify="left")
    shown.add_column("Origin")
    shown.add_column("Best gateway")
    for gateway in gateways:
        shown.add_column(escape(gateway), justify="right")
    ways = table.assign(order=table[OBJECTIVES[by]].where(table["best"]))
    ways["order"] = ways.groupby("terminal")["order"].transform("max")
    for _, rows in ways.sort_values(["order", "name"], kind="stable").groupby(["name", "terminal"], sort=False):
        best = [str(name) for name in rows["gateway"][rows["best"]]]
        figures = dict(zip(rows["gateway"], rows[OBJECTIVES[by]], strict=True))
        cells = [_figure(figures[gateway], by, shipment) for gateway in gateways]
        shown.add_row(escape(str(rows["name"].iat[0])), escape(best[0]) if best else "no way", *cells)
    console().print(shown)
    won, count = table.loc[table["best"], "gateway"].value_counts(), table["terminal"].nunique()
    screen = console()
    for gateway in gateways:
        screen.print(f"{gateway} is the best for {int(won.get(gateway, 0))} of {count} origins.", markup=False)


def _figure(value: float, by: By, shipment: Shipment) -> str:
    if math.isnan(value):
        return "–"
    if by is By.TIME:
        return f"{value / 24:,.1f}"
    return f"{value:,.0f}" if by is By.DISTANCE else f"{value / shipment.tonnes:,.0f}"
