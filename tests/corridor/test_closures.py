"""Lines, areas, bans and dates of closures; gateways, countries and modes are in test_scenario."""

from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor as co
from corridor.closures import ClosureKind, links_of, ring_of_box
from geodata.network import Network

FLAX, WHEAT = co.Shipment("flaxseed", 1000.0), co.Shipment("wheat", 1000.0)


def shut(network: Network, scenario: co.Scenario, shipment: co.Shipment | None = None) -> set[int]:
    """Links that a scenario shuts beyond those that are shut anyway."""
    closed = scenario.closed_links(network, shipment) & ~co.BASELINE.closed_links(network)
    return set(np.flatnonzero(closed).tolist())


def hauls(network: Network, links: set[int]) -> list[tuple[str, str, float]]:
    rows = network.links.iloc[sorted(links)]
    return sorted(zip(rows["kind"], rows["layer"], rows["length_km"], strict=True))


# -------------------------------------------------------------------------------------------------- by mode, by cargo


def test_a_port_shut_to_one_mode(toy: Network) -> None:
    by_rail = shut(toy, co.Scenario().close("Aktau", mode="rail"))
    layers = set(toy.links["layer"].iloc[sorted(by_rail)])
    assert layers == {"rail-1520", "rail-1520>ferry", "ferry>rail-1520"}
    by_ferry = shut(toy, co.Scenario().close("Aktau", mode="ferry"))
    assert set(toy.links["layer"].iloc[sorted(by_ferry)]) == {"ferry", "rail-1520>ferry", "ferry>rail-1520"}
    assert by_rail | by_ferry == shut(toy, co.Scenario().close("Aktau"))


def test_a_country_shut_to_one_mode(toy: Network) -> None:
    kz = shut(toy, co.Scenario().close_country("KZ", mode="road"))
    assert ("haul", "road", 100.0) in hauls(toy, kz)
    assert not any(layer.startswith("rail-1520") and km for _, layer, km in hauls(toy, kz))


def test_a_mode_that_does_not_serve_the_place(toy: Network) -> None:
    with pytest.raises(
        co.ScenarioError, match=r"cannot close gateway 'Poti' by waterway: the network has no such link"
    ):
        co.Scenario().close("Poti", mode="waterway").closed_links(toy)


def test_a_ban_holds_for_its_commodities_alone(toy: Network) -> None:
    ban = co.Scenario("ban").close("Aktau", commodities=["wheat", "barley"])
    assert shut(toy, ban, WHEAT) == shut(toy, co.Scenario().close("Aktau"))
    assert not shut(toy, ban, FLAX)
    with pytest.raises(co.ScenarioError, match="Aktau for wheat, barley is closed: say which shipment"):
        ban.closed_links(toy)


def test_a_ban_reaches_the_routes(toy: Network, toy_rates: co.Rates) -> None:
    ban = co.Scenario("ban").close_country("RU", commodities=["wheat"], reason="quarantine")
    asked = {"minimize": "time_h", "rates": toy_rates}
    assert "Malaszewicze" in co.find_route(toy, "Kostanay", "Ghent", FLAX, ban, **asked).via
    assert "Aktau" in co.find_route(toy, "Kostanay", "Ghent", WHEAT, ban, **asked).via
    with pytest.raises(co.NoRouteError, match=r"country RU for wheat \(quarantine\) and Aktau are closed"):
        co.find_route(toy, "Kostanay", "Ghent", WHEAT, ban.close("Aktau"), **asked)
    for shipment, gateway in ((FLAX, "Malaszewicze"), (WHEAT, "Aktau")):
        found = co.find_corridors(toy, "Kostanay", "Ghent", shipment, ban, **asked)
        assert any(gateway in route.via for route in found)
        assert all("Malaszewicze" not in route.via for route in found) == (shipment is WHEAT)
    for shipment in (FLAX, WHEAT):
        usd = [
            co.cost_matrix(toy, ["Kostanay"], ["Malaszewicze"], shipment, scenario, rates=toy_rates).iat[0, 0]
            for scenario in (co.BASELINE, ban)
        ]
        assert (usd[1] > usd[0]) == (shipment is WHEAT)


def test_a_ban_of_what_is_no_commodity() -> None:
    with pytest.raises(co.ShipmentError, match="unknown commodity 'weat'; did you mean 'wheat'"):
        co.Scenario().close("Aktau", commodities=["weat"])
    with pytest.raises(co.ScenarioError, match="a list, not the text 'wheat'"):
        co.Scenario().close("Aktau", commodities="wheat")


# ------------------------------------------------------------------------------------------------------------- dates


def test_a_dated_closure_holds_in_its_months_and_where_no_month_is_asked(toy: Network) -> None:
    winter = co.Scenario().close("Aktau", when=co.Period((12, 1)))
    for month in range(1, 13):
        assert bool(shut(toy, winter.in_month(month))) == (month in (12, 1))
    assert shut(toy, winter)
    days = co.Scenario().close("Aktau", when=co.Period(since=date(2025, 9, 12), until=date(2025, 10, 2)))
    assert [month for month in range(1, 13) if shut(toy, days.in_month(month))] == [9, 10]


