"""The multimodal network: nodes and links as tables, read from and written to GeoParquet."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.errors import NetworkFileError
from geodata.gazetteer import Gazetteer
from geodata.tables import read_table

FORMAT = "corridor network 2"
NODE_COLUMNS = ("lon", "lat", "layer", "country", "terminal", "cch_rank")
LINK_DEFAULTS: dict[str, object] = {
    "from_node": 0, "to_node": 0, "mode": "", "kind": "", "layer": "", "country": "", "area": "", "length_km": 0.0,
    "length_source": "", "name": "", "passage": "", "terminal": "", "closed_reason": "", "oneway": False,
    "gauge_mm": 0, "electrified": "", "locks": 0, "cemt_class": "", "max_draught_m": np.nan, "operator": "",
    "sailing_h": np.nan,
}  # fmt: skip
"""Columns of links, explained in ``schema/links.csv``, and what stands in them where there is nothing to say."""
LINK_COLUMNS = tuple(LINK_DEFAULTS)
SMALL_INTEGERS = {"gauge_mm": np.int16, "locks": np.int16}


@dataclass(frozen=True)
class Network:
    """
    Nodes and links of all modes; a terminal has one node for each layer it serves.

    Attributes
    ----------
    nodes
        Index 0…n-1; ``lon``, ``lat`` (EPSG:4326), ``layer`` (`geodata.vocabulary.LAYERS`, or ``origin`` and
        ``destination`` for the two ends of a terminal where cargo starts and ends), ``country`` (ISO alpha-2, "" at
        sea), ``terminal`` (code or ""), ``cch_rank`` (contraction order of the shortest-path engine).
    links
        Index 0…m-1; columns of ``schema/links.csv``. Transfers and access links are one-way, the others run both ways.
    terminals
        Columns of ``schema/terminals.csv``; by default the table shipped with the package.
    source
        Where it was read from, for messages.
    """

    nodes: pd.DataFrame
    links: pd.DataFrame
    terminals: pd.DataFrame = field(default_factory=lambda: read_table("terminals"))
    source: str = "memory"
    cache: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What others derive from the tables, once: it lives and dies with the network."""
    _geometry: npt.NDArray[np.object_] | None = field(default=None, repr=False, compare=False)

    def geometry(self, links: npt.ArrayLike) -> npt.NDArray[np.object_]:
        """Lines (shapely LineString, lon lat) of the given link numbers, in their order; drawn from→to."""
        import shapely

        wanted = np.asarray(links, dtype=np.int64)
        if self._geometry is not None:
            return self._geometry[wanted]
        lines: npt.NDArray[np.object_] = shapely.from_wkb(self._wkb.take(wanted).to_pylist())
        return np.asarray(lines, dtype=object)

    @cached_property
    def _wkb(self) -> Any:
        """Geometry of all links as the file has it."""
        return _read(Path(self.source), "links", ["geometry"])["geometry"].combine_chunks()

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The terminals and sites by all their names."""
        return Gazetteer.of_terminals(self.terminals)

    @cached_property
    def terminal_nodes(self) -> dict[tuple[str, str], int]:
        """Node number of every (terminal, layer)."""
        here = self.nodes[self.nodes["terminal"] != ""]
        return {
            (str(terminal), str(layer)): int(node)
            for node, terminal, layer in zip(here.index, here["terminal"], here["layer"], strict=True)
        }

    def links_by(self, column: str) -> dict[str, npt.NDArray[np.int64]]:
        """Numbers of the links of every value of a text column (`passage`, `country`, `terminal`, …), "" left out."""
        groups_of = self.cache.setdefault("links by", {})
        if column not in groups_of:
            values = self.links[column].astype("category")
            codes = values.cat.codes.to_numpy()
            order = np.argsort(codes, kind="stable")
            bounds = np.searchsorted(codes[order], np.arange(len(values.cat.categories) + 1))
            groups = {str(name): order[bounds[i] : bounds[i + 1]] for i, name in enumerate(values.cat.categories)}
            groups_of[column] = {name: links for name, links in groups.items() if name and len(links)}
        found: dict[str, npt.NDArray[np.int64]] = groups_of[column]
        return found

    def save(self, target: str | os.PathLike[str]) -> None:
        """
        Write nodes, links and terminals as GeoParquet (zstd, page checksums): three files in the folder `target`, or
        one file if its name ends in ``.zip``. Each file appears whole or not at all.
        """
        import geopandas as gpd
        import shapely

        path = Path(target)
        lines = self.geometry(np.arange(len(self.links)))
        frames = {
            "nodes": (self.nodes[list(NODE_COLUMNS[2:])], shapely.points(self.nodes["lon"], self.nodes["lat"])),
            "links": (self.links[list(LINK_COLUMNS)], lines),
            "terminals": (self.terminals, shapely.points(self.terminals["lon"], self.terminals["lat"])),
        }
        contents = {}
        for name, (frame, geometry) in frames.items():
            table = gpd.GeoDataFrame(frame, geometry=geometry, crs="EPSG:4326")
            table.attrs["format"] = FORMAT
            buffer = io.BytesIO()
            table.to_parquet(buffer, index=False, compression="zstd", compression_level=15, write_page_checksum=True)
            contents[name] = buffer.getvalue()
        if path.suffix == ".zip":
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as bundle:
                for name, content in contents.items():
                    bundle.writestr(f"{name}.parquet", content)
            write_whole(path, buffer.getvalue())
            return
        path.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            write_whole(path / f"{name}.parquet", content)


def load_network(path: str | os.PathLike[str] | None = None) -> Network:
    """
    Read a network from a folder or a ``.zip`` file; without one, the network shipped with the package (no download).

    Geometry is read only when first asked for.

    Raises
    ------
    NetworkFileError
        A file is missing, damaged, or not a network of this version; the message says what to do.
    """
    home = _shipped() if path is None else Path(path)
    tables = [_read(home, "nodes", [*NODE_COLUMNS[2:], "geometry"]), _read(home, "links", LINK_COLUMNS)]
    tables.append(_read(home, "terminals", None))
    try:
        nodes = _with_lonlat(tables[0])
        links = tables[1].to_pandas(strings_to_categorical=True)
        terminals = tables[2].drop_columns(["geometry"]).to_pandas()
    except (ValueError, KeyError, TypeError) as error:  # a damaged footer can pass the checksums of the pages
        raise NetworkFileError(f"{home} is damaged ({str(error).splitlines()[0]}): write it anew") from error
    ends = links[["from_node", "to_node"]].to_numpy()
    if len(ends) and (ends.min() < 0 or ends.max() >= len(nodes)):
        raise NetworkFileError(f"{home}: links point to nodes that are not there; nodes and links are of two builds")
    if not (np.isfinite(links["length_km"]).all() and (links["length_km"] >= 0).all()):
        raise NetworkFileError(f"{home}: a length of its links is negative or not a number")
    return Network(nodes, links, terminals, source=str(home))


def _shipped() -> Path:
    return Path(str(files("geodata") / "shipped"))


def content_sha256(frame: pd.DataFrame) -> str:
    """Fingerprint of a table's values, whatever wrote it to disk."""
    digest = hashlib.sha256()
    for column in frame.columns:
        values = frame[column]
        digest.update(column.encode())
        if isinstance(values.dtype, np.dtype) and values.dtype.kind in "iufb":
            digest.update(np.ascontiguousarray(values.to_numpy()).astype(values.dtype.newbyteorder("<")).tobytes())
        else:
            digest.update("\x1f".join(map(str, values)).encode())
    return digest.hexdigest()


