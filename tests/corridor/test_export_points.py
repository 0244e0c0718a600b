"""Tables of places in every format: whole, with licence, and never a formula; and the commands that write them."""

import csv
import json
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest

import corridor as co
from corridor.cli import main
from geodata.network import Network

EVIL = '=cmd|"/c calc"!A1'
TABLE = pd.DataFrame(
    {"name": [EVIL, "<b>Aktau</b>\x00"], "lon": [60.0, 51.2], "lat": [50.0, 43.6], "time_h": [24.0, float("nan")],
     "also": [["a", "b"], []]}
)  # fmt: skip


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "kml", "csv", "xlsx"])
def test_every_format_holds_the_places(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"places.{ending}"
    co.export_points(TABLE, file, title="From here")
    if ending == "geojson":
        document = json.loads(file.read_text("utf-8"))
        assert [feature["properties"]["time_h"] for feature in document["features"]] == [24.0, None]
        assert "ODbL" in document["about"]["licence"]
        assert document["features"][0]["geometry"]["coordinates"] == [60.0, 50.0]
    elif ending == "gpkg":
        read = gpd.read_file(file, layer="places")
        assert list(read["name"]) == [EVIL, "<b>Aktau</b> "]
        assert read.crs == "EPSG:4326"
    elif ending == "kml":
        names = [node.text for node in ET.parse(file).iter("{http://www.opengis.net/kml/2.2}name")]
        assert names == ["From here", EVIL, "<b>Aktau</b> "]
    elif ending == "csv":
        rows = list(csv.DictReader(file.read_text("utf-8-sig").splitlines()))
        assert rows[0]["name"] == f"'{EVIL}"
        assert rows[0]["also"] == "a; b"
    else:
        book = openpyxl.load_workbook(file)
        cell = book["Places"]["A2"]
        assert (cell.value, cell.data_type) == (EVIL, "s")
        assert book.sheetnames == ["Places", "About"]


def test_bad_tables_and_names_are_refused(tmp_path: Path) -> None:
    old = tmp_path / "old.csv"
    old.write_text("mine")
    for table, name, message in (
        (TABLE, "a.txt", "exported as .geojson"), (TABLE[:0], "old.csv", "lacks rows"),
        (TABLE.drop(columns="lon"), "old.csv", "lacks lon"), (TABLE, "no/such/a.csv", "is no folder"),
    ):  # fmt: skip
        with pytest.raises(co.ExportError, match=message):
            co.export_points(table, tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["old.csv"]
    assert old.read_text() == "mine"


def test_commands_write_pages_and_tables(
    network: Network, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(co, "load_network", lambda path=None: network)
    out = tmp_path / "new"
    commands = {
        "reach.html": f"reach Kostanay --within 240 --map {out}/reach.html --export {out}/reach.xlsx",
        "hinter.html": "hinterland Ghent --via Aktau,Riga --close Kuryk"
        f" --map {out}/hinter.html --export {out}/hinter.gpkg",
        "terminals.html": f"network terminals --map {out}/terminals.html --export {out}/terminals.kml",
        "network.html": f"network map --out {out}/network.html",
    }
    for page, command in commands.items():
        monkeypatch.setattr(sys, "argv", ["corridor", *command.split()])
        with pytest.raises(SystemExit) as stopped:
            main()
        printed = capsys.readouterr()
        assert not stopped.value.code, printed.err
        assert f"Written to {out}/{page}" in printed.out.replace("\n", "")
        assert (out / page).read_text("utf-8").startswith("<!DOCTYPE html>")
    hinterland = (out / "hinter.html").read_text("utf-8")
    assert "3,000 t: flaxseed, hopper wagon · As asked · closed: Kuryk" in hinterland
    assert "3.000 t: lijnzaad, hopperwagons · Zoals gevraagd · gesloten: Kuryk" in hinterland
    places = gpd.read_file(out / "hinter.gpkg", layer="places")
    assert len(places) == 2 * places["terminal"].nunique()


def test_terminals_as_json_are_the_rows_of_the_file(
    network: Network, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(co, "load_network", lambda path=None: network)
    monkeypatch.setattr(sys, "argv", ["corridor", "network", "terminals", "--json"])
    with pytest.raises(SystemExit):
        main()
    rows = json.loads(capsys.readouterr().out)["terminals"]
    poti = next(row for row in rows if row["terminal"] == "GE_POTI")
    assert (poti["low"], poti["base"], poti["high"], poti["unit"], poti["year"]) == (30, 42, 42, "kt/month", 2013)
    assert poti["stage"] == "Poti: rail → sea"
