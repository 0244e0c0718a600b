"""
Settlements: every town and village of GeoNames in the region as a place, found by its names in many scripts.

The table is shipped (``shipped/places.parquet``, CC BY 4.0, © GeoNames) and read when a settlement is first asked for.
Names are compared by `name_key`. A name that several settlements bear is asked back; a country and a region after
commas choose: ``"Aktau, KZ, Mangystau"``. The code ``geonames:610612`` always names exactly one.

It is built by `geodata.build_settlements`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.errors import AmbiguousPlaceError, NetworkFileError, UnknownPlaceError, first_line
from geodata.measure import distance_km
from geodata.places import Place, normalize
from geodata.tables import read_table

FORMAT = "corridor places 1"
COLUMNS = ("geonames_id", "name", "country", "region", "lon", "lat", "population", "names")
ONE_PLACE_KM = 5.0
"""Settlements of one name that lie this near to one another are taken for one place."""
MOST_CANDIDATES = 8
SEARCH_DEPTH = 200
"""Settlements that a search puts in order."""
LIKELY = 300
"""Spellings with the most pairs of letters in common with a text; these are compared with it letter by letter."""
LIKENESS = 0.7
"""Names less like the text than this are not offered."""
LONGEST_NAME = 120
"""Bytes of the longest key kept; longer texts name nothing."""
_CODE = re.compile(r"\bgeonames:\s*(\d{1,10})\b")
_APOSTROPHES = str.maketrans(dict.fromkeys("'`´ʹʻʼʽ‘’′", ""))
_ARABIC = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ە": "ه", "ـ": ""})

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Settlement(Place):
    """
    A settlement of GeoNames: a point at its middle, joined to the network by road.

    ``code`` is ``geonames:`` and its number there; ``region`` the English name of the first-order division ("" = not
    known); ``population`` 0 = not known.
    """

    region: str = ""
    population: int = 0

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Name, country and region as a planner may type them: ``"Aktau, KZ, Mangystau"``."""
        return ", ".join(part for part in (self.name, self.country, self.region) if part)


def name_key(text: str) -> str:
    """
    What the spellings of one name share.

    As `normalize`, with apostrophes of every kind left out (``Shaul’der``, ``Qo'stanay``) and the Arabic forms of yeh
    and kaf taken for the Persian ones.
    """
    letters = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES)).translate(_APOSTROPHES)
    return " ".join(normalize(letters).translate(_ARABIC).split())


def find_settlements(text: str) -> list[Settlement]:
    """
    All settlements that bear exactly this name in any of its spellings, most populous first.

    Without qualifiers: ``"Aktau"``, ``"Ақтау"``, or a code ``"geonames:610612"``. An empty list if there is none.
    """
    return _shipped().find(text)


def find_settlement(text: str) -> Settlement:
    """
    The one settlement that `text` names: a name, a name with country and region after commas, or a code.

    Settlements of one name within 5 km of one another count as one place: the most populous is meant.

    Raises
    ------
    UnknownPlaceError
        With up to three settlements of a similar name, or of this name elsewhere.
    AmbiguousPlaceError
        Several fit; every candidate begins with what to type for it.

    """
    return _shipped().find_one(text)


def search_settlements(text: str, limit: int = 20) -> list[Settlement]:
    """
    Settlements with a name that contains `text`, at most `limit`.

    Equal names come first, then names that begin so, names that contain it, and other spellings; each by population.
    """
    return _shipped().search(text, limit)


def largest_settlements(countries: Sequence[str], count: int) -> list[Settlement]:
    """The most populous settlements of some countries (ISO 3166 alpha-2) together, the largest first."""
    return _shipped().largest(countries, count)


def nearest_names(text: str, count: int = 3) -> list[str]:
    """Up to `count` settlements with a name most like `text`, best first, as a planner may type them."""
    return _shipped().nearest_names(text, count)


def split_qualifiers(text: str) -> tuple[str, tuple[str, ...]]:
    """Name and what narrows it down: ``"Brest (BY)"`` and ``"Brest, BY"`` → ``("Brest", ("BY",))``."""
    name, *rest = re.sub(r"\(([^()]*)\)\s*$", r",\1", text).split(",")
    return name.strip(), tuple(part.strip() for part in rest if part.strip())


