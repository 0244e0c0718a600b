"""Sweeps: every question answered once, on processes and on a cluster, whatever is killed on the way."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

import corridor as co
from corridor.errors import SweepError
from corridor.study import Study
from corridor.sweep import (
    BATCH_PAIRS,
    Batch,
    _names,
    batches_of,
    cluster_executor,
    local_executor,
    run_batch,
    run_sweep,
    write_results,
)

ORIGINS = ("Kostanay", "Aktau", "Alat")
DESTINATIONS = ("Ghent", "Constanta", "Riga")
SCENARIOS = (co.BASELINE, co.Scenario("no Caspian").close("Aktau"), co.Scenario("no Russia").close_country("RU"))
SHIPMENTS = tuple(co.Shipment("wheat", tonnes) for tonnes in (1000, 3000))


@pytest.fixture(scope="module")
def toy_file(tmp_path_factory: pytest.TempPathFactory, make_toy: Callable[..., co.Network]) -> str:
    file = tmp_path_factory.mktemp("network") / "toy.zip"
    make_toy().save(file)
    return str(file)


@pytest.fixture(scope="module")
def batches(toy_file: str) -> list[Batch]:
    study = Study("all", ORIGINS, DESTINATIONS, SHIPMENTS, scenarios=SCENARIOS)
    return batches_of(study, network_file=toy_file)


@pytest.fixture(scope="module")
def answers(batches: list[Batch]) -> pd.DataFrame:
    return pd.concat([run_batch(batch) for batch in batches], ignore_index=True)


def test_every_question_once_and_as_find_route_answers(answers: pd.DataFrame, toy: co.Network) -> None:
    assert len(answers) == 2 * 3 * 9
    assert not answers.duplicated(["origin", "destination", "scenario", "tonnes"]).any()
    for row in answers[answers["scenario"] == "no Caspian"].to_dict("records"):
        shipment = co.Shipment("wheat", row["tonnes"])
        try:
            route = co.find_route(toy, row["origin"], row["destination"], shipment, SCENARIOS[1])
        except co.NoRouteError:
            assert not row["open"]
            assert pd.isna(row["cost_usd"])
        else:
            assert row["open"]
            assert row["cost_usd"] == pytest.approx(route.cost_usd)
            assert row["via"] == " · ".join(route.via)


def test_many_pairs_are_shared_out() -> None:
    places = tuple(f"{number},50" for number in range(100))
    shared = batches_of(Study("many", places, places, (co.Shipment(),), months=(1, 7)))
    assert max(map(len, shared)) <= BATCH_PAIRS
    assert [origin for batch in shared if batch.scenario.month == 7 for origin in batch.origins] == list(places)


def test_on_processes(batches: list[Batch], answers: pd.DataFrame, tmp_path: Path) -> None:
    told: list[int] = []
    with local_executor(2) as executor:
        results = run_sweep(batches, tmp_path / "parts", executor, told.append)
    pd.testing.assert_frame_equal(results, answers)
    assert sum(told) == len(answers)


class Counting(ThreadPoolExecutor):
    """Counts what is asked of it."""

    def __init__(self) -> None:
        super().__init__(1)
        self.asked = 0

    def submit(self, *arguments: object, **more: object) -> Future:  # type: ignore[override,type-arg]
        self.asked += 1
        return super().submit(*arguments, **more)  # type: ignore[arg-type]


def test_goes_on_where_it_stopped(batches: list[Batch], answers: pd.DataFrame, tmp_path: Path) -> None:
    with Counting() as executor:
        run_sweep(batches[:4], tmp_path, executor)
        results = run_sweep(batches, tmp_path, executor)
        assert executor.asked == len(batches)
    pd.testing.assert_frame_equal(results, answers)


def test_an_answer_of_other_rates_is_not_reused(batches: list[Batch], tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    home = Path(co.__file__).parent / "assumptions"
    (own / "haul.csv").write_bytes((home / "haul.csv").read_bytes())
    other = [Batch(b.shipment, b.scenario, b.origins, b.destinations, assumptions=str(own)) for b in batches[:1]]
    with Counting() as executor:
        run_sweep(batches[:1], tmp_path / "parts", executor)
        run_sweep(other, tmp_path / "parts", executor)
        assert executor.asked == 2


def test_an_answer_of_another_version_is_not_reused(
    batches: list[Batch], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Counting() as executor:
        run_sweep(batches[:1], tmp_path, executor)
        monkeypatch.setattr("corridor.sweep.version", lambda name: f"later {name}")
        run_sweep(batches[:1], tmp_path, executor)
        assert executor.asked == 2


def test_shipped_tables_stand_in_for_those_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with rates of hauls alone: its answers change with the shipped rates of stops."""
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    shipped.mkdir()
    own.mkdir()
    (own / "haul.csv").write_text("own", "utf-8")
    monkeypatch.setattr("corridor.sweep._ASSUMPTIONS", str(shipped))
    batch = Batch(co.Shipment(), co.Scenario(), ("Kostanay",), ("Ghent",), assumptions=str(own))
    names: list[str] = []
    for text in ("before", "after"):
        (shipped / "stops.csv").write_text(text, "utf-8")
        names += _names([batch])
    assert names[0] != names[1]


