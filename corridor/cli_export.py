"""The option ``--export FILE`` of ``corridor compare`` and ``corridor route``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor.cli_network import console

if TYPE_CHECKING:
    import pandas as pd

    from corridor import Route

ExportOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--export",
        help="Write the routes as .geojson, .gpkg, .kml, .csv or .xlsx; repeat for more.",
        show_default=False,
        dir_okay=False,
    ),
]


PlacesOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--export",
        help="Write the places as .geojson, .gpkg, .kml, .csv or .xlsx; repeat for more.",
        show_default=False,
        dir_okay=False,
    ),
]


def export_places(table: pd.DataFrame, paths: list[Path] | None, title: str) -> None:
    """Write a table of places to every file named; folders that are not there are made."""
    from corridor.export_points import export_points

    for path in paths or []:
        path.parent.mkdir(parents=True, exist_ok=True)
        export_points(table, path, title=title)


def save_page(page: Any, path: Path) -> None:
    """Write a page; its folder is made if it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page.save(path)


def say_pages(*paths: Path | None) -> None:
    """Say which pages and files were written, and how large they are."""
    for path in paths:
        if path:
            console().print(f"Written to {path} ({path.stat().st_size / 1000:,.0f} kB).", soft_wrap=True, markup=False)


def write_exports(routes: list[Route], paths: list[Path] | None) -> None:
    """Write the routes to every file named; folders that are not there are made, as for ``--map``."""
    from corridor.export import export_routes

    for path in paths or []:
        path.parent.mkdir(parents=True, exist_ok=True)
        export_routes(routes, path)


def say_exports(paths: list[Path] | None) -> None:
    """Say what was written."""
    for path in paths or []:
        size = f"{path.stat().st_size / 1000:,.0f} kB"
        console().print(f"Routes written to {path} ({size}).", soft_wrap=True, markup=False)
