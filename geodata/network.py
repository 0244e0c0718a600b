"""The multimodal network: nodes and links as tables, read from and written to GeoParquet."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geodata.errors import NetworkFileError, first_line
from geodata.gazetteer import Gazetteer
from geodata.tables import read_table
from geodata.whole_files import current, write_all, write_whole

FORMAT = "corridor network 3"
MANIFEST = "manifest.json"
FILES = ("nodes.parquet", "links.parquet", "terminals.parquet")
MOST_BYTES = 2 * 1024**3
"""Of one file of a network; a larger one is refused."""
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
    _links_file: bytes = field(default=b"", repr=False, compare=False)
    """The checked file that the links were read from: their geometry is unpacked from it when first asked for."""

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
        return _parquet(self.source, self._links_file, ["geometry"])["geometry"].combine_chunks()

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

    def save(self, target: str | os.PathLike[str], *, about: Mapping[str, object] | None = None) -> None:
        """
        Write nodes, links and terminals as GeoParquet and a manifest with their digests: four files in the folder
        `target`, or one file if its name ends in ``.zip``. All appear together or not at all.

        Parameters
        ----------
        about
            Further content of the manifest (licence, sources).

        Raises
        ------
        NetworkFileError
            As `check_target` says, the disk is full, or the place cannot be written; what was there is as it was.

        """
        import geopandas as gpd
        import shapely

        path = Path(target)
        check_target(target)
        lines = self.geometry(np.arange(len(self.links)))
        frames = (
            (self.nodes[list(NODE_COLUMNS[2:])], shapely.points(self.nodes["lon"], self.nodes["lat"])),
            (self.links[list(LINK_COLUMNS)], lines),
            (self.terminals, shapely.points(self.terminals["lon"], self.terminals["lat"])),
        )
        contents = {}
        for name, (frame, geometry) in zip(FILES, frames, strict=True):
            table = gpd.GeoDataFrame(frame, geometry=geometry, crs="EPSG:4326")
            buffer = io.BytesIO()
            table.to_parquet(buffer, index=False, compression="zstd", compression_level=15, write_page_checksum=True)
            contents[name] = buffer.getvalue()
        contents[MANIFEST] = _manifest(contents, about or {})
        try:
            if path.suffix == ".zip":
                buffer = io.BytesIO()
                with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as bundle:
                    for name, content in contents.items():
                        bundle.writestr(name, content)
                write_whole(path, buffer.getvalue())
            else:
                write_all(path, contents)
        except OSError as error:
            why = error.strerror or str(error)
            raise NetworkFileError(f"{path} cannot be written ({why}); what was there is as it was") from error


def check_target(target: str | os.PathLike[str]) -> None:
    """
    Whether a network can be saved there, by name and place: to be asked before the work that makes one.

    Raises
    ------
    NetworkFileError
        An address, an ending other than ``.zip`` (a folder has none, if it is not there yet), a file where a folder is
        wanted or the other way round, or no folder to put a file into.

    """
    path = Path(target)
    _refuse_address(path)
    if not os.fspath(target) or (path.suffix not in ("", ".zip") and not path.is_dir()):
        raise NetworkFileError(f"{os.fspath(target)!r} is no name for a network; write a .zip file or a folder")
    if path.suffix == ".zip" and not path.parent.is_dir():
        raise NetworkFileError(f"{path} cannot be written: {path.parent} is no folder; make it first")
    if path.is_dir() if path.suffix == ".zip" else path.is_file():
        there, wanted = ("folder", "file") if path.is_dir() else ("file", "folder")
        raise NetworkFileError(f"{path} cannot be written: it is a {there}, not a {wanted}; choose another name")


def load_network(path: str | os.PathLike[str] | None = None) -> Network:
    """
    Read a network from a folder or a ``.zip`` file; without one, the network shipped with the package (no download).

    Geometry is read only when first asked for.

    Raises
    ------
    NetworkFileError
        A file is missing, damaged (its sha256 is not that of the manifest), or not a network of this version; the
        message says what to do.
    """
    home = _shipped() if path is None else Path(path)
    _refuse_address(home)
    advice = "give a folder or .zip file that `corridor network add` or `refine` wrote"
    if home == _shipped():
        advice = "restore it (`git checkout geodata/shipped`, or reinstall) or rebuild it with `make network`"
    try:
        return _load(home)
    except NetworkFileError as error:
        raise NetworkFileError(f"{error}: {advice}") from error.__cause__


def _load(home: Path) -> Network:
    contents = _contents(home)
    tables = [
        _parquet(home, contents[name], columns)
        for name, columns in zip(FILES, ([*NODE_COLUMNS[2:], "geometry"], LINK_COLUMNS, None), strict=True)
    ]
    try:
        nodes = _with_lonlat(tables[0])
        links = tables[1].to_pandas(strings_to_categorical=True)
        terminals = tables[2].drop_columns(["geometry"]).to_pandas()
    except (ValueError, KeyError, TypeError) as error:
        raise NetworkFileError(f"{home} is no network ({first_line(error)})") from error
    ends = links[["from_node", "to_node"]].to_numpy()
    if len(ends) and (ends.min() < 0 or ends.max() >= len(nodes)):
        raise NetworkFileError(f"{home} has links that point to nodes that are not there")
    if not (np.isfinite(links["length_km"]).all() and (links["length_km"] >= 0).all()):
        raise NetworkFileError(f"{home} has a link whose length is negative or not a number")
    if not ((nodes["lon"].abs() <= 180).all() and (nodes["lat"].abs() <= 90).all()):
        raise NetworkFileError(f"{home} has a node that is off the globe")
    return Network(nodes, links, terminals, source=str(home), _links_file=contents["links.parquet"])


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


def _manifest(contents: Mapping[str, bytes], about: Mapping[str, object]) -> bytes:
    """Digests of all files, and of the manifest itself."""
    files_written = {
        name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in contents.items()
    }
    whole = {"format": FORMAT, **about, "files": files_written}
    whole["manifest_sha256"] = _digest_of(whole)
    return (json.dumps(whole, indent=2) + "\n").encode()


def _digest_of(manifest: Mapping[str, object]) -> str:
    """sha256 of a manifest's content without its own digest, however it is spaced."""
    rest = {key: value for key, value in manifest.items() if key != "manifest_sha256"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def _contents(home: Path) -> dict[str, bytes]:
    """The files of a network, each the very one that its manifest tells."""
    manifest = _read(home, MANIFEST, 1 << 20)
    try:
        about = json.loads(manifest)
        listed = {name: (int(about["files"][name]["bytes"]), about["files"][name]["sha256"]) for name in FILES}
        whole, found = about["manifest_sha256"] == _digest_of(about), about["format"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NetworkFileError(f"{home / MANIFEST} is damaged, or of another version than {FORMAT!r}") from error
    if not whole:
        raise NetworkFileError(f"{home / MANIFEST} is damaged (its digest is not that of its content)")
    if found != FORMAT:
        raise NetworkFileError(f"{home} is {found!r}; this version reads {FORMAT!r}")
    contents = {}
    for name, (size, digest) in listed.items():
        contents[name] = _read(home, name, size)
        if hashlib.sha256(contents[name]).hexdigest() != digest:
            raise NetworkFileError(f"{home / name} is damaged or belongs to another network (its digest is wrong)")
    return contents


def _read(home: Path, name: str, most: int) -> bytes:
    """One file of a network, which must not be larger than `most` bytes."""
    try:
        if home.suffix == ".zip":
            with zipfile.ZipFile(home) as bundle, bundle.open(name) as file:
                content = file.read(min(most, MOST_BYTES) + 1)
        else:
            with current(home, name).open("rb") as file:
                content = file.read(min(most, MOST_BYTES) + 1)
    except (FileNotFoundError, NotADirectoryError, KeyError) as error:
        what = home if home.suffix == ".zip" and not home.exists() else home / name
        raise NetworkFileError(f"{what} is missing") from error
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise NetworkFileError(f"{home / name} cannot be read ({first_line(error)})") from error
    if len(content) > most:
        raise NetworkFileError(f"{home / name} is damaged (longer than its manifest says)")
    return content


def _parquet(home: object, content: bytes, columns: Sequence[str] | None) -> Any:
    """A table from the content of a file whose digest was right."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(pa.BufferReader(content)) as file:
            table = file.read(columns=None if columns is None else list(columns))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise NetworkFileError(f"{home} is no network ({first_line(error)})") from error
    missing = sorted({*(columns or ["geometry"])} - {*table.column_names})
    if missing:
        raise NetworkFileError(f"{home} lacks the column {', '.join(missing)}")
    return table


def _refuse_address(path: Path) -> None:
    """Networks are files of this machine: nothing is fetched."""
    text = str(path)
    if re.match(r"\w{2,}:/", text) or text.startswith("/vsi"):
        raise NetworkFileError(f"{text} is an address, and nothing is fetched: give a folder or .zip file")
