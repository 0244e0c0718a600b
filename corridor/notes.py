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


@dataclass(frozen=True)
class Note:
    """A sentence on a family of gateways, a terminal, a passage, a frontier, or a country's mode."""

    kind: str
    name: str
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


def notes_of(network: Network, links: npt.NDArray[np.int64], families: Iterable[str]) -> tuple[str, ...]:
    """Notes on what some links pass, in the order of the tables, each once."""
    if "noted" not in network.cache:
        network.cache["noted"] = [(row, _noted(network, row)) for row in _notes()]
    noted: list[tuple[Note, npt.NDArray[np.bool_]]] = network.cache["noted"]
    passed = set(families)
    found = [
        row.note for row, here in noted if (row.name in passed if row.kind == "family" else bool(here[links].any()))
    ]
    return tuple(dict.fromkeys(found))


def _noted(network: Network, row: Note) -> npt.NDArray[np.bool_]:
    """Which links a note is about; of a family, its gateways tell."""
    none = np.zeros(0, dtype=np.int64)
    name, _, mode = row.name.partition(" ") if row.kind in ("border", "country") else (row.name, "", "")
    column = "name" if row.kind == "border" else row.kind
    about = none if row.kind == "family" else network.links_by(column).get(name, none)
    if row.kind == "country":
        about = about[(network.links["kind"].iloc[about] == Kind.HAUL).to_numpy()]
    if mode:
        about = about[(network.links["mode"].iloc[about] == mode).to_numpy()]
    here = np.zeros(len(network.links), dtype=bool)
    here[about] = True
    return here


_HOME = files("corridor") / "assumptions"


@cache
def _notes() -> tuple[Note, ...]:
    table = read_checked(_HOME / "notes.csv", _HOME / "schema" / "notes.csv")
    rows = [Note(row.kind, row.name, row.note) for row in table.itertuples(index=False)]
    return (*rows, *(Note("country", f"{row.country} {row.mode}".strip(), row.note) for row in sanctions()))
