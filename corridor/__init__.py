"""
Corridor: export paths between the Kazakh steppe and Belgium, compared in days, dollars and carbon.

>>> import corridor as co
>>> network = co.load_network()
>>> route = co.find_route(network, "Kostanay", "Ghent", co.Shipment("flaxseed", tonnes=3_000))
"""

from corridor.before_after import draw_comparison
from corridor.catalogue import Catalogue, Commodity, LoadUnit, load_catalogue
from corridor.closures import Closure
from corridor.compare import compare
from corridor.draw import draw_map
from corridor.draw_places import draw_hinterland, draw_network, draw_reach, draw_terminals
from corridor.errors import (
    AssumptionError,
    CorridorError,
    ExportError,
    NoRouteError,
    PlaceError,
    ScenarioError,
    ShipmentError,
)  # fmt: skip
from corridor.export import export_routes
from corridor.export_points import export_points
from corridor.feasibility import feasible_months
from corridor.frontier import Dominated, Front, find_dominated, find_frontier
from corridor.impedance import price_links
from corridor.metrics import route_metrics
from corridor.periods import Period
from corridor.rate_changes import RateChange
from corridor.rates import Rates, load_rates
from corridor.reach import hinterland, reach
from corridor.report import write_report
from corridor.route import Leg, Route
from corridor.routing import cost_matrix, find_alternatives, find_corridors, find_route
from corridor.scenario import BASELINE, Scenario
from corridor.scenario_files import load_scenario, save_scenario
from corridor.shipment import Shipment
from corridor.study import Study, load_study
from corridor.uncertainty import Simulation, simulate, tornado
from geodata.errors import AmbiguousPlaceError, UnknownPlaceError
from geodata.gazetteer import Gazetteer
from geodata.network import Network, load_network
from geodata.places import Place

__all__ = [
    "BASELINE",
    "AmbiguousPlaceError",
    "AssumptionError",
    "Catalogue",
    "Closure",
    "Commodity",
    "CorridorError",
    "Dominated",
    "ExportError",
    "Front",
    "Gazetteer",
    "Leg",
    "LoadUnit",
    "Network",
    "NoRouteError",
    "Period",
    "Place",
    "PlaceError",
    "RateChange",
    "Rates",
    "Route",
    "Scenario",
    "ScenarioError",
    "Shipment",
    "ShipmentError",
    "Simulation",
    "Study",
    "UnknownPlaceError",
    "compare",
    "cost_matrix",
    "draw_comparison",
    "draw_hinterland",
    "draw_map",
    "draw_network",
    "draw_reach",
    "draw_terminals",
    "export_points",
    "export_routes",
    "feasible_months",
    "find_alternatives",
    "find_corridors",
    "find_dominated",
    "find_frontier",
    "find_route",
    "hinterland",
    "load_catalogue",
    "load_network",
    "load_rates",
    "load_scenario",
    "load_study",
    "price_links",
    "reach",
    "route_metrics",
    "save_scenario",
    "simulate",
    "tornado",
    "write_report",
]  # fmt: skip
