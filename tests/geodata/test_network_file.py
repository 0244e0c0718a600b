"""A network file that is not the one written is refused in one sentence; a stopped writer leaves the old or the new."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
import resource
import signal
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely

from geodata import network as network_file
from geodata import whole_files
from geodata.errors import NetworkFileError
from geodata.network import FILES, MANIFEST, Network, check_target, load_network
from geodata.whole_files import PENDING, whole_file, write_all

FORMS = ("folder", "net.zip")
NAMES = (*FILES, MANIFEST)


@pytest.fixture(params=FORMS)
def home(request: pytest.FixtureRequest, toy: Network, tmp_path: Path) -> Path:
    """The toy network, saved as a folder or as one file."""
    path: Path = tmp_path / request.param
    toy.save(path)
    return path


def files_of(home: Path) -> list[Path]:
    return sorted(home.iterdir()) if home.is_dir() else [home]


def fingerprint(network: Network) -> str:
    """Digest of everything in a network."""
    digest = hashlib.sha256()
    for table in (network.nodes, network.links, network.terminals):
        digest.update(table.to_csv().encode())
    digest.update(b"".join(shapely.to_wkb(network.geometry(range(len(network.links))))))
    return digest.hexdigest()


def refused(home: Path, whole: str) -> bool:
    """Whether a network is refused in one sentence; one that is read must be the whole one."""
    try:
        read = fingerprint(load_network(home))
    except NetworkFileError as error:
        assert "\n" not in str(error)
        assert str(home) in str(error)
        assert len(str(error)) < 600
        return True
    assert read == whole
    return False


def test_no_flipped_bit_is_silent(home: Path) -> None:
    chance = random.Random(3)
    whole = fingerprint(load_network(home))
    contents = {path: path.read_bytes() for path in files_of(home)}
    noticed = 0
    for number in range(500):
        path = list(contents)[number % len(contents)]
        damaged = bytearray(contents[path])
        # half of the flips where a format keeps its inner life: footers, directories
        reach = len(damaged) if number % 2 else min(len(damaged), 3000)
        damaged[-1 - chance.randrange(reach)] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        noticed += refused(home, whole)
        path.write_bytes(contents[path])
    assert noticed > (480 if home.is_dir() else 350)  # some bytes of a zip file's directory mean nothing
    assert not refused(home, whole)


def test_every_bit_of_a_parquet_footer_counts(toy: Network, tmp_path: Path) -> None:
    toy.save(tmp_path)
    path = tmp_path / "links.parquet"
    content = path.read_bytes()
    for position in range(1, 200):
        damaged = bytearray(content)
        damaged[-position] ^= 1 << position % 8
        path.write_bytes(damaged)
        with pytest.raises(NetworkFileError, match=r"links\.parquet is damaged"):
            load_network(tmp_path)


def test_no_file_cut_short_is_silent(home: Path) -> None:
    chance = random.Random(7)
    whole = fingerprint(load_network(home))
    contents = {path: path.read_bytes() for path in files_of(home)}
    for number in range(100):
        path = list(contents)[number % len(contents)]
        length = chance.randrange(len(contents[path])) if number > 5 else 0
        if path.name == MANIFEST and length >= len(contents[path].rstrip()):
            continue  # only the line's end is gone
        path.write_bytes(contents[path][:length])
        assert refused(home, whole), (path, length)
        path.write_bytes(contents[path])


def test_bytes_too_many_are_refused(toy: Network, tmp_path: Path) -> None:
    toy.save(tmp_path)
    with (tmp_path / "nodes.parquet").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(NetworkFileError, match=r"nodes\.parquet is damaged \(longer than"):
        load_network(tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_file(toy: Network, tmp_path: Path, name: str) -> None:
    toy.save(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(NetworkFileError, match=rf"{name} is missing: give a folder"):
        load_network(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_another_network(toy: Network, tmp_path: Path, name: str) -> None:
    toy.save(tmp_path / "one")
    longer = toy.links.assign(length_km=toy.links["length_km"] * 2)
    nodes = toy.nodes.assign(lon=toy.nodes["lon"] + 1.0)
    terminals = toy.terminals.head(3)
    Network(nodes, longer, terminals, _geometry=toy.geometry(range(len(longer)))).save(tmp_path / "two")
    (tmp_path / "two" / name).replace(tmp_path / "one" / name)
    with pytest.raises(NetworkFileError, match=rf"{name} is damaged"):
        load_network(tmp_path / "one")


def test_another_version(toy: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as older:
        older.setattr(network_file, "FORMAT", "corridor network 0")
        toy.save(tmp_path)
    with pytest.raises(NetworkFileError, match="is 'corridor network 0'; this version reads"):
        load_network(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"files": []}', "\x00", "[" * 100_000, '{"files": {}}'])
def test_a_manifest_that_is_none(toy: Network, tmp_path: Path, text: str) -> None:
    toy.save(tmp_path)
    (tmp_path / MANIFEST).write_text(text, "utf-8")
    with pytest.raises(NetworkFileError, match=r"manifest\.json is damaged, or of another version"):
        load_network(tmp_path)


def test_a_changed_manifest_is_noticed_and_spacing_is_not_a_change(toy: Network, tmp_path: Path) -> None:
    toy.save(tmp_path, about={"licence": "ODbL-1.0"})
    path = tmp_path / MANIFEST
    text = path.read_text("utf-8")
    path.write_text(json.dumps(json.loads(text), separators=(",", ":")), "utf-8")
    load_network(tmp_path)
    path.write_text(text.replace("ODbL-1.0", "ODbL-9.0"), "utf-8")
    with pytest.raises(NetworkFileError, match="its digest is not that of its content"):
        load_network(tmp_path)


def test_a_folder_or_text_named_zip(tmp_path: Path) -> None:
    (tmp_path / "a.zip").mkdir()
    (tmp_path / "b.zip").write_text("no zip file")
    for name, says in (("a.zip", "cannot be read"), ("b.zip", "cannot be read"), ("c.zip", "is missing")):
        with pytest.raises(NetworkFileError, match=says):
            load_network(tmp_path / name)


def test_a_zip_file_that_swells_is_not_unpacked(toy: Network, tmp_path: Path) -> None:
    toy.save(tmp_path / "folder")
    with zipfile.ZipFile(tmp_path / "net.zip", "w", zipfile.ZIP_DEFLATED) as bundle:
        for path in files_of(tmp_path / "folder"):
            bundle.write(path, path.name)
    load_network(tmp_path / "net.zip")  # packed anew by the planner: welcome
    with zipfile.ZipFile(tmp_path / "net.zip", "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(MANIFEST, b"0" * 50_000_000)
    with pytest.raises(NetworkFileError, match="longer than its manifest"):
        load_network(tmp_path / "net.zip")


def test_geometry_is_of_the_network_that_was_read(toy: Network, tmp_path: Path) -> None:
    """Geometry is unpacked late: from what was read, not from what the folder holds by then."""
    toy.save(tmp_path)
    network = load_network(tmp_path)
    moved = [shapely.transform(line, lambda points: points + 1.0) for line in toy.geometry(range(len(toy.links)))]
    other = Network(toy.nodes, toy.links, toy.terminals, _geometry=shapely.transform(moved, lambda points: points))
    other.save(tmp_path)
    assert (network.geometry([0, 1, 2]) == toy.geometry([0, 1, 2])).all()


@pytest.mark.parametrize(
    "address", ["http://example.org/net.zip", "https://x/net", "/vsicurl/http://x/net.zip", "s3://x"]
)
def test_no_address_is_fetched(toy: Network, address: str) -> None:
    with pytest.raises(NetworkFileError, match="nothing is fetched"):
        load_network(address)
    with pytest.raises(NetworkFileError, match="nothing is fetched"):
        toy.save(address)


# ---------------------------------------------------------------------------------------------- stopped while writing


def test_kill_at_any_moment_leaves_the_old_network_or_the_new(home: Path, toy: Network) -> None:
    """Fifty times: a child saves one network after the other into one place and is killed somewhere in between."""
    chance = random.Random(11)
    longer = toy.links.assign(length_km=toy.links["length_km"] + 1.0)
    other = Network(toy.nodes, longer, toy.terminals, _geometry=toy.geometry(range(len(longer))))
    known = {fingerprint(toy), fingerprint(other)}
    seen: list[str] = []
    started = time.perf_counter()
    toy.save(home)
    one_save_s = time.perf_counter() - started
    for _ in range(50):
        child = os.fork()
        if child == 0:  # pragma: no cover
            while True:
                other.save(home)
                toy.save(home)
        time.sleep(chance.uniform(0.2, 2.0) * one_save_s)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        seen.append(fingerprint(load_network(home)))
    assert set(seen) <= known  # which of the two each time is chance
    other.save(home)
    assert fingerprint(load_network(home)) == fingerprint(other)
    if home.is_dir():
        assert {path.name for path in home.iterdir()} == set(NAMES)


class Stopped(BaseException):
    """The program ends here: nothing after it is done."""


def test_stopped_between_any_two_steps(toy: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every rename and every removal in turn is the last thing that a writer does."""
    old, new = ({name: text + name.encode() for name in NAMES} for text in (b"old ", b"new "))
    outcomes = []
    for steps in range(40):
        folder = tmp_path / str(steps)
        write_all(folder, old)
        left = steps
        with monkeypatch.context() as patched:
            for owner, name in ((Path, "replace"), (Path, "rename"), (Path, "rmdir"), (os, "fsync")):
                done = getattr(owner, name)

                def step(*arguments: Any, _done: Any = done) -> Any:
                    nonlocal left
                    left -= 1
                    if left < 0:
                        raise Stopped
                    return _done(*arguments)

                patched.setattr(owner, name, step)
            patched.setattr(whole_files.shutil, "rmtree", lambda *_, **__: None)  # nobody tidies up after a kill
            try:
                write_all(folder, new)
                finished = True
            except Stopped:
                finished = False
        found = {name: whole_files.current(folder, name).read_bytes() for name in NAMES}
        assert found in (old, new)
        outcomes.append(found == new)
        write_all(folder, old)
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == old
        if finished:
            break
    assert finished
    assert outcomes == sorted(outcomes), "once the new files count, they count for good"
    assert {True, False} == set(outcomes)


