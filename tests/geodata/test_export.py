"""Exports, loaded back by the programs they are for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap

import geopandas as gpd
import numpy as np
import osmnx as ox
import pyogrio
import pytest
import shapely
from straight_networks import HAULS, POINTS, TERMINALS, make_network, terminal_km

from geodata.export import ExportError, check_target, export
from geodata.network import Network

NASTY = "<b>&\"'\x07\u2028;=cmd"


@pytest.fixture
def small() -> Network:
    hauls = [
        (a, b, {"name": NASTY} if b == "east" else {"closed_reason": "war"} if b == "south" else {})
        for a, b, _ in HAULS
    ]
    return make_network(POINTS, hauls, TERMINALS)


def test_geopackage(small, tmp_path):
    path = tmp_path / "n.gpkg"
    export(small, path)
    assert sorted(name for name, _ in pyogrio.list_layers(path)) == ["links", "nodes", "terminals"]
    links, nodes, terminals = (gpd.read_file(path, layer=name) for name in ("links", "nodes", "terminals"))
    assert links.crs.to_epsg() == nodes.crs.to_epsg() == 4326
    assert len(links) == len(small.links) and len(nodes) == len(small.nodes)
    assert links["length_km"].tolist() == small.links["length_km"].tolist()
    assert shapely.equals(links.geometry.to_numpy(), small.geometry(np.arange(len(small.links)))).all()
    assert terminals.set_index("terminal")["layers"]["KZ_MID"] == "rail-1520 rail-1435"
    assert set(links["name"]) == {"", NASTY}


def test_what_is_not_known_is_null_or_left_out(small, tmp_path):
    for ending in ("gpkg", "geojson", "graphml"):
        export(small, tmp_path / f"n.{ending}")
    for ending in ("gpkg", "geojson"):
        table = gpd.read_file(tmp_path / f"n.{ending}", **({"layer": "links"} if ending == "gpkg" else {}))
        assert table["max_draught_m"].isna().all() and table["sailing_h"].isna().all()
        assert set(table["gauge_mm"].dropna()) == {0, 1520, 1435}
    edges = [cells for _, _, cells in ox.load_graphml(tmp_path / "n.graphml").edges(data=True)]
    assert {cells["gauge_mm"] for cells in edges} == {"0", "1520", "1435"}
    assert not any("max_draught_m" in cells for cells in edges)


def test_geojson(small, tmp_path):
    path = tmp_path / "n.geojson"
    export(small, path)
    features = gpd.read_file(path)
    assert features["table"].value_counts().to_dict() == {"links": len(small.links), "terminals": len(TERMINALS)}
    document = json.loads(path.read_text("utf-8"))
    assert "OpenStreetMap contributors" in document["attribution"]
    assert {feature["properties"].get("name") for feature in document["features"]} >= {NASTY, "KZ_MID"}


def test_graphml(small, tmp_path):
    path = tmp_path / "n.graphml"
    export(small, path)
    graph = ox.load_graphml(path)
    open_links = small.links[small.links["closed_reason"] == ""]
    assert len(graph) == len(small.nodes)
    assert graph.number_of_edges() == (2 - open_links["oneway"].astype(int)).sum()
    west, east = (small.terminal_nodes[code, "rail-1520"] for code in ("KZ_WEST", "KZ_EAST"))
    route = ox.shortest_path(graph, west, east, weight="length")
    metres = ox.routing.route_to_gdf(graph, route)["length"].sum()
    assert metres / 1000 == pytest.approx(terminal_km(small).loc["KZ_WEST", "KZ_EAST"])
    nodes, edges = ox.graph_to_gdfs(graph)
    assert nodes.crs.to_epsg() == 4326 and edges.geometry.notna().all()
    assert nodes.loc[west, "x"] == 58.0 and nodes.loc[west, "terminal"] == "KZ_WEST"
    for (start, _, _), line in edges.geometry.items():
        assert line.coords[0] == (nodes.loc[start, "x"], nodes.loc[start, "y"])


@pytest.mark.parametrize("name", ["n.shp", "n", "n.parquet", "n.geojson.exe"])
def test_unknown_endings(small, tmp_path, name):
    with pytest.raises(ExportError, match=r"exported as \.gpkg, \.geojson or \.graphml, not as"):
        export(small, tmp_path / name)


def test_no_place_to_export_to_is_told_before_the_network_is_read(tmp_path):
    (tmp_path / "n.gpkg").mkdir()
    for name, words in (("n.gpkg", "is a folder"), ("nowhere/n.gpkg", "no folder; make it first"), ("n", "not as ''")):
        with pytest.raises(ExportError, match=words):
            check_target(tmp_path / name)
    assert check_target(tmp_path / "n.GeoJSON").name == "n.GeoJSON"


def test_no_folder(small, tmp_path):
    with pytest.raises(ExportError, match="no folder"):
        export(small, tmp_path / "nowhere" / "n.gpkg")


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "graphml"])
def test_an_old_file_stays_until_the_new_one_is_whole(small, tmp_path, ending, monkeypatch):
    path = tmp_path / f"n.{ending}"
    export(small, path)
    before = path.read_bytes()
    export(small, path)
    assert len(path.read_bytes()) == len(before) and list(tmp_path.iterdir()) == [path]
    monkeypatch.setattr("os.fsync", _full)
    with pytest.raises(ExportError, match="No space left"):
        export(small, path)
    assert len(path.read_bytes()) == len(before) and list(tmp_path.iterdir()) == [path]


def _full(_):
    raise OSError(28, "No space left on device")


@pytest.mark.skipif(os.name != "posix", reason="limits the size of files by a POSIX call")
@pytest.mark.parametrize("ending", ["gpkg", "geojson", "graphml"])
def test_a_full_disk_ends_in_one_sentence(tmp_path, ending):
    """The size limit of a process stands in for a full disk."""
    script = f"""
        import resource, signal, sys
        sys.path.insert(0, {str(__file__.rpartition("/")[0])!r})
        from straight_networks import HAULS, POINTS, TERMINALS, make_network
        from geodata.export import ExportError, export
        import geopandas, pyogrio
        network = make_network(POINTS, HAULS * 200, TERMINALS)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
        try:
            export(network, {str(tmp_path / "n")!r} + ".{ending}")
        except ExportError as error:
            print("refused:", error)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.startswith("refused:"), done.stderr
    assert not list(tmp_path.iterdir())
