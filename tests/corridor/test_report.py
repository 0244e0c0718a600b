"""A study as a folder of pages: whole, small, of known names, and never over another's file."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

import corridor as co
from corridor.report import INDEX, MANIFEST
from geodata.network import Network


@pytest.fixture
def study(thousand: co.Shipment) -> co.Study:
    storm = co.Scenario("storm", note="Wind & waves <b>").close("Aktau", reason="wind")
    shipments = (thousand, replace(thousand, unit="container"))
    return co.Study("toy-study", ("Kostanay",), ("Ghent",), shipments, (1,), (co.BASELINE, storm), note="A toy.")


def test_pages_tables_and_index(study, toy: Network, toy_rates: co.Rates, tmp_path: Path) -> None:
    heard: list[tuple[int, int, str]] = []
    folder = tmp_path / "deep" / "report"
    written = co.write_report(study, toy, folder, rates=toy_rates, tell=lambda *said: heard.append(said))
    pages = ["kostanay-ghent-hopper-wagon", "kostanay-ghent-container"]
    assert [path.name for path in written] == [INDEX, *(f"{name}.html" for name in pages)]
    tables = {f"{name}.{ending}" for name in pages for ending in ("xlsx", "csv")}
    assert {path.name for path in folder.iterdir()} == {MANIFEST, *tables, *(path.name for path in written)}
    done = [number for number, _, _ in heard]
    assert done == sorted(done) and (done[0], heard[-1][:2]) == (0, (heard[-2][1], heard[-2][1]))
    assert any(what.endswith(": storm") for _, _, what in heard)
    index = written[0].read_text("utf-8")
    for name in pages:
        assert f'href="{name}.html"' in index
        assert f'href="{name}.xlsx"' in index
    assert "Wind &amp; waves &lt;b&gt;" in index
    page = written[1].read_text("utf-8")
    assert "Aktau (wind)" in page
    routes = co.find_corridors(toy, "Kostanay", "Ghent", study.shipments[0], rates=toy_rates)
    cheapest = min(routes, key=lambda route: route.cost_usd)
    assert re.search(
        rf">{cheapest.corridor}<.*?>Cheapest<.*?>{cheapest.days:.1f}<.*?>{cheapest.cost_usd_per_t:,.0f}<", index
    )
    storm = co.find_corridors(toy, "Kostanay", "Ghent", study.shipments[0], study.scenarios[1], rates=toy_rates)
    assert f">{len(routes) - len(storm)} of {len(routes)}<" in index
    more = min(route.cost_usd_per_t for route in storm) - cheapest.cost_usd_per_t
    assert f">{f'{more:+,.0f}'.replace('-', '−') if round(more) else 0}<" in index


def test_a_report_is_written_over_its_own_earlier_one(study, toy, toy_rates, tmp_path: Path) -> None:
    co.write_report(study, toy, tmp_path, rates=toy_rates)
    (tmp_path / "mine.txt").write_text("mine")
    one = replace(study, shipments=study.shipments[:1])
    co.write_report(one, toy, tmp_path, rates=toy_rates)
    names = {path.name for path in tmp_path.iterdir()}
    assert "kostanay-ghent-container.html" not in names  # of the earlier report alone
    assert {"mine.txt", "kostanay-ghent-hopper-wagon.html"} <= names
    assert set(json.loads((tmp_path / MANIFEST).read_text())["files"]) == names - {"mine.txt", MANIFEST}


@pytest.mark.parametrize("name", [INDEX, "kostanay-ghent-container.csv"])
def test_foreign_and_changed_files_are_left_alone(study, toy, toy_rates, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    with pytest.raises(co.ExportError, match=r"is not of a report.*choose another folder"):
        co.write_report(study, toy, tmp_path, rates=toy_rates)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    (tmp_path / name).unlink()
    co.write_report(study, toy, tmp_path, rates=toy_rates)
    (tmp_path / name).write_text("changed by hand")
    with pytest.raises(co.ExportError, match="was changed since"):
        co.write_report(study, toy, tmp_path, rates=toy_rates)
    assert (tmp_path / name).read_text() == "changed by hand"


def test_a_file_in_place_of_the_folder_or_the_list(study, toy, toy_rates, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(co.ExportError, match="give a folder"):
        co.write_report(study, toy, file, rates=toy_rates)
    (tmp_path / MANIFEST).write_text("[]")
    with pytest.raises(co.ExportError, match="no list of a report"):
        co.write_report(study, toy, tmp_path, rates=toy_rates)
    (tmp_path / MANIFEST).write_text('{"files": {"../file": "00", "file": "00"}}')
    co.write_report(study, toy, tmp_path, rates=toy_rates)
    assert file.read_text() == "mine"


def test_where_no_way_leads_the_page_says_so(study, toy, toy_rates, tmp_path: Path) -> None:
    island = replace(study, destinations=("Riga", "Ghent"), shipments=study.shipments[:1])
    written = co.write_report(island, toy, tmp_path, rates=toy_rates)
    assert len(written) == 3
    assert "no open way" in written[1].read_text("utf-8")
    assert "no open way" in written[0].read_text("utf-8")
    assert not (tmp_path / "kostanay-riga-hopper-wagon.csv").exists()


def test_hostile_names_stay_text(study, toy, toy_rates, tmp_path: Path) -> None:
    payload = '</title><script>window.hit=1</script><img src=x onerror="window.hit=1">'
    written = co.write_report(replace(study, name=payload, note=payload), toy, tmp_path, rates=toy_rates)
    index = written[0].read_text("utf-8")
    assert "<script>window" not in index
    assert "<img" not in index
    assert "window.hit=1" in index


def test_maps_beside_the_ways(study, network: Network, tmp_path: Path) -> None:
    wanted = replace(
        study, scenarios=(co.BASELINE,), months=(), shipments=study.shipments[:1],
        maps=("terminals", "reach", "hinterland"), gateways=("Aktau", "Kuryk"),
    )  # fmt: skip
    written = co.write_report(wanted, network, tmp_path)
    names = [path.name for path in written]
    assert names[2:] == ["map-terminals.html", "map-reach-kostanay.html", "map-hinterland-ghent.html"]
    index = written[0].read_text("utf-8")
    assert all(f'href="{name}"' in index for name in names[1:])
    for maps, gateways, message in ((("moon",), (), "no map moon"), (("hinterland",), (), "name them")):
        with pytest.raises(co.ScenarioError, match=message):
            replace(study, maps=maps, gateways=gateways)
