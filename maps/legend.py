"""What a map's key lists: the modes that occur, in one fixed order."""

from collections.abc import Iterable
from typing import Any

from maps.style import MODE_STYLES


def legend_entries(modes: Iterable[str]) -> list[dict[str, Any]]:
    """
    List the modes present.

    Parameters
    ----------
    modes
        Modes of all legs, repeated as they come; each must be in `MODE_STYLES`.

    Returns
    -------
    list of dict
        ``mode``, ``colour``, ``dash`` and ``width`` (pixels), in the order of `MODE_STYLES`.

    """
    present = set(modes)
    return [
        {"mode": mode, "colour": style.colour, "dash": style.dash, "width": style.width_px}
        for mode, style in MODE_STYLES.items()
        if mode in present
    ]
