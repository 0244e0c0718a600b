"""
Many questions at once: every origin to every destination, for each shipment and scenario, on all cores or a cluster.

The work is cut into batches: one shipment, one scenario, some origins, all destinations, so that links are priced once
a batch. What a batch answers is kept in a file of its own; a batch that has one is not asked again, so a sweep goes on
where it was stopped.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import pandas as pd

from corridor.errors import NoRouteError, SweepError
from corridor.impedance import Objective
from corridor.question import ask
from corridor.rates import load_rates
from corridor.route import TOTALS
from corridor.scenario import Scenario
from corridor.shipment import Shipment
from corridor.study import Study
from geodata.network import Network, load_network
from geodata.whole_files import write_whole

BATCH_PAIRS = 2_000
"""A batch asks for no more pairs of places than this, unless one origin has more destinations."""
CONNECT_S = 15
"""So long a cluster's scheduler is tried."""


@dataclass(frozen=True)
class Batch:
    """
    Questions that share their prices.

    Attributes
    ----------
    network_file, assumptions
        The network and the folder of rates, where every worker finds them; "" for those shipped.
    """

    shipment: Shipment
    scenario: Scenario
    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    minimize: Objective = "cost_usd"
    network_file: str = ""
    assumptions: str = ""

    def __len__(self) -> int:
        """Pairs of places asked for."""
        return len(self.origins) * len(self.destinations)


