"""Pages of places as data: bands, areas, lines, funnels, and tables that are refused."""

import json
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from page_reader import PageReader

import maps
from maps.areas import area_cells, land_faces, pack_area
from maps.network_map import merge_lines
from maps.packing import unpack_lines
from maps.place_maps import MAX_GATEWAYS, RADIUS_KM, band_limits

FRAME = maps.Frame({"en": "Title", "kk": "Тақырып"})
UNIT: dict[str, Any] = {"figure": "time_h", "unit": ("days", 24.0, 1), "label": "Time, days"}
PLACES = [("Kostanay", "KZ", 63.65, 53.23), ("Petropavl", "KZ", 69.15, 54.87), ("Almaty", "KZ", 76.95, 43.25)]


def atlas(page: maps.OfflineMap) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(page.page.data["atlas"])
    return data


def reach_table(*hours: float) -> pd.DataFrame:
    rows = [(*place, value) for place, value in zip(PLACES, hours, strict=True)]
    return pd.DataFrame(rows, columns=["name", "country", "lon", "lat", "time_h"])


def hinterland_table() -> pd.DataFrame:
    rows = [
        (*PLACES[0], "Aktau", 240.0, True, 24.0),
        (*PLACES[0], "Riga", 264.0, False, 24.0),
        (*PLACES[1], "Aktau", 300.0, False, 60.0),
        (*PLACES[1], "Riga", 240.0, True, 60.0),
        (*PLACES[2], "Aktau", np.nan, False, np.nan),
        (*PLACES[2], "Riga", np.nan, False, np.nan),
    ]
    return pd.DataFrame(rows, columns=["name", "country", "lon", "lat", "gateway", "time_h", "best", "margin"])


@pytest.mark.parametrize(
    ("values", "limits"),
    [([1, 5, 11.9], [2, 4, 6, 8, 10, 12]), ([10, 20, 30, 40, 50, 60], [10, 20, 30, 40, 50, 60]), ([0, 0], [])],
)
def test_bands_are_of_one_round_step(values: list[float], limits: list[float]) -> None:
    assert band_limits(values) == limits


def test_reach_says_hours_as_days_in_bands() -> None:
    data = atlas(maps.draw_reach(reach_table(24, 120, 240), frame=FRAME, **UNIT))
    assert [place["cells"] for place in data["places"]] == [["KZ", 1.0], ["KZ", 5.0], ["KZ", 10.0]]
    labels = {group["id"]: group["label"] for group in data["groups"]}
    for place in data["places"]:
        low, high = (float(end) for end in labels[place["group"]].split("–"))
        assert low < place["cells"][1] <= high
    assert sum(group["count"] for group in data["groups"]) == 3
    assert len(data["areas"]) == 3


def test_hinterland_says_the_best_gateway_and_its_margin() -> None:
    data = atlas(maps.draw_hinterland(hinterland_table(), frame=FRAME, **UNIT))
    by_name = {place["name"]["name"]: place for place in data["places"]}
    assert by_name["Kostanay"]["cells"][0]["ru"] == "Актау"
    assert by_name["Kostanay"]["cells"][1:] == [10.0, 1.0, 10.0, 11.0]
    assert by_name["Petropavl"]["group"] == "B"
    assert by_name["Almaty"]["cells"][1:] == [None, None, None, None]
    assert {group["id"]: group["count"] for group in data["groups"]} == {"A": 1, "B": 1, "none": None}
    assert {area["group"] for area in data["areas"]} == {"A", "B"}, "no area where no way leads"


def test_areas_stay_on_their_land_and_near_their_place() -> None:
    points = np.array([place[2:] for place in PLACES] + [(51.2, 43.65)])
    cells = area_cells(points, 150)
    kazakhstan = max(
        (face for face in land_faces() if face.contains(shapely.Point(points[0]))), key=lambda face: face.area
    )
    for point, cell in zip(points, cells, strict=True):
        assert cell.covers(shapely.Point(point)) or cell.distance(shapely.Point(point)) < 0.1
        assert cell.difference(kazakhstan.buffer(0.02)).area < 1e-6
        north = shapely.get_coordinates(cell)[:, 1].max() - point[1]
        assert north * 111 < 150 * 1.05
    assert not cells[3].contains(shapely.Point(50.5, 42.5)), "the Caspian is no land"
    assert sum(cell.intersection(other).area for cell in cells[:1] for other in cells[1:]) < 1e-9
    rings = unpack_lines(pack_area(cells[0]))
    assert shapely.Polygon(rings[0] * 0.01).area == pytest.approx(cells[0].area, rel=0.01)
    assert area_cells(np.array([(-30.0, 30.0)]), RADIUS_KM)[0].is_empty, "far out at sea"


def test_lines_over_each_other_are_one() -> None:
    line = shapely.LineString([(60, 50), (61, 50), (62, 51)])
    back = shapely.LineString([(62.001, 51.001), (61, 50)])
    over_180 = shapely.LineString([(179.9, 50), (-179.9, 50)])
    merged = merge_lines(np.array([line, back, over_180], dtype=object))
    assert len(merged) == 1
    assert shapely.get_coordinates(merged[0]).tolist() in (
        [[6000, 5000], [6100, 5000], [6200, 5100]], [[6200, 5100], [6100, 5000], [6000, 5000]],
    )  # fmt: skip


