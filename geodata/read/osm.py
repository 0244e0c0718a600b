"""
OpenStreetMap files → tidy lines for every layer; the only place that imports osmnx and osmium.

``.osm`` (XML) is read by osmnx, ``.osm.pbf`` by pyosmium. What is taken:

- railways: ``railway=rail`` in use, with sidings and yards only on request (spurs and crossovers always: they join
  tracks). Tag ``gauge`` decides the layer; a way with several gauges lies in several layers, one without the tag in
  both rail layers with ``gauge_mm`` "" until `geodata.refine` knows its country.
- roads: motorway, trunk, primary, secondary and tertiary with their links, unless barred to lorries.

One-way tags are ignored: a planner asks whether freight passes, and a dual carriageway becomes two parallel lines, each
open both ways. Turn restrictions, weights and heights are not read. OpenStreetMap data: © OpenStreetMap contributors,
Open Database License.
"""

from __future__ import annotations

import itertools
import math
import re
import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

import numpy as np

from geodata.clean import Lines
from geodata.errors import SourceError
from geodata.measure import distance_km
from geodata.vocabulary import GAUGES_MM, Electrified, Mode, layer_of

ROADS = ("motorway", "trunk", "primary", "secondary", "tertiary")
"""Values of ``highway`` that lorries are led over; ``…_link`` counts as well."""
NOT_IN_USE = ("disused", "abandoned", "razed", "construction", "proposed")
"""Tags that, set to ``yes``, say that no train runs there (the same words as value of ``railway`` say so, too)."""
YARD_SERVICE = ("yard", "siding")
"""Values of ``service`` that are left out unless asked for."""
GAUGE_OF_TAG = {1520: 1520, 1524: 1520, 1435: 1435}
"""Tagged gauge → gauge of the layer, in mm; 1524 mm (Finland, older tables) runs with 1520 mm."""
MAX_XML_BYTES = 2 * 1024**3
"""A larger XML file is refused: as ``.osm.pbf`` the same data is a tenth of the size and quickly read."""
HIGH_SPEED = "passenger high-speed line (OpenStreetMap)"
"""``closed_reason`` of lines that carry no freight."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_BARRED = ("no", "private")

Tags = Mapping[str, str]
Point = tuple[float, float]


class OsmFileError(SourceError):
    """An OpenStreetMap file is damaged, cut short, refused, or holds none of the ways asked for."""


@dataclass
class OsmWays:
    """
    Ways of a file with the nodes they run over.

    ``tags`` and ``refs`` (node numbers in order) by way number, ``points`` (lon, lat) by node number; ``date`` is the
    state of the data as YYYY-MM-DD, "" if the file does not tell.
    """

    tags: dict[int, dict[str, str]] = field(default_factory=dict)
    refs: dict[int, list[int]] = field(default_factory=dict)
    points: dict[int, Point] = field(default_factory=dict)
    date: str = ""

    def runs(self) -> dict[int, list[list[int]]]:
        """Node numbers of every way, cut where a node is not in the file (extracts leave out what lies beyond them)."""
        result: dict[int, list[list[int]]] = {}
        for way, refs in self.refs.items():
            runs: list[list[int]] = [[]]
            for node in refs:
                if node in self.points:
                    runs[-1].append(node)
                elif runs[-1]:
                    runs.append([])
            result[way] = [run for run in runs if len(run) > 1]
        return result


def read_osm(path: str | Path, modes: Collection[str], *, with_yards: bool = False) -> dict[str, Lines]:
    """
    Lines of an OpenStreetMap file, one set a layer.

    Parameters
    ----------
    path
        ``.osm`` (XML) or ``.osm.pbf``. For more than a few ten thousand ways take the second: osmnx needed 13 s and
        1.2 GB for 30,000 ways of 300,000 nodes.
    modes
        ``rail``, ``road`` or both.
    with_yards
        Also read sidings and yard tracks.

    Returns
    -------
    dict of layer to Lines
        Layers without a line are left out. Nodes keep their OpenStreetMap coordinates; ``length_km`` is geodesic and
        ``length_source`` says "OpenStreetMap, <date>". Links have more columns than other lines: ``gauge_mm`` ("1520",
        "1435 1520", "" untagged or a road), ``electrified`` (`geodata.vocabulary.Electrified`, "" a road) and ``usage``
        as tagged. Passenger high-speed lines are in, closed with the reason `HIGH_SPEED`.

    Raises
    ------
    OsmFileError
        Unknown ending, damaged or truncated file, a server's remark in it, or nothing of these modes in it.

    """
    source, name = Path(path), Path(path).name.casefold()
    unknown = sorted({str(mode) for mode in modes} - {Mode.RAIL.value, Mode.ROAD.value})
    if unknown or not modes:
        raise OsmFileError(f"OpenStreetMap ways are read for rail and road, not for {', '.join(unknown) or 'no mode'}")
    if not source.is_file():
        raise OsmFileError(f"{source} is missing, or no file")

    def wanted(tags: Tags) -> bool:
        return bool(_layers(tags, modes, with_yards))

    if name.endswith(".osm"):
        ways = _through_osmnx(scan_xml(source, wanted))
    elif name.endswith(".pbf"):
        ways = _scan_pbf(source, wanted)
    else:
        raise OsmFileError(f"{source.name}: expected a file named .osm or .osm.pbf (unpack .gz and .bz2 first)")
    result = _split_layers(ways, modes, with_yards)
    if not result:
        gauges = f" (railways of {', '.join(map(str, GAUGE_OF_TAG))} mm in use are read)" if Mode.RAIL in modes else ""
        wanted_ways = " or ".join(sorted(map(str, modes)))
        raise OsmFileError(f"{source.name}: no {wanted_ways} ways with their nodes in it{gauges}")
    return result


def scan_xml(path: Path, wanted: Callable[[Tags], bool]) -> OsmWays:
    """
    Ways that `wanted` accepts by their tags, from a well-formed ``.osm`` file read to its end.

    Raises
    ------
    OsmFileError
        Not OpenStreetMap XML, broken off, a document type declaration (entities could grow without bound), a ``remark``
        of the server (it gave up halfway), a coordinate off the globe.

    """
    if path.stat().st_size > MAX_XML_BYTES:
        raise OsmFileError(f"{path.name}: over {MAX_XML_BYTES / 1024**3:g} GB of XML; use the same data as .osm.pbf")
    reader = _XmlReader(path.name, wanted)
    reader.read(path, nodes=False)
    reader.read(path, nodes=True)
    return reader.ways


class _XmlReader:
    """Two passes over a file: the ways wanted, then the nodes they need."""

    def __init__(self, name: str, wanted: Callable[[Tags], bool]) -> None:
        self.ways, self.name, self.wanted = OsmWays(), name, wanted
        self.needed: set[int] = set()
        self.depth, self.way, self.newest = 0, 0, ""
        self.tags: dict[str, str] = {}
        self.refs: list[int] = []
        self.remark: list[str] | None = None

    def read(self, path: Path, *, nodes: bool) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self.refuse_doctype
        parser.StartElementHandler = self.start_node if nodes else self.start_way
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        try:
            with path.open("rb") as file:
                parser.ParseFile(file)
        except expat.ExpatError as error:
            raise OsmFileError(f"{self.name}: broken off or no XML ({error})") from error
        except KeyError as error:
            line = f"{self.name}, line {parser.CurrentLineNumber}"
            raise OsmFileError(f"{line}: not OpenStreetMap (the attribute {error} is missing)") from error
        except (LookupError, ValueError) as error:  # an encoding that is not known, a number that is none
            raise OsmFileError(f"{self.name}, line {parser.CurrentLineNumber}: not OpenStreetMap ({error})") from error
        self.ways.date = self.ways.date or self.newest

    def start_way(self, element: str, cells: dict[str, str]) -> None:
        self.depth += 1
        if self.depth == 1 and element != "osm":
            raise OsmFileError(f"{self.name}: not an OpenStreetMap file (it begins with <{element[:40]}>)")
        if element == "way":
            self.way, self.tags, self.refs = _number(cells["id"]), {}, []
        elif element == "nd":
            self.refs.append(_number(cells["ref"]))
        elif element == "tag":
            self.tags[cells["k"]] = cells["v"]
        elif element in ("node", "relation"):
            self.tags = {}
        elif element == "meta":
            self.ways.date = date_of(cells.get("osm_base", ""))
        elif element == "remark":
            self.remark = []
        self.newest = max(self.newest, date_of(cells.get("timestamp", "")))

    def start_node(self, element: str, cells: dict[str, str]) -> None:
        self.depth += 1
        if element == "node" and "lon" in cells and (number := _number(cells["id"])) in self.needed:
            self.ways.points[number] = _on_globe(float(cells["lon"]), float(cells["lat"]), number, self.name)

    def end(self, element: str) -> None:
        self.depth -= 1
        if element == "way" and self.refs and self.wanted(self.tags):
            self.ways.tags[self.way], self.ways.refs[self.way] = self.tags, self.refs
            self.needed.update(self.refs)
        if element == "way":
            self.refs = []
        if element == "remark" and self.remark is not None:
            said = " ".join("".join(self.remark).split())
            raise OsmFileError(f"{self.name}: the server gave up halfway ({said[:200] or 'a remark without words'})")

    def text(self, words: str) -> None:
        if self.remark is not None:
            self.remark.append(words)

    def refuse_doctype(self, *_: object) -> NoReturn:
        raise OsmFileError(f"{self.name}: a document type declaration has no place in an OpenStreetMap file")


def _through_osmnx(ways: OsmWays) -> OsmWays:
    """
    The same ways as osmnx reads them, with all components and every node kept.

    osmnx gets a copy that holds only the ways wanted, cut where a node is missing: it keeps a file whole in memory, and
    stops at a way with a missing node.
    """
    import osmnx as ox

    runs = ways.runs()
    pieces = [(way, run) for way, way_runs in runs.items() for run in way_runs]
    if not pieces:
        return OsmWays(date=ways.date)
    with tempfile.TemporaryDirectory() as folder:
        trimmed = Path(folder) / "trimmed.osm"
        with trimmed.open("w", encoding="utf-8") as file:
            file.write("<osm version='0.6'>\n")
            for node in sorted({node for _, run in pieces for node in run}):
                lon, lat = ways.points[node]
                file.write(f"<node id='{node}' lon='{lon!r}' lat='{lat!r}'/>\n")
            for number, (way, run) in enumerate(pieces):
                refs = "".join(f"<nd ref='{node}'/>" for node in run)
                tags = "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in ways.tags[way].items())
                file.write(f"<way id='{number}'>{refs}{tags}</way>\n")
            file.write("</osm>\n")
        graph = ox.graph_from_xml(trimmed, bidirectional=True, simplify=False, retain_all=True)
    points = {node: (float(cells["x"]), float(cells["y"])) for node, cells in graph.nodes(data=True)}
    steps = sorted({(min(a, b), max(a, b), int(number)) for a, b, number in graph.edges(data="osmid")})
    tags_of = {step: ways.tags[pieces[number][0]] for step, (_, _, number) in enumerate(steps)}
    return OsmWays(tags_of, {step: [a, b] for step, (a, b, _) in enumerate(steps)}, points, ways.date)


def _scan_pbf(path: Path, wanted: Callable[[Tags], bool]) -> OsmWays:
    """Ways that `wanted` accepts by their tags; two passes, so that only their nodes are kept in memory."""
    import osmium

    with path.open("rb") as head:
        if b"OSMHeader" not in head.read(32):
            raise OsmFileError(f"{path.name}: not an OpenStreetMap .pbf file")
    ways = OsmWays()
    try:
        file = osmium.io.File(str(path), "pbf")
        with osmium.io.Reader(file, osmium.osm.NOTHING) as reader:
            ways.date = date_of(reader.header().get("osmosis_replication_timestamp"))
        tagged = osmium.filter.KeyFilter("railway", "highway")
        newest = ""
        for way in osmium.FileProcessor(file, osmium.osm.WAY).with_filter(tagged):
            tags = {tag.k: tag.v for tag in way.tags}
            if isinstance(way, osmium.osm.Way) and wanted(tags):
                ways.tags[way.id], ways.refs[way.id] = tags, [node.ref for node in way.nodes]
                newest = max(newest, way.timestamp.strftime("%Y-%m-%d") if way.timestamp.year > 1970 else "")
        ways.date = ways.date or newest
        needed = osmium.filter.IdFilter({node for refs in ways.refs.values() for node in refs})
        for node in osmium.FileProcessor(file, osmium.osm.NODE).with_filter(needed):
            if isinstance(node, osmium.osm.Node):
                ways.points[node.id] = _on_globe(node.lon, node.lat, node.id, path.name)
    except (RuntimeError, UnicodeDecodeError) as error:
        if isinstance(error, OsmFileError):
            raise
        raise OsmFileError(f"{path.name}: damaged or broken off ({error})") from error
    return ways


def _split_layers(ways: OsmWays, modes: Collection[str], with_yards: bool) -> dict[str, Lines]:
    """One set of lines a layer, from the steps between neighbouring nodes of the ways."""
    steps: dict[str, list[tuple[int, int, int]]] = {}
    for way, runs in ways.runs().items():
        for layer in _layers(ways.tags[way], modes, with_yards):
            for run in runs:
                steps.setdefault(layer, []).extend((a, b, way) for a, b in itertools.pairwise(run) if a != b)
    source = f"OpenStreetMap, {ways.date or 'undated'}"
    return {layer: _lines(steps[layer], ways, source) for layer in sorted(steps) if steps[layer]}


def _lines(steps: list[tuple[int, int, int]], ways: OsmWays, source: str) -> Lines:
    table = np.array(steps, dtype=np.int64)
    numbers, position = np.unique(table[:, :2], return_inverse=True)
    start, end = position.reshape(-1, 2).T
    lonlat = np.array([ways.points[int(number)] for number in numbers])
    km = distance_km(lonlat[start, 0], lonlat[start, 1], lonlat[end, 0], lonlat[end, 1])
    attributes = {way: _attributes(ways.tags[way]) for way in set(table[:, 2].tolist())}
    columns: dict[str, Iterable[str]] = {
        name: [attributes[way][name] for way in table[:, 2].tolist()]
        for name in ("name", "closed_reason", "gauge_mm", "electrified", "usage")
    }
    lines = Lines.from_straight(lonlat, start, end, km)
    return lines.with_links(lines.links.assign(**columns, length_source=source))


def _layers(tags: Tags, modes: Collection[str], with_yards: bool) -> tuple[str, ...]:
    """Layers a way with these tags belongs to; none if it is not to be read."""
    if Mode.RAIL in modes and tags.get("railway") == "rail":
        unused = any(tags.get(state) == "yes" for state in NOT_IN_USE)
        if unused or (tags.get("service") in YARD_SERVICE and not with_yards):
            return ()
        tagged = tagged_gauges_mm(tags)
        gauges = GAUGES_MM if tagged is None else [gauge for gauge in GAUGES_MM if gauge in tagged]
        return tuple(layer_of(Mode.RAIL, gauge) for gauge in gauges)
    if Mode.ROAD in modes and tags.get("highway", "").removesuffix("_link") in ROADS:
        right = next((tags[key] for key in ("hgv", "motor_vehicle", "vehicle", "access") if key in tags), "yes")
        if right not in _BARRED and tags.get("area") != "yes":
            return (layer_of(Mode.ROAD),)
    return ()


def tagged_gauges_mm(tags: Tags) -> frozenset[int] | None:
    """Gauges of the network that a way's tag ``gauge`` names, None where the tag is missing or names no number."""
    numbers = [int(number) for number in re.findall(r"(?<![\d.])\d{3,4}(?![\d.])", tags.get("gauge", ""))]
    return frozenset(GAUGE_OF_TAG[number] for number in numbers if number in GAUGE_OF_TAG) if numbers else None


