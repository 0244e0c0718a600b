"""
The planner's own terminals and links as tables, checked cell by cell.

``schema/own_terminals.csv`` and ``schema/own_links.csv`` document the columns. Everything wrong in a file is reported
together, each with its row and column.
"""

from __future__ import annotations

import csv
import math
import os
import re
from collections.abc import Collection, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geodata.measure import line_length_km, point_distance_km
from geodata.read.own_rows import OwnDataError, Problem, RawRow, read_rows
from geodata.tables import Column, read_table
from geodata.vocabulary import LAYERS, Mode, gauge_of, mode_of

SHORTEST = 0.95
"""A length below this share of the great circle is wrong: the sphere and the ellipsoid differ by 0.5 % at most."""
LONGEST, SPARE_KM = 20.0, 50.0
"""A length beyond this times the course as drawn, plus this many km, is wrong: most likely it is in metres."""
MAX_TEXT = 500
_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,39}")
_POINT = re.compile(r"\s*([^\s,;]+)[\s,]+([^\s,;]+)\s*")
_DEFAULTS = {"role": "site", "transfers": "yes", "coordinate_source": "own data", "coordinate_confidence": "unchecked"}

_ONLY_ON = {
    "electrified": (Mode.RAIL,), "locks": (Mode.WATERWAY, Mode.SEA), "cemt_class": (Mode.WATERWAY,),
    "max_draught_m": (Mode.WATERWAY, Mode.SEA, Mode.FERRY), "operator": (Mode.FERRY,), "sailing_h": (Mode.FERRY,),
}  # fmt: skip
"""Columns of links that mean something on some modes only."""

Point = tuple[float, float]


