"""The network on one page: lines by mode and gauge, what is closed and why, and all terminals to be searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from maps.atlas import Atlas, Column, Frame, Group
from maps.basemap import BOUNDS, QUANTUM_DEG
from maps.cells import Record, check_columns, read_text
from maps.errors import BadGeometryError, BadTableError
from maps.packing import pack_line
from maps.place_maps import NAMED_FROM_ZOOM, columns_text, place_record, point_of
from maps.style import MODE_STYLES
from maps.words import all_words

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from maps.base import OfflineMap

BYTES = 1_150_000
"""All lines of a page: over it, they are simplified more."""
FINEST_DEG = 0.01
"""Tolerance of lines, while they fit: about 1 km, one pixel at zoom 7."""
THIN = {"road": (0.8, 0.65), "sea": (0.8, 0.4)}
"""Modes with lines by the thousand: width in pixels and opacity."""
GAUGES = {1520: ("rail_1520", MODE_STYLES["rail"].colour, 2.2), 1435: ("rail_1435", "#A64B00", 1.5)}
"""Gauge in millimetres → word, colour and width; rail of another gauge is drawn as rail."""
ORDER = ("sea", "road", "rail_1435", "rail", "rail_1520", "waterway", "ferry")
"""From the bottom up."""


def draw_network(lines: gpd.GeoDataFrame, closed: pd.DataFrame, terminals: pd.DataFrame, *, frame: Frame) -> OfflineMap:
    """
    Draw a network by mode and gauge, what of it is closed and why, and its terminals.

    Parameters
    ----------
    lines
        One row a link: ``mode`` (see `MODE_STYLES`), ``gauge_mm`` (0 where there is none), ``length_km`` and a line in
        a known CRS.
    closed
        One row a closed crossing: ``reason`` (with translations), ``lon``, ``lat``. May be empty.
    terminals
        ``name`` (with translations), ``country``, ``lon``, ``lat``, ``modes`` (list of modes), ``gateway`` (whether it
        is named early), and optionally ``also`` (list of other names to be found by).

    Returns
    -------
    OfflineMap
        Lines that lie over each other are one; all are simplified until they fit 1.15 MB.

    Raises
    ------
    MissingColumnError, BadTableError, BadGeometryError
        As for `maps.draw_routes`.

    """
    check_columns(lines, "lines", ("mode", "gauge_mm", "length_km", "geometry"))
    check_columns(closed, "closed", ("reason", "lon", "lat"))
    check_columns(terminals, "terminals", ("name", "country", "lon", "lat", "modes", "gateway"))
    if lines.crs is None:
        raise BadGeometryError("table 'lines' has no CRS")
    unknown = set(lines["mode"].astype(str)) - set(MODE_STYLES)
    if unknown:
        raise BadTableError(
            f"table 'lines': unknown mode {', '.join(sorted(unknown))}; known: {', '.join(MODE_STYLES)}"
        )
    places = []
    for row in terminals.to_dict("records"):
        place = place_record(row, point_of(row, "terminals")) | {"group": "terminal"}
        place["zoom"] = NAMED_FROM_ZOOM[1 if row["gateway"] else 2]
        place["cells"] = [place.pop("country"), list(row["modes"])]
        place["also"] = list(row.get("also", ()))
        places.append(place)
    places.sort(key=lambda place: place["zoom"])
    columns = [Column(all_words("country")), Column(all_words("modes"), words=True)]
    groups = [Group("terminal", all_words("place"), "#16202A", small=True)]
    atlas = Atlas(frame, columns, groups, places, lines=line_layers(lines), shut=_shut(closed))
    return atlas.page()


def line_layers(lines: gpd.GeoDataFrame) -> list[Record]:
    """Lines as layers of a page, one a mode or gauge, merged and simplified until all fit `BYTES`."""
    mode = lines["mode"].astype(str)
    classes = mode.where(~((mode == "rail") & lines["gauge_mm"].isin(GAUGES)), "rail_" + lines["gauge_mm"].astype(str))
    degrees = lines if lines.crs.equals("EPSG:4326") else lines.to_crs("EPSG:4326")
    merged = {
        name: merge_lines(degrees.geometry[classes == name].to_numpy()) for name in ORDER if (classes == name).any()
    }
    km = lines["length_km"].groupby(classes).sum()
    tolerance = FINEST_DEG
    while True:
        packed = {name: pack_simple(shapes, tolerance) for name, shapes in merged.items()}
        if sum(map(len, packed.values())) <= BYTES or tolerance > 1:
            break
        tolerance *= 1.4
    return [_style(name) | {"packed": text, "km": float(km[name]), "shown": True} for name, text in packed.items()]


def merge_lines(lines: NDArray[np.object_]) -> NDArray[np.object_]:
    """
    Lines in degrees, put on the basemap's grid, each piece once, joined end to end; only what the basemap covers.

    Two tracks or carriageways closer than the grid become one.
    """
    points, line = shapely.get_coordinates(lines, return_index=True)
    if not np.isfinite(points).all():
        raise BadGeometryError("table 'lines': a coordinate is not a finite number")
    grid = np.round(points / QUANTUM_DEG).astype(np.int64)
    pieces = np.hstack([grid[:-1], grid[1:]])[line[:-1] == line[1:]]
    pieces = pieces[(pieces[:, :2] != pieces[:, 2:]).any(axis=1)]
    pieces = pieces[np.abs(pieces[:, 0] - pieces[:, 2]) * QUANTUM_DEG < 180]  # none that crosses 180°
    west, south, east, north = (edge / QUANTUM_DEG for edge in BOUNDS)
    inside = (pieces[:, [0, 2]] > west).all(axis=1) & (pieces[:, [0, 2]] < east).all(axis=1)
    inside &= (pieces[:, [1, 3]] > south).all(axis=1) & (pieces[:, [1, 3]] < north).all(axis=1)
    pieces = pieces[inside]
    back = (pieces[:, 0] > pieces[:, 2]) | ((pieces[:, 0] == pieces[:, 2]) & (pieces[:, 1] > pieces[:, 3]))
    pieces[back] = pieces[back][:, [2, 3, 0, 1]]
    pieces = np.unique(pieces, axis=0)
    if not len(pieces):
        return np.zeros(0, dtype=object)
    joined = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(pieces.reshape(-1, 2, 2).astype(float))))
    parts: NDArray[np.object_] = shapely.get_parts(joined)
    return parts


def pack_simple(lines: NDArray[np.object_], tolerance_deg: float) -> str:
    """Simplify lines (on the grid) and pack them; those much shorter than the tolerance are left out."""
    simple = shapely.simplify(lines, tolerance_deg / QUANTUM_DEG)
    long_enough = shapely.length(simple) * QUANTUM_DEG >= tolerance_deg
    return " ".join(pack_line(shapely.get_coordinates(line).astype(np.int64)) for line in simple[long_enough])


def _style(name: str) -> Record:
    for word, colour, width in GAUGES.values():
        if name == word:
            return {"word": word, "colour": colour, "dash": "", "width": width, "opacity": 1.0}
    style = MODE_STYLES[name]
    width, opacity = THIN.get(name, (2.0, 0.95))
    return {"word": name, "colour": style.colour, "dash": style.dash, "width": width, "opacity": opacity}


def _shut(closed: pd.DataFrame) -> list[Record]:
    """Closed crossings by their reason, most first."""
    reasons: dict[str, Record] = {}
    for row in closed.to_dict("records"):
        reason = read_text(row["reason"])
        at = point_of(row | {"name": reason}, "closed")
        reasons.setdefault(reason, {"label": columns_text(row, "reason"), "at": []})["at"].append(list(at))
    for found in reasons.values():
        found["at"] = sorted({(round(lon, 2), round(lat, 2)) for lon, lat in found["at"]})
    return sorted(reasons.values(), key=lambda found: -len(found["at"]))
