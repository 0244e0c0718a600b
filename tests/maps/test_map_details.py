"""The optional tables and columns: what is kept, what is refused, and what is worked out from them."""

import json
import math
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from page_reader import PageReader
from toy_details import make_detailed
from toy_routes import Tables

import maps
from maps.detail_tables import mark_dominated, mark_most_certain, read_tornado
from maps.errors import BadTableError
from maps.route_tables import read_legs, read_routes, read_stops, steps_of
from maps.speeds import route_speeds, speeds_of

Change = Callable[[Tables, dict[str, Any]], None]


def draw(tables: Tables, details: dict[str, Any]) -> dict[str, Any]:
    """The data that the page carries."""
    return PageReader(maps.draw_routes(*tables.as_arguments(), title="Toy", **details).to_html()).data["routes"]


def _table(name: str, column: str, value: object) -> Change:
    def change(tables: Tables, details: dict[str, Any]) -> None:
        table = details[name] if name in details else getattr(tables, name)
        table[column] = table[column].astype(object) if column in table else None
        table.at[0, column] = value

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (_table("items", "leg", None), "give either the leg or the order"),
        (_table("items", "order", 1), "give either the leg or the order"),
        (_table("items", "leg", 77), "has no leg 77"),
        (_table("items", "route_id", 9), "'9' is not in table 'routes'"),
        (_table("items", "confidence", "certain"), "unknown confidence 'certain'.*medium"),
        (_table("items", "year", "soon"), "year is not a number"),
        (_table("items", "cost_usd_per_t", -1.0), "not negative"),
        (_table("items", "low", math.inf), "low must be finite"),
        (_table("scenarios", "month", 13), "month must be 1 to 12"),
        (_table("scenarios", "month", 2), "occurs twice for month 2"),
        (_table("scenarios", "time_h", "long"), "time_h is not a number"),
        (_table("unavailable", "reason", ""), "row 1: needs a name and the reason"),
        (_table("legs", "standing_h", 9999.0), "standing_h 9999 is more than time_h"),
        (_table("stops", "event", "party"), "unknown event 'party'.*loading"),
        (_table("routes", "time_h_p10", 9999.0), "time_h_p10 9999 is above time_h_p90"),
    ],
)
def test_nonsense_is_refused_by_name(change: Change, message: str) -> None:
    tables, details = make_detailed()
    change(tables, details)
    with pytest.raises(maps.BadTableError, match=message):
        draw(tables, details)


@pytest.mark.parametrize(
    ("name", "column"),
    [("items", "item"), ("scenarios", "scenario"), ("scenarios", "time_h"), ("unavailable", "reason")],
)
def test_missing_columns_are_named(name: str, column: str) -> None:
    tables, details = make_detailed()
    details[name] = details[name].drop(columns=column)
    with pytest.raises(maps.MissingColumnError, match=f"{name}.*{column}"):
        draw(tables, details)


def test_a_what_if_without_figures_must_say_why() -> None:
    tables, details = make_detailed()
    details["scenarios"]["reason"] = ""
    with pytest.raises(maps.BadTableError, match="must say why there is no route"):
        draw(tables, details)


def items_of(data: dict[str, Any], step: dict[str, Any]) -> list[dict[str, Any]]:
    """Items of a step as the page puts them together."""
    return [data["assumptions"][item["of"]] | item for item in step.get("items", [])]


def test_what_items_have_in_common_is_told_once() -> None:
    tables, details = make_detailed()
    data = draw(tables, details)
    told = [json.dumps(about, sort_keys=True) for about in data["assumptions"]]
    assert len(set(told)) == len(told) < len(details["items"])
    moved = [row for route in data["routes"] for rows in route["tornado"].values() for row in rows]
    assert len(moved) == len(details["tornado"])
    assert {*moved[0]} == {"low", "base", "high", "of"}
    assert data["assumptions"][moved[1]["of"]]["item"] == "Waiting"
    steps = [step for route in data["routes"] for step in route["steps"]]
    assert sum(len(step.get("items", [])) for step in steps) == len(details["items"])


def test_items_say_where() -> None:
    tables, details = make_detailed()
    details["items"]["where"] = "Aktau"
    data = draw(tables, details)
    steps = [step for route in data["routes"] for step in route["steps"]]
    assert {(item["where"], item["where_ru"]) for step in steps for item in items_of(data, step)} == {
        ("Aktau", "Актау")
    }


def test_items_hang_on_their_step() -> None:
    tables, details = make_detailed()
    data = draw(tables, details)
    for step in data["routes"][0]["steps"]:
        items = items_of(data, step)
        if step["step"] == "leg":
            assert [item["item"] for item in items] == ["Line haul", "Wagon or slot hire"]
            whole = sum(item["cost_usd_per_t"] for item in items)
            assert whole == pytest.approx(step["cost_usd_per_t"], abs=0.11)
            assert items[0]["source"] == "invented tariff book"
            assert (items[0]["year"], items[0]["low"], items[0]["high"]) == (2024, 0.01, 0.02)
        elif step["cost_usd_per_t"]:
            assert [item["item"] for item in items] == ["Handling"]
            assert "year" not in items[0], "what is not known is left out"


