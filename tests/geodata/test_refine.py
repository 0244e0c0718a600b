"""Detail inside a box: joined at the right places, and nothing that was connected comes apart."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from straight_networks import HAULS, POINTS, TERMINALS, check_sound, make_network, terminal_km

from geodata.clean import Lines
from geodata.measure import distance_km, point_distance_km
from geodata.network import Network, load_network
from geodata.refine import JOIN_KM, LONGER, RefineError, refine

BOX = (60.0, 52.0, 62.0, 54.0)
OSM = "OpenStreetMap, 2026-11-01"


def detail(*runs, gauge_mm="1520", **cells) -> Lines:
    """Detailed lines through runs of (lon, lat); equal points are one node."""
    number: dict = {}
    steps = [
        (number.setdefault(a, len(number)), number.setdefault(b, len(number)))
        for run in runs
        for a, b in itertools.pairwise(run)
    ]
    at, ends = np.array(list(number)), np.array(steps)
    a, b = at[ends[:, 0]], at[ends[:, 1]]
    lines = Lines.from_straight(at, ends[:, 0], ends[:, 1], distance_km(a[:, 0], a[:, 1], b[:, 0], b[:, 1]))
    return lines.with_links(lines.links.assign(gauge_mm=gauge_mm, length_source=OSM, **cells))


def along(west, east, lat=53.0, count=60, wave=0.004):
    lon = np.linspace(west, east, count)
    return [(float(x), float(y)) for x, y in zip(lon, lat + wave * np.sin(np.arange(count)), strict=True)]


@pytest.fixture
def small() -> Network:
    return make_network(POINTS, HAULS, TERMINALS)


def test_detail_replaces_the_drawing(small):
    line = along(59.0, 63.0, wave=0.02)
    refined = refine(small, {"rail-1520": detail(line, [line[30], (61.0, 53.015)])}, bbox=BOX)
    check_sound(refined)
    before, after = terminal_km(small), terminal_km(refined)
    assert np.isfinite(after.to_numpy()).all()
    inside = [point for point in line if 60 <= point[0] <= 62]
    drawn_km = distance_km(*np.array(inside[:-1]).T, *np.array(inside[1:]).T).sum()
    outside_km = point_distance_km(58, 53, *inside[0]) + point_distance_km(64, 53, *inside[-1])
    assert after.loc["KZ_WEST", "KZ_EAST"] == pytest.approx(drawn_km + outside_km, rel=0.003)
    assert after.loc["KZ_WEST", "KZ_EAST"] > before.loc["KZ_WEST", "KZ_EAST"] * 1.01
    sources = refined.links.groupby("length_source", observed=True)["length_km"].sum()
    assert drawn_km < sources.filter(like=OSM).sum() < drawn_km + 10  # and the branch, and what joins them
    assert sources["package"] == pytest.approx(268 + 222 + 402, rel=0.02)  # outside the box, to the south, other gauge


@pytest.mark.parametrize("count", [8, 1000])
def test_steps_of_any_length(small, count):
    refined = refine(small, {"rail-1520": detail(along(59.0, 63.0, count=count, wave=0.0))}, bbox=BOX)
    check_sound(refined)
    assert np.isfinite(terminal_km(refined).to_numpy()).all()


def test_the_drawing_stays_towards_what_the_detail_does_not_reach(small):
    refined = refine(small, {"rail-1520": detail(along(59.0, 63.0))}, bbox=BOX)
    after, before = terminal_km(refined), terminal_km(small)
    assert (after <= LONGER * before + 2 * JOIN_KM).all().all()
    assert after.loc["KZ_SOUTH", "KZ_MID"] == pytest.approx(before.loc["KZ_SOUTH", "KZ_MID"], rel=0.01)


def test_the_input_stays_as_it_was(small):
    nodes, links = small.nodes.copy(deep=True), small.links.copy(deep=True)
    given = {"rail-1520": detail(along(59.0, 63.0))}
    had = given["rail-1520"].links.copy(deep=True)
    refine(small, given, bbox=BOX)
    pd.testing.assert_frame_equal(small.nodes, nodes)
    pd.testing.assert_frame_equal(small.links, links)
    pd.testing.assert_frame_equal(given["rail-1520"].links, had)


def test_gauges_stay_apart(small):
    refined = refine(small, {"rail-1520": detail(along(59.0, 63.0))}, bbox=BOX)
    assert terminal_km(refined, "rail-1435").equals(terminal_km(small, "rail-1435"))


def test_an_untagged_railway_has_the_gauge_of_its_country(small):
    untagged = detail(along(59.0, 63.0), gauge_mm="")
    with pytest.raises(RefineError, match="no detailed line"):
        refine(small, {"rail-1435": untagged}, bbox=BOX)
    assert OSM in set(refine(small, {"rail-1520": untagged}, bbox=BOX).links["length_source"])


def test_gauge_and_contact_line_come_from_the_tags(small):
    half = ["yes"] * 29 + ["no"] * 30
    links = refine(small, {"rail-1520": detail(along(59.0, 63.0), electrified=half)}, bbox=BOX).links
    fresh = links[(links["length_source"] == OSM)]
    assert set(fresh["gauge_mm"]) == {1520}
    km = fresh.groupby("electrified", observed=True)["length_km"].sum()
    assert km["yes"] == pytest.approx(km["no"], rel=0.1)
    joints = links[links["length_source"].astype(str).str.startswith("great circle")]
    assert set(joints["electrified"]) == {"unknown"}


def test_a_gap_in_the_detail_keeps_the_drawing(small):
    refined = refine(small, {"rail-1520": detail(along(59.0, 60.8), along(61.2, 63.0))}, bbox=BOX)
    check_sound(refined)
    before, after = terminal_km(small), terminal_km(refined)
    assert after.loc["KZ_WEST", "KZ_EAST"] == pytest.approx(before.loc["KZ_WEST", "KZ_EAST"], rel=0.002)


def test_a_long_way_round_does_not_replace_the_drawing(small):
    round_about = [*along(59.0, 60.2), (60.3, 53.8), (61.7, 53.8), *along(61.8, 63.0)]
    after = terminal_km(refine(small, {"rail-1520": detail(round_about)}, bbox=BOX))
    assert after.loc["KZ_WEST", "KZ_EAST"] == pytest.approx(terminal_km(small).loc["KZ_WEST", "KZ_EAST"], rel=0.002)


def test_a_closed_line_stays_closed():
    closed = make_network(
        POINTS, [(a, b, {"closed_reason": "war"}) if b == "east" else (a, b, c) for a, b, c in HAULS], TERMINALS
    )
    refined = refine(closed, {"rail-1520": detail(along(59.0, 63.0))}, bbox=BOX)
    assert np.isinf(terminal_km(refined).loc["KZ_WEST", "KZ_EAST"])
    detailed = refined.links[refined.links["length_source"] == OSM]
    assert {"", "war"} == set(detailed["closed_reason"])


def test_a_passage_keeps_its_name():
    named = make_network(
        POINTS, [(a, b, {"passage": "Marmaray"}) if b == "east" else (a, b, c) for a, b, c in HAULS], TERMINALS
    )
    refined = refine(named, {"rail-1520": detail(along(59.0, 63.0))}, bbox=BOX)
    without = refined.links["passage"] != "Marmaray"
    shut = Network(
        refined.nodes,
        refined.links[without].reset_index(drop=True),
        _geometry=refined.geometry(np.flatnonzero(without)),
    )
    assert np.isfinite(terminal_km(refined).loc["KZ_WEST", "KZ_EAST"])
    assert np.isinf(terminal_km(shut).loc["KZ_WEST", "KZ_EAST"])


def test_a_closed_high_speed_line_joins_nobody(small):
    fast = detail(along(59.0, 63.0), closed_reason="passenger high-speed line (OpenStreetMap)")
    with pytest.raises(RefineError, match="could be joined"):
        refine(small, {"rail-1520": fast}, bbox=BOX)


def test_frontiers_are_crossed_on_border_links():
    points = {
        "west": (58.0, 53.0, "rail-1520", "KZ"), "kz": (61.0, 53.0, "rail-1520", "KZ"),
        "ru": (61.0, 53.0, "rail-1520", "RU"), "east": (64.0, 53.0, "rail-1520", "RU"),
    }  # fmt: skip
    border = {"kind": "border", "length_km": 0.0, "name": "KZ–RU"}
    frontier = make_network(
        points,
        [("west", "kz", {}), ("kz", "ru", border), ("ru", "east", {})],
        {"KZ_WEST": ["west"], "RU_EAST": ["east"]},
    )
    refined = refine(frontier, {"rail-1520": detail(along(59.0, 63.0, count=200))}, bbox=BOX)
    check_sound(refined)
    assert np.isfinite(terminal_km(refined).loc["KZ_WEST", "RU_EAST"])
    country = refined.nodes["country"].astype(str).to_numpy()
    hauls = refined.links[refined.links["kind"] == "haul"]
    assert (country[hauls["from_node"]] == country[hauls["to_node"]]).all()
    assert (refined.links["kind"] == "border").sum() == 1
    assert OSM in set(hauls[hauls["country"] == "RU"]["length_source"])


@pytest.mark.parametrize("seed", range(25))
def test_random_worlds_stay_connected(seed):
    """Random lines and random detail with holes: whoever was reachable still is, by a way hardly longer."""
    random = np.random.default_rng(seed)
    place = random.uniform((58, 51), (64, 55), (40, 2))
    points = {f"{n}": (float(lon), float(lat), "rail-1520", "KZ") for n, (lon, lat) in enumerate(place)}
    pairs = {tuple(sorted(map(int, random.choice(40, 2, replace=False)))) for _ in range(60)}
    hauls = [(f"{a}", f"{b}", {"closed_reason": "shut"} if random.random() < 0.1 else {}) for a, b in sorted(pairs)]
    world = make_network(points, hauls, {f"KZ_{n}": [f"{n}"] for n in range(0, 40, 2)})
    runs = []
    for a, b in sorted(pairs):
        share = np.linspace(0, 1, 50)[:, None]
        run = place[a] * (1 - share) + place[b] * share
        gap = int(random.integers(0, 80))
        runs += [[tuple(map(float, point)) for point in part] for part in (run[:gap], run[gap + 1 :]) if len(part) > 1]
    refined = refine(world, {"rail-1520": detail(*runs)}, bbox=BOX)
    check_sound(refined)
    before, after = terminal_km(world).to_numpy(), terminal_km(refined).to_numpy()
    assert (np.isfinite(after) >= np.isfinite(before)).all()
    reached = np.isfinite(before)
    assert (after[reached] <= LONGER * before[reached] + 40 * JOIN_KM).all()


def test_a_refined_network_is_a_file(small, tmp_path):
    refined = refine(small, {"rail-1520": detail(along(59.0, 63.0))}, bbox=BOX)
    refined.save(tmp_path)
    again = load_network(tmp_path)
    assert terminal_km(again).equals(terminal_km(refined))
    assert list(again.links.dtypes == "category") == list(refined.links.dtypes == "category")


@pytest.mark.parametrize(
    ("layers", "box", "words"),
    [
        ({}, (62, 52, 60, 54), "west, south, east, north"),
        ({}, (60, 52, float("nan"), 54), "no box"),
        ({"canal": detail(along(59.0, 63.0))}, BOX, "unknown layer canal"),
        ({"rail-1520": detail(along(59.0, 63.0))}, (10, 10, 11, 11), "no line on land near"),
        ({"rail-1520": detail(along(60.2, 61.8, lat=53.5))}, BOX, "could be joined"),
        ({}, BOX, "could be joined"),
        ({}, (59.1234567, 52.0, 63.0, 54.0), "box 59.123,52,63,54 could be joined"),
    ],
)
def test_refused(small, layers, box, words):
    with pytest.raises(RefineError, match=words):
        refine(small, layers, bbox=box)
