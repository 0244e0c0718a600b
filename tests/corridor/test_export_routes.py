"""Exports of routes, read back by the programs they are for."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import textwrap
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

import corridor as co
from corridor.export import cut_at_180, route_tables
from geodata.network import Network

ENDINGS = (".geojson", ".gpkg", ".kml", ".csv", ".xlsx")
FORMULAS = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    '=HYPERLINK("http://x.example","y")',
)
MARKUP = (
    '<img src=x onerror="window.hit=1">',
    "</script><script>window.hit=1</script>",
    "`;window.hit=1;`",
    "${window.hit=1}",
    '"><svg onload=window.hit=1>',
    "'); window.hit=1; ('",
    "</title></style><iframe srcdoc='<script>parent.hit=1</script>'>\u2028<!--<script>]]>",
)
HOSTILE = (*FORMULAS, *MARKUP, "a bell\x07", "http://x.example/", "123", "ж" * 40_000)


@pytest.fixture
def routes(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> list[co.Route]:
    return co.find_corridors(toy, "Kostanay", "Ghent", thousand, rates=toy_rates)


@pytest.fixture
def write(routes: list[co.Route], toy_rates: co.Rates, tmp_path: Path):
    def written(ending: str, chosen: list[co.Route] | None = None) -> Path:
        path = tmp_path / f"routes{ending}"
        co.export_routes(chosen or routes, path)
        return path

    return written


def named(route: co.Route, text: str) -> co.Route:
    """The route with a text in every field that can hold one."""
    legs = tuple(replace(leg, origin=text, destination=text) for leg in route.legs)
    origin = replace(route.origin, name=text)
    scenario = co.Scenario(text).close("Riga", reason=text)
    return replace(
        route, legs=legs, origin=origin, notes=(text,), corridor=text, name=text, via=(text,), scenario=scenario
    )


def test_the_legs_of_every_format_sum_to_the_totals(write, routes: list[co.Route]) -> None:
    gpkg = write(".gpkg")
    sums = {
        ".geojson": gpd.read_file(write(".geojson")).groupby("route").sum(numeric_only=True),
        ".gpkg": sum(
            gpd.read_file(gpkg, layer=name).groupby("route").sum(numeric_only=True)[["time_h", "cost_usd"]]
            for name in ("legs", "stops")
        ),
        ".csv": gpd.pd.read_csv(write(".csv")).groupby("route").sum(numeric_only=True),
        ".xlsx": gpd.pd.read_excel(write(".xlsx"), sheet_name="Legs").groupby("route").sum(numeric_only=True),
    }
    for ending, table in sums.items():
        for number, route in enumerate(routes, start=1):
            assert table.loc[number, "time_h"] == pytest.approx(route.time_h), ending
            assert table.loc[number, "cost_usd"] == pytest.approx(route.cost_usd), ending
            if ending != ".gpkg":
                assert table.loc[number, "distance_km"] == pytest.approx(route.distance_km)
                assert table.loc[number, "co2e_kg_per_t"] == pytest.approx(route.co2e_kg_per_t)


def test_a_leg_and_its_frontiers_are_the_leg_of_the_route(routes: list[co.Route], toy_rates: co.Rates) -> None:
    legs = route_tables(routes).legs
    assert "border" in set(legs["kind"])
    for number, route in enumerate(routes, start=1):
        hours = legs[legs["route"] == number].groupby("leg")["time_h"].sum()
        assert hours.tolist() == pytest.approx([leg.time_h for leg in route.legs])


def test_geojson(write) -> None:
    document = json.loads(write(".geojson").read_text("utf-8"))
    assert "OpenStreetMap contributors" in document["about"]["attribution"]
    assert "ODbL" in document["about"]["licence"]
    first = document["features"][1]
    assert first["geometry"]["type"] == "LineString"
    assert first["geometry"]["coordinates"][0] == [63.6, 53.2]  # lon, lat
    assert pyogrio.read_info(write(".geojson"))["crs"] == "EPSG:4326"


def test_geopackage(write, routes: list[co.Route], toy_rates: co.Rates) -> None:
    path = write(".gpkg")
    kinds = dict(pyogrio.list_layers(path).tolist())
    plain = ("routes", "assumptions", "columns", "about")
    assert kinds == {"legs": "LineString", "stops": "Point", **dict.fromkeys(plain)}
    legs = gpd.read_file(path, layer="legs")
    tables = route_tables(routes)
    lines = tables.legs[tables.legs.geom_type == "LineString"]
    assert legs.crs.to_epsg() == 4326
    assert shapely.equals_exact(legs.geometry.array, lines.geometry.array).all()
    assert "OpenStreetMap" in pyogrio.read_info(path, layer="legs")["dataset_metadata"]["attribution"]
    about = gpd.read_file(path, layer="about").set_index("fact")["value"]
    assert about.to_dict() == tables.about
    assert len(gpd.read_file(path, layer="assumptions")) == len(tables.assumptions)


def test_kml(write, routes: list[co.Route]) -> None:
    path = write(".kml")
    layers = [name for name, _ in pyogrio.list_layers(path)]
    assert layers == [f"{number} {route.corridor}" for number, route in enumerate(routes, start=1)]
    legs = gpd.read_file(path, layer=layers[0])
    assert legs["Name"].iloc[1].startswith("rail Kostanay → ")
    assert set(legs.geom_type) == {"Point", "LineString"}
    assert legs["time_h"].astype(float).sum() == pytest.approx(routes[0].time_h)
    space = {"k": "http://www.opengis.net/kml/2.2"}
    document = ET.parse(path).getroot().find("k:Document", space)
    assert document.findtext("k:name", namespaces=space) == "Routes"
    assert "OpenStreetMap contributors" in document.findtext("k:description", namespaces=space)
    first = document.findtext(".//k:Point/k:coordinates", namespaces=space)
    assert [float(number) for number in first.split(",")[:2]] == [63.6, 53.2]


def test_workbook(write, routes: list[co.Route], toy_rates: co.Rates) -> None:
    book = openpyxl.load_workbook(write(".xlsx"))
    tables = route_tables(routes)
    assert book.sheetnames == ["Routes", "Legs", "Assumptions", "Columns", "About"]
    assert book["Legs"].max_row == len(tables.legs) + 1
    assert book["Legs"].freeze_panes == "A2"
    header = [cell.value for cell in book["Assumptions"][1]]
    for row in book["Assumptions"].iter_rows(min_row=2, values_only=True):
        cells = dict(zip(header, row, strict=True))
        assert cells["source"] and cells["unit"] is not None and cells["confidence"] and cells["year"] == 2024
        assert cells["low"] <= cells["base"] <= cells["high"]
    facts = {row[0]: row[1] for row in book["About"].iter_rows(min_row=2, values_only=True)}
    assert {"program", "written", "data_version", "licence", "attribution", "caution"} <= set(facts)
    assert "OpenStreetMap contributors" in book.properties.description


def test_every_column_is_explained_and_no_other(routes: list[co.Route], toy_rates: co.Rates) -> None:
    tables = route_tables(routes)
    written = {*tables.routes, *tables.legs, *tables.assumptions} - {"geometry"}
    known = (Path(co.__file__).parent / "export_columns.csv").read_text("utf-8").splitlines()
    explained = {row["column"]: row["unit"] for row in csv.DictReader(known)}
    assert written <= set(explained)
    for column, unit in explained.items():
        for ending, meant in (("_km", "km"), ("_h", "h"), ("_usd", "USD"), ("_usd_per_t", "USD/t"), ("_kg", "kg CO2e")):
            assert not column.endswith(ending) or unit == meant, column


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_text_of_others_is_text_in_every_format(text: str, write, routes: list[co.Route]) -> None:
    chosen = [named(route, text) for route in routes[:2]]
    shown = text.replace("\x07", " ")
    for sheet in openpyxl.load_workbook(write(".xlsx", chosen)).worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            assert cell.data_type in "sn" and cell.hyperlink is None
            assert cell.value is None or not isinstance(cell.value, str) or cell.quotePrefix
    values = openpyxl.load_workbook(write(".xlsx", chosen))["Routes"]
    assert shown.strip()[:32_000] in {
        str(cell.value).replace("_x000D_", "").strip()[:32_000] for row in values.iter_rows() for cell in row
    }

    with write(".csv", chosen).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        assert row["from"] in (shown, f"'{shown}") or row["kind"] == "border"
        for value in row.values():
            assert not value.startswith(("=", "+", "@", "\t", "\r", "\n", "＝")), value
            assert not value.startswith("-") or float(value) < 0

    features = json.loads(write(".geojson", chosen).read_text("utf-8"))["features"]
    assert features[0]["properties"]["from"] == shown
    for layer in ("legs", "stops", "routes"):
        assert shown in set(gpd.read_file(write(".gpkg", chosen), layer=layer).iloc[0].astype(str))
    document = ET.parse(write(".kml", chosen))
    tags = {element.tag.partition("}")[2] for element in document.iter()}
    assert not tags & {"img", "script", "svg", "iframe"}


def test_numbers_that_look_like_text_stay_numbers(write) -> None:
    sheet = openpyxl.load_workbook(write(".xlsx"))["Legs"]
    kinds = {
        cell.value: {row[number].data_type for row in sheet.iter_rows(min_row=2)}
        for number, cell in enumerate(sheet[1])
    }
    assert kinds["time_h"] == kinds["cost_usd"] == kinds["leg"] == {"n"}
    assert kinds["mode"] == {"s"}


@pytest.mark.parametrize("name", ["r.xls", "r", "r.geojson.exe", "r.shp"])
def test_unknown_endings_are_refused(name: str, routes: list[co.Route], tmp_path: Path) -> None:
    with pytest.raises(co.ExportError, match=r"\.geojson, \.gpkg, \.kml, \.csv, \.xlsx; give the file"):
        co.export_routes(routes, tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_nothing_to_export_and_nowhere_to_put_it(routes: list[co.Route], toy_rates: co.Rates, tmp_path: Path) -> None:
    with pytest.raises(co.ExportError, match="no route to export"):
        co.export_routes([], tmp_path / "r.csv")
    with pytest.raises(co.ExportError, match="is no folder"):
        co.export_routes(routes, tmp_path / "not there" / "r.csv")
    (tmp_path / "r.csv").mkdir()
    with pytest.raises(co.ExportError, match="cannot be written"):
        co.export_routes(routes, tmp_path / "r.csv")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_failure_leaves_the_old_file_and_nothing_else(ending: str, tmp_path: Path) -> None:
    """A limit on the size of files stands for a full disk."""
    path = tmp_path / f"r{ending}"
    path.write_text("old")
    code = f"""
        import resource, signal
        import corridor as co
        routes = co.find_corridors(co.load_network(), "Kostanay", "Ghent")
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000))
        try:
            co.export_routes(routes, {str(path)!r})
        except co.ExportError as error:
            print("refused:", error)
    """
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, timeout=120, check=False
    )
    assert "refused" in run.stdout, run.stderr
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("points", "parts"),
    [
        ([(170, 60), (179, 61)], [[(170, 60), (179, 61)]]),
        ([(178, 60), (-178, 62)], [[(178, 60), (180, 61)], [(-180, 61), (-178, 62)]]),
        ([(-178, 62), (178, 60)], [[(-178, 62), (-180, 61)], [(180, 61), (178, 60)]]),
        ([(170, 60), (180, 60), (-180, 60), (-170, 60)], [[(170, 60), (180, 60)], [(-180, 60), (-170, 60)]]),
        (
            [(179, 0), (-179, 2), (179, 4)],
            [[(179, 0), (180, 1)], [(-180, 1), (-179, 2), (-180, 3)], [(180, 3), (179, 4)]],
        ),
    ],
)
def test_lines_are_cut_at_the_antimeridian(points, parts) -> None:
    cut = cut_at_180(shapely.LineString(points))
    assert [list(part.coords) for part in shapely.get_parts(cut)] == parts


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-80, 80)), min_size=2, max_size=8, unique=True))
def test_no_piece_goes_round_the_globe(points) -> None:
    cut = cut_at_180(shapely.LineString(points))
    for part in shapely.get_parts(cut):
        steps = np.diff(shapely.get_coordinates(part)[:, 0])
        assert (np.abs(steps) <= 180.0 + 1e-9).all()
        assert np.isfinite(shapely.get_coordinates(part)).all()
    ends = shapely.get_coordinates(cut)
    assert tuple(ends[0]) == points[0] or abs(points[0][0]) == 180
    assert tuple(ends[-1]) == points[-1] or abs(points[-1][0]) == 180


def test_one_route_and_a_place_on_the_road(network: Network, tmp_path: Path) -> None:
    route = co.find_route(network, "63.5,53.1", "Ghent")
    co.export_routes(route, tmp_path / "r.gpkg")
    first = gpd.read_file(tmp_path / "r.gpkg", layer="legs").iloc[0]
    assert first["kind"] == "access" and first["mode"] == "road"
    assert first.geometry.coords[0] == (63.5, 53.1)


def test_the_command_line_writes_every_file_named(tmp_path: Path) -> None:
    names = [f"made/for/it{ending}" for ending in ENDINGS]
    options = [part for name in names for part in ("--export", name)]
    run = corridor(["route", "Kostanay", "Ghent", "--alternatives", *options], tmp_path)
    assert run.returncode == 0, run.stderr
    for name in names:
        assert f"Routes written to {name}" in run.stdout
        assert (tmp_path / name).stat().st_size > 1_000
    quiet = corridor(["compare", "Kostanay", "Ghent", "--json", "--export", "it.csv"], tmp_path)
    assert json.loads(quiet.stdout)["routes"] and (tmp_path / "it.csv").is_file()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("r.xls", "exported as .geojson, .gpkg, .kml, .csv, .xlsx"),
        ("a file/r.csv", "cannot write"),
        ("/proc/nowhere/r.csv", "cannot write"),
    ],
)
def test_the_command_line_refuses_in_one_sentence(file: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("no folder")
    run = corridor(["compare", "Kostanay", "Ghent", "--export", file], tmp_path)
    assert run.returncode == 2
    assert run.stderr.startswith("Error: ") and run.stderr.count("\n") == 1 and words in run.stderr


def corridor(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    program = str(Path(sys.executable).with_name("corridor"))
    return subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True, timeout=120, check=False)
