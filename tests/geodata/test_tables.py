"""The hand-kept tables are sound, and a broken one is refused with its file, row and column."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geodata.build import apply_edits, parse_points
from geodata.clean import Lines
from geodata.errors import EditError, TableError
from geodata.tables import read_checked, read_table

TABLES = sorted(
    path.name.removesuffix(".csv") for path in (files("geodata") / "tables").iterdir() if path.name.endswith(".csv")
)
SCHEMA = """column,type,unit,required,minimum,maximum,meaning
name,text,,yes,,,name of the thing
km,number,km,no,0,100,length
posts,integer,,no,,,kilometre posts
kind,choice:rail|road,,yes,,,what it is
"""


@pytest.fixture
def refuse(tmp_path: Path):
    """Reads a table with the schema above and expects a complaint."""

    def reader(text: str, complaint: str) -> None:
        (tmp_path / "schema.csv").write_text(SCHEMA, "utf-8")
        (tmp_path / "things.csv").write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
        with pytest.raises(TableError, match=complaint):
            read_checked(tmp_path / "things.csv", tmp_path / "schema.csv")

    return reader


@pytest.mark.parametrize("name", TABLES)
def test_shipped_table_is_sound(name: str) -> None:
    assert len(read_table(name))


DEFINITIONS = ("corridors", "funnels", "gateways")
"""Tables of ``corridor/assumptions`` that define words and hold no figures: nobody needs to be believed."""
NO_SOURCE = re.compile(r"\W*|.*\b(memory|unknown|to ?do|tbd|n/a|none|various|internet|see above)\b.*|.*\?.*", re.I)
OWN_KNOWLEDGE = re.compile(r"general knowledge", re.I)


def tables_with_sources() -> list[tuple[str, Path]]:
    homes = (Path(str(files("geodata") / "tables")), Path(str(files("corridor") / "assumptions")))
    return [(f"{home.parent.name}/{path.name}", path) for home in homes for path in sorted(home.glob("*.csv"))]


def unsourced(table: pd.DataFrame) -> list[str]:
    """What is wrong with the sources of a table: rows without one, or with one that tells nothing."""
    columns = [name for name in ("source", "coordinate_source") if name in table]
    wrong = [] if columns else ["no column of sources"]
    for column in columns:
        for number, cells in zip(range(2, len(table) + 2), table.to_dict("records"), strict=True):
            source = re.sub(r"https?://\S+", "https address", cells[column])
            if len(source) < 5 or NO_SOURCE.fullmatch(source) or re.search("links.csv|FACTS|shared", source):
                wrong.append(f"row {number}, {column}: {cells[column]!r}")
            sure = " ".join([source, *(str(value) for name, value in cells.items() if "confidence" in name)])
            if OWN_KNOWLEDGE.search(source) and not re.search(r"\b(high|medium|low|unchecked)\b", sure):
                wrong.append(f"row {number}, {column}: general knowledge without a confidence")
    return wrong


@pytest.mark.parametrize(("name", "path"), tables_with_sources(), ids=lambda value: str(value)[-24:])
def test_every_row_has_a_source(name: str, path: Path) -> None:
    if path.stem not in DEFINITIONS:
        wrong = unsourced(pd.read_csv(path, dtype=str, keep_default_na=False))
        assert not wrong, f"{name}: {wrong}"


@pytest.mark.parametrize(
    "source", ["", "  ", "?", "???", "memory", "from memory", "unknown", "n/a", "KTZ?", "general knowledge"]
)
def test_no_source_is_no_source(source: str) -> None:
    assert unsourced(pd.DataFrame({"km": [1, 2], "source": [source, "https://example.org/?km=2"]}))[0].startswith(
        "row 2"
    )


def test_a_table_without_sources_is_seen() -> None:
    assert unsourced(pd.DataFrame({"km": [1]})) == ["no column of sources"]
    good = pd.DataFrame({"source": ["IHO S-23", "general knowledge", "https://a.b/c?d"], "confidence": ["", "low", ""]})
    assert not unsourced(good)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", r"things\.csv: empty file"),
        ("name,km,posts\na,1,2\n", r"things\.csv, row 1: missing column kind"),
        ("name;km;posts;kind\na;1,5;2;rail\n", r"row 1: cells are divided by semicolons: save it with commas"),
        ("name,km,posts,kind,colour\na,1,2,rail,red\n", r"row 1: unknown or doubled column colour"),
        ("name,km,posts,kind\na,1,2\n", r"row 2: 3 cells, the header has 4"),
        ("name,km,posts,kind\n,1,2,rail\n", r"row 2, column name: empty; name of the thing"),
        ("name,km,posts,kind\na,1,2,rail\nb,x,2,rail\n", r"row 3, column km: 'x' is not a number"),
        ("name,km,posts,kind\na,101,2,rail\n", r"row 2, column km: 101 is outside 0…100 km"),
        ("name,km,posts,kind\na,nan,2,rail\n", r"row 2, column km: 'nan' is not a finite number"),
        ("name,km,posts,kind\na,1,2.5,rail\n", r"row 2, column posts: '2\.5' is not a integer"),
        ("name,km,posts,kind\na,1,2,sea\n", r"row 2, column kind: 'sea' is none of rail, road"),
        ('name,km,posts,kind\n"a"b,1,2,rail\n', r"not a UTF-8 CSV file"),
    ],
)
def test_broken_table_is_refused(refuse, text: str, complaint: str) -> None:
    refuse(text, complaint)


def test_blank_cells_and_lines_are_allowed_where_not_required(tmp_path: Path) -> None:
    (tmp_path / "schema.csv").write_text(SCHEMA, "utf-8")
    (tmp_path / "things.csv").write_text("\ufeffname,km,posts,kind\na,,,rail\n,,,\n\n", "utf-8")
    table = read_checked(tmp_path / "things.csv", tmp_path / "schema.csv")
    assert len(table) == 1
    assert table["km"].isna().all()


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("1 2; x 4", "must read 'lon lat; lon lat'"),
        ("1 2 3", "must read"),
        ("50 100; 1 1", "off the globe"),
        ("", "must read"),
    ],
)
def test_points_are_checked(text: str, complaint: str) -> None:
    with pytest.raises(EditError, match=complaint):
        parse_points(text, "row 3")


def test_an_edit_names_its_row() -> None:
    edits = read_table("network_edits").iloc[[0, 1]].copy()
    edits["layer"], edits["action"], edits["points"] = "rail", "cut", "1 1; 2 2"
    with pytest.raises(EditError, match=re.escape("network_edits.csv, row 2 (cut)")):
        apply_edits(Lines.empty(), edits, "rail")


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        (
            [("draw", "60 50; 61 50"), ("draw", "61 50; 62 50")],
            "row 2 (draw): the end 60 50 joins nothing within 0.5 km",
        ),
        ([("branch", "64 50.1; 65 50.1")], "row 2 (branch): the end 64 50.1 joins nothing"),
        ([("draw", "64 50; 65 50; 65.02 50.02; 66.02 50")], "there; the nearest node is 1.43 km away: move the end"),
        ([("draw", "64 50; 65 50.3")], "nearest node is 78.88 km away"),
        ([("draw", "64 50; 65 50.3"), ("draw", "65 50.3; 66 50")], ""),
        ([("branch", "64 50; 65 50.3")], ""),
        ([("draw", "64 50; 63.62 53.21")], ""),
        ([("draw", "64 50; 65 50.3"), ("erase", "64.9 50.2; 65.1 50.4")], ""),
    ],
)
def test_a_drawn_line_that_joins_nothing_is_an_error(rows: list[tuple[str, str]], complaint: str) -> None:
    ends = np.array([[64.0, 50.0], [66.0, 50.0]])
    lines = Lines.from_straight(ends, np.array([0]), np.array([1]), np.array([143.0]))
    edits = read_table("network_edits").iloc[[0] * len(rows)].copy()
    edits["layer"], edits["snap_km"] = "road", 0.5
    edits["action"], edits["points"] = [action for action, _ in rows], [points for _, points in rows]
    if complaint:
        with pytest.raises(EditError, match=re.escape(complaint)):
            apply_edits(lines, edits, "road")
    else:
        assert len(apply_edits(lines, edits, "road").links) >= 1
