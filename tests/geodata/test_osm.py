"""OpenStreetMap files: what is read, what is left out, what is refused. The files are written here."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
import osmium
import pytest

from geodata.errors import GeodataError
from geodata.measure import point_distance_km
from geodata.read.osm import HIGH_SPEED, OsmFileError, read_osm, tagged_gauges_mm

POINTS = {1: (60.0, 53.0), 2: (60.1, 53.0), 3: (60.2, 53.05), 4: (60.3, 53.1), 5: (60.0, 53.2), 6: (60.1, 53.2)}
WAYS = {
    10: (
        [1, 2, 3],
        {"railway": "rail", "gauge": "1520", "electrified": "contact_line", "usage": "main", "name": "Line"},
    ),
    11: ([3, 4], {"railway": "rail", "gauge": "1520;1435"}),
    12: ([4, 5], {"railway": "rail"}),
    13: ([5, 6], {"railway": "rail", "gauge": "1435", "highspeed": "yes"}),
    14: ([1, 5], {"railway": "rail", "gauge": "750"}),
    15: ([1, 6], {"railway": "rail", "gauge": "1520", "disused": "yes"}),
    16: ([2, 6], {"railway": "abandoned", "gauge": "1520"}),
    17: ([2, 5], {"railway": "rail", "gauge": "1520", "service": "yard"}),
    18: ([2, 4], {"railway": "rail", "gauge": "1520", "service": "crossover"}),
    20: ([1, 2], {"highway": "motorway", "oneway": "yes", "ref": "M-36"}),
    21: ([2, 3], {"highway": "tertiary_link"}),
    22: ([3, 4], {"highway": "residential"}),
    23: ([4, 5], {"highway": "primary", "access": "private"}),
    24: ([5, 6], {"highway": "secondary", "access": "no", "hgv": "yes"}),
    30: ([1, 2, 3, 1], {"building": "yes"}),
}


def osm_xml(ways=WAYS, points=POINTS, head="<meta osm_base='2026-11-01T00:00:00Z'/>") -> str:
    nodes = "".join(f"<node id='{n}' lon='{lon}' lat='{lat}'/>" for n, (lon, lat) in points.items())
    body = "".join(
        f"<way id='{way}'>{''.join(f'<nd ref={chr(39)}{n}{chr(39)}/>' for n in refs)}"
        f"{''.join(f'<tag k={quoteattr(k)} v={quoteattr(v)}/>' for k, v in tags.items())}</way>"
        for way, (refs, tags) in ways.items()
    )
    return f"<?xml version='1.0' encoding='UTF-8'?><osm version='0.6'>{head}{nodes}{body}</osm>"


def write_xml(folder: Path, text: str = "", name: str = "a.osm") -> Path:
    path = folder / name
    path.write_text(text or osm_xml(), "utf-8")
    return path


def write_pbf(folder: Path, ways=WAYS, points=POINTS) -> Path:
    path = folder / "a.osm.pbf"
    header = osmium.io.Header()
    header.set("osmosis_replication_timestamp", "2026-11-01T00:00:00Z")
    with osmium.SimpleWriter(str(path), header=header) as writer:
        for number, place in points.items():
            writer.add_node(osmium.osm.mutable.Node(id=number, location=place))
        for way, (refs, tags) in ways.items():
            writer.add_way(osmium.osm.mutable.Way(id=way, nodes=refs, tags=tags))
    return path


@pytest.fixture(params=["xml", "pbf"])
def osm_file(request, tmp_path):
    return write_xml(tmp_path) if request.param == "xml" else write_pbf(tmp_path)


def steps(lines):
    """Links of a layer as pairs of OpenStreetMap nodes, told by their coordinates."""
    number = {place: n for n, place in POINTS.items()}
    at = [number[lon, lat] for lon, lat in lines.nodes[["lon", "lat"]].round(7).itertuples(index=False)]
    pairs = zip(lines.links["start"], lines.links["end"], strict=True)
    return sorted((min(at[a], at[b]), max(at[a], at[b])) for a, b in pairs)


def test_layers_and_ways(osm_file):
    layers = read_osm(osm_file, ["rail", "road"])
    assert list(layers) == ["rail-1435", "rail-1520", "road"]
    assert steps(layers["rail-1520"]) == [(1, 2), (2, 3), (2, 4), (3, 4), (4, 5)]
    assert steps(layers["rail-1435"]) == [(3, 4), (4, 5), (5, 6)]
    assert steps(layers["road"]) == [(1, 2), (2, 3), (5, 6)]


def test_columns(osm_file):
    layers = read_osm(osm_file, ["rail", "road"])
    broad, standard, road = (layers[name].links for name in ("rail-1520", "rail-1435", "road"))
    assert set(broad["length_source"]) == {"OpenStreetMap, 2026-11-01"}
    assert sorted(broad["gauge_mm"]) == ["", "1435 1520", "1520", "1520", "1520"]
    assert (broad["name"] == "Line").sum() == (broad["electrified"] == "yes").sum() == 2
    assert set(broad["electrified"]) == {"yes", "unknown"}
    assert set(road["electrified"]) == {""}
    assert sorted(standard["closed_reason"]) == ["", "", HIGH_SPEED]
    assert sorted(road["name"]) == ["", "", "M-36"]
    expected = point_distance_km(*POINTS[1], *POINTS[2])
    assert np.isclose(road["length_km"], expected, rtol=1e-12).sum() == 1


def test_yards_on_request_and_modes_apart(osm_file):
    with_yards = read_osm(osm_file, ["rail"], with_yards=True)
    assert (2, 5) in steps(with_yards["rail-1520"])
    assert "road" not in with_yards
    assert list(read_osm(osm_file, ["road"])) == ["road"]


def test_high_speed_lines_that_carry_freight_stay_open(tmp_path):
    tags = {"railway": "rail", "gauge": "1435", "highspeed": "yes", "railway:traffic_mode": "mixed"}
    layers = read_osm(write_xml(tmp_path, osm_xml({1: ([1, 2], tags)})), ["rail"])
    assert set(layers["rail-1435"].links["closed_reason"]) == {""}


@pytest.mark.parametrize(
    ("tag", "gauges"),
    [
        ("1520", {1520}),
        ("1524", {1520}),
        ("1435;1520", {1435, 1520}),
        ("1435 mm", {1435}),
        ("750", set()),
        ("1000;1435", {1435}),
    ],
)
def test_gauges(tag, gauges):
    assert tagged_gauges_mm({"gauge": tag}) == gauges


@pytest.mark.parametrize("tags", [{}, {"gauge": "broad"}, {"gauge": "1.520"}])
def test_gauge_unknown(tags):
    assert tagged_gauges_mm(tags) is None


@pytest.mark.parametrize("write", ["xml", "pbf"])
def test_ways_are_cut_where_the_extract_lacks_a_node(tmp_path, write):
    points = {n: place for n, place in POINTS.items() if n != 3}
    ways = {10: ([1, 2, 3, 4, 5], {"railway": "rail", "gauge": "1520"})}
    path = write_xml(tmp_path, osm_xml(ways, points)) if write == "xml" else write_pbf(tmp_path, ways, points)
    assert steps(read_osm(path, ["rail"])["rail-1520"]) == [(1, 2), (4, 5)]


def test_names_are_printable(tmp_path):
    ways = {10: ([1, 2], {"railway": "rail", "gauge": "1520", "name": "<b>\u202e&amp;\tA" + "x" * 500})}
    name = read_osm(write_xml(tmp_path, osm_xml(ways)), ["rail"])["rail-1520"].links["name"].iat[0]
    assert name.isprintable() and len(name) == 120 and name.startswith("<b> &amp; A")


def test_date_falls_back_to_the_newest_element(tmp_path):
    text = osm_xml(head="").replace("<way id='10'>", "<way id='10' timestamp='2025-05-06T01:02:03Z'>")
    links = read_osm(write_xml(tmp_path, text), ["rail"])["rail-1520"].links
    assert set(links["length_source"]) == {"OpenStreetMap, 2025-05-06"}
    links = read_osm(write_xml(tmp_path, osm_xml(head="")), ["rail"])["rail-1520"].links
    assert set(links["length_source"]) == {"OpenStreetMap, undated"}


BOMB = "<!DOCTYPE a [<!ENTITY a 'xxxxxxxxxx'>]>"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<html><body>busy</body></html>", "begins with <html>"),
        ("nothing", "no XML"),
        (osm_xml()[:-20], "broken off"),
        (
            osm_xml(head="<remark> runtime error: Query timed out </remark>"),
            "gave up halfway .runtime error: Query timed",
        ),
        (osm_xml().replace("?><osm", f"?>{BOMB}<osm"), "document type declaration"),
        (osm_xml(points=POINTS | {1: (400, 53)}), "node 1 lies off the globe"),
        (osm_xml(points=POINTS | {1: ("nan", 53)}), "node 1 lies off the globe"),
        (osm_xml(points=POINTS | {1: ("east", 53)}), "not OpenStreetMap"),
        (osm_xml().replace("<way id='10'>", "<way>"), "not OpenStreetMap"),
        (osm_xml().replace("<way id='10'>", "<way>"), "the attribute 'id' is missing"),
        (
            osm_xml().replace("<way id='10'>", f"<way id='{2**63}'>"),
            "line [0-9]+: not OpenStreetMap .the number 922.* is too",
        ),
        (osm_xml().replace("<nd ref='1'", f"<nd ref='{'9' * 5000}'", 1), "line [0-9]+: not OpenStreetMap"),
        (f"<?xml version='1.0' encoding='klingon'?>{osm_xml().partition('?>')[2]}", "unknown encoding"),
        (osm_xml({30: WAYS[30]}), "no rail or road ways"),
        (osm_xml(points={}), "no rail or road ways"),
    ],
)
def test_refused_xml(tmp_path, text, words):
    with pytest.raises(OsmFileError, match=words):
        read_osm(write_xml(tmp_path, text), ["rail", "road"])


def test_a_cut_pbf_is_never_read_whole(tmp_path):
    whole = write_pbf(tmp_path).read_bytes()
    path = tmp_path / "b.osm.pbf"
    for length in range(0, len(whole), 5):
        path.write_bytes(whole[:length])
        with pytest.raises(OsmFileError):
            read_osm(path, ["rail"])


def test_flipped_bits_in_a_pbf_never_escape_as_other_errors(tmp_path):
    whole = write_pbf(tmp_path).read_bytes()
    path, seen = tmp_path / "b.osm.pbf", 0
    for position in np.random.default_rng(1).integers(0, len(whole) * 8, 150):
        data = bytearray(whole)
        data[position // 8] ^= 1 << (position % 8)
        path.write_bytes(data)
        try:
            read_osm(path, ["rail"])
        except GeodataError:
            seen += 1
    assert seen > 50


@pytest.mark.parametrize(
    ("name", "modes", "words"),
    [
        ("a.osm.gz", ["rail"], "unpack"),
        ("a.osm", ["sea"], "not for sea"),
        ("a.osm", [], "no mode"),
        ("b.osm", ["rail"], "missing"),
    ],
)
def test_refused_requests(tmp_path, name, modes, words):
    write_xml(tmp_path)
    write_xml(tmp_path, name="a.osm.gz")
    with pytest.raises(OsmFileError, match=words):
        read_osm(tmp_path / name, modes)
