"""Places with finer land that the routes of a page come near, for a closer look."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from maps.basemap import load_inset_land, load_insets
from maps.layers import Line
from maps.page import Page
from maps.words import load_place_names

NEAR_DEG = 0.15
"""A route that comes this near to a place, in degrees of longitude and latitude, passes it: about 15 km."""


def insets_near(legs: Mapping[str, Sequence[list[Line]]]) -> list[dict[str, Any]]:
    """
    Give the insets that any of some routes comes near, with their names in every language.

    Parameters
    ----------
    legs
        Route id → legs → lines, as `maps.layers.simplify_legs` gives them.

    Returns
    -------
    list of dict
        As of `load_insets`, with ``name_ru``, ``name_kk`` and so on where the name is known.

    """
    if not legs:
        return []
    points = np.concatenate([line for own in legs.values() for lines in own for line in lines])
    names = load_place_names()
    return [
        {**inset, **{f"name_{language}": name for language, name in names.get(inset["name"], {}).items()}}
        for inset in load_insets()
        if (np.abs(points - (inset["lon"], inset["lat"])) < NEAR_DEG).all(axis=1).any()
    ]


def offer_insets(page: Page, legs: Mapping[str, Sequence[list[Line]]]) -> list[dict[str, Any]]:
    """Give what `insets_near` gives; where that is any, the page gets the finer land."""
    insets = insets_near(legs)
    if insets:
        page.add_data("insets", {**load_inset_land(), "boxes": [inset["box"] for inset in load_insets()]})
    return insets