def network_tables() -> tuple[gpd.GeoDataFrame, pd.DataFrame, pd.DataFrame]:
    shapes = [shapely.LineString([(60 + step, 50), (61 + step, 51)]) for step in range(3)]
    lines = gpd.GeoDataFrame(
        {"mode": ["rail", "rail", "road"], "gauge_mm": [1520, 1435, 0], "length_km": [100.0, 200.0, 300.0]},
        geometry=shapes, crs="EPSG:4326",
    )  # fmt: skip
    closed = pd.DataFrame({"reason": ["war", "war"], "reason_ru": ["война", "война"], "lon": [60, 61], "lat": [50, 51]})
    terminals = pd.DataFrame([(*place, ["rail"], True) for place in PLACES])
    terminals.columns = pd.Index(["name", "country", "lon", "lat", "modes", "gateway"])
    return lines, closed, terminals


def test_network_by_mode_and_gauge_with_what_is_closed() -> None:
    data = atlas(maps.draw_network(*network_tables(), frame=FRAME))
    assert {line["word"]: line["km"] for line in data["lines"]} == {"road": 300, "rail_1435": 200, "rail_1520": 100}
    assert all(len(unpack_lines(line["packed"])[0]) == 2 for line in data["lines"])
    assert [(reason["label"]["ru"], len(reason["at"])) for reason in data["shut"]] == [("война", 2)]
    assert [place["cells"] for place in data["places"]] == [["KZ", ["rail"]]] * 3


def capacities() -> pd.DataFrame:
    names = ["terminal", "stage", "what", "low", "base", "high", "source", "year", "confidence"]
    rows = [
        ("", "Railway", "grain", 90, 100, 110, "https://example.org/a", 2022, "high"),
        ("A", "Port", "grain", 5, 10, 20, "general knowledge", 2020, "low"),
    ]
    return pd.DataFrame(rows, columns=names)


def test_terminals_with_their_capacity_and_funnels() -> None:
    terminals = pd.DataFrame([(code, *place, ["rail", "sea"]) for code, place in zip("ABC", PLACES, strict=True)])
    terminals.columns = pd.Index(["terminal", "name", "country", "lon", "lat", "modes"])
    page = maps.draw_terminals(terminals, capacities(), {"way": [0, 1]}, titles={"way": "A way"}, frame=FRAME)
    data = atlas(page)
    assert data["places"][0]["cells"] == ["KZ", ["rail", "sea"], 10.0]
    assert [stage["base"] for stage in data["funnels"][0]["stages"]] == [100, 10]
    with pytest.raises(maps.BadTableError, match="no capacity number 7"):
        maps.draw_terminals(terminals, capacities(), {"way": [7]}, titles={"way": "A way"}, frame=FRAME)
    with pytest.raises(maps.BadTableError, match="low ≤ base ≤ high"):
        maps.draw_terminals(terminals, capacities().assign(low=50), {}, titles={}, frame=FRAME)


def test_tables_are_refused_in_one_sentence() -> None:
    with pytest.raises(maps.MissingColumnError, match="'reach' lacks column time_h"):
        maps.draw_reach(reach_table(1, 2, 3).drop(columns="time_h"), frame=FRAME, **UNIT)
    with pytest.raises(maps.BadTableError, match="nothing is reached"):
        maps.draw_reach(reach_table(1, 2, 3)[:0], frame=FRAME, **UNIT)
    with pytest.raises(maps.BadTableError, match="not negative"):
        maps.draw_reach(reach_table(1, 2, -3), frame=FRAME, **UNIT)
    with pytest.raises(maps.BadGeometryError, match="'Kostanay': lon, lat is no place"):
        maps.draw_reach(reach_table(1, 2, 3).assign(lat=95.0), frame=FRAME, **UNIT)
    many = pd.concat([hinterland_table().assign(gateway=str(number)) for number in range(MAX_GATEWAYS + 1)])
    with pytest.raises(maps.BadTableError, match="1 to 8 gateways"):
        maps.draw_hinterland(many, frame=FRAME, **UNIT)
    lines, closed, terminals = network_tables()
    with pytest.raises(maps.BadTableError, match="unknown mode moon"):
        maps.draw_network(lines.assign(mode="moon"), closed, terminals, frame=FRAME)
    with pytest.raises(maps.BadGeometryError, match="no CRS"):
        maps.draw_network(lines.set_crs(None, allow_override=True), closed, terminals, frame=FRAME)


def test_the_same_tables_give_the_same_bytes() -> None:
    first, second = (maps.draw_reach(reach_table(24, 120, 240), frame=FRAME, **UNIT).to_html() for _ in range(2))
    assert first == second
    assert PageReader(first).data["atlas"]["title"] == {"en": "Title", "kk": "Тақырып"}
