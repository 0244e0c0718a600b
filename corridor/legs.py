"""From a path of links to what a planner reads: legs, frontiers crossed and gateways passed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

import numpy as np
import numpy.typing as npt
import pandas as pd

from corridor.corridors import family_of
from corridor.graph import Path
from corridor.route import TOTALS, Crossing, Leg
from geodata.network import Network
from geodata.vocabulary import Kind

NEAR = "near {name}"
"""What the end of a leg on the open road is called; the catalogues have it in the other languages."""


def legs_of(network: Network, path: Path, prices: dict[str, npt.NDArray[np.float64]]) -> list[Leg]:
    """Runs of links that are one leg: hauls and frontiers of one layer together, everything else alone."""
    kind, layer, mode, name = (
        _taken(network.links, column, path.links) for column in ("kind", "layer", "mode", "name")
    )
    terminal = _taken(network.nodes, "terminal", path.nodes)
    moving = (kind == Kind.HAUL) | (kind == Kind.BORDER)
    legs = []
    for _, group in groupby(range(len(path.links)), key=lambda i: (moving[i], layer[i], -1 if moving[i] else i)):
        steps = list(group)
        first, last = steps[0], steps[-1]
        chosen = path.links[steps]
        totals = {figure: float(prices[figure][chosen].sum()) for figure in TOTALS}
        legs.append(
            Leg(
                mode=mode[first] if kind[first] != Kind.TRANSFER else "transfer",
                kind=Kind.HAUL.value if moving[first] else kind[first],
                origin=terminal[first],
                destination=terminal[last + 1],
                distance_km=totals["distance_km"],
                time_h=totals["time_h"],
                cost_usd=totals["cost_usd"],
                co2e_kg=totals["co2e_kg"],
                layer=f"{name[first]} {layer[first]}" if kind[first] == Kind.ACCESS else layer[first],
                borders=tuple(_crossings(network, path, [step for step in steps if kind[step] == Kind.BORDER], prices)),
                links=tuple(chosen.tolist()),
                nodes=tuple(path.nodes[first : last + 2].tolist()),
            )
        )
    return legs


def _crossings(
    network: Network, path: Path, steps: list[int], prices: dict[str, npt.NDArray[np.float64]]
) -> Iterator[Crossing]:
    for step in steps:
        link, node = int(path.links[step]), int(path.nodes[step])
        lon, lat = (float(network.nodes[column].to_numpy()[node]) for column in ("lon", "lat"))
        time_h, cost_usd, co2e_kg = (float(prices[figure][link]) for figure in ("time_h", "cost_usd", "co2e_kg"))
        yield Crossing(str(network.links["name"].array[link]), lon, lat, time_h, cost_usd, co2e_kg)


def _taken(table: pd.DataFrame, column: str, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    """Some cells of a text column as plain strings."""
    return np.array([str(value) for value in table[column].array.take(rows)], dtype=object)


def named_ends(network: Network, legs: list[Leg], origin: str, destination: str) -> list[Leg]:
    """Terminal codes replaced by names; where a leg begins or ends on the open road, it says near what."""
    by_terminal = network.gazetteer.by_terminal

    def name(code: str, joint: int) -> str:
        near = origin if joint <= 1 else destination
        return by_terminal[code].name if code in by_terminal else code or NEAR.format(name=near)

    return [
        replace(leg, origin=name(leg.origin, joint), destination=name(leg.destination, joint + 1))
        for joint, leg in enumerate(legs)
    ]


def gateways_of(network: Network, links: Iterable[int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the gateways that links pass and their families, each in order and once."""
    if "gateways" not in network.cache:
        network.cache["gateways"] = dict(_gateways(network))
    known: dict[int, tuple[str, str]] = network.cache["gateways"]
    passed = [known[link] for link in links if link in known]
    families = dict.fromkeys(family for _, family in passed if family)
    return tuple(dict.fromkeys(shown for shown, _ in passed)), tuple(families)


def _gateways(network: Network) -> Iterator[tuple[int, tuple[str, str]]]:
    """Every link that passes a gateway: its number, the gateway's name and its family ("" if it has none)."""
    table = network.links
    passages = np.concatenate([np.zeros(0, dtype=np.int64), *network.links_by("passage").values()])
    standing = [network.links_by("kind").get(kind, passages[:0]) for kind in (Kind.TRANSFER, Kind.BORDER)]
    chosen = np.unique(np.concatenate([passages, *standing]))
    columns = (_taken(table, column, chosen) for column in ("kind", "name", "mode", "passage", "terminal"))
    for link, kind, name, mode, passage, terminal in zip(chosen.tolist(), *columns, strict=True):
        if kind == Kind.TRANSFER:
            place = network.gazetteer.by_terminal.get(terminal)
            yield link, (place.name if place else terminal, family_of(network, "terminal", terminal))
        elif passage:
            if family := family_of(network, "passage", passage):
                yield link, (passage, family)
        elif family := family_of(network, "border", f"{name} {mode}"):
            yield link, (name, family)
