"""
Imports run down: no circles, no short cuts, one door for each thing that is hard to replace.

Between the packages: corridor → geodata, maps; geodata and maps import neither each other nor corridor. Within
corridor a file imports only files of a lower rung of `LADDER`.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("corridor", "geodata", "maps")
LADDER = (
    ("errors", "page_words"),
    ("assumption_files", "documents", "graph", "periods", "page_lengths"),
    ("catalogue",),
    ("shipment", "rates"),
    ("closures", "rate_changes", "pareto"),
    ("seasons", "draught", "link_classes", "regions", "page_sentences"),
    ("scenario",),
    ("corridors", "scenario_files", "impedance"),
    ("itemize", "notes"),
    ("explain",),
    ("route",),
    ("pricing", "access", "legs"),
    ("metrics", "overlay", "question", "uncertainty"),
    ("routing", "frontier", "reach", "compare", "provenance", "export_xlsx", "export_kml"),
    ("benchmarks", "study", "page_tables", "feasibility", "funnels"),
    ("what_if", "sweep", "page_ranges"),
    ("draw",),
    ("export", "before_after", "figures", "draw_places"),
    ("export_points", "report_index"),
    ("report",),
    ("__init__",),
    ("cli_network",),
    ("cli_assumptions", "cli_export", "cli_frontier"),
    ("cli_scenarios", "cli_sweep", "cli_tables", "cli_places", "cli_verify"),
    ("cli_options", "cli_network_pages"),
    ("cli_reach", "cli_report", "cli_routes", "cli_uncertainty"),
    ("cli",),
)
"""The files of corridor from the ground up; those on one rung do not know each other."""

DOORS = {  # what is hard to replace: the only files that may import it
    "folium": "maps/",
    "branca": "maps/",
    "jinja2": "maps/",
    "matplotlib": "maps/charts.py",
    "osmnx": "geodata/read/osm.py",
    "osmium": "geodata/read/osm.py",
    "pyproj": "geodata/measure.py",
    "pyarrow": "geodata/",
    "typer": "corridor/cli",
    "distributed": "corridor/sweep.py",
    "xlsxwriter": "corridor/export_xlsx.py",
    "rich": "corridor/cli",
    "scgraph": "geodata/read/",
    "scgraph_data": "geodata/read/",
    "searoute": "geodata/read/",
}


@cache
def sources() -> dict[str, ast.Module]:
    """Every source file of the packages, by its path from the root."""
    found = {
        str(path.relative_to(ROOT)): ast.parse(path.read_text("utf-8"))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
    }
    assert len(found) > 30
    return found


def imports(tree: ast.AST, *, only_at_run_time: bool = False) -> set[str]:
    """Modules that a file imports anywhere in it; those for type checkers alone may be left out."""
    names: set[str] = set()
    for node in ast.iter_child_nodes(tree):
        if only_at_run_time and isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative import"
            names |= {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
        else:
            names |= imports(node, only_at_run_time=only_at_run_time)
    return names


def top(module: str) -> str:
    return module.partition(".")[0]


def module_of(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def modules(package: str) -> dict[str, set[str]]:
    """Files of a package and which other files of it each imports at run time."""
    names = {module_of(path) for path in sources() if path.startswith(f"{package}/")}
    return {
        module_of(path): (imports(tree, only_at_run_time=True) & names) - {module_of(path)}
        for path, tree in sources().items()
        if path.startswith(f"{package}/")
    }


@pytest.mark.parametrize(
    ("package", "allowed"),
    [("geodata", {"geodata"}), ("maps", {"maps"}), ("corridor", {"corridor", "geodata", "maps"})],
)
def test_packages_know_only_what_is_below_them(package: str, allowed: set[str]) -> None:
    for path, tree in sources().items():
        if path.startswith(f"{package}/"):
            ours = {top(module) for module in imports(tree)} & {*PACKAGES, "tests"}
            assert ours <= allowed, path


def test_only_what_draws_and_the_command_line_know_maps() -> None:
    know = {path for path, tree in sources().items() if "maps" in {top(module) for module in imports(tree)}}
    draw = {
        f"corridor/{name}.py" for name in ("before_after", "draw", "draw_places", "figures", "report", "report_index")
    }
    words = {"corridor/page_words.py", "corridor/page_lengths.py", "corridor/funnels.py"}
    assert {path for path in know if path.startswith("corridor/")} == {*draw, "corridor/cli.py", *words}
    catalogues = {module for path in words for module in imports(sources()[path]) if top(module) == "maps"}
    assert {module.rpartition(".")[0] or module for module in catalogues} <= {
        "maps",
        "maps.words",
    }  # to read, not to draw
    command_line = {module for module in imports(sources()["corridor/cli.py"]) if top(module) == "maps"}
    assert command_line == {"maps.errors", "maps.errors.MapError"}  # to tell its errors, not to draw


def test_the_engine_has_one_door() -> None:
    for path, tree in sources().items():
        if path.startswith("corridor/") and path != "corridor/graph.py":
            engines = {module for module in imports(tree) if module.startswith(("routingkit_cch", "scipy.sparse"))}
            assert not engines, path
    graph = imports(sources()["corridor/graph.py"])
    assert {"routingkit_cch", "scipy.sparse.csgraph"} <= graph
    elsewhere = [path for path, tree in sources().items() if "routingkit_cch" in imports(tree)]
    assert set(elsewhere) <= {"corridor/graph.py", "geodata/joining.py"}  # which orders the nodes


@pytest.mark.parametrize("library", DOORS)
def test_what_is_hard_to_replace_has_one_door(library: str) -> None:
    users = [path for path, tree in sources().items() if library in {top(module) for module in imports(tree)}]
    assert users or library in {"osmnx", "searoute", "scgraph_data"}, f"nothing uses {library}"
    for path in users:
        assert path.startswith(DOORS[library]), f"{path} imports {library}"


@pytest.mark.parametrize("package", PACKAGES)
def test_no_circles(package: str) -> None:
    """Files can be put in an order in which each imports only earlier ones."""
    left = modules(package)
    assert len(left) > 5
    while left:
        free = [name for name, needs in left.items() if not needs & set(left)]
        assert free, f"a circle among {sorted(left)}"
        for name in free:
            del left[name]


def test_corridor_is_a_ladder() -> None:
    rung = {name: number for number, names in enumerate(LADDER) for name in names}
    files = {path.stem for path in (ROOT / "corridor").glob("*.py")}
    assert files == set(rung), "a new file wants a rung in LADDER"
    for module, needs in modules("corridor").items():
        mine = rung[module.partition(".")[2] or "__init__"]
        for need in needs:
            assert rung[need.partition(".")[2] or "__init__"] < mine, f"{module} imports {need}"


def test_errors_and_words_are_the_ground_floor() -> None:
    for path in ("corridor/errors.py", "geodata/errors.py", "geodata/vocabulary.py", "maps/errors.py"):
        assert not {top(module) for module in imports(sources()[path])} - {"__future__", "collections", "enum"}, path


def test_whole_files_have_one_owner() -> None:
    assert "geodata" not in {top(module) for module in imports(sources()["geodata/whole_files.py"])}
    for path, tree in sources().items():
        if path.startswith("geodata/") and path != "geodata/whole_files.py":
            called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
            assert "fsync" not in called, f"{path} flushes by itself: geodata.whole_files does so"


def test_no_drawers_for_everything() -> None:
    names = {Path(path).stem for path in sources()}
    assert not names & {"utils", "util", "common", "helpers", "misc", "core", "base_classes", "settings"}


def test_no_package_imports_private_names_of_another() -> None:
    for path, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and top(str(node.module)) in {*PACKAGES} - {path.partition("/")[0]}:
                private = [alias.name for alias in node.names if alias.name.startswith("_")]
                assert not private, f"{path} imports {private} from {node.module}"
