"""The land, frontiers, rivers and names under every map: shipped data, no tiles and no network."""

import csv
import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from maps.errors import AssetError
from maps.words import Text, check_text

BOUNDS = (-40.0, -40.0, 150.0, 75.0)
"""Part of the world that the shipped basemap covers: west, south, east, north in degrees."""

QUANTUM_DEG = 0.01
"""Grid on which its coordinates lie. About 1 km, one pixel at zoom 7."""

INSET_QUANTUM_DEG = 0.001
"""Grid of the finer land around ports: about 100 m, half a pixel at zoom 9 and two at zoom 11."""

CREDIT = "Natural Earth"
LIBRARY = "Leaflet"

_LABEL_COLUMNS = ["text", "ru", "kk", "fr", "nl", "lon", "lat", "kind", "min_zoom", "max_zoom"]
_LABEL_KINDS = {"country", "sea"}
_INSET_COLUMNS = ["name", "lon", "lat"]
_INSET_HALF_DEG = (1.0, 0.7)
"""How far the finer land reaches from an inset's place: degrees of longitude and of latitude, about 80 km."""


def credits_of(attribution: Sequence[Text]) -> list[Text]:
    """Whom a page thanks: those whose library and land it shows, and those whom its tables name."""
    return [LIBRARY, CREDIT, *(check_text(text, "attribution") for text in attribution)]


@cache
def load_basemap() -> dict[str, Any]:
    """
    Read the shipped basemap.

    Returns
    -------
    dict
        ``quantum`` (degrees), ``bounds`` (west, south, east, north) and the packed layers ``land`` (rings, even-odd
        rule), ``borders`` and ``rivers`` (lines); see `maps.packing`. Shared between callers: do not modify.

    """
    text = files("maps").joinpath("shipped", "basemap.json").read_text(encoding="utf-8")
    basemap: dict[str, Any] = json.loads(text)
    return basemap


@cache
def load_labels() -> tuple[dict[str, Any], ...]:
    """
    Read names of countries and seas, most important first.

    Returns
    -------
    tuple of dict
        ``text`` (English), ``text_ru``, ``text_kk``, ``text_fr``, ``text_nl``, ``lon``, ``lat`` (degrees), ``kind``
        (country or sea), ``min_zoom``, ``max_zoom``.

    Raises
    ------
    AssetError
        The shipped table has a wrong header, an unknown kind or a place outside the basemap.

    """
    text = files("maps").joinpath("tables", "labels.csv").read_text(encoding="utf-8")
    reader = csv.DictReader(text.splitlines())
    if reader.fieldnames is None or list(reader.fieldnames) != _LABEL_COLUMNS:
        raise AssetError(f"maps/tables/labels.csv: expected columns {_LABEL_COLUMNS}, found {reader.fieldnames}")
    west, south, east, north = BOUNDS
    labels = []
    for number, row in enumerate(reader, start=2):
        label: dict[str, Any] = {"text": row["text"], "kind": row["kind"]}
        label |= {f"text_{language}": row[language] for language in ("ru", "kk", "fr", "nl")}
        label |= {name: float(row[name]) for name in ("lon", "lat", "min_zoom", "max_zoom")}
        if label["kind"] not in _LABEL_KINDS:
            raise AssetError(f"maps/tables/labels.csv, line {number}: unknown kind {label['kind']!r}")
        if not (west < label["lon"] < east and south < label["lat"] < north):
            raise AssetError(f"maps/tables/labels.csv, line {number}: {label['text']!r} is outside the basemap")
        labels.append(label)
    return tuple(labels)


@cache
def load_insets() -> tuple[dict[str, Any], ...]:
    """
    Read the places around which finer land is shipped, from east to west as the corridor runs.

    Returns
    -------
    tuple of dict
        ``name`` (Latin), ``lon``, ``lat`` (degrees) and ``box``: west, south, east, north of the finer land. Shared
        between callers: do not modify.

    Raises
    ------
    AssetError
        The shipped table has a wrong header.

    """
    text = files("maps").joinpath("tables", "insets.csv").read_text(encoding="utf-8")
    reader = csv.DictReader(text.splitlines())
    if reader.fieldnames is None or list(reader.fieldnames) != _INSET_COLUMNS:
        raise AssetError(f"maps/tables/insets.csv: expected columns {_INSET_COLUMNS}, found {reader.fieldnames}")
    wide, high = _INSET_HALF_DEG
    insets = []
    for row in reader:
        lon, lat = float(row["lon"]), float(row["lat"])
        box = [round(edge, 4) for edge in (lon - wide, lat - high, lon + wide, lat + high)]
        insets.append({"name": row["name"], "lon": lon, "lat": lat, "box": box})
    return tuple(insets)


@cache
def load_inset_land() -> dict[str, Any]:
    """
    Read the shipped land around ports.

    Returns
    -------
    dict
        ``quantum`` (degrees) and the packed layers ``land`` (rings, even-odd rule), ``shore``, ``borders`` and
        ``rivers`` (lines); see `maps.packing`. Shared between callers: do not modify.

    """
    text = files("maps").joinpath("shipped", "insets.json").read_text(encoding="utf-8")
    land: dict[str, Any] = json.loads(text)
    return land
