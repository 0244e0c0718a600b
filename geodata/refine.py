"""
Detail from OpenStreetMap inside a box: a verb ``network → network``.

What happens, layer by layer:

1. The detailed lines are clipped to the box and take the country of the nearest line of the network. A stretch that
   would cross a frontier is left out: frontiers are crossed on the network's own ``border`` links, which know waiting
   times and closures. A railway without a tagged gauge has its country's. Lines beside a closed or named stretch of the
   network (war, dismantled line, Bosporus) are closed or named like it.
2. Links of the network are cut where they leave the box. The ends of all its links in the box and its terminals there
   are joined to the nearest detailed line of their layer and country within `JOIN_KM` (a terminal: within
   `geodata.joining.SNAP_KM`), the main part of the detailed lines first. Layers never touch otherwise, so 1520 mm and
   1435 mm rail stay apart.
3. A link of the network inside the box goes where the detailed lines lead from one of its ends to the other by a way
   hardly longer (`LONGER`). All others stay, and so do closed links, named passages and borders. Every way through the
   network is therefore still there, link by link; that terminals stay connected is checked once more at the end.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from geodata import clean, contract
from geodata.clean import Lines, connected_parts
from geodata.errors import GeodataError
from geodata.frontiers import absorb_excursions
from geodata.graft import Draft
from geodata.joining import DETOUR_FACTOR, SNAP_KM
from geodata.measure import KM_PER_DEGREE, chord_for_km, point_distance_km, unit_vectors
from geodata.network import Network
from geodata.tables import read_table
from geodata.vocabulary import LAYERS, Kind, Mode, mode_of

BBox = tuple[float, float, float, float]
IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

JOIN_KM = 5.0
"""A gateway is joined to detailed lines within this distance; the network's lines are drawn at 1:10 million."""
ALONGSIDE_KM = 2.0
"""Detailed lines this near to a closed or named stretch of the network are taken to be that stretch."""
ISLAND_KM = 2.0
"""Detailed lines apart from the rest whose total length is shorter are left out."""
EXCURSION_KM = 5.0
"""A detailed stretch shorter than this that seems to lie in another country is counted as its neighbours'."""
LONGER, SLACK_KM = 1.25, 1.0
"""A detailed way that replaces a link is at most this times, plus this many km, as long as the link and the joints."""
STEP_KM = 1.0
"""Detailed lines get a node at least this often, to be joined at."""
CHUNK = 64
"""Ways searched at a time: each takes a row as long as there are nodes."""


class RefineError(GeodataError, ValueError):
    """The detail cannot be joined to the network."""


