"""The command ``corridor places``."""

from __future__ import annotations

from typing import Annotated

import typer

from corridor.cli_network import JsonOption, NetworkOption, console, print_json

MOST_SETTLEMENTS = 20
"""So many settlements are listed, the most populous first."""


def places(
    text: Annotated[
        str, typer.Argument(help="Part of a name in any script; nothing lists all terminals.", show_default=False)
    ] = "",
    network_file: NetworkOption = None,
    as_json: JsonOption = False,
) -> None:
    """List terminals and sites, and settlements of the region, that can be an origin or a destination."""
    from rich.markup import escape
    from rich.table import Table

    import corridor as co
    from geodata.errors import UnknownPlaceError
    from geodata.settlements import search_settlements

    gazetteer = co.load_network(network_file).gazetteer
    terminals = gazetteer.search(text)
    settlements = search_settlements(text, MOST_SETTLEMENTS) if text.strip() else []
    if not terminals and not settlements:
        raise UnknownPlaceError(text, [place.name for place in gazetteer.nearest(text, 3)])
    if as_json:
        keys = ("code", "name", "country", "lon", "lat", "role", "layers", "unlocode", "aliases")
        more = ("region", "population")
        records = [{key: getattr(place, key) for key in keys} for place in terminals]
        records += [{key: getattr(place, key) for key in keys + more} for place in settlements]
        print_json({"places": records})
        return
    screen = console()
    if terminals:
        table = Table(box=None, header_style="bold", title="Terminals and sites", title_justify="left")
        for column in ("Name", "Country", "Role", "Served by", "Code", "UN/LOCODE"):
            table.add_column(column)
        for place in terminals:
            cells = (place.name, place.country, place.role, " ".join(place.layers), place.code, place.unlocode)
            table.add_row(*map(escape, cells))
        screen.print(table)
    if settlements:
        table = Table(box=None, header_style="bold", title="Settlements, reached by road", title_justify="left")
        for column in ("Name", "Population", "Code", "Nearest terminals, great circle"):
            table.add_column(column)
        for town in settlements:
            near = ", ".join(f"{place.name} {km:,.0f} km" for place, km in gazetteer.nearest_terminals(town, count=2))
            people = f"{town.population:,}" if town.population else "not known"
            table.add_row(escape(town.label), people, town.code, escape(near))
        screen.print(table)
        screen.print("[dim]© GeoNames, CC BY 4.0[/dim]")