def country_code(text: str) -> str:
    """ISO alpha-2 code of a country given by code or by a usual name, "" if it is none: ``"Казахстан"`` → ``"KZ"``."""
    return _countries().get(name_key(text), "")


class Settlements:
    """
    A table of settlements (`COLUMNS`) with an index of all names.

    A settlement is a row. Spellings are numbered apart: the names of all rows in lower case, then their further keys;
    ``_row`` says whose a spelling is. They lie in one run of bytes (UTF-8), in which a name is found among 400,000
    without a dictionary of them.
    """

    def __init__(self, table: Any) -> None:
        table = table.combine_chunks()
        self.ids, self.lon, self.lat, self.population = (
            table[column].to_numpy() for column in ("geonames_id", "lon", "lat", "population")
        )
        self._texts = {name: _whole(table[name]) for name in ("name", "country", "region")}
        keys = _whole(table["names"])
        self._spellings = _spellings(self._texts["name"], keys)
        rows = np.arange(len(table), dtype=np.int32)
        self._row = np.concatenate([rows, np.repeat(rows, np.diff(np.asarray(keys.offsets)))])
        offsets, self._letters = _offsets_and_bytes(self._spellings)
        self._start = offsets[:-1]
        self._length = np.diff(offsets)
        self._by_length = np.argsort(self._length.astype(np.uint16), kind="stable")
        self._length_bounds = np.searchsorted(self._length[self._by_length], np.arange(LONGEST_NAME + 2))

    def __len__(self) -> int:
        return len(self.ids)

    def find(self, text: str) -> list[Settlement]:
        """See `find_settlements`."""
        code = _CODE.search(text)
        return self._places(np.flatnonzero(self.ids == int(code[1])) if code else self._rows(name_key(text)))

    def find_one(self, text: str) -> Settlement:
        """See `find_settlement`."""
        found = self.qualified(text)
        if len(found) > 1 and not _is_one_place(found):
            raise AmbiguousPlaceError(text, self._candidates(found))
        if found:
            return found[0]
        elsewhere = [self._typed(place) for place in self.find(split_qualifiers(text)[0])[:3]]
        raise UnknownPlaceError(text, [f"'{name}'" for name in elsewhere or self.nearest_names(text, 3)])

    def qualified(self, text: str) -> list[Settlement]:
        """All settlements that fit a name and every qualifier after it, most populous first."""
        whole = self.find(text)
        if whole:
            return whole
        name, qualifiers = split_qualifiers(text)
        found = self.find(name) if qualifiers else []
        for qualifier in qualifiers:
            fits = [_fit(place, qualifier) for place in found]
            found = [place for place, fit in zip(found, fits, strict=True) if fit and fit == max(fits)]
        return found

    def search(self, text: str, limit: int = 20) -> list[Settlement]:
        """See `search_settlements`."""
        import pyarrow.compute as pc

        key = name_key(text)
        if not key:
            return []
        hits = np.flatnonzero(pc.match_substring(self._spellings, key).to_numpy(zero_copy_only=False))
        begins = pc.starts_with(self._spellings.take(hits), key).to_numpy(zero_copy_only=False)
        rank = np.where(self._length[hits] == len(key.encode()), 0, np.where(begins, 1, 2))
        best = hits[np.lexsort((-self.population[self._row[hits]], rank))]
        rows = list(dict.fromkeys(self._row[best].tolist()))[: max(limit, SEARCH_DEPTH)]
        return sorted(map(self._place, rows), key=lambda place: _rank(name_key(place.name), key))[:limit]

    def largest(self, countries: Sequence[str], count: int) -> list[Settlement]:
        """See `largest_settlements`."""
        import pyarrow as pa
        import pyarrow.compute as pc

        there = pc.is_in(self._texts["country"], pa.array(list(countries), pa.string()))
        rows = np.flatnonzero(there.to_numpy(zero_copy_only=False))
        return self._places(rows[np.argsort(-self.population[rows], kind="stable")[: max(0, count)]])

    def nearest_names(self, text: str, count: int = 3) -> list[str]:
        """See `nearest_names`."""
        key = name_key(split_qualifiers(text)[0])
        letters = np.frombuffer(key.encode(), dtype=np.uint8)
        if not 2 <= len(letters) <= LONGEST_NAME:
            return []
        wanted = np.bitwise_or.reduce(_pair_bits(letters)[:-1])
        common = np.bitwise_count(self._pairs & wanted).astype(np.float32)
        likeness = 2 * common / (self._pair_counts + np.bitwise_count(wanted))
        likeness[np.abs(self._length - len(letters)) > 2 + len(letters) // 4] = 0
        few = np.argpartition(likeness, -min(LIKELY, len(likeness)))[-LIKELY:]
        matcher = SequenceMatcher(b=key, autojunk=False)
        scores: dict[int, float] = {}
        for number, spelling in zip(few.tolist(), self._spellings.take(few).to_pylist(), strict=True):
            matcher.set_seq1(spelling)
            row = int(self._row[number])
            scores[row] = max(scores.get(row, 0.0), matcher.ratio())
        rows = sorted(scores, key=lambda row: (-round(scores[row], 2), -int(self.population[row]), row))
        return [self._typed(self._place(row)) for row in rows[:count] if scores[row] >= LIKENESS]

    def _rows(self, key: str) -> IntArray:
        """Rows of all settlements with this key: spellings of its length, narrowed byte by byte."""
        letters = key.encode()
        if not 1 <= len(letters) <= LONGEST_NAME:
            return np.zeros(0, dtype=np.int64)
        alike = self._by_length[slice(*self._length_bounds[len(letters) : len(letters) + 2])]
        for position, letter in enumerate(letters):
            alike = alike[self._letters[self._start[alike] + position] == letter]
        return np.unique(self._row[alike]).astype(np.int64)

    def _places(self, rows: IntArray) -> list[Settlement]:
        return [self._place(row) for row in rows[np.argsort(-self.population[rows], kind="stable")].tolist()]

    def _place(self, row: int) -> Settlement:
        name, country, region = (self._texts[column][row].as_py() for column in ("name", "country", "region"))
        return Settlement(
            code=f"geonames:{self.ids[row]}",
            name=name,
            country=country,
            lon=round(float(self.lon[row]), 4),
            lat=round(float(self.lat[row]), 4),
            region=region,
            population=int(self.population[row]),
        )

    def _typed(self, place: Settlement) -> str:
        """Name with country, region and code, as much of it as names this settlement and no other."""
        for text in (f"{place.name}, {place.country}", place.label):
            found = self.qualified(text)
            if found[:1] == [place] and _is_one_place(found):
                return text
        return f"{place.label}, {place.code}"

    def _candidates(self, found: Sequence[Settlement]) -> list[str]:
        texts = []
        for place in found[:MOST_CANDIDATES]:
            people = f"{place.population:,} people" if place.population else "population not known"
            if self.qualified(place.label) == [place]:
                texts.append(f"'{place.label}' ({people}, {place.code})")
            else:
                texts.append(f"'{place.label}, {place.code}' ({people})")
        more = len(found) - MOST_CANDIDATES
        return [*texts, f"{more} smaller ones"] if more > 0 else texts

    @cached_property
    def _pairs(self) -> npt.NDArray[np.uint64]:
        """64 bits a spelling: which pairs of neighbouring bytes it has."""
        bits = _pair_bits(self._letters)
        bits[self._start + self._length - 1] = 0
        return np.bitwise_or.reduceat(bits, self._start)

    @cached_property
    def _pair_counts(self) -> npt.NDArray[np.float32]:
        return np.bitwise_count(self._pairs).astype(np.float32)


def load_settlements(path: str | os.PathLike[str] | None = None) -> Settlements:
    """
    Read a table of settlements; without a path, the one shipped with the package.

    Raises
    ------
    NetworkFileError
        The file is missing, damaged, or of another version; the message says what to do.

    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    file_path = Path(str(files("geodata") / "shipped" / "places.parquet")) if path is None else Path(path)
    advice = "restore it (`git checkout geodata/shipped`, or reinstall) or run `make settlements`"
    if not file_path.is_file():
        raise NetworkFileError(f"{file_path} is missing: {advice}")
    try:
        with pq.ParquetFile(file_path, page_checksum_verification=True) as file:
            about = json.loads((file.schema_arrow.metadata or {}).get(b"corridor", b"{}"))
            if about.get("format") != FORMAT:
                found = about.get("format") or "no table of settlements"
                raise NetworkFileError(f"{file_path} is {found!r}, this version reads {FORMAT!r}: {advice}")
            table = file.read(columns=list(COLUMNS), use_threads=False)
        if table.schema.names != list(COLUMNS) or fingerprint(table) != about.get("fingerprint"):
            raise NetworkFileError(f"{file_path} is damaged (its contents are not those written): {advice}")
    except (pa.ArrowException, OSError, ValueError, AttributeError, TypeError) as error:
        raise NetworkFileError(f"{file_path} is damaged ({first_line(error)}): {advice}") from error
    return Settlements(table)


@cache
def _shipped() -> Settlements:
    return load_settlements()


@cache
def regions() -> pd.DataFrame:
    """Countries and their first-order divisions, with further names (``tables/regions.csv``)."""
    return read_table("regions")


@cache
def _countries() -> dict[str, str]:
    """Country code by the key of each of its names and of the code itself."""
    rows = regions().query("region_code == ''").itertuples(index=False)
    return {
        name_key(name): row.country for row in rows for name in (row.country, row.name, *row.aliases.split(";")) if name
    }


@cache
def _region_keys() -> dict[tuple[str, str], tuple[str, ...]]:
    """Keys of the names of a region by country and name."""
    return {
        (row.country, row.name): tuple(name_key(name) for name in (row.name, *row.aliases.split(";")) if name)
        for row in regions().query("region_code != ''").itertuples(index=False)
    }


def _fit(place: Settlement, qualifier: str) -> int:
    """How well a qualifier fits: 2 a name of its country or region, 1 the beginning of the region's, 0 not at all."""
    key = name_key(qualifier)
    names = _region_keys().get((place.country, place.region), ())
    if country_code(qualifier) == place.country or key in names:
        return 2
    return int(any(min(len(key), len(name)) >= 4 and (name.startswith(key) or key.startswith(name)) for name in names))


def _rank(name: str, key: str) -> int:
    """0 for an equal name, 1 for one that begins so, 2 for one that contains it, 3 if only another spelling does."""
    return 0 if name == key else 1 if name.startswith(key) else 2 if key in name else 3


def _is_one_place(found: Sequence[Settlement]) -> bool:
    lon, lat = (np.array([getattr(place, axis) for place in found]) for axis in ("lon", "lat"))
    return bool((distance_km(lon[:, None], lat[:, None], lon, lat) <= ONE_PLACE_KM).all())


def _whole(column: Any) -> Any:
    """One array without offset from a column of a table."""
    import pyarrow as pa

    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)


