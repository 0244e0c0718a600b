"""The planner's own terminals and links: every bad row is named, nothing is half added, no file reads another."""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from straight_networks import HAULS, POINTS, TERMINALS, check_sound, make_network, terminal_km

from geodata.measure import point_distance_km
from geodata.network import load_network
from geodata.own_data import OwnDataError, add_own, read_own
from geodata.read import own_rows

TERMINAL_HEAD = "terminal,name,country,lon,lat,layers"
SILO = 'KZ_SILO,"Silo, new",KZ,60.5,53.03,rail-1520'
LINK_HEAD = "link,layer,from,to,points,length_km,name,country,source"


def write(folder: Path, text: str, name="own.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def problems(path) -> list[tuple[str, str]]:
    with pytest.raises(OwnDataError) as caught:
        read_own(path)
    return [(problem.row, problem.column) for problem in caught.value.problems]


@pytest.fixture
def small():
    points = POINTS | {
        "ru": (65.0, 53.0, "rail-1520", "RU"), "ru east": (66.0, 53.0, "rail-1520", "RU"),
        "port": (51.0, 43.6, "sea", ""), "lane": (50.0, 42.0, "sea", ""), "road": (58.0, 53.0, "road", "KZ"),
        "road east": (61.0, 53.0, "road", "KZ"),
    }  # fmt: skip
    hauls = [*HAULS, ("ru", "ru east", {}), ("port", "lane", {"area": "Caspian Sea"}), ("road", "road east", {})]
    return make_network(points, hauls, TERMINALS | {"RU_EAST": ["ru east"], "KZ_PORT": ["port"]})


def test_csv_terminals(tmp_path):
    terminals, links = read_own(write(tmp_path, f"{TERMINAL_HEAD}\n{SILO}\n\nKZ_B,B,KZ,61,52,road rail-1520\n"))
    assert len(links) == 0 and list(terminals["row"]) == ["row 2", "row 4"]
    silo = terminals.iloc[0]
    assert (silo["name"], silo["lon"], silo["lat"]) == ("Silo, new", 60.5, 53.03)
    assert (silo["role"], silo["transfers"], silo["coordinate_source"]) == ("site", "yes", "own data")


def test_csv_links_and_semicolons(tmp_path):
    text = f"{LINK_HEAD}\nspur,rail-1520,KZ_SILO,61 53,60.7 53.1; 60.8 53.1,60,Spur,,survey 2026\n"
    _, links = read_own(write(tmp_path, text))
    assert links.loc[0, "from"] == "KZ_SILO" and links.loc[0, "to"] == (61.0, 53.0)
    assert links.loc[0, "points"] == ((60.7, 53.1), (60.8, 53.1))
    excel = f"\ufeff{TERMINAL_HEAD.replace(',', ';')}\r\nKZ_SILO;Silo;KZ;60.5;53.03;rail-1520\r\n"
    assert read_own(write(tmp_path, excel))[0]["terminal"].tolist() == ["KZ_SILO"]


def test_the_three_formats_say_the_same(tmp_path):
    point, line = shapely.Point(60.5, 53.03), shapely.LineString([(60.5, 53.03), (60.7, 53.1), (61, 53)])
    silo = {"terminal": "KZ_SILO", "name": "Silo, new", "country": "KZ", "layers": "rail-1520", "geometry": point}
    spur = {"link": "spur", "layer": "rail-1520", "from": "KZ_SILO", "length_km": 60.0, "geometry": line}
    frames = {"terminals": gpd.GeoDataFrame([silo], crs=4326), "links": gpd.GeoDataFrame([spur], crs=4326)}
    for name, frame in frames.items():
        frame.to_file(tmp_path / "own.gpkg", layer=name, driver="GPKG")
    features = [feature for frame in frames.values() for feature in json.loads(frame.to_json())["features"]]
    write(tmp_path, json.dumps({"type": "FeatureCollection", "features": features}), "own.geojson")
    write(tmp_path, f"{TERMINAL_HEAD}\n{SILO}\n", "t.csv")
    course = "60.5 53.03; 60.7 53.1; 61 53"
    write(tmp_path, f"{LINK_HEAD}\nspur,rail-1520,KZ_SILO,,{course},60,,,\n", "l.csv")
    csv = read_own(tmp_path / "t.csv")[0], read_own(tmp_path / "l.csv")[1]
    for name in ("own.gpkg", "own.geojson"):
        for ours, theirs in zip(read_own(tmp_path / name), csv, strict=True):
            pd.testing.assert_frame_equal(ours.drop(columns="row"), theirs.drop(columns="row"))


BAD_TERMINALS = [
    ("kz silo,B,KZ,61,52,road", "terminal"),
    (",B,KZ,61,52,road", "terminal"),
    ("KZ_B,,KZ,61,52,road", "name"),
    ("KZ_B,B,XX,61,52,road", "country"),
    ("KZ_B,B,KZ,nan,52,road", "lon"),
    ("KZ_B,B,KZ,61,inf,road", "lat"),
    ("KZ_B,B,KZ,east,52,road", "lon"),
    ('KZ_B,B,KZ,"61,5",52,road', "lon"),
    ("KZ_B,B,KZ,400,52,road", "lon"),
    ("KZ_B,B,KZ,6_1,52,road", "lon"),
    ("KZ_B,B,KZ,0,0,road", "lon"),
    ("KZ_B,B,KZ,61,52,canal", "layers"),
    ("KZ_B,B,KZ,61,52,road road", "layers"),
    ("KZ_B,B,KZ,61,52,", "layers"),
    ("KZ_B,B\x07,KZ,61,52,road", "name"),
    (f"KZ_B,{'B' * 501},KZ,61,52,road", "name"),
    ("KZ_B,B,KZ,61,52", ""),
    (SILO, "terminal"),
]


@pytest.mark.parametrize(("row", "column"), BAD_TERMINALS)
def test_bad_terminals(tmp_path, row, column):
    assert problems(write(tmp_path, f"{TERMINAL_HEAD}\n{SILO}\n{row}\n")) == [("row 3", column)]


def test_every_bad_row_is_named(tmp_path):
    rows = [row for row, _ in BAD_TERMINALS]
    found = problems(write(tmp_path, "\n".join([TERMINAL_HEAD, SILO, *rows]) + "\n"))
    assert {row for row, _ in found} == {f"row {number}" for number in range(3, 3 + len(rows))}


def test_swapped_coordinates_are_told(tmp_path):
    with pytest.raises(OwnDataError, match="row 2, column lat: lon and lat look swapped"):
        read_own(write(tmp_path, f"{TERMINAL_HEAD}\nCN_X,X,CN,43.8,125.3,road\n"))


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",canal,KZ_A,61 53,,,,,", "layer"),
        (",road,KZ_A,,,,,,", "to"),
        (",road,60 53,here,,,,,", "to"),
        (",road,60 53,61 nan,,,,,", "to"),
        (",road,53 160,54 161,,,,,", "from"),
        (",road,60 53,61 53,60 53 60,,,,", "points"),
        (",road,60 53,61 53,60 x,,,,", "points"),
        (",road,,,60 53,,,,", "to"),
        (",road,179 60,-179 60,,,,,", "points"),
        (",road,60 53,61 53,,-5,,,", "length_km"),
        (",road,60 53,61 53,,1e999,,,", "length_km"),
        (",road,60 53,61 53,,60,,,", "length_km"),
        (",road,60 53,61 53,,99999,,,", "length_km"),
        (",road,60 53,61 53,,20000,,,", "length_km"),
        (",road,60 53,60 53,,,,,", "to"),
        (",road,60 53,61 53,,,,Atlantis,", "country"),
        ("ok,road,60 53,61 53,,,,,", "link"),
    ],
)
def test_bad_links(tmp_path, row, column):
    found = problems(write(tmp_path, f"{LINK_HEAD}\nok,road,60 53,61 53,,70,,,\n{row}\n"))
    assert ("row 3", column) in found and {name for name, _ in found} == {"row 3"}


