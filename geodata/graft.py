"""Grafting onto a finished network: splitting its links, adding nodes and links, and making a `Network` of it again."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.ops import substring

from geodata.clean import NEAR_KM
from geodata.joining import Borders, contraction_rank, sea_areas
from geodata.measure import KM_PER_DEGREE, line_length_km, point_distance_km
from geodata.network import LINK_DEFAULTS, Network
from geodata.vocabulary import Electrified, Kind, Mode, gauge_of, mode_of

WATER = (Mode.SEA, Mode.FERRY)
"""Modes whose links bear a sea area instead of a country."""


class Foot(NamedTuple):
    """Nearest point of a network's lines: link number, share of its drawing at that point, and the km to it."""

    link: int
    share: float
    off_km: float


class Draft:
    """
    A network being worked on.

    It copies the tables it starts from, so the network stays as it was. Links keep their numbers while they exist; a
    split removes one and appends its parts.
    """

    def __init__(self, network: Network) -> None:
        self.nodes = _without_categories(network.nodes)
        self.links = _without_categories(network.links)
        self.terminals = network.terminals
        self.geometry: list[Any] = list(network.geometry(np.arange(len(network.links))))
        self.new_nodes: list[dict[str, object]] = []
        self.new_links: list[dict[str, object]] = []
        self.gone: set[int] = set()
        self._trees: dict[str, tuple[shapely.STRtree, npt.NDArray[np.int64], npt.NDArray[np.object_]]] = {}

    def node(self, number: int) -> dict[str, Any]:
        """A node's row."""
        old = len(self.nodes)
        return dict(self.nodes.loc[number]) if number < old else self.new_nodes[number - old]

    def link(self, number: int) -> dict[str, Any]:
        """A link's row."""
        old = len(self.links)
        return dict(self.links.loc[number]) if number < old else self.new_links[number - old]

    def add_node(self, lon: float, lat: float, layer: str, country: str, terminal: str = "") -> int:
        """Append a node; its number."""
        self.new_nodes.append(
            _defaults(self.nodes) | {"lon": lon, "lat": lat, "layer": layer, "country": country, "terminal": terminal}
        )
        return len(self.nodes) + len(self.new_nodes) - 1

    def add_link(self, from_node: int, to_node: int, geometry: Any = None, **cells: object) -> int:
        """
        Append a link, straight unless drawn; its number.

        Columns not given are empty; ``gauge_mm`` is always its layer's, and a railway of which nothing else is known
        is ``electrified`` unknown.
        """
        if geometry is None:
            ends = [self.node(number) for number in (from_node, to_node)]
            geometry = shapely.LineString([(end["lon"], end["lat"]) for end in ends])
        row = _defaults(self.links) | {"from_node": from_node, "to_node": to_node} | cells
        row["gauge_mm"] = gauge_of(str(row["layer"]))
        if row["mode"] == Mode.RAIL and row["kind"] == Kind.HAUL:
            row["electrified"] = row["electrified"] or Electrified.UNKNOWN.value
        self.new_links.append(row)
        self.geometry.append(geometry)
        return len(self.links) + len(self.new_links) - 1

    def split(self, number: int, shares: Sequence[float]) -> list[int]:
        """
        Lay a link over new nodes at `shares` of its drawing, rising, each above 0 and below 1; the nodes' numbers.

        Lengths and sailing hours are shared out in proportion to the geodesic lengths of the parts as drawn; locks stay
        with the longest part.
        """
        row, line = self.link(number), self.geometry[number]
        bounds = [0.0, *shares, 1.0]
        parts = [substring(line, a, b, normalized=True) for a, b in itertools.pairwise(bounds)]
        drawn = np.array([line_length_km(part.coords) for part in parts])
        total = drawn.sum()
        weights = drawn / total if total > 0 else np.diff(bounds)
        country, layer = str(row["country"]), str(row["layer"])
        cuts = shapely.get_coordinates([shapely.get_point(part, -1) for part in parts[:-1]])
        middle = [self.add_node(float(lon), float(lat), layer, country) for lon, lat in cuts]
        ends = [int(row["from_node"]), *middle, int(row["to_node"])]
        self.gone.add(number)
        rest = {name: value for name, value in row.items() if name not in ("from_node", "to_node", "length_km")}
        longest = int(weights.argmax())
        for index, (a, b) in enumerate(itertools.pairwise(ends)):
            shared = {name: float(row[name] * weights[index]) for name in ("length_km", "sailing_h")}
            locks = row["locks"] if index == longest else 0
            self.add_link(a, b, parts[index], **(rest | shared | {"locks": locks}))
        return middle

    def feet(self, points: Sequence[tuple[float, float, str]], layer: str, within_km: float) -> list[Foot | None]:
        """
        Nearest point of the open hauls of a layer to every (lon, lat, country); None beyond `within_km`.

        A country other than "" keeps to the links of that country. Links added to the draft are not looked at.
        """
        tree, numbers, countries = self._tree(layer)
        result: list[Foot | None] = []
        for lon, lat, country in points:
            wide = within_km / KM_PER_DEGREE / max(0.05, np.cos(np.radians(lat)))
            high = within_km / KM_PER_DEGREE
            found = tree.query(shapely.box(lon - wide, lat - high, lon + wide, lat + high))
            if country:
                found = found[countries[found] == country]
            result.append(self._nearest(numbers[found], lon, lat, within_km))
        return result

    def _tree(self, layer: str) -> tuple[shapely.STRtree, npt.NDArray[np.int64], npt.NDArray[np.object_]]:
        """Open hauls of a layer, their numbers and countries."""
        if layer not in self._trees:
            links = self.links
            open_hauls = (links["layer"] == layer) & (links["kind"] == Kind.HAUL) & (links["closed_reason"] == "")
            numbers = np.flatnonzero(open_hauls)
            countries = links["country"].to_numpy(dtype=object)[numbers]
            self._trees[layer] = shapely.STRtree([self.geometry[number] for number in numbers]), numbers, countries
        return self._trees[layer]

    def _nearest(self, near: npt.NDArray[np.int64], lon: float, lat: float, within_km: float) -> Foot | None:
        if not len(near):
            return None
        scale = np.array([np.cos(np.radians(lat)), 1.0]) * KM_PER_DEGREE
        lines = shapely.transform([self.geometry[number] for number in near], lambda at: (at - [lon, lat]) * scale)
        origin = shapely.Point(0.0, 0.0)
        off_km = shapely.distance(lines, origin)
        best = int(np.argmin(off_km))
        link = int(near[best])
        share = float(shapely.line_locate_point(lines[best], origin, normalized=True))
        foot = self.geometry[link].interpolate(share, normalized=True)
        km = point_distance_km(lon, lat, foot.x, foot.y)
        return Foot(link, share, km) if km <= within_km else None

    def nodes_at(self, feet: Sequence[Foot]) -> list[int]:
        """
        Node at every foot: an old one within `NEAR_KM` along the link, else a new one that splits it.

        Give all feet of a step at once: afterwards the links they name may be split.
        """
        result = [-1] * len(feet)
        on_link: dict[int, list[int]] = {}
        for index, foot in enumerate(feet):
            row = self.link(foot.link)
            share, length_km = foot.share, float(row["length_km"])
            if min(share, 1.0 - share) * length_km <= NEAR_KM:
                result[index] = int(row["from_node"] if share <= 0.5 else row["to_node"])
            else:
                on_link.setdefault(foot.link, []).append(index)
        for link, indices in on_link.items():
            shares = sorted({feet[index].share for index in indices})
            number = dict(zip(shares, self.split(link, shares), strict=True))
            for index in indices:
                result[index] = number[feet[index].share]
        return result

    def add_spur(self, node: int, foot: int, detour_factor: float) -> None:
        """Join a node to one of the same layer by a straight haul, as long as the great circle × `detour_factor`."""
        a, b = self.node(node), self.node(foot)
        layer = str(a["layer"])
        water = mode_of(layer) in WATER
        self.add_link(
            node, foot, mode=mode_of(layer), kind=Kind.HAUL.value, layer=layer, country="" if water else b["country"],
            area=sea_area(shapely.Point(b["lon"], b["lat"])) if water else "",
            length_km=point_distance_km(a["lon"], a["lat"], b["lon"], b["lat"]) * detour_factor,
            length_source=f"great circle × {detour_factor:g}",
        )  # fmt: skip

    def add_border(self, near: int, far: int) -> None:
        """
        A link over the frontier between two nodes at one place.

        It is named and closed like those of the build (`geodata.joining.Borders`).
        """
        a, b = self.node(near), self.node(far)
        layer = str(a["layer"])
        pair = (str(a["country"]), str(b["country"]))
        border = Borders(self.terminals).at(float(a["lon"]), float(a["lat"]), mode_of(layer), pair)
        self.add_link(
            near, far, mode=mode_of(layer), kind=Kind.BORDER.value, layer=layer, country=a["country"], length_km=0.0,
            length_source="none", name=border.name, closed_reason=border.closed_reason, terminal=border.station,
        )  # fmt: skip

    def open_layers(self, terminal: str, nodes: dict[str, int], *, transfers: bool, only: Collection[str]) -> None:
        """
        Join the layers of a terminal: access links from its origin and to its destination, transfers between layers.

        `nodes` holds its node of every layer, ``origin`` and ``destination`` among them; links are added for the layers
        `only`, the others have theirs.
        """
        served = [layer for layer in nodes if layer not in ("origin", "destination")]
        for layer in served:
            if layer in only:
                self._point_link(terminal, nodes["origin"], nodes[layer], Kind.ACCESS, layer, "loading")
                self._point_link(terminal, nodes[layer], nodes["destination"], Kind.ACCESS, layer, "discharge")
        for one in served if transfers else ():
            for other in served:
                if one != other and (one in only or other in only):
                    self._point_link(terminal, nodes[one], nodes[other], Kind.TRANSFER, f"{one}>{other}", "transfer")

    def _point_link(self, terminal: str, start: int, end: int, kind: Kind, layer: str, name: str) -> None:
        country = str(self.node(end if kind is Kind.ACCESS and name == "loading" else start)["country"])
        self.add_link(
            start, end, mode="" if kind is Kind.TRANSFER else mode_of(layer), kind=kind.value, layer=layer,
            country=country, length_km=0.0, length_source="none", name=name, terminal=terminal, oneway=True,
        )  # fmt: skip

    def to_network(self, source: str) -> Network:
        """The draft as a network: numbered on, without nodes that nothing uses, with a fresh contraction order."""
        nodes = pd.concat([self.nodes, pd.DataFrame(self.new_nodes, columns=self.nodes.columns)], ignore_index=True)
        links = pd.concat([self.links, pd.DataFrame(self.new_links, columns=self.links.columns)], ignore_index=True)
        nodes = nodes.astype(self.nodes.dtypes.to_dict())
        links = links.astype(self.links.dtypes.to_dict())
        keep = np.ones(len(links), dtype=bool)
        keep[list(self.gone)] = False
        geometry = np.empty(len(links), dtype=object)
        geometry[:] = self.geometry
        links = links[keep].reset_index(drop=True)
        used = (nodes["terminal"] != "").to_numpy(copy=True)
        used[links["from_node"]] = True
        used[links["to_node"]] = True
        number = np.cumsum(used) - 1
        links = links.assign(from_node=number[links["from_node"]], to_node=number[links["to_node"]])
        nodes = nodes[used].reset_index(drop=True)
        nodes["cch_rank"] = contraction_rank(nodes, links)
        tables = _with_categories(nodes), _with_categories(links), self.terminals
        return Network(*tables, source=source, _geometry=geometry[keep])


def sea_area(shape: shapely.Geometry) -> str:
    """Sea area (``sea_areas.csv``) that the middle of a line or a point lies in, "ocean" where there is none."""
    middle = shape if shape.geom_type == "Point" else shape.interpolate(0.5, normalized=True)
    return str(sea_areas(np.array([[middle.x, middle.y]]))[0][0])


def _is_text(column: pd.Series) -> bool:
    return column.dtype.kind not in "iufb"


def _without_categories(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(**{name: frame[name].astype(str) for name in frame.columns if _is_text(frame[name])})


def _with_categories(frame: pd.DataFrame) -> pd.DataFrame:
    """Text columns as categories, as a network read from a file has them."""
    return frame.assign(**{name: frame[name].astype("category") for name in frame.columns if _is_text(frame[name])})


def _defaults(frame: pd.DataFrame) -> dict[str, object]:
    """An empty row: as `LINK_DEFAULTS` has it, else "" for text, False for flags, 0 for numbers."""
    empty: dict[str, object] = {"b": False, "i": 0, "u": 0, "f": 0.0}
    return {str(name): LINK_DEFAULTS.get(name, empty.get(frame[name].dtype.kind, "")) for name in frame.columns}
