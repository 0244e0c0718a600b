"""Assumptions: their tables, which row wins, and what happens when a planner's own tables are wrong."""

import shutil
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

import corridor as co
from corridor.assumption_files import RATES
from corridor.catalogue import shipped_catalogue
from corridor.impedance import price_links
from corridor.rates import QUANTITIES
from geodata.errors import TableError
from geodata.network import Network

ASSUMPTIONS = files("corridor") / "assumptions"
COLUMNS = "quantity,kind,layer,area,terminal,load_unit,low,base,high,unit,payload_t,source,year,confidence,note"
LINE = "usd_per_tkm,haul,rail,,,,1,2,3,USD/tkm,,somebody,2024,high,"


def rates_of(*rows: str) -> co.Rates:
    """Rates told as ``quantity kind layer area terminal value``, with - for an empty cell."""
    cells = [[cell.replace("_", " ") if cell != "-" else "" for cell in row.split()] for row in rows]
    table = pd.DataFrame(cells, columns=["quantity", "kind", "layer", "area", "terminal", "base"])
    table["quantity"] = table["quantity"].str.replace(" ", "_")
    table["terminal"] = table["terminal"].str.replace(" ", "_")
    value = table["base"].astype(float)
    return co.Rates(table.assign(low=value, base=value, high=value, file="test"))


PRECEDENCE = [
    # quantity and link class, then rows from the least to the most specific: each must beat all before it
    (
        ("dwell_h", ("transfer", "rail-1520>sea", "GE", "GE_POTI")),
        [
            "dwell_h transfer - - - 1",
            "dwell_h transfer rail>sea - - 2",
            "dwell_h transfer rail-1520>sea - - 3",
            "dwell_h transfer - GE - 4",
            "dwell_h transfer rail>sea GE - 5",
            "dwell_h transfer - - GE_POTI 6",
            "dwell_h transfer rail-1520>sea - GE_POTI 7",
        ],
    ),
    (
        ("dwell_h", ("border", "rail-1520", "BY–RU", "BY_ORSHA")),
        [
            "dwell_h border - - - 1",
            "dwell_h border rail - - 2",
            "dwell_h border rail-1520 - - 3",
            "dwell_h border - EAEU–EAEU - 4",
            "dwell_h border rail EAEU–EAEU - 5",
            "dwell_h border - BY–RU - 6",
            "dwell_h border rail BY–RU - 7",
            "dwell_h border - - BY_ORSHA 8",
        ],
    ),
    (
        ("usd_per_tkm", ("haul", "rail-1435", "TR", "")),
        [
            "usd_per_tkm haul - - - 1",
            "usd_per_tkm haul rail - - 2",
            "usd_per_tkm haul rail-1435 - - 3",
            "usd_per_tkm haul rail TR - 4",
            "usd_per_tkm haul rail-1435 TR - 5",
        ],
    ),
    (
        ("usd_per_t", ("access", "loading rail-1520", "KZ", "KZ_TOBOL")),
        [
            "usd_per_t access - - - 1",
            "usd_per_t access loading_rail - - 2",
            "usd_per_t access loading_rail-1520 - - 3",
            "usd_per_t access - KZ - 4",
            "usd_per_t access - - KZ_TOBOL 5",
        ],
    ),
]


@pytest.mark.parametrize(
    ("question", "rows"), PRECEDENCE, ids=lambda value: "" if isinstance(value, list) else value[0]
)
def test_the_most_specific_row_wins(question, rows: list[str]) -> None:
    others = [
        "dwell_h transfer sea>rail GE - 91", "dwell_h border rail DE–PL - 92", "usd_per_tkm haul rail-1435 CN - 93",
        "usd_per_t access discharge_rail KZ - 94", "dwell_h transfer - - GE_BATUMI 95", "dwell_h border - EU–EU - 96",
    ]  # fmt: skip
    for count in range(1, len(rows) + 1):
        for order in (rows[:count], rows[:count][::-1]):  # the order of the rows does not matter
            found = rates_of(*others, *order).lookup(*question)
            assert found == float(rows[count - 1].split()[-1])


