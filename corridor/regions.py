"""
Regions: hauls of one price a kilometre that hang together, and the shortest runs between their joints.

Inside a region time, cost and CO2e all grow with the kilometres, so of two ways between the same joints the shorter is
better in everything. A joint is where a region ends: a frontier, a passage, a terminal, a change of price.
"""

from __future__ import annotations

from functools import cached_property
from hashlib import sha256
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from corridor.graph import Arcs, connected
from corridor.pareto import SAME
from geodata.network import Network

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
Number = TypeVar("Number", np.float64, np.int64)

KEPT_REGIONS = 4
"""Regions of so many sets of closed lines and of like prices are kept with a network."""
SAME_PRICE = 1e-10
"""Prices a kilometre nearer than this part of the highest are one price."""
NONE = np.zeros(0, dtype=np.int64)


def regions_of(network: Network, per_km: FloatArray, closed: BoolArray) -> Regions:
    """
    Regions of links that take the same a kilometre, shape (links, 3); the last few are kept with the network.

    What hangs together depends on which prices are the same, not on what they are: other rates have the same regions
    as a rule, and the same runs.
    """
    moving = network.links["length_km"].to_numpy(float) > 0
    whole = np.rint(per_km[moving] / np.maximum(per_km.max(axis=0), 1e-30) / SAME_PRICE).astype(np.int64)
    price = np.full(len(moving), -1, dtype=np.int64)
    price[moving] = _numbered(*whole.T)
    kept: dict[bytes, Regions] = network.cache.setdefault("regions", {})
    key = sha256(price.tobytes() + np.packbits(closed).tobytes()).digest()
    found = kept.get(key)
    if found is None:
        for oldest in list(kept)[: max(0, len(kept) - KEPT_REGIONS + 1)]:
            kept.pop(oldest, None)  # another thread may have been first
        found = kept[key] = Regions(network, price, closed)
    return found