def test_why_there_is_no_route_tells_what_is_in_force(toy: Network, toy_rates: co.Rates) -> None:
    both = co.Scenario("cut").close("Ghent", reason="strike", when=co.Period((5,))).close("Aktau")
    co.find_route(toy, "Kostanay", "Ghent", FLAX, both.in_month(6), rates=toy_rates)
    with pytest.raises(co.NoRouteError) as caught:
        co.find_route(toy, "Kostanay", "Ghent", FLAX, both.in_month(5), rates=toy_rates)
    assert str(caught.value) == (
        'no route Kostanay → Ghent under "cut, May": Ghent (strike, May) and Aktau are closed.'
        " Reopening Ghent would restore one."
    )
    assert caught.value.restored_by == ("Ghent",)


# ------------------------------------------------------------------------------------------------------------- lines


def test_a_line_is_the_shortest_way_by_its_mode(toy: Network) -> None:
    line = shut(toy, co.Scenario().close_line("Kostanay", "Aktau"))
    assert hauls(toy, line) == [("haul", "rail-1520", 2000.0)]
    over_frontiers = shut(toy, co.Scenario().close_line("Kostanay", "Malaszewicze", reason="flood"))
    assert sum(km for _, _, km in hauls(toy, over_frontiers)) == 200 + 2400 + 600 + 10
    assert [kind for kind, _, _ in hauls(toy, over_frontiers)].count("border") == 3
    assert shut(toy, co.Scenario().close_line("Aktau", "Kostanay")) == line


def test_what_runs_beside_a_line_is_shut_with_it(toy: Network) -> None:
    crossings = shut(toy, co.Scenario().close_line("Aktau", "Alat", mode="ferry"))
    assert hauls(toy, crossings) == [("haul", "ferry", 400.0), ("haul", "ferry", 450.0)]


def test_a_line_begins_at_the_nearest_node_where_the_place_has_none(toy: Network) -> None:
    road = shut(toy, co.Scenario().close_line("Kostanay", "Tobol", mode="road"))  # Tobol is in no toy network
    assert hauls(toy, road) == [("haul", "road", 100.0)]


@pytest.mark.parametrize(
    ("start", "end", "mode", "says"),
    [
        ("Kostanay", "Ghent", "rail", "no way by rail alone joins the two"),  # two gauges
        ("Kostanay", "Riga", "rail", "no way by rail alone"),
        ("Kostanay", "Kostanay", "rail", "no way by rail alone"),
        ("Kostanay", "Ghent", "waterway", "no way by waterway alone"),
    ],
)
def test_what_is_no_line(toy: Network, start: str, end: str, mode: str, says: str) -> None:
    with pytest.raises(co.ScenarioError, match=says):
        co.Scenario().close_line(start, end, mode=mode).closed_links(toy)


def test_words_for_lines_areas_and_bans() -> None:
    scenario = (
        co.Scenario()
        .close_line("Beyneu", "Mangystau", reason="washout", when=co.Period((6,)))
        .close_area("delta", [ring_of_box((47, 45, 49, 47))], mode="road")
        .close("Aktau", mode="rail", commodities=["wheat"])
    )
    assert [str(closure) for closure in scenario.closures] == [
        "line Beyneu–Mangystau by rail (washout, June)",
        "area delta by road",
        "Aktau by rail for wheat",
    ]


def test_the_single_line_to_both_caspian_ports(network: Network) -> None:
    """Every train from the grain belt to Aktau and to Kuryk passes Beyneu–Mangystau, 404 km (FACTS.md, part 8)."""
    washout = co.Scenario("washout").close_line("Beyneu", "Mangystau")
    links = links_of(network, washout.closures[0])
    km = network.links["length_km"].iloc[links]
    assert km.sum() == pytest.approx(404, rel=0.02)
    open_line = set(links[(km > 5).to_numpy()].tolist())  # the rest are the way into the two stations
    by_rail = washout.close_mode("road").close_mode("sea").close_mode("ferry")
    for port in ("Aktau", "Kuryk"):
        direct = co.find_route(network, "Kostanay", port, FLAX, by_rail.reopening(washout.closures[0]))
        assert open_line <= {link for leg in direct.legs for link in leg.links}
        try:
            detour = co.find_route(network, "Kostanay", port, FLAX, by_rail)
        except co.NoRouteError as error:
            assert "line Beyneu–Mangystau by rail" in error.restored_by
        else:  # round by Uzbekistan, Turkmenistan and Bolashak
            assert detour.distance_km > direct.distance_km + 1_000