def _with_lonlat(table: Any) -> pd.DataFrame:
    """Nodes with ``lon`` and ``lat`` from their geometry: a point in WKB is 21 bytes, the last 16 of them x and y."""
    points = np.frombuffer(b"".join(table["geometry"].to_pylist()), dtype=np.uint8).reshape(-1, 21)
    lonlat = points[:, 5:].copy().view("<f8")
    nodes = table.drop_columns(["geometry"]).to_pandas(strings_to_categorical=True)
    nodes.insert(0, "lon", lonlat[:, 0])
    nodes.insert(1, "lat", lonlat[:, 1])
    return nodes


def write_whole(path: Path, content: bytes) -> None:
    """Write beside `path`, flush to disk, then rename: readers see the old file or the new one, never a part."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _read(home: Path, name: str, columns: Sequence[str] | None) -> Any:
    """One table of a network as an Arrow table, checked against its page checksums and format."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    where = f"{home / name}.parquet" if home.suffix != ".zip" else f"{name}.parquet in {home}"
    advice = "give a folder or .zip file that `corridor network add` or `refine` wrote"
    if home == _shipped():
        advice = "restore it (`git checkout geodata/shipped`, or reinstall) or rebuild it with `make network`"
    try:
        with pq.ParquetFile(_open(home, name), page_checksum_verification=True) as file:
            found = json.loads((file.schema_arrow.metadata or {}).get(b"PANDAS_ATTRS", b"{}")).get("format")
            if found != FORMAT:
                raise NetworkFileError(
                    f"{where} is {found or 'no network file'!r}; this version reads {FORMAT!r}: {advice}"
                )
            return file.read(columns=None if columns is None else list(columns))
    except FileNotFoundError as error:
        raise NetworkFileError(f"{where} is missing: {advice}") from error
    except (pa.ArrowException, zipfile.BadZipFile, KeyError, OSError, ValueError) as error:
        raise NetworkFileError(f"{where} is damaged ({str(error).splitlines()[0]}): {advice}") from error


def _open(home: Path, name: str) -> Any:
    if home.suffix != ".zip":
        return home / f"{name}.parquet"
    with zipfile.ZipFile(home) as bundle:
        return io.BytesIO(bundle.read(f"{name}.parquet"))
