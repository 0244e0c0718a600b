"""
Routes for other programs: GeoJSON, GeoPackage and KML for maps, CSV and XLSX for spreadsheets.

A file appears whole or not at all, and says which data it was made from and under which licence. Text is text in all of
them: a spreadsheet takes no name or note for a formula.
"""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import pandas as pd

from corridor.compare import compare
from corridor.draw import ATTRIBUTION
from corridor.errors import ExportError
from corridor.page_tables import legs_table
from corridor.provenance import assumptions_used, data_facts
from corridor.route import TOTALS, Leg, Route

if TYPE_CHECKING:
    import geopandas as gpd

DECIMALS = 6
"""Of degrees in text formats: about 0.1 m."""
LICENCE = "Open Database Licence (ODbL-1.0), https://opendatacommons.org/licenses/odbl/1-0/"
CAUTION = "Planning estimates from published and general figures, not offers."
NOT_TEXT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What neither XML nor a spreadsheet may hold."""
Writer = TypeVar("Writer")
FORMULA_START = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A text cell of a CSV file that begins so would be run by a spreadsheet."""


class Tables(NamedTuple):
    """What is written of some routes; the columns are explained in ``export_columns.csv``."""

    routes: pd.DataFrame
    """One row a route, with its totals."""
    legs: gpd.GeoDataFrame
    """One row a leg, transfer, loading, discharge or frontier, in order; they sum to the totals. EPSG:4326."""
    assumptions: pd.DataFrame
    """One row an assumption that the figures follow from."""
    columns: pd.DataFrame
    """Unit and meaning of every column of the other tables."""
    about: dict[str, str]
    """Version, date, licence and attribution."""


def chosen_writer(target: Path, writers: Mapping[str, Writer], what: str) -> Writer:
    """The writer for the ending of a file; raises `ExportError` where there is none, or no folder for the file."""
    writer = writers.get(target.suffix.casefold())
    if writer is None:
        raise ExportError(
            f"{target.name}: {what} are exported as {', '.join(writers)}; give the file a name that ends so"
        )
    if not target.parent.is_dir():
        raise ExportError(f"{target.parent} is no folder")
    return writer


def export_routes(routes: Route | Sequence[Route] | Tables, path: str | os.PathLike[str]) -> None:
    """
    Write routes for other programs; the ending of the name says how.

    ======== ==================================================================================================
    .geojson one FeatureCollection of legs: lines where cargo moves, points where it stands
    .gpkg    layers ``legs`` (lines) and ``stops`` (points), tables ``routes``, ``assumptions``, ``columns``, ``about``
    .kml     a folder of lines and points for each route, for Google Earth
    .csv     the legs, one row each, comma-separated UTF-8
    .xlsx    sheets Routes, Legs, Assumptions, Columns and About
    ======== ==================================================================================================

    Coordinates are lon, lat (EPSG:4326); lines are cut where they cross the 180° meridian. For several files of the
    same routes, their `route_tables` may be given instead.

    Raises
    ------
    ExportError
        Another ending, no route, no such folder, or the file cannot be written; a file that was there stays as it was.
    """
    from geodata.whole_files import whole_file

    target = Path(path)
    writers: dict[str, Callable[[Tables, Path], None]] = {
        ".geojson": _write_geojson,
        ".gpkg": _write_gpkg,
        ".kml": _write_kml,
        ".csv": _write_csv,
        ".xlsx": _write_xlsx,
    }
    writer = chosen_writer(target, writers, "routes")
    tables = routes if isinstance(routes, Tables) else route_tables([routes] if isinstance(routes, Route) else routes)
    try:
        with whole_file(target) as part:
            writer(tables, part)
    except OSError as error:
        raise ExportError(f"{target} cannot be written ({error.strerror or error})") from error


