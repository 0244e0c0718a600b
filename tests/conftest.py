"""
Fixtures for all tests: a toy network whose answers are worked out by hand, and the network that is shipped.

The toy network (kilometres; ``=`` broad gauge, ``-`` standard gauge, ``~`` water, ``|`` frontier)::

    Kostanay =200=|KZ–RU|=2400=|BY–RU|=600=|BY–PL|=10= Malaszewicze -700-|DE–PL|-700- Hannover -300-|BE–DE|-200- Ghent
       =2000= Aktau ~400 or 450, two ferries~ Alat =450=|AZ–GE|=350= Poti ~1100~ Constanta
       Constanta -900-|HU–RO|-700-|AT–HU|-400-|AT–DE|-600- Hannover
       Poti ~1000~ Bosporus ~30~ Dardanelles ~60~ 6000~ Ghent       Constanta ~400~ Bosporus
       Riga is an island; Poti =50= RU is cut (closed_reason); roads: 100 km at Kostanay, 40 km at Ghent

Terminals bear codes of the gazetteer, so that gateways and corridors are told as in the shipped network.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
import shapely

import corridor as co
from geodata.network import LINK_COLUMNS, LINK_DEFAULTS, Network
from geodata.vocabulary import gauge_of, mode_of

TERMINALS = {  # code: lon, lat, layers
    "KZ_KOSTANAY": (63.6, 53.2, ("rail-1520", "road")),
    "KZ_AKTAU": (51.2, 43.6, ("rail-1520", "ferry")),
    "AZ_ALAT": (49.4, 40.0, ("rail-1520", "ferry")),
    "GE_POTI": (41.7, 42.2, ("rail-1520", "sea")),
    "RO_CONSTANTA": (28.7, 44.1, ("rail-1435", "sea")),
    "PL_MALASZ": (23.5, 52.0, ("rail-1520", "rail-1435")),
    "DE_HANNOVER": (9.7, 52.4, ("rail-1435",)),
    "BE_GHENT": (3.8, 51.2, ("rail-1435", "sea", "road")),
    "LV_RIGA": (24.1, 57.0, ("rail-1520",)),
}
POINTS = {  # name of a node on the way: lon, lat, layer, country
    "KZ|RU": (61.0, 53.5, "rail-1520", "KZ"),
    "RU|KZ": (61.0, 53.5, "rail-1520", "RU"),
    "RU|BY": (31.0, 54.7, "rail-1520", "RU"),
    "BY|RU": (31.0, 54.7, "rail-1520", "BY"),
    "BY|PL": (23.7, 52.1, "rail-1520", "BY"),
    "PL|BY": (23.7, 52.1, "rail-1520", "PL"),
    "PL|DE": (14.5, 52.3, "rail-1435", "PL"),
    "DE|PL": (14.5, 52.3, "rail-1435", "DE"),
    "DE|BE": (6.1, 50.8, "rail-1435", "DE"),
    "BE|DE": (6.1, 50.8, "rail-1435", "BE"),
    "AZ|GE": (45.2, 41.4, "rail-1520", "AZ"),
    "GE|AZ": (45.2, 41.4, "rail-1520", "GE"),
    "RO|HU": (21.3, 46.3, "rail-1435", "RO"),
    "HU|RO": (21.3, 46.3, "rail-1435", "HU"),
    "HU|AT": (17.1, 47.9, "rail-1435", "HU"),
    "AT|HU": (17.1, 47.9, "rail-1435", "AT"),
    "AT|DE": (13.4, 48.6, "rail-1435", "AT"),
    "DE|AT": (13.4, 48.6, "rail-1435", "DE"),
    "bosporus north": (29.2, 41.3, "sea", ""),
    "bosporus south": (29.0, 41.0, "sea", ""),
    "dardanelles": (26.1, 40.0, "sea", ""),
    "road KZ": (62.5, 52.7, "road", "KZ"),
    "road BE": (3.2, 51.0, "road", "BE"),
}
HAULS = """
KZ_KOSTANAY rail-1520 KZ|RU 200 KZ;          RU|KZ rail-1520 RU|BY 2400 RU;        BY|RU rail-1520 BY|PL 600 BY
PL|BY rail-1520 PL_MALASZ 10 PL;             PL_MALASZ rail-1435 PL|DE 700 PL;     DE|PL rail-1435 DE_HANNOVER 700 DE
DE_HANNOVER rail-1435 DE|BE 300 DE;          BE|DE rail-1435 BE_GHENT 200 BE;     KZ_KOSTANAY rail-1520 KZ_AKTAU 2000 KZ
KZ_AKTAU ferry AZ_ALAT 450 Caspian+Sea;      KZ_AKTAU ferry AZ_ALAT 400 Caspian+Sea
AZ_ALAT rail-1520 AZ|GE 450 AZ;              GE|AZ rail-1520 GE_POTI 350 GE;       GE_POTI rail-1520 RU|BY 50 RU cut
GE_POTI sea RO_CONSTANTA 1100 Black+Sea;     GE_POTI sea bosporus+north 1000 Black+Sea
RO_CONSTANTA sea bosporus+north 400 Black+Sea
bosporus+north sea bosporus+south 30 Marmara Bosporus
bosporus+south sea dardanelles 60 Marmara Dardanelles
dardanelles sea BE_GHENT 6000 Atlantic
RO_CONSTANTA rail-1435 RO|HU 900 RO;         HU|RO rail-1435 HU|AT 700 HU;         AT|HU rail-1435 AT|DE 400 AT
DE|AT rail-1435 DE_HANNOVER 600 DE;          KZ_KOSTANAY road road+KZ 100 KZ;      BE_GHENT road road+BE 40 BE
"""
BORDERS = ("KZ|RU", "RU|BY", "BY|PL", "PL|DE", "DE|BE", "AZ|GE", "RO|HU", "HU|AT", "AT|DE")
CUT = "line cut in the toy world"

TOY_RATES = """
km_per_day haul rail 480;          km_per_day haul rail-1520 240 area=KZ;   km_per_day haul road 600
km_per_day haul sea 480;           km_per_day haul sea 240 area=Black+Sea;  km_per_day haul ferry 240
usd_per_tkm haul rail 0.02;        usd_per_tkm haul rail-1435 0.04;         usd_per_tkm haul road 0.1
usd_per_tkm haul sea 0.005;        usd_per_tkm haul ferry 0.05
kg_co2e_per_tkm haul rail 0.02;    kg_co2e_per_tkm haul road 0.08
kg_co2e_per_tkm haul sea 0.01;     kg_co2e_per_tkm haul ferry 0.2
dwell_h transfer - 24;             dwell_h transfer rail>ferry 48;       dwell_h transfer rail>sea 240 terminal=GE_POTI
usd_per_t transfer - 10;           ship_usd_per_t transfer - 0;             ship_usd_per_t transfer rail>sea 4
usd_per_consignment transfer - 500; kg_co2e_per_t transfer - 1
dwell_h border - 12;               dwell_h border - 2 area=EU–EU;           dwell_h border - 6 area=EAEU–EAEU
dwell_h border rail 18 area=BY–PL; usd_per_t border - 0;                    kg_co2e_per_t border - 0
usd_per_consignment border - 200;  usd_per_consignment border - 0 area=EU–EU
dwell_h access loading+rail 36;    dwell_h access - 24;                     usd_per_t access - 4
ship_usd_per_t access - 0;         usd_per_consignment access - 300;        kg_co2e_per_t access - 0.5
interest_percent_per_year any - 8.76;                                       carbon_usd_per_t any - 100
"""
"""Round numbers. Interest of 8.76 % a year is 0.00001 an hour. Low is half of base, high is double."""


def make_toy_network(seed: int = 0) -> Network:
    """A fresh toy network; `seed` shuffles the contraction order, which must not change any answer."""
    nodes: list[tuple[float, float, str, str, str]] = []
    number: dict[tuple[str, str], int] = {}

    def add(name: str, lon: float, lat: float, layer: str, country: str, terminal: str = "") -> None:
        number[name, layer] = len(nodes)
        nodes.append((lon, lat, layer, country, terminal))

    for code, (lon, lat, layers) in TERMINALS.items():
        for layer in (*layers, "origin", "destination"):
            add(code, lon, lat, layer, "" if layer in ("sea", "ferry") else code[:2], code)
    for name, (lon, lat, layer, country) in POINTS.items():
        add(name, lon, lat, layer, country)

    links: list[dict[str, object]] = []

    def link(start: int, end: int, layer: str, kind: str, **cells: object) -> None:
        row: dict[str, object] = dict(LINK_DEFAULTS)
        mode = "" if kind == "transfer" else mode_of(layer)
        row |= {"from_node": start, "to_node": end, "mode": mode, "kind": kind, "layer": layer}
        row |= {"gauge_mm": gauge_of(layer)}
        links.append(row | {"length_source": "none", "oneway": kind in ("transfer", "access")} | cells)

    for text in HAULS.replace(";", "\n").strip().splitlines():
        start, layer, end, km, where, *rest = (part.replace("+", " ") for part in text.split())
        water = layer in ("sea", "ferry")
        link(
            number[start, layer], number[end, layer], layer, "haul", length_km=float(km), length_source="toy",
            country="" if water else where, area=where if water else "",
            passage=rest[0] if rest and rest[0] != "cut" else "", closed_reason=CUT if rest == ["cut"] else "",
        )  # fmt: skip
    for pair in BORDERS:
        start, end = pair, "|".join(reversed(pair.split("|")))
        layer = POINTS[pair][2]
        name = "–".join(sorted(pair.split("|")))
        link(number[start, layer], number[end, layer], layer, "border", country=pair[:2], name=name)
    for code, (_, _, layers) in TERMINALS.items():
        for layer in layers:
            cells = {"country": nodes[number[code, layer]][3], "terminal": code}
            link(number[code, "origin"], number[code, layer], layer, "access", name="loading", **cells)
            link(number[code, layer], number[code, "destination"], layer, "access", name="discharge", **cells)
            for other in layers:
                if other != layer:
                    name = f"{layer}>{other}"
                    link(number[code, layer], number[code, other], name, "transfer", name="transfer", **cells)

    node_table = pd.DataFrame(nodes, columns=["lon", "lat", "layer", "country", "terminal"])
    node_table["cch_rank"] = np.random.default_rng(seed).permutation(len(nodes)).astype(np.int32)
    link_table = pd.DataFrame(links)[list(LINK_COLUMNS)]
    at = node_table[["lon", "lat"]].to_numpy()
    ends = zip(link_table["from_node"], link_table["to_node"], strict=True)
    lines = np.empty(len(link_table), dtype=object)
    lines[:] = [shapely.LineString(at[list(pair)]) for pair in ends]
    for table in (node_table, link_table):
        for column in table.columns[[kind.kind not in "ifb" for kind in table.dtypes]]:
            table[column] = table[column].astype("category")
    return Network(node_table, link_table, source="the toy network of the tests", _geometry=lines)


def make_toy_rates() -> co.Rates:
    """Rates of the toy world: round numbers, low half of base, high double."""
    rows = []
    for text in TOY_RATES.replace(";", "\n").strip().splitlines():
        quantity, kind, layer, value, *rest = text.split()
        where = dict(part.replace("+", " ").split("=") for part in rest)
        base = float(value)
        rows.append(
            {
                "quantity": quantity, "kind": kind, "layer": "" if layer == "-" else layer.replace("+", " "),
                "area": where.get("area", ""), "terminal": where.get("terminal", ""),
                "low": base / 2, "base": base, "high": base * 2, "unit": "", "source": "toy", "year": 2024,
                "confidence": "high", "note": "", "file": "toy",
            }
        )  # fmt: skip
    return co.Rates(pd.DataFrame(rows))


@pytest.fixture
def toy() -> Network:
    """The toy network, fresh for each test."""
    return make_toy_network()


@pytest.fixture(scope="session")
def make_toy() -> Callable[..., Network]:
    """Maker of toy networks."""
    return make_toy_network


@pytest.fixture(scope="session")
def toy_rates() -> co.Rates:
    """Rates of the toy world."""
    return make_toy_rates()


@pytest.fixture(scope="session")
def thousand() -> co.Shipment:
    """A thousand tonnes of flaxseed: sums are easy."""
    return co.Shipment("flaxseed", tonnes=1000.0)


@pytest.fixture(scope="session")
def network() -> Network:
    """The shipped network, read once; tests do not change its tables."""
    return co.load_network()


@pytest.fixture(scope="session")
def rates() -> co.Rates:
    """The shipped assumptions."""
    return co.load_rates()
