"""The page's own words, one catalogue a language: ``maps/locale/<language>.json``."""

import json
from functools import cache
from importlib.resources import files

from maps.errors import AssetError


@cache
def load_words(language: str) -> dict[str, str]:
    """
    Read the catalogue of one language: key → phrase, with ``{name}`` where something is filled in.

    Raises
    ------
    AssetError
        There is no catalogue for `language`; the message lists those there are.

    """
    known = {
        entry.name.removesuffix(".json"): entry
        for entry in files("maps").joinpath("locale").iterdir()
        if entry.name.endswith(".json")
    }
    if language not in known:
        raise AssetError(f"no words for language {language!r}; known: {', '.join(sorted(known))}")
    words: dict[str, str] = json.loads(known[language].read_text(encoding="utf-8"))
    return words
