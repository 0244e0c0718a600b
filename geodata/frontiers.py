"""Countries of lines, and the frontiers they cross."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geodata.clean import Lines, connected_parts, densify
from geodata.vocabulary import Kind


def drop_countries(lines: Lines, countries: set[str]) -> Lines:
    """Without links in, or across the frontier of, the given countries."""
    country = lines.nodes["country"].isin(countries).to_numpy()
    return lines.with_links(lines.links[~(country[lines.links["start"]] | country[lines.links["end"]])]).compact()


def at_borders(lines: Lines, borders: set[tuple[str, frozenset[str]]], mode: str) -> npt.NDArray[np.bool_]:
    """Nodes that a border link touches whose mode and pair of countries is among `borders`; one flag a node."""
    country = lines.nodes["country"].to_numpy()
    start, end = lines.links["start"].to_numpy(), lines.links["end"].to_numpy()
    found = np.zeros(len(lines.nodes), dtype=bool)
    for number in np.flatnonzero((lines.links["kind"] == Kind.BORDER).to_numpy()):
        a, b = start[number], end[number]
        if (mode, frozenset((country[a], country[b]))) in borders:
            found[[a, b]] = True
    return found


def set_countries(lines: Lines, countries: pd.DataFrame, *, excursion_km: float = 5.0) -> Lines:
    """
    Give every node and link its country and put a ``border`` link of length zero at every frontier.

    Links that change country, and all over 20 km, are first cut into 1 km pieces. A stretch shorter than
    `excursion_km` inside another country (a line that runs along a frontier drawn at 1:10 million) is counted as that
    country's.

    Parameters
    ----------
    countries
        Columns ``country`` (ISO 3166 alpha-2) and ``geometry`` (polygons, lon lat).

    """
    code = _locate(lines.nodes, countries)
    start, end = lines.links["start"].to_numpy(), lines.links["end"].to_numpy()
    wanted = (code[start] != code[end]) | (lines.links["length_km"].to_numpy() > 20.0)
    lines = densify(lines, wanted, 1.0)
    code = np.concatenate([code, _locate(lines.nodes.iloc[len(code) :], countries)])
    for _ in range(3):
        code = absorb_excursions(lines, code, excursion_km)
    nodes = lines.nodes.assign(country=code)
    start, end = lines.links["start"].to_numpy(), lines.links["end"].to_numpy()
    crossing = code[start] != code[end]
    links = lines.links.assign(country=code[start])
    over = links[crossing]
    lonlat = nodes[["lon", "lat"]].to_numpy()
    middle = (lonlat[over["start"]] + lonlat[over["end"]]) / 2
    count, base = len(over), len(nodes)
    near, far = base + np.arange(count), base + count + np.arange(count)
    here, there = code[over["start"]], code[over["end"]]
    fresh = pd.DataFrame(
        {
            "lon": np.tile(middle[:, 0], 2),
            "lat": np.tile(middle[:, 1], 2),
            "country": np.concatenate([here, there]),
            "terminal": "",
            "shape": True,
        }
    )
    half = over["length_km"] / 2
    halves = [
        over.assign(end=near, length_km=half, country=here),
        over.assign(start=far, length_km=half, country=there),
    ]
    border = over.assign(start=near, end=far, length_km=0.0, kind="border", country=here)
    return Lines(
        pd.concat([nodes, fresh], ignore_index=True),
        pd.concat([links[~crossing], *halves, border], ignore_index=True),
    )


def _locate(nodes: pd.DataFrame, countries: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Country of every node: the polygon it is in, else the nearest one (bridges, quays, coarse coasts)."""
    points = shapely.points(nodes["lon"].to_numpy(), nodes["lat"].to_numpy())
    polygons, codes = countries["geometry"].to_numpy(), countries["country"].to_numpy(dtype=object)
    tree = shapely.STRtree(polygons)
    result = np.full(len(points), None, dtype=object)
    which, polygon = tree.query(points, predicate="within")
    result[which] = codes[polygon]
    outside = np.flatnonzero(result == None)  # noqa: E711  (elementwise)
    if len(outside):
        result[outside] = codes[tree.nearest(points[outside])]
    return result


def absorb_excursions(lines: Lines, code: npt.NDArray[np.object_], excursion_km: float) -> npt.NDArray[np.object_]:
    """Country of every node; a stretch shorter than `excursion_km` inside another country counts as its neighbours'."""
    start, end = lines.links["start"].to_numpy(), lines.links["end"].to_numpy()
    inside = code[start] == code[end]
    part = connected_parts(len(code), start[inside], end[inside])
    km = np.bincount(part[start[inside]], weights=lines.links["length_km"].to_numpy()[inside], minlength=part.max() + 1)
    small = km < excursion_km
    neighbour = pd.DataFrame(
        {
            "part": np.concatenate([part[start[~inside]], part[end[~inside]]]),
            "country": np.concatenate([code[end[~inside]], code[start[~inside]]]),
        }
    )
    neighbour = neighbour[small[neighbour["part"]]]
    majority = neighbour.groupby("part")["country"].agg(lambda seen: sorted(seen.mode())[0])
    result = code.copy()
    hit = np.isin(part, majority.index.to_numpy())
    result[hit] = majority.reindex(part[hit]).to_numpy()
    return result
