"""The command ``corridor assumptions``, options for assumptions and load unit, and published figures for ``verify``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor.cli_network import JsonOption, console, print_json
from corridor.errors import AssumptionError

if TYPE_CHECKING:
    from rich.table import Table

    from corridor import Catalogue, Network, Rates

AssumptionsOption = Annotated[
    Path | None,
    typer.Option(
        "--assumptions",
        metavar="DIR",
        help="A folder with tables of your own in place of ours (haul.csv, commodities.csv …).",
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


def assumed(folder: Path | None) -> tuple[Rates | None, Catalogue]:
    """Rates (None: those shipped) and catalogue of the option --assumptions."""
    import corridor as co

    return co.load_rates(folder) if folder else None, co.load_catalogue(folder)


def figure_records(network: Network) -> list[dict[str, Any]]:
    """Published days and dollars beside the model's, as JSON."""
    from corridor.benchmarks import compare_figures

    figures = compare_figures(network)
    cells = figures.assign(fitted=figures["fitted"] == "yes").astype(object)
    records: list[dict[str, Any]] = cells.where(cells.notna(), None).to_dict("records")
    return records


def figure_table(network: Network) -> Table:
    """Published days and dollars beside the model's, as a table; what is outside the published range is red."""
    from rich.markup import escape
    from rich.table import Table

    from corridor.benchmarks import compare_figures
    from corridor.rates import PRICE_YEAR

    shown = Table("From", "To", "What", title="Days and dollars", title_justify="left", header_style="bold")
    for column in ("Computed", "Published"):
        shown.add_column(column, justify="right")
    shown.add_column("Source, or why it differs", overflow="fold")
    figures = compare_figures(network)
    for row in figures.itertuples(index=False):
        unit, digits = {
            "days": ("days", 1 if row.high >= 2 else 2),
            "usd_per_t": (f"USD/t of {PRICE_YEAR}", 0),
            "km_per_h": ("km/h", 1),
            "days_ratio": ("times the days of the other way", 1),
            "usd_ratio": ("times the dollars of the other way", 2),
        }[row.metric]
        what = f"{row.items.replace(';', ', ') or 'whole route'}, {row.tonnes:,.0f} t {row.commodity}, {row.load_unit}"
        style = "" if row.within else "[red]"
        told = escape(row.source) + (" (fitted)" if row.fitted else "")
        shown.add_row(
            escape(row.origin), escape(row.destination), escape(f"{what}; {unit}"),
            f"{style}{row.computed:,.{digits}f}", f"{row.low:,.{digits}f}–{row.high:,.{digits}f}",
            f"{escape(row.reason)} {told}" if row.reason else told,
        )  # fmt: skip
    counts = {fitted: (int(own["within"].sum()), len(own)) for fitted, own in figures.groupby("fitted")}
    shown.caption = ", ".join(
        f"{within} of {count} {word} within their range"
        for fitted, word in ((False, "independent figures"), (True, "fitted ones"))
        for within, count in [counts.get(fitted, (0, 0))]
    )
    return shown
