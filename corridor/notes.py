"""What a planner should know of what a route passes: gateways, and railways or countries under sanctions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from geodata.network import Network
from geodata.tables import read_checked
from geodata.vocabulary import Kind


@dataclass(frozen=True)
class Sanction:
    """A sanction on an operator or country, or a ban: where and by which mode ("" for all), since which year."""

    country: str
    mode: str
    what: str
    operator: str
    since: int
    source: str
    confidence: str
    note: str


@cache
def sanctions() -> tuple[Sanction, ...]:
    """The rows of ``assumptions/sanctions.csv``."""
    table = read_checked(_HOME / "sanctions.csv", _HOME / "schema" / "sanctions.csv")
    return tuple(Sanction(**row) for row in table.to_dict("records"))


def sanctioned_links(network: Network) -> npt.NDArray[np.bool_]:
    """Which links run in a country, and by a mode, that is under a sanction or ban, shape (number of links,)."""
    if "sanctioned" not in network.cache:
        found = np.zeros(len(network.links), dtype=bool)
        mode = network.links["mode"].astype(str).to_numpy()
        for row in sanctions():
            here = network.links_by("country").get(row.country, np.zeros(0, dtype=np.int64))
            found[here[(mode[here] == row.mode)] if row.mode else here] = True
        network.cache["sanctioned"] = found
    result: npt.NDArray[np.bool_] = network.cache["sanctioned"]
    return result


def notes_of(network: Network, links: Iterable[int], families: Iterable[str]) -> tuple[str, ...]:
    """Notes on what some links pass, in the order of the tables, each once."""
    passed: set[tuple[str, str]] = {("family", family) for family in families}
    moved: set[tuple[str, str]] = set()
    taken = network.links[["kind", "mode", "name", "country", "passage", "terminal"]].iloc[list(links)]
    for kind, mode, name, country, passage, terminal in taken.itertuples(index=False, name=None):
        if kind == Kind.HAUL:
            passed.add(("passage", passage))
            moved |= {(country, mode), (country, "")}
        elif kind == Kind.BORDER:
            passed |= {("border", name), ("border", f"{name} {mode}")}
        else:
            passed.add(("terminal", terminal))
    found = [note for about, note in _gateway_notes() if about in passed]
    found += [row.note for row in sanctions() if (row.country, row.mode) in moved]
    return tuple(dict.fromkeys(found))


_HOME = files("corridor") / "assumptions"


@cache
def _gateway_notes() -> tuple[tuple[tuple[str, str], str], ...]:
    table = read_checked(_HOME / "notes.csv", _HOME / "schema" / "notes.csv")
    return tuple(((row.kind, row.name), row.note) for row in table.itertuples(index=False))
