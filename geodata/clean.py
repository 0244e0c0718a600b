"""
Verbs that turn raw lines into clean ones: ``Lines → Lines``, never in place.

Raw lines are straight between nodes; a drawn or densified line is a run of short straight links. Only
`geodata.contract` joins runs into one link with a geometry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from geodata.errors import EditError
from geodata.measure import KM_PER_DEGREE, chord_for_km, distance_km, unit_vectors

IntArray = npt.NDArray[np.int64]
Point = tuple[float, float]
FloatArray = npt.NDArray[np.float64]

ATTRIBUTES = (
    "name", "passage", "closed_reason", "country", "area", "kind", "electrified", "cemt_class", "max_draught_m",
)  # fmt: skip
"""Columns of a link that a chain of links must share to be contracted into one."""

NEAR_KM = 1.0
"""A point nearer than this to a line, or to a node of it, counts as being there."""
BEND_SLACK = 1.02
"""A line may be bent through a point if the bent drawing is at most this times its known length."""

ALONGSIDE_KM = 3.0
"""Lines this near to a way whose published length is known are taken to run alongside."""
STRETCH = (0.9, 1.2)
"""A published length may differ from the drawn one by these factors."""

DEFAULTS: dict[str, object] = {
    "name": "",
    "passage": "",
    "closed_reason": "",
    "country": "",
    "area": "",
    "kind": "haul",
    "length_source": "package",
    "electrified": "",
    "locks": 0,
    "cemt_class": "",
    "max_draught_m": np.nan,
}


@dataclass(frozen=True)
class Lines:
    """
    Lines of one mode before they are a network.

    Attributes
    ----------
    nodes
        Columns ``lon``, ``lat``, ``country``, ``terminal`` (code of the terminal whose node this is, else ""),
        ``shape`` (False: inserted on a straight line, not worth drawing). Index 0…n-1.
    links
        Columns ``start``, ``end`` (node numbers), ``length_km``, `ATTRIBUTES`, ``length_source``, ``locks``. Index
        0…m-1.

    """

    nodes: pd.DataFrame
    links: pd.DataFrame

    @classmethod
    def from_straight(cls, lonlat: FloatArray, start: IntArray, end: IntArray, length_km: FloatArray) -> Lines:
        """Lines from node coordinates, shape (n, 2), and straight links between them."""
        nodes = pd.DataFrame({"lon": lonlat[:, 0], "lat": lonlat[:, 1], "country": "", "terminal": "", "shape": True})
        links = pd.DataFrame({"start": start, "end": end, "length_km": length_km, **DEFAULTS})
        return cls(nodes, links)

    @classmethod
    def empty(cls) -> Lines:
        """No lines at all, to draw on."""
        none = np.zeros(0, dtype=np.int64)
        return cls.from_straight(np.zeros((0, 2)), none, none, np.zeros(0))

    def with_links(self, links: pd.DataFrame) -> Lines:
        """The same nodes with other links."""
        return Lines(self.nodes, links.reset_index(drop=True))

    def add(self, lonlat: Sequence[Point], new_links: Sequence[dict[str, object]], **node: object) -> Lines:
        """Append nodes at `lonlat` and links (dicts with at least start, end, length_km)."""
        nodes = self.nodes
        if lonlat:
            lon, lat = zip(*lonlat, strict=True)
            fresh = pd.DataFrame({"lon": lon, "lat": lat, "country": "", "terminal": "", "shape": True} | node)
            nodes = pd.concat([nodes, fresh], ignore_index=True)
        links = self.links
        if new_links:
            links = pd.concat([links, pd.DataFrame([DEFAULTS | link for link in new_links])], ignore_index=True)
        return Lines(nodes, links)

    def components(self) -> IntArray:
        """Connected component of every node, shape (n,)."""
        return connected_parts(len(self.nodes), self.links["start"].to_numpy(), self.links["end"].to_numpy())

    def compact(self) -> Lines:
        """Without nodes that no link uses (terminals stay), renumbered."""
        used = (self.nodes["terminal"] != "").to_numpy(dtype=bool, copy=True)
        used[self.links["start"]] = True
        used[self.links["end"]] = True
        number = np.cumsum(used) - 1
        links = self.links.assign(start=number[self.links["start"]], end=number[self.links["end"]])
        return Lines(self.nodes[used].reset_index(drop=True), links.reset_index(drop=True))


def clip(lines: Lines, boxes: Sequence[tuple[float, float, float, float]]) -> Lines:
    """Keep links with both ends in one of the boxes (lon_min, lat_min, lon_max, lat_max)."""
    lon, lat = lines.nodes["lon"].to_numpy(), lines.nodes["lat"].to_numpy()
    inside = np.zeros(len(lines.nodes), dtype=bool)
    for west, south, east, north in boxes:
        inside |= (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    keep = inside[lines.links["start"]] & inside[lines.links["end"]]
    return lines.with_links(lines.links[keep]).compact()


def weld_dead_ends(lines: Lines, within_km: float) -> Lines:
    """Join every dead end to every other node within `within_km` by a straight link."""
    start, end = lines.links["start"].to_numpy(), lines.links["end"].to_numpy()
    degree = np.bincount(np.concatenate([start, end]), minlength=len(lines.nodes))
    dead = np.flatnonzero(degree == 1)
    xyz = unit_vectors(lines.nodes["lon"], lines.nodes["lat"])
    tree = cKDTree(xyz)
    joined = set(zip(start.tolist(), end.tolist(), strict=True)) | set(zip(end.tolist(), start.tolist(), strict=True))
    welds: set[tuple[int, int]] = set()
    for node, near in zip(dead.tolist(), tree.query_ball_point(xyz[dead], chord_for_km(within_km)), strict=True):
        welds |= {
            (min(node, other), max(node, other)) for other in near if other != node and (node, other) not in joined
        }
    pairs = np.array(sorted(welds), dtype=np.int64).reshape(-1, 2)
    lon, lat = lines.nodes["lon"].to_numpy(), lines.nodes["lat"].to_numpy()
    km = distance_km(lon[pairs[:, 0]], lat[pairs[:, 0]], lon[pairs[:, 1]], lat[pairs[:, 1]])
    fresh = pd.DataFrame(
        {"start": pairs[:, 0], "end": pairs[:, 1], "length_km": km, **DEFAULTS, "length_source": "weld"}
    )
    return lines.with_links(pd.concat([lines.links, fresh], ignore_index=True))


def drop_islands(lines: Lines, shorter_than_km: float) -> Lines:
    """Without connected components whose links sum to less than `shorter_than_km`."""
    component = lines.components()
    of_link = component[lines.links["start"]]
    total = np.bincount(of_link, weights=lines.links["length_km"], minlength=component.max() + 1)
    return lines.with_links(lines.links[(total >= shorter_than_km)[of_link]]).compact()


def draw(lines: Lines, points: Sequence[Point], *, snap_km: float, what: str, **attributes: object) -> Lines:
    """
    Draw a line through `points` (lon, lat); each end joins the nearest node within `snap_km`, or is a new node.

    A ``length_km`` among the attributes is spread over the pieces; else they take their geodesic length.
    """
    ends = [_node_within(lines, lon, lat, snap_km) for lon, lat in (points[0], points[-1])]
    if ends[0] is not None and ends[0] == ends[1] and len(points) == 2:
        raise EditError(f"{what}: both ends fall on one node")
    fresh: list[Point] = []
    run: list[int] = []
    for point, known in zip(points, [ends[0], *[None] * (len(points) - 2), ends[1]], strict=True):
        if known is None:
            run.append(len(lines.nodes) + len(fresh))
            fresh.append(point)
        else:
            run.append(known)
    grown = lines.add(fresh, [])
    at = grown.nodes[["lon", "lat"]].to_numpy()[run]
    km = distance_km(at[:-1, 0], at[:-1, 1], at[1:, 0], at[1:, 1])
    published_km = attributes.pop("length_km", None)
    if published_km:
        km = km * (float(str(published_km)) / km.sum())
    return grown.add(
        [],
        [
            {"start": a, "end": b, "length_km": length, **attributes}
            for a, b, length in zip(run, run[1:], km, strict=False)
        ],
    )


def cut(lines: Lines, a: Point, b: Point, *, what: str, closed_reason: str = "") -> Lines:
    """Remove every link that the segment a–b crosses or, given a `closed_reason`, mark it closed."""
    hit = _crossed(lines, a, b)
    if not len(hit):
        raise EditError(f"{what}: no line crosses the segment {a} – {b}")
    if closed_reason:
        links = lines.links.copy()
        links.loc[hit, "closed_reason"] = closed_reason
        return lines.with_links(links)
    return lines.with_links(lines.links.drop(index=hit))


def label_inside(lines: Lines, corner: Point, opposite: Point, *, what: str, **attributes: str) -> Lines:
    """Set attributes on every link with both ends inside the box of two corners; "" leaves and "none" clears one."""
    inside = _within(lines, corner, opposite)
    hit = inside[lines.links["start"]] & inside[lines.links["end"]]
    if not hit.any():
        raise EditError(f"{what}: no line lies in the box")
    links = lines.links.copy()
    for column, value in attributes.items():
        if value:
            links.loc[hit, column] = "" if value == "none" else value
    return lines.with_links(links)


def label(lines: Lines, a: Point, b: Point, *, what: str, **attributes: str) -> Lines:
    """Set attributes (``name``, ``passage``) on every link that the segment a–b crosses."""
    hit = _crossed(lines, a, b)
    if not len(hit):
        raise EditError(f"{what}: no line crosses the segment {a} – {b}")
    links = lines.links.copy()
    for column, value in attributes.items():
        links.loc[hit, column] = value
    return lines.with_links(links)


def publish_length(lines: Lines, a: Point, b: Point, length_km: float, *, what: str, source: str) -> Lines:
    """
    Lay a published length over the shortest way between two points.

    All lines within `ALONGSIDE_KM` of that way are stretched by the same factor, so that a parallel track (a high-speed
    line beside the old one) does not undercut it. The drawing stays.

    Raises
    ------
    EditError
        A point is off the lines, they are not connected, or the factor is beyond `STRETCH`: that is another line then.

    """
    ends = [_node_within(lines, lon, lat, 2.0) for lon, lat in (a, b)]
    if ends[0] is None or ends[1] is None:
        raise EditError(f"{what}: no node within 2 km of {b if ends[1] is None else a}")
    start, end = lines.links["start"].to_numpy(), lines.links["end"].to_numpy()
    shortest = pd.DataFrame({"a": np.minimum(start, end), "b": np.maximum(start, end), "km": lines.links["length_km"]})
    shortest = shortest.groupby(["a", "b"], as_index=False)["km"].min()
    count = len(lines.nodes)
    graph = csr_matrix((shortest["km"].clip(lower=1e-6), (shortest["a"], shortest["b"])), shape=(count, count))
    reached, before = dijkstra(graph, directed=False, indices=ends[0], return_predecessors=True)
    if not np.isfinite(reached[ends[1]]):
        raise EditError(f"{what}: no way between {a} and {b}")
    factor = length_km / float(reached[ends[1]])
    if not STRETCH[0] <= factor <= STRETCH[1]:
        raise EditError(f"{what}: the way drawn is {reached[ends[1]]:.1f} km, too far from {length_km:g} km published")
    way = [ends[1]]
    while way[-1] != ends[0]:
        way.append(int(before[way[-1]]))
    lonlat = lines.nodes[["lon", "lat"]].to_numpy()
    scale = np.array([np.cos(np.radians((a[1] + b[1]) / 2)), 1.0]) * KM_PER_DEGREE
    path = shapely.LineString(lonlat[way] * scale)
    shapely.prepare(path)
    beside = shapely.dwithin(shapely.points(lonlat * scale), path, ALONGSIDE_KM)
    links = lines.links.copy()
    hit = beside[start] & beside[end]
    links.loc[hit, "length_km"] *= factor
    links.loc[hit, "length_source"] = source
    return lines.with_links(links)


def erase(lines: Lines, corner: Point, opposite: Point, *, what: str) -> Lines:
    """Remove every link with an end inside the box of two corners."""
    inside = _within(lines, corner, opposite)
    hit = inside[lines.links["start"]] | inside[lines.links["end"]]
    if not hit.any():
        raise EditError(f"{what}: nothing lies in the box")
    return lines.with_links(lines.links[~hit]).compact()


def bend_through(lines: Lines, lon: float, lat: float) -> Lines:
    """
    Bend the nearest link through a point where it may well run: where its known length exceeds its straight drawing.

    The link keeps its length, shared out in proportion to the two arms. Lines that pass within 1 km, or are too short
    to reach the point, stay as they are.
    """
    link, _, off_km = nearest_link(lines, lon, lat)
    row = lines.links.loc[link]
    corners = lines.nodes.loc[[row["start"], row["end"]], ["lon", "lat"]].to_numpy()
    arms_km = distance_km(corners[:, 0], corners[:, 1], lon, lat)
    if off_km <= NEAR_KM or arms_km.min() <= NEAR_KM or arms_km.sum() > BEND_SLACK * row["length_km"]:
        return lines
    return split_link(lines, link, [(lon, lat)], [arms_km[0] / arms_km.sum()])


def attach(
    lines: Lines, terminal: str, lon: float, lat: float, *, within_km: float, detour_factor: float, what: str
) -> Lines:
    """
    Add the node of a terminal and a spur to the nearest point of the lines.

    The spur ends at an old node if one is within 1 km of that point, else at a new one that splits the link (lengths in
    proportion). It is as long as the great circle × `detour_factor` and takes country, area and name of the line.

    Raises
    ------
    EditError
        No line within `within_km`.

    """
    link, share, off_km = nearest_link(lines, lon, lat)
    if off_km > within_km:
        raise EditError(f"{what}: no line within {within_km:g} km of {lon}, {lat}; the nearest is {off_km:.1f} km off")
    row = lines.links.loc[link]
    ends = [int(row["start"]), int(row["end"])]
    corners = lines.nodes.loc[ends, ["lon", "lat"]].to_numpy()
    nearer = int(share > 0.5)
    country = lines.nodes["country"].iat[ends[nearer]]
    foot, at = ends[nearer], corners[nearer]
    if abs(nearer - share) * row["length_km"] > NEAR_KM:
        foot, at = len(lines.nodes), corners[0] + share * (corners[1] - corners[0])
        lines = split_link(lines, link, [(at[0], at[1])], [share], country=country)
    spur = {
        "start": len(lines.nodes),
        "end": foot,
        "length_km": float(distance_km(lon, lat, at[0], at[1])) * detour_factor,
        "length_source": f"great circle × {detour_factor:g}",
        **row[["country", "area", "name", "electrified", "cemt_class", "max_draught_m"]],
    }
    return lines.add([(lon, lat)], [spur], country=country, terminal=terminal)


def split_link(lines: Lines, link: int, points: Sequence[Point], shares: Sequence[float], **node: object) -> Lines:
    """
    Lay a link over new nodes at `points`, from its start to its end; the longest part gets its locks.

    `shares` says how much of its length lies before each point (0…1, ascending).
    """
    row = lines.links.loc[link].to_dict()
    run = [row["start"], *range(len(lines.nodes), len(lines.nodes) + len(points)), row["end"]]
    parts = np.diff([0.0, *shares, 1.0])
    locks = np.zeros(len(parts), dtype=np.int64)
    locks[np.argmax(parts)] = row["locks"]
    pieces = [
        {**row, "start": a, "end": b, "length_km": row["length_km"] * part, "locks": int(lock)}
        for a, b, part, lock in zip(run[:-1], run[1:], parts, locks, strict=True)
    ]
    return lines.with_links(lines.links.drop(index=link)).add(points, pieces, **node)


def densify(lines: Lines, wanted: npt.NDArray[np.bool_], step_km: float) -> Lines:
    """Cut the `wanted` links into equal pieces of at most `step_km`; the new nodes are marked as having no shape."""
    links = lines.links
    pieces = np.where(wanted, np.ceil(links["length_km"].to_numpy() / step_km), 1).astype(np.int64).clip(1)
    long = np.flatnonzero(pieces > 1)
    count = pieces[long]
    first = len(lines.nodes) + np.concatenate([[0], np.cumsum(count - 1)[:-1]])
    repeat = np.repeat(np.arange(len(long)), count)
    step = np.arange(len(repeat)) - np.repeat(np.concatenate([[0], np.cumsum(count)[:-1]]), count)
    start, end = links["start"].to_numpy()[long], links["end"].to_numpy()[long]
    piece_start = np.where(step == 0, start[repeat], first[repeat] + step - 1)
    piece_end = np.where(step == count[repeat] - 1, end[repeat], first[repeat] + step)
    lonlat = lines.nodes[["lon", "lat"]].to_numpy()
    inner = step > 0
    share = (step / count[repeat])[inner, None]
    points = lonlat[start[repeat][inner]] * (1 - share) + lonlat[end[repeat][inner]] * share
    fresh = pd.DataFrame({"lon": points[:, 0], "lat": points[:, 1], "country": "", "terminal": "", "shape": False})
    cut_links = links.iloc[long[repeat]].assign(
        start=piece_start, end=piece_end, length_km=(links["length_km"].to_numpy()[long] / count)[repeat]
    )
    rest = links.drop(index=links.index[long])
    return Lines(pd.concat([lines.nodes, fresh], ignore_index=True), pd.concat([rest, cut_links], ignore_index=True))


def connected_parts(count: int, start: IntArray, end: IntArray) -> IntArray:
    """Connected component of every node, shape (count,)."""
    graph = csr_matrix((np.ones(len(start), dtype=np.int8), (start, end)), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _within(lines: Lines, corner: Point, opposite: Point) -> npt.NDArray[np.bool_]:
    """Which nodes lie in the box of two corners."""
    low, high = np.minimum(corner, opposite), np.maximum(corner, opposite)
    lonlat = lines.nodes[["lon", "lat"]].to_numpy()
    return np.asarray(((lonlat >= low) & (lonlat <= high)).all(axis=1), dtype=bool)


def nearest_node(lines: Lines, lon: float, lat: float) -> tuple[int, float]:
    """The node nearest to a point, and its distance in km; infinitely far where there is no node."""
    km = distance_km(lon, lat, lines.nodes["lon"].to_numpy(), lines.nodes["lat"].to_numpy())
    if not len(km):
        return -1, np.inf
    best = int(np.argmin(km))
    return best, float(km[best])


def _node_within(lines: Lines, lon: float, lat: float, within_km: float) -> int | None:
    """The nearest node, if it is near enough."""
    node, off_km = nearest_node(lines, lon, lat)
    return node if off_km <= within_km else None


def link_ends(lines: Lines) -> tuple[FloatArray, FloatArray]:
    """Coordinates (lon, lat) of the start and of the end of every link, shape (m, 2) each."""
    lonlat = lines.nodes[["lon", "lat"]].to_numpy()
    return lonlat[lines.links["start"]], lonlat[lines.links["end"]]


def _crossed(lines: Lines, a: Point, b: Point) -> IntArray:
    """Index of the links whose straight line crosses the segment a–b."""
    p, q = link_ends(lines)
    box_low, box_high = np.minimum(a, b), np.maximum(a, b)
    near = np.flatnonzero(((np.minimum(p, q) <= box_high) & (np.maximum(p, q) >= box_low)).all(axis=1))
    segments = shapely.linestrings(np.stack([p[near], q[near]], axis=1))
    return np.asarray(lines.links.index[near[shapely.intersects(segments, shapely.LineString([a, b]))]], dtype=np.int64)


def nearest_link(lines: Lines, lon: float, lat: float) -> tuple[int, float, float]:
    """Number of the nearest straight link, the share of its length at the foot, and the km to it (locally flat)."""
    share, km = feet(lines, lon, lat)
    best = int(np.argmin(km))
    return best, float(share[best]), float(km[best])


def feet(lines: Lines, lon: float, lat: float, among: IntArray | None = None) -> tuple[FloatArray, FloatArray]:
    """
    Foot of a point on every straight link, or on those numbered `among`.

    Returns the shares of their lengths that lie before it (0…1) and the km to it (locally flat), one of each a link.
    """
    p, q = link_ends(lines)
    if among is not None:
        p, q = p[among], q[among]
    scale = np.array([np.cos(np.radians(lat)), 1.0]) * KM_PER_DEGREE
    p, q = (p - [lon, lat]) * scale, (q - [lon, lat]) * scale
    along = q - p
    square = (along**2).sum(axis=1)
    share = np.clip(np.divide(-(p * along).sum(axis=1), square, out=np.zeros(len(p)), where=square > 0), 0.0, 1.0)
    return share, np.hypot(*(p + share[:, None] * along).T)
