"""
Speeds of a route, as UNESCAP's and CAREC's time-cost-distance studies state them.

SWOD, speed without delay, is distance over the time in motion; SWD, speed with delay, is distance over all of the time.
Friction is the share of the time that is standing: 1 - SWD / SWOD.
"""

from collections.abc import Iterable, Mapping
from typing import Any


def speeds_of(distance_km: float | None, moving_h: float | None, standing_h: float | None) -> dict[str, float | None]:
    """
    Work out the three figures.

    Returns
    -------
    dict
        ``swd_kmh``, ``swod_kmh`` (km/h) and ``friction`` (0 ... 1); None where a part is not known or no time passes.

    """
    if distance_km is None or moving_h is None or standing_h is None or moving_h <= 0:
        return {"swd_kmh": None, "swod_kmh": None, "friction": None}
    whole_h = moving_h + standing_h
    return {"swd_kmh": distance_km / whole_h, "swod_kmh": distance_km / moving_h, "friction": standing_h / whole_h}


def route_speeds(legs: Iterable[Mapping[str, Any]], stops: Iterable[Mapping[str, Any]]) -> dict[str, float | None]:
    """Speeds of a route from ``distance_km``, ``time_h``, ``standing_h`` of its legs and ``time_h`` of its stops."""
    km, moving, standing = 0.0, 0.0, 0.0
    for leg in legs:
        if leg["distance_km"] is None or leg["time_h"] is None:
            return speeds_of(None, None, None)
        km += leg["distance_km"]
        moving += leg["time_h"] - leg["standing_h"]
        standing += leg["standing_h"]
    for stop in stops:
        if stop["time_h"] is None:
            return speeds_of(None, None, None)
        standing += stop["time_h"]
    return speeds_of(km, moving, standing)
