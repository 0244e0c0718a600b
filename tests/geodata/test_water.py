"""Ships keep to the water, and the Caspian is a lake with one way out."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
import shapely
from scipy.sparse.csgraph import connected_components

from geodata.errors import SourceError
from geodata.network import Network
from geodata.read import natural_earth
from geodata.verify import ModeLines
from geodata.vocabulary import Kind
from geodata.water import Land

MOST_LAND_KM = 1.0
RIVERS = {
    "Volga",
    "Don",
    "Western Scheldt",
    "New Waterway",
    "Elbe",
    "Dardanelles",
    "Turkmenbashi channel",
    "Scheldt to Antwerp",
    "Lake Van ferry",
}
"""Names of sea links that are rivers, channels or a lake; canals and straits bear a passage."""
HARBOUR = re.compile(r".+ harbour$")
MOST_HARBOUR_KM = 15.0
CASPIAN = (
    "KZ_AKTAU",
    "KZ_KURYK",
    "AZ_ALAT",
    "AZ_BAKU",
    "TM_TURKMENBASHI",
    "IR_ANZALI",
    "IR_AMIRABAD",
    "RU_MAKHACHKALA",
    "RU_OLYA",
    "RU_ASTRAKHAN",
)
PORTS = {"AZ_BAKU": "49.87 40.37"}
"""Stands for the old port of Baku: the terminal Baku is a railway station."""
PUBLISHED = [
    ("KZ_AKTAU", "AZ_ALAT", 495),
    ("KZ_KURYK", "AZ_ALAT", 452),
    ("KZ_AKTAU", "AZ_BAKU", 468),
    ("TM_TURKMENBASHI", "AZ_ALAT", 315),
]


@pytest.fixture(scope="module")
def land() -> Land:
    try:
        return Land(natural_earth.read_land())
    except SourceError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def sea(network: Network) -> ModeLines:
    return ModeLines(network, "sea")


def _km(lines: ModeLines, a: str, b: str) -> float:
    return lines.distance_km([PORTS.get(a, a), PORTS.get(b, b)])


@pytest.mark.parametrize("layer", ["sea", "ferry"])
def test_no_link_crosses_land(network: Network, land: Land, layer: str) -> None:
    links = network.links
    name, passage = links["name"].astype(str), links["passage"].astype(str)
    excepted = (passage != "") | name.isin(RIVERS) | name.str.fullmatch(HARBOUR) | name.str.contains("Canal")
    numbers = np.flatnonzero((links["layer"] == layer) & (links["kind"] == Kind.HAUL) & ~excepted)
    km = land.crossed_km(network.geometry(numbers))
    bad = [
        f"{km[i]:.1f} km: {name.iat[n] or 'lane'} near {shapely.get_coordinates(line).mean(axis=0).round(2)}"
        for i, (n, line) in enumerate(zip(numbers, network.geometry(numbers), strict=True))
        if km[i] > MOST_LAND_KM
    ]
    assert not bad, f"{len(bad)} {layer} links cross land:\n" + "\n".join(bad)


def test_harbours_are_short(network: Network) -> None:
    harbours = network.links[network.links["name"].astype(str).str.fullmatch(HARBOUR)]
    assert len(harbours) > 10
    assert (harbours["length_km"] <= MOST_HARBOUR_KM).all(), harbours[["name", "length_km"]]


@pytest.mark.parametrize(("a", "b"), list(itertools.combinations(CASPIAN, 2)))
def test_caspian_distance_is_plausible(network: Network, sea: ModeLines, a: str, b: str) -> None:
    from geodata.measure import point_distance_km
    from geodata.tables import read_table

    at = read_table("terminals").set_index("terminal")
    straight_km = point_distance_km(*at.loc[a, ["lon", "lat"]], *at.loc[b, ["lon", "lat"]])
    km = _km(sea, a, b)
    assert straight_km * 0.97 < km < straight_km * 1.75 + 60.0, f"{a}–{b}: {km:.0f} km, {straight_km:.0f} km straight"


def test_caspian_distances_differ(sea: ModeLines) -> None:
    found = sorted(_km(sea, a, b) for a, b in itertools.combinations(CASPIAN, 2))
    assert min(np.diff(found)) > 0.05


@pytest.mark.parametrize(("a", "b", "km"), PUBLISHED)
@pytest.mark.parametrize("mode", ["sea", "ferry"])
def test_caspian_crossing(network: Network, mode: str, a: str, b: str, km: float) -> None:
    assert _km(ModeLines(network, mode), a, b) == pytest.approx(km, rel=0.03)


def test_the_western_scheldt_is_as_long_for_ships_as_by_its_kilometre_posts(network: Network) -> None:
    """Off Terneuzen to off the sea locks of Antwerp, without the ways into the docks."""
    river = ["3.845 51.355", "4.318 51.285"]
    ships, barges = (ModeLines(network, mode).distance_km(river) for mode in ("sea", "waterway"))
    assert ships == pytest.approx(barges, rel=0.05)


def test_lanes_through_the_dover_strait_keep_off_dungeness(network: Network, sea: ModeLines) -> None:
    """Through traffic keeps out of the inshore zone (COLREG rule 10): no lane within 5 km of the point."""
    lanes = network.geometry(sea._hauls)
    assert shapely.distance(shapely.MultiLineString(list(lanes)), shapely.Point(0.97, 50.91)) > 0.05


def test_caspian_reaches_the_ocean_only_by_the_volga_don_canal(network: Network) -> None:
    links = network.links
    afloat = links["layer"].isin(["sea", "ferry"]) & links["kind"].isin([Kind.HAUL])
    shut = links[afloat & (links["passage"] != "Volga–Don Canal")]
    from geodata.verify import _length_matrix

    part = connected_components(_length_matrix(shut, len(network.nodes)), directed=False)[1]
    aktau, constanta = (network.terminal_nodes[code, "sea"] for code in ("KZ_AKTAU", "RO_CONSTANTA"))
    assert part[aktau] != part[constanta]
    volga = ModeLines(network, "sea").distance_km(["KZ_AKTAU", "RO_CONSTANTA"])
    assert 2000 < volga < 2800
