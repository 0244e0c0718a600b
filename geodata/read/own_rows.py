"""
The planner's own file → raw rows; nothing is checked yet but that the file is what its name says.

GDAL is kept out: it guesses the format from the content, so a text of its VRT format that is named ``.geojson`` would
make it open other files. CSV is read by `csv`, GeoJSON by `json`, GeoPackage as the SQLite file that it is.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import shapely

from geodata.errors import GeodataError

MAX_BYTES = 50_000_000
MAX_ROWS = 100_000
MAX_SECONDS = 20.0
"""A GeoPackage that takes longer to read is refused."""
_WKB_CODE = {"Point": 1, "LineString": 2}
_SIZE_OF_ENVELOPE = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}


class Problem(NamedTuple):
    """What is wrong in one cell: the row as a planner finds it ("row 3", "feature 2"), the column, and why."""

    row: str
    column: str
    why: str

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.row, f"column {self.column}" if self.column else "") if part)
        return f"{where}: {self.why}" if where else self.why


class OwnDataError(GeodataError, ValueError):
    """The planner's file cannot be added; `problems` holds every row that is wrong. Nothing was added."""

    SHOWN = 40

    def __init__(self, name: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        lines = [f"  {problem}" for problem in self.problems[: self.SHOWN]]
        more = len(self.problems) - len(lines)
        lines += [f"  … and {more} more"] if more else []
        head = f"{name}: {len(self.problems)} problems; nothing was added"
        one = f"{name}: {self.problems[0]}; nothing was added" if len(lines) == 1 else ""
        super().__init__(one or "\n".join([head, *lines]))


class RawRow(NamedTuple):
    """One row: its table (terminals or links), how to name it, its cells as text, its points (lon, lat) if drawn."""

    table: str
    row: str
    cells: dict[str, str]
    points: tuple[tuple[float, float], ...] | None = None
    problem: Problem | None = None
    """Set if the row cannot be read; its cells are then empty."""


class _RowError(Exception):
    """One row cannot be read; the others may."""

    def __init__(self, row: str, column: str, why: str) -> None:
        self.problem = Problem(row, column, why)
        super().__init__(why)

    def as_row(self) -> RawRow:
        return RawRow("", self.problem.row, {}, None, self.problem)


def read_rows(path: Path) -> list[RawRow]:
    """
    Rows of a CSV, GeoJSON or GeoPackage file.

    A CSV file holds one table, told by its header; GeoJSON points are terminals and lines are links; a GeoPackage has
    layers named ``terminals`` and ``links``.

    Raises
    ------
    OwnDataError
        Another ending, too large, or not of the format that its name says.

    """
    readers = {".csv": _read_csv, ".geojson": _read_geojson, ".json": _read_geojson, ".gpkg": _read_gpkg}
    reader = readers.get(path.suffix.casefold())
    if reader is None:
        raise _refusal(path, "expected a file named .csv, .geojson or .gpkg")
    if not path.is_file():
        raise _refusal(path, "not a file to read" if os.path.lexists(path) else "there is no such file")
    if path.stat().st_size > MAX_BYTES:
        raise _refusal(path, f"over {MAX_BYTES / 1e6:g} MB; split it")
    rows = []
    for row in reader(path):
        rows.append(row)
        if len(rows) > MAX_ROWS:
            raise _refusal(path, f"over {MAX_ROWS:,} rows; split it")
    if not rows:
        raise _refusal(path, "no rows in it")
    return rows


def _refusal(path: Path, why: str, row: str = "", column: str = "") -> OwnDataError:
    return OwnDataError(path.name or str(path), [Problem(row, column, why)])


def _read_csv(path: Path) -> Iterator[RawRow]:
    """Rows are counted as a spreadsheet does: the header is row 1. Columns may be separated by commas or semicolons."""
    text = _read_text(path, "CSV UTF-8")
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first and "," not in first else ",")
    try:
        rows = list(reader)
    except csv.Error as error:
        raise _refusal(path, f"not a CSV file ({error})", f"row {reader.line_num}") from error
    if not any(cell.strip() for cells in rows for cell in cells):
        return
    header = [cell.strip() for cell in rows[0]]
    while header and not header[-1]:
        header.pop()  # spreadsheets save empty columns on the right
    if not {"terminal", "layer"} & set(header):
        why = "no names of columns (terminal, name … or layer, from …) separated by commas or semicolons"
        raise _refusal(path, why, "row 1")
    doubled = sorted({name for name in header if header.count(name) > 1})
    if "" in header:
        raise _refusal(path, f"column {header.index('') + 1} has no name", "row 1")
    if doubled:
        raise _refusal(path, f"column {', '.join(doubled)} is there twice", "row 1")
    table = "terminals" if "terminal" in header else "links"
    for number, cells in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in cells):
            row = f"row {number}"
            while len(cells) > len(header) and not cells[-1].strip():
                cells.pop()
            if len(cells) == len(header):
                yield RawRow(table, row, dict(zip(header, (cell.strip() for cell in cells), strict=True)))
            else:
                yield _RowError(row, "", f"{len(cells)} cells, the header has {len(header)}").as_row()