def geojson(*features) -> str:
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def feature(coordinates, kind="Point", **cells):
    cells = {"terminal": "KZ_A", "name": "A", "country": "KZ", "layers": "road"} | cells
    return {"type": "Feature", "properties": cells, "geometry": {"type": kind, "coordinates": coordinates}}


@pytest.mark.parametrize(
    ("bad", "column"),
    [
        (feature([float("nan"), 53]), "lon"),
        (feature([61, float("inf")]), "lat"),
        (feature([10**400, 53]), "lon"),
        (feature(["61", "53"]), "geometry"),
        (feature([True, False]), "geometry"),
        (feature(None), "geometry"),
        (feature([61]), "geometry"),
        (feature([[61, 53]], "MultiPoint"), "geometry"),
        ({"type": "Feature", "properties": {}, "geometry": None}, "geometry"),
        (feature([61, 53], lon=62), "lon"),
        (feature([61, 53], name={"en": "A"}), "name"),
        (feature([61, 53], colour="red"), "colour"),
        ("feature", ""),
    ],
)
def test_bad_features(tmp_path, bad, column):
    good = feature([60, 53], terminal="KZ_GOOD")
    assert problems(write(tmp_path, geojson(good, bad), "own.geojson")) == [("feature 2", column)]


VRT = """<OGRVRTDataSource><OGRVRTLayer name="terminals"><SrcDataSource>secret.csv</SrcDataSource>
<GeometryType>wkbPoint</GeometryType></OGRVRTLayer></OGRVRTDataSource>"""