def electrified_of_tag(value: str) -> Electrified:
    """Meaning of the tag ``electrified``: ``contact_line``, ``rail`` and the like are yes; untagged is unknown."""
    words = {word.strip() for word in value.split(";")}
    if words & {"contact_line", "rail", "3rd_rail", "4th_rail", "ground-level_power_supply", "yes"}:
        return Electrified.YES
    return Electrified.NO if words == {"no"} else Electrified.UNKNOWN


def _attributes(tags: Tags) -> dict[str, str]:
    if "railway" not in tags:
        name = _one_line(tags.get("ref", ""))
        return {"name": name, "closed_reason": "", "gauge_mm": "", "electrified": "", "usage": ""}
    passenger_only = tags.get("highspeed") == "yes" and tags.get("railway:traffic_mode", "passenger") == "passenger"
    return {
        "name": _one_line(tags.get("name:en") or tags.get("name", "")),
        "closed_reason": HIGH_SPEED if passenger_only else "",
        "gauge_mm": " ".join(str(gauge) for gauge in sorted(tagged_gauges_mm(tags) or ())),
        "electrified": electrified_of_tag(tags.get("electrified", "")).value,
        "usage": _one_line(tags.get("usage", "")),
    }


def date_of(text: str) -> str:
    """The date that a timestamp begins with, "" if it does not."""
    found = _DATE.match(text)
    return found[0] if found else ""


def _number(text: str) -> int:
    """Number of a node or way, which OpenStreetMap keeps in 64 bits."""
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise ValueError(f"the number {text[:40]} is too large")
    return number


def _one_line(text: str) -> str:
    """A tag's value as one printable line of at most 120 characters: anyone may write anything in OpenStreetMap."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[:120]


def _on_globe(lon: float, lat: float, number: int, name: str) -> Point:
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise OsmFileError(f"{name}: node {number} lies off the globe (lon {lon}, lat {lat})")
    return lon, lat
