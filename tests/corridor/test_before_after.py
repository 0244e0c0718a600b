"""Before and after a closure: two maps on one page, and what changes between them."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import corridor as co
from corridor.before_after import changes_table
from corridor.cli import app
from corridor.draw import under
from corridor.scenario_files import load_scenario
from geodata.network import Network

STORM = co.Scenario("storm").close("Aktau", reason="wind")


@pytest.fixture
def before(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> list[co.Route]:
    return co.find_corridors(toy, "Kostanay", "Ghent", thousand, rates=toy_rates)


@pytest.fixture
def after(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> list[co.Route]:
    return co.find_corridors(toy, "Kostanay", "Ghent", thousand, STORM, rates=toy_rates)


def test_each_way_is_beside_that_of_its_corridor_and_what_shuts_the_rest(before, after, toy_rates) -> None:
    table = changes_table(before, after, rates=toy_rates)
    told = [
        (
            None if pd.isna(row.before) else before[row.before].corridor,
            None if pd.isna(row.after) else after[row.after].corridor,
            row.reason,
        )
        for row in table.itertuples()
    ]
    assert told == [
        (route.corridor, "Northern", "") if route.corridor == "Northern" else (route.corridor, None, "Aktau (wind)")
        for route in before
    ]
    assert len(told) > 1


def test_a_way_that_was_not_there_is_new(before, after) -> None:
    table = changes_table(after, before)
    assert table["before"].isna().sum() == len(before) - 1
    assert sorted(table["after"]) == list(range(len(before)))
    assert table["before"].isna().tolist() == [False] + [True] * (len(before) - 1)


def test_what_cannot_be_compared_is_refused(before, toy, toy_rates, thousand) -> None:
    elsewhere = co.find_route(toy, "Kostanay", "Poti", thousand, rates=toy_rates)
    with pytest.raises(co.CorridorError, match="between the same two places"):
        co.draw_comparison(before, elsewhere)
    with pytest.raises(co.CorridorError, match="no route to draw"):
        co.draw_comparison(before, [])


def test_the_command_refuses_to_compare_the_baseline_with_itself(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    run = CliRunner().invoke(app, ["compare", "Kostanay", "Ghent", "--before-after", str(page)])
    assert run.exit_code != 0 and not page.exists()
    assert "say what differs" in str(run.exception) + run.output


def test_a_side_says_what_it_closes_unless_its_name_does(
    toy: Network, toy_rates: co.Rates, thousand: co.Shipment
) -> None:
    ways = co.find_corridors(toy, "Kostanay", "Ghent", thousand, rates=toy_rates)
    asked = co.Scenario("as asked").close("Aktau", reason="ice")
    shut = co.find_corridors(toy, "Kostanay", "Ghent", thousand, asked, rates=toy_rates)
    html = co.draw_comparison(ways, shut, rates=toy_rates).to_html()
    assert '"ru":"По запросу · закрыто: Актау (лёд)"' in html
    assert '"title":{"en":"Baseline","ru":"Базовый сценарий"' in html


def test_a_scenario_with_more_closures_keeps_its_name_in_every_language() -> None:
    told = under(load_scenario("no-russia-belarus"), shut=False)
    more = under(replace(load_scenario("no-russia-belarus"), name="no-russia-belarus and as asked"), shut=False)
    assert more["en"] == f"{told['en']} and as asked" and more["ru"] == f"{told['ru']} и по запросу"