@pytest.mark.parametrize("name", ["own.geojson", "own.gpkg", "own.csv", "own.json"])
def test_a_disguised_vrt_reads_no_other_file(tmp_path, name):
    write(tmp_path, "terminal,secret\nTOPSECRET,1\n", "secret.csv")
    with pytest.raises(OwnDataError) as caught:
        read_own(write(tmp_path, VRT, name))
    assert "TOPSECRET" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("own.geojson", "[" * 200_000, "nested too deeply|not GeoJSON"),
        ("own.geojson", '{"type": "FeatureCollection"', "not GeoJSON"),
        ("own.geojson", "[]", "expected a FeatureCollection"),
        ("own.geojson", geojson(), "no rows"),
        (
            "own.geojson",
            '{"type":"FeatureCollection","crs":{"properties":{"name":"EPSG:3857"}},"features":[]}',
            "EPSG:3857",
        ),
        (
            "own.geojson",
            json.dumps({"type": "FeatureCollection", "crs": {"properties": [1]}, "features": []}),
            "EPSG:4326",
        ),
        ("own.csv", "", "no rows"),
        ("own.csv", f"{TERMINAL_HEAD}\n\n", "no rows"),
        ("own.csv", f"\n{TERMINAL_HEAD}\n{SILO}\n", "row 1: no names of columns"),
        ("own.csv", f"{SILO}\n{SILO}\n", "row 1: no names of columns"),
        ("own.csv", f"{TERMINAL_HEAD}\n{SILO}\n".replace(",", "\t"), "row 1: no names of columns"),
        ("own.csv", "terminal,,name\nKZ_A,,A\n", "row 1: column 2 has no name"),
        ("own.csv", f"{TERMINAL_HEAD},name\n{SILO},x\n", "column name is there twice"),
        ("own.csv", 'terminal\n"' + "x" * 200_000, "field larger than"),
        ("own.gpkg", "SQLite format 3\x00" + "\x00" * 200, "not a GeoPackage"),
        ("own.shp", "", "named .csv, .geojson or .gpkg"),
    ],
)
def test_files_that_are_not_what_they_say(tmp_path, name, text, words):
    with pytest.raises(OwnDataError, match=words):
        read_own(write(tmp_path, text, name))


def test_empty_columns_on_the_right_are_no_columns(tmp_path):
    text = f"{TERMINAL_HEAD}\n{SILO}\n"
    padded = write(tmp_path, text.replace("\n", ",,\n"), "padded.csv")
    pd.testing.assert_frame_equal(read_own(padded)[0], read_own(write(tmp_path, text))[0])


def test_one_problem_is_one_sentence_and_many_are_told_quickly(tmp_path):
    with pytest.raises(OwnDataError) as caught:
        read_own(write(tmp_path, f"{TERMINAL_HEAD}\nKZ_B,B,KZ,nan,52,road\n"))
    assert str(caught.value) == "own.csv: row 2, column lon: nan is not a finite number; nothing was added"
    path = write(tmp_path, f"{TERMINAL_HEAD},colour\n" + "kz,,ZZ,nan,inf,canal,red\n" * 10_000)
    begun_s = time.process_time()
    with pytest.raises(OwnDataError) as caught:
        read_own(path)
    assert time.process_time() - begun_s < 10
    assert [problem.column for problem in caught.value.problems].count("colour") == 1
    assert str(caught.value).count("\n") == OwnDataError.SHOWN + 1