def test_what_ifs_keep_their_order_with_the_baseline_first() -> None:
    tables, details = make_detailed()
    scenarios = draw(tables, details)["scenarios"]
    assert [scenario["id"] for scenario in scenarios] == ["", "Kuryk closed", "All frontiers shut"]
    assert scenarios[1]["name_ru"] == "Курык закрыт"
    assert [row["month"] for row in scenarios[0]["rows"]][:12] == list(range(1, 13))
    assert {row["month"] for row in scenarios[1]["rows"]} == {0}
    assert all(row["time_h"] is None and row["reason_ru"] for row in scenarios[2]["rows"])


def test_without_optional_tables_nothing_of_them_is_shown(tables: Tables) -> None:
    data = draw(tables, {})
    assert data["scenarios"] == data["unavailable"] == []
    for route in data["routes"]:
        assert not [key for key in route if key.endswith(("_p10", "_p90"))]
        assert not [step for step in route["steps"] if "items" in step]
        assert "Most certain" not in route["badges"]


def test_an_empty_table_needs_a_reason() -> None:
    tables, details = make_detailed()
    tables = Tables(tables.routes.iloc[:0], tables.legs.iloc[:0], tables.stops.iloc[:0])
    data = draw(tables, {"unavailable": details["unavailable"]})
    assert data["routes"] == []
    assert data["unavailable"][0]["reason"] == "sanctions on Iran"
    with pytest.raises(maps.BadTableError, match="nothing to draw"):
        draw(tables, {"unavailable": details["unavailable"].iloc[:0]})


def test_the_narrowest_cost_range_is_the_most_certain() -> None:
    def card(cost: float, low: float, high: float, *badges: str) -> dict[str, Any]:
        names = ("cost_usd_per_t", "cost_usd_per_t_p10", "cost_usd_per_t_p90")
        return dict(zip(names, (cost, low, high), strict=True)) | {"badges": list(badges)}

    cards = [card(100, 90, 130), card(200, 180, 230), card(50, 30, 80)]
    mark_most_certain(cards)
    assert [entry["badges"] for entry in cards] == [[], ["Most certain"], []]
    given = [card(100, 90, 130, "most certain"), card(200, 199, 201)]
    mark_most_certain(given)
    assert [entry["badges"] for entry in given] == [["most certain"], []]
    partial = [card(100, 90, 130), {"cost_usd_per_t": 1.0, "badges": []}]
    mark_most_certain(partial)
    assert [entry["badges"] for entry in partial] == [[], []]


def test_domination_by_hand() -> None:
    figures = {"A": (10, 10, 10), "B": (10, 10, 11), "C": (9, 12, 10), "D": (10, 10, 10), "E": (1, 1, None)}
    names = ("time_h", "cost_usd_per_t", "co2e_kg_per_t")
    cards = [{"letter": letter} | dict(zip(names, values, strict=True)) for letter, values in figures.items()]
    mark_dominated(cards)
    assert {card["letter"]: card["dominated_by"] for card in cards} == {
        "A": [],
        "B": ["A", "D"],
        "C": [],
        "D": [],
        "E": [],
    }


def test_speeds_by_hand() -> None:
    assert speeds_of(1200.0, 30.0, 20.0) == {"swd_kmh": 24.0, "swod_kmh": 40.0, "friction": 0.4}
    legs = [
        {"distance_km": 600.0, "time_h": 25.0, "standing_h": 10.0},
        {"distance_km": 600.0, "time_h": 15.0, "standing_h": 0.0},
    ]
    assert route_speeds(legs, [{"time_h": 10.0}]) == speeds_of(1200.0, 30.0, 20.0)
    assert route_speeds(legs, [{"time_h": None}])["friction"] is None
    assert speeds_of(100.0, 0.0, 5.0)["swd_kmh"] is None


def test_standing_hours_never_exceed_the_rounded_time() -> None:
    tables, _ = make_detailed()
    tables.legs["standing_h"] = tables.legs["time_h"]
    cards = read_routes(tables.routes)
    legs = read_legs(tables.legs, cards)
    stops = read_stops(tables.stops, cards, legs)
    for card in cards:
        for step in steps_of(card, legs[card["id"]], stops[card["id"]]):
            if step["step"] == "leg":
                assert 0 <= step["standing_h"] <= step["time_h"]


def test_empty_cells_of_every_kind_are_not_known() -> None:
    tables, details = make_detailed()
    details["items"]["year"] = pd.array([pd.NA] * len(details["items"]), dtype="Int64")
    details["scenarios"]["month"] = details["scenarios"]["month"].astype("Int64")
    data = draw(tables, details)
    assert not [item for step in data["routes"][0]["steps"] for item in items_of(data, step) if "year" in item]
    assert data["scenarios"][0]["rows"][0]["month"] == 1


def test_assumptions_that_move_a_route_hang_on_it() -> None:
    tables, details = make_detailed()
    cards = read_routes(tables.routes)
    read_tornado(details["tornado"], cards)
    first = cards[0]["tornado"]["time_h"]
    assert [row["item"] for row in first] == ["Line haul", "Waiting"]
    assert first[1]["where_ru"] == "Поти"
    assert first[0]["low"] == pytest.approx(1.2 * cards[0]["time_h"], abs=1e-4)
    for column, value, message in (
        ("figure", "distance_km", "unknown figure 'distance_km'"),
        ("mode", "balloon", "unknown mode 'balloon'"),
        ("low", float("nan"), "must all be known"),
    ):
        with pytest.raises(BadTableError, match=message):
            read_tornado(details["tornado"].assign(**{column: value}), read_routes(tables.routes))