@pytest.mark.parametrize(
    ("pair", "hours"), [("DE–PL", 2.0), ("BY–RU", 6.0), ("BY–PL", 12.0), ("CH–DE", 12.0), ("KZ–RU", 6.0)]
)
def test_both_sides_of_a_border_must_be_in_the_bloc(pair: str, hours: float) -> None:
    rates = rates_of("dwell_h border - - - 12", "dwell_h border - EU–EU - 2", "dwell_h border - EAEU–EAEU - 6")
    assert rates.lookup("dwell_h", ("border", "rail-1520", pair, "")) == hours


def test_every_row_has_a_range_a_source_a_year_and_a_confidence(rates: co.Rates) -> None:
    table = rates.table
    assert len(table) > 100
    assert (table["low"] <= table["base"]).all()
    assert (table["base"] <= table["high"]).all()
    assert table["year"].between(2005, 2030).all()
    assert set(table["confidence"]) <= {"high", "medium", "low"}
    assert (table["source"].str.len() >= 8).all()
    assert (table["unit"] != "").all()
    published = table[table["source"].str.startswith("http")]
    assert len(published) > 0.4 * len(table)
    spread = table[(table["low"] < table["high"])]
    assert len(spread) > 0.9 * len(table)


def test_every_row_is_about_a_quantity_its_kind_has(rates: co.Rates) -> None:
    """A row with a quantity that is never looked up would be ignored in silence."""
    known = {str(kind): set(quantities) for kind, quantities in QUANTITIES.items()}
    known["any"] = {"interest_percent_per_year", "carbon_usd_per_t"}
    for row in rates.table.itertuples():
        assert row.quantity in known[row.kind], row


def test_every_row_is_about_somewhere_that_exists(rates: co.Rates, network: Network) -> None:
    areas = set(network.links_by("area")) | set(network.links_by("country")) | {"", "EU–EU", "EAEU–EAEU"}
    areas |= {name for name in network.links_by("name") if "–" in name}
    areas |= {f"{country}–EU" for country in ("KZ", "RU", "BY")} | {"BE–KZ"}
    terminals = set(network.links_by("terminal")) | set(network.links_by("passage")) | {""}
    hauls = {"rail", "road", "sea", "ferry", "waterway", "rail-1520", "rail-1435"}
    layers = {""} | hauls | {f"{a}>{b}" for a in hauls | {""} for b in hauls | {""}}
    layers |= {f"rail {power}" for power in ("electric", "diesel", "unknown")} | set(shipped_catalogue().commodities)
    layers |= {f"{action} {layer}" for action in ("loading", "discharge") for layer in hauls}
    for row in rates.table.itertuples():
        assert row.area in areas, row
        assert row.terminal in terminals, row
        assert row.layer in layers, row
        assert row.load_unit in {"", *shipped_catalogue().load_units}, row
        assert not (row.area and row.terminal), row  # a terminal is somewhere already: such a row would never be found


def test_shipped_rates_are_in_units_that_make_sense(rates: co.Rates) -> None:
    """Guards a slipped decimal point: bounds are an order of magnitude beyond anything published."""
    bounds = {
        "km_per_day": (50, 1500),
        "usd_per_tkm": (0.0005, 0.5),
        "kg_co2e_per_tkm": (0.001, 0.5),
        "dwell_h": (0, 1000),
        "usd_per_t": (0, 100),
    }
    for quantity, (least, most) in bounds.items():
        rows = rates.table[rates.table["quantity"] == quantity]
        assert len(rows)
        assert rows["low"].min() >= least, quantity
        assert rows["high"].max() <= most, quantity


def test_values(rates: co.Rates, toy_rates: co.Rates) -> None:
    assert toy_rates.interest_percent_per_year == 8.76
    assert toy_rates.at("high").carbon_usd_per_t == 200.0
    low, base, high = (rates.at(level).carbon_usd_per_t for level in ("low", "base", "high"))
    assert low <= base <= high


