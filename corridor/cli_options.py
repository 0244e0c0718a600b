"""Options that commands share, and what they ask for together."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from corridor.cli_assumptions import assumed
from corridor.cli_scenarios import asked_scenario
from geodata.vocabulary import Mode

if TYPE_CHECKING:
    from corridor import Network, Rates, Scenario, Shipment


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

BeforeAfterOption = Annotated[
    Path | None,
    typer.Option(
        "--before-after",
        help="Write a page of two maps: the baseline, and what --scenario, --close, --month and the like ask.",
        show_default=False,
        dir_okay=False,
    ),
]


class Asked(NamedTuple):
    """What the options of a command ask for."""

    network: Network
    shipment: Shipment
    scenario: Scenario
    rates: Rates | None


def asked(
    network_file: Path | None,
    rates_folder: Path | None,
    commodity: str = "flaxseed",
    tonnes: float = 3000.0,
    unit: str = "",
    scenario_name: str | None = None,
    month: int | None = None,
    close: list[str] | None = None,
    countries: list[str] | None = None,
    modes: list[Mode] | None = None,
) -> Asked:
    """The network, shipment, scenario and rates (None: those shipped) of a command's options."""
    import corridor as co
    from corridor.scenario import AND_AS_ASKED

    scenario = asked_scenario(scenario_name, month)
    if close or countries or modes:
        name = "as asked" if scenario.name == "baseline" else scenario.name + AND_AS_ASKED
        scenario = replace(scenario, name=name).close(*close or ())
    for code in countries or ():
        scenario = scenario.close_country(code)
    for mode in modes or ():
        scenario = scenario.close_mode(mode.value)
    rates, catalogue = assumed(rates_folder)
    shipment = co.Shipment(commodity, tonnes, unit, catalogue=catalogue)
    return Asked(co.load_network(network_file), shipment, scenario, rates)
