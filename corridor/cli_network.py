"""The commands ``corridor network …``: info, refine, add, export; and what all commands share."""

from __future__ import annotations

import json
import sys
from functools import partial
from math import cos, radians
from pathlib import Path
from typing import Annotated, Any

import typer

network_app = typer.Typer(help="The network that routes are found in.", no_args_is_help=True)

NetworkOption = Annotated[
    Path | None,
    typer.Option("--network", help="Another network than the one shipped: a folder or .zip file.", show_default=False),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
OutOption = Annotated[Path, typer.Option("--out", help="The new network: a .zip file or a folder.", show_default=False)]
OVERPASS_KM = 25.0
"""Half the side of the box that is asked for around a place."""


@network_app.command("info", epilog="Example: corridor network info --json")
def network_info(network_file: NetworkOption = None, as_json: JsonOption = False) -> None:
    """Show what the network holds and where it comes from."""
    from rich.table import Table

    import corridor as co
    from geodata.electrification import electrified_km
    from geodata.vocabulary import gauge_of

    network = co.load_network(network_file)
    links = network.links
    hauls = links[links["kind"] == "haul"]
    electric = electrified_km(links, "layer").to_dict("index")
    layers = {
        str(layer): {
            "nodes": int((network.nodes["layer"] == layer).sum()),
            "links": len(group),
            "km": float(group["length_km"].sum()),
            "gauge_mm": gauge_of(str(layer)),
            "locks": int(group["locks"].sum()),
            "electrified_km": {str(state): float(km) for state, km in electric.get(str(layer), {}).items()},
        }
        for layer, group in hauls.groupby(hauls["layer"].astype(str))
    }
    facts: dict[str, Any] = {
        "source": network.source,
        "nodes": len(network.nodes),
        "links": len(links),
        "terminals": int(network.nodes["terminal"].astype(str).replace("", None).nunique()),
        "layers": layers,
        "passages": sorted(network.links_by("passage")),
        "closed": {reason: len(found) for reason, found in network.links_by("closed_reason").items()},
        "attribution": "© OpenStreetMap contributors (ODbL); searoute (Apache-2.0); Natural Earth (public domain);"
        " settlements © GeoNames (CC BY 4.0)",
    }
    if as_json:
        print_json(facts)
        return
    table = Table(
        "Layer",
        "Nodes",
        "Links",
        "km",
        "Of these",
        title=f"{facts['nodes']:,} nodes, {facts['links']:,} links, {facts['terminals']} terminals and sites",
    )
    for name, row in layers.items():
        table.add_row(name, f"{row['nodes']:,}", f"{row['links']:,}", f"{row['km']:,.0f}", _told(row))
    screen = console()
    screen.print(table)
    card = Path(network.source) / "README.md"
    lines = [
        f"Passages that can be closed: {', '.join(facts['passages'])}",
        *(f"Closed: {count} link{'s' * (count > 1)}, {reason}" for reason, count in facts["closed"].items()),
        facts["attribution"],
        f"Read from {network.source}" + ("; its data card is README.md there." if card.is_file() else "."),
    ]
    for line in lines:
        screen.print(line, soft_wrap=True, markup=False)


def _told(layer: dict[str, Any]) -> str:
    """What is known of a layer beyond its length: gauge and contact line of rail, locks."""
    by_state = layer["electrified_km"]
    share = {state: km / max(layer["km"], 1e-9) for state, km in by_state.items()}
    words = {"yes": "electric", "no": "not electric", "unknown": "unknown"}
    told = [f"{layer['gauge_mm']} mm"] if layer["gauge_mm"] else []
    told += [f"{share[state]:.0%} {word}" for state, word in words.items() if state in share]
    told += [f"{layer['locks']} locks"] if layer["locks"] else []
    return ", ".join(told)


@network_app.command(
    "refine", epilog="Example: corridor network refine --around Kuryk --osm kuryk.osm.pbf --out my.zip"
)
def network_refine(
    out: OutOption,
    around: Annotated[str, typer.Option("--around", help="A place: its surroundings are refined.")] = "",
    bbox: Annotated[str, typer.Option("--bbox", help="west,south,east,north in degrees instead.")] = "",
    modes: Annotated[str, typer.Option("--modes", help="rail, road, or both with a comma.")] = "rail,road",
    overpass: Annotated[
        str, typer.Option("--overpass", help="URL of an Overpass server to fetch from; nothing else is ever fetched.")
    ] = "",
    osm: Annotated[
        Path | None, typer.Option("--osm", help="An .osm or .osm.pbf file instead.", show_default=False)
    ] = None,
    network_file: NetworkOption = None,
) -> None:
    """Bring detailed OpenStreetMap railways and roads into a network and write it as a new one."""
    from rich.markup import escape

    import corridor as co
    from geodata.network import check_target
    from geodata.read.osm import read_osm
    from geodata.read.overpass import download, query_for
    from geodata.refine import refine

    if bool(around) == bool(bbox) or bool(overpass) == bool(osm):
        raise typer.BadParameter("give one of --around and --bbox, and one of --overpass and --osm")
    check_target(out)
    network = co.load_network(network_file)
    box = _box_around(network, around) if around else _box(bbox)
    wanted = [mode.strip() for mode in modes.split(",") if mode.strip()]
    progress = console(stderr=True)
    if osm is None:
        cache = Path(typer.get_app_dir("corridor")) / "overpass"
        osm = download(
            query_for(box, wanted), overpass, cache_folder=cache, report=partial(progress.print, markup=False)
        )
    with progress.status(f"joining {escape(osm.name)} to the network"):
        refined = refine(network, read_osm(osm, wanted), bbox=box)
        refined.save(out)
    _say_saved(out, len(network.links), len(refined.links))


@network_app.command("add", epilog="Example: corridor network add silos.csv --out my.zip")
def network_add(
    file: Annotated[
        Path, typer.Argument(help="CSV, GeoJSON or GeoPackage of terminals and links.", show_default=False)
    ],
    out: OutOption,
    network_file: NetworkOption = None,
) -> None:
    """
    Add your own terminals and links; every bad row is named and nothing is added by halves.

    The columns are explained in geodata/schema/own_terminals.csv and own_links.csv.
    """
    import corridor as co
    from geodata.network import check_target
    from geodata.own_data import add_own, read_own

    check_target(out)
    network = co.load_network(network_file)
    grown = add_own(network, *read_own(file), name=file.name)
    grown.save(out)
    _say_saved(out, len(network.links), len(grown.links))


@network_app.command("export", epilog="Example: corridor network export corridor.gpkg")
def network_export(
    file: Annotated[Path, typer.Argument(help="Where to: .gpkg, .geojson or .graphml.", show_default=False)],
    network_file: NetworkOption = None,
) -> None:
    """Write the network for QGIS (.gpkg, .geojson) or osmnx (.graphml)."""
    from rich.markup import escape

    import corridor as co
    from geodata.export import check_target, export

    check_target(file)
    with console(stderr=True).status(f"writing {escape(file.name)}"):
        export(co.load_network(network_file), file)
    console().print(f"Written to {file} ({file.stat().st_size / 1e6:,.0f} MB).", soft_wrap=True, markup=False)


def _box(text: str) -> tuple[float, float, float, float]:
    try:
        if "_" in text:  # float() reads 6_3 as 63
            raise ValueError
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise typer.BadParameter(f"--bbox must read west,south,east,north in degrees, not {text!r}") from None
    return west, south, east, north


def _box_around(network: Any, name: str) -> tuple[float, float, float, float]:
    from geodata.measure import KM_PER_DEGREE

    place = network.gazetteer.find(name)
    tall = OVERPASS_KM / KM_PER_DEGREE
    wide = tall / cos(radians(place.lat))
    return place.lon - wide, place.lat - tall, place.lon + wide, place.lat + tall


def _say_saved(out: Path, before: int, after: int) -> None:
    console().print(
        f"Network of {after:,} links ({after - before:+,}) written to {out}: use it with --network {out}.",
        soft_wrap=True,
        markup=False,
    )


def console(*, stderr: bool = False) -> Any:
    """A rich console on standard output, or on standard error for progress."""
    from rich.console import Console

    return Console(highlight=False, stderr=stderr)


def print_json(value: object) -> None:
    """Print JSON, with every letter as it is where the output can show it."""
    plain = "utf" not in (sys.stdout.encoding or "").lower()
    print(json.dumps(value, ensure_ascii=plain, indent=2, allow_nan=False))