def route_tables(routes: Sequence[Route]) -> Tables:
    """
    The tables that every format is written from.

    Raises
    ------
    ExportError
        No route was given.
    """
    import geopandas as gpd

    if not routes:
        raise ExportError("there is no route to export")
    legs = gpd.GeoDataFrame(list(_rows(routes)), geometry="geometry", crs="EPSG:4326")
    whole = compare(routes)
    whole.insert(0, "route", range(1, len(routes) + 1))
    whole = whole.assign(
        cost_usd=[route.cost_usd for route in routes],
        co2e_kg=[route.co2e_kg for route in routes],
        commodity=[route.shipment.commodity for route in routes],
        tonnes=[route.shipment.tonnes for route in routes],
        load_unit=[route.shipment.unit for route in routes],
        month=[str(route.scenario.month or "") for route in routes],
        closed=["; ".join(map(str, route.scenario.closures_in_force(route.shipment))) for route in routes],
        minimize=[route.minimize for route in routes],
        note=[route.note for route in routes],
    )
    assumptions = assumptions_used(routes)
    first, last = assumptions["year"].min(), assumptions["year"].max()
    about = data_facts(routes) | {
        "assumptions": f"of the years {first} to {last}",
        "licence": LICENCE,
        "attribution": "; ".join(ATTRIBUTION),
        "caution": CAUTION,
    }
    with (files("corridor") / "export_columns.csv").open(encoding="utf-8") as file:
        columns = pd.DataFrame(csv.DictReader(file))
    present = {*whole.columns, *legs.columns, *assumptions.columns}
    explained = columns[columns["column"].isin(present)].reset_index(drop=True)
    return Tables(_plain(whole), _plain(legs), _plain(assumptions), explained, about)


def _rows(routes: Sequence[Route]) -> Iterator[dict[str, Any]]:
    """Every leg as a row, and after it the frontiers on it, whose figures are taken out of the leg's."""
    import shapely

    drawn = legs_table(routes)
    moves = zip(drawn.geometry, drawn["length_source"], strict=True)
    for number, route in enumerate(routes, start=1):
        for count, leg in enumerate(route.legs, start=1):
            line, source = next(moves) if leg.distance_km > 0 else (None, "")
            shape = cut_at_180(line) if line is not None else shapely.Point(_standing_at(route, leg))
            figures = {name: getattr(leg, name) for name in TOTALS}
            for border in leg.borders:
                for name in TOTALS[1:]:
                    figures[name] -= getattr(border, name)
            about = {"route": number, "corridor": route.corridor or "other way", "leg": count, "kind": leg.kind}
            about |= {"mode": leg.mode, "layer": leg.layer, "from": leg.origin, "to": leg.destination}
            tonnes = route.shipment.tonnes
            yield about | _figures(figures, tonnes) | {"length_source": source, "geometry": shape}
            for border in leg.borders:
                figures = {"distance_km": 0.0} | {name: getattr(border, name) for name in TOTALS[1:]}
                point = shapely.Point(border.lon, border.lat)
                here = {"kind": "border", "from": border.name, "to": border.name}
                yield about | here | _figures(figures, tonnes) | {"length_source": "", "geometry": point}


def _figures(figures: dict[str, float], tonnes: float) -> dict[str, float]:
    """The figures of a row, in the order of the columns, with dollars and kilograms also a tonne."""
    cost_usd, co2e_kg = figures["cost_usd"], figures["co2e_kg"]
    return {
        "distance_km": figures["distance_km"],
        "time_h": figures["time_h"],
        "cost_usd": cost_usd,
        "cost_usd_per_t": cost_usd / tonnes,
        "co2e_kg": co2e_kg,
        "co2e_kg_per_t": co2e_kg / tonnes,
    }


def _standing_at(route: Route, leg: Leg) -> tuple[float, float]:
    if leg.line:
        return leg.line[0]
    if route.network is None:
        raise ExportError("this route does not know its network, so it cannot be exported")
    at = route.network.nodes.iloc[leg.nodes[0]]
    return float(at["lon"]), float(at["lat"])


def cut_at_180(line: Any) -> Any:
    """A line (lon, lat) as it is; one that crosses the 180° meridian as a MultiLineString, cut there."""
    import numpy as np
    import shapely

    points = shapely.get_coordinates(line)
    jumps = np.flatnonzero(np.abs(np.diff(points[:, 0])) > 180.0)
    if not len(jumps):
        return line
    parts, rest = [], points
    for jump in jumps[::-1]:
        (lon, lat), (next_lon, next_lat) = points[jump], points[jump + 1]
        edge = np.copysign(180.0, lon)
        step = next_lon + 2 * edge - lon  # degrees of longitude to the next point, the short way
        middle = lat + (next_lat - lat) * (edge - lon) / step if step else lat
        parts.append(np.vstack([[-edge, middle], rest[jump + 1 :]]))
        rest = np.vstack([rest[: jump + 1], [edge, middle]])
    lines = [_without_repeats(part) for part in [rest, *parts[::-1]]]
    return shapely.MultiLineString([part for part in lines if len(part) > 1])


