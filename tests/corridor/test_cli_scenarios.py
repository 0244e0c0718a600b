"""The command line with scenarios: lists, options, and refusals in one sentence."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import corridor as co
from corridor.cli import main
from corridor.scenario_files import scenario_names
from geodata.network import Network

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(network: Network, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Exit code, standard output and standard error of the command line on the network already read."""
    monkeypatch.setattr(co, "load_network", lambda path=None: network)
    monkeypatch.setenv("COLUMNS", "120")

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["corridor", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main()
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        return int(stopped.value.code or 0), printed.out, printed.err

    return call


def answer(run: Run, *arguments: str) -> dict:
    code, out, err = run(*arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_scenarios_are_listed(run: Run) -> None:
    code, out, _ = run("scenarios")
    assert code == 0
    for name in scenario_names():
        assert name in out
    records = {record["name"]: record for record in answer(run, "scenarios")["scenarios"]}
    assert list(records) == list(scenario_names())
    ban = records["aktau-grain-ban"]["closures"][0]
    assert ban["what"] == "Aktau by rail for wheat, durum wheat, barley, maize"
    assert ban["when"] == "1 October 2024 to 30 November 2024"
    assert ban["source"].startswith("https://")
    assert records["caspian-one-metre-lower"]["caspian_level_m"] == -30
    assert (
        records["btk-at-capacity"]["rate_changes"][0] | {"base": 240, "low": 72}
        == records["btk-at-capacity"]["rate_changes"][0]
    )


def test_a_scenario_is_explained(run: Run) -> None:
    code, out, _ = run("scenarios", "caspian-winter")
    assert code == 0
    assert out.startswith("caspian-winter, January")
    assert "Shut: Volga–Don Canal (ice, December–March)" in out
    assert "Changed: dwell_h of >ferry transfers at KZ_KURYK + 48 (storms" in out
    assert "https://sea-news.az/" in out


def test_studies_are_listed(run: Run) -> None:
    code, out, _ = run("studies")
    assert code == 0
    assert "3,000 t of flaxseed in 48 hopper wagons, Kostanay → Ghent, January, April, July, October" in out
    record = answer(run, "studies", "barley-aktobe-amirabad")["studies"][0]
    assert record["destinations"] == ["Amirabad"]
    assert record["scenarios"][:2] == ["baseline", "aktau-grain-ban"]


def test_compare_and_route_under_a_scenario(run: Run) -> None:
    usual = {route["corridor"] for route in answer(run, "compare", "Kostanay", "Ghent")["routes"]}
    asked = ("Kostanay", "Ghent", "--scenario", "no-russia-belarus")
    without = answer(run, "compare", *asked)["routes"]
    assert {route["corridor"] for route in without} == {name for name in usual if name.startswith(("Middle", "South"))}
    assert all(route["scenario"] == "no-russia-belarus" for route in without)
    assert "country RU (not used: sanctions on Russian Railways" in without[0]["closed"][0]
    best = answer(run, "route", *asked, "--month", "11")
    assert (best["corridor"], best["month"]) == ("Middle – deep sea", 11)
    code, out, _ = run("route", *asked, "--month", "11")
    assert code == 0
    assert "no-russia-belarus, November" in " ".join(out.split())


def test_months_and_closures_add_up(run: Run) -> None:
    summer, winter = (
        {route["corridor"] for route in answer(run, "compare", "Kostanay", "Ghent", "--month", month)["routes"]}
        for month in ("7", "1")
    )
    assert summer - winter == {"Volga–Don"}
    asked = ("--scenario", "no-russia-belarus", "--close", "Poti", "--month", "1")
    both = answer(run, "route", "Kostanay", "Ghent", *asked)
    assert both["scenario"] == "no-russia-belarus and as asked"
    assert {"Poti", "Volga–Don Canal (ice, December–March)"} <= set(both["closed"])
    assert "Poti" not in both["via"]


def test_distance_under_a_scenario(run: Run) -> None:
    suez = answer(run, "distance", "Lianyungang", "Antwerp", "--mode", "sea")
    cape = answer(run, "distance", "Lianyungang", "Antwerp", "--mode", "sea", "--scenario", "red-sea-closed")
    assert cape["distance_km"] > suez["distance_km"] + 5_000
    code, _, err = run("distance", "Aktau", "Poti", "--mode", "sea", "--month", "2")
    assert code == 1
    assert "Volga–Don Canal (ice, December–March)" in err


def test_a_scenario_of_ones_own(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    co.save_scenario(co.Scenario("mine").close("Kiel Canal", reason="works"), file)
    route = answer(run, "route", "Kostanay", "Ghent", "--scenario", str(file))
    assert route["scenario"] == "mine"
    assert route["closed"] == ["Kiel Canal (works)"]
    assert "Kiel Canal" not in route["via"]
    assert "works" in run("scenarios", str(file))[1]


def test_months_are_a_table_of_corridors(run: Run) -> None:
    code, out, _ = run("months", "Kostanay", "Ghent", "--scenario", "novy-port-stop")
    assert code == 0
    assert "Jan" in out
    assert "shut by Volga–Don Canal (ice" in out  # Astrakhan is shut, too, but ships come from Aktau
    assert "shut by Volga–Don Canal (ice, December–March)" in out  # else it is reached from Aktau, by ship alone
    rows = answer(run, "months", "Kostanay", "Ghent", "--scenario", "novy-port-stop")["months"]
    december = {row["corridor"]: row for row in rows if row["month"] == 12}
    assert not december["Baltic – Russia"]["open"]
    assert december["Baltic – Russia"]["time_h"] is None
    assert "St Petersburg by rail" in december["Baltic – Russia"]["shut_by"]
    assert all(row["open"] for row in rows if row["corridor"] == "Baltic – Russia" and row["month"] != 12)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["route", "Kostanay", "Ghent", "--scenario", "red-sea"], "did you mean red-sea-closed?"),
        (["compare", "Kostanay", "Ghent", "--scenario", ""], "no scenario ''"),
        (["distance", "Kostanay", "Ghent", "--scenario", "[/b]"], "no scenario '[/b]'"),
        (["route", "Kostanay", "Ghent", "--scenario", "nowhere.toml"], "nowhere.toml is not there"),
        (["scenarios", "caspian"], "did you mean caspian-one-metre-lower, caspian-winter?"),
        (["studies", "flax"], "no study 'flax'; did you mean flaxseed-kostanay-ghent?"),
        (["months", "Kostany", "Ghent"], "unknown place 'Kostany'"),
    ],
)  # fmt: skip
def test_bad_input_is_one_sentence_and_exit_2(run: Run, arguments: list[str], says: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("Error: ")
    assert says in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize("month", ["0", "13", "May", "1.5"])
def test_a_month_that_is_none(run: Run, month: str) -> None:
    code, out, err = run("route", "Kostanay", "Ghent", "--month", month)
    assert code == 2
    assert "Usage: " in err + out


def test_a_bad_file_is_told_by_file_and_key(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('name = "mine"\n[[closures]]\ngatway = "Aktau"\n')
    code, _, err = run("route", "Kostanay", "Ghent", "--scenario", str(file))
    assert code == 2
    assert "mine.toml, closures 1: unknown key 'gatway'; did you mean gateway?" in err
    file.write_text('name = "mine"\n[[closures]]\ngateway = "Aktua"\n')
    code, _, err = run("route", "Kostanay", "Ghent", "--scenario", str(file))
    assert code == 2
    assert "unknown place 'Aktua'; did you mean Aktau" in err
