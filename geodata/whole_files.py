"""Files that appear whole or not at all: written beside, flushed to disk, then renamed. The only place that does so."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PENDING = ".complete"
"""Folder of files that are written and flushed, but not all moved into place: they count already."""
_PART = ".part-"


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """
    A path to write at; what is there at the end takes the place of `target`, and readers see the old file or the new.

    The path ends as `target` does. If anything fails, nothing is left and the old file is as it was.
    An error of the disk names `target`, not the file beside it.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder:
            part = Path(folder) / f"part{target.suffix}"
            yield part
            put(part, target)
    except OSError as error:
        beside = error.filename is None or target.parent in Path(error.filename).parents
        if beside and error.errno is not None:  # without a number the words of an error are its own
            error.filename = str(target)
        raise


def put(part: Path, target: Path) -> None:
    """Flush a finished file to disk and give it its name, in the same folder or one on the same disk."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.chmod(0o644)
    part.replace(target)
    _sync_folder(target.parent)


def write_whole(target: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    with whole_file(target) as part:
        part.write_bytes(content)


def write_all(folder: Path, contents: Mapping[str, bytes]) -> None:
    """
    Write several files into a folder, all of them or none, whenever the program is stopped.

    They are collected in a folder inside; once it is renamed to `PENDING` they count, and `current` finds them there
    until they are moved. What a stopped writer left is finished, or cleared away, by the next one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _move_into_place(folder)
    for leftover in folder.glob(f"{_PART}*"):
        shutil.rmtree(leftover)
    part = Path(tempfile.mkdtemp(prefix=_PART, dir=folder))
    try:
        for name, content in contents.items():
            with (part / name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        _sync_folder(part)
        part.chmod(0o755)
        part.rename(folder / PENDING)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    _sync_folder(folder)
    _move_into_place(folder)


def current(folder: Path, name: str) -> Path:
    """Where a file written by `write_all` is now."""
    pending = folder / PENDING / name
    return pending if pending.exists() else folder / name


def _move_into_place(folder: Path) -> None:
    pending = folder / PENDING
    if pending.is_dir():
        for path in sorted(pending.iterdir()):
            path.replace(folder / path.name)
        _sync_folder(folder)
        pending.rmdir()


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be opened
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