def test_another_sweep_that_ends_first_is_told(batches: list[Batch], answers: pd.DataFrame, tmp_path: Path) -> None:
    parts, ended = tmp_path / "parts", iter([False, True])

    def end_the_other(pairs: int) -> None:
        if next(ended, False):
            shutil.rmtree(parts)

    with local_executor(1) as executor:
        with pytest.raises(SweepError, match=r"another sweep .* run the same command again"):
            run_sweep(batches, parts, executor, end_the_other)
        pd.testing.assert_frame_equal(run_sweep(batches, parts, executor), answers)
    write_results(answers, tmp_path / "answers.parquet", tmp_path / "gone")
    assert (tmp_path / "answers.parquet").is_file()


def test_a_lost_worker_is_told_and_nothing_lost(batches: list[Batch], answers: pd.DataFrame, tmp_path: Path) -> None:
    with local_executor(1) as executor:
        run_sweep(batches[:2], tmp_path, executor)
        executor.submit(os._exit, 1)
        with pytest.raises(SweepError, match="run the same command again"):
            run_sweep(batches, tmp_path, executor)
    with local_executor(1) as executor:
        pd.testing.assert_frame_equal(run_sweep(batches, tmp_path, executor), answers)


@pytest.fixture(scope="module")
def cluster() -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A real Dask scheduler and two workers, each a process of its own, on this machine's loopback."""
    pytest.importorskip("distributed", reason="needs the package distributed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"

    def start(part: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.dask_{part}", "--host", "127.0.0.1", "--no-dashboard"]
        return subprocess.Popen([*command, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    scheduler = start("scheduler", "--port", str(port), "--no-show")
    workers = [start("worker", address, "--nthreads", "1", "--no-nanny") for _ in range(2)]
    yield address, workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


def test_on_a_cluster_with_a_worker_killed_midway(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], batches: list[Batch], answers: pd.DataFrame, tmp_path: Path
) -> None:
    address, workers = cluster
    told: list[int] = []

    def kill_one(pairs: int) -> None:
        told.append(pairs)
        if sum(told) and workers[0].poll() is None:
            workers[0].send_signal(signal.SIGKILL)

    with cluster_executor(address) as executor:
        wait_for_workers(executor, 2)
        results = run_sweep(batches, tmp_path, executor, kill_one)
    assert workers[0].wait(10) == -signal.SIGKILL
    assert workers[1].poll() is None
    pd.testing.assert_frame_equal(results, answers)
    assert sum(told) == len(answers)


def wait_for_workers(executor: Executor, count: int) -> None:
    executor._client.wait_for_workers(count, timeout=60)  # type: ignore[attr-defined]


def test_no_scheduler_there(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="needs the package distributed")
    monkeypatch.setattr("corridor.sweep.CONNECT_S", 0.5)
    with (
        pytest.raises(SweepError, match="no Dask scheduler answers"),
        cluster_executor("tcp://127.0.0.1:9"),
    ):
        pass


# ---------------------------------------------------------------------------------------------------- the command line


def command(*arguments: str, folder: Path) -> subprocess.Popen[str]:
    script = "from corridor.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", script, "sweep", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def study_file(tmp_path: Path) -> Path:
    file = tmp_path / "all.toml"
    file.write_text(
        'name = "all"\norigins = ["Kostanay", "Alat"]\ndestinations = ["Ghent"]\nmonths = [1, 2, 3, 4, 5, 6]\n'
        'scenarios = ["baseline", "red-sea-closed"]\n[shipment]\ncommodity = "wheat"\ntonnes = 3000\n',
        "utf-8",
    )
    return file


def test_the_command_goes_on_after_a_kill(study_file: Path, tmp_path: Path) -> None:
    arguments = (str(study_file), "--out", "results.parquet", "--workers", "1", "--json")
    parts = tmp_path / "results.parquet.parts"
    first = command(*arguments, folder=tmp_path)
    while first.poll() is None and len(list(parts.glob("*.parquet"))) < 2:
        pass
    first.kill()
    first.communicate(timeout=30)
    done = {file.name: file.stat().st_mtime_ns for file in parts.glob("*.parquet")}
    assert done
    again = command(*arguments, folder=tmp_path)
    told, complaint = again.communicate(timeout=240)
    assert again.returncode == 0, complaint
    answer = json.loads(told)
    assert answer["routes"] == 2 * 6 * 2
    results = pd.read_parquet(tmp_path / "results.parquet")
    assert len(results) == answer["routes"]
    assert not results.duplicated(["origin", "scenario", "month"]).any()
    assert not parts.exists()


def test_the_command_refuses_in_one_sentence(study_file: Path, tmp_path: Path) -> None:
    for arguments, words in (
        (("nothing-of-the-kind", "--out", "x.parquet"), "no study"),
        ((str(study_file), "--out", "nowhere/x.parquet"), "there is no folder nowhere"),
        ((str(study_file), "--out", "x.csv"), "x.csv: results are written as Parquet"),
    ):
        done = command(*arguments, folder=tmp_path)
        _, complaint = done.communicate(timeout=60)
        assert done.returncode == 2
        assert words in complaint
        assert complaint.count("\n") == 1