def _without_repeats(points: Any) -> Any:
    import numpy as np

    fresh = np.ones(len(points), dtype=bool)
    fresh[1:] = (points[1:] != points[:-1]).any(axis=1)
    return points[fresh]


def _plain(table: Any) -> Any:
    """The table with text that every format can hold; other columns as they are."""
    text = [name for name in table.columns if name != "geometry" and table[name].dtype.kind not in "iufb"]
    return table.assign(**{name: table[name].map(clean_text) for name in text})


def clean_text(value: object) -> str:
    """Text that every format can hold."""
    return NOT_TEXT.sub(" ", str(value))


def _write_geojson(tables: Tables, path: Path) -> None:
    import numpy as np
    import shapely

    rounded = shapely.transform(tables.legs.geometry.array, lambda points: np.round(points, DECIMALS))
    features = tables.legs.set_geometry(rounded, crs="EPSG:4326").to_geo_dict(drop_id=True)["features"]
    document = {"type": "FeatureCollection", "about": tables.about, "features": features}
    path.write_text(json.dumps(document, ensure_ascii=False, allow_nan=False), "utf-8")


def _write_gpkg(tables: Tables, path: Path) -> None:
    legs, stops = _lines_and_points(tables)
    about = pd.DataFrame(tables.about.items(), columns=["fact", "value"])
    plain = {"routes": tables.routes, "assumptions": tables.assumptions, "columns": tables.columns, "about": about}
    for name, table in {"legs": legs, "stops": stops, **plain}.items():
        write_layer(table, path, name, "GPKG", dataset_metadata=tables.about)


def _write_kml(tables: Tables, path: Path) -> None:
    from corridor.export_kml import write_kml

    facts = "; ".join(f"{fact}: {value}" for fact, value in tables.about.items())
    write_kml(tables.legs, path, title="Routes", description=facts)


def _lines_and_points(tables: Tables) -> tuple[Any, Any]:
    points = tables.legs.geometry.geom_type == "Point"
    return tables.legs[~points], tables.legs[points].drop(columns="length_source")


def write_layer(table: pd.DataFrame, path: Path, layer: str, driver: str, **options: Any) -> None:
    """Add a layer or table to a file that pyogrio writes; raises `OSError` if it is not complete."""
    from pyogrio import errors, read_info, write_dataframe

    try:
        write_dataframe(table, path, layer=layer, driver=driver, append=path.exists(), **options)
        written = read_info(path, layer=layer)["features"]
    except (errors.DataSourceError, errors.DataLayerError, errors.FeatureError, errors.FieldError) as error:
        raise OSError(f"{str(error)[:200]}; is the disk full?") from error
    if written != len(table):
        raise OSError(f"its layer {layer} is not complete; is the disk full?")


def _write_csv(tables: Tables, path: Path) -> None:
    about = "; ".join(tables.about[key] for key in ("program", "written", "data_version", "licence", "attribution"))
    legs = pd.DataFrame(tables.legs.drop(columns="geometry")).assign(data=about)
    text = [name for name in legs.columns if legs[name].dtype.kind not in "iufb"]
    shown = legs.assign(**{name: legs[name].map(guarded) for name in text})
    shown.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def guarded(value: str) -> str:
    """Text that a spreadsheet shows and does not run: an apostrophe before what would begin a formula."""
    return f"'{value}" if value.startswith(FORMULA_START) else value


def _write_xlsx(tables: Tables, path: Path) -> None:
    from corridor.export_xlsx import write_workbook

    about = pd.DataFrame(tables.about.items(), columns=["fact", "value"])
    legs = pd.DataFrame(tables.legs.drop(columns="geometry"))
    sheets = {
        "Routes": tables.routes,
        "Legs": legs,
        "Assumptions": tables.assumptions,
        "Columns": tables.columns,
        "About": about,
    }
    write_workbook(sheets, path, comments="; ".join(tables.about.values()))
