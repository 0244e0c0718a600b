"""``corridor report`` and ``corridor figure``."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import corridor as co
from corridor.cli import main
from corridor.figures import FIGURE_DRAWS, time_cost_distance_figure
from corridor.metrics import capacities
from geodata.network import Network

Run = Callable[..., tuple[int, str, str]]
STUDY = """
name = "small"
origins = ["Aktobe"]
destinations = ["Amirabad"]
scenarios = ["aktau-grain-ban"]
[shipment]
commodity = "barley"
tonnes = 5000
"""


@pytest.fixture
def run(network: Network, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setattr(co, "load_network", lambda path=None: network)
    monkeypatch.setenv("COLUMNS", "120")

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["corridor", *arguments])
        with pytest.raises(SystemExit) as stopped:
            main()
        printed = capsys.readouterr()
        assert "Traceback" not in printed.out + printed.err
        return int(stopped.value.code or 0), printed.out, printed.err

    return call


def test_report_of_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(STUDY)
    code, out, err = run("report", str(tmp_path / "small.toml"), "--out", str(tmp_path / "out"))
    assert (code, err) == (0, "")
    assert f"open {tmp_path / 'out' / 'index.html'} in any browser" in out
    page = tmp_path / "out" / "aktobe-amirabad-hopper-wagon.html"
    assert page.stat().st_size < 1_000_000
    assert "Grain ban at Aktau" in page.read_text("utf-8")


def test_report_refuses_in_one_sentence(run: Run, tmp_path: Path) -> None:
    code, _, err = run("report", "flaxseed", "--out", str(tmp_path))
    assert (code, err.count("\n")) == (2, 1)
    assert "did you mean" in err or "corridor studies" in err
    (tmp_path / "index.html").write_text("mine")
    code, _, err = run("report", "barley-aktobe-amirabad", "--out", str(tmp_path))
    assert (code, err.count("\n")) == (2, 1)
    assert "is not of a report" in err


@pytest.mark.parametrize(
    ("kind", "ending", "start"),
    [
        ("time-cost-distance", ".png", b"\x89PNG"),
        ("pareto", ".svg", b"<?xml"),
        ("months", ".pdf", b"%PDF"),
        ("tornado", ".png", b"\x89PNG"),
    ],
)
def test_figures(run: Run, tmp_path: Path, kind: str, ending: str, start: bytes) -> None:
    pytest.importorskip("matplotlib")
    file = tmp_path / "new" / f"figure{ending}"
    code, out, err = run("figure", kind, "Aktobe", "Amirabad", "--commodity", "barley", "--out", str(file))
    assert (code, err) == (0, "")
    assert str(file.name) in out
    assert file.read_bytes().startswith(start)


def test_figure_of_funnels_takes_no_places(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    file = tmp_path / "funnel.svg"
    assert run("figure", "funnel", "--out", str(file))[0] == 0
    text = file.read_text("utf-8")
    assert "<!-- Aktau: grain by ship -->" in text
    assert "<!-- Kuryk: wagons on the ferry -->" in text
    (aktau,) = [one for one in capacities() if (one.name, one.layer) == ("KZ_AKTAU", "rail-1520>sea")]
    low, base, high = (value * 12 / 1000 for value in (aktau.low, aktau.base, aktau.high))
    assert f"<!-- {base:.2f} Mt ({low:.2f}–{high:.2f}) -->" in text
    code, _, err = run("figure", "funnel", "Aktau", "--out", str(tmp_path / "a.svg"))
    assert (code, err) == (2, "Error: a funnel is that of Aktau and Kuryk: give no FROM and TO\n")
    code, _, err = run("figure", "tornado", "Aktobe", "--out", str(tmp_path / "a.svg"))
    assert (code, err) == (2, "Error: give FROM and TO: corridor figure tornado Kostanay Ghent --out FILE\n")
    assert not (tmp_path / "a.svg").exists()


def test_tornado_figure_tells_the_best_route_in_words(run: Run, network: Network, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    file = tmp_path / "tornado.svg"
    asked = ("Aktobe", "Amirabad", "--minimize", "time_h", "--tonnes", "5000", "--commodity", "barley")
    assert run("figure", "tornado", *asked, "--out", str(file))[0] == 0
    text = file.read_text("utf-8")
    best = co.find_corridors(network, "Aktobe", "Amirabad", co.Shipment("barley", 5000), minimize="time_h")[0]
    strongest = co.tornado(best, "time_h").iloc[0]
    items = best.items()
    word = items.loc[(items["file"] == strongest["file"]) & (items["row"] == strongest["row"]), "item"].iat[0]
    assert f"<!-- {word}" in text
    assert f"base {best.time_h / 24:.4g}" in text
    assert "parcel_t" not in text


def test_whiskers_are_the_ranges_of_the_simulation(network: Network) -> None:
    pytest.importorskip("matplotlib")
    routes = co.find_corridors(network, "Aktobe", "Amirabad", co.Shipment("barley", 5000))
    ranges = co.simulate(routes, draws=FIGURE_DRAWS).ranges()
    days = ranges[ranges["figure"] == "time_h"][["p10", "p90"]].to_numpy() / 24
    axis = time_cost_distance_figure(routes).axes[0]
    drawn = [list(line.get_ydata()) for line in axis.lines if line.get_marker() == "_"]
    assert drawn == [pytest.approx(pair) for pair in days.tolist()]
    bands = [band.get_paths()[0].vertices for band in axis.collections if band.get_paths()]
    assert len(bands) == len(routes), "a band along every route"
    for band, route, (low, high) in zip(bands, routes, days, strict=True):
        end = band[band[:, 0] == band[:, 0].max()][:, 1]
        assert band[:, 0].max() == pytest.approx(route.distance_km)
        assert end.max() == pytest.approx(high, rel=0.02)
        assert abs(end - low).min() < 0.02 * low, "the lower edge ends there, after the discharge"


def test_figure_refuses_an_unknown_ending(run: Run, tmp_path: Path) -> None:
    code, _, err = run("figure", "pareto", "Kostanay", "Ghent", "--out", str(tmp_path / "a.doc"))
    assert (code, err) == (
        2,
        "Error: a.doc: figures are written as .png, .svg, .pdf; give the file a name that ends so\n",
    )


def test_figure_without_matplotlib_says_what_to_install(run: Run, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    code, _, err = run("figure", "pareto", "Kostanay", "Ghent", "--out", str(tmp_path / "a.png"))
    assert (code, err) == (2, "Error: figures need matplotlib: pip install 'trade-corridor[figures]'\n")
    assert not (tmp_path / "a.png").exists()
