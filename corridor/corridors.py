"""Corridors: named families of routes, told from the families of gateways that a route passes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import numpy.typing as npt

from corridor.closures import border_links
from corridor.errors import AssumptionError
from geodata.network import Network
from geodata.tables import read_checked


@dataclass(frozen=True)
class Corridor:
    """
    A named family of routes.

    ``requires`` holds sets of gateway families, from each of which a route must pass one; ``allows`` further families.
    """

    corridor: str
    name: str
    requires: tuple[frozenset[str], ...]
    allows: frozenset[str]

    def fits(self, families: Iterable[str]) -> bool:
        """Whether a route that passes these families belongs here."""
        passed = set(families)
        return all(wanted & passed for wanted in self.requires) and passed <= self.families

    @property
    def families(self) -> frozenset[str]:
        """Every family that its routes may pass."""
        return self.allows.union(*self.requires)


@cache
def corridors() -> tuple[Corridor, ...]:
    """The corridors of ``assumptions/corridors.csv``, in its order."""
    table = read_checked(_HOME / "corridors.csv", _HOME / "schema" / "corridors.csv")
    return tuple(
        Corridor(
            row.corridor,
            row.name,
            tuple(frozenset(_split(part, "|")) for part in _split(row.requires, ";")),
            frozenset(_split(row.allows, ";")),
        )
        for row in table.itertuples(index=False)
    )


def corridor_of(families: Iterable[str]) -> Corridor | None:
    """The first corridor that a route passing these families belongs to."""
    passed = set(families)
    return next((corridor for corridor in corridors() if corridor.fits(passed)), None)


def families(network: Network) -> tuple[str, ...]:
    """
    Every family of gateways.

    Raises
    ------
    AssumptionError
        A corridor names a family that has no gateway.
    """
    unknown = sorted(frozenset().union(*(corridor.families for corridor in corridors())) - set(_members(network)))
    if unknown:
        raise AssumptionError(f"corridors.csv: no gateway belongs to the family {', '.join(unknown)}")
    return tuple(_members(network))


def family_links(network: Network, family: str) -> npt.NDArray[np.int64]:
    """Links that pass a gateway of the family: transfers and access at its terminals, its passages and frontiers."""
    found = network.cache.setdefault("family links", {})
    if family not in found:
        parts = [np.zeros(0, dtype=np.int64)]
        for kind, member in _members(network)[family]:
            if kind == "terminal":
                parts.append(network.links_by("terminal").get(member, parts[0]))
            elif kind == "passage":
                parts.append(network.links_by("passage").get(member, parts[0]))
            else:
                pair, _, mode = member.partition(" ")
                links = border_links(network, pair)
                parts.append(links[(network.links["mode"].iloc[links] == mode).to_numpy()] if mode else links)
        found[family] = np.unique(np.concatenate(parts))
    result: npt.NDArray[np.int64] = found[family]
    return result


def family_of(network: Network, kind: str, member: str) -> str:
    """
    Family that a gateway belongs to, "" if none.

    `kind` and `member` are ``"terminal", "GE_POTI"``, or ``"passage", "Bosporus"``, or ``"border", "GE–TR road"``.
    """
    if "family of" not in network.cache:
        network.cache["family of"] = {found: name for name, members in _members(network).items() for found in members}
    families_of: dict[tuple[str, str], str] = network.cache["family of"]
    return families_of.get((kind, member), "") or families_of.get((kind, member.partition(" ")[0]), "")


_HOME = files("corridor") / "assumptions"


def _members(network: Network) -> dict[str, list[tuple[str, str]]]:
    """Members of every family as (terminal, passage or border; name)."""
    if "families" not in network.cache:
        members: dict[str, list[tuple[str, str]]] = {}
        for place in network.gazetteer.places:
            if place.gateway:
                members.setdefault(place.gateway, []).append(("terminal", place.terminal))
        table = read_checked(_HOME / "gateways.csv", _HOME / "schema" / "gateways.csv")
        for row in table.itertuples(index=False):
            member = ("passage", row.passage) if row.passage else ("border", f"{row.border} {row.mode}".strip())
            members.setdefault(row.family, []).append(member)
        network.cache["families"] = members
    found: dict[str, list[tuple[str, str]]] = network.cache["families"]
    return found


def _split(text: str, sign: str) -> list[str]:
    return [part.strip() for part in text.split(sign) if part.strip()]
