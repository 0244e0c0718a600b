"""The commands ``corridor network map`` and ``corridor network terminals``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corridor.cli_export import PlacesOption, export_places, save_page, say_pages
from corridor.cli_network import JsonOption, NetworkOption, console, print_json

if TYPE_CHECKING:
    import pandas as pd

PAGE = typer.Option(
    "--map",
    "--out",
    metavar="FILE",
    help="An HTML page that opens with no network.",
    show_default=False,
    dir_okay=False,
)


def network_map(page: Annotated[Path, PAGE], network_file: NetworkOption = None) -> None:
    """Draw the network by mode and gauge, with what is closed and why, and all terminals to be searched."""
    import corridor as co

    with console(stderr=True).status(f"drawing {page.name}"):
        save_page(co.draw_network(co.load_network(network_file)), page)
    say_pages(page)


def network_terminals(
    page: Annotated[Path | None, PAGE] = None,
    exports: PlacesOption = None,
    network_file: NetworkOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what terminals can pass in a month; on the page with funnels of Aktau and Kuryk."""
    import corridor as co
    from corridor.funnels import terminal_capacities

    network = co.load_network(network_file)
    table = terminal_capacities(network)
    export_places(table, exports, "Capacities of terminals")
    if page:
        save_page(co.draw_terminals(network), page)
    if as_json:
        print_json({"terminals": table.to_dict("records")})
        return
    print_capacities(table)
    say_pages(page, *(exports or []))


def print_capacities(table: pd.DataFrame) -> None:
    """A row a capacity: of what, low, base and high, year and source."""
    from rich.markup import escape
    from rich.table import Table

    shown = Table(header_style="bold", box=None, title="Thousand tonnes a month", title_justify="left")
    for name in ("Terminal", "Of", "Low", "Base", "High", "Year", "Confidence", "Source"):
        shown.add_column(name, justify="right" if name in ("Low", "Base", "High") else "left")
    for row in table.to_dict("records"):
        figures = (f"{row[name]:,.0f}" for name in ("low", "base", "high"))
        shown.add_row(
            escape(row["stage"]), row["what"], *figures, str(row["year"]), row["confidence"], escape(row["source"])
        )
    console().print(shown)
