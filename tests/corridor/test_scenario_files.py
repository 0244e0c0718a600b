"""Scenarios and studies as TOML: what is written is read back, and what is wrong is named."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor as co
from corridor.closures import ClosureKind, ring_of_box
from corridor.rate_changes import How

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
NAME = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)
DAY = st.dates(date(2020, 1, 1), date(2030, 12, 31))
PERIODS = st.one_of(
    st.just(co.Period()),
    st.lists(st.integers(1, 12), min_size=1, max_size=5).map(lambda months: co.Period(tuple(months))),
    st.tuples(DAY, DAY).map(lambda days: co.Period(since=min(days), until=max(days))),
    DAY.map(lambda day: co.Period(since=day)),
)


@st.composite
def closures(draw: st.DrawFn) -> co.Closure:
    kind = draw(st.sampled_from(ClosureKind))
    more = {}
    target = draw(NAME)
    if kind is ClosureKind.MODE:
        target = draw(st.sampled_from(["rail", "sea"]))
    elif kind is ClosureKind.COUNTRY:
        target = draw(st.sampled_from(["RU", "BY"]))
    elif kind is ClosureKind.LINK:
        target = str(draw(st.integers(0, 10**6)))
    elif kind is ClosureKind.LINE:
        more["end"] = draw(NAME)
    elif kind is ClosureKind.AREA:
        west, south = draw(st.integers(-170, 170)), draw(st.integers(-80, 80))
        more["outline"] = (ring_of_box((float(west), float(south), west + 1.5, south + 0.25)),)
    cargo = draw(st.lists(st.sampled_from(["wheat", "flaxseed", "barley"]), unique=True, max_size=2))
    return co.Closure(
        kind, target, draw(TEXT).strip(), draw(st.sampled_from(["", "rail", "road"])), tuple(cargo), draw(PERIODS),
        source=draw(TEXT).strip(), **more,
    )  # fmt: skip


@st.composite
def changes(draw: st.DrawFn) -> co.RateChange:
    low, base, high = sorted(draw(st.lists(st.floats(0.02, 50.0), min_size=3, max_size=3)))
    return co.RateChange(
        "dwell_h", "transfer", draw(st.sampled_from(How)), base, low, high, draw(st.sampled_from(["", ">sea"])),
        draw(st.sampled_from(["", "KZ"])), "", draw(PERIODS), draw(TEXT).strip(), draw(TEXT).strip(),
    )  # fmt: skip


SCENARIOS = st.builds(
    co.Scenario,
    NAME,
    st.lists(closures(), max_size=4, unique=True).map(tuple),
    st.text(st.characters(categories=["L", "P", "Zs"]), max_size=40).map(str.strip),
    st.none() | st.integers(1, 12),
    st.none() | st.floats(-31.0, -26.0),
    st.lists(changes(), max_size=3).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(SCENARIOS)
def test_what_is_saved_is_loaded(tmp_path_factory: pytest.TempPathFactory, scenario: co.Scenario) -> None:
    file = tmp_path_factory.mktemp("scenario") / "mine.toml"
    co.save_scenario(scenario, file)
    again = co.load_scenario(file)
    co.save_scenario(again, file.with_name("again.toml"))
    assert file.read_bytes() == file.with_name("again.toml").read_bytes()
    assert again.closures == scenario.closures
    assert (again.name, again.note, again.month) == (scenario.name, scenario.note, scenario.month)
    assert again.caspian_level_m == scenario.caspian_level_m
    for one, other in zip(again.rate_changes, scenario.rate_changes, strict=True):
        assert [one.at(level) for level in ("low", "base", "high")] == [
            other.at(level) for level in ("low", "base", "high")
        ]
        assert str(one) == str(other)


def write(folder: Path, text: str, name: str = "mine.toml") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def test_everything_that_a_scenario_can_say(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        """
        name = "all"
        note = "of it"
        month = 3
        caspian_level_m = -29.5
        [[closures]]
        gateway = "Aktau"
        by_mode = "rail"
        commodities = ["wheat"]
        months = [10, 11]
        reason = "ban"
        source = "general knowledge"
        [[closures]]
        line = ["Beyneu", "Mangystau"]
        since = 2024-06-01
        until = 2024-06-02
        [[closures]]
        area = "delta"
        box = [47, 45.5, 49, 47]
        [[closures]]
        area = "triangle"
        polygon = [[[47, 45.5], [49, 45], [48, 47], [47, 45.5]]]
        [[closures]]
        country = "ru"
        [[closures]]
        link = 7
        [[closures]]
        mode = "waterway"
        [[rates]]
        quantity = "dwell_h"
        kind = "transfer"
        layer = ">sea"
        terminal = "KZ_AKTAU"
        factor = [1, 1.5, 2]
        [[rates]]
        quantity = "usd_per_tkm"
        kind = "haul"
        area = "KZ"
        add = 0.001
        """,
    )
    scenario = co.load_scenario(file)
    assert scenario == co.load_scenario(str(file))
    assert [str(closure) for closure in scenario.closures] == [
        "Aktau by rail for wheat (ban, October–November)",
        "line Beyneu–Mangystau (1 June 2024 to 2 June 2024)",
        "area delta",
        "area triangle",
        "country RU",
        "link 7",
        "mode waterway",
    ]
    assert scenario.closures[2].outline == (ring_of_box((47.0, 45.5, 49.0, 47.0)),)
    assert scenario.closures[3].outline[0][2] == (48.0, 47.0)
    assert scenario.rate_changes[0] == co.RateChange(
        "dwell_h", "transfer", How.FACTOR, 1.5, 1, 2, ">sea", terminal="KZ_AKTAU"
    )
    assert scenario.rate_changes[1].at("high") == 0.001
    assert (scenario.name, scenario.note, scenario.month, scenario.caspian_level_m) == ("all", "of it", 3, -29.5)


CLOSED = 'name = "x"\n[[closures]]\n'
RATES = 'name = "x"\n[[rates]]\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "mine.toml: the key name is missing: what the scenario is called"),
        ("name = ", "mine.toml is not a TOML file: Invalid value"),
        ("name = 7", "mine.toml: name = 7 is not a text"),
        ('name = "  "', "mine.toml: name = '  ' is not a text"),
        ('name = "x"\nmoth = 3', "unknown key 'moth'; did you mean month? Keys are name, note"),
        ('name = "x"\nmonth = 13', "mine.toml: month = 13 is outside 1…12"),
        ('name = "x"\nmonth = "May"', "month = 'May' is not a whole number"),
        ('name = "x"\nmonth = true', "month = True is not a whole number"),
        ('name = "x"\ncaspian_level_m = 29.0', "caspian_level_m = 29.0 is outside -31…-26"),
        ('name = "x"\ncaspian_level_m = nan', "caspian_level_m = nan is not a number"),
        ('name = "x"\nclosures = 3', "mine.toml: closures is a table: write it under [[closures]]"),
        ('name = "x"\n[closures]\ngateway = "Aktau"', "write it under [[closures]]"),
        (CLOSED + 'gatway = "Aktau"', "mine.toml, closures 1: unknown key 'gatway'; did you mean gateway?"),
        (CLOSED + 'reason = "why"', "give one of gateway, country, mode, link, line, area, not none of them"),
        (CLOSED + 'gateway = "Aktau"\ncountry = "RU"', "not gateway and country"),
        (CLOSED + 'gateway = ["Aktau"]', "closures 1: gateway = ['Aktau'] is not a text"),
        (CLOSED + 'gateway = "Aktau"\n[[closures]]\nline = ["a"]', "closures 2: line = ['a'] is not two texts"),
        (CLOSED + 'mode = "zeppelin"', "closures 1: unknown mode 'zeppelin'"),
        (CLOSED + 'gateway = "Aktau"\nby_mode = "zeppelin"', "closures 1: unknown mode 'zeppelin'"),
        (CLOSED + 'gateway = "Aktau"\ncommodities = ["weat"]', "closures 1: unknown commodity 'weat'; did you mean"),
        (CLOSED + 'gateway = "Aktau"\ncommodities = []', "is not a list of texts"),
        (CLOSED + 'gateway = "Aktau"\nmonths = [1, 13]', "closures 1: months = [1, 13] is outside 1…12"),
        (CLOSED + 'gateway = "Aktau"\nmonths = [1, "May"]', "is not a list of whole numbers"),
        (CLOSED + 'gateway = "Aktau"\nsince = "2025-09-12"', "since = '2025-09-12' is not a day such as 2025-09-12"),
        (CLOSED + 'gateway = "Aktau"\nsince = 2025-09-12T08:00:00', "is not a day such as"),
        (CLOSED + 'gateway = "Aktau"\nsince = 2025-09-12\nuntil = 2025-09-01', "closures 1: a period from 2025-09-12"),
        (CLOSED + 'gateway = "Aktau"\nsince = 2025-09-12\nmonths = [9]', "months or days, not both"),
        (CLOSED + 'area = "a"', "closures 1: give one of box, polygon, not none of them"),
        (CLOSED + 'area = "a"\nbox = [1, 2, 3]', "box = [1, 2, 3] is not west, south, east, north"),
        (CLOSED + 'area = "a"\nbox = [1, 2, 1, 3]', "encloses nothing"),
        (CLOSED + 'area = "a"\nbox = [170, -60, -170, 60]', "give one that crosses 180° as two"),
        (CLOSED + 'area = "a"\nbox = [1, 3, 2, 2]', "box [1, 3, 2, 2] is not west < east, south < north"),
        (CLOSED + 'area = "a"\npolygon = [[1, 2], [2, 3]]', "is not the coordinates of a GeoJSON polygon"),
        (CLOSED + 'area = "a"\npolygon = [[[1, 2], [2, 3], [1, 2]]]', "at least four points"),
        (CLOSED + "link = -1", "link = -1 is outside 0…∞"),
        (RATES + 'kind = "haul"\nfactor = 2', "mine.toml, rates 1: the key quantity is missing"),
        (RATES + 'quantity = "usd"\nkind = "haul"\nfactor = 2', "rates 1: no link of kind 'haul' has a rate 'usd'"),
        (RATES + 'quantity = "usd_per_tkm"\nkind = "haul"', "give one of factor, add, value, not none of them"),
        (RATES + 'quantity = "usd_per_tkm"\nkind = "haul"\nfactor = "2"', "factor = '2' is not a number or"),
        (RATES + 'quantity = "usd_per_tkm"\nkind = "haul"\nfactor = [2, 1, 3]', "rates 1: usd_per_tkm of hauls × 1"),
        (RATES + 'quantity = "usd_per_tkm"\nkind = "haul"\nfactor = [1, 2]', "not a number or a list of three"),
        (RATES + 'quantity = "usd_per_tkm"\nkind = "haul"\nfactor = 0', "outside 0.01…100"),
        (RATES + 'quantity = "usd_per_tkm"\nkind = "haul"\nfactor = 2\nadd = 1', "not factor and add"),
        ('name = "x"\nbased_on = "red-sea"', "no scenario 'red-sea'; did you mean red-sea-closed"),
        ('name = "x"\nbased_on = "mine.toml"', "mine.toml is based on itself"),
        ('name = "x"\nbased_on = "other.toml"', "other.toml is not there"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(co.ScenarioError) as caught:
        co.load_scenario(write(tmp_path, text))
    assert says in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(co.ScenarioError, match=r"nothing\.toml is not there"):
        co.load_scenario(tmp_path / "nothing.toml")
    with pytest.raises(co.ScenarioError, match="is a folder"):
        co.load_scenario(tmp_path)
    (tmp_path / "bytes.toml").write_bytes(b'name = "\xff"')
    with pytest.raises(co.ScenarioError, match=r"bytes\.toml is not a TOML file"):
        co.load_scenario(tmp_path / "bytes.toml")
    with pytest.raises(
        co.ScenarioError, match="no scenario 'caspian'; did you mean caspian-one-metre-lower, caspian-winter"
    ):
        co.load_scenario("caspian")
    with pytest.raises(co.ScenarioError, match="no scenario 'zzzzzzz'; `corridor scenarios` lists them"):
        co.load_scenario("zzzzzzz")


def test_a_scenario_based_on_another(tmp_path: Path) -> None:
    write(tmp_path, 'name = "base"\nmonth = 2\ncaspian_level_m = -29.5\n[[closures]]\ngateway = "Aktau"', "base.toml")
    own = '[[closures]]\ngateway = "Kuryk"\n'
    mine = co.load_scenario(write(tmp_path, 'name = "mine"\nmonth = 7\nbased_on = "base.toml"\n' + own))
    assert [closure.target for closure in mine.closures] == ["Aktau", "Kuryk"]
    assert (mine.name, mine.month, mine.caspian_level_m) == ("mine", 7, -29.5)
    shipped = co.load_scenario(write(tmp_path, 'name = "mine"\nbased_on = "no-russia-belarus"\n' + own))
    assert [closure.target for closure in shipped.closures] == ["RU", "BY", "Kuryk"]


# ----------------------------------------------------------------------------------------------------------- studies

STUDY = """
name = "mine"
origins = ["Kostanay"]
destinations = ["Ghent", "Antwerp"]
months = [1, 7]
scenarios = ["baseline", "beside.toml"]
minimize = "time_h"
[shipment]
commodity = "wheat"
tonnes = 500
units = ["hopper wagon", "container"]
"""


def test_a_study(tmp_path: Path) -> None:
    write(tmp_path, 'name = "beside"\n[[closures]]\ncountry = "RU"', "beside.toml")
    study = co.load_study(write(tmp_path, STUDY))
    assert study == co.Study(
        "mine", ("Kostanay",), ("Ghent", "Antwerp"),
        (co.Shipment("wheat", 500.0, "hopper wagon"), co.Shipment("wheat", 500.0, "container")), (1, 7),
        (co.load_scenario("baseline"), co.Scenario("beside").close_country("RU")), "time_h",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('name = "mine"', "", "the key name is missing"),
        ('origins = ["Kostanay"]', 'origin = "Kostanay"', "unknown key 'origin'; did you mean origins?"),
        ('origins = ["Kostanay"]', 'origins = "Kostanay"', "is not a list of texts"),
        ("[shipment]", "[shipmnt]", "unknown key 'shipmnt'; did you mean shipment?"),
        ('"beside.toml"', '"red-sea"', "no scenario 'red-sea'; did you mean red-sea-closed"),
        ('"time_h"', '"luck"', "cannot minimize 'luck': choose from"),
        ('"wheat"', '"weat"', "mine.toml: unknown commodity 'weat'; did you mean 'wheat'"),
        ('"hopper wagon"', '"tank wagon"', "mine.toml: wheat is dry bulk and does not go in a tank wagon"),
        ("tonnes = 500", "tonnes = -5", "mine.toml, shipment: tonnes = -5 is outside 0…10000000"),
        ("[1, 7]", "[1, 17]", "months = [1, 17] is outside 1…12"),
    ],
)
def test_what_is_wrong_with_a_study(tmp_path: Path, old: str, new: str, says: str) -> None:
    write(tmp_path, 'name = "beside"', "beside.toml")
    assert old in STUDY
    with pytest.raises(co.ScenarioError) as caught:
        co.load_study(write(tmp_path, STUDY.replace(old, new)))
    assert says in str(caught.value)


def test_a_study_without_a_shipment(tmp_path: Path) -> None:
    with pytest.raises(co.ScenarioError, match=r"mine\.toml: the table \[shipment\] is missing"):
        co.load_study(write(tmp_path, STUDY.partition("[shipment]")[0]))
    with pytest.raises(co.ScenarioError, match="no study 'flax'; did you mean flaxseed-kostanay-ghent"):
        co.load_study("flax")