def test_limits_and_missing_files(tmp_path, monkeypatch):
    with pytest.raises(OwnDataError, match="no such file"):
        read_own(tmp_path / "own.csv")
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    for name in ("folder.csv", "loop.csv"):
        with pytest.raises(OwnDataError, match="not a file"):
            read_own(tmp_path / name)
    with pytest.raises(OwnDataError, match="save it as “UTF-8”"):
        latin = tmp_path / "latin.geojson"
        latin.write_bytes(geojson(feature([61, 53])).encode("utf-16"))
        read_own(latin)
    path = write(tmp_path, f"{TERMINAL_HEAD}\n{SILO}\n")
    path_latin = tmp_path / "latin.csv"
    path_latin.write_bytes("terminal,name\nKZ_A,é\n".encode("latin-1"))
    with pytest.raises(OwnDataError, match="not UTF-8"):
        read_own(path_latin)
    monkeypatch.setattr(own_rows, "MAX_ROWS", 0)
    with pytest.raises(OwnDataError, match="over 0 rows"):
        read_own(path)
    monkeypatch.setattr(own_rows, "MAX_BYTES", 10)
    with pytest.raises(OwnDataError, match="over 1e-05 MB"):
        read_own(path)


def gpkg(folder: Path, crs=4326, layer="terminals") -> Path:
    cells = {"terminal": "KZ_A", "name": "A", "country": "KZ", "layers": "road", "geometry": shapely.Point(61, 53)}
    path = folder / "own.gpkg"
    gpd.GeoDataFrame([cells], crs=crs).to_file(path, layer=layer, driver="GPKG")
    return path


def test_geopackages_that_are_refused(tmp_path):
    assert len(read_own(gpkg(tmp_path))[0]) == 1
    (tmp_path / "own.gpkg-wal").write_bytes(b"x")
    with pytest.raises(OwnDataError, match="still writing"):
        read_own(tmp_path / "own.gpkg")
    (tmp_path / "own.gpkg-wal").unlink()
    (tmp_path / "other").mkdir()
    with pytest.raises(OwnDataError, match="no layer is named terminals or links; its layers: silos"):
        read_own(gpkg(tmp_path / "other", layer="silos"))
    (tmp_path / "utm").mkdir()
    with pytest.raises(OwnDataError, match="EPSG:32641"):
        read_own(gpkg(tmp_path / "utm", crs=32641))


def test_a_view_is_no_layer(tmp_path):
    path = gpkg(tmp_path)
    database = sqlite3.connect(path)
    database.execute("ALTER TABLE terminals RENAME TO hidden")
    database.execute(
        "CREATE VIEW terminals AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n"
    )
    database.commit()
    database.close()
    with pytest.raises(OwnDataError, match="no rows"):
        read_own(path)


