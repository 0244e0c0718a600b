"""
How each mode of transport is drawn: colour, dash and width.

Colour alone never carries the meaning. The five colours were chosen for the greatest distance between any two of them
under normal, protanopic, deuteranopic and tritanopic vision (at least 30 in CIE76) and for a contrast of at least
3.6 : 1 on land, water and white.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class ModeStyle:
    """
    The look of one mode.

    Attributes
    ----------
    colour
        Hexadecimal sRGB, e.g. ``"#1B2530"``.
    dash
        SVG ``stroke-dasharray`` in pixels; empty for an unbroken line.
    width_px
        Line width in CSS pixels when the route is selected.

    """

    colour: str
    dash: str
    width_px: float


MODE_STYLES: Mapping[str, ModeStyle] = MappingProxyType(
    {
        "rail": ModeStyle("#1B2530", "", 4.5),
        "road": ModeStyle("#B20000", "", 3.5),
        "sea": ModeStyle("#0022CC", "10 7", 4.0),
        "ferry": ModeStyle("#990099", "3 6", 4.5),
        "waterway": ModeStyle("#19806E", "", 4.5),
    }
)
"""Mode → style, in the order in which a legend lists them. Read-only."""

QUIET_COLOUR = "#76828E"
QUIET_WIDTH_PX = 2.5
"""Routes that are not selected: one grey, with the dash of their mode."""