def test_with_value_replaces_one_row_and_leaves_the_original(toy_rates: co.Rates) -> None:
    dearer = toy_rates.with_value("usd_per_tkm", 0.5, layer="ferry")
    ferry, rail = ("haul", "ferry", "Caspian Sea", ""), ("haul", "rail-1520", "RU", "")
    assert dearer.lookup("usd_per_tkm", ferry) == dearer.at("low").lookup("usd_per_tkm", ferry) == 0.5
    assert toy_rates.lookup("usd_per_tkm", ferry) == 0.05
    assert dearer.lookup("usd_per_tkm", rail) == toy_rates.lookup("usd_per_tkm", rail)
    with pytest.raises(co.AssumptionError, match="to replace"):
        toy_rates.with_value("usd_per_tkm", 0.5, layer="zeppelin")
    for slip in (-0.5, 50.0, float("nan")):
        with pytest.raises(co.AssumptionError, match=r"usd_per_tkm cannot be .*: give 0…5"):
            toy_rates.with_value("usd_per_tkm", slip, layer="ferry")


def test_a_level_is_low_base_or_high(toy_rates: co.Rates) -> None:
    with pytest.raises(co.AssumptionError, match="no level 'middle': choose from low, base, high"):
        toy_rates.at("middle")  # type: ignore[arg-type]


def scaled(rates: co.Rates, factor: float) -> co.Rates:
    table = rates.table.copy()
    money = table["quantity"].str.contains("usd") & (table["quantity"] != "carbon_usd_per_t")
    for level in ("low", "base", "high"):
        table[level] = table[level].where(~money, table[level] * factor)
    return co.Rates(table)


@pytest.mark.parametrize("factor", [0.25, 3.0])
def test_scaling_all_prices_scales_costs_and_keeps_the_order(
    toy: Network, toy_rates: co.Rates, thousand: co.Shipment, factor: float
) -> None:
    before = co.find_corridors(toy, "Kostanay", "Ghent", thousand, rates=toy_rates)
    after = co.find_corridors(toy, "Kostanay", "Ghent", thousand, rates=scaled(toy_rates, factor))
    assert len(before) == 3
    assert [route.corridor for route in after] == [route.corridor for route in before]
    for one, other in zip(before, after, strict=True):
        assert other.cost_usd == pytest.approx(one.cost_usd * factor)
        assert other.time_h == one.time_h


def test_a_planners_folder_replaces_one_table(tmp_path: Path, rates: co.Rates) -> None:
    table = (ASSUMPTIONS / "values.csv").read_text("utf-8").replace(",72.5,95,", ",100,150,")
    (tmp_path / "values.csv").write_text("\ufeff" + table, "utf-8")  # as Excel saves it
    mine = co.load_rates(tmp_path)
    assert (mine.carbon_usd_per_t, rates.carbon_usd_per_t) == (100.0, 72.5)
    assert len(mine.table) == len(rates.table)
    rest = mine.table["file"] != "values.csv"
    pd.testing.assert_frame_equal(mine.table[rest], rates.table[rest])


def test_a_planners_rates_are_used(tmp_path: Path, toy: Network, thousand: co.Shipment) -> None:
    text = (ASSUMPTIONS / "haul.csv").read_text("utf-8")
    lines = [line for line in text.splitlines() if "usd_per_tkm,haul,ferry" not in line]
    lines.append("usd_per_tkm,haul,ferry,,,,4,4,4,USD/tkm,,somebody,2024,high,")
    (tmp_path / "haul.csv").write_text("\n".join(lines), "utf-8")
    prices = price_links(toy, thousand, co.load_rates(str(tmp_path)))
    ferry = ((toy.links["layer"] == "ferry") & (toy.links["length_km"] == 400)).to_numpy()
    assert prices["cost_usd"][ferry].tolist() == pytest.approx([4 * 400 * 1000])


