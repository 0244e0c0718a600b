"""Links that share their rates: found once for each network, so that prices are looked up once for each class."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt

from corridor.closures import line_links
from corridor.rates import LinkClass, Rates
from geodata.network import Network
from geodata.vocabulary import Kind, Mode, mode_of

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LinkClasses:
    """
    The class of every link, and what each class is.

    Attributes
    ----------
    code
        Number of the class of every link, shape (number of links,).
    classes
        Kind, layer, area and terminal of every class. The layer of access links is told as "loading rail-1520" or
        "discharge sea", that of rail hauls with "electric", "diesel" or "unknown" where the network tells of contact
        lines.
    countries
        Country of the terminal of every class, "" where there is none: goods enter it there.
    """

    code: IntArray
    classes: list[LinkClass]
    countries: list[str]

    @cached_property
    def modes(self) -> list[frozenset[str]]:
        """Modes that every class needs: of a transfer both sides."""
        return [modes_of(link_class) for link_class in self.classes]


@dataclass(frozen=True)
class LinkAmounts:
    """How much of a rate a link takes: kilometres, its share of the passage it is part of, locks. Shape (links,)."""

    km: FloatArray
    passage: FloatArray
    lock: FloatArray

    def of(self, per: str) -> FloatArray:
        """Amounts by name: km, passage, lock, or link (1 each)."""
        return {"km": self.km, "passage": self.passage, "lock": self.lock}.get(per, np.ones(len(self.km)))


@cache
def modes_of(link_class: LinkClass) -> frozenset[str]:
    """Modes that a class needs: of a transfer both sides."""
    kind, layer, *_ = link_class
    if kind == Kind.TRANSFER:
        return frozenset(mode_of(side) for side in layer.split(">"))
    return frozenset([mode_of(layer.split(" ")[1 if kind == Kind.ACCESS else 0])])


def classes_of(network: Network, lines: tuple[tuple[str, str, str], ...] = ()) -> LinkClasses:
    """Classes of the links of a network, found once; hauls on lines that have rates of their own are classes apart."""
    if lines:
        kept: dict[object, LinkClasses] = network.cache.setdefault("link classes with lines", {})
        if lines not in kept:
            kept[lines] = _apart(network, classes_of(network), lines)
        return kept[lines]
    known = network.cache.get("link classes")
    if isinstance(known, LinkClasses):
        return known
    links = network.links
    names = ["kind", "layer", "country", "area", "terminal", "name", "passage"]
    names += ["electrified"] if "electrified" in links else []
    columns = [links[name].astype("category") for name in names]
    texts = [[str(value) for value in column.cat.categories] for column in columns]
    codes = [column.cat.codes.to_numpy(np.int64) for column in columns]
    kinds = texts[0]
    is_haul = codes[0] == kinds.index(Kind.HAUL)
    codes[3] = _basins(network, codes[3], is_haul)
    codes[4] = np.where(is_haul, -1, codes[4])  # hauls are not priced by terminal, and their name does not matter
    codes[5] = np.where(is_haul | (links["kind"] == Kind.TRANSFER).to_numpy(), -1, codes[5])
    key = np.zeros(len(links), dtype=np.int64)
    for code, text in zip(codes, texts, strict=True):
        key = key * (len(text) + 1) + code + 1
    _, first, code = np.unique(key, return_index=True, return_inverse=True)
    told = [[text[number] if number >= 0 else "" for number in codes[i][first]] for i, text in enumerate(texts)]
    power = told[7] if len(told) > 7 else [""] * len(first)
    classes = [_told(*cells) for cells in zip(*told[:7], power, strict=True)]
    by_terminal = network.gazetteer.by_terminal
    countries = [by_terminal[terminal].country if terminal in by_terminal else "" for terminal in told[4]]
    found = LinkClasses(code, classes, countries)
    network.cache["link classes"] = found
    return found


def amounts_of(network: Network) -> LinkAmounts:
    """What rates per kilometre, passage and lock apply to; found once for each network."""
    known = network.cache.get("link amounts")
    if isinstance(known, LinkAmounts):
        return known
    links = network.links
    km = links["length_km"].to_numpy(float)
    share = np.zeros(len(links))
    for name, members in network.links_by("passage").items():
        if name:
            share[members] = km[members] / km[members].sum()
    lock = links["locks"].to_numpy(float) if "locks" in links else np.zeros(len(links))
    found = LinkAmounts(km, share, np.nan_to_num(lock))
    network.cache["link amounts"] = found
    return found


def rows_in_force(network: Network, rates: Rates, unit: str) -> dict[str, IntArray]:
    """The row of the assumptions that every class takes for every quantity, −1 for none; kept while keys last."""
    kept = network.cache.setdefault("assumption rows", {})
    key = (unit, rates.lines)
    if key not in kept or kept[key][0] != rates.keys:
        kept[key] = (rates.keys, rates.rows_of(classes_of(network, rates.lines).classes, unit))
    rows: dict[str, IntArray] = kept[key][1]
    return rows


def _apart(network: Network, found: LinkClasses, lines: tuple[tuple[str, str, str], ...]) -> LinkClasses:
    """Classes of which the hauls on lines are told by the line, but for what leads through a passage."""
    code, classes, countries = found.code.copy(), list(found.classes), list(found.countries)
    for start, end, mode in lines:
        on_line = line_links(network, start, end, Mode(mode))
        for number in np.unique(code[on_line]):
            kind, layer, area, passage = classes[number]
            if kind == Kind.HAUL and not passage:
                code[on_line[code[on_line] == number]] = len(classes)
                classes.append((kind, layer, area, f"{start}–{end}"))
                countries.append(countries[number])
    return LinkClasses(code, classes, countries)


def _basins(network: Network, area: IntArray, is_haul: npt.NDArray[np.bool_]) -> IntArray:
    """Areas of links, and for stops at a quay that of the sea there."""
    links = network.links
    start, end = links["from_node"].to_numpy(), links["to_node"].to_numpy()
    water = is_haul & links["mode"].isin([Mode.SEA, Mode.FERRY]).to_numpy()
    at_node = np.full(len(network.nodes), -1, dtype=np.int64)
    at_node[start[water]] = area[water]
    at_node[end[water]] = area[water]
    at_quay = np.where(at_node[end] >= 0, at_node[end], at_node[start])
    return np.where(is_haul | (at_quay < 0), area, at_quay)


def _told(
    kind: str, layer: str, country: str, area: str, terminal: str, name: str, passage: str, power: str
) -> LinkClass:
    if kind == Kind.HAUL:
        known = (
            {"yes": " electric", "no": " diesel", "unknown": " unknown"}.get(power, "")
            if mode_of(layer) == Mode.RAIL
            else ""
        )
        return kind, layer + known, area or country, passage
    if kind == Kind.BORDER:
        return kind, layer, name, terminal
    return kind, f"{name} {layer}" if kind == Kind.ACCESS else layer, area or country, terminal
