"""A network file that breaks off is refused in one sentence, or reads exactly as it was."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from geodata.errors import NetworkFileError
from geodata.network import Network, load_network


def test_a_file_cut_short_is_never_silent(toy: Network, tmp_path: Path) -> None:
    toy.save(tmp_path)
    whole = load_network(tmp_path)
    files = {path: path.read_bytes() for path in sorted(tmp_path.glob("*.parquet"))}
    chance = random.Random(7)
    refused = 0
    for _ in range(150):
        path = chance.choice(list(files))
        content = bytearray(files[path])
        del content[chance.randrange(len(content)) :]
        path.write_bytes(content)
        try:
            read = load_network(tmp_path)
        except NetworkFileError:
            refused += 1
        else:
            assert all(getattr(read, name).equals(getattr(whole, name)) for name in ("nodes", "links", "terminals"))
        path.write_bytes(files[path])
    assert refused > 20


def test_an_empty_file_is_refused(toy: Network, tmp_path: Path) -> None:
    toy.save(tmp_path)
    (tmp_path / "links.parquet").write_bytes(b"")
    with pytest.raises(NetworkFileError, match="is damaged"):
        load_network(tmp_path)
