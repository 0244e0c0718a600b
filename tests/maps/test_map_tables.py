"""Tables in: what is refused, what is kept, and whether the columns add up."""

import math
from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from toy_routes import Tables

import maps
from maps.route_tables import read_legs, read_routes, read_stops, round_to_sum, steps_of


def draw(tables: Tables) -> maps.OfflineMap:
    return maps.draw_routes(*tables.as_arguments(), title="Toy")


@pytest.mark.parametrize("name", ["routes", "legs", "stops"])
def test_missing_columns_are_named(tables: Tables, name: str) -> None:
    table = getattr(tables, name)
    setattr(tables, name, table.drop(columns=["time_h"]))
    with pytest.raises(maps.MissingColumnError, match=f"{name}.*time_h"):
        draw(tables)


def _set(name: str, row: int, column: str, value: object) -> Callable[[Tables], None]:
    def change(tables: Tables) -> None:
        table = getattr(tables, name)
        table[column] = table[column].astype(object)
        table.at[row, column] = value
        if column == "geometry":
            setattr(tables, name, gpd.GeoDataFrame(table, geometry="geometry", crs="EPSG:4326"))

    return change


def _line_with_nan() -> shapely.LineString:
    with np.errstate(invalid="ignore"):
        return shapely.LineString([(0, 0), (math.nan, 1), (2, 2)])


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (_set("legs", 2, "mode", "airship"), maps.BadTableError, "route '1', leg 3: unknown mode 'airship'.*rail"),
        (_set("legs", 2, "kind", "type"), maps.BadTableError, "unknown kind"),
        (_set("legs", 2, "route_id", 99), maps.BadTableError, "'99' is not in table 'routes'"),
        (_set("legs", 2, "leg", 7), maps.BadTableError, "numbered 1, 2, 3"),
        (_set("legs", 2, "time_h", math.inf), maps.BadTableError, "leg 3: time_h must be finite"),
        (_set("legs", 2, "distance_km", -1.0), maps.BadTableError, "not negative"),
        (_set("legs", 2, "cost_usd_per_t", "cheap"), maps.BadTableError, "not a number"),
        (_set("legs", 2, "time_h", 9999.0), maps.BadTableError, "add up to"),
        (_set("routes", 1, "route_id", 1), maps.BadTableError, "occurs twice"),
        (_set("routes", 1, "badges", "Cheapest"), maps.BadTableError, "list of texts"),
        (_set("stops", 1, "geometry", shapely.LineString([(0, 0), (1, 1)])), maps.BadGeometryError, "must be a point"),
        (_set("stops", 1, "geometry", shapely.Point(40, 95)), maps.BadGeometryError, "cannot be drawn"),
        (_set("legs", 0, "geometry", shapely.Point(1, 1)), maps.BadGeometryError, "not Point"),
        (_set("legs", 0, "geometry", shapely.LineString()), maps.BadGeometryError, "not empty"),
        (_set("legs", 0, "geometry", None), maps.BadGeometryError, "leg 1"),
        (_set("legs", 0, "geometry", shapely.LineString([(0, 0), (math.inf, 1)])), maps.BadGeometryError, "finite"),
        (_set("legs", 0, "geometry", _line_with_nan()), maps.BadGeometryError, "finite"),
        (_set("legs", 0, "geometry", shapely.LineString([(51, 40), (43, 120)])), maps.BadGeometryError, "swapped"),
        (_set("legs", 0, "geometry", shapely.LineString([(999, 0), (1, 1)])), maps.BadGeometryError, "reach 999"),
    ],
)
def test_nonsense_is_refused_by_name(
    tables: Tables, change: Callable[[Tables], None], error: type[Exception], message: str
) -> None:
    change(tables)
    with pytest.raises(error, match=message):
        draw(tables)


def test_a_table_without_crs_is_refused(tables: Tables) -> None:
    tables.legs = tables.legs.set_crs(None, allow_override=True)
    with pytest.raises(maps.BadGeometryError, match="has no CRS"):
        draw(tables)


def test_an_empty_table_is_refused(tables: Tables) -> None:
    tables.routes = tables.routes.iloc[:0]
    with pytest.raises(maps.BadTableError, match="nothing to draw"):
        draw(tables)