def refine(network: Network, lines_by_layer: Mapping[str, Lines], *, bbox: BBox, join_km: float = JOIN_KM) -> Network:
    """
    The network with the detailed lines of `lines_by_layer` inside a box.

    Parameters
    ----------
    network
        Never modified.
    lines_by_layer
        As `geodata.read.osm.read_osm` gives them.
    bbox
        West, south, east, north in degrees.
    join_km
        How far a gateway of the box may lie from the detailed lines.

    Returns
    -------
    Network
        With its own contraction order; lengths of new links are OpenStreetMap's, with its date in ``length_source``.

    Raises
    ------
    RefineError
        No box, an unknown layer, no detailed line in the box, no line of the network near it, or nowhere to join.

    """
    west, south, east, north = bbox
    if not (all(map(math.isfinite, bbox)) and -180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise RefineError(f"{_told(bbox)} is no box; the order is west, south, east, north in degrees")
    unknown = sorted(set(lines_by_layer) - set(LAYERS))
    if unknown:
        raise RefineError(f"unknown layer {', '.join(unknown)}; the layers are {', '.join(LAYERS)}")
    draft = Draft(network)
    countries = _Neighbours(draft, bbox)
    joined = False
    for layer, lines in lines_by_layer.items():
        detail = _prepare(lines, layer, bbox, countries, draft)
        if len(detail.links):
            joined |= _lay(draft, layer, detail, bbox, join_km)
    if not joined:
        raise RefineError(
            f"no detailed line in the box {_told(bbox)} could be joined: none lies within {join_km:g} km of where "
            "the network enters the box, or of a terminal in it"
        )
    refined = draft.to_network(f"{network.source}, refined in {west:g} {south:g} {east:g} {north:g}")
    _check_connected(network, refined)
    return refined


def _told(bbox: BBox) -> str:
    """A box as the command line takes it, to the kilometre."""
    return ",".join(f"{degrees:.5g}" for degrees in bbox)


class _Neighbours:
    """Countries by the nearest line of the network on land, in and around a box."""

    def __init__(self, draft: Draft, bbox: BBox, margin_degrees: float = 2.0) -> None:
        west, south, east, north = bbox
        around = shapely.box(
            west - margin_degrees, south - margin_degrees, east + margin_degrees, north + margin_degrees
        )
        on_land = (draft.links["kind"] == Kind.HAUL) & (draft.links["country"] != "")
        numbers = np.flatnonzero(on_land & shapely.intersects(np.array(draft.geometry, dtype=object), around))
        if not len(numbers):
            raise RefineError(f"the network has no line on land near the box {_told(bbox)}")
        self.scale = np.array([math.cos(math.radians((south + north) / 2)), 1.0])
        lines = shapely.transform([draft.geometry[number] for number in numbers], lambda at: at * self.scale)
        self.tree, self.country = shapely.STRtree(lines), draft.links["country"].to_numpy(dtype=object)[numbers]

    def at(self, lonlat: FloatArray) -> npt.NDArray[np.object_]:
        """Country of every point, shape (n,)."""
        return np.asarray(self.country[self.tree.nearest(shapely.points(lonlat * self.scale))], dtype=object)


def _prepare(lines: Lines, layer: str, bbox: BBox, countries: _Neighbours, draft: Draft) -> Lines:
    """Detailed lines of one layer in the box, with country, closures and passages, none across a frontier."""
    lines = clean.clip(lines, [bbox])
    long = lines.links["length_km"].to_numpy() > STEP_KM
    if not len(long):
        return lines
    lines = clean.densify(lines, long, STEP_KM) if long.any() else lines
    code = countries.at(lines.nodes[["lon", "lat"]].to_numpy())
    for _ in range(3):
        code = absorb_excursions(lines, code, EXCURSION_KM)
    start, end = lines.links["start"].to_numpy(), lines.links["end"].to_numpy()
    keep = code[start] == code[end]
    if "gauge_mm" in lines.links and mode_of(layer) == Mode.RAIL:
        table = read_table("countries").dropna(subset=["gauge_mm"])
        gauge = {str(row.country): f"rail-{row.gauge_mm:.0f}" for row in table.itertuples()}
        untagged = (lines.links["gauge_mm"] == "").to_numpy()
        keep &= ~untagged | np.array([gauge.get(str(here)) == layer for here in code[start]], dtype=bool)
    links = lines.links.assign(country=code[start])[keep]
    kept = Lines(lines.nodes.assign(country=code), links.reset_index(drop=True)).compact()
    return clean.drop_islands(_take_over(kept, layer, draft), ISLAND_KM) if len(kept.links) else kept


def _take_over(lines: Lines, layer: str, draft: Draft) -> Lines:
    """Close or name detailed links that run beside a closed or named link of the network."""
    own = draft.links
    marked = (
        (own["layer"] == layer) & (own["kind"] == Kind.HAUL) & ((own["closed_reason"] != "") | (own["passage"] != ""))
    )
    links, lonlat = lines.links.copy(), lines.nodes[["lon", "lat"]].to_numpy()
    scale = np.array([math.cos(math.radians(float(lonlat[:, 1].mean()))), 1.0]) * KM_PER_DEGREE
    points = shapely.points(lonlat * scale)
    start, end = links["start"].to_numpy(), links["end"].to_numpy()
    for number in np.flatnonzero(marked):
        line = shapely.transform(draft.geometry[number], lambda at: at * scale)
        shapely.prepare(line)
        near = shapely.dwithin(points, line, ALONGSIDE_KM)
        beside = near[start] & near[end]
        for column in ("closed_reason", "passage"):
            if own[column].iat[number]:
                links.loc[beside, column] = own[column].iat[number]
    return lines.with_links(links)


@dataclass(frozen=True)
class _Inside:
    """
    A layer's own links wholly inside the box: link numbers, ends and lengths.

    ``joints`` are their ends and the layer's terminals in the box; ``gateways`` those joints that the rest of the
    network hangs on: they bear other links too (outside the box, borders, closed lines, transfers).
    """

    links: IntArray
    start: IntArray
    end: IntArray
    length_km: FloatArray
    joints: IntArray
    gateways: frozenset[int]


def _lay(draft: Draft, layer: str, detail: Lines, bbox: BBox, join_km: float) -> bool:
    """Put one layer's detailed lines into the draft and take out what they replace; whether they touch the network."""
    inside = _open_box(draft, layer, bbox)
    hung, joint_km = _hang(draft, layer, detail, inside.joints, join_km)
    hung = _drop_unjoined(hung)
    goes = _replaced(inside, contract.contract(hung), joint_km)
    left = {*inside.start[~goes].tolist(), *inside.end[~goes].tolist(), *inside.gateways}
    useful = hung.nodes["terminal"].isin(["", *(f"{number}" for number in left)]).to_numpy()
    hung = hung.with_links(hung.links[useful[hung.links["start"]] & useful[hung.links["end"]]])
    hung = _drop_unjoined(hung)
    if not len(hung.links):
        return False
    draft.gone.update(inside.links[goes].tolist())
    _append(draft, layer, contract.contract(hung))
    return True


def _open_box(draft: Draft, layer: str, bbox: BBox) -> _Inside:
    """Cut the layer's open, unnamed hauls where they leave the box; what lies inside."""
    box = shapely.box(*bbox)
    own = draft.links
    plain = (own["layer"] == layer) & (own["kind"] == Kind.HAUL) & (own["closed_reason"] == "") & (own["passage"] == "")
    candidates = np.flatnonzero(plain)
    lines = np.array(draft.geometry[: len(own)], dtype=object)[candidates]
    touching = shapely.intersects(lines, box)
    whole = shapely.within(lines, box)
    links = candidates[whole].tolist()
    for number, line in zip(candidates[touching & ~whole], lines[touching & ~whole], strict=True):
        crossings = shapely.get_coordinates(line.intersection(box.exterior))
        shares = {float(line.project(shapely.Point(point), normalized=True)) for point in crossings}
        cuts = sorted(share for share in shares if 1e-9 < share < 1 - 1e-9)
        if cuts:
            first = len(own) + len(draft.new_links)
            draft.split(int(number), cuts)
            parts = range(first, len(own) + len(draft.new_links))
            links += [part for part in parts if box.covers(draft.geometry[part].interpolate(0.5, normalized=True))]
    rows = [draft.link(number) for number in links]
    start, end = (np.array([row[column] for row in rows], dtype=np.int64) for column in ("from_node", "to_node"))
    bearing = _bearing(draft, {*links, *draft.gone})
    here = shapely.covers(box, shapely.points(draft.nodes["lon"], draft.nodes["lat"]))
    of_layer = (draft.nodes["layer"] == layer) & (draft.nodes["terminal"] != "")
    joints = {*start.tolist(), *end.tolist(), *np.flatnonzero(of_layer & here).tolist()}
    return _Inside(
        np.array(links, dtype=np.int64), start, end, np.array([row["length_km"] for row in rows], dtype=float),
        np.array(sorted(joints), dtype=np.int64), frozenset(joints & bearing),
    )  # fmt: skip


def _bearing(draft: Draft, left_out: set[int]) -> set[int]:
    """Nodes of all links but those left out."""
    others = np.ones(len(draft.links), dtype=bool)
    others[[number for number in left_out if number < len(others)]] = False
    bearing = set(draft.links.loc[others, ["from_node", "to_node"]].to_numpy().ravel().tolist())
    for number, row in enumerate(draft.new_links, start=len(draft.links)):
        if number not in left_out:
            bearing |= {row["from_node"], row["to_node"]}
    return bearing


def _hang(draft: Draft, layer: str, lines: Lines, joints: IntArray, join_km: float) -> tuple[Lines, dict[int, float]]:
    """
    Join nodes of the draft to the nearest open detailed line of their country by a straight link.

    They become nodes of the lines whose ``terminal`` is their number in the draft; the second result is the length of
    the link of each, in km. Nodes with no line near enough are left out.
    """
    usable = lines.links[lines.links["closed_reason"] == ""]
    mode, size = mode_of(layer), len(lines.nodes)
    nodes = {int(number): draft.node(int(number)) for number in joints}
    names: list[str] = []
    links: list[dict[str, object]] = []
    joint_km: dict[int, float] = {}
    for country in sorted(set(usable["country"])):
        parts = _parts(lines, usable[usable["country"] == country])
        for number, node in nodes.items():
            if node["country"] != country:
                continue
            within_km, factor = (SNAP_KM[mode], DETOUR_FACTOR[mode]) if node["terminal"] else (join_km, 1.0)
            for tree, numbers in parts:
                chord, nearest = tree.query(unit_vectors([node["lon"]], [node["lat"]])[0])
                if chord <= chord_for_km(within_km):
                    foot = int(numbers[nearest])
                    km = point_distance_km(node["lon"], node["lat"], *lines.nodes.loc[foot, ["lon", "lat"]]) * factor
                    cells = {"length_km": km, "length_source": f"great circle × {factor:g}", "country": country}
                    links.append({"start": size + len(names), "end": foot} | cells)
                    names.append(f"{number}")
                    joint_km[number] = km
                    break
    hung = lines.add([(nodes[int(name)]["lon"], nodes[int(name)]["lat"]) for name in names], links)
    hung.nodes.loc[size:, "terminal"] = names
    return hung, joint_km


def _parts(lines: Lines, links: pd.DataFrame) -> list[tuple[cKDTree, IntArray]]:
    """Nodes of the largest connected part of `links`, then of all, with their numbers, to look up the nearest in."""
    numbers = np.unique(links[["start", "end"]].to_numpy())
    part = lines.with_links(links).components()
    km = np.bincount(part[links["start"]], weights=links["length_km"])
    at = lines.nodes[["lon", "lat"]].to_numpy()
    main = numbers[part[numbers] == km.argmax()]
    return [(cKDTree(unit_vectors(at[these, 0], at[these, 1])), these) for these in (main, numbers)]


def _drop_unjoined(lines: Lines) -> Lines:
    """Without components that hang on no node of the network."""
    part = lines.components()
    wanted = np.isin(part, part[(lines.nodes["terminal"] != "").to_numpy()])
    return lines.with_links(lines.links[wanted[lines.links["start"]]]).compact()


def _replaced(inside: _Inside, lines: Lines, joint_km: Mapping[int, float]) -> npt.NDArray[np.bool_]:
    """Which inside links the detailed lines stand in for: they lead from end to end, by a way hardly longer."""
    goes = np.zeros(len(inside.links), dtype=bool)
    at = {int(name): node for node, name in lines.nodes["terminal"].items() if name}
    pairs = zip(inside.start.tolist(), inside.end.tolist(), strict=True)
    rows = [row for row, (a, b) in enumerate(pairs) if a in at and b in at]
    ends = zip(inside.start.tolist(), inside.end.tolist(), strict=True)
    joints_km = np.array([joint_km.get(a, 0.0) + joint_km.get(b, 0.0) for a, b in ends])
    allowed = LONGER * inside.length_km + joints_km + SLACK_KM
    links = lines.links[lines.links["closed_reason"] == ""]
    graph = _graph(len(lines.nodes), links["start"].to_numpy(), links["end"].to_numpy(), links["length_km"].to_numpy())
    for first in range(0, len(rows), CHUNK):
        chunk = rows[first : first + CHUNK]
        sources = np.array([at[int(inside.start[row])] for row in chunk])
        km = dijkstra(graph, directed=False, indices=sources, limit=allowed[chunk].max())
        for index, row in enumerate(chunk):
            goes[row] = km[index, at[int(inside.end[row])]] <= allowed[row]
    return goes


def _append(draft: Draft, layer: str, lines: Lines) -> None:
    """Put contracted lines into the draft; nodes with a number there are there already."""
    numbers = [
        int(row.terminal) if row.terminal else draft.add_node(row.lon, row.lat, layer, row.country)
        for row in lines.nodes.itertuples()
    ]
    own = [name for name in draft.links.columns if name in lines.links.columns]
    cells = lines.links[own].to_dict("records")
    ends = zip(lines.links["start"], lines.links["end"], lines.links["geometry"], strict=True)
    for row, (start, end, line) in zip(cells, ends, strict=True):
        draft.add_link(numbers[start], numbers[end], line, **(row | {"mode": mode_of(layer), "layer": layer}))


def _graph(count: int, start: IntArray, end: IntArray, km: FloatArray) -> csr_matrix:
    """Shortest of parallel links between each two nodes; a length of zero becomes a millimetre, else it is no link."""
    table = pd.DataFrame({"a": np.minimum(start, end), "b": np.maximum(start, end), "km": km})
    table = table.groupby(["a", "b"], as_index=False)["km"].min()
    return csr_matrix((table["km"].clip(lower=1e-6), (table["a"], table["b"])), shape=(count, count))


def _check_connected(before: Network, after: Network) -> None:
    """Terminals that open lines of a layer connected before must be connected after."""
    old, new = (_terminal_parts(network) for network in (before, after))
    parts: dict[int, set[int]] = {}
    for terminal, part in old.items():
        parts.setdefault(part, set()).add(new[terminal])
    torn = [part for part, found in parts.items() if len(found) > 1]
    if torn:
        names = sorted(terminal for (terminal, _), part in old.items() if part in torn)
        raise RefineError(f"refining would have cut off terminals among {', '.join(names[:10])}; nothing was changed")


def _terminal_parts(network: Network) -> dict[tuple[str, str], int]:
    links = network.links
    laid = links[links["kind"].isin([Kind.HAUL, Kind.BORDER]) & (links["closed_reason"] == "")]
    part = connected_parts(len(network.nodes), laid["from_node"].to_numpy(), laid["to_node"].to_numpy())
    return {terminal: int(part[node]) for terminal, node in network.terminal_nodes.items()}