# ------------------------------------------------------------------------------------------------------- a full disk


@pytest.fixture
def small_disk() -> Iterator[None]:
    """No file may grow beyond 4 kB: writing ends as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def test_a_file_that_cannot_be_written_leaves_the_old_network(
    home: Path, toy: Network, request: pytest.FixtureRequest
) -> None:
    before = {path: path.read_bytes() for path in files_of(home)}
    beside = set(home.parent.iterdir())
    request.getfixturevalue("small_disk")
    with pytest.raises(NetworkFileError, match=r"cannot be written \(.*\); what was there is as it was") as caught:
        toy.save(home)
    assert "\n" not in str(caught.value)
    assert {path: path.read_bytes() for path in files_of(home)} == before
    assert set(home.parent.iterdir()) == beside


@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_a_full_disk_noticed_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str) -> None:
    target = tmp_path / "table.csv"
    target.write_text("old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os if fails == "fsync" else Path, fails, full)
    with pytest.raises(OSError, match="No space left") as caught, whole_file(target) as part:
        part.write_text("new")
    assert caught.value.filename == str(target)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_an_error_of_a_library_keeps_its_words(tmp_path: Path) -> None:
    """Some libraries tell of a full disk by an `OSError` without a number."""
    with pytest.raises(OSError, match=r"^could not flush$"), whole_file(tmp_path / "layer.gpkg"):
        raise OSError("could not flush")


def test_a_folder_that_is_no_folder(toy: Network, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(NetworkFileError, match="cannot be written"):
        toy.save(tmp_path / "file" / "net")
    with pytest.raises(NetworkFileError, match="cannot be written"):
        toy.save(tmp_path / "nowhere" / "net.zip")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("net.txt", "no name for a network"),
        ("own.csv", "no name for a network"),
        ("folder.zip", "is a folder, not a file"),
        ("file", "is a file, not a folder"),
        ("nowhere/net.zip", "nowhere is no folder; make it first"),
    ],
)
def test_a_place_that_no_network_is_saved_at(toy: Network, tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "own.csv").write_text("x")
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder.zip").mkdir()
    before = set(tmp_path.rglob("*"))
    for refused_by in (toy.save, check_target):
        with pytest.raises(NetworkFileError, match=words):
            refused_by(tmp_path / name)
    assert set(tmp_path.rglob("*")) == before
    with pytest.raises(NetworkFileError, match="no name for a network"):
        toy.save("")


def test_files_not_yet_moved_into_place_count(toy: Network, tmp_path: Path) -> None:
    toy.save(tmp_path)
    (tmp_path / PENDING).mkdir()
    for name in ("links.parquet", MANIFEST):
        (tmp_path / name).replace(tmp_path / PENDING / name)
    load_network(tmp_path)
