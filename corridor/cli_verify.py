"""The command ``corridor verify``."""

from __future__ import annotations

from typing import Annotated

import typer

from corridor.cli_assumptions import figure_records, figure_table
from corridor.cli_network import JsonOption, NetworkOption, console, print_json
from geodata.vocabulary import Mode


def verify(
    mode: Annotated[Mode | None, typer.Option("--mode", help="Only rows of one mode.", show_default=False)] = None,
    network_file: NetworkOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare with published distances, days and dollars: computed, published, error, source; deviations are red."""
    import pandas as pd
    from rich.markup import escape
    from rich.table import Table

    import corridor as co
    from geodata.verify import compare_distances, error_quantiles, known_deviations, published_distances

    network = co.load_network(network_file)
    tables = [
        table[table["mode"] == mode.value] if mode else table for table in (published_distances(), known_deviations())
    ]
    checked = pd.concat([compare_distances(network, table) for table in tables if len(table)], ignore_index=True)
    quantiles = error_quantiles(checked)
    if as_json:
        columns = {"computed_km": "computed", "published_km": "published"}
        promised = ["metric", "mode", "from", "to", "computed", "published", "error", "fitted", "within", "source"]
        rows = checked.rename(columns=columns)[promised].astype(object)
        days_and_dollars = {} if mode else {"figures": figure_records(network)}
        print_json(
            {"rows": rows.where(rows.notna(), None).to_dict("records"), "quantiles": quantiles, **days_and_dollars}
        )
        return
    shown = Table("From", "To", "Mode", header_style="bold")
    for column in ("Computed", "Published", "Error"):
        shown.add_column(column, justify="right")
    shown.add_column("Source", overflow="fold")
    for row in checked.to_dict("records"):
        style = "" if row["within"] else "[red]"
        shown.add_row(
            escape(str(row["from"])),
            escape(str(row["to"])),
            row["mode"],
            f"{row['computed_km']:,.0f}",
            f"{row['published_km']:,.0f}",
            f"{style}{row['error']:+.1%}",
            escape(row["source"]) + (" (fitted)" if row["fitted"] else ""),
        )
    screen = console()
    screen.print(shown)
    for name, figures in quantiles.items():
        screen.print(
            f"{name}: {figures['rows']} rows, median |error| {figures['median']:.1%}, 95 % within {figures['p95']:.1%},"
            f" largest {figures['max']:.1%}"
        )
    if not mode:
        screen.print(figure_table(network))
