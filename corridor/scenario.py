"""Scenarios: what is closed, and why. A scenario is a value; every verb returns a new one."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from corridor.errors import ScenarioError
from geodata.network import Network
from geodata.places import normalize
from geodata.vocabulary import Kind, Mode


class ClosureKind(StrEnum):
    """What the target of a closure is."""

    GATEWAY = "gateway"
    """A terminal, a named passage, or a frontier such as BY–PL."""
    COUNTRY = "country"
    MODE = "mode"
    LINK = "link"


@dataclass(frozen=True)
class Closure:
    """Something shut, with the reason."""

    kind: ClosureKind
    target: str
    reason: str = ""

    def __str__(self) -> str:
        name = self.target if self.kind is ClosureKind.GATEWAY else f"{self.kind} {self.target}"
        return f"{name} ({self.reason})" if self.reason else name


@dataclass(frozen=True)
class Scenario:
    """
    A what-if: ``Scenario("storm").close("Aktau", reason="wind").close_country("RU")``.

    The baseline closes nothing but what is closed in the network itself (``links["closed_reason"]``).
    """

    name: str = "baseline"
    closures: tuple[Closure, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.closures, tuple) or not all(isinstance(one, Closure) for one in self.closures):
            raise ScenarioError(f"closures must be a tuple of Closure, not {self.closures!r:.60}: use the close verbs")

    def close(self, *gateways: str, reason: str = "") -> Scenario:
        """Close gateways: terminals by any of their names, passages ("Suez Canal"), frontiers ("BY–PL")."""
        wrong = [target for target in gateways if not isinstance(target, str)]
        if wrong:
            raise ScenarioError(f"gateways are closed by their names, one by one, not {wrong[0]!r:.60}")
        return self.closing(*(Closure(ClosureKind.GATEWAY, target, reason) for target in gateways))

    def close_country(self, code: str, *, reason: str = "") -> Scenario:
        """Close all links in a country (ISO 3166 alpha-2), its frontiers and its ports."""
        if not isinstance(code, str):
            raise ScenarioError(f"a country is closed by its two letters, not {code!r:.60}")
        return self.closing(Closure(ClosureKind.COUNTRY, code.strip().upper(), reason))

    def close_mode(self, mode: str, *, reason: str = "") -> Scenario:
        """Close a whole mode: rail, road, sea, ferry or waterway."""
        if mode not in set(Mode):
            raise ScenarioError(f"unknown mode {mode!r}: choose from {', '.join(Mode)}")
        return self.closing(Closure(ClosureKind.MODE, mode, reason))

    def close_link(self, link: int, *, reason: str = "") -> Scenario:
        """Close one link of the network by its number."""
        return self.closing(Closure(ClosureKind.LINK, str(int(link)), reason))

    def closing(self, *closures: Closure) -> Scenario:
        """With further closures; one that is there already is not added again."""
        return replace(self, closures=tuple(dict.fromkeys(self.closures + closures)))

    def reopening(self, *closures: Closure) -> Scenario:
        """Without the given closures."""
        return replace(self, closures=tuple(closure for closure in self.closures if closure not in closures))

    def closed_links(self, network: Network) -> npt.NDArray[np.bool_]:
        """
        Which links are shut, shape (number of links,): those closed in the network and those this scenario closes.

        Raises
        ------
        ScenarioError
            A closure names a country, passage, frontier or link that the network does not have.
        geodata.errors.UnknownPlaceError
            A closure names a place that is in no gazetteer.
        """
        closed = np.zeros(len(network.links), dtype=bool)
        for links in network.links_by("closed_reason").values():
            closed[links] = True
        for closure in self.closures:
            closed[links_of(network, closure)] = True
        return closed


BASELINE = Scenario()


def links_of(network: Network, closure: Closure) -> npt.NDArray[np.int64]:
    """Numbers of the links that a closure shuts."""
    none = np.zeros(0, dtype=np.int64)
    if closure.kind is ClosureKind.GATEWAY:
        found = _gateway_links(network, closure.target)
    elif closure.kind is ClosureKind.LINK:
        number = int(closure.target)
        found = np.array([number], dtype=np.int64) if 0 <= number < len(network.links) else none
    elif closure.kind is ClosureKind.COUNTRY:
        found = _country_links(network, closure.target)
    else:
        found = network.links_by(closure.kind.value).get(closure.target, none)
    if not len(found):
        known = ""
        if closure.kind is ClosureKind.COUNTRY:
            known = f"; its countries are {', '.join(sorted(network.links_by('country')))}"
        raise ScenarioError(f"cannot close {closure.kind} {closure.target!r}: the network has no such link{known}")
    return found


_FRONTIER = re.compile(r"\s*([A-Z]{2})\s*[-‐‑‒–—−]\s*([A-Z]{2})\s*")


def _country_links(network: Network, code: str) -> npt.NDArray[np.int64]:
    """Links in a country, its frontiers from either side, and what its ports do at the quay, where no country is."""
    by_terminal = network.links_by("terminal")
    here = [
        place.terminal for place in network.gazetteer.places if place.country == code and place.terminal in by_terminal
    ]
    frontiers = [name for name in network.links_by("name") if code in name.split("–")]
    parts = [by_terminal[terminal] for terminal in here] + [border_links(network, name) for name in frontiers]
    parts.append(network.links_by("country").get(code, np.zeros(0, dtype=np.int64)))
    return np.unique(np.concatenate(parts))


def _gateway_links(network: Network, target: str) -> npt.NDArray[np.int64]:
    """Links of a passage, of a frontier, or the transfers, access links and border posts of a terminal."""
    for name, links in network.links_by("passage").items():
        if normalize(name) == normalize(target):
            return links
    sides = _FRONTIER.fullmatch(target.upper())
    if sides:
        return border_links(network, "–".join(sorted(sides.groups())))
    place = network.gazetteer.find(target)
    if not place.terminal:
        raise ScenarioError(
            f"{target}: a point cannot be closed; name a terminal, a passage or a frontier such as BY–PL"
        )
    return network.links_by("terminal").get(place.terminal, np.zeros(0, dtype=np.int64))


def border_links(network: Network, pair: str) -> npt.NDArray[np.int64]:
    """Border links between two countries, named as ``BY–PL``."""
    links = network.links_by("name").get(pair, np.zeros(0, dtype=np.int64))
    is_border: npt.NDArray[np.bool_] = (network.links["kind"].iloc[links] == Kind.BORDER).to_numpy()
    return links[is_border]
