"""The option ``--export FILE`` of ``corridor compare`` and ``corridor route``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corridor.cli_network import console

if TYPE_CHECKING:
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
