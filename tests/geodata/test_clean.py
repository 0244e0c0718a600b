"""Every verb on a tiny drawn map, before and after; and contraction against a reference on random graphs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from geodata import clean, contract, frontiers
from geodata.clean import Lines
from geodata.errors import EditError
from geodata.measure import point_distance_km

Point = tuple[float, float]
DEGREE_KM = 111.0
"""About the length of one degree along the equator, where the maps of these tests lie."""


def lines_of(points: Sequence[Point], pairs: Sequence[tuple[int, int]], km: Sequence[float] | None = None) -> Lines:
    """A map from its points and the pairs that are joined; lengths are great circles unless given."""
    start, end = np.array(pairs).T
    lonlat = np.array(points, dtype=float)
    lengths = km or [point_distance_km(*points[a], *points[b]) for a, b in pairs]
    return Lines.from_straight(lonlat, start, end, np.array(lengths, dtype=float))


def matrix(lines: Lines) -> np.ndarray:
    """Shortest kilometres between all nodes."""
    count = len(lines.nodes)
    best = pd.DataFrame(
        {
            "a": lines.links[["start", "end"]].min(axis=1),
            "b": lines.links[["start", "end"]].max(axis=1),
            "km": lines.links["length_km"],
        }
    )
    best = best[best["a"] != best["b"]].groupby(["a", "b"], as_index=False)["km"].min()
    return np.asarray(dijkstra(csr_matrix((best["km"], (best["a"], best["b"])), shape=(count, count)), directed=False))


def total_km(lines: Lines) -> float:
    return float(lines.links["length_km"].sum())


@pytest.fixture
def road() -> Lines:
    """A straight road 0–1–2–3 along the equator, a degree a link."""
    return lines_of([(0, 0), (1, 0), (2, 0), (3, 0)], [(0, 1), (1, 2), (2, 3)])


def test_clip_keeps_links_inside_a_box(road: Lines) -> None:
    inside = clean.clip(road, [(-0.5, -1, 1.5, 1)])
    assert len(inside.links) == 1
    assert len(inside.nodes) == 2


def test_weld_joins_dead_ends_that_nearly_meet() -> None:
    broken = lines_of([(0, 0), (1, 0), (1.001, 0), (2, 0), (2.01, 0), (3, 0)], [(0, 1), (2, 3), (4, 5)])
    welded = clean.weld_dead_ends(broken, 0.35)
    assert len(welded.links) == 4, "0.1 km is welded, 1.1 km is not"
    weld = welded.links[welded.links["length_source"] == "weld"].iloc[0]
    assert weld["length_km"] == pytest.approx(0.111, abs=0.001)
    assert len(broken.links) == 3, "the lines given are not touched"


def test_weld_leaves_through_nodes_alone() -> None:
    crossing = lines_of([(0, 0), (1, 0), (2, 0), (1, 0.001), (1, 1), (1, -1)], [(0, 1), (1, 2), (4, 3), (3, 5)])
    assert len(clean.weld_dead_ends(crossing, 0.35).links) == 4


def test_islands_are_dropped() -> None:
    both = lines_of([(0, 0), (1, 0), (5, 5), (5.1, 5)], [(0, 1), (2, 3)])
    kept = clean.drop_islands(both, 50.0)
    assert len(kept.links) == 1
    assert kept.nodes["lon"].max() == 1


def test_draw_joins_near_ends_and_spreads_a_published_length(road: Lines) -> None:
    drawn = clean.draw(
        road, [(0.001, 0), (0.5, 1), (3.0, 0.001)], snap_km=1.0, what="test", length_km=500.0, name="bypass"
    )
    fresh = drawn.links[drawn.links["name"] == "bypass"]
    assert fresh["length_km"].sum() == pytest.approx(500.0)
    assert len(drawn.nodes) == len(road.nodes) + 1
    assert {int(fresh["start"].iloc[0]), int(fresh["end"].iloc[-1])} == {0, 3}


def test_draw_makes_new_ends_where_nothing_is_near(road: Lines) -> None:
    drawn = clean.draw(road, [(10, 10), (11, 10)], snap_km=1.0, what="test")
    assert len(drawn.nodes) == len(road.nodes) + 2
    assert drawn.links["length_km"].iloc[-1] == pytest.approx(point_distance_km(10, 10, 11, 10))


def test_draw_refuses_a_line_of_no_length(road: Lines) -> None:
    with pytest.raises(EditError, match="row 7: both ends fall on one node"):
        clean.draw(road, [(0.001, 0), (0, 0.001)], snap_km=1.0, what="row 7")


def test_cut_removes_what_the_segment_crosses(road: Lines) -> None:
    assert len(clean.cut(road, (1.5, -1), (1.5, 1), what="test").links) == 2


def test_cut_with_a_reason_closes_instead(road: Lines) -> None:
    closed = clean.cut(road, (1.5, -1), (1.5, 1), what="test", closed_reason="war")
    assert closed.links["closed_reason"].tolist() == ["", "war", ""]
    assert (road.links["closed_reason"] == "").all()


@pytest.mark.parametrize("verb", [clean.cut, clean.label])
def test_cut_and_label_must_hit_something(road: Lines, verb: object) -> None:
    with pytest.raises(EditError, match="row 9: no line crosses the segment"):
        verb(road, (1.5, 5), (1.5, 6), what="row 9")  # type: ignore[operator]


def test_label_names_what_the_segment_crosses(road: Lines) -> None:
    named = clean.label(road, (0.5, -1), (0.5, 1), what="test", passage="Narrows")
    assert named.links["passage"].tolist() == ["Narrows", "", ""]


def test_label_inside_names_what_lies_in_the_box(road: Lines) -> None:
    named = clean.label_inside(road, (0.5, -1), (3.5, 1), what="test", name="River", passage="")
    assert named.links["name"].tolist() == ["", "River", "River"]
    cleared = clean.label_inside(named, (1.5, -1), (3.5, 1), what="test", name="none")
    assert cleared.links["name"].tolist() == ["", "River", ""]
    with pytest.raises(EditError, match="no line lies in the box"):
        clean.label_inside(road, (50, 50), (51, 51), what="test", name="River")


def test_erase_empties_a_box(road: Lines) -> None:
    assert len(clean.erase(road, (-0.5, -1), (0.5, 1), what="test").links) == 2
    with pytest.raises(EditError, match="nothing lies in the box"):
        clean.erase(road, (50, 50), (51, 51), what="test")


def test_published_length_stretches_the_way_and_its_neighbour() -> None:
    parallel = lines_of(
        [(0, 0), (1, 0), (2, 0), (0.0, 0.01), (1, 0.01), (2, 0.01), (1, 3)],
        [(0, 1), (1, 2), (3, 4), (4, 5), (0, 3), (2, 5), (1, 6)],
    )
    longer = clean.publish_length(parallel, (0, 0), (2, 0), 240.0, what="test", source="timetable")
    assert matrix(longer)[0, 2] == pytest.approx(240.0)
    assert longer.links["length_source"].tolist() == ["timetable"] * 6 + ["package"]
    assert longer.links["length_km"].iloc[6] == parallel.links["length_km"].iloc[6], "a branch keeps its length"


@pytest.mark.parametrize(
    ("a", "b", "km", "complaint"),
    [
        ((0, 0), (3, 0), 900.0, "too far from 900 km"),
        ((0, 9), (3, 0), 333.0, "no node within 2 km of"),
    ],
)
def test_published_length_must_fit(road: Lines, a: Point, b: Point, km: float, complaint: str) -> None:
    with pytest.raises(EditError, match=complaint):
        clean.publish_length(road, a, b, km, what="test", source="timetable")


def test_published_length_needs_a_way() -> None:
    apart = lines_of([(0, 0), (1, 0), (5, 0), (6, 0)], [(0, 1), (2, 3)])
    with pytest.raises(EditError, match="no way between"):
        clean.publish_length(apart, (0, 0), (6, 0), 660.0, what="test", source="timetable")


def test_bend_goes_through_a_point_only_if_the_length_allows() -> None:
    slack = lines_of([(0, 0), (2, 0)], [(0, 1)], km=[300.0])
    bent = clean.bend_through(slack, 1.0, 0.5)
    assert len(bent.links) == 2
    assert total_km(bent) == pytest.approx(300.0)
    tight = lines_of([(0, 0), (2, 0)], [(0, 1)])
    assert len(clean.bend_through(tight, 1.0, 0.5).links) == 1


def test_attach_splits_the_line_and_adds_a_spur(road: Lines) -> None:
    hung = clean.attach(road, "XX_PORT", 1.5, 0.05, within_km=10.0, detour_factor=1.3, what="test")
    spur = hung.links[hung.links["length_source"] == "great circle × 1.3"].iloc[0]
    assert spur["length_km"] == pytest.approx(1.3 * point_distance_km(1.5, 0.05, 1.5, 0), rel=1e-3)
    assert hung.nodes["terminal"].tolist()[-1] == "XX_PORT"
    assert matrix(hung)[0, 3] == pytest.approx(total_km(road)), "the line itself is as long as before"


def test_attach_uses_a_node_that_is_near(road: Lines) -> None:
    hung = clean.attach(road, "XX_PORT", 1.0, 0.02, within_km=10.0, detour_factor=1.0, what="test")
    assert len(hung.links) == len(road.links) + 1


def test_attach_says_how_far_off_the_line_is(road: Lines) -> None:
    with pytest.raises(EditError, match=r"XX_FAR: no line within 10 km .* the nearest is 111\.\d km off"):
        clean.attach(road, "XX_FAR", 1.5, 1.0, within_km=10.0, detour_factor=1.0, what="XX_FAR")


def test_densify_keeps_the_length(road: Lines) -> None:
    dense = clean.densify(road, np.array([True, False, True]), 10.0)
    assert total_km(dense) == pytest.approx(total_km(road))
    assert dense.links["length_km"].max() == pytest.approx(road.links["length_km"].iloc[1])
    assert (~dense.nodes["shape"]).sum() == len(dense.nodes) - 4


@pytest.fixture
def two_countries() -> pd.DataFrame:
    """A | B, with the frontier at 1.5°."""
    return pd.DataFrame(
        {"country": ["AA", "BB"], "geometry": [shapely.box(-1, -1, 1.5, 1), shapely.box(1.5, -1, 4, 1)]}
    )


def test_frontier_gets_a_border_link(road: Lines, two_countries: pd.DataFrame) -> None:
    split = frontiers.set_countries(road, two_countries)
    border = split.links[split.links["kind"] == "border"]
    assert len(border) == 1
    assert border["length_km"].iloc[0] == 0.0
    at = split.nodes.loc[border["start"].iloc[0]]
    assert at["lon"] == pytest.approx(1.5, abs=0.01)
    assert total_km(split) == pytest.approx(total_km(road))
    assert set(split.nodes["country"]) == {"AA", "BB"}


def test_short_excursions_are_no_crossings(two_countries: pd.DataFrame) -> None:
    grazing = lines_of([(0, 0), (1.48, 0.0), (1.52, 0.005), (1.48, 0.01), (0, 0.01)], [(0, 1), (1, 2), (2, 3), (3, 4)])
    split = frontiers.set_countries(grazing, two_countries, excursion_km=10.0)
    assert (split.links["kind"] == "haul").all()


def test_countries_can_be_left_out(road: Lines, two_countries: pd.DataFrame) -> None:
    rest = frontiers.drop_countries(frontiers.set_countries(road, two_countries), {"BB"})
    assert set(rest.nodes["country"]) == {"AA"}
    assert (rest.links["kind"] == "haul").all()


def test_stubs_go_and_terminals_stay() -> None:
    tree = lines_of([(0, 0), (1, 0), (2, 0), (1, 0.02), (1, -0.02)], [(0, 1), (1, 2), (1, 3), (1, 4)])
    tree.nodes.loc[4, "terminal"] = "XX_SIDING"
    pruned = contract.prune_leaves(tree, 8.0)
    assert len(pruned.links) == 3
    assert "XX_SIDING" in set(pruned.nodes["terminal"])


def test_a_stub_up_to_a_closed_border_stays(road: Lines, two_countries: pd.DataFrame) -> None:
    over = frontiers.set_countries(road, two_countries)
    closed = frontiers.at_borders(over, {("rail", frozenset(("AA", "BB")))}, "rail")
    assert set(over.nodes.loc[closed, "country"]) == {"AA", "BB"}
    assert not frontiers.at_borders(over, {("rail", frozenset(("AA", "CC")))}, "rail").any()
    assert not frontiers.at_borders(over, {("rail", frozenset(("AA", "BB")))}, "road").any()
    kept = contract.prune_leaves(over, 1e6, closed)
    assert (kept.links["kind"] == "border").any()
    assert contract.prune_leaves(over, 1e6).links.empty


def test_contract_joins_a_chain_exactly(road: Lines) -> None:
    one = contract.contract(road)
    assert len(one.links) == 1
    assert total_km(one) == total_km(road)
    assert shapely.get_coordinates(one.links["geometry"].iloc[0]).tolist() == [[0, 0], [1, 0], [2, 0], [3, 0]]


def test_contract_stops_where_an_attribute_changes(road: Lines) -> None:
    named = clean.label(road, (1.5, -1), (1.5, 1), what="test", name="tunnel")
    assert contract.contract(named).links["name"].tolist().count("tunnel") == 1
    assert len(contract.contract(named).links) == 3


def test_contract_names_the_main_source_only(road: Lines) -> None:
    repaired = clean.draw(road, [(3, 0), (3.01, 0)], snap_km=0.05, what="test", length_source="drawn")
    assert contract.contract(repaired).links["length_source"].tolist() == ["package"]
    extended = clean.draw(road, [(3, 0), (5, 0)], snap_km=0.05, what="test", length_source="drawn")
    assert contract.contract(extended).links["length_source"].tolist() == ["drawn"]


def test_contract_keeps_the_shorter_of_two_parallels() -> None:
    ring = lines_of([(0, 0), (1, 0), (0.5, 0.5), (-1, 0), (2, 0)], [(0, 1), (0, 2), (2, 1), (3, 0), (1, 4)])
    joined = contract.contract(ring)
    assert total_km(joined) == pytest.approx(3 * DEGREE_KM, rel=0.01)


def test_contract_drops_a_lonely_ring() -> None:
    ring = lines_of([(0, 0), (1, 0), (0.5, 0.5)], [(0, 1), (1, 2), (2, 0)])
    assert len(contract.contract(ring).links) == 0


@st.composite
def random_lines(draw: st.DrawFn) -> Lines:
    """A sparse random map with long chains, some parallels, and whole kilometres (sums are exact)."""
    count = draw(st.integers(2, 25))
    pairs = draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), min_size=1, max_size=40))
    pairs = [(a, b) for a, b in pairs if a != b] or [(0, 1)]
    km = [float(draw(st.integers(1, 50))) for _ in pairs]
    rng = np.random.default_rng(draw(st.integers(0, 9)))
    lines = lines_of([tuple(point) for point in rng.uniform(0, 5, (count, 2))], pairs, km)
    lines.nodes.loc[rng.random(count) < 0.2, "terminal"] = "XX_HERE"
    return lines


@settings(max_examples=200, deadline=None)
@given(random_lines())
def test_contract_keeps_every_shortest_distance(lines: Lines) -> None:
    """Between all nodes that are left, the shortest distance is what it was, to the last digit."""
    before = matrix(lines)
    after = contract.contract(lines)
    old = {tuple(point): number for number, point in enumerate(lines.nodes[["lon", "lat"]].to_numpy())}
    kept = [old[tuple(point)] for point in after.nodes[["lon", "lat"]].to_numpy()]
    np.testing.assert_array_equal(matrix(after), before[np.ix_(kept, kept)])
    assert set(np.flatnonzero(lines.nodes["terminal"] != "")) <= set(kept)


@settings(max_examples=100, deadline=None)
@given(random_lines())
def test_contract_draws_what_it_joined(lines: Lines) -> None:
    after = contract.contract(lines)
    at = after.nodes[["lon", "lat"]].to_numpy()
    for link in after.links.itertuples():
        drawn = shapely.get_coordinates(link.geometry)
        assert drawn[0].tolist() == at[link.start].tolist()
        assert drawn[-1].tolist() == at[link.end].tolist()
