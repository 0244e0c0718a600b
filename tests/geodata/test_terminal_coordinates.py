"""Every terminal stands where its name says, or there is a reason written down."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd
import pytest

from geodata.build_settlements import build_settlements
from geodata.coordinate_checks import CLOSE_KM, NEAR_KM, VERDICTS, check_terminal_coordinates
from geodata.measure import point_distance_km
from geodata.settlements import Settlements, find_settlements, name_key
from geodata.tables import read_table

STATION_LISTS = Path(__file__).parents[3] / "shared" / "testdata"
"""Lists of stations that are not part of the project; without them their tests are skipped."""
FAR_KM = 40.0
STATION_KM = 8.0
OFF_STATION = {
    "BE_ANTWERP": "the docks and Antwerp-North yard, not the passenger stations",
    "BE_GHENT": "the docks along the canal, not the passenger stations",
    "AZ_BAKU": "the yards of Bilajari, not the passenger station",
}
"""Terminals that bear the name of a station but stand elsewhere on purpose."""


@pytest.fixture(scope="module")
def checks() -> pd.DataFrame:
    return check_terminal_coordinates()


def test_one_row_a_terminal_with_a_verdict(checks: pd.DataFrame) -> None:
    assert checks["terminal"].tolist() == read_table("terminals")["terminal"].tolist()
    assert set(checks["verdict"]) <= set(VERDICTS)
    unchecked = checks["distance_km"].isna()
    assert (unchecked == (checks["verdict"] == "unchecked")).all()
    assert (unchecked == (checks["checked_against"] == "")).all()


def test_no_terminal_is_far_from_its_name_without_a_reason(checks: pd.DataFrame) -> None:
    lost = checks[(checks["distance_km"] > FAR_KM) & (checks["reason"] == "")]
    assert lost.empty, lost[["terminal", "checked_against", "distance_km"]].to_string()


def test_most_terminals_are_checked(checks: pd.DataFrame) -> None:
    share = checks["verdict"].value_counts(normalize=True)
    assert share.get("unchecked", 0.0) < 0.25
    assert share["within 1 km"] + share["within 5 km"] > 0.6


def test_verdicts_follow_the_distance(checks: pd.DataFrame) -> None:
    km = checks["distance_km"]
    assert (checks.loc[km <= NEAR_KM, "verdict"] == "within 1 km").all()
    assert (checks.loc[(km > NEAR_KM) & (km <= CLOSE_KM), "verdict"] == "within 5 km").all()
    assert checks.loc[km > CLOSE_KM, "verdict"].isin(["further on purpose", "further"]).all()


def test_every_note_concerns_a_terminal_and_says_what_to_compare() -> None:
    notes = read_table("coordinate_checks")
    assert notes["terminal"].is_unique
    assert set(notes["terminal"]) <= set(read_table("terminals")["terminal"])
    assert ((notes["against"] == "settlement") == notes["geonames_id"].notna()).all()
    points = notes["against"] == "point"
    assert (points == notes["reference_lon"].notna()).all()
    assert (points == notes["reference_lat"].notna()).all()
    assert (points == (notes["reference"] != "")).all()
    for number in notes["geonames_id"].dropna():
        assert find_settlements(f"geonames:{int(number)}"), f"no settlement {number:.0f} in the shipped table"


def test_a_terminal_put_elsewhere_is_seen() -> None:
    """Swapped, mistyped and nameless coordinates, on a table of one settlement."""
    town = (1, "Beyneu", "KZ", "09", 55.2, 45.32, 32_000, ("Бейнеу",))
    columns = ["geonames_id", "name", "country", "region_code", "lon", "lat", "population", "alternate_names"]
    settlements = Settlements(build_settlements(pd.DataFrame([town], columns=columns)))
    terminals = read_table("terminals").head(4).assign(
        terminal=["a", "b", "c", "d"], name=["Beyneu", "Beyneu", "Nowhere", "Nowhere"], country="KZ",
        lon=[55.2, 45.32, 55.2, 56.2], lat=[45.32, 55.2, 45.32, 45.32], aliases=["", "", "", "x;Бейнеу"],
    )  # fmt: skip
    checks = check_terminal_coordinates(terminals, settlements)
    assert checks["verdict"].tolist() == ["within 1 km", "further", "unchecked", "further"]
    assert checks["distance_km"][0] < 0.01
    assert checks["distance_km"][1] > 1000
    assert math.isnan(checks["distance_km"][2])
    assert checks["distance_km"][3] == pytest.approx(78.4, abs=0.2)


@pytest.mark.parametrize("country", ["BE", "GE", "AZ", "AM"])
def test_stations_of_the_same_name_are_near(country: str) -> None:
    stations = _belgian() if country == "BE" else _georgian()
    compared = 0
    for place in read_table("terminals").query("country == @country").itertuples(index=False):
        keys = {name_key(name) for name in (place.name, *place.aliases.split(";")) if name}
        found = [(name, lon, lat) for name, lon, lat in stations if name_key(name) in keys]
        if found and place.terminal not in OFF_STATION:
            km = min(point_distance_km(place.lon, place.lat, lon, lat) for _, lon, lat in found)
            assert km < STATION_KM, f"{place.terminal}: {km:.1f} km from the station of its name"
            compared += 1
    assert compared


def _belgian() -> list[tuple[str, float, float]]:
    path = STATION_LISTS / "belgium_stations_irail.csv"
    if not path.is_file():
        pytest.skip("the list of Belgian stations is not here")
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    columns = ["name", "alternative-fr", "alternative-nl", "alternative-de", "alternative-en"]
    return [
        (name, float(row["longitude"]), float(row["latitude"]))
        for row in table.to_dict("records")
        for name in {row[column] for column in columns} - {""}
    ]


def _georgian() -> list[tuple[str, float, float]]:
    path = STATION_LISTS / "georgia_stations.json"
    if not path.is_file():
        pytest.skip("the list of Georgian stations is not here")
    stations = json.loads(path.read_text("utf-8")).values()
    return [
        (name, station["coords"][1], station["coords"][0])
        for station in stations
        for name in {station.get(key) for key in ("name_en", "name_ru", "name_ka")} - {None, ""}
        if station.get("coords")
    ]
