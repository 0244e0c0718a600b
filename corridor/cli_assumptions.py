"""The command ``corridor assumptions``, and the options that choose assumptions and load unit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corridor.cli_network import JsonOption, console, print_json
from corridor.errors import AssumptionError

AssumptionsOption = Annotated[
    Path | None,
    typer.Option(
        "--assumptions",
        metavar="DIR",
        help="A folder with tables of your own in place of ours (haul.csv, stops.csv …).",
        show_default=False,
    ),
]
UnitOption = Annotated[
    str,
    typer.Option(
        "--unit",
        "-u",
        help="What it is carried in: hopper wagon, covered wagon, tank wagon, container or truck.",
        show_default="what suits the commodity",
    ),
]
WORDS = ("file", "quantity", "kind", "layer", "area", "terminal", "load_unit", "source", "confidence", "note")
"""Columns that the text is looked for in."""
TOLD = (
    "file", "row", "quantity", "kind", "layer", "area", "terminal", "load_unit", "low", "base", "high", "unit",
    "payload_t", "source", "year", "deflator", "confidence", "note",
)  # fmt: skip


def assumptions(
    text: Annotated[
        list[str] | None,
        typer.Argument(help="Words that a row must contain, all of them; nothing lists every row.", show_default=False),
    ] = None,
    folder: AssumptionsOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what is assumed: value and range, unit, source, year and confidence."""
    from rich.markup import escape
    from rich.table import Table

    import corridor as co
    from corridor.rates import PRICE_YEAR

    table = co.load_rates(folder).table
    words = " ".join(text or []).casefold().split()
    haystack = table[list(WORDS)].agg(" ".join, axis=1).str.casefold()
    hit = haystack.map(lambda row: all(word in row for word in words)).to_numpy(bool)
    rows = table[hit]
    if rows.empty:
        raise AssumptionError(
            f"no assumption contains {' '.join(words)!r}; `corridor assumptions` lists all {len(table)}"
        )
    if as_json:
        cells = rows[list(TOLD)].astype(object)
        print_json({"price_year": PRICE_YEAR, "assumptions": cells.where(cells.notna(), None).to_dict("records")})
        return
    shown = Table(header_style="bold", show_lines=False)
    shown.add_column("What", overflow="fold", ratio=3)
    shown.add_column("Low … base … high", justify="right", ratio=2)
    shown.add_column("Source, year, confidence", overflow="fold", ratio=3)
    for row in rows.itertuples(index=False):
        about = " ".join(word for word in (row.kind, row.layer, row.area, row.terminal, row.load_unit) if word)
        value = f"{row.low:.4g} … [bold]{row.base:.4g}[/bold] … {row.high:.4g}\n[dim]{escape(row.unit)}[/dim]"
        note = f"\n[dim]{escape(row.note)}[/dim]" if row.note else ""
        shown.add_row(
            f"[bold]{row.quantity}[/bold] {escape(about)}\n[dim]{row.file}, row {row.row}[/dim]", value,
            f"{escape(row.source)}, {row.year}, {row.confidence}{note}",
        )  # fmt: skip
    screen = console()
    screen.print(shown)
    screen.print(
        f"[dim]{len(rows)} of {len(table)} rows. Money is in US dollars of {PRICE_YEAR}, by deflators.csv.[/dim]"
    )
