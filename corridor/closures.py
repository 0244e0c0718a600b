"""Closures: what is shut, for which cargo, when and why; and which links of a network that is."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from corridor.catalogue import shipped_catalogue
from corridor.errors import ScenarioError
from corridor.graph import Ends, graph_of
from corridor.periods import ALWAYS, Period
from corridor.shipment import Shipment
from geodata.errors import UnknownPlaceError
from geodata.joining import BORDER_STATION_KM
from geodata.measure import distance_km, unit_vectors
from geodata.network import Network
from geodata.places import Place, normalize
from geodata.vocabulary import Kind, Mode, mode_of

Ring = tuple[tuple[float, float], ...]
Links = npt.NDArray[np.int64]
MOST_NAMED = 4
"""So many commodities of a ban are named in its label."""
NO_LINKS: Links = np.zeros(0, dtype=np.int64)
BORDER_ROLE = "border"
"""Role of a terminal that is a station at a frontier."""


class ClosureKind(StrEnum):
    """What the target of a closure is."""

    GATEWAY = "gateway"
    """A terminal, a named passage, or a frontier such as BY–PL."""
    COUNTRY = "country"
    MODE = "mode"
    LINK = "link"
    LINE = "line"
    """The line from the target to `end`: the shortest way between the two by one mode."""
    AREA = "area"
    """Everything that touches the outline; the target is what it is called."""


@dataclass(frozen=True)
class Closure:
    """
    Something shut, with the reason.

    Attributes
    ----------
    by_mode
        Only what this mode does there: ``Closure(ClosureKind.GATEWAY, "Aktau", by_mode="rail")`` shuts the port to
        trains alone. A line is one of rail unless this says otherwise.
    commodities
        Only for these: a ban. Empty: for all cargo.
    when
        Only then. A scenario without a month has it shut whenever it is.
    end
        The other end of a line.
    outline
        Rings of lon, lat of an area, as in GeoJSON: the outer one first, then holes.
    source
        Who says so.
    seasonal
        It is of the table of seasons, made for the network that is shipped: in a network without its gateway there is
        nothing to shut.
    """

    kind: ClosureKind
    target: str
    reason: str = ""
    by_mode: str = ""
    commodities: tuple[str, ...] = ()
    when: Period = ALWAYS
    end: str = ""
    outline: tuple[Ring, ...] = ()
    source: str = ""
    seasonal: bool = False

    def __post_init__(self) -> None:
        texts = (self.target, self.reason, self.by_mode, self.end, self.source, *self.commodities)
        if not all(isinstance(text, str) for text in texts):
            raise ScenarioError(f"a closure is told in text, not {[text for text in texts if type(text) is not str]}")
        if self.by_mode and self.by_mode not in set(Mode):
            raise ScenarioError(f"unknown mode {self.by_mode!r}: choose from {', '.join(Mode)}")
        if self.kind is ClosureKind.MODE and self.target not in set(Mode):
            raise ScenarioError(f"unknown mode {self.target!r}: choose from {', '.join(Mode)}")
        if (self.kind is ClosureKind.LINE) != bool(self.end):
            raise ScenarioError(f"closure of {self.target!r}: a line, and only a line, has two ends")
        if (self.kind is ClosureKind.AREA) != bool(self.outline):
            raise ScenarioError(f"closure of {self.target!r}: an area, and only an area, has an outline")
        _check_outline(self.target, self.outline)
        for commodity in self.commodities:
            if commodity not in shipped_catalogue().commodities:
                Shipment(commodity)  # refuses it, and says what is near

    def __str__(self) -> str:
        said = ", ".join(text for text in (self.reason, str(self.when)) if text)
        return f"{self.label} ({said})" if said else self.label

    @property
    def label(self) -> str:
        """What is shut, without why and when."""
        name = self.target if self.kind is ClosureKind.GATEWAY else f"{self.kind} {self.target}"
        if self.end:
            name += f"–{self.end}"
        by = f" by {self.by_mode}" if self.by_mode else ""
        shown = self.commodities if len(self.commodities) <= MOST_NAMED else self.commodities[:2]
        more = len(self.commodities) - len(shown)
        cargo = f" for {', '.join(shown)}" if shown else ""
        cargo += f" and {more} other commodities" if more else ""
        return name + by + cargo

    def concerns(self, shipment: Shipment | None) -> bool:
        """Whether it shuts out a shipment; a ban of some commodities cannot be judged without one."""
        if not self.commodities:
            return True
        if shipment is None:
            raise ScenarioError(f"{self.label} is closed: say which shipment is asked about")
        return shipment.commodity in self.commodities


@dataclass(frozen=True)
class NoWay:
    """
    Why no way leads from one place to another.

    Attributes
    ----------
    closures, restoring
        What the scenario closes; groups of those that, lifted together, restore a route.
    unit, modes, unable
        A load unit that does not go by every mode, the modes it goes by, and which ends do not load it.
    """

    closures: tuple[Closure, ...] = ()
    restoring: tuple[tuple[Closure, ...], ...] = ()
    unit: str = ""
    modes: tuple[str, ...] = ()
    unable: tuple[str, ...] = ()


def shut_links(network: Network, closures: tuple[Closure, ...]) -> npt.NDArray[np.bool_]:
    """Which links are shut, shape (number of links,): those closed in the network and those of the closures."""
    closed = np.zeros(len(network.links), dtype=bool)
    for links in network.links_by("closed_reason").values():
        closed[links] = True
    for closure in closures:
        try:
            closed[links_of(network, closure)] = True
        except (ScenarioError, UnknownPlaceError):
            if not closure.seasonal:
                raise
    return closed


def links_of(network: Network, closure: Closure) -> Links:
    """
    Numbers of the links that a closure shuts, whenever and for whichever cargo.

    Raises
    ------
    ScenarioError
        The network has no such country, passage, frontier, line or link.
    geodata.errors.UnknownPlaceError
        A place is in no gazetteer.
    """
    kept: dict[Closure, Links] = network.cache.setdefault("links of closures", {})
    bare = replace(closure, reason="", source="", when=ALWAYS, commodities=())
    if bare not in kept:
        kept[bare] = _found(network, bare)
    return kept[bare]


def _found(network: Network, closure: Closure) -> Links:
    if closure.kind is ClosureKind.GATEWAY:
        found = _gateway_links(network, closure.target)
    elif closure.kind is ClosureKind.LINK:
        number = int(closure.target)
        found = np.array([number], dtype=np.int64) if 0 <= number < len(network.links) else NO_LINKS
    elif closure.kind is ClosureKind.COUNTRY:
        found = _country_links(network, closure.target)
    elif closure.kind is ClosureKind.LINE:
        found = line_links(network, closure.target, closure.end, Mode(closure.by_mode or Mode.RAIL))
    elif closure.kind is ClosureKind.AREA:
        found = _area_links(network, closure.outline)
    else:
        found = network.links_by("mode").get(closure.target, NO_LINKS)
    if closure.by_mode:
        found = found[_done_by(network, found, closure.by_mode)]
    if not len(found):
        known = ""
        if closure.kind is ClosureKind.COUNTRY:
            known = f"; give one as two letters; its countries are {', '.join(sorted(network.links_by('country')))}"
        by = f" by {closure.by_mode}" if closure.by_mode else ""
        raise ScenarioError(f"cannot close {closure.kind} {closure.target!r}{by}: the network has no such link{known}")
    return found


_FRONTIER = re.compile(r"\s*([A-Z]{2})\s*[-‐‑‒–—−]\s*([A-Z]{2})\s*")


def _country_links(network: Network, code: str) -> Links:
    """Links in a country, its frontiers from either side, and what its ports do at the quay, where no country is."""
    by_terminal = network.links_by("terminal")
    here = [
        place.terminal for place in network.gazetteer.places if place.country == code and place.terminal in by_terminal
    ]
    frontiers = [name for name in network.links_by("name") if code in name.split("–")]
    parts = [by_terminal[terminal] for terminal in here] + [border_links(network, name) for name in frontiers]
    parts.append(network.links_by("country").get(code, NO_LINKS))
    return np.unique(np.concatenate(parts))


def crossing_links(network: Network, name: str) -> Links | None:
    """Links of a passage or a frontier, which may be none; None where a name is of neither."""
    for passage, links in network.links_by("passage").items():
        if normalize(passage) == normalize(name):
            return links
    sides = _FRONTIER.fullmatch(name.upper())
    return border_links(network, "–".join(sorted(sides.groups()))) if sides else None


def _gateway_links(network: Network, target: str) -> Links:
    """Links of a passage, of a frontier, or the transfers, access links and border posts of a terminal."""
    crossing = crossing_links(network, target)
    if crossing is not None:
        return crossing
    place = network.gazetteer.find(target)
    if not place.terminal:
        raise ScenarioError(
            f"{target}: a point cannot be closed; name a terminal, a passage or a frontier such as BY–PL"
        )
    own = network.links_by("terminal").get(place.terminal, NO_LINKS)
    return np.concatenate([own, _posts_across(network, place)]) if place.role == BORDER_ROLE else own


def _posts_across(network: Network, station: Place) -> Links:
    """
    Numbers of the frontier links at a border station that the network knows by the station on the other side.

    A frontier bears the name of the nearest station; Bolashak and Serhetyaka, on either side of one, both shut it.
    """
    frontiers = network.links_by("kind").get(Kind.BORDER, NO_LINKS)
    rows = network.links.iloc[frontiers]
    of_country = np.array([station.country in name.split("–") for name in rows["name"].astype(str)], dtype=bool)
    here = of_country & rows["layer"].isin(station.layers).to_numpy(bool)
    frontiers, known_by = frontiers[here], rows["terminal"].astype(str).to_numpy()[here]
    if not len(frontiers) or station.terminal in known_by:
        return NO_LINKS
    at = network.nodes.iloc[network.links["from_node"].iloc[frontiers]]
    off_km = distance_km(station.lon, station.lat, at["lon"].to_numpy(float), at["lat"].to_numpy(float))
    other = known_by[int(off_km.argmin())]
    return frontiers[known_by == other] if other and off_km.min() <= BORDER_STATION_KM else NO_LINKS


def border_links(network: Network, pair: str) -> Links:
    """Border links between two countries, named as ``BY–PL``."""
    links = network.links_by("name").get(pair, NO_LINKS)
    is_border: npt.NDArray[np.bool_] = (network.links["kind"].iloc[links] == Kind.BORDER).to_numpy()
    return links[is_border]


def line_links(network: Network, start: str, end: str, mode: Mode) -> Links:
    """Links of the shortest way by one mode between two places, and those that run beside it from node to node."""
    links = network.links
    length_km = links["length_km"].to_numpy(float)
    elsewhere = np.ones(len(links), dtype=bool)
    elsewhere[network.links_by("mode").get(mode, NO_LINKS)] = False
    elsewhere[np.concatenate([NO_LINKS, *network.links_by("closed_reason").values()])] = True
    elsewhere |= (links["kind"] == Kind.ACCESS).to_numpy()
    here, there = (_nodes_at(network, network.gazetteer.find(name), mode) for name in (start, end))
    path = graph_of(network).weigh(length_km, "scipy").shortest(here, there, elsewhere) if here and there else None
    if path is None or not len(path.links):
        raise ScenarioError(f"cannot close the line {start}–{end}: no way by {mode} alone joins the two")
    rank = np.full(len(network.nodes), -2, dtype=np.int64)
    rank[path.nodes] = np.arange(len(path.nodes))
    tail, head = rank[links["from_node"].to_numpy()], rank[links["to_node"].to_numpy()]
    beside = (np.abs(tail - head) == 1) & (tail >= 0) & (head >= 0) & ~elsewhere
    return np.flatnonzero(beside)


def _nodes_at(network: Network, place: Place, mode: Mode) -> Ends:
    """Nodes of one mode at a place: its own, else the nearest."""
    layers = network.nodes["layer"].astype(str)
    serves = layers.map({layer: mode_of(layer) == mode for layer in layers.unique()}).to_numpy(bool)
    if place.terminal:
        own = np.flatnonzero(serves & (network.nodes["terminal"] == place.terminal).to_numpy())
        if len(own):
            return [(int(node), 0.0) for node in own]
    nodes = np.flatnonzero(serves)
    if not len(nodes):
        return []
    at = network.nodes.iloc[nodes]
    near = unit_vectors(at["lon"], at["lat"]) @ unit_vectors([place.lon], [place.lat])[0]
    return [(int(nodes[int(np.argmax(near))]), 0.0)]


def _area_links(network: Network, outline: tuple[Ring, ...]) -> Links:
    """Links whose line touches an area."""
    import shapely

    area = shapely.Polygon(outline[0], outline[1:])
    if "link bounds" not in network.cache:
        network.cache["link bounds"] = shapely.bounds(network.geometry(np.arange(len(network.links))))
    bounds: npt.NDArray[np.float64] = network.cache["link bounds"]
    west, south, east, north = area.bounds
    near = np.flatnonzero(
        (bounds[:, 0] <= east) & (bounds[:, 2] >= west) & (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
    )
    touched: Links = near[shapely.intersects(area, network.geometry(near))]
    return touched


def _done_by(network: Network, links: Links, mode: str) -> npt.NDArray[np.bool_]:
    """Which of some links one mode has a part in: its own, and transfers from or to it."""
    layers = network.links["layer"].iloc[links].astype(str)
    has_part = {layer: mode in {mode_of(part) for part in layer.split(">")} for layer in layers.unique()}
    found: npt.NDArray[np.bool_] = layers.map(has_part).to_numpy(bool)
    return found


def _check_outline(name: str, outline: tuple[Ring, ...]) -> None:
    for ring in outline:
        if len(ring) < 4 or ring[0] != ring[-1]:
            raise ScenarioError(f"area {name!r}: a ring has at least four points, the last the same as the first")
        for point in ring:
            if len(point) != 2 or not all(isinstance(part, int | float) and math.isfinite(part) for part in point):
                raise ScenarioError(f"area {name!r}: {point!r} is no point: give lon and lat in degrees")
            if not (-180 <= point[0] <= 180 and -90 <= point[1] <= 90):
                raise ScenarioError(f"area {name!r}: {point!r} lies outside the world: give lon, then lat")
    if outline:
        import shapely

        area = shapely.Polygon(outline[0], outline[1:])
        if not area.is_valid or not area.area:
            raise ScenarioError(f"area {name!r}: its outline crosses itself or encloses nothing")


def ring_of_box(box: tuple[float, float, float, float]) -> Ring:
    """
    The ring round west, south, east, north.

    Raises
    ------
    ScenarioError
        West is east of east, as where a box crosses the meridian of 180°, or south north of north.
    """
    west, south, east, north = box
    if west > east or south > north:
        raise ScenarioError(
            f"box {[*box]} is not west < east, south < north: give one that crosses 180° as two, one on each side"
        )
    return ((west, south), (east, south), (east, north), (west, north), (west, south))