def read_own(path: str | os.PathLike[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Terminals and links of a ``.csv``, ``.geojson`` or ``.gpkg`` file.

    A CSV file holds one of the two tables. In GeoJSON, points are terminals and lines are links; a GeoPackage has
    layers named ``terminals`` and ``links``. Coordinates are EPSG:4326, lon before lat.

    Returns
    -------
    terminals, links
        Columns of the two schemas and ``row``, the row's name in the file. In `links`, ``from`` and ``to`` are a code
        or a (lon, lat) pair, ``points`` is a tuple of such pairs (empty: straight), ``length_km`` NaN where it is to
        be measured. Either frame may be empty.

    Raises
    ------
    OwnDataError
        The file is not what its name says, or any cell is wrong; ``problems`` names every row, column and reason.

    """
    source = Path(path)
    rows = read_rows(source)
    problems = [row.problem for row in rows if row.problem]
    tables = {name: [row for row in rows if row.table == name] for name in ("terminals", "links")}
    terminals = _terminals(tables["terminals"], problems)
    links = _links(tables["links"], problems)
    _check_ends(terminals, links, problems)
    if problems:
        order = {row.row: number for number, row in enumerate(rows)}
        raise OwnDataError(source.name, sorted(problems, key=lambda problem: order.get(problem.row, -1)))
    return terminals, links


def wrong_length(course: Sequence[Point], length_km: float) -> str:
    """What is wrong with a course's length, "" if nothing or if it is NaN: it cannot undercut the great circle."""
    straight_km, drawn_km = point_distance_km(*course[0], *course[-1]), line_length_km(course)
    if length_km < SHORTEST * straight_km:
        return f"{length_km:g} km is shorter than the great circle between its ends ({straight_km:.1f} km)"
    if length_km > LONGEST * drawn_km + SPARE_KM:
        return f"{length_km:g} km is far longer than its course ({drawn_km:.1f} km); is it in metres?"
    return ""


def _schema(name: str) -> list[Column]:
    text = (files("geodata") / "schema" / f"{name}.csv").read_text("utf-8")
    return [Column(**row) for row in csv.DictReader(text.splitlines())]


def _terminals(rows: Sequence[RawRow], problems: list[Problem]) -> pd.DataFrame:
    columns = _schema("own_terminals")
    countries = set(read_table("countries")["country"])
    result: list[dict[str, Any]] = []
    seen: dict[str, str] = {}
    told: set[str] = set()
    for raw in rows:
        cells = dict(raw.cells)
        if raw.points:
            _take_point(raw, cells, problems)
        row = _checked(raw.row, cells, columns, told, problems)
        code = row["terminal"]
        if code and not _CODE.fullmatch(code):
            problems.append(Problem(raw.row, "terminal", f"{code!r} is not made of capital letters, digits and _"))
        elif code in seen:
            problems.append(Problem(raw.row, "terminal", f"{code} is there twice, first in {seen[code]}"))
        seen.setdefault(code, raw.row)
        if row["country"] and row["country"] not in countries:
            problems.append(Problem(raw.row, "country", f"{row['country']!r} is not in the network (two letters: KZ)"))
        layers = row["layers"].split()
        unknown = [layer for layer in layers if layer not in LAYERS]
        if unknown or len(set(layers)) < len(layers):
            why = f"unknown {', '.join(unknown)}" if unknown else "a layer is there twice"
            problems.append(Problem(raw.row, "layers", f"{why}; the layers are {' '.join(LAYERS)}"))
        if row["lon"] == 0 and row["lat"] == 0:
            problems.append(Problem(raw.row, "lon", "lon and lat are both 0: not filled in?"))
        result.append(row | {name: row[name] or value for name, value in _DEFAULTS.items()})
    return pd.DataFrame(result, columns=[*(column.column for column in columns), "row"])


def _take_point(raw: RawRow, cells: dict[str, str], problems: list[Problem]) -> None:
    """Coordinates of a drawn terminal; columns lon and lat may repeat, but not contradict them."""
    for name, value in zip(("lon", "lat"), (raw.points or ())[0], strict=True):
        given = cells.get(name, "")
        if given and _as_number(given) is not None and abs((_as_number(given) or 0.0) - value) > 1e-5:
            problems.append(Problem(raw.row, name, f"{given} contradicts its point ({value:g})"))
        cells[name] = repr(value)


def _links(rows: Sequence[RawRow], problems: list[Problem]) -> pd.DataFrame:
    columns = _schema("own_links")
    countries = {"", *read_table("countries")["country"]}
    result: list[dict[str, Any]] = []
    seen: dict[str, str] = {}
    told: set[str] = set()
    for raw in rows:
        row = _checked(raw.row, raw.cells, columns, told, problems)
        if row["link"] and row["link"] in seen:
            problems.append(Problem(raw.row, "link", f"{row['link']} is there twice, first in {seen[row['link']]}"))
        seen.setdefault(row["link"], raw.row)
        if row["country"] not in countries:
            problems.append(Problem(raw.row, "country", f"{row['country']!r} is not in the network (two letters: KZ)"))
        _check_columns(row, problems)
        points = raw.points if raw.points is not None else _parse_points(raw.row, row["points"], problems)
        for point in points:
            _check_point(raw.row, "points", point, problems)
        for name, index in (("from", 0), ("to", -1)):
            row[name] = _parse_end(raw.row, name, row[name], points, index, problems)
        ends = [(row[name],) if isinstance(row[name], tuple) else () for name in ("from", "to")]
        check_jumps(raw.row, [*ends[0], *points, *ends[1]], problems)
        if row["from"] and row["from"] == row["to"]:
            problems.append(Problem(raw.row, "to", "the same as from"))
        result.append(row | {"points": tuple(points), "source": row["source"] or "own data"})
    return pd.DataFrame(result, columns=[*(column.column for column in columns), "row"])


def _check_columns(row: dict[str, Any], problems: list[Problem]) -> None:
    """The gauge must be the layer's; what only some modes know must be empty on the others."""
    layer = row["layer"]
    if not layer:
        return  # noted already
    if not math.isnan(row["gauge_mm"]) and row["gauge_mm"] != gauge_of(layer):
        problems.append(Problem(row["row"], "gauge_mm", f"{row['gauge_mm']:g} is not the gauge of the layer {layer}"))
    for column, modes in _ONLY_ON.items():
        value = row[column]
        given = bool(value) if isinstance(value, str) else not (math.isnan(value) or value == 0)
        if given and mode_of(layer) not in modes:
            problems.append(Problem(row["row"], column, f"only for {', '.join(modes)}; leave it empty on {layer}"))


def _checked(
    name: str, cells: dict[str, str], columns: Sequence[Column], told: set[str], problems: list[Problem]
) -> dict[str, Any]:
    """
    Cells by the schema's columns, numbers as float; what is wrong is noted and left empty.

    An unknown column is noted at the first row that has it, then it is in `told`.
    """
    wanted = [column.column for column in columns]
    advice = f"unknown column; the columns are {', '.join(wanted)}"
    problems += [Problem(name, column[:40], advice) for column in sorted(set(cells) - set(wanted) - told)]
    told.update(cells)
    row: dict[str, Any] = {"row": name}
    for column in columns:
        value, why = _cell(column, cells.get(column.column, ""))
        row[column.column] = value
        if why:
            problems.append(Problem(name, column.column, why))
    lon, lat = (_as_number(cells.get(part, "")) for part in ("lon", "lat"))
    if lon is not None and lat is not None and abs(lat) > 90 and abs(lat) <= 180 and abs(lon) <= 90:
        problems.append(Problem(name, "lat", "lon and lat look swapped"))
    return row


def _cell(column: Column, text: str) -> tuple[str | float, str]:
    """Value of one cell and what is wrong with it ("" if nothing)."""
    is_number = column.type in ("number", "integer")
    empty: str | float = math.nan if is_number else ""
    if not text:
        return empty, f"empty; {column.meaning}" if column.required == "yes" else ""
    why = _wrong_number(column, text) if is_number else _wrong_text(column, text)
    return (empty if why else float(text) if is_number else text), why


def _wrong_number(column: Column, text: str) -> str:
    number = _as_number(text)
    if number is None:
        return f"{text[:40]!r} is not a number" + (" (write a decimal point)" if "," in text else "")
    if not math.isfinite(number):
        return f"{text[:40]} is not a finite number"
    if column.type == "integer" and number != int(number):
        return f"{text[:40]} is not a whole number"
    if (column.minimum and number < float(column.minimum)) or (column.maximum and number > float(column.maximum)):
        return f"{text[:40]} is outside {column.minimum}…{column.maximum} {column.unit}"
    return ""


def _wrong_text(column: Column, text: str) -> str:
    if len(text) > MAX_TEXT and column.column != "points":
        return f"over {MAX_TEXT} characters"
    if not text.isprintable():
        return f"holds a character that cannot be printed: {text[:40]!r}"
    choices = column.type.removeprefix("choice:").split("|")
    if column.type.startswith("choice:") and text not in choices:
        return f"{text[:40]!r} is none of {', '.join(choices)}"
    return ""


def _as_number(text: str) -> float | None:
    if "_" in text:
        return None  # Python reads 6_3 as 63
    try:
        return float(text)
    except ValueError:
        return None


def _parse_points(row: str, text: str, problems: list[Problem]) -> tuple[Point, ...]:
    """Points from ``"lon lat; lon lat"``."""
    points = []
    for pair in filter(None, (part.strip() for part in text.split(";"))):
        point = _parse_point(pair)
        if point is None:
            problems.append(Problem(row, "points", f"{pair[:40]!r} is not a point; write lon lat; lon lat"))
            return ()
        points.append(point)
    return tuple(points)


def _parse_point(text: str) -> Point | None:
    found = _POINT.fullmatch(text)
    lon, lat = (_as_number(found[1]), _as_number(found[2])) if found else (None, None)
    return (lon, lat) if lon is not None and lat is not None else None


def _parse_end(
    row: str, column: str, text: str, points: Sequence[Point], index: int, problems: list[Problem]
) -> str | Point:
    """One end of a link: a terminal's code, a point, or that end of its course."""
    if not text:
        if not points:
            problems.append(Problem(row, column, "empty, and no points either"))
            return ""
        return points[index]
    if _CODE.fullmatch(text):
        return text
    point = _parse_point(text)
    if point is None:
        problems.append(Problem(row, column, f"{text[:40]!r} is neither the code of a terminal nor a point (lon lat)"))
        return ""
    _check_point(row, column, point, problems)
    return point


def _check_point(row: str, column: str, point: Point, problems: list[Problem]) -> None:
    lon, lat = point
    if not (math.isfinite(lon) and math.isfinite(lat)):
        problems.append(Problem(row, column, f"{lon} {lat}: a coordinate is not a finite number"))
    elif abs(lon) > 180 or abs(lat) > 90:
        swapped = "; lon and lat look swapped" if abs(lon) <= 90 and abs(lat) <= 180 else ""
        problems.append(Problem(row, column, f"{lon:g} {lat:g} is off the globe{swapped}"))


def check_jumps(row: str, points: Sequence[Point], problems: list[Problem]) -> None:
    """A step over more than half the globe is a line that should cross the antimeridian, drawn the wrong way round."""
    lon = np.array([point[0] for point in points])
    jumps = np.flatnonzero(np.abs(np.diff(lon)) > 180)
    if len(jumps):
        a, b = lon[jumps[0]], lon[jumps[0] + 1]
        why = f"jumps from longitude {a:g} to {b:g}: cut the line at the antimeridian (180°)"
        problems.append(Problem(row, "points", why))


def _check_ends(terminals: pd.DataFrame, links: pd.DataFrame, problems: list[Problem]) -> None:
    """Lengths against the great circle, where both ends are known from the file itself."""
    known = {row.terminal: (row.lon, row.lat) for row in terminals.itertuples()}
    for start, end, length_km, points, row in zip(
        links["from"], links["to"], links["length_km"], links["points"], links["row"], strict=True
    ):
        ends = [end if isinstance(end, tuple) else known.get(end) for end in (start, end)]
        a, b = ends
        if a is None or b is None or not _on_globe([a, b, *points]):
            continue
        why = wrong_length([a, *points, b], length_km)
        if why:
            problems.append(Problem(row, "length_km", why))
        if math.isnan(length_km) and line_length_km([a, *points, b]) == 0.0:
            problems.append(Problem(row, "points", "it has no length"))


def _on_globe(points: Collection[Point]) -> bool:
    return all(math.isfinite(lon) and abs(lon) <= 180 and math.isfinite(lat) and abs(lat) <= 90 for lon, lat in points)