@pytest.mark.parametrize(
    ("here", "across", "frontier"),
    [
        ("Bolashak", "Serhetyaka", "KZ–TM"),
        ("Ozinki", "Semiglavy Mar", "KZ–RU"),
        ("Gardabani", "Boyuk Kesik", "AZ–GE"),
        ("Akyayla", "Incheh Borun", "IR–TM"),
    ],
)
def test_either_station_at_a_frontier_shuts_it(network: Network, here: str, across: str, frontier: str) -> None:
    def posts(station: str) -> set[int]:
        links = links_of(network, co.Scenario().close(station).closures[0])
        rows = network.links.iloc[links]
        return set(links[((rows["kind"] == "border") & rows["layer"].eq("rail-1520")).to_numpy()].tolist())

    assert posts(here) == posts(across) != set()
    assert set(network.links["name"].iloc[sorted(posts(here))]) == {frontier}


def test_a_station_does_not_shut_other_frontiers(network: Network) -> None:
    posts = links_of(network, co.Scenario().close("Kartaly").closures[0])
    assert set(network.links["terminal"].iloc[posts]) == {"RU_KARTALY"}


# ------------------------------------------------------------------------------------------------------------- areas


def test_an_area_shuts_what_touches_it(toy: Network) -> None:
    black_sea = [ring_of_box((28.0, 40.5, 42.0, 44.5))]
    touched = shut(toy, co.Scenario().close_area("Black Sea", black_sea))
    lines, box = toy.geometry(np.arange(len(toy.links))), shapely.box(28.0, 40.5, 42.0, 44.5)
    anyway = co.BASELINE.closed_links(toy)
    assert touched == {link for link in range(len(lines)) if lines[link].intersects(box) and not anyway[link]}
    by_sea = shut(toy, co.Scenario().close_area("Black Sea", black_sea, mode="sea"))
    assert by_sea < touched
    assert {layer for _, layer, km in hauls(toy, by_sea) if km} == {"sea"}


def test_an_area_with_a_hole(toy: Network) -> None:
    ring = ring_of_box((60, 50, 66, 56))
    around_kostanay = [ring, ring_of_box((63.55, 53.15, 63.65, 53.25))[::-1]]
    whole, holed = (co.Scenario().close_area("steppe", outline) for outline in ([ring], around_kostanay))
    assert shut(toy, holed) < shut(toy, whole)  # what never leaves the hole stays open
    inside = {number for number, code in enumerate(toy.links["terminal"]) if code == "KZ_KOSTANAY"}
    assert inside <= shut(toy, whole)
    assert not inside & shut(toy, holed)


@settings(max_examples=40, deadline=None)
@given(st.tuples(st.floats(-10, 60), st.floats(35, 55), st.floats(0.5, 30), st.floats(0.5, 10)))
def test_areas_agree_with_shapely_on_any_box(make_toy, box: tuple[float, float, float, float]) -> None:
    network = make_toy()
    west, south, wide, tall = box
    ring = ring_of_box((west, south, west + wide, south + tall))
    area, lines = shapely.Polygon(ring), network.geometry(np.arange(len(network.links)))
    wanted = {number for number, line in enumerate(lines) if line.intersects(area)}
    closure = co.Closure(ClosureKind.AREA, "box", outline=(ring,))
    if wanted:
        assert set(links_of(network, closure).tolist()) == wanted
    else:
        with pytest.raises(co.ScenarioError, match="no such link"):
            links_of(network, closure)


@pytest.mark.parametrize(
    ("outline", "says"),
    [
        ([[(0, 0), (1, 0), (1, 1)]], "at least four points"),
        ([[(0, 0), (1, 0), (1, 1), (0, 1)]], "the last the same as the first"),
        ([[(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)]], "crosses itself"),
        ([[(0, 0), (1, 0), (2, 0), (0, 0)]], "crosses itself or encloses nothing"),
        ([[(0, 0), (500, 0), (500, 1), (0, 0)]], "outside the world"),
        ([[(0, 0), (float("nan"), 0), (1, 1), (0, 0)]], "is no point"),
        ([[(0, 0), ("1", 0), (1, 1), (0, 0)]], "is no point"),
        ([], "an area, and only an area, has an outline"),
        ("POLYGON", "rings of lon, lat"),
        ([(0, 0), (1, 0)], "rings of lon, lat"),
    ],
)
def test_what_is_no_area(outline, says: str) -> None:
    with pytest.raises(co.ScenarioError, match=says):
        co.Scenario().close_area("odd", outline)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"kind": ClosureKind.GATEWAY, "target": "Aktau", "end": "Beyneu"}, "only a line, has two ends"),
        ({"kind": ClosureKind.LINE, "target": "Aktau"}, "only a line, has two ends"),
        ({"kind": ClosureKind.GATEWAY, "target": 7}, "told in text"),
        ({"kind": ClosureKind.GATEWAY, "target": "Aktau", "by_mode": "zeppelin"}, "unknown mode 'zeppelin'"),
        ({"kind": ClosureKind.MODE, "target": "zeppelin"}, "unknown mode 'zeppelin'"),
    ],
)
def test_what_is_no_closure(arguments: dict[str, object], says: str) -> None:
    with pytest.raises(co.ScenarioError, match=says):
        co.Closure(**arguments)