def test_flipped_bits_in_a_geopackage_never_escape_as_other_errors(tmp_path):
    path = gpkg(tmp_path)
    whole = path.read_bytes()
    for position in np.random.default_rng(2).integers(0, len(whole) * 8, 150):
        data = bytearray(whole)
        data[position // 8] ^= 1 << (position % 8)
        path.write_bytes(data)
        try:
            read_own(path)
        except OwnDataError:
            continue


def test_a_terminal_is_joined(tmp_path, small):
    terminals, links = read_own(write(tmp_path, f"{TERMINAL_HEAD}\nKZ_SILO,Silo,KZ,60.5,53.03,rail-1520 road\n"))
    nodes = small.nodes.copy(deep=True)
    grown = add_own(small, terminals, links, name="own.csv")
    check_sound(grown)
    pd.testing.assert_frame_equal(small.nodes, nodes)
    spur_km = point_distance_km(60.5, 53.03, 60.5, 53.0)
    km = terminal_km(grown)
    assert km.loc["KZ_SILO", "KZ_WEST"] == pytest.approx(1.1 * spur_km + point_distance_km(58, 53, 60.5, 53), rel=1e-4)
    assert np.allclose(terminal_km(small), km.drop(index="KZ_SILO", columns="KZ_SILO"))
    at = grown.links[grown.links["terminal"] == "KZ_SILO"]
    assert sorted(at["layer"]) == ["rail-1520", "rail-1520", "rail-1520>road", "road", "road", "road>rail-1520"]
    assert grown.terminals.iloc[-1]["name"] == "Silo" and len(grown.terminals) == len(small.terminals) + 1
    assert grown.gazetteer.find("Silo").layers == ("rail-1520", "road")


def test_a_link_opens_a_layer_and_takes_the_given_length(tmp_path, small):
    _, links = read_own(write(tmp_path, f"{LINK_HEAD}\n,ferry,KZ_PORT,KZ_WEST,,1500,Ferry,,op\n"))
    grown = add_own(small, links.iloc[:0].reindex(columns=["terminal"]), links)
    check_sound(grown)
    ferry = grown.links[grown.links["mode"].eq("ferry") & grown.links["kind"].eq("haul")]
    assert ferry["length_km"].tolist() == [1500] and ferry["length_source"].tolist() == ["op"]
    assert ("KZ_PORT", "ferry") in grown.terminal_nodes
    assert {"sea>ferry", "ferry>sea"} <= set(grown.links["layer"])


def test_a_link_over_a_frontier_has_a_border(tmp_path, small):
    terminals, links = read_own(write(tmp_path, f"{LINK_HEAD}\n,rail-1520,KZ_EAST,RU_EAST,64.5 53.2,200,,,\n"))
    grown = add_own(small, terminals, links)
    check_sound(grown)
    border = grown.links[grown.links["kind"] == "border"]
    assert border["name"].tolist() == ["KZ–RU"] and border["length_km"].tolist() == [0]
    assert terminal_km(grown).loc["KZ_EAST", "RU_EAST"] == pytest.approx(200)
    halves = grown.links[grown.links["length_source"] == "own data"]
    assert sorted(halves["country"]) == ["KZ", "RU"] and halves["length_km"].tolist() == [100, 100]


def test_loose_ends_join_lines_and_each_other(tmp_path, small):
    rows = ",rail-1520,60.5 53.01,60.5 54,,,,,\n,rail-1520,60.5 54,KZ_EAST,,,,KZ,\n"
    terminals, links = read_own(write(tmp_path, f"{LINK_HEAD}\n{rows}"))
    links["country"] = "KZ"
    grown = add_own(small, terminals, links)
    check_sound(grown)
    assert len(grown.nodes) == len(small.nodes) + 3  # two ends, and where the first one meets the line


def test_both_banks_of_a_river_use_it(tmp_path):
    points = {"a": (25.0, 43.9, "waterway", "RO"), "b": (27.0, 43.9, "waterway", "RO"), "c": (25.0, 44.5, "road", "RO")}
    river = make_network(points, [("a", "b", {})], {"RO_A": ["a"], "RO_C": ["c"]})
    grown = add_own(river, *read_own(write(tmp_path, f"{TERMINAL_HEAD}\nBG_QUAY,Quay,BG,25.97,43.86,waterway\n")))
    check_sound(grown)
    assert np.isfinite(terminal_km(grown, "waterway").loc["BG_QUAY", "RO_A"])


def test_sea_links_have_an_area_and_no_country(tmp_path, small):
    terminals, links = read_own(write(tmp_path, f"{LINK_HEAD}\n,sea,KZ_PORT,49.9 41.9,,,,,\n"))
    grown = add_own(small, terminals, links)
    own = grown.links[grown.links["length_source"] == "own data"]
    assert own["area"].tolist() == ["Caspian Sea"] and own["country"].tolist() == [""]


@pytest.mark.parametrize(
    ("head", "row", "words"),
    [
        (TERMINAL_HEAD, "KZ_WEST,W,KZ,58,53,road", "row 2, column terminal: KZ_WEST is in the network already"),
        (TERMINAL_HEAD, "KZ_S,S,KZ,60.5,53.5,rail-1520", "no open rail-1520 line in KZ within 10 km of 60.5 53.5"),
        (TERMINAL_HEAD, "KZ_S,S,KZ,53.03,60.5,rail-1520", "row 2, column layers: .*lon and lat look swapped"),
        (TERMINAL_HEAD, "RU_S,S,RU,60.5,53.03,rail-1520", "no open rail-1520 line in RU"),
        (LINK_HEAD, ",rail-1520,KZ_WETS,KZ_EAST,,,,,", "column from: no terminal KZ_WETS; did you mean KZ_WEST"),
        (LINK_HEAD, ",rail-1520,KZ_WEST,KZ_EAST,,100,,,", "column length_km: 100 km is shorter than the great circle"),
        (LINK_HEAD, ",rail-1520,KZ_WEST,60 55,,,,,", "column to: no open rail-1520 line"),
        (LINK_HEAD, ",rail-1520,KZ_WEST,KZ_EAST,,,,RU,", "column country: its ends lie in KZ and KZ, not in RU"),
    ],
)
def test_what_does_not_fit_the_network(tmp_path, small, head, row, words):
    with pytest.raises(OwnDataError, match=words):
        add_own(small, *read_own(write(tmp_path, f"{head}\n{row}\n")))


def test_all_misfits_are_named_and_nothing_is_added(tmp_path, small):
    rows = "KZ_WEST,W,KZ,58,53,road\nKZ_OK,O,KZ,60.5,53.03,rail-1520\nKZ_S,S,KZ,60.5,53.9,rail-1520\n"
    size = len(small.nodes), len(small.links), len(small.terminals)
    with pytest.raises(OwnDataError) as caught:
        add_own(small, *read_own(write(tmp_path, f"{TERMINAL_HEAD}\n{rows}")), name="own.csv")
    assert [problem.row for problem in caught.value.problems] == ["row 2", "row 4"]
    assert str(caught.value).startswith("own.csv: 2 problems; nothing was added\n  row 2, column terminal: ")
    assert (len(small.nodes), len(small.links), len(small.terminals)) == size


def test_a_grown_network_is_a_file(tmp_path, small):
    grown = add_own(small, *read_own(write(tmp_path, f"{TERMINAL_HEAD}\n{SILO}\n")))
    grown.save(tmp_path / "grown.zip")
    again = load_network(tmp_path / "grown.zip")
    assert again.gazetteer.find("Silo, new").terminal == "KZ_SILO"
    assert terminal_km(again).equals(terminal_km(grown))


def test_columns_of_links_are_taken_over_and_checked(small, tmp_path):
    head = "layer,from,to,length_km,gauge_mm,electrified,locks,sailing_h,operator,max_draught_m"
    rows = "rail-1520,KZ_WEST,KZ_EAST,500,1520,yes,,,,\nsea,KZ_PORT,50 42,300,,,2,,,7.5\n"
    links = add_own(small, *read_own(write(tmp_path, f"{head}\n{rows}"))).links.set_index("length_source")
    own = links.loc[["own data"]].set_index("mode")
    assert (own.at["rail", "gauge_mm"], own.at["rail", "electrified"]) == (1520, "yes")
    assert (own.at["sea", "locks"], own.at["sea", "max_draught_m"]) == (2, 7.5)
    assert np.isnan(own.at["sea", "sailing_h"]) and own.at["sea", "electrified"] == ""
    assert set(links.loc[(links["mode"] == "rail") & (links["kind"] == "haul"), "gauge_mm"]) == {1520, 1435}


def test_a_column_that_its_mode_does_not_know_is_refused(tmp_path):
    head = "layer,from,to,gauge_mm,electrified,locks,cemt_class,sailing_h,operator"
    rows = "rail-1520,60 50,61 50,1435,maybe,1,,,\nroad,60 50,61 50,,yes,,Vb,3,Me\nwaterway,60 50,61 50,,,1.5,VIII,,\n"
    assert problems(write(tmp_path, f"{head}\n{rows}")) == [
        ("row 2", "electrified"), ("row 2", "gauge_mm"), ("row 2", "locks"), ("row 3", "electrified"),
        ("row 3", "cemt_class"), ("row 3", "operator"), ("row 3", "sailing_h"), ("row 4", "locks"),
        ("row 4", "cemt_class"),
    ]  # fmt: skip