class Regions:
    """
    Hauls that are open, told apart by price and connection, and the shortest runs between their joints.

    ``price`` numbers what a kilometre of each link takes, shape (links,): regions hold links of one number.
    """

    def __init__(self, network: Network, price: IntArray, closed: BoolArray) -> None:
        links = network.links
        self.km = links["length_km"].to_numpy(float)
        self.tail, self.head = links["from_node"].to_numpy(np.int64), links["to_node"].to_numpy(np.int64)
        moving = self.km > 0
        passage = (links["passage"] != "").to_numpy() & moving
        self.oneway = links["oneway"].to_numpy(bool)
        kind = np.where(passage | self.oneway, np.arange(len(links)) + price.max(initial=0) + 1, price)
        joints = np.zeros(len(network.nodes), dtype=bool)
        for ends in (self.tail, self.head):
            joints[ends[~moving]] = True
        lowest, highest = np.full(len(joints), np.iinfo(np.int64).max), np.full(len(joints), -1, dtype=np.int64)
        for ends in (self.tail, self.head):
            np.minimum.at(lowest, ends[moving], kind[moving])
            np.maximum.at(highest, ends[moving], kind[moving])
        joints |= (highest >= 0) & (lowest != highest)
        self.nodes = np.flatnonzero(joints)
        self.number = np.full(len(joints), -1, dtype=np.int64)
        self.number[self.nodes] = np.arange(len(self.nodes))
        usable = moving & ~closed
        part = connected(self.tail[usable], self.head[usable], len(joints))
        self.region = np.full(len(links), -1, dtype=np.int64)
        self.region[usable] = _numbered(kind[usable], part[self.tail[usable]])
        open_passages = np.flatnonzero(passage & usable)  # each is a region of its own
        self.passages = dict(zip(self.region[open_passages].tolist(), open_passages.tolist(), strict=True))
        """Links that are passages, by their region."""
        self._by_region = np.argsort(self.region, kind="stable")
        self._bounds = np.searchsorted(self.region[self._by_region], np.arange(self.region.max(initial=-1) + 2))
        self.a_link = self._by_region[self._bounds[:-1]]
        """A link of each region."""

    @cached_property
    def runs(self) -> tuple[IntArray, IntArray, FloatArray, IntArray]:
        """Shortest runs between joints that pass no other joint: start, end, kilometres and region of each."""
        found = [(NONE, NONE, np.zeros(0), NONE)]
        for region in range(len(self._bounds) - 1):
            links, nodes, graph = self._local(region)
            joints = np.flatnonzero(self.number[nodes] >= 0)
            if len(joints) < 2:
                continue
            stop = np.arange(len(nodes))  # who comes to a joint comes to a copy of it, from which nothing leads on
            stop[joints] = len(nodes) + np.arange(len(joints))
            stopping = Arcs(graph.tail, stop[graph.head], len(nodes) + len(joints))
            least = stopping.least(self._both(links, self.km[links]), joints.tolist()).weight[:, len(nodes) :]
            start, end = np.nonzero(np.isfinite(least) & ~np.eye(len(joints), dtype=bool))
            km = least[start, end]
            by_joints = Arcs(start, end, len(joints)).least(km, range(len(joints))).weight[start, end]
            kept = km <= by_joints * (1.0 + SAME)  # others are longer than a way by further joints
            start, end = nodes[joints[start[kept]]], nodes[joints[end[kept]]]
            found.append((start, end, km[kept], np.full(len(start), region)))
        return tuple(np.concatenate(part) for part in zip(*found, strict=True))  # type: ignore[return-value]

    def around(self, node: int, others: IntArray) -> tuple[IntArray, FloatArray, IntArray]:
        """Joints, and nodes among `others`, that a node has a run to: their numbers, its kilometres and its region."""
        here = self.region[(self.tail == node) | (self.head == node)]
        found, runs, regions = [np.array([node])], [np.zeros(1)], [np.array([0])]
        for region in np.unique(here[here >= 0]).tolist():
            links, nodes, graph = self._local(region)
            km = graph.least(self._both(links, self.km[links]), [int(np.searchsorted(nodes, node))]).weight[0]
            wanted = np.isfinite(km) & ((self.number[nodes] >= 0) | np.isin(nodes, others)) & (nodes != node)
            found.append(nodes[wanted])
            runs.append(km[wanted])
            regions.append(np.full(int(wanted.sum()), region))
        return np.concatenate(found), np.concatenate(runs), np.concatenate(regions)

    def way(self, start: int, end: int, region: int) -> list[int]:
        """Links of the shortest run between two nodes of a region, in the order passed."""
        links, nodes, graph = self._local(region)
        root, at = (int(np.searchsorted(nodes, node)) for node in (start, end))
        by = graph.least(self._both(links, self.km[links]), [root]).arcs()[0]
        passed = []
        while at != root:
            passed.append(int(by[at]))
            at = int(graph.tail[by[at]])
        both = self._both(links, links)
        return [int(link) for link in both[passed[::-1]]]

    def _local(self, region: int) -> tuple[IntArray, IntArray, Arcs]:
        links = self._by_region[self._bounds[region] : self._bounds[region + 1]]
        nodes, ends = np.unique(np.concatenate([self.tail[links], self.head[links]]), return_inverse=True)
        tail, head = ends[: len(links)], ends[len(links) :]
        back = ~self.oneway[links]
        graph = Arcs(np.concatenate([tail, head[back]]), np.concatenate([head, tail[back]]), len(nodes))
        return links, nodes, graph

    def _both(self, links: IntArray, values: npt.NDArray[Number]) -> npt.NDArray[Number]:
        """Values of links as values of their arcs: those that run both ways have two."""
        return np.concatenate([values, values[~self.oneway[links]]])


def _numbered(*columns: IntArray) -> IntArray:
    """Rows of columns numbered, equal ones alike, in the order in which they first come."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        values, number = np.unique(column, return_inverse=True)
        _, code = np.unique(code * max(len(values), 1) + number, return_inverse=True)
    _, first, code = np.unique(code, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[code]
