"""The words of the network: modes, kinds and layers, each with one meaning and one spelling."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """How cargo moves over a link."""

    RAIL = "rail"
    ROAD = "road"
    SEA = "sea"
    FERRY = "ferry"
    WATERWAY = "waterway"


class Kind(StrEnum):
    """What a link stands for."""

    HAUL = "haul"
    """Movement over ground or water."""
    TRANSFER = "transfer"
    """Change of mode, gauge or vehicle inside one terminal; length zero."""
    BORDER = "border"
    """Crossing of a state frontier; length zero."""
    ACCESS = "access"
    """Loading at an origin or discharge at a destination; its length is the last stretch of road, if any."""


GAUGES_MM = (1520, 1435)
"""Rail gauges that the network keeps as layers of their own."""

LAYERS = ("rail-1520", "rail-1435", "road", "sea", "ferry", "waterway")
"""A layer is a mode, for rail a mode and gauge: cargo passes between layers only by a transfer."""


class Electrified(StrEnum):
    """Whether a railway has a contact line or third rail that freight can be hauled under."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def layer_of(mode: str, gauge_mm: int = 0) -> str:
    """Name of the layer of a mode: ``layer_of("rail", 1520) == "rail-1520"``, ``layer_of("sea") == "sea"``."""
    return f"rail-{gauge_mm}" if mode == Mode.RAIL else str(mode)


def mode_of(layer: str) -> str:
    """Mode of a layer: ``mode_of("rail-1520") == "rail"``."""
    return layer.partition("-")[0]


def gauge_of(layer: str) -> int:
    """Gauge of a layer in mm, 0 where it is no rail: ``gauge_of("rail-1520") == 1520``, ``gauge_of("sea") == 0``."""
    return int(layer.removeprefix("rail-")) if layer in LAYERS and layer.startswith("rail-") else 0