@pytest.mark.parametrize("name", [name for name in RATES if name not in ("vessels", "policy")])
def test_a_table_without_a_row_that_is_needed_says_so(tmp_path: Path, toy: Network, name: str) -> None:
    (tmp_path / f"{name}.csv").write_text(COLUMNS + "\n", "utf-8")
    with pytest.raises((co.AssumptionError, TableError), match=r"no \w+"):
        price_links(toy, co.Shipment(), co.load_rates(tmp_path))


@pytest.mark.parametrize(
    ("folder", "words"),
    [("nowhere", r"there is no folder .*nowhere; .* holds any of"), ("empty", "empty holds none of")],
)
def test_a_folder_without_tables_is_an_error(tmp_path: Path, folder: str, words: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "hauls.csv").write_text(COLUMNS, "utf-8")
    with pytest.raises(
        co.AssumptionError,
        match=words + r" haul\.csv, stops\.csv, vessels\.csv, emissions\.csv, policy\.csv, values\.csv",
    ):
        co.load_rates(tmp_path / folder)


WRONG = co.AssumptionError
BROKEN: dict[str, tuple[Callable[[str], str], type[Exception], str]] = {
    "text for a number": (lambda line: line.replace(",2,", ",two,"), TableError, r"row 2, column base: 'two'"),
    "not a number": (lambda line: line.replace(",2,", ",nan,"), TableError, r"haul\.csv, row 2, column base"),
    "infinite": (lambda line: line.replace(",3,", ",inf,"), TableError, r"haul\.csv, row 2, column high"),
    "negative": (lambda line: line.replace(",1,", ",-1,"), WRONG, r"haul\.csv, row 2: .*column low: outside 0…5"),
    "decimal comma": (lambda line: line.replace(",2,", ",2,5,"), TableError, r"haul\.csv, row 2: 16 cells"),
    "no source": (lambda line: line.replace("somebody", ""), TableError, r"haul\.csv, row 2, column source: empty"),
    "no year": (lambda line: line.replace("2024", ""), TableError, r"haul\.csv, row 2, column year: empty"),
    "year as text": (lambda line: line.replace("2024", "last"), TableError, r"row 2, column year: 'last'"),
    "unknown confidence": (lambda line: line.replace(",high,", ",sure,"), TableError, r"row 2, column confidence"),
    "unknown quantity": (lambda line: line.replace("usd_per_tkm", "eur"), TableError, r"row 2, column quantity: 'eur'"),
    "unknown kind": (lambda line: line.replace("haul", "hall"), TableError, r"row 2, column kind: 'hall'"),
    "cut short": (lambda line: line[:30], TableError, r"haul\.csv, row 2: \d+ cells"),
    "disordered": (
        lambda line: line.replace(",1,2,3,", ",3,2,1,"),
        WRONG,
        r"haul\.csv, row 2: .*column base: low ≤ base ≤ high",
    ),
    "doubled": (
        lambda line: f"{line}\n{line}",
        WRONG,
        r"haul\.csv, row 3, column quantity: two rows for usd_per_tkm haul rail; the other is row 2",
    ),
    "standstill": (
        lambda line: line.replace("usd_per_tkm", "km_per_day").replace(",1,2,3,", ",0,2,3,"),
        WRONG,
        r"haul\.csv, row 2: km_per_day haul rail, column low: outside 1…5000",
    ),
    "never used": (
        lambda line: line.replace("haul", "transfer"),
        WRONG,
        r"row 2: usd_per_tkm transfer rail is never used, column quantity",
    ),
    "misspelt layer": (
        lambda line: line.replace(",rail,", ",rial,"),
        WRONG,
        r"haul\.csv, row 2: .* is never used, column layer: 'rial' is none; did you mean rail",
    ),
    "layer of another kind": (
        lambda line: line.replace("haul,rail", "haul,rail>sea"),
        WRONG,
        r"haul\.csv, row 2: .* is never used, column layer: 'rail>sea' is none",
    ),
    "in euros": (
        lambda line: line.replace("USD/tkm", "EUR/tkm"),
        WRONG,
        r"haul\.csv, row 2: .*column unit: 'EUR/tkm'; usd_per_tkm is told in USD/tkm",
    ),
    "haul at a terminal": (
        lambda line: line.replace(",rail,,,,", ",rail,,GE_POTI,,"),
        WRONG,
        r"GE_POTI is never used, column terminal",
    ),
    "area and terminal": (
        lambda line: line.replace("usd_per_tkm,haul,rail,,,,", "usd_per_t,transfer,,GE,GE_POTI,,"),
        WRONG,
        r"GE GE_POTI is never used, column area",
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_table_is_named_with_row_and_column(tmp_path: Path, fault: str) -> None:
    break_it, error, text = BROKEN[fault]
    (tmp_path / "haul.csv").write_text(f"{COLUMNS}\n{break_it(LINE)}\n", "utf-8")
    with pytest.raises(error, match=text):
        co.load_rates(tmp_path)


def test_a_sound_table_of_one_row_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "haul.csv").write_text(f"{COLUMNS}\n{LINE}\n", "utf-8")
    assert co.load_rates(tmp_path).lookup("usd_per_tkm", ("haul", "rail-1520", "KZ", "")) == 2.0


@pytest.mark.parametrize(
    ("header", "text"),
    [
        (COLUMNS.replace("source", "sauce"), "missing column source"),
        (COLUMNS + ",colour", "unknown or doubled column colour"),
        (COLUMNS + ",note", "unknown or doubled column"),
        ("", "row 1"),
    ],
)
def test_a_broken_header_is_named(tmp_path: Path, header: str, text: str) -> None:
    (tmp_path / "stops.csv").write_text(f"{header}\n", "utf-8")
    with pytest.raises(TableError, match=rf"stops\.csv.*{text}"):
        co.load_rates(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00k", b'a,"b\n', "ю".encode("cp1251")])
def test_a_file_that_is_no_table_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "haul.csv").write_bytes(content)
    with pytest.raises(TableError, match=r"haul\.csv"):
        co.load_rates(tmp_path)


def test_shipped_tables_read_from_a_copy_are_the_same(tmp_path: Path, rates: co.Rates) -> None:
    for name in RATES:
        shutil.copy(str(ASSUMPTIONS / f"{name}.csv"), tmp_path)
    pd.testing.assert_frame_equal(co.load_rates(tmp_path).table, rates.table)


def test_a_file_that_replaces_nothing_is_an_error(tmp_path: Path) -> None:
    """A slip in a name must not mean that our own table is used in silence."""
    (tmp_path / "haul.csv").write_text(f"{COLUMNS}\n{LINE}\n", "utf-8")
    (tmp_path / "stop.csv").write_text(COLUMNS, "utf-8")
    with pytest.raises(co.AssumptionError, match=r"stop\.csv in .* replaces no table; those are haul\.csv, stops\.csv"):
        co.load_rates(tmp_path)


def test_money_of_other_years_is_deflated_and_hours_are_not(tmp_path: Path) -> None:
    """US consumer prices stood at 218.056 in 2010 and at 313.689 in 2024."""
    old = LINE.replace("2024", "2010")
    hours = "km_per_day,haul,rail,,,,100,200,300,km/day,,somebody,2010,high,"
    (tmp_path / "haul.csv").write_text(f"{COLUMNS}\n{old}\n{hours}\n", "utf-8")
    mine = co.load_rates(tmp_path)
    haul = ("haul", "rail-1520", "KZ", "")
    assert mine.lookup("usd_per_tkm", haul) == pytest.approx(2 * 313.689 / 218.056)
    assert mine.lookup("km_per_day", haul) == 200.0
    assert mine.table["deflator"].iloc[:2].tolist() == pytest.approx([313.689 / 218.056, 1.0])
    (tmp_path / "haul.csv").write_text(f"{COLUMNS}\n\n{LINE.replace('2024', '1995')}\n", "utf-8")
    with pytest.raises(co.AssumptionError, match=r"haul\.csv, row 3, column year: no deflator for 1995"):
        co.load_rates(tmp_path)


def test_no_stop_at_a_port_is_cheaper_by_way_of_a_lorry(rates: co.Rates) -> None:
    """Else cargo would be lifted from wagons to lorries and from these into the ship, to save what the port asks."""
    for port, area in (("KZ_AKTAU", "Caspian Sea"), ("KZ_KURYK", "Caspian Sea"), ("GE_POTI", "Black Sea")):
        usd = {
            layer: rates.lookup("usd_per_t", ("transfer", layer, area, port))
            for layer in ("rail-1520>sea", "rail-1520>road", "road>sea")
        }
        assert usd["rail-1520>sea"] <= usd["rail-1520>road"] + usd["road>sea"]


def test_grain_from_a_ship_at_alat_is_dearer_than_in_wagons_on_the_ferry(rates: co.Rates) -> None:
    """Alat has no grain terminal; boxes have theirs."""
    alat = ("transfer", "sea>rail-1520", "Caspian Sea", "AZ_ALAT")
    assert rates.lookup("usd_per_t", alat) > rates.lookup("usd_per_t", ("transfer", alat[1], "Caspian Sea", "X")) > 5
    ferry = ("transfer", "ferry>rail-1520", "Caspian Sea", "AZ_ALAT")
    assert rates.lookup("usd_per_t", alat) > 2 * rates.lookup("usd_per_t", ferry)
    assert rates.lookup("usd_per_t", alat, "container") < rates.lookup("usd_per_t", alat)


def test_a_tonne_in_a_box_costs_more_on_the_railway_than_in_a_hopper(rates: co.Rates) -> None:
    """Kostanay–Dostyk in 2010: 46.98 USD/t in a box, 23.94 in a hopper."""
    for country in ("KZ", "RU", "BY", "LV"):
        line = ("haul", "rail-1520", country, "")
        assert rates.lookup("usd_per_tkm", line, "container") > rates.lookup("usd_per_tkm", line, "hopper wagon")


DEFLATORS = "year,us_cpi,source,confidence,note"


def test_deflators_of_ones_own_take_the_place_of_ours(tmp_path: Path, rates: co.Rates) -> None:
    years = [f"{year},{100 if year < 2024 else 200},mine,low," for year in range(1990, 2031)]
    (tmp_path / "deflators.csv").write_text("\n".join([DEFLATORS, *years]) + "\n", "utf-8")
    mine = co.load_rates(tmp_path).table
    old = (rates.table["year"] < 2024) & rates.table["quantity"].str.contains("usd")
    assert set(mine["deflator"][old]) == {2.0}
    assert set(mine["deflator"][~old]) == {1.0}


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (["2023,100,mine,low,"], r"deflators\.csv, column year: no row for 2024"),
        (["2024,100,mine,low,", "2024,101,mine,low,"], r"deflators\.csv, row 3, column year: two rows for 2024"),
        (["2024,100,mine,low,"], r"row \d+, column year: no deflator for 20\d\d"),
        (["2024,-3,mine,low,"], r"deflators\.csv, row 2, column us_cpi: -3 is outside"),
    ],
)
def test_broken_deflators_are_named(tmp_path: Path, rows: list[str], text: str) -> None:
    (tmp_path / "deflators.csv").write_text("\n".join([DEFLATORS, *rows]) + "\n", "utf-8")
    with pytest.raises((co.AssumptionError, TableError), match=text):
        co.load_rates(tmp_path)


def test_a_load_unit_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "haul.csv").write_text(f"{COLUMNS}\n{LINE.replace('rail,,,,', 'rail,,,contaner,')}\n", "utf-8")
    with pytest.raises(co.AssumptionError, match=r"row 2: .*column load_unit: 'contaner' is none of"):
        co.load_rates(tmp_path)
