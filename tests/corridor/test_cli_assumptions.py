"""``corridor assumptions``, ``--assumptions``, ``--unit`` and ``route --explain``: what they print, how they fail."""

import json
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

import corridor as co
from corridor.cli import main
from geodata.network import Network

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(network: Network, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line on the network already read: exit code, stdout, stderr."""
    monkeypatch.setattr(co, "load_network", lambda path=None: network)
    monkeypatch.setenv("COLUMNS", "160")

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["corridor", *arguments])
        with pytest.raises(SystemExit) as stopped:
            main()
        out, err = capsys.readouterr()
        return int(stopped.value.code or 0), out, err

    return call


@pytest.fixture
def dear_ferries(tmp_path: Path) -> Path:
    """A planner's folder in which ferries of the Caspian cost ten times as much."""
    text = (files("corridor") / "assumptions" / "haul.csv").read_text("utf-8")
    assert "0.0214,0.0223,0.0268" in text
    (tmp_path / "haul.csv").write_text(text.replace("0.0214,0.0223,0.0268", "0.214,0.223,0.268"), "utf-8")
    return tmp_path


def test_assumptions_lists_value_range_source_year_and_confidence(run: Run) -> None:
    code, out, _ = run("assumptions", "ferry", "caspian", "--json")
    assert code == 0
    answer = json.loads(out)
    assert answer["price_year"] == 2024
    rows = answer["assumptions"]
    wagon = next(row for row in rows if row["quantity"] == "usd_per_tkm" and not row["load_unit"])
    assert (wagon["low"], wagon["base"], wagon["high"]) == (0.0214, 0.0223, 0.0268)
    assert (wagon["unit"], wagon["year"], wagon["confidence"]) == ("USD/tkm", 2024, "high")
    assert wagon["source"].startswith("https://www.asco.az")
    for row in rows:
        assert "ferry" in str(row).lower()
        assert "caspian" in str(row).lower()
    code, out, _ = run("assumptions", "ferry", "Caspian")
    assert code == 0
    assert f"{len(rows)} of " in out
    assert f"row {wagon['row']}" in out


def test_assumptions_without_a_word_lists_all(run: Run, rates: co.Rates) -> None:
    code, out, _ = run("assumptions", "--json")
    assert (code, len(json.loads(out)["assumptions"])) == (0, len(rates.table))


def test_no_such_assumption(run: Run) -> None:
    code, out, err = run("assumptions", "zeppelin")
    assert (code, out) == (2, "")
    assert "no assumption contains 'zeppelin'" in err


def test_a_planners_folder_is_used(run: Run, dear_ferries: Path) -> None:
    question = ("route", "Kostanay", "Ghent", "--avoid-country", "RU", "--json")
    _, ours, _ = run(*question)
    code, theirs, _ = run(*question, "--assumptions", str(dear_ferries))
    assert code == 0
    assert any(leg["mode"] == "ferry" for leg in json.loads(ours)["legs"])
    assert json.loads(theirs)["totals"]["cost_usd"] > json.loads(ours)["totals"]["cost_usd"]
    assert not any(leg["mode"] == "ferry" for leg in json.loads(theirs)["legs"])
    _, rows, _ = run("assumptions", "ferry caspian", "--assumptions", str(dear_ferries), "--json")
    assert 0.223 in [row["base"] for row in json.loads(rows)["assumptions"]]


@pytest.mark.parametrize("command", [("route", "Kostanay", "Ghent"), ("compare", "Kostanay", "Ghent"),
                                     ("distance", "Poti", "Constanta"), ("assumptions",)])  # fmt: skip
def test_a_broken_folder_is_one_sentence(run: Run, dear_ferries: Path, command: tuple[str, ...]) -> None:
    file = dear_ferries / "haul.csv"
    file.write_text(file.read_text("utf-8").replace(",362,525,923,", ",362,fast,923,", 1), "utf-8")
    code, out, err = run(*command, "--assumptions", str(dear_ferries))
    assert (code, out) == (2, "")
    assert err == "Error: haul.csv, row 2, column base: 'fast' is not a number\n"
    code, _, err = run(*command, "--assumptions", str(dear_ferries / "nowhere"))
    assert code == 2
    assert "there is no folder" in err
    assert "holds any of haul.csv" in err


def test_load_unit(run: Run) -> None:
    code, out, _ = run("route", "Kostanay", "Ghent", "--unit", "truck", "-t", "44", "-c", "wheat")
    assert code == 0
    assert "44 t of wheat in 2 trucks" in out
    code, out, _ = run("route", "Kostanay", "Ghent", "--unit", "truck", "-t", "44", "--json")
    assert {leg["mode"] for leg in json.loads(out)["legs"]} <= {"road", "ferry", "transfer"}
    code, _, err = run("compare", "Kostanay", "Ghent", "--unit", "barge")
    assert code == 2
    assert "unknown load unit 'barge'" in err


def test_explain(run: Run) -> None:
    code, out, _ = run("route", "Kostanay", "Ghent", "--explain", "--avoid-country", "RU")
    assert code == 0
    for text in ("Cost, USD/t", "Time, days", "of which waiting", "Against ", "USD/t cheaper"):
        assert text in out


def test_verify_tells_days_and_dollars(run: Run) -> None:
    code, out, _ = run("verify", "--json")
    told = json.loads(out)
    figures = told["figures"]
    assert code == 0
    assert len(figures) > 10
    assert {type(row["fitted"]) for row in [*figures, *told["rows"]]} == {bool}
    assert all(row["within"] or row["reason"] for row in figures)
    _, out, _ = run("verify", "--mode", "ferry", "--json")
    assert "figures" not in json.loads(out)