def batches_of(study: Study, *, network_file: str = "", assumptions: str = "") -> list[Batch]:
    """
    Every question of a study: origins × destinations × load units × months × scenarios.

    A study without months asks each scenario in the month that it names, if any. What shares its prices is asked
    together, and no batch has more than `BATCH_PAIRS` pairs.
    """
    step = max(1, BATCH_PAIRS // max(1, len(study.destinations)))
    return [
        Batch(
            shipment,
            scenario.in_month(month) if month else scenario,
            study.origins[at : at + step],
            study.destinations,
            cast(Objective, study.minimize),
            network_file,
            assumptions,
        )
        for shipment in study.shipments
        for month in study.months or (None,)
        for scenario in study.scenarios
        for at in range(0, len(study.origins), step)
    ]


def run_batch(batch: Batch) -> pd.DataFrame:
    """
    Answer a batch.

    Returns
    -------
    DataFrame
        One row a pair of places: ``origin``, ``destination``, ``scenario``, ``month`` (0: no season), ``commodity``,
        ``tonnes``, ``unit``, ``minimize``, ``open`` (False: no way, and the rest is empty), ``corridor``, ``via``,
        ``distance_km``, ``time_h``, ``cost_usd``, ``co2e_kg`` (whole shipment).
    """
    network = _network(batch.network_file)
    rates = load_rates(batch.assumptions) if batch.assumptions else None
    rows = []
    for origin in batch.origins:
        for destination in batch.destinations:
            row: dict[str, object] = {
                "origin": origin,
                "destination": destination,
                "scenario": batch.scenario.name,
                "month": batch.scenario.month or 0,
                "commodity": batch.shipment.commodity,
                "tonnes": batch.shipment.tonnes,
                "unit": batch.shipment.unit,
                "minimize": batch.minimize,
                "open": False,
                "corridor": "",
                "via": "",
                **dict.fromkeys(TOTALS, float("nan")),
            }
            try:
                question = ask(network, origin, destination, batch.shipment, batch.scenario, batch.minimize, rates)
                route = question.answer(batch.scenario, explain=False)
            except NoRouteError:
                rows.append(row)
                continue
            found = {"open": True, "corridor": route.corridor, "via": " · ".join(route.via)}
            rows.append({**row, **found, **{name: getattr(route, name) for name in TOTALS}})
    return pd.DataFrame(rows)


def run_sweep(
    batches: Sequence[Batch],
    folder: str | Path,
    executor: Executor,
    progress: Callable[[int], None] = lambda pairs: None,
) -> pd.DataFrame:
    """
    Answer all batches that have no answer in `folder` yet, and put all answers together in the order of the batches.

    Parameters
    ----------
    folder
        Keeps one Parquet file a batch, under a name that changes with anything that could change its answer: the
        question, the network, the rates (the shipped ones stand in for those not in the folder) and the version of
        this package.
    executor
        Who does the work: `local_executor` or `cluster_executor`.
    progress
        Is told the pairs of every batch that has its answer.

    Raises
    ------
    SweepError
        A worker or the cluster was lost, or the folder. What is answered stays; the same call goes on from there.
    """
    home = Path(folder)
    home.mkdir(parents=True, exist_ok=True)
    kept = {batch: home / f"{name}.parquet" for batch, name in zip(batches, _names(batches), strict=True)}
    waiting = [batch for batch, file in kept.items() if not file.exists()]
    progress(sum(len(batch) for batch in batches) - sum(map(len, waiting)))
    futures = {executor.submit(run_batch, batch): batch for batch in waiting}
    try:
        for future in as_completed(futures):
            batch = futures[future]
            answer = io.BytesIO()
            future.result().to_parquet(answer, index=False)
            write_whole(kept[batch], answer.getvalue())
            progress(len(batch))
    except _lost_workers() as error:
        done = sum(file.exists() for file in kept.values())
        raise SweepError(
            f"a worker was lost ({type(error).__name__}): {done} of {len(kept)} batches are answered and kept in"
            f" {home}; run the same command again to go on"
        ) from error
    except FileNotFoundError as error:
        if home.is_dir():
            raise
        raise SweepError(
            f"the folder {home} went away: another sweep that wrote there has ended;"
            " run the same command again to go on"
        ) from error
    finally:
        for future in futures:
            future.cancel()
    return pd.concat([pd.read_parquet(kept[batch]) for batch in batches], ignore_index=True)


@contextmanager
def local_executor(workers: int | None = None) -> Iterator[Executor]:
    """Worker processes on this machine, by default one a core."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_end_with_parent) as pool:
        try:
            yield pool
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def cluster_executor(scheduler: str) -> Iterator[Executor]:
    """
    The workers of a Dask cluster, each of which must have this package installed.

    A batch whose worker dies is given to another by the scheduler; its answer comes back once.

    Raises
    ------
    SweepError
        No scheduler answers at the address, or Dask is not installed.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise SweepError("a cluster needs the package distributed: pip install 'trade-corridor[cluster]'") from error
    try:
        client: Any = Client(scheduler, timeout=CONNECT_S)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise SweepError(f"no Dask scheduler answers at {scheduler}: start one with `dask scheduler`") from error
    with client:
        yield client.get_executor(pure=False)


def _end_with_parent() -> None:
    """A worker whose sweep is killed must not wait for ever for more to do."""
    import multiprocessing
    import multiprocessing.connection
    import os
    import threading

    parent = multiprocessing.parent_process()
    if parent is not None:
        sentinel = parent.sentinel

        def watch() -> None:
            multiprocessing.connection.wait([sentinel])
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()


def _lost_workers() -> tuple[type[BaseException], ...]:
    """Errors that say that who did the work is gone, not that the work was wrong."""
    from concurrent.futures import CancelledError
    from concurrent.futures.process import BrokenProcessPool

    try:
        from distributed import CancelledError as ClusterCancelled
        from distributed import KilledWorker
    except ImportError:
        return CancelledError, BrokenProcessPool
    return CancelledError, BrokenProcessPool, ClusterCancelled, KilledWorker


@cache
def _network(file: str) -> Network:
    """The network of a batch, read once a worker."""
    return load_network(file or None)


def _names(batches: Sequence[Batch]) -> list[str]:
    """Names of batches that change with anything that could change their answers; every file is read once a call."""
    digest = cache(_digest)
    names = []
    for batch in batches:
        read = (batch.network_file or _SHIPPED, _ASSUMPTIONS, *filter(None, [batch.assumptions]))
        told = (repr(batch), version("trade-corridor"), *map(digest, read))
        names.append(hashlib.blake2b(" ".join(told).encode(), digest_size=12).hexdigest())
    return names


_SHIPPED = str(files("geodata") / "shipped")
_ASSUMPTIONS = str(files("corridor") / "assumptions")


def _digest(path: str) -> str:
    """Digest of a file, or of all files of a folder."""
    home = Path(path)
    content = hashlib.blake2b(digest_size=16)
    for file in sorted(home.iterdir()) if home.is_dir() else [home]:
        if file.is_file():
            content.update(file.name.encode() + file.read_bytes())
    return content.hexdigest()


def write_results(results: pd.DataFrame, out: Path, parts: Path) -> None:
    """Write the results as Parquet, and then drop the folder of the batches' own files."""
    import shutil

    content = io.BytesIO()
    results.to_parquet(content, index=False)
    write_whole(out, content.getvalue())
    shutil.rmtree(parts, ignore_errors=not parts.exists())