def _read_geojson(path: Path) -> Iterator[RawRow]:
    text = _read_text(path, "UTF-8")
    try:
        data = json.loads(text, parse_int=_parse_int)
    except (ValueError, RecursionError) as error:
        why = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise _refusal(path, f"not GeoJSON ({why})") from error
    if (
        not isinstance(data, dict)
        or data.get("type") != "FeatureCollection"
        or not isinstance(data.get("features"), list)
    ):
        raise _refusal(path, "not GeoJSON: expected a FeatureCollection with features")
    _check_crs(path, data.get("crs"))
    for number, feature in enumerate(data["features"], start=1):
        row = f"feature {number}"
        try:
            if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
                raise _RowError(row, "", "not a GeoJSON feature")
            table, points = _geometry(row, feature.get("geometry"))
            yield RawRow(table, row, _texts(row, feature.get("properties") or {}), points)
        except _RowError as error:
            yield error.as_row()


def _read_text(path: Path, advice: str) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refusal(path, f"not UTF-8 text ({error}); save it as “{advice}”") from error


def _parse_int(digits: str) -> float:
    """A whole JSON number; one beyond all bounds is infinite."""
    return int(digits) if len(digits) < 20 else float(digits)


def _check_crs(path: Path, crs: Any) -> None:
    """The member ``crs`` of older GeoJSON may only say what holds without it."""
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name") if isinstance(properties, dict) else crs)
    if crs is not None and not name.endswith(("CRS84", ":4326")):
        raise _refusal(path, f"its coordinates are in {name[:80]}; save it in EPSG:4326 (degrees)")


def _geometry(row: str, shape: Any) -> tuple[str, tuple[tuple[float, float], ...]]:
    """Table and points of a GeoJSON geometry."""
    kind = shape.get("type") if isinstance(shape, dict) else None
    if kind not in ("Point", "LineString"):
        raise _RowError(row, "geometry", f"expected a Point (terminal) or a LineString (link), found {str(kind)[:40]}")
    places = shape.get("coordinates")
    places = [places] if kind == "Point" else places
    if not isinstance(places, list) or not all(isinstance(place, list) and len(place) in (2, 3) for place in places):
        raise _RowError(row, "geometry", "coordinates must be pairs of lon, lat")
    numbers = [number for place in places for number in place]
    if not all(isinstance(number, (int, float)) and not isinstance(number, bool) for number in numbers):
        raise _RowError(row, "geometry", "a coordinate is not a number")
    points = tuple((float(place[0]), float(place[1])) for place in places)
    return ("terminals" if kind == "Point" else "links"), points


