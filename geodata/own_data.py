"""
The planner's own terminals and links, joined to a network: a verb ``network → network``.

`read_own` reads them; a network is only returned when every row fits.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

import pandas as pd
import shapely
from shapely.ops import substring

from geodata.graft import WATER, Draft, Foot, sea_area
from geodata.joining import DETOUR_FACTOR, SNAP_KM
from geodata.measure import line_length_km
from geodata.network import Network
from geodata.read.own_rows import OwnDataError, Problem
from geodata.read.own_tables import Point, check_jumps, read_own, wrong_length
from geodata.vocabulary import LAYERS, Kind, Mode, mode_of

__all__ = ["OwnDataError", "Problem", "add_own", "read_own"]


class _Stop(NamedTuple):
    """A node that wants a line of its layer near (`needed`: must have one), and where to report that there is none."""

    row: str
    column: str
    node: int
    country: str
    needed: bool


def add_own(network: Network, terminals: pd.DataFrame, links: pd.DataFrame, *, name: str = "own data") -> Network:
    """
    The network with a planner's terminals and links.

    A new terminal gets a node for each of its layers, joined by a straight spur to the nearest open line of that layer
    (for rail and road, of its country) within `geodata.joining.SNAP_KM`; access links; transfers between its layers. A
    layer where one of the new links ends needs no other line near. A link may end at a terminal, old or new (which
    then serves that layer too), or at a point, which is joined to the nearest line, or to other new links ending there.
    Links run both ways. One that leads from country to country is cut in its middle by a ``border`` link, because the
    frontier itself is not known here; closed frontiers are closed for it too.

    Parameters
    ----------
    terminals, links
        As `read_own` gives them.
    name
        Of their source, for messages and for the new network's ``source``.

    Raises
    ------
    OwnDataError
        With every row that does not fit the network: codes taken or unknown, nothing near to join, no country, a
        length shorter than the great circle.

    """
    work = _Addition(network, terminals, links)
    work.add_terminals()
    work.add_links()
    if work.problems:
        raise OwnDataError(name, work.problems)
    return work.finish(f"{network.source} with {name}")


class _Addition:
    """Own terminals and links on their way into a draft of the network; what does not fit is noted in `problems`."""

    def __init__(self, network: Network, terminals: pd.DataFrame, links: pd.DataFrame) -> None:
        self.draft, self.problems = Draft(network), list[Problem]()
        self.terminals, self.links = terminals, links
        self.places = {row.terminal: (row.lon, row.lat, row.country) for row in network.terminals.itertuples()}
        self.nodes: dict[str, dict[str, int]] = {}
        for (terminal, layer), node in network.terminal_nodes.items():
            self.nodes.setdefault(terminal, {})[layer] = node
            row = network.nodes.loc[node]
            self.places.setdefault(terminal, (float(row["lon"]), float(row["lat"]), str(row["country"])))
        self.opened: dict[str, set[str]] = {}
        self.loose: dict[tuple[str, Point], int] = {}

    def add_terminals(self) -> None:
        """New terminals with all their nodes; then spurs, layer by layer, from them and the loose ends of links."""
        for row in self.terminals.itertuples():
            if row.terminal in self.places:
                self.problems.append(Problem(row.row, "terminal", f"{row.terminal} is in the network already"))
                continue
            self.places[row.terminal] = (row.lon, row.lat, row.country)
            for layer in ("origin", "destination", *row.layers.split()):
                self._open(row.terminal, layer)
        own_ends = self._open_ends()
        for layer in LAYERS:
            wanted = [(row, row.terminal) for row in self.terminals.itertuples() if layer in row.layers.split()]
            stops: list[_Stop] = []
            for row, code in wanted:
                if layer in self.opened.get(code, ()):
                    needed = (code, layer) not in own_ends
                    stops.append(_Stop(row.row, "layers", self.nodes[code][layer], row.country, needed))
            stops += self._loose_stops(layer, own_ends)
            self._join(layer, stops)

    def _open(self, terminal: str, layer: str) -> None:
        lon, lat, country = self.places[terminal]
        of_layer = "" if mode_of(layer) in WATER else country
        self.nodes.setdefault(terminal, {})[layer] = self.draft.add_node(lon, lat, layer, of_layer, terminal)
        self.opened.setdefault(terminal, set()).add(layer)

    def _open_ends(self) -> Counter[tuple[str | Point, str]]:
        """How many own links end at each terminal or point, by layer; terminals that lack the layer get it."""
        ends: Counter[tuple[str | Point, str]] = Counter()
        for row in self.links.to_dict("records"):
            for column in ("from", "to"):
                end, layer = row[column], str(row["layer"])
                ends[end, layer] += 1
                if isinstance(end, tuple):
                    if (layer, end) not in self.loose:
                        country = "" if mode_of(layer) in WATER else str(row["country"])
                        self.loose[layer, end] = self.draft.add_node(end[0], end[1], layer, country)
                elif end not in self.places:
                    near = ", ".join(get_close_matches(end, self.places, 3, 0.5))
                    hint = f"; did you mean {near}?" if near else ""
                    self.problems.append(Problem(str(row["row"]), column, f"no terminal {end}{hint}"))
                else:
                    for missing in {"origin", "destination", layer} - set(self.nodes.get(end, {})):
                        self._open(end, missing)
        return ends

    def _loose_stops(self, layer: str, ends: Counter[tuple[str | Point, str]]) -> list[_Stop]:
        """Ends of links at points, to be joined; where several own links meet, no other line is needed."""
        stops: list[_Stop] = []
        seen: set[Point] = set()
        for row in self.links.to_dict("records"):
            for column in ("from", "to"):
                end = row[column]
                if row["layer"] == layer and isinstance(end, tuple) and end not in seen:
                    seen.add(end)
                    node, needed = self.loose[layer, end], ends[end, layer] < 2
                    stops.append(_Stop(str(row["row"]), column, node, str(row["country"]), needed))
        return stops

    def _join(self, layer: str, stops: Sequence[_Stop]) -> None:
        """Spurs from the stops to the nearest lines of a layer."""
        draft, mode = self.draft, Mode(mode_of(layer))
        rows = [draft.node(stop.node) for stop in stops]
        by_country = mode in (Mode.RAIL, Mode.ROAD)  # rivers are frontiers: both banks use them
        countries = [stop.country if by_country else "" for stop in stops]
        points = [(float(row["lon"]), float(row["lat"]), country) for row, country in zip(rows, countries, strict=True)]
        feet = draft.feet(points, layer, SNAP_KM[mode])
        near: list[tuple[_Stop, Foot]] = []
        for stop, foot, (lon, lat, country) in zip(stops, feet, points, strict=True):
            if foot:
                near.append((stop, foot))
            elif stop.needed:
                there = f" in {country}" if country else ""
                turned = abs(lon) <= 90 and draft.feet([(lat, lon, country)], layer, SNAP_KM[mode])[0]
                hint = "; lon and lat look swapped" if turned else ""
                why = f"no open {layer} line{there} within {SNAP_KM[mode]:g} km of {lon:g} {lat:g}{hint}"
                self.problems.append(Problem(stop.row, stop.column, why))
        for (stop, _), node in zip(near, draft.nodes_at([foot for _, foot in near]), strict=True):
            here = draft.node(stop.node)
            if mode not in WATER and not here["country"]:
                here["country"] = draft.node(node)["country"]
            draft.add_spur(stop.node, node, DETOUR_FACTOR[mode] if here["terminal"] else 1.0)

    def add_links(self) -> None:
        """The links themselves, once all their ends are nodes."""
        for row in self.links.to_dict("records"):
            layer, name = str(row["layer"]), str(row["row"])
            ends = [self._end(row[column], layer) for column in ("from", "to")]
            if None in ends:
                continue  # noted already
            a, b = (self.draft.node(node) for node in ends if node is not None)
            course = [(a["lon"], a["lat"]), *row["points"], (b["lon"], b["lat"])]
            course = [point for index, point in enumerate(course) if not index or point != course[index - 1]]
            before = len(self.problems)
            check_jumps(name, course, self.problems)
            why = wrong_length(course, row["length_km"]) if len(course) > 1 else "it has no length"
            if why:
                self.problems.append(Problem(name, "length_km", why))
            countries = self._countries(row, a, b)
            if len(self.problems) == before:
                length_km = line_length_km(course) if math.isnan(row["length_km"]) else float(row["length_km"])
                self._lay(row, [int(node) for node in ends if node is not None], course, length_km, countries)

    def _end(self, end: str | Point, layer: str) -> int | None:
        return self.loose.get((layer, end)) if isinstance(end, tuple) else self.nodes.get(end, {}).get(layer)

    def _countries(self, row: dict[str, Any], a: dict[str, Any], b: dict[str, Any]) -> tuple[str, str]:
        """Countries at the two ends of a link on land; ("", "") on water."""
        if mode_of(str(row["layer"])) in WATER:
            return "", ""
        given = str(row["country"])
        one, two = (str(node["country"]) or given for node in (a, b))
        if not one or not two:
            self.problems.append(
                Problem(str(row["row"]), "country", "empty, and no line or terminal at its ends tells it")
            )
        elif given and given not in (one, two):
            self.problems.append(
                Problem(str(row["row"]), "country", f"its ends lie in {one} and {two}, not in {given}")
            )
        return one, two

    def _lay(
        self,
        row: dict[str, Any],
        ends: Sequence[int],
        course: Sequence[Point],
        length_km: float,
        countries: tuple[str, str],
    ) -> None:
        """One link, or two and a border link between them."""
        layer, line = str(row["layer"]), shapely.LineString(course)
        mode = mode_of(layer)
        cells: dict[str, object] = {
            "mode": mode, "layer": layer, "kind": Kind.HAUL.value, "length_source": row["source"], "name": row["name"],
            "passage": row["passage"], "closed_reason": row["closed_reason"], "country": countries[0],
            "area": (row["area"] or sea_area(line)) if mode in WATER else "", "electrified": row["electrified"],
            "locks": 0 if math.isnan(row["locks"]) else int(row["locks"]), "cemt_class": row["cemt_class"],
            "max_draught_m": row["max_draught_m"], "operator": row["operator"], "sailing_h": row["sailing_h"],
        }  # fmt: skip
        if countries[0] == countries[1]:
            self.draft.add_link(ends[0], ends[1], line, **(cells | {"length_km": length_km}))
            return
        halves = [substring(line, *bounds, normalized=True) for bounds in ((0.0, 0.5), (0.5, 1.0))]
        middle = halves[0].coords[-1]
        near, far = (self.draft.add_node(middle[0], middle[1], layer, country) for country in countries)
        cells["length_km"] = length_km / 2
        self.draft.add_link(ends[0], near, halves[0], **cells)
        self.draft.add_link(far, ends[1], halves[1], **(cells | {"country": countries[1], "locks": 0}))
        self.draft.add_border(near, far)

    def finish(self, source: str) -> Network:
        """Access and transfer links for what was opened, the table of terminals, and the network."""
        table = self.draft.terminals
        new = {row.terminal: row for row in self.terminals.itertuples()}
        for code, opened in self.opened.items():
            transfers = code not in new or new[code].transfers == "yes"
            self.draft.open_layers(code, self.nodes[code], transfers=transfers, only=opened)
        served = {
            code: " ".join(layer for layer in LAYERS if layer in self.nodes[code] and layer in opened)
            for code, opened in self.opened.items()
        }
        grown = [
            " ".join(dict.fromkeys([*str(layers).split(), *served.get(code, "").split()]))
            for code, layers in zip(table["terminal"], table["layers"], strict=True)
        ]
        fresh = self.terminals.reindex(columns=table.columns).fillna("")
        tables = [table.assign(layers=grown), fresh.assign(layers=[served[code] for code in fresh["terminal"]])]
        self.draft.terminals = pd.concat([part for part in tables if len(part)], ignore_index=True)
        return self.draft.to_network(source)
