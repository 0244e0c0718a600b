"""Tables of places for other programs: the points of reaches, hinterlands, terminals and closed crossings."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from corridor.draw import ATTRIBUTION
from corridor.errors import ExportError
from corridor.export import CAUTION, LICENCE, chosen_writer, clean_text, guarded, write_layer

if TYPE_CHECKING:
    import geopandas as gpd

LAYER = "places"


def export_points(table: pd.DataFrame, path: str | os.PathLike[str], *, title: str = "Places") -> None:
    """
    Write a table of places for other programs; the ending of the name says how.

    ``.geojson`` and ``.gpkg`` for maps, ``.kml`` for Google Earth, ``.csv`` and ``.xlsx`` for spreadsheets, where no
    text is taken for a formula. Units are in the names of the columns; dollars and kilograms are as in the table. Each
    file says when and with what it was made, and its licence.

    Parameters
    ----------
    table
        ``name``, ``lon``, ``lat`` (EPSG:4326) and any others, as `reach` and `hinterland` give it. Lists become text.
    title
        Of the document or first sheet.

    Raises
    ------
    ExportError
        Another ending, a table without those columns or without rows, no such folder, or the file cannot be written; a
        file that was there stays as it was.
    """
    from geodata.whole_files import whole_file

    target = Path(path)
    writers: dict[str, Callable[[gpd.GeoDataFrame, dict[str, str], Path, str], None]] = {
        ".geojson": _write_geojson,
        ".gpkg": _write_gpkg,
        ".kml": _write_kml,
        ".csv": _write_csv,
        ".xlsx": _write_xlsx,
    }
    writer = chosen_writer(target, writers, "places")
    lacking = [name for name in ("name", "lon", "lat") if name not in table.columns]
    if lacking or not len(table):
        raise ExportError(f"there is no place to export: the table lacks {', '.join(lacking) or 'rows'}")
    about = {
        "program": f"Corridor {version('trade-corridor')}",
        "written": date.today().isoformat(),
        "licence": LICENCE,
        "attribution": "; ".join(ATTRIBUTION),
        "caution": CAUTION,
    }
    try:
        with whole_file(target) as part:
            writer(_points(table), about, part, title)
    except OSError as error:
        raise ExportError(f"{target} cannot be written ({error.strerror or error})") from error


def _points(table: pd.DataFrame) -> gpd.GeoDataFrame:
    """The table as points, its text such as every format can hold."""
    import geopandas as gpd

    plain = {}
    for name in table.columns:
        column = table[name]
        plain[str(name)] = column if column.dtype.kind in "iufb" else [_text(value) for value in column]
    return gpd.GeoDataFrame(plain, geometry=gpd.points_from_xy(table["lon"], table["lat"]), crs="EPSG:4326")


def _text(value: object) -> str:
    if isinstance(value, list | tuple):
        return clean_text("; ".join(map(str, value)))
    return "" if value is None else clean_text(value)


def _write_geojson(points: gpd.GeoDataFrame, about: Mapping[str, str], path: Path, title: str) -> None:
    features = points.to_geo_dict(drop_id=True)["features"]
    for feature in features:
        figures = feature["properties"]
        feature["properties"] = {name: None if pd.isna(value) else value for name, value in figures.items()}
    document = {"type": "FeatureCollection", "name": title, "about": about, "features": features}
    path.write_text(json.dumps(document, ensure_ascii=False, allow_nan=False), "utf-8")


def _write_gpkg(points: gpd.GeoDataFrame, about: Mapping[str, str], path: Path, title: str) -> None:
    write_layer(points, path, LAYER, "GPKG", dataset_metadata=dict(about) | {"title": title})
    write_layer(pd.DataFrame(about.items(), columns=["fact", "value"]), path, "about", "GPKG")


def _write_kml(points: gpd.GeoDataFrame, about: Mapping[str, str], path: Path, title: str) -> None:
    from corridor.export_kml import write_points_kml

    write_points_kml(
        points, path, title=title, description="; ".join(f"{fact}: {text}" for fact, text in about.items())
    )


def _write_csv(points: gpd.GeoDataFrame, about: Mapping[str, str], path: Path, title: str) -> None:
    table = pd.DataFrame(points.drop(columns="geometry")).assign(data=f"{title}; {'; '.join(about.values())}")
    text = [name for name in table.columns if table[name].dtype.kind not in "iufb"]
    guard = table.assign(**{name: table[name].map(guarded) for name in text})
    guard.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def _write_xlsx(points: gpd.GeoDataFrame, about: Mapping[str, str], path: Path, title: str) -> None:
    from corridor.export_xlsx import write_workbook

    facts = pd.DataFrame({"title": title, **about}.items(), columns=["fact", "value"])
    sheets = {"Places": pd.DataFrame(points.drop(columns="geometry")), "About": facts}
    write_workbook(sheets, path, comments="; ".join(about.values()))