def _texts(row: str, cells: dict[str, Any]) -> dict[str, str]:
    """Typed cells as the text that a CSV file would hold; ``fid`` is a program's own numbering and goes."""
    result = {}
    for name, value in cells.items():
        if isinstance(value, bool):
            result[name] = "yes" if value else "no"
        elif value is None or isinstance(value, (str, int, float)):
            result[name] = "" if value is None else str(value).strip()
        else:
            raise _RowError(row, str(name)[:40], f"expected text or a number, found {type(value).__name__}")
    result.pop("fid", None)
    return result


def _read_gpkg(path: Path) -> Iterator[RawRow]:
    with path.open("rb") as file:
        head = file.read(100)
    if head[:16] != b"SQLite format 3\x00" or head[68:72] not in (b"GPKG", b"GP10", b"GP11"):
        raise _refusal(path, "not a GeoPackage")
    journal = path.with_name(f"{path.name}-wal")
    if journal.is_file() and journal.stat().st_size:
        raise _refusal(path, "another program is still writing to it: close it there first")
    ends = time.monotonic() + MAX_SECONDS
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)) as database:
            database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_BYTES)
            database.set_progress_handler(lambda: int(time.monotonic() > ends), 10_000)
            database.execute("PRAGMA trusted_schema = OFF")
            layers = [str(name) for (name,) in database.execute("SELECT table_name FROM gpkg_contents")]
            if not {"terminals", "links"} & set(layers):
                there = ", ".join(layers)[:80] or "none"
                raise _refusal(path, f"no layer is named terminals or links; its layers: {there}")
            for table in ("terminals", "links"):
                yield from _gpkg_layer(path, database, table)
    except sqlite3.Error as error:
        raise _refusal(path, f"damaged, or not a GeoPackage ({error})") from error


def _gpkg_layer(path: Path, database: sqlite3.Connection, table: str) -> Iterator[RawRow]:
    """Rows of one layer, none if it is not there."""
    if not database.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone():
        return
    described = "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?"
    found = database.execute(described, (table,)).fetchone()
    if not found:
        raise _refusal(path, f"its layer {table} has no geometry")
    column, srs = found
    if srs != 4326:
        raise _refusal(path, f"the coordinates of its layer {table} are in EPSG:{srs}; save it in EPSG:4326 (degrees)")
    cursor = database.execute(f'SELECT * FROM "{table}"')
    names = [str(name) for name, *_ in cursor.description]
    for number, values in enumerate(cursor, start=1):
        row = f"{table} {number}"
        cells = dict(zip(names, values, strict=True))
        try:
            points = _gpkg_points(row, cells.pop(column, None), "Point" if table == "terminals" else "LineString")
            yield RawRow(table, row, _texts(row, cells), points)
        except _RowError as error:
            yield error.as_row()


def _gpkg_points(row: str, blob: Any, kind: str) -> tuple[tuple[float, float], ...]:
    """Points of a GeoPackage geometry: a header of its own, then well-known binary."""
    if not isinstance(blob, bytes) or blob[:2] != b"GP" or len(blob) < 8:
        raise _RowError(row, "geometry", "no geometry")
    envelope = _SIZE_OF_ENVELOPE.get(blob[3] >> 1 & 7)
    if envelope is None:
        raise _RowError(row, "geometry", "its geometry is damaged")
    wkb = blob[8 + envelope :]
    if len(wkb) < 5 or wkb[0] not in (0, 1):
        raise _RowError(row, "geometry", "its geometry is damaged")
    code = int.from_bytes(wkb[1:5], "little" if wkb[0] else "big") & 0x0FFFFFFF
    if code % 1000 != _WKB_CODE[kind]:  # looked at first: nested collections could exhaust the stack of the reader
        raise _RowError(row, "geometry", f"expected a {kind}, found geometry type {code}")
    try:
        shape = shapely.from_wkb(wkb)
    except shapely.errors.ShapelyError as error:
        raise _RowError(row, "geometry", f"its geometry is damaged ({error})") from error
    if shape.is_empty:
        raise _RowError(row, "geometry", "its geometry is empty")
    return tuple((float(lon), float(lat)) for lon, lat in shapely.get_coordinates(shape))
