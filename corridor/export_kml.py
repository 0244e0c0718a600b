"""Legs of routes → a KML document: a folder for each route, a placemark for each leg and stop."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import geopandas as gpd

NAMESPACE = "http://www.opengis.net/kml/2.2"
LINE_WIDTH = "4"


def write_kml(legs: gpd.GeoDataFrame, path: Path, *, title: str, description: str) -> None:
    """
    Write legs as KML 2.2; every column but the geometry goes into the extended data of the placemark.

    Parameters
    ----------
    legs
        Columns ``route``, ``corridor``, ``kind``, ``mode``, ``layer``, ``from``, ``to``, ``distance_km`` and any
        others; lines and points in EPSG:4326. Text must be fit for XML.

    Raises
    ------
    OSError
        The file cannot be written.
    """
    root = ET.Element("kml", xmlns=NAMESPACE)
    document = ET.SubElement(root, "Document")
    _text(document, "name", title)
    _text(document, "description", description)
    _text(ET.SubElement(ET.SubElement(document, "Style", id="leg"), "LineStyle"), "width", LINE_WIDTH)
    for number, rows in legs.groupby("route"):
        folder = ET.SubElement(document, "Folder")
        _text(folder, "name", f"{number} {rows['corridor'].iloc[0]}")
        for row in rows.to_dict("records"):
            _placemark(folder, row)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def write_points_kml(points: gpd.GeoDataFrame, path: Path, *, title: str, description: str) -> None:
    """Write points (EPSG:4326) with a column ``name`` as KML 2.2; text and errors as for `write_kml`."""
    root = ET.Element("kml", xmlns=NAMESPACE)
    document = ET.SubElement(root, "Document")
    _text(document, "name", title)
    _text(document, "description", description)
    for row in points.to_dict("records"):
        _placemark(document, row, str(row["name"]))
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _placemark(folder: ET.Element, row: dict[str, Any], name: str = "") -> None:
    import shapely

    mark = ET.SubElement(folder, "Placemark")
    _text(mark, "name", name or _name(row))
    _text(mark, "styleUrl", "#leg")
    data = ET.SubElement(mark, "ExtendedData")
    for column, value in row.items():
        if column != "geometry":
            _text(ET.SubElement(data, "Data", name=str(column)), "value", str(value))
    parts = shapely.get_parts(row["geometry"])
    home = ET.SubElement(mark, "MultiGeometry") if len(parts) > 1 else mark
    for part in parts:
        shape = ET.SubElement(home, part.geom_type)
        if part.geom_type == "LineString":
            _text(shape, "tessellate", "1")  # the line follows the ground
        _text(shape, "coordinates", " ".join(_coordinates(part)))


def _coordinates(shape: Any) -> Iterator[str]:
    import shapely

    for lon, lat in shapely.get_coordinates(shape):
        yield f"{lon:.6f},{lat:.6f}"


def _name(row: dict[str, Any]) -> str:
    """What a leg is, in a few words."""
    if row["kind"] == "border":
        return f"border {row['from']}"
    if not row["distance_km"]:
        return f"{row['layer']} at {row['from']}"
    return f"{row['mode']} {row['from']} → {row['to']}"


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text
