"""What stands behind the figures of routes: the assumptions used, each with its source, and which data they run on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from corridor.itemize import CARBON, INVENTORY
from corridor.rates import Level, Rates
from corridor.route import Route
from geodata.network import Network


def assumptions_used(routes: Sequence[Route]) -> pd.DataFrame:
    """
    The rows of the assumptions that the figures of some routes follow from, each once.

    Returns
    -------
    DataFrame
        Columns of ``assumptions/schema/rates.csv`` and those that `Rates.table` adds; ``level``, the column in force
        (low, base or high); ``used_in``, the legs that the row bears on as route.leg, counted from 1: ``1.2, 3.4``.

    Raises
    ------
    corridor.errors.CorridorError
        A route does not know its network and rates.
    """
    tables: dict[tuple[int, Level], Rates] = {}
    used: dict[tuple[tuple[int, Level], int], list[str]] = {}
    for number, route in enumerate(routes, start=1):
        items = route.items()
        if route.rates is None:
            continue
        if route.minimize != "generalized_usd":
            items = items[~items["item"].isin([INVENTORY, CARBON])]
        key: tuple[int, Level] = (id(route.rates.table), route.rates.level)
        tables[key] = route.rates
        for leg, row in items[["leg", "assumption"]].drop_duplicates().itertuples(index=False):
            used.setdefault((key, int(row)), []).append(f"{number}.{leg + 1}")
    parts = []
    for which, rates in tables.items():
        rows = sorted(row for where, row in used if where == which)
        bears_on = [", ".join(used[which, row]) for row in rows]
        parts.append(rates.table.iloc[rows].assign(level=rates.level, used_in=bears_on))
    return pd.concat(parts, ignore_index=True)


def data_facts(routes: Sequence[Route]) -> dict[str, str]:
    """
    Which data some routes run on, in words: ``program``, ``written`` (today), ``data_version`` and ``data_sources``.

    The version of a network that bears a manifest, as the shipped one does, holds fingerprints of its contents.
    """
    networks = {id(route.network): route.network for route in routes}.values()
    versions, packages = zip(*(_version_of(network) for network in networks), strict=True)
    sources = sorted(set().union(*packages))
    facts = {"program": f"Corridor {version('trade-corridor')}", "written": date.today().isoformat()}
    return facts | {"data_version": "; ".join(versions), "data_sources": ", ".join(sources) or "not known"}


def data_version(network: Network) -> str:
    """The program and the network in words, as pages tell them."""
    return f"Corridor {version('trade-corridor')}, {_version_of(network)[0]}"


def _version_of(network: Network | None) -> tuple[str, set[str]]:
    """Name and fingerprints of a network, and the packages it was made from as far as it says so."""
    if network is None:
        return "not known", set()
    home = Path(network.source)
    try:
        manifest = json.loads((home / "manifest.json").read_text("utf-8"))
        prints = [f"{name} {manifest[name]['content_sha256'][:12]}" for name in ("nodes", "links", "terminals")]
        packages = {source["package"] for source in manifest["sources"].values()}
    except (OSError, ValueError, KeyError, TypeError):  # none, or another program's
        return f"network {home.name}", set()
    return f"network {home.name}: {', '.join(prints)}", packages
