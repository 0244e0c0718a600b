"""The command ``corridor sweep``: a study's questions, all of them, on all cores or a cluster."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corridor.cli_assumptions import AssumptionsOption
from corridor.cli_network import JsonOption, NetworkOption, console, print_json
from corridor.errors import SweepError

if TYPE_CHECKING:
    import pandas as pd


def sweep(
    study_file: Annotated[
        str, typer.Argument(metavar="STUDY", help="A study's file (.toml), or the name of one that is shipped.")
    ],
    out: Annotated[Path, typer.Option("--out", help="Results, as Parquet.", dir_okay=False)],
    workers: Annotated[
        int | None, typer.Option("--workers", help="Processes on this machine; by default one a core.", min=1)
    ] = None,
    scheduler: Annotated[
        str, typer.Option("--scheduler", help="Use a Dask cluster: tcp://HOST:8786.", show_default=False)
    ] = "",
    rates_folder: AssumptionsOption = None,
    network_file: NetworkOption = None,
    as_json: JsonOption = False,
) -> None:
    """
    Answer every question of a study: origins × destinations × months × scenarios × load units.

    What is answered is kept beside the results until all is done: stopped, the same command goes on from there.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from corridor.catalogue import load_catalogue
    from corridor.study import load_study
    from corridor.sweep import batches_of, cluster_executor, local_executor, run_sweep, write_results

    if out.suffix != ".parquet":
        raise SweepError(f"{out.name}: results are written as Parquet; give the file a name that ends in .parquet")
    if not out.parent.is_dir():
        raise SweepError(f"cannot write {out}: there is no folder {out.parent}")
    batches = batches_of(
        load_study(study_file, load_catalogue(rates_folder)),
        network_file=str(network_file.resolve()) if network_file else "",
        assumptions=str(rates_folder.resolve()) if rates_folder else "",
    )
    parts = out.with_name(f"{out.name}.parts")
    begun = time.perf_counter()
    pairs = sum(len(batch) for batch in batches)
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console(stderr=True),
    )
    with bar, cluster_executor(scheduler) if scheduler else local_executor(workers) as executor:
        task = bar.add_task("routes", total=pairs)
        results = run_sweep(batches, parts, executor, lambda done: bar.advance(task, done))
    write_results(results, out, parts)
    took_s = time.perf_counter() - begun
    if as_json:
        print_json(
            {
                "file": str(out),
                "routes": pairs,
                "open": int(results["open"].sum()),
                "seconds": took_s,
                "scenarios": _summary(results).to_dict("records"),
            }
        )
        return
    _show(results)
    console().print(f"{pairs:,} scenario-routes in {took_s:,.1f} s, written to {out}", soft_wrap=True, markup=False)


def _summary(results: pd.DataFrame) -> pd.DataFrame:
    """One row a scenario, month and unit: how many pairs are open, their medians, the corridor most used."""
    keys = ["scenario", "month", "unit"]
    figures = results.assign(
        days=results["time_h"] / 24.0,
        cost_usd_per_t=results["cost_usd"] / results["tonnes"],
        co2e_kg_per_t=results["co2e_kg"] / results["tonnes"],
    )
    rows = []
    for values, group in figures.groupby(keys, sort=False):
        is_open = group[group["open"]]
        medians = {name: float(is_open[name].median()) for name in ("days", "cost_usd_per_t", "co2e_kg_per_t")}
        used = is_open["corridor"].mode()
        rows.append(
            {
                **dict(zip(keys, values, strict=True)),
                "routes": len(group),
                "open": len(is_open),
                **{name: value if len(is_open) else None for name, value in medians.items()},
                "corridor": str(used.iat[0]) if len(used) else "",
            }
        )
    import pandas as pd

    return pd.DataFrame(rows)


def _show(results: pd.DataFrame) -> None:
    from rich.markup import escape
    from rich.table import Table

    table = Table("Scenario", "Month", "Unit", header_style="bold", title="Medians over the open pairs")
    for column in ("Open", "Days", "USD/t", "kg CO2e/t"):
        table.add_column(column, justify="right")
    table.add_column("Most used corridor")
    for row in _summary(results).to_dict("records"):
        figures = [row["days"], row["cost_usd_per_t"], row["co2e_kg_per_t"]]
        shown = [f"{value:,.0f}" if row["open"] else "–" for value in figures]
        table.add_row(
            escape(row["scenario"]),
            str(row["month"] or "any"),
            escape(row["unit"]),
            f"{row['open']}/{row['routes']}",
            *shown,
            escape(row["corridor"] or "other way"),
        )
    console().print(table)
