"""What the packages promise by name, and what importing them costs."""

import inspect
import subprocess
import sys

import pytest

import corridor
import maps

CORRIDOR = [
    "AmbiguousPlaceError", "AssumptionError", "BASELINE", "Catalogue", "Closure", "Commodity", "CorridorError",
    "Dominated", "ExportError", "Front", "Gazetteer", "Leg", "LoadUnit", "Network", "NoRouteError", "Period", "Place",
    "PlaceError", "RateChange", "Rates", "Route", "Scenario", "ScenarioError", "Shipment", "ShipmentError",
    "Simulation", "Study", "UnknownPlaceError", "compare", "cost_matrix", "draw_comparison", "draw_hinterland",
    "draw_map", "draw_network", "draw_reach", "draw_terminals", "export_points", "export_routes", "feasible_months",
    "find_alternatives", "find_corridors", "find_dominated", "find_frontier", "find_route", "hinterland",
    "load_catalogue", "load_network", "load_rates", "load_scenario", "load_study", "price_links", "reach",
    "route_metrics", "save_scenario", "simulate", "tornado", "write_report",
]  # fmt: skip
MAPS = [
    "AssetError", "BadGeometryError", "BadTableError", "Frame", "MODE_STYLES", "MapError", "MissingColumnError",
    "ModeStyle", "OfflineMap", "capacity_funnel", "draw_hinterland", "draw_network", "draw_reach", "draw_routes",
    "draw_terminals", "month_heatmap", "pareto_scatter", "time_cost_distance", "tornado",
]  # fmt: skip
HEAVY = (
    "folium",
    "branca",
    "geopandas",
    "shapely",
    "osmnx",
    "networkx",
    "matplotlib",
    "pyogrio",
    "pyproj",
    "jinja2",
    "xlsxwriter",
)
EXPORTS = [(corridor, name) for name in CORRIDOR] + [(maps, name) for name in MAPS]


@pytest.mark.parametrize(("package", "names"), [(corridor, CORRIDOR), (maps, MAPS)], ids=["corridor", "maps"])
def test_exported_names(package, names: list[str]) -> None:
    assert sorted(package.__all__) == names


@pytest.mark.parametrize(("package", "name"), EXPORTS, ids=lambda value: value if isinstance(value, str) else "")
def test_every_exported_name_is_there_and_documented(package, name: str) -> None:
    thing = getattr(package, name)
    if inspect.isclass(thing) or inspect.isroutine(thing):
        text = inspect.getdoc(thing)
        assert text
        assert len(text) > 20
        assert not text.startswith(f"{name}("), "a dataclass's own signature is no docstring"


def test_packages_are_documented() -> None:
    assert "find_route" in corridor.__doc__
    assert "draw_routes" in maps.__doc__


@pytest.mark.parametrize(
    "name", [name for name in CORRIDOR if name.startswith(("find_", "cost_", "load_", "draw_", "export_"))]
)
def test_functions_have_types(name: str) -> None:
    signature = inspect.signature(getattr(corridor, name))
    assert signature.return_annotation is not inspect.Signature.empty
    assert all(parameter.annotation is not inspect.Parameter.empty for parameter in signature.parameters.values())


@pytest.mark.parametrize("name", ["find_route", "find_alternatives", "find_corridors", "cost_matrix"])
def test_choices_are_told_by_name(name: str) -> None:
    """`minimize` and `rates` cannot be given by position, so a reader sees what they are."""
    parameters = inspect.signature(getattr(corridor, name)).parameters
    for option in ("minimize", "rates"):
        assert parameters[option].kind is inspect.Parameter.KEYWORD_ONLY


def test_errors_of_one_kind() -> None:
    for name in ("NoRouteError", "ScenarioError", "AssumptionError", "ShipmentError"):
        error = getattr(corridor, name)
        assert issubclass(error, corridor.CorridorError)
        assert issubclass(error, ValueError)
    assert issubclass(corridor.UnknownPlaceError, LookupError)


def loaded_after(code: str) -> set[str]:
    """Libraries that are loaded once some code has run in a fresh interpreter."""
    program = f"{code}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("code", ["import corridor", "import corridor.cli", "import maps", "import geodata.network"])
def test_importing_is_light(code: str) -> None:
    loaded = loaded_after(code)
    assert top_level(code) in loaded
    assert not loaded & set(HEAVY)


def top_level(code: str) -> str:
    return code.removeprefix("import ").partition(".")[0]


def test_finding_a_route_draws_nothing() -> None:
    code = "import corridor as co; co.find_route(co.load_network(), 'Kostanay', 'Ghent')"
    assert not loaded_after(code) & {"folium", "geopandas", "matplotlib", "osmnx"}
