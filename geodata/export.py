"""
Networks for other programs: GeoPackage and GeoJSON for QGIS, GraphML for osmnx.

A file appears whole or not at all. The network itself is kept by `Network.save`; an export is not read back by it.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TextIO
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd
import shapely

from geodata.errors import GeodataError
from geodata.network import Network
from geodata.sources import LICENCE, OSM_ATTRIBUTION
from geodata.whole_files import whole_file

ATTRIBUTION = f"{OSM_ATTRIBUTION}, {LICENCE}"
DECIMALS = 6
"""Of degrees in text formats: about 0.1 m."""
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class ExportError(GeodataError, ValueError):
    """A network cannot be written as asked."""


def export(network: Network, path: str | os.PathLike[str]) -> None:
    """
    Write a network for other programs; the ending of the name says how.

    ======== =========================================================================================
    .gpkg    layers ``nodes``, ``links`` and ``terminals``, EPSG:4326; opens in QGIS and geopandas
    .geojson one FeatureCollection: links as lines, terminals as points, told apart by ``table``
    .graphml directed multigraph as osmnx keeps it (``ox.load_graphml``): ``x``, ``y``, ``geometry``,
             ``length`` in metres; a link open both ways is two edges, closed links are left out
    ======== =========================================================================================

    Raises
    ------
    ExportError
        Another ending, no such folder, or the file cannot be written.

    """
    target = check_target(path)
    writer = _writers()[target.suffix.casefold()]
    if not np.isfinite(network.nodes[["lon", "lat"]].to_numpy(dtype=float)).all():
        raise ExportError(f"{network.source} has a node without coordinates")
    try:
        with whole_file(target) as part:
            writer(network, part)
    except OSError as error:
        raise ExportError(f"{target} cannot be written ({error.strerror or error})") from error


def check_target(path: str | os.PathLike[str]) -> Path:
    """Where a network can be exported to, by name and place: `ExportError` else."""
    target = Path(path)
    if target.suffix.casefold() not in _writers():
        raise ExportError(f"{target}: a network is exported as .gpkg, .geojson or .graphml, not as {target.suffix!r}")
    if not target.parent.is_dir():
        raise ExportError(f"{target} cannot be written: {target.parent} is no folder; make it first")
    if target.is_dir():
        raise ExportError(f"{target} cannot be written: it is a folder; choose another name")
    return target


def _writers() -> dict[str, Callable[[Network, Path], None]]:
    return {".gpkg": _write_gpkg, ".geojson": _write_geojson, ".graphml": _write_graphml}


def terminal_table(network: Network) -> pd.DataFrame:
    """One row for each terminal that has a node: code, name, role, country, lon, lat, and the layers it serves."""
    served: dict[str, list[str]] = {}
    first: dict[str, int] = {}
    for (code, layer), node in network.terminal_nodes.items():
        first.setdefault(code, node)
        if layer not in ("origin", "destination"):
            served.setdefault(code, []).append(layer)
    named = network.terminals.set_index("terminal")
    rows = []
    for code, node in first.items():
        known = code in named.index
        rows.append(
            {
                "terminal": code, "name": named.at[code, "name"] if known else code,
                "role": named.at[code, "role"] if known else "",
                "country": named.at[code, "country"] if known else str(network.nodes["country"].iat[node]),
                "lon": float(network.nodes["lon"].iat[node]), "lat": float(network.nodes["lat"].iat[node]),
                "layers": " ".join(served.get(code, [])),
            }
        )  # fmt: skip
    return pd.DataFrame(rows, columns=["terminal", "name", "role", "country", "lon", "lat", "layers"])


def _write_gpkg(network: Network, path: Path) -> None:
    import geopandas as gpd
    import pyogrio
    from pyogrio import errors

    terminals, lines = terminal_table(network), network.geometry(np.arange(len(network.links)))
    frames = {
        "nodes": (_plain(network.nodes).assign(node=network.nodes.index), _points(network.nodes)),
        "links": (_plain(network.links).assign(link=network.links.index), lines),
        "terminals": (terminals, _points(terminals)),
    }
    try:
        for name, (frame, geometry) in frames.items():
            table = gpd.GeoDataFrame(frame, geometry=geometry, crs="EPSG:4326")
            table.to_file(path, layer=name, driver="GPKG", engine="pyogrio")
            if pyogrio.read_info(path, layer=name)["features"] != len(frame):
                raise OSError(f"its layer {name} is not complete; is the disk full?")
    except (errors.DataSourceError, errors.DataLayerError, errors.FeatureError, errors.FieldError) as error:
        raise OSError(f"{str(error)[:200]}; is the disk full?") from error


def _write_geojson(network: Network, path: Path) -> None:
    terminals = terminal_table(network)
    lines = network.geometry(np.arange(len(network.links)))
    with path.open("w", encoding="utf-8") as file:
        file.write(f'{{"type": "FeatureCollection", "attribution": {json.dumps(ATTRIBUTION)}, "features": [\n')
        separator = ""
        for table, frame, geometry in (
            ("terminals", terminals.drop(columns=["lon", "lat"]), _points(terminals)),
            ("links", _plain(network.links), lines),
        ):
            for cells, shape in zip(frame.to_dict("records"), geometry, strict=True):
                places = np.round(shapely.get_coordinates(shape), DECIMALS).tolist()
                coordinates = places[0] if shape.geom_type == "Point" else places
                drawn = {"type": shape.geom_type, "coordinates": coordinates}
                known = {name: None if _is_nan(value) else value for name, value in cells.items()}
                feature = {"type": "Feature", "properties": {"table": table} | known, "geometry": drawn}
                file.write(separator + json.dumps(feature, ensure_ascii=False, allow_nan=False))
                separator = ",\n"
        file.write("\n]}\n")


def _write_graphml(network: Network, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        _write_graphml_text(network, file)


def _write_graphml_text(network: Network, file: TextIO) -> None:
    """GraphML with every value as text, which is how osmnx writes it and expects it."""
    columns = [name for name in network.links.columns if name not in ("from_node", "to_node", "oneway", "length_km")]
    keys = {
        "graph": ["crs", "created_with", "simplified"],
        "node": ["x", "y", "layer", "country", "terminal"],
        "edge": [*columns, "length", "oneway", "reversed", "osmid", "geometry"],
    }
    file.write('<?xml version="1.0" encoding="utf-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
    number: dict[tuple[str, str], str] = {}
    for domain, names in keys.items():
        for name in names:
            number[domain, name] = f"d{len(number)}"
            file.write(f'<key id="{number[domain, name]}" for="{domain}" attr.name="{name}" attr.type="string"/>\n')

    def data(domain: str, cells: dict[str, object]) -> str:
        told = ((name, value) for name, value in cells.items() if not _is_nan(value))
        return "".join(f'<data key="{number[domain, name]}">{_xml(value)}</data>' for name, value in told)

    file.write('<graph edgedefault="directed">\n')
    about = {"crs": "epsg:4326", "created_with": f"Corridor, from data {ATTRIBUTION}", "simplified": True}
    file.write(data("graph", about) + "\n")
    for row in network.nodes.itertuples():
        cells = {"x": row.lon, "y": row.lat, "layer": row.layer, "country": row.country, "terminal": row.terminal}
        file.write(f'<node id="{row.Index}">{data("node", cells)}</node>\n')
    links = network.links[network.links["closed_reason"] == ""]
    lines = network.geometry(links.index.to_numpy())
    edge = 0
    for link, row, line in zip(links.index, links.to_dict("records"), lines, strict=True):
        ends = [(row["from_node"], row["to_node"], line, False)]
        ends += [] if row["oneway"] else [(row["to_node"], row["from_node"], shapely.reverse(line), True)]
        for start, end, drawn, backwards in ends:
            cells = {name: row[name] for name in columns} | {
                "length": row["length_km"] * 1000.0, "oneway": bool(row["oneway"]), "reversed": backwards,
                "osmid": link, "geometry": shapely.to_wkt(drawn, rounding_precision=DECIMALS),
            }  # fmt: skip
            file.write(f'<edge id="{edge}" source="{start}" target="{end}">{data("edge", cells)}</edge>\n')
            edge += 1
    file.write("</graph>\n</graphml>\n")


def _is_nan(value: object) -> bool:
    """Whether a value is not known: no text format has a word for that, so it is null or left out."""
    return isinstance(value, float) and math.isnan(value)


def _xml(value: object) -> str:
    return escape(_NOT_XML.sub(" ", str(value)))


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Categories as text: other programs do not know them."""
    return frame.assign(
        **{name: frame[name].astype(str) for name in frame.columns if frame[name].dtype.kind not in "iufb"}
    )


def _points(frame: pd.DataFrame) -> list[shapely.Geometry]:
    return list(shapely.points(frame["lon"].to_numpy(dtype=float), frame["lat"].to_numpy(dtype=float)))
