"""The gazetteer: terminals, and behind them the settlements of GeoNames, by any of their names or by coordinates."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from functools import cached_property

import numpy as np
import pandas as pd

from geodata.errors import AmbiguousPlaceError, AtSeaError, NoPlaceError, OffGlobeError, UnknownPlaceError
from geodata.measure import distance_km
from geodata.places import Place, normalize
from geodata.settlements import country_code, find_settlement, split_qualifiers
from geodata.shore import COAST_KM, is_known, km_from_land, sea_at
from geodata.tables import read_table
from geodata.vocabulary import Mode

LONGEST_NAME = 100
"""Letters of a mistyped name that are looked at when the nearest names are sought."""
_LONLAT = re.compile(r"\s*([+-]?\d+(?:\.\d+)?)\s*[,;]\s*([+-]?\d+(?:\.\d+)?)\s*")
SLIP_OF_THE_PEN = 0.8
"""A name more like a terminal's than this is asked back before a settlement spelled otherwise is taken for it."""
KNOWN_BY_ALIAS = 20_000
"""A settlement of fewer people is asked back when Latin letters name it by an alias unlike its name."""


class Gazetteer:
    """All places that can be named, in the order of the table."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.places = tuple(places)
        self.by_terminal = {place.terminal: place for place in self.places}

    @classmethod
    def of_terminals(cls, terminals: pd.DataFrame | None = None) -> Gazetteer:
        """Terminals and sites of a table with the columns of ``schema/terminals.csv``; by default the one shipped."""
        return cls(
            Place(
                code=row.terminal,
                name=row.name,
                country=row.country,
                lon=row.lon,
                lat=row.lat,
                role=row.role,
                terminal=row.terminal,
                layers=tuple(row.layers.split()),
                gateway=row.gateway,
                unlocode=row.unlocode,
                aliases=tuple(alias for alias in row.aliases.split(";") if alias),
            )
            for row in (read_table("terminals") if terminals is None else terminals).itertuples(index=False)
        )

    def find(self, text: str | Place | tuple[float, float]) -> Place:
        """
        The place that `text` names: a name, an alias in any script, a code, a UN/LOCODE, or ``lon,lat`` in degrees.

        A pair of numbers is a point (lon, lat) as well, a `Place` is itself.

        Terminals come first; a name that is none of theirs is sought among the settlements of GeoNames, where country
        and region may qualify it ("Aktau, KZ, Mangystau").

        Raises
        ------
        UnknownPlaceError
            With the three nearest names.
        AmbiguousPlaceError
            Several places bear the name.
        OffGlobeError, AtSeaError
            Coordinates that are none, or lie in the open sea.
        NoPlaceError
            Neither text, nor a pair of numbers, nor a place.

        """
        if isinstance(text, Place):
            if text.role == "point" and not text.code.startswith("geonames:"):
                _refuse_slips(*_pair((text.lon, text.lat)))
            return text
        if not isinstance(text, str):
            return _at(*_pair(text))
        point = _LONLAT.fullmatch(text)
        if point:
            return _at(text.strip(), float(point[1]), float(point[2]))
        found = self._index.get(normalize(text), ())
        if len(found) == 1:
            return found[0]
        if found:
            raise AmbiguousPlaceError(text, [f"{place.code} ({place.name}, {place.country})" for place in found])
        return self._find_further(text)

    def _find_further(self, text: str) -> Place:
        """A terminal qualified by its country ("Aktau, KZ"), else a settlement of GeoNames."""
        name, qualifiers = split_qualifiers(text)
        country = country_code(qualifiers[0]) if len(qualifiers) == 1 else None
        here = [place for place in self._index.get(normalize(name), ()) if place.country == country]
        if len(here) == 1:
            return here[0]
        near = [place.name for place in self.nearest(text, 3)]
        try:
            town = find_settlement(text)
        except UnknownPlaceError as error:
            near = list(dict.fromkeys([*near, *error.nearest]))
            raise UnknownPlaceError(text, sorted(near, key=_likeness_to(text), reverse=True)[:3]) from None
        likeness = _likeness_to(text)
        if name.casefold() != town.name.casefold() and likeness(near[0]) > SLIP_OF_THE_PEN:
            raise UnknownPlaceError(text, [*near[:2], town.label])
        by_alias = text.isascii() and not qualifiers and not text.startswith("geonames:")
        if by_alias and town.population < KNOWN_BY_ALIAS and likeness(town.name) < SLIP_OF_THE_PEN:
            raise UnknownPlaceError(text, [town.label])  # "New York" is also a name of Niu-York in Ukraine
        return town

    def nearest_terminals(self, place: Place, layer: str = "", count: int = 3) -> list[tuple[Place, float]]:
        """
        The terminals nearest to a place that can serve it, and the great-circle km to each, nearest first.

        That is where cargo of a lorry can go on by `layer`, or by any other layer: junctions without a road are none.
        """
        served = [
            one
            for one in self.places
            if one.terminal and Mode.ROAD in one.layers and (layer in one.layers if layer else len(one.layers) > 1)
        ]
        if not served:
            return []
        km = distance_km(place.lon, place.lat, [one.lon for one in served], [one.lat for one in served])
        return [(served[number], float(km[number])) for number in np.argsort(km, kind="stable")[:count]]

    def nearest(self, text: str, count: int) -> list[Place]:
        """The `count` places with a name most like `text`, best first."""
        likeness = _likeness_to(text)
        scores = {place: max(map(likeness, _names(place))) for place in self.places}
        return sorted(scores, key=lambda place: -scores[place])[:count]

    def search(self, text: str) -> list[Place]:
        """Places with a name that contains `text` (all places for an empty text), in the order of the table."""
        wanted = normalize(text)
        if text.strip() and not wanted:
            return []
        return [place for place in self.places if any(wanted in name for name in _names(place))]

    @cached_property
    def _index(self) -> dict[str, tuple[Place, ...]]:
        index: defaultdict[str, list[Place]] = defaultdict(list)
        for place in self.places:
            for name in set(_names(place)):
                index[name].append(place)
        return {name: tuple(places) for name, places in index.items()}


def _likeness_to(text: str) -> Callable[[str], float]:
    """How alike a name is to a text, 0…1."""
    matcher = SequenceMatcher(b=normalize(text[:LONGEST_NAME]), autojunk=False)

    def likeness(name: str) -> float:
        matcher.set_seq1(normalize(name))
        return matcher.ratio()

    return likeness


def _names(place: Place) -> list[str]:
    names = [place.code, place.name, place.unlocode, *place.aliases]
    return [normal for normal in map(normalize, names) if normal]


def _pair(value: object) -> tuple[str, float, float]:
    """A pair of numbers as text, lon and lat."""
    if not isinstance(value, (tuple, list, np.ndarray)) or len(value) != 2:
        raise NoPlaceError(value)
    if not all(isinstance(part, (int, float, np.number)) and not isinstance(part, bool) for part in value):
        raise NoPlaceError(value)
    lon, lat = float(value[0]), float(value[1])
    return f"{lon:g},{lat:g}", lon, lat


def _at(text: str, lon: float, lat: float) -> Place:
    _refuse_slips(text, lon, lat)
    name = f"{abs(lat):g}°{'N' if lat >= 0 else 'S'} {abs(lon):g}°{'E' if lon >= 0 else 'W'}"
    return Place(code=text, name=name, country="", lon=lon, lat=lat)


def _refuse_slips(text: str, lon: float, lat: float) -> None:
    """Refuse a point that can only be a slip: off the globe, in the open sea, lat before lon."""
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        swapped = " (the order is lon,lat)" if -90 <= lon <= 90 and -180 <= lat <= 180 else ""
        raise OffGlobeError(text, swapped)
    km = km_from_land(lon, lat) if is_known(lon, lat) else np.nan
    if km <= COAST_KM:
        return
    meant = ""
    if is_known(lat, lon) and km_from_land(lat, lon) == 0.0:
        meant = f"did you mean {lat:g},{lon:g}? The order is lon,lat"
    if km > COAST_KM:
        or_meant = f" ({meant})" if meant else ""
        where = f"in {sea_at(lon, lat)}, {km:.0f} km from land"
        raise AtSeaError(text, where, f"give a point on land, or a port{or_meant}")
    if meant:
        raise AtSeaError(text, "outside the region of the network", meant)
