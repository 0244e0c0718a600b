"""Places: found by any name that a planner may type."""

import pickle
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import AmbiguousPlaceError, AtSeaError, GeodataError, UnknownPlaceError
from geodata.gazetteer import Gazetteer
from geodata.places import Place, normalize


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.of_terminals()


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("KZ_KOSTANAY", ["Kostanay", "Қостанай", "Костанай", "КОСТАНАЙ", "Kustanay", "kz_kostanay", "KZKSN"]),
        ("KZ_AKTAU", ["Aktau", "Ақтау", "Актау", "Port of Aktau", "kzaau"]),
        ("GE_POTI", ["Poti", "ფოთი", "Поти", "GEPTI"]),
        ("GE_TBILISI", ["Tbilisi", "თბილისი", "Тбилиси", "Tiflis"]),
        ("TR_HALKALI", ["Halkali", "Halkalı", "HALKALI", "Halkalı".upper()]),
        ("TR_ISKENDERUN", ["İskenderun", "iskenderun", "ISKENDERUN"]),
        ("TR_KAPIKULE", ["Kapıkule", "Kapikule"]),
        ("PL_MALASZ", ["Małaszewicze", "MAŁASZEWICZE", "Malaszewicze", "  Malaszewicze  "]),
        ("BE_GHENT", ["Ghent", "Gent", "Gand", "Гент", "BEGNE", "begne"]),
        ("BE_ANTWERP", ["Antwerp", "Antwerpen", "Anvers", "Антверпен", "BEANR"]),
        ("BE_OSTEND", ["Oostende", "Ostende", "Ostend"]),
        ("BE_LIEGE", ["Liège", "Liege", "LIÈGE", "Luik", "Льеж", "Liège"]),
        ("BE_EASTFLANDERS", ["Oost-Vlaanderen", "oost vlaanderen", "Flandre-Orientale"]),
        ("RO_CONSTANTA", ["Constanța", "Constanta", "Констанца"]),
        ("AZ_GANJA", ["Gəncə", "Гянджа"]),
        ("CN_XIAN", ["Xi'an", "Xi’an", "西安"]),
        ("BE_NIVELLES", ["VIGAN", "Nivelles", "VIGAN, Nivelles", "Nijvel"]),
        ("BE_MARKE", ["Vandewiele", "Kortrijk", "Courtrai"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_place_by_any_of_its_names(gazetteer: Gazetteer, code: str, names: list[str]) -> None:
    for name in names:
        assert gazetteer.find(name).code == code, name


def test_every_name_code_and_alias_finds_its_own_place(gazetteer: Gazetteer) -> None:
    """No two places share a name: closing one by its name never closes another."""
    assert len(gazetteer.places) > 100
    for place in gazetteer.places:
        for name in filter(None, (place.code, place.name, place.unlocode, *place.aliases)):
            assert gazetteer.find(name) is place, (place.code, name)


def test_places_that_the_project_is_about(gazetteer: Gazetteer) -> None:
    wanted = "Kostanay;Aktau;Kuryk;Alat;Baku;Turkmenbashi;Tbilisi;Poti;Batumi;Akhalkalaki;Kars;Halkali;Mersin;Constanta"
    wanted += ";Varna;Burgas;Antwerp;Zeebrugge;Ghent;Ostend;Liège;Genk;Brussels;VIGAN;Vandewiele;Voka East Flanders"
    for name in wanted.split(";"):
        place = gazetteer.find(name)
        assert -12 < place.lon < 125
        assert 20 < place.lat < 66
        assert place.country == place.code[:2]


@pytest.mark.parametrize(
    ("text", "lon", "lat"),
    [
        ("63.62,53.21", 63.62, 53.21),
        (" 63.62 , 53.21 ", 63.62, 53.21),
        ("63.62;53.21", 63.62, 53.21),
        ("-3,51", -3.0, 51.0),
        ("+3,-51.5", 3.0, -51.5),
        ("180,90", 180.0, 90.0),
        ("0,0", 0.0, 0.0),
    ],
)
def test_a_point_by_lon_lat(gazetteer: Gazetteer, text: str, lon: float, lat: float) -> None:
    place = gazetteer.find(text)
    assert (place.lon, place.lat) == (lon, lat)
    assert (place.terminal, place.role) == ("", "point")


def test_the_name_of_a_point(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("63.62,53.21").name == "53.21°N 63.62°E"
    assert gazetteer.find("-3.5,-51").name == "51°S 3.5°W"


@pytest.mark.parametrize("text", ["53.2,163.6", "51,-120.5", "0,91"])
def test_lat_lon_the_wrong_way_round_off_the_globe(gazetteer: Gazetteer, text: str) -> None:
    with pytest.raises(UnknownPlaceError, match=r"off the globe \(the order is lon,lat\)"):
        gazetteer.find(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("52.0,76.9", r"outside the region of the network: did you mean 76\.9,52\? The order is lon,lat"),
        ("51.05,3.72", r"outside the region of the network: did you mean 3\.72,51\.05\?"),
        ("51.0,42.0", r"in the Caspian Sea, \d+ km from land: give a point on land, or a port \(did you mean 42,51\?"),
        ("-9.5,60", "in the Atlantic, .* give a point on land, or a port$"),
    ],
)
def test_a_point_that_can_only_be_a_slip(gazetteer: Gazetteer, text: str, says: str) -> None:
    with pytest.raises(AtSeaError, match=says):
        gazetteer.find(text)


@pytest.mark.parametrize("text", ["38,34.5", "51.2,43.6", "53.2,63.6", "56,3", "-30,40"])
def test_a_point_that_may_be_meant(gazetteer: Gazetteer, text: str) -> None:
    """On land, at a quay, or where no land is known and none would be the other way round."""
    assert gazetteer.find(text).code == text


def test_an_alias_of_a_small_place_is_asked_back(gazetteer: Gazetteer) -> None:
    with pytest.raises(UnknownPlaceError, match="did you mean Niu-York, UA, Donetsk"):
        gazetteer.find("New York")
    assert gazetteer.find("New York, UA").name == "Niu-York"
    assert gazetteer.find("Niu-York").country == "UA"
    assert gazetteer.find("Нью-Йорк, UA").name == "Niu-York"
    assert gazetteer.find("Бейнеу").name == "Beyneu"


@pytest.mark.parametrize("text", ["181,95", "500,3", "-180.1,0", "9" * 400 + ",5"])
def test_points_off_the_globe(gazetteer: Gazetteer, text: str) -> None:
    with pytest.raises(UnknownPlaceError, match="off the globe"):
        gazetteer.find(text)


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("Kostany", "Kostanay"),
        ("Костонай", "Kostanay"),
        ("Aktua", "Aktau"),
        ("Malasewice", "Malaszewicze"),
        ("Zebrugge", "Zeebrugge"),
        ("Gnet", "Ghent"),
        ("Turkmanbashi", "Turkmenbashi"),
    ],
)
def test_a_typo_offers_three_nearest_names(gazetteer: Gazetteer, typo: str, meant: str) -> None:
    with pytest.raises(UnknownPlaceError) as caught:
        gazetteer.find(typo)
    nearest = caught.value.nearest
    assert len(set(nearest)) == 3
    assert meant in nearest
    for name in nearest:
        assert name in str(caught.value)
        gazetteer.find(name)  # what is offered can be typed


