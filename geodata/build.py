"""
The recipe of the shipped network, readable top to bottom: sources → clean lines → layers → terminals → `Network`.

Run it with ``make network`` (or ``python -m geodata.build``); it needs the ``build`` extra and takes about two minutes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geodata import clean, contract, frontiers, services
from geodata.clean import Lines
from geodata.data_card import provenance, write_data_card
from geodata.electrification import set_electrified
from geodata.errors import EditError
from geodata.joining import DETOUR_FACTOR, SNAP_KM, Borders, contraction_rank, inside, sea_areas
from geodata.measure import distance_km
from geodata.network import LINK_DEFAULTS, SMALL_INTEGERS, Network
from geodata.read import natural_earth, scgraph_lines, sea, waterway
from geodata.shore import write_land
from geodata.sources import check_sources
from geodata.straight import lead_through_stations
from geodata.tables import read_table
from geodata.vocabulary import GAUGES_MM, LAYERS, Kind, Mode, gauge_of, layer_of, mode_of
from geodata.water import Land, add_approaches, keep_off_land, split_harbours

RAIL_BOXES = [(-12.0, 22.0, 95.0, 66.0), (80.0, 33.0, 120.5, 46.5)]
"""Where rail is kept: the corridor, and the strip along the railway to the Chinese coast."""
ROAD_BOXES = RAIL_BOXES[:1]
SEA_BOXES = [(-30.0, -40.0, 130.0, 72.0)]
WELD_KM = 0.35
ISLAND_KM = 300.0
"""Lines apart from the rest whose total length is shorter are left out."""
STUB_KM = 8.0
"""Dead-end branches shorter than this, with no terminal on them, are left out."""
APPROACH_KM = 150.0
"""Lane nodes this near to a port are joined to it straight over open water."""


def build_network(report: Callable[[str], None] = lambda _: None) -> Network:
    """Build the network from its sources; `report` receives one line a stage."""
    terminals = read_table("terminals")
    layers = {}
    for mode, lines in clean_lines(terminals, report):
        for layer, layer_lines in _split_gauges(mode, lines):
            report(f"{layer}: terminals, contraction")
            layers[layer] = _contracted(layer, layer_lines, terminals)
    report("joining layers at terminals")
    nodes, links = _stack(layers)
    nodes, links = _add_access(nodes, links, terminals)
    links = _name_borders(nodes, _add_transfers(nodes, links, terminals), terminals)
    links = services.set_passages(services.set_ferries(links)).astype(SMALL_INTEGERS)
    report("contraction order of the shortest-path engine")
    nodes["cch_rank"] = contraction_rank(nodes, links)
    network = Network(nodes, links.drop(columns="geometry"), _geometry=links["geometry"].to_numpy())
    report(f"{len(nodes):,} nodes, {len(links):,} links")
    return network


def clean_lines(terminals: pd.DataFrame, report: Callable[[str], None]) -> Iterator[tuple[Mode, Lines]]:
    """Edited lines of every mode: on land with countries and frontiers, at sea with sea areas."""
    edits, lengths, courses = (read_table(name) for name in ("network_edits", "published_lengths", "line_courses"))
    report("countries")
    countries = natural_earth.read_countries()
    left_out = set(read_table("countries").query("in_network == 'no'")["country"])
    for mode, read, boxes in (
        (Mode.RAIL, scgraph_lines.read_rail, RAIL_BOXES),
        (Mode.ROAD, scgraph_lines.read_roads, ROAD_BOXES),
    ):
        report(f"{mode}: reading, welding, editing, cutting at frontiers")
        lines = clean.weld_dead_ends(clean.clip(read(), boxes), WELD_KM)
        lines = apply_lengths(apply_edits(lines, edits, mode), lengths, mode)
        lines = lead_through_stations(lines, courses[courses["mode"] == mode])
        if mode is Mode.RAIL:
            for place in terminals.itertuples(index=False):
                if "rail" in place.layers:
                    lines = clean.bend_through(lines, place.lon, place.lat)
        lines = frontiers.drop_countries(frontiers.set_countries(lines, countries), left_out)
        if mode is Mode.RAIL:
            report("electrified lines")
            lines = set_electrified(lines, terminals)
        yield mode, lines
    report("sea lanes and ferries: editing, leading round land, approaches to the ports")
    land = Land(natural_earth.read_land())
    lanes = apply_edits(clean.clip(sea.read_sea(), SEA_BOXES), edits, Mode.SEA)
    ports = terminals[[Mode.SEA in layers.split() for layers in terminals["layers"]]]
    yield Mode.SEA, set_areas(add_approaches(keep_off_land(lanes, land), ports, land, APPROACH_KM))
    ports = terminals[[Mode.FERRY in layers.split() for layers in terminals["layers"]]]
    yield Mode.FERRY, set_areas(split_harbours(apply_edits(Lines.empty(), edits, Mode.FERRY), ports, land))
    report("inland waterways")
    yield Mode.WATERWAY, apply_edits(waterway.read_waterways(), edits, Mode.WATERWAY)


def apply_edits(lines: Lines, edits: pd.DataFrame, mode: str) -> Lines:
    """
    Apply the rows of ``network_edits.csv`` that concern `mode`, in their order.

    Raises
    ------
    EditError
        A row finds nothing to work on, or an end of a drawn line meets no node, no other drawn line and no terminal.

    """
    loose: list[_LooseEnd] = []
    for row_number, row in zip(itertools.count(2), edits.itertuples(index=False)):
        if row.layer != mode:
            continue
        what = f"network_edits.csv, row {row_number} ({row.action})"
        points = parse_points(row.points, what)
        if row.action in ("draw", "branch"):
            snap_km = 0.05 if np.isnan(row.snap_km) else row.snap_km
            for lon, lat in {points[0]} if row.action == "branch" else {points[0], points[-1]}:
                near_km = clean.nearest_node(lines, lon, lat)[1]
                if near_km > snap_km:
                    loose.append(_LooseEnd(what, lon, lat, snap_km, near_km))
            length_km = None if np.isnan(row.length_km) else row.length_km
            lines = clean.draw(
                lines,
                points,
                snap_km=snap_km,
                what=what,
                name=row.name,
                passage=row.passage,
                length_km=length_km,
                length_source=row.source if length_km else "drawn",
            )
            continue
        if len(points) != 2:
            raise EditError(f"{what}: expected two points, found {len(points)}")
        if row.action == "cut":
            lines = clean.cut(lines, *points, what=what)
        elif row.action == "close":
            lines = clean.cut(lines, *points, what=what, closed_reason=row.reason)
        elif row.action == "label":
            lines = clean.label(lines, *points, what=what, name=row.name, passage=row.passage)
        elif row.action == "label inside":
            lines = clean.label_inside(lines, *points, what=what, name=row.name, passage=row.passage)
        else:
            lines = clean.erase(lines, *points, what=what)
    _check_joined(lines, loose, mode)
    return lines


class _LooseEnd(NamedTuple):
    """An end of a drawn line with no node within `snap_km` when it was drawn; the nearest was `near_km` away."""

    what: str
    lon: float
    lat: float
    snap_km: float
    near_km: float


def _check_joined(lines: Lines, loose: Sequence[_LooseEnd], mode: str) -> None:
    """Every loose end must lie at a terminal of the mode by now, or at a node of two links."""
    terminals = read_table("terminals")
    stops = terminals[[any(mode_of(layer) == mode for layer in layers.split()) for layers in terminals["layers"]]]
    links_at = np.bincount(lines.links[["start", "end"]].to_numpy().ravel(), minlength=len(lines.nodes))
    for end in loose:
        node, off_km = clean.nearest_node(lines, end.lon, end.lat)
        stop_km = distance_km(end.lon, end.lat, stops["lon"].to_numpy(), stops["lat"].to_numpy())
        joined = off_km > end.snap_km or links_at[node] > 1  # the former: erased again
        if not joined and not (stop_km <= SNAP_KM[mode]).any():
            nearest = (
                f"the nearest node is {end.near_km:.2f} km away" if np.isfinite(end.near_km) else "there is no node"
            )
            raise EditError(
                f"{end.what}: the end {end.lon:g} {end.lat:g} joins nothing within {end.snap_km:g} km, and no other "
                f"drawn line or terminal is there; {nearest}: move the end, widen snap_km, or make the line a branch"
            )


def apply_lengths(lines: Lines, published: pd.DataFrame, mode: str) -> Lines:
    """Lay the lengths of ``published_lengths.csv`` that concern `mode` over the lines, in their order."""
    for row_number, row in zip(itertools.count(2), published.to_dict("records")):
        if row["mode"] == mode:
            what = f"published_lengths.csv, row {row_number} ({row['line']})"
            a, b = parse_points(f"{row['from']}; {row['to']}", what)
            lines = clean.publish_length(lines, a, b, row["length_km"], what=what, source=row["source"])
    return lines


def parse_points(text: str, what: str) -> list[tuple[float, float]]:
    """Points from ``"lon lat; lon lat"``."""
    try:
        points = [(float(lon), float(lat)) for lon, lat in (pair.split() for pair in text.split(";"))]
    except ValueError:
        raise EditError(f"{what}: points must read 'lon lat; lon lat', not {text!r}") from None
    if not all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in points):
        raise EditError(f"{what}: a point is off the globe in {text!r}; the order is lon lat")
    return points


def set_areas(lines: Lines) -> Lines:
    """Give every link the sea area (``sea_areas.csv``) that its middle lies in, and the country of inland water."""
    area, country = sea_areas(_middles(lines))
    return lines.with_links(lines.links.assign(area=area, country=country))


def _split_gauges(mode: Mode, lines: Lines) -> Iterator[tuple[str, Lines]]:
    """Rail becomes one set of lines a gauge; other modes are one layer."""
    if mode is not Mode.RAIL:
        yield layer_of(mode), lines
        return
    gauges = _gauges(lines)
    for gauge_mm in GAUGES_MM:
        keep = np.array([gauge_mm in found for found in gauges])
        yield layer_of(mode, gauge_mm), lines.with_links(lines.links[keep])


def _gauges(lines: Lines) -> list[frozenset[int]]:
    """Gauges of every rail link: its country's (of a border link: both's), or those of a box of ``gauges.csv``."""
    rows = read_table("countries").dropna(subset=["gauge_mm"])
    of_country = {row.country: frozenset([int(row.gauge_mm)]) for row in rows.itertuples()}
    country = lines.nodes["country"].to_numpy()
    found = [
        of_country.get(here, frozenset()) & of_country.get(there, frozenset())
        for here, there in zip(country[lines.links["start"]], country[lines.links["end"]], strict=True)
    ]
    middle = _middles(lines)
    for box in read_table("gauges").itertuples(index=False):
        both = frozenset(int(gauge) for gauge in box.gauges_mm.split())
        for number in np.flatnonzero(inside(middle, box)):
            found[number] = both
    return found


def _contracted(layer: str, lines: Lines, terminals: pd.DataFrame) -> Lines:
    """One layer with its terminals hung on, its stubs cut and its chains contracted."""
    mode = mode_of(layer)
    on_land = mode in (Mode.RAIL, Mode.ROAD)
    lines = clean.drop_islands(lines, 0.0 if mode == Mode.FERRY else ISLAND_KM)
    for row in terminals.itertuples(index=False):
        if layer in row.layers.split():
            lines = clean.attach(
                lines,
                row.terminal,
                row.lon,
                row.lat,
                within_km=SNAP_KM[mode],
                detour_factor=DETOUR_FACTOR[mode],
                what=f"terminal {row.terminal} on {layer}",
            )
    if on_land:
        lines = contract.prune_leaves(lines, STUB_KM, frontiers.at_borders(lines, set(Borders(terminals).closed), mode))
    return contract.contract(lines)


def _stack(layers: dict[str, Lines]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Nodes and links of all layers, numbered on."""
    nodes, links, base = [], [], 0
    for layer, lines in layers.items():
        nodes.append(lines.nodes.assign(layer=layer).drop(columns="shape"))
        links.append(
            pd.DataFrame(LINK_DEFAULTS, index=lines.links.index).assign(
                **lines.links[[column for column in lines.links if column in LINK_DEFAULTS]],
                from_node=lines.links["start"] + base,
                to_node=lines.links["end"] + base,
                mode=mode_of(layer),
                layer=layer,
                gauge_mm=gauge_of(layer),
                geometry=lines.links["geometry"],
            )
        )
        base += len(lines.nodes)
    return pd.concat(nodes, ignore_index=True), pd.concat(links, ignore_index=True)