def _spellings(names: Any, keys: Any) -> Any:
    """Lower-case names, then all further keys, as one pyarrow string array."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pa.concat_arrays([pc.ascii_lower(names), keys.values])


def _offsets_and_bytes(texts: Any) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    _, offsets, letters = texts.buffers()
    starts = np.frombuffer(offsets, np.int32)[: len(texts) + 1]
    return starts, np.frombuffer(letters, np.uint8)[: starts[-1]]


def _pair_bits(letters: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint64]:
    """For each byte the bit, of 64, of the pair that it makes with the next one (the last byte pairs with itself)."""
    following = np.append(letters[1:], letters[-1:])
    bit = (letters * np.uint8(37) + following * np.uint8(11)) & np.uint8(63)
    return np.uint64(1) << bit.astype(np.uint64)


def fingerprint(table: Any) -> str:
    """Digest of all values; page checksums guard the pages of a Parquet file, not its footer."""
    digest = hashlib.sha256()
    for name in table.column_names:
        values = _whole(table[name])
        digest.update(f"{name} {len(values)} {values.null_count};".encode())
        if name == "names":
            digest.update(np.asarray(values.offsets).tobytes())
            values = values.values
        if str(values.type) == "string":
            offsets, letters = _offsets_and_bytes(values)
            digest.update(offsets.tobytes())
            digest.update(letters.tobytes())
        else:
            digest.update(values.to_numpy().tobytes())
    return digest.hexdigest()
