"""
The command line, through the `main` that the installed script calls: what it prints, and how it fails.

Most tests run it in this process on the network already read; a few start the real script.
"""

import json
import math
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pytest

import corridor as co
from corridor.cli import main
from geodata.network import Network

TOTALS = {"distance_km", "time_h", "cost_usd", "co2e_kg"}
LEG = {"mode", "kind", "from", "to", *TOTALS}
ROUTE = {"origin", "destination", "minimize", "totals", "legs", "via"}
MODES = {"rail", "road", "sea", "ferry", "waterway", "transfer"}
SCRIPT = Path(sysconfig.get_path("scripts")) / "corridor"


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def json(self) -> dict:
        def refuse(text: str) -> None:
            raise AssertionError(f"{text} is no JSON number")

        return json.loads(self.out, parse_constant=refuse)


Run = Callable[..., Answer]


@pytest.fixture
def run(network: Network, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line; the shipped network is not read again for each call."""
    read = co.load_network
    monkeypatch.setattr(co, "load_network", lambda path=None: network if path is None else read(path))
    monkeypatch.setenv("COLUMNS", "120")

    def call(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["corridor", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main()
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        return Answer(int(stopped.value.code or 0), printed.out, printed.err)

    return call


def finite(value: object) -> bool:
    """Whether every number in a JSON value is finite."""
    if isinstance(value, dict):
        return all(map(finite, value.values()))
    if isinstance(value, list):
        return all(map(finite, value))
    return not isinstance(value, float) or math.isfinite(value)


def check_route(record: dict) -> None:
    """The promise of the JSON of a route."""
    assert set(record) >= ROUTE
    assert set(record["totals"]) == TOTALS
    assert record["legs"]
    for leg in record["legs"]:
        assert set(leg) >= LEG
        assert leg["mode"] in MODES
        assert leg["kind"] in {"haul", "transfer", "access"}
        assert leg["from"] and leg["to"]
    for name in TOTALS:
        assert record["totals"][name] == sum(leg[name] for leg in record["legs"])
    assert record["legs"][0]["from"] == record["origin"]
    assert record["legs"][-1]["to"] == record["destination"]
    assert all(isinstance(name, str) and name for name in record["via"])
    assert finite(record)


# ------------------------------------------------------------------------------------------------- answers for people


def test_compare_prints_every_corridor_and_who_is_best(run: Run) -> None:
    answer = run("compare", "Kostanay", "Ghent")
    assert answer.code == 0
    assert answer.err == ""
    assert "Kostanay → Ghent, 3,000 t of flaxseed" in answer.out
    for words in ("Middle –", "Northern", "USD/t", "Days", "CO2e", "Cheapest: ", "Fastest: ", "Lowest CO2e: "):
        assert words in answer.out, words
    assert "Planning estimates, not offers" in answer.out


def test_route_prints_a_leg_table(run: Run) -> None:
    answer = run("route", "Kostanay", "Ghent")
    assert answer.code == 0
    assert "loading rail-1520 at Kostanay" in answer.out
    assert re.search(r"Total +│ +[\d,]+ │ +\d+\.\d │", answer.out)


@pytest.mark.parametrize("width", [40, 69, 70, 80])
def test_no_word_is_lost_on_a_narrow_terminal(run: Run, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for command, words in (
        ("route", ["Kostanay", "sea", "discharge", "Total"]),
        ("compare", ["Middle", "Baltic", "km"]),
    ):
        out = run(command, "Kostanay", "Ghent").out
        assert max(map(len, out.split("via")[0].splitlines())) <= width
        assert [word for word in words if word not in out] == []
        assert "…" not in out


def test_distance_prints_kilometres(run: Run) -> None:
    answer = run("distance", "Poti", "Constanta", "--mode", "sea")
    assert answer.code == 0
    assert re.search(r"Poti → Constanta: 1,\d\d\d km \(\d{3} nautical miles\), of which 1,\d\d\d km sea", answer.out)
    assert "great circle" in answer.out


def test_places_finds_parts_of_names(run: Run) -> None:
    answer = run("places", "кост")
    assert answer.code == 0
    assert "Kostanay" in answer.out
    assert "Aktau" not in answer.out
    assert len(run("places").out.splitlines()) > 100
    town = run("places", "Kuryk").out  # Borzhakty is nearer, but no road leads there
    assert "Kuryk 20 km" in " ".join(town.split()) and "Borzhakty" not in town


def test_network_info(run: Run) -> None:
    answer = run("network", "info")
    assert answer.code == 0
    for words in ("rail-1520", "rail-1435", "sea", "road", "OpenStreetMap", "Suez Canal"):
        assert words in answer.out


def test_alternatives_are_further_tables(run: Run) -> None:
    one, many = run("route", "Kostanay", "Ghent"), run("route", "Kostanay", "Ghent", "--alternatives")
    assert many.code == 0
    assert many.out.count("Total") > one.out.count("Total") == 1


# ----------------------------------------------------------------------------------------------- answers for programs


def test_route_json(run: Run) -> None:
    record = run("route", "Kostanay", "Ghent", "--json").json
    check_route(record)
    assert (record["origin"], record["destination"], record["minimize"]) == ("Kostanay", "Ghent", "cost_usd")


@pytest.mark.parametrize("minimize", ["cost_usd", "time_h", "co2e_kg", "distance_km", "generalized_usd"])
def test_route_json_of_each_objective(run: Run, minimize: str) -> None:
    record = run("route", "Астана", "Gand", "--minimize", minimize, "--json").json
    check_route(record)
    assert record["minimize"] == minimize
    if minimize in TOTALS:
        least = record["totals"][minimize]
        assert least <= run("route", "Astana", "Ghent", "-m", "cost_usd", "--json").json["totals"][minimize] * 1.0001


def test_route_json_with_alternatives(run: Run) -> None:
    record = run("route", "Kostanay", "Ghent", "--alternatives", "--json").json
    check_route(record)
    assert len(record["alternatives"]) >= 1
    for other in record["alternatives"]:
        check_route(other)
        assert other["totals"]["cost_usd"] >= record["totals"]["cost_usd"]


def test_compare_json(run: Run) -> None:
    record = run("compare", "Kostanay", "Ghent", "--json").json
    assert set(record) >= {"routes"}
    assert len(record["routes"]) >= 4
    for route in record["routes"]:
        check_route(route)
        assert set(route) >= {"name", "corridor"}
        assert route["name"]
        assert route["corridor"]
    assert len({route["corridor"] for route in record["routes"]}) == len(record["routes"])
    costs = [route["totals"]["cost_usd"] for route in record["routes"]]
    assert costs == sorted(costs)


def test_distance_json(run: Run) -> None:
    record = run("distance", "Poti", "Constanta", "--mode", "sea", "--json").json
    assert set(record) >= {"distance_km", "mode"}
    assert record["mode"] == "sea"
    assert record["distance_km_by_mode"] == {"sea": record["distance_km"]}
    assert 1000 < record["distance_km"] < 1250
    assert record["detour_factor"] >= 1
    assert finite(record)
    assert run("distance", "Poti", "Constanta", "--json").json["mode"] == "any"


def test_places_json(run: Run) -> None:
    place, *_ = run("places", "Қостанай", "--json").json["places"]
    assert set(place) >= {"code", "name", "country", "lon", "lat", "aliases", "unlocode"}
    assert (place["code"], place["name"], place["country"]) == ("KZ_KOSTANAY", "Kostanay", "KZ")
    assert "Қостанай" in place["aliases"]
    assert len(run("places", "--json").json["places"]) > 100


def test_network_info_json(run: Run, network: Network) -> None:
    record = run("network", "info", "--json").json
    assert record["nodes"] == len(network.nodes)
    assert record["links"] == len(network.links)
    assert set(record["layers"]) >= {"rail-1520", "rail-1435", "road", "sea", "ferry"}
    for layer in record["layers"].values():
        assert layer["km"] > 0
        assert layer["nodes"] > 1
    assert "OpenStreetMap" in record["attribution"]


@pytest.mark.parametrize(
    "names", [("Қостанай", "Gent"), ("Костанай", "Gand"), ("KZKSN", "BEGNE"), ("kz_kostanay", "гент")], ids=ascii
)
def test_the_same_question_in_other_words(run: Run, names: tuple[str, str]) -> None:
    assert run("route", *names, "--json").json == run("route", "Kostanay", "Ghent", "--json").json


def test_the_same_answer_twice(run: Run) -> None:
    for question in (["compare", "Kostanay", "Ghent"], ["route", "63.6,53.2", "VIGAN", "--json"], ["places", "an"]):
        assert run(*question) == run(*question)


def test_closures_and_avoidances_are_obeyed_and_told(run: Run) -> None:
    record = run(
        "route", "Kostanay", "Ghent", "--close", "Ақтау", "--close", "pl-by", "--avoid-country", "ru",
        "--avoid-mode", "ferry", "--json",
    ).json  # fmt: skip
    assert record["closed"] == ["Ақтау", "pl-by", "country RU", "mode ferry"]
    assert "Aktau" not in record["via"]
    assert "ferry" not in {leg["mode"] for leg in record["legs"]}
    borders = {name for leg in record["legs"] for name in leg["borders"]}
    assert not [name for name in borders if "RU" in name]


def test_tonnes_and_commodity_are_obeyed(run: Run) -> None:
    little = run("route", "Kostanay", "Ghent", "--tonnes", "60", "--commodity", "wheat", "--json").json
    assert (little["tonnes"], little["commodity"]) == (60.0, "wheat")
    assert little["totals"]["cost_usd"] < run("route", "Kostanay", "Ghent", "--json").json["totals"]["cost_usd"]


# ----------------------------------------------------------------------------------------------------------- the map


@pytest.mark.parametrize("command", ["compare", "route"])
def test_map_is_written(run: Run, tmp_path: Path, command: str) -> None:
    file = tmp_path / "new folder" / "page.html"
    answer = run(command, "Kostanay", "Ghent", "--map", str(file))
    assert answer.code == 0
    assert "Map written to" in answer.out
    html = file.read_text("utf-8")
    assert html.lower().startswith("<!doctype html>")
    assert "Kostanay → Ghent" in html
    assert ("Northern" in html) == (command == "compare")


def test_map_and_json_together_are_still_json(run: Run, tmp_path: Path) -> None:
    check_route(run("route", "Kostanay", "Ghent", "--json", "--map", str(tmp_path / "page.html")).json)
    assert (tmp_path / "page.html").is_file()


@pytest.mark.parametrize(
    "name", ["a[bold]b.html", "c[red]d[/red].html", "[x", "page (1) & co.html", "карта.html", "-o.html"]
)
def test_odd_names_of_maps(run: Run, tmp_path: Path, name: str) -> None:
    answer = run("route", "Kostanay", "Aktau", "--map", str(tmp_path / name))
    assert answer.code == 0
    assert (tmp_path / name).is_file()
    assert f"Map written to {tmp_path / name} (" in answer.out


def test_name_of_a_map_that_looks_like_a_closing_tag(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "x[" / "bold]y.html"
    answer = run("route", "Kostanay", "Aktau", "--map", str(file))
    assert (answer.code, file.is_file()) == (0, True)
    assert str(file) in answer.out


def test_a_map_that_cannot_be_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for where in ("/proc/nowhere/page.html", str(tmp_path / "file" / "page.html"), "/dev/full/page.html"):
        answer = run("route", "Kostanay", "Ghent", "--map", where)
        assert answer.code == 2, where
        assert answer.err.startswith("Error: "), where
        assert len(answer.err.splitlines()) == 1
    assert run("route", "Kostanay", "Ghent", "--map", str(tmp_path)).code == 2
    assert run("route", "Kostanay", "Ghent", "--map", "").code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


# --------------------------------------------------------------------------------------------------------- odd input


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["route", "Kostany", "Ghent"], "unknown place 'Kostany'; did you mean Kostanay, "),
        (["route", "Kostanay", "Gnet"], "Ghent"),
        (["compare", "", "Ghent"], "unknown place ''"),
        (["compare", "   ", "Ghent"], "unknown place '   '"),
        (["distance", "Kostanay", "lon,lat"], "unknown place 'lon,lat'"),
        (["route", "500,3", "Ghent"], "off the globe"),
        (["route", "53.2,163.6", "Ghent"], "the order is lon,lat"),
        (["route", "Kostanay", "Қостанай"], "same place, Kostanay: nothing to ship"),
        (["route", "--", "-30,40", "Ghent"], "no road of the network within 250 km"),
        (["route", "-30,40", "Ghent"], "no road of the network within 250 km"),
        (["hinterland", "Ghent", "--via", "aktau,BY–PL"], "BY–PL is a passage or frontier"),
        (["hinterland", "Ghent", "--via", "suez canal"], "suez canal is a passage or frontier"),
        (["hinterland", "Ghent", "--via", " , "], "--via names no terminal"),
        (["route", "nan,nan", "Ghent"], "unknown place 'nan,nan'"),
        (["route", "52.0,76.9", "Ghent"], "did you mean 76.9,52?"),
        (["route", "51.0,42.0", "Ghent"], "lies in the Caspian Sea"),
        (["network", "info", "--network", "http://example.org/net.zip"], "nothing is fetched"),
        (["network", "info", "--network", "/vsicurl/http://example.org/net"], "nothing is fetched"),
        (["network", "refine", "--around", "Kuryk", "--osm", "http://x/a.osm.pbf", "--out", "x.zip"], "is missing"),
        (
            ["network", "refine", "--around", "Kuryk", "--osm", "/vsicurl/x.org/a.osm", "--out", "x"],
            "is missing",
        ),
        (["route", "[bold]Ghent[/bold]", "Ghent"], "unknown place '[bold]Ghent[/bold]'"),
        (["route", "[/bold]", "Ghent"], "unknown place '[/bold]'"),
        (["route", "Ghent\x00", "Ghen\x1b[31m"], "unknown place"),
        (["places", "[/zzz]"], "unknown place '[/zzz]'"),
        (["places", "no such place"], "did you mean"),
        (["compare", "Kostanay", "Ghent", "--commodity", "flax"], "did you mean 'flaxseed'?"),
        (["compare", "Kostanay", "Ghent", "--commodity", ""], "unknown commodity ''"),
        (["route", "Kostanay", "Ghent", "--commodity", "[/b]"], "unknown commodity '[/b]'"),
        (["compare", "Kostanay", "Ghent", "--tonnes", "nan"], "nan tonnes cannot be"),
        (["compare", "Kostanay", "Ghent", "--tonnes", "inf"], "inf tonnes cannot be"),
        (["compare", "Kostanay", "Ghent", "--tonnes=-5"], "-5 tonnes cannot be"),
        (["compare", "Kostanay", "Ghent", "--tonnes", "0"], "0 tonnes cannot be"),
        (["route", "Kostanay", "Ghent", "--close", "Atlantis"], "unknown place 'Atlantis'"),
        (["route", "Kostanay", "Ghent", "--close", ""], "unknown place ''"),
        (["route", "Kostanay", "Ghent", "--close", "63.6,53.2"], "a point cannot be closed"),
        (["route", "Kostanay", "Ghent", "--close", "KZ-BE"], "cannot close gateway 'KZ-BE'"),
        (["route", "Kostanay", "Ghent", "--avoid-country", "Russia"], "cannot close country 'RUSSIA'"),
        (["route", "Kostanay", "Ghent", "--avoid-country", ""], "its countries are"),
        (["distance", "Kostanay", "Ghent", "--avoid-country", "[/b]"], "cannot close country '[/B]'"),
    ],
    ids=lambda value: ascii(" ".join(value))[:60] if isinstance(value, list) else "",
)
def test_bad_input_is_one_sentence_and_exit_2(run: Run, arguments: list[str], says: str) -> None:
    answer = run(*arguments)
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.startswith("Error: ")
    assert says in answer.err
    assert len(answer.err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["compare"],
        ["compare", "Kostanay"],
        ["compare", "Kostanay", "Ghent", "Antwerp"],
        ["compare", "Kostanay", "Ghent", "--tonnes", "many"],
        ["compare", "Kostanay", "Ghent", "--minimize", "luck"],
        ["compare", "Kostanay", "Ghent", "--avoid-mode", "zeppelin"],
        ["distance", "Kostanay", "Ghent", "--mode", ""],
        ["compare", "Kostanay", "Ghent", "--no-such-option"],
        ["no-such-command"],
        ["network"],
        ["network", "no-such-command"],
        ["network", "refine", "--bbox", "6_3,51,64,52", "--osm", "a.osm", "--out", "x.zip"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_2(run: Run, arguments: list[str]) -> None:
    answer = run(*arguments)
    assert answer.code == 2
    assert "Usage: " in answer.err + answer.out


@pytest.mark.parametrize("address", ["http://example.org/silos.csv", "/vsicurl/http://example.org/silos.geojson"])
def test_own_data_from_an_address_is_a_missing_file(run: Run, tmp_path: Path, address: str) -> None:
    answer = run("network", "add", address, "--out", str(tmp_path / "x.zip"))
    assert answer.code == 2
    assert "there is no such file" in answer.err


def test_very_long_text(run: Run) -> None:
    answer = run("route", "Kostanay" * 1000, "Ghent")
    assert answer.code == 2
    assert "unknown place" in answer.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["route", "Kostanay", "Gent", "--close", "Ghent"], "Ghent is closed. Reopening Ghent would restore one."),
        (["compare", "Kostanay", "Ghent", "--avoid-country", "KZ"], "Reopening country KZ would restore one."),
        (["distance", "Kostanay", "Ghent", "--mode", "sea"], "no way by sea alone leads from Kostanay to Ghent"),
        (
            ["route", "Kostanay", "Ghent", "--close", "Kostanay", "--close", "Ghent"],
            "Kostanay and Ghent are closed. Reopening Kostanay and Ghent together would restore one.",
        ),
    ],
    ids=lambda value: ascii(" ".join(value))[:60] if isinstance(value, list) else "",
)
def test_no_route_is_one_sentence_and_exit_1(run: Run, arguments: list[str], says: str) -> None:
    answer = run(*arguments)
    assert answer.code == 1
    assert answer.out == ""
    assert answer.err.startswith("Error: ")
    assert says in answer.err
    assert len(answer.err.strip().splitlines()) == 1


def test_json_of_a_failure_is_still_a_sentence(run: Run) -> None:
    answer = run("route", "Kostanay", "Ghent", "--close", "Ghent", "--json")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("Error: no route Kostanay → Ghent")


# ---------------------------------------------------------------------------------------------------------- choices


def test_frontier_and_what_the_rest_lose(run: Run) -> None:
    answer = run("frontier", "Kostanay", "Ghent")
    assert answer.code == 0
    for text in (
        "cheapest",
        "fastest",
        "lowest CO2e",
        "Northern",
        "d slower, ",
        "USD/t dearer",
        "than Baltic – Russia",
    ):
        assert text in answer.out
    found = json.loads(run("frontier", "Kostanay", "Ghent", "--json").out)
    assert set(found) == {"origin", "destination", "within", "routes", "dominated"}
    assert 0 < found["within"] < 0.01
    costs = [route["totals"]["cost_usd"] for route in found["routes"]]
    assert costs == sorted(costs)
    assert {"name", "metrics", "legs", "via", "notes"} <= set(found["routes"][0])
    for lost in found["dominated"]:
        assert {"corridor", "by", "time_h", "cost_usd", "co2e_kg"} <= set(lost)
        assert min(lost["time_h"], lost["cost_usd"], lost["co2e_kg"]) >= 0


def test_badges_say_what_they_compare(run: Run) -> None:
    answer = run("compare", "Kostanay", "Ghent")
    assert "badges compare these rows" in answer.out
    found = json.loads(run("compare", "Kostanay", "Ghent", "--json").out)
    assert "cheapest" not in found["outdone"]  # each row is the cheapest of its corridor, so one is the cheapest of all
    for badge, name in (("fastest", "time_h"), ("lowest CO2e", "co2e_kg")):
        better = json.loads(run("route", "Kostanay", "Ghent", "--minimize", name, "--json").out)["totals"][name]
        best = min(route["totals"][name] for route in found["routes"])
        assert (badge in found["outdone"]) == (better < best * (1 - 1e-9))


def test_measures_of_a_route(run: Run) -> None:
    answer = run("route", "Kostanay", "Ghent", "--metrics")
    assert "swd_kmh" in answer.out
    assert "CAREC TFI1" in answer.out
    found = json.loads(run("route", "Kostanay", "Ghent", "--metrics", "--json").out)
    assert found["metrics"]["borders"] >= 1
    assert "metrics" not in json.loads(run("route", "Kostanay", "Ghent", "--json").out)


def test_reach_in_units_a_planner_gives(run: Run) -> None:
    found = json.loads(run("reach", "Kostanay", "--by", "cost", "--within", "40", "--json").out)
    assert found["by"] == "cost_usd"
    assert 0 < max(row["cost_usd"] for row in found["terminals"]) <= 40 * 3000
    assert "terminals." in run("reach", "Kostanay", "--by", "time", "--within", "96").out
    assert "No terminal is in reach of Kostanay" in run("reach", "Kostanay", "--within", "0.01").out
    assert run("reach", "Kostanay", "--within=-1").code == 2


def test_hinterland_as_table_json_and_points(run: Run, tmp_path: Path) -> None:
    points = tmp_path / "hinterland.geojson"
    answer = run(
        "hinterland", "Ghent", "--via", "Aktau", "--via", " Riga,", "--from", "Kostanay", "--export", str(points)
    )
    assert answer.code == 0
    assert "Riga is the best for 1 of 1 origins." in answer.out
    features = json.loads(points.read_text("utf-8"))["features"]
    assert [one["properties"]["gateway"] for one in features if one["properties"]["best"]] == ["Riga"]
    rows = json.loads(run("hinterland", "Ghent", "--via", "Aktau,Riga", "--from", "Kostanay", "--json").out)["rows"]
    assert [row["best"] for row in rows] == [False, True]
    towns = run("hinterland", "Ghent", "--via", "Riga", "--settlements", "5", "--export", str(points), "--json")
    assert [row["name"] for row in json.loads(towns.out)["rows"]].count("Tashkent") == 1
    assert len(json.loads(points.read_text("utf-8"))["features"]) == 5
    shut = run("hinterland", "Ghent", "--via", "Aktau,Riga", "--from", "Kostanay", "--close", "Riga", "--json")
    assert [row["cost_usd"] is None for row in json.loads(shut.out)["rows"]] == [False, True]


# ------------------------------------------------------------------------------------------------------------- help

COMMANDS = [
    ["compare"], ["frontier"], ["route"], ["distance"], ["reach"], ["hinterland"], ["scenarios"], ["studies"],
    ["months"], ["places"], ["network", "info"],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_has_an_example_that_runs(run: Run, tmp_path: Path, monkeypatch, command: list[str]) -> None:
    answer = run(*command, "--help")
    assert answer.code == 0
    assert run(*command, "-h").out == answer.out
    text = " ".join(answer.out.split())
    example = re.search(rf"Example: corridor ({' '.join(command)}.*)", text)
    assert example
    monkeypatch.chdir(tmp_path)
    assert run(*example[1].split()).code == 0


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_everything_that_reports_has_json(run: Run, command: list[str]) -> None:
    assert "--json" in run(*command, "--help").out


def test_help_of_all_lists_the_commands(run: Run) -> None:
    answer = run("--help")
    assert answer.code == 0
    for command in ("compare", "frontier", "route", "reach", "hinterland", "distance", "places", "network"):
        assert re.search(rf"│ {command} +\w", answer.out)


def test_version(run: Run) -> None:
    answer = run("--version")
    assert (answer.code, answer.out) == (0, f"corridor {version('trade-corridor')}\n")


# ---------------------------------------------------------------------------------------------------- the real script


def start(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [str(SCRIPT), *arguments], capture_output=True, timeout=60, check=False, env={**os.environ, **environment}
    )


def test_the_installed_script_answers_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = start("route", "Kostanay", "Ghent", "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    check_route(json.loads(done.stdout))
    assert list(tmp_path.iterdir()) == []


def test_the_installed_script_fails_politely() -> None:
    done = start("route", "Kostanay", "Gnet")
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.decode().startswith("Error: unknown place 'Gnet'")


def test_a_terminal_without_unicode(tmp_path: Path) -> None:
    for arguments in (["route", "Kostanay", "Ghent"], ["places"], ["route", "Kostanay", "Gnet"]):
        done = start(*arguments, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
        assert b"Traceback" not in done.stderr
        assert done.returncode == (2 if "Gnet" in arguments else 0)
    done = start("places", "кост", "--json", PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    assert "Қостанай" in json.loads(done.stdout)["places"][0]["aliases"]


def test_a_reader_that_stops_listening() -> None:
    done = subprocess.run(
        ["bash", "-c", f"{SCRIPT} places --json | head -c 20"], capture_output=True, timeout=60, check=False
    )
    assert b"Traceback" not in done.stderr
    assert len(done.stdout) == 20


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk() -> None:
    done = subprocess.run(["bash", "-c", f"{SCRIPT} places > /dev/full"], capture_output=True, timeout=60, check=False)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert b"No space left" in done.stderr
