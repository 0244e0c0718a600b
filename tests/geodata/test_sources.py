"""Inputs are checked before they are used; the data card tells them all."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from importlib.resources import files
from pathlib import Path

import pytest

from geodata import sources
from geodata.data_card import data_card, provenance
from geodata.errors import SourceError
from geodata.network import Network
from geodata.sources import OSM_ATTRIBUTION, SOURCES, check_sources, file_sha256
from geodata.verify import compare_distances, published_distances

SHIPPED = Path(str(files("geodata") / "shipped"))


def test_every_source_says_where_it_comes_from() -> None:
    for source in SOURCES:
        assert len(source.sha256) == 64
        assert source.licence and source.attribution and source.what_for and source.version


def test_changed_file_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = tmp_path / "lanes.geojson"
    other.write_text("{}")
    lanes = next(source for source in SOURCES if source.package == "searoute")
    source = replace(lanes, find=lambda: other)
    monkeypatch.setattr(sources, "SOURCES", (source,))
    monkeypatch.setattr(sources, "version", lambda package: source.version)
    with pytest.raises(SourceError, match="sha256 differs"):
        check_sources()
    other.unlink()
    with pytest.raises(SourceError, match=r"searoute 1\.6\.0 lacks marnet_searoute\.geojson"):
        check_sources()


def test_other_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "version", lambda package: "0.0.1")
    with pytest.raises(SourceError, match=r"scgraph_data 0\.0\.1 is installed, the build reads 2\.0\.0"):
        check_sources()


def test_missing_package_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(package: str) -> str:
        raise PackageNotFoundError(package)

    monkeypatch.setattr(sources, "version", missing)
    with pytest.raises(SourceError, match="scgraph_data is not installed; run: pip install"):
        check_sources()


def test_manifest_is_of_the_shipped_network(network: Network) -> None:
    found = json.loads((SHIPPED / "manifest.json").read_text("utf-8"))
    assert found.items() >= provenance(network).items()
    for name, file in found["files"].items():
        assert file_sha256(SHIPPED / name) == file["sha256"]


def test_data_card_is_of_the_shipped_network(network: Network) -> None:
    table = published_distances()
    table = table[table["mode"].isin(set(network.links["mode"].astype(str)))]
    shipped = (SHIPPED / "README.md").read_text("utf-8")
    assert shipped == data_card(network, compare_distances(network, table))
    assert OSM_ATTRIBUTION in shipped
    assert "ODbL" in shipped
    for source in SOURCES:
        assert source.sha256 in shipped