def _add_access(nodes: pd.DataFrame, links: pd.DataFrame, terminals: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two more nodes a terminal, ``origin`` and ``destination``, and the access links between them and its layers."""
    new = pd.concat([terminals.assign(layer=layer) for layer in ("origin", "destination")], ignore_index=True)
    numbers = {(row.terminal, row.layer): len(nodes) + index for index, row in enumerate(new.itertuples())}
    served = nodes[nodes["terminal"] != ""]
    access = []
    for row in served.itertuples():
        loading = (numbers[row.terminal, "origin"], row.Index)
        discharge = (row.Index, numbers[row.terminal, "destination"])
        access += [
            _point_link(row, ends, kind="access", layer=row.layer, name=name)
            for ends, name in ((loading, "loading"), (discharge, "discharge"))
        ]
    nodes = pd.concat([nodes, new[["lon", "lat", "country", "terminal", "layer"]]], ignore_index=True)
    return nodes, pd.concat([links, pd.DataFrame(access)], ignore_index=True)


def _add_transfers(nodes: pd.DataFrame, links: pd.DataFrame, terminals: pd.DataFrame) -> pd.DataFrame:
    """Transfer links between every two layers of a terminal where cargo can change."""
    changing = set(terminals.loc[terminals["transfers"] == "yes", "terminal"])
    served = nodes[nodes["terminal"].isin(changing) & nodes["layer"].isin(LAYERS)]
    transfers = [
        _point_link(a, (a.Index, b.Index), kind="transfer", layer=f"{a.layer}>{b.layer}", name="transfer")
        for _, group in served.groupby("terminal", sort=False)
        for a, b in itertools.permutations(group.itertuples(), 2)
    ]
    return pd.concat([links, pd.DataFrame(transfers)], ignore_index=True)


def _point_link(node: Any, ends: tuple[int, int], *, kind: str, layer: str, name: str) -> dict[str, object]:
    """A link of length zero at a node."""
    return LINK_DEFAULTS | {
        "from_node": ends[0],
        "to_node": ends[1],
        "mode": "" if kind == Kind.TRANSFER else mode_of(layer),
        "kind": kind,
        "layer": layer,
        "country": node.country,
        "length_source": "none",
        "name": name,
        "terminal": node.terminal,
        "oneway": True,
        "gauge_mm": gauge_of(layer),
        "geometry": shapely.LineString([(node.lon, node.lat)] * 2),
    }


def _name_borders(nodes: pd.DataFrame, links: pd.DataFrame, terminals: pd.DataFrame) -> pd.DataFrame:
    """
    Name border links by their two countries and nearest border station, and close those of ``closed_borders.csv``.
    """
    borders = Borders(terminals)
    names, station, reasons = (links[column].to_numpy(copy=True) for column in ("name", "terminal", "closed_reason"))
    for number in np.flatnonzero(links["kind"] == Kind.BORDER):
        a, b = nodes.loc[[links["from_node"].iat[number], links["to_node"].iat[number]]].itertuples()
        border = borders.at(a.lon, a.lat, links["mode"].iat[number], (a.country, b.country))
        names[number] = border.name
        station[number] = border.station or station[number]
        reasons[number] = border.closed_reason or reasons[number]
    return links.assign(name=names, terminal=station, closed_reason=reasons)


def _middles(lines: Lines) -> npt.NDArray[np.float64]:
    lonlat = lines.nodes[["lon", "lat"]].to_numpy()
    middle: npt.NDArray[np.float64] = (lonlat[lines.links["start"]] + lonlat[lines.links["end"]]) / 2
    return middle


def main() -> None:
    """Rebuild ``geodata/shipped`` and its data card."""
    check_sources()
    network = build_network(lambda line: print(f"· {line}", flush=True))
    folder = Path(__file__).parent / "shipped"
    network.save(folder, about=provenance(network))
    write_land(natural_earth.read_land(), folder / "land.wkb.gz")
    write_data_card(network, folder)


if __name__ == "__main__":
    main()
