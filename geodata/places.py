"""Places: named points on the ground, and what the spellings of a name share."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """
    A named point on the ground.

    ``terminal`` is its code in the network, "" for a point given by coordinates; ``role`` is one of port, station,
    gauge change, border, junction, site or point; ``gateway`` is the family of gateways it belongs to ("" if none).
    """

    code: str
    name: str
    country: str
    lon: float
    lat: float
    role: str = "point"
    terminal: str = ""
    layers: tuple[str, ...] = ()
    gateway: str = ""
    unlocode: str = ""
    aliases: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


def normalize(name: str) -> str:
    """Name without case, accents and punctuation: ``normalize("Małaszewicze") == "malaszewicze"``."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_PLAIN))
    letters = "".join(
        " " if unicodedata.category(sign)[0] in "PZSC" else sign for sign in plain if not unicodedata.combining(sign)
    )
    return " ".join(letters.casefold().split())


_PLAIN = str.maketrans({"ł": "l", "ı": "i", "ø": "o", "đ": "d", "ə": "e", "ß": "ss", "æ": "ae", "œ": "oe"})
