"""From many short straight links to few long ones with a geometry: dead-end stubs cut, chains joined, lengths exact."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geodata.clean import ATTRIBUTES, FloatArray, IntArray, Lines


def prune_leaves(lines: Lines, shorter_than_km: float, ends: npt.NDArray[np.bool_] | None = None) -> Lines:
    """
    Without dead-end branches whose chain to the next junction is shorter than `shorter_than_km`.

    Terminals stay, and nodes marked in `ends` (one flag a node): lines that end there on purpose.
    """
    keep = (lines.nodes["terminal"] != "").to_numpy()
    if ends is not None:
        keep = keep | ends
    while True:
        contracted_start, contracted_end, km, members = _chains(lines)
        degree = np.bincount(np.concatenate([contracted_start, contracted_end]), minlength=len(lines.nodes))
        tip = ((degree[contracted_start] == 1) & ~keep[contracted_start]) | (
            (degree[contracted_end] == 1) & ~keep[contracted_end]
        )
        doomed = [
            number
            for chain, gone in zip(members, tip & (km < shorter_than_km), strict=True)
            if gone
            for number in chain
        ]
        if not doomed:
            return lines.compact()
        lines = lines.with_links(lines.links.drop(index=lines.links.index[doomed]))


def contract(lines: Lines) -> Lines:
    """
    Join chains of nodes of degree two into one link each: lengths and locks add up exactly, the geometry is kept.

    Chains end at junctions, dead ends, terminals, border links and wherever an attribute changes. Of parallel links
    with equal attributes only the shortest stays; loops go.

    Returns
    -------
    Lines
        Links have a ``geometry`` column of shapely LineStrings; a border link's is its point twice.

    """
    start, end, km, members = _chains(lines)
    lonlat = lines.nodes[["lon", "lat"]].to_numpy()
    shape = lines.nodes["shape"].to_numpy()
    raw_start, raw_end = lines.links["start"].to_numpy(), lines.links["end"].to_numpy()
    geometry = []
    for first, chain in zip(start, members, strict=True):
        run, here = [int(first)], int(first)
        for number in chain:
            here = int(raw_end[number] if raw_start[number] == here else raw_start[number])
            run.append(here)
        drawn = [run[0], *[node for node in run[1:-1] if shape[node]], run[-1]]
        geometry.append(shapely.LineString(lonlat[drawn]))
    head = [chain[0] for chain in members]
    links = lines.links.iloc[head].reset_index(drop=True)
    sources, length_km = lines.links["length_source"].to_numpy(), lines.links["length_km"].to_numpy()
    locks = lines.links["locks"].to_numpy()
    links = links.assign(
        start=start,
        end=end,
        length_km=km,
        locks=[int(locks[chain].sum()) for chain in members],
        geometry=geometry,
        length_source=[_main_source(sources[chain], length_km[chain]) for chain in members],
    )
    links = links[(links["start"] != links["end"])]
    low, high = np.minimum(links["start"], links["end"]), np.maximum(links["start"], links["end"])
    order = links.assign(low=low, high=high).sort_values(["low", "high", *ATTRIBUTES, "length_km"], kind="stable")
    best = order.drop_duplicates(["low", "high", *ATTRIBUTES]).drop(columns=["low", "high"])
    return lines.with_links(best).compact()


def _main_source(sources: npt.NDArray[np.object_], length_km: FloatArray) -> str:
    """Where the length of a chain comes from: sources of at least a tenth of it, the package's data only if alone."""
    share = pd.Series(length_km).groupby(sources).sum()
    named = set(share.index[share >= 0.1 * share.sum()]) - {"package", "weld"}
    return " + ".join(sorted(named)) if named else "package"


def _chains(lines: Lines) -> tuple[IntArray, IntArray, FloatArray, list[list[int]]]:
    """First node, last node, km and link rows of every maximal chain through nodes of degree two."""
    links, count = lines.links, len(lines.nodes)
    start, end = links["start"].to_numpy(), links["end"].to_numpy()
    signature = links.groupby(list(ATTRIBUTES), sort=False, dropna=False).ngroup().to_numpy()
    ends = np.concatenate([start, end])
    rows = np.concatenate([np.arange(len(links))] * 2)
    order = np.argsort(ends, kind="stable")
    first = np.searchsorted(ends[order], np.arange(count))
    degree = np.bincount(ends, minlength=count)
    incident = rows[order]
    through = (degree == 2) & (lines.nodes["terminal"] == "").to_numpy()
    two = np.flatnonzero(through)
    a, b = incident[first[two]], incident[first[two] + 1]
    is_border = (links["kind"] == "border").to_numpy()
    through[two] = (signature[a] == signature[b]) & ~is_border[a] & (a != b)
    seen = np.zeros(len(links), dtype=bool)
    begin, finish, km, members = [], [], [], []
    length = links["length_km"].to_numpy()

    def walk(row: int, node: int) -> None:
        chain, here, total = [], node, 0.0
        while True:
            seen[row] = True
            chain.append(row)
            total += length[row]
            here = int(end[row] if start[row] == here else start[row])
            if not through[here] or here == node:
                break
            one, two = incident[first[here]], incident[first[here] + 1]
            row = int(two if one == row else one)
        begin.append(node)
        finish.append(here)
        km.append(total)
        members.append(chain)

    for row in range(len(links)):
        if not seen[row] and not through[start[row]]:
            walk(row, int(start[row]))
        if not seen[row] and not through[end[row]]:
            walk(row, int(end[row]))
    for row in range(len(links)):  # rings without any junction
        if not seen[row]:
            walk(row, int(start[row]))
    return np.array(begin, dtype=np.int64), np.array(finish, dtype=np.int64), np.array(km), members