@pytest.mark.parametrize(
    "text", ["", " ", "???", "—", "\x00", "🚂", "lon,lat", "63.6", "63.6 53.2", "nan,nan", "1e1,5"]
)
def test_text_that_names_nothing(gazetteer: Gazetteer, text: str) -> None:
    with pytest.raises(UnknownPlaceError):
        gazetteer.find(text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_found_or_refused(gazetteer: Gazetteer, text: str) -> None:
    try:
        assert isinstance(gazetteer.find(text), Place)
    except (UnknownPlaceError, AmbiguousPlaceError) as error:
        assert str(error)


@given(st.text(max_size=40))
def test_normalizing_twice_changes_nothing(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once
    assert normalize(f"  {text}! ") == normalize(text)


def test_very_long_text_is_refused_quickly(gazetteer: Gazetteer) -> None:
    started = time.perf_counter()
    with pytest.raises(UnknownPlaceError):
        gazetteer.find("Kostanay " * 3000)
    assert time.perf_counter() - started < 5


def test_ambiguous_names_list_their_codes() -> None:
    two = Gazetteer(
        [
            Place("BY_BREST", "Brest", "BY", 23.7, 52.1, terminal="BY_BREST"),
            Place("FR_BREST", "Brest", "FR", -4.5, 48.4, terminal="FR_BREST"),
            Place("LV_RIGA", "Riga", "LV", 24.1, 57.0, terminal="LV_RIGA", aliases=("brest!",)),
        ]
    )
    with pytest.raises(AmbiguousPlaceError) as caught:
        two.find("brest")
    assert caught.value.candidates == ("BY_BREST (Brest, BY)", "FR_BREST (Brest, FR)", "LV_RIGA (Riga, LV)")
    assert "type one of them" in str(caught.value)
    assert two.find("FR_BREST").country == "FR"


def test_search_finds_parts_of_names_in_any_script(gazetteer: Gazetteer) -> None:
    assert [place.code for place in gazetteer.search("кост")] == ["KZ_KOSTANAY"]
    assert "GE_POTI" in [place.code for place in gazetteer.search("ფოთ")]
    assert {"BE_GHENT", "BE_GHENTVOKA"} <= {place.code for place in gazetteer.search("ghent")}
    assert gazetteer.search("") == list(gazetteer.places)
    assert gazetteer.search("no such place") == []


@pytest.mark.parametrize("text", ["Nowhereville", "Paris", "51.0,42.0", "200,52", ""])
def test_what_is_wrong_with_a_name_comes_whole_out_of_a_worker(gazetteer: Gazetteer, text: str) -> None:
    with pytest.raises(GeodataError) as raised:
        gazetteer.find(text)
    again = pickle.loads(pickle.dumps(raised.value))
    assert type(again) is type(raised.value)
    assert (str(again), vars(again)) == (str(raised.value), vars(raised.value))