def test_other_crs_is_converted(tables: Tables) -> None:
    expected = draw(tables).to_html()
    tables.legs = tables.legs.to_crs("EPSG:3857")
    tables.stops = tables.stops.to_crs("EPSG:3857")
    assert len(draw(tables).to_html()) == pytest.approx(len(expected), rel=0.01)


def test_the_callers_tables_are_untouched(tables: Tables) -> None:
    before = [table.copy() for table in tables.as_arguments()]
    draw(tables)
    for was, now in zip(before, tables.as_arguments(), strict=True):
        pd.testing.assert_frame_equal(pd.DataFrame(was), pd.DataFrame(now))


def test_nan_is_not_known_and_spreads_no_further(tables: Tables) -> None:
    tables.legs.loc[2, "cost_usd_per_t"] = np.nan
    cards = read_routes(tables.routes)
    legs = read_legs(tables.legs, cards)
    stops = read_stops(tables.stops, cards, legs)
    steps = steps_of(cards[0], legs["1"], stops["1"])
    assert [step["cost_usd_per_t"] for step in steps if step["step"] == "leg"][2] is None
    assert cards[0]["cost_usd_per_t"] == pytest.approx(tables.routes.loc[0, "cost_usd_per_t"])


def test_columns_add_up_to_the_card(tables: Tables) -> None:
    cards = read_routes(tables.routes)
    legs = read_legs(tables.legs, cards)
    stops = read_stops(tables.stops, cards, legs)
    for card in cards:
        steps = steps_of(card, legs[card["id"]], stops[card["id"]])
        for name, decimals in {"distance_km": 0, "time_h": 0, "cost_usd_per_t": 1, "co2e_kg_per_t": 1}.items():
            shown = sum(step[name] for step in steps if name in step)
            assert f"{shown:.{decimals}f}" == f"{card[name]:.{decimals}f}"


def test_stops_stand_between_their_legs(tables: Tables) -> None:
    cards = read_routes(tables.routes)
    legs = read_legs(tables.legs, cards)
    stops = read_stops(tables.stops, cards, legs)
    steps = steps_of(cards[3], legs["4"], stops["4"])
    names = [step.get("name") or f"{step['from_name']}–{step['to_name']}" for step in steps]
    assert names == [
        "Kostanay",
        "Kostanay–Brest",
        "Troitsk",
        "Brest",
        "Brest–Małaszewicze",
        "Małaszewicze",
        "Małaszewicze–Ghent",
        "Ghent",
    ]
    assert [step["place"] for step in steps if step["step"] == "stop"] == [0, 1, 2, 3, 0]


def test_stops_at_one_place_share_a_number(tables: Tables) -> None:
    cards = read_routes(tables.routes)
    legs = read_legs(tables.legs, cards)
    stops = read_stops(tables.stops, cards, legs)
    steps = steps_of(cards[2], legs["3"], stops["3"])
    assert [step["place"] for step in steps if step["step"] == "stop"] == [0, 1, 2, 3, 3, 4, 0]


def test_after_leg_can_be_said_outright(tables: Tables) -> None:
    tables.stops["after_leg"] = None
    tables.stops.loc[(tables.stops.route_id == 1) & (tables.stops.name == "Aktau"), "after_leg"] = 1
    draw(tables)
    tables.stops.loc[(tables.stops.route_id == 1) & (tables.stops.name == "Aktau"), "after_leg"] = 50
    with pytest.raises(maps.BadTableError, match="out of order"):
        draw(tables)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0.4, 0.4, 0.4], [0, 1, 0]),
        ([0.0, 1.5, 0.0], [0, 2, 0]),
        ([1.0, None, 2.0], [1, None, 2]),
        ([], []),
    ],
)
def test_round_to_sum_by_hand(values: list[float | None], expected: list[float | None]) -> None:
    assert round_to_sum(values, 0) == expected


def test_round_to_sum_at_random() -> None:
    random = np.random.default_rng(7)
    for _ in range(200):
        values = random.exponential(20, random.integers(1, 12)).tolist()
        rounded = round_to_sum(values, 1)
        assert sum(x for x in rounded if x is not None) == pytest.approx(sum(values), abs=0.0501)
        assert all(abs(a - b) < 0.1 for a, b in zip(values, rounded, strict=True) if b is not None)
