"""Every shipped scenario: what it must change, and what it must not; and the shipped studies."""

from functools import cache
from itertools import product

import numpy as np
import pandas as pd
import pytest

import corridor as co
from corridor.closures import ClosureKind, links_of, shut_links
from corridor.impedance import price_links
from corridor.link_classes import classes_of
from corridor.scenario_files import scenario_names
from corridor.study import study_names
from geodata.network import Network
from geodata.vocabulary import Kind

FLAX, BARLEY = co.Shipment("flaxseed", 3000.0), co.Shipment("barley", 3000.0)
NAMES = [name for name in scenario_names() if name != "baseline"]


@cache
def scenario(name: str) -> co.Scenario:
    return co.load_scenario(name)


def by_corridor(network: Network, name: str, shipment: co.Shipment = FLAX, **asked: object) -> dict[str, co.Route]:
    routes = co.find_corridors(network, "Kostanay", "Ghent", shipment, scenario(name), **asked)
    return {route.corridor: route for route in routes}


def shut(network: Network, name: str, shipment: co.Shipment = FLAX) -> np.ndarray:
    """Numbers of the links that a scenario shuts beyond the baseline."""
    return np.flatnonzero(scenario(name).closed_links(network, shipment) & ~shut_links(network, ()))


def afloat(name: str) -> co.Scenario:
    """A scenario in which there is only the sea."""
    return scenario(name).close_mode("rail").close_mode("road").close_mode("waterway").close_mode("ferry")


# ------------------------------------------------------------------------------------------------------- all of them


def test_what_is_promised_is_shipped() -> None:
    assert scenario_names()[0] == "baseline"
    assert set(NAMES) == {
        "aktau-grain-ban", "bosporus-closed", "btk-at-capacity", "caspian-one-metre-lower", "caspian-winter",
        "kazakh-floods-april-2024", "loaders-at-kuryk", "low-rhine-danube", "no-russia-belarus", "novy-port-stop",
        "poland-belarus-border-closed", "red-sea-closed", "russian-transit-rules",
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_line_of_a_scenario_has_a_reason_and_a_source(name: str) -> None:
    one = scenario(name)
    assert one.name == name
    assert len(one.note) > 40
    assert one.closures or one.rate_changes or one.caspian_level_m is not None
    for what in (*one.closures, *one.rate_changes, *one.changes_in_force()):
        assert what.reason
        assert what.source


@pytest.mark.parametrize("name", NAMES)
def test_every_line_of_a_scenario_takes_hold(network: Network, name: str) -> None:
    """A misspelt gateway, layer or terminal would change nothing and nobody would see it."""
    for closure in scenario(name).closures:
        assert len(links_of(network, closure)), closure.label
    changed = scenario(name).rates_in_force(co.load_rates())
    for change in scenario(name).changes_in_force():
        classes = classes_of(network, changed.lines).classes
        assert any(change.concerns(change.quantity, link_class) for link_class in classes), change


@pytest.mark.parametrize("name", ["baseline", *NAMES])
def test_a_scenario_twice_gives_the_same_answer(network: Network, name: str) -> None:
    first, again = (
        co.find_route(network, "Kostanay", "Ghent", BARLEY, co.load_scenario(name), minimize="time_h") for _ in range(2)
    )
    assert first == again


@pytest.mark.parametrize("name", NAMES)
def test_a_closure_never_helps(network: Network, name: str) -> None:
    """Of what a scenario closes, whatever it does to prices."""
    closures_alone = co.Scenario("closed", scenario(name).closures)
    for objective in ("cost_usd", "time_h", "distance_km"):
        free, closed = (
            getattr(co.find_route(network, "Kostanay", "Ghent", BARLEY, each, minimize=objective), objective)
            for each in (co.BASELINE, closures_alone)
        )
        assert closed >= free * (1 - 1e-4)


def test_baseline(network: Network, rates: co.Rates) -> None:
    baseline = scenario("baseline")
    assert baseline == co.Scenario("baseline", note=baseline.note)
    assert (baseline.closed_links(network) == co.BASELINE.closed_links(network)).all()
    assert baseline.rates_in_force(rates) is rates


# ------------------------------------------------------------------------------------------------------- one by one


def test_caspian_winter(network: Network) -> None:
    usual, winter = by_corridor(network, "baseline"), by_corridor(network, "caspian-winter")
    assert "Volga–Don" in usual
    assert "Volga–Don" not in winter
    for corridor in ("Middle – deep sea", "Middle – Constanta", "Middle – Kars and Türkiye"):
        assert winter[corridor].time_h == pytest.approx(usual[corridor].time_h + 16 + 48)  # season and hard winter
        assert winter[corridor].cost_usd == usual[corridor].cost_usd
    for corridor in ("Northern", "Black Sea – Russia"):
        assert winter[corridor].time_h == usual[corridor].time_h


def test_aktau_grain_ban(network: Network) -> None:
    ban = scenario("aktau-grain-ban")
    by_land = ban.close_mode("road").close_mode("sea").close_mode("ferry")
    co.find_route(network, "Kostanay", "Aktau", FLAX, by_land)  # not grain
    with pytest.raises(co.NoRouteError, match=r"Aktau by rail for wheat, durum wheat, barley, maize \(the railway"):
        co.find_route(network, "Kostanay", "Aktau", BARLEY, by_land)
    co.find_route(network, "Kostanay", "Aktau", BARLEY, by_land.in_month(4))  # nor at other times
    only_aktau = ban.close("KZ–TM", "KZ–RU", "KZ–UZ", "CN–KZ", "KG–KZ", "Kuryk").close_mode("ferry")
    assert "Aktau" in co.find_route(network, "Aktobe", "Amirabad", BARLEY, only_aktau.in_month(4)).via
    with pytest.raises(co.NoRouteError):
        co.find_route(network, "Aktobe", "Amirabad", BARLEY, only_aktau.close_mode("road").in_month(10))
    assert len(shut(network, "aktau-grain-ban", FLAX)) == 0
    layers = set(network.links["layer"].iloc[shut(network, "aktau-grain-ban", BARLEY)])
    assert layers == {
        "rail-1520", "rail-1520>road", "road>rail-1520", "rail-1520>sea", "sea>rail-1520", "rail-1520>ferry",
        "ferry>rail-1520",
    }  # fmt: skip


def test_aktau_grain_ban_moves_barley_to_kuryk(network: Network) -> None:
    """The study Aktobe–Amirabad goes by ship from Aktau; shut to grain there, by a dearer and slower one."""
    asked = {"shipment": co.Shipment("barley", 5000.0)}
    ban = scenario("aktau-grain-ban")
    usual, banned, april = (
        {route.corridor: route for route in co.find_corridors(network, "Aktobe", "Amirabad", scenario=each, **asked)}
        for each in (co.BASELINE, ban, ban.in_month(4))
    )
    ship = "Middle – Caspian"
    assert "Aktau" in usual[ship].via
    assert usual[ship].km_by_mode().keys() == {"rail", "sea"}
    assert "Kuryk" in banned[ship].via
    assert banned[ship].cost_usd > usual[ship].cost_usd
    assert banned[ship].time_h > usual[ship].time_h
    assert banned["Southern"].legs == usual["Southern"].legs
    assert april[ship].legs == usual[ship].legs  # April has no season there
    flax = co.Shipment("flaxseed", 5000.0)
    free, named = (co.find_corridors(network, "Aktobe", "Amirabad", flax, each) for each in (co.BASELINE, ban))
    assert [route.legs for route in free] == [route.legs for route in named]


def test_kazakh_floods_april_2024(network: Network) -> None:
    flooded = network.links.iloc[shut(network, "kazakh-floods-april-2024")]
    assert set(flooded["mode"]) - {""} == {"road"}
    assert set(flooded["country"]) - {""} == {"KZ"}
    usual = by_corridor(network, "baseline")
    assert by_corridor(network, "kazakh-floods-april-2024").keys() == usual.keys()  # the railway stayed open
    by_road = co.Scenario("lorries").close_mode("rail").close_mode("sea").close_mode("ferry")
    dry = co.find_route(network, "Aktobe", "Aktau", FLAX, by_road, minimize="distance_km")
    wet = by_road.closing(*scenario("kazakh-floods-april-2024").closures)
    try:
        assert (
            co.find_route(network, "Aktobe", "Aktau", FLAX, wet, minimize="distance_km").distance_km > dry.distance_km
        )
    except co.NoRouteError as error:
        assert error.restored_by
    july = co.find_route(network, "Aktobe", "Aktau", FLAX, wet.in_month(7), minimize="distance_km")
    assert july.distance_km == dry.distance_km


def test_kazakh_floods_slow_the_railway_between_makat_and_beyneu_and_nothing_else(
    network: Network, rates: co.Rates
) -> None:
    floods = scenario("kazakh-floods-april-2024")
    usual = price_links(network, FLAX, rates)
    wet = price_links(network, FLAX, floods.rates_in_force(rates))
    line = links_of(network, co.Closure(ClosureKind.LINE, "Makat", end="Beyneu"))
    hauls = line[usual["distance_km"].to_numpy()[line] > 0]
    assert wet["time_h"].iloc[hauls].to_numpy() == pytest.approx(usual["time_h"].iloc[hauls].to_numpy() / 0.7)
    others = np.setdiff1d(np.arange(len(usual)), hauls)
    pd.testing.assert_frame_equal(wet.iloc[others], usual.iloc[others])
    for figure in ("distance_km", "cost_usd", "co2e_kg"):
        pd.testing.assert_series_equal(wet[figure], usual[figure])
    slower, dry = (by_corridor(network, name)["Middle – deep sea"] for name in (floods.name, "baseline"))
    km = usual["distance_km"].iloc[[link for leg in slower.legs for link in leg.links if link in set(hauls)]].sum()
    assert 250 < km < 350
    assert slower.time_h - dry.time_h == pytest.approx(24 * km / 670 * (1 / 0.7 - 1))
    assert by_corridor(network, floods.name)["Northern"].time_h == by_corridor(network, "baseline")["Northern"].time_h
    items = slower.items()
    assert set(items["where"][items["value"] == 670 * 0.7]) == {"Makat–Beyneu"}
    assert items["time_h"].sum() == pytest.approx(slower.time_h)
    july = price_links(network, FLAX, floods.in_month(7).rates_in_force(rates))["time_h"]
    assert july.iloc[hauls].to_numpy() == pytest.approx(usual["time_h"].iloc[hauls].to_numpy())


def test_poland_belarus_border_closed(network: Network) -> None:
    links = network.links.iloc[shut(network, "poland-belarus-border-closed")]
    assert set(links["name"]) == {"BY–PL"}
    assert set(links["kind"]) == {Kind.BORDER}
    assert set(links["mode"]) == {"rail", "road"}
    usual, closed = by_corridor(network, "baseline"), by_corridor(network, "poland-belarus-border-closed")
    assert "BY–PL" in usual["Northern"].via
    assert all("BY–PL" not in route.via for route in closed.values())
    assert "Northern" not in closed  # what is left in the north is a lorry's way, and called so
    for route in (usual["Northern – by road"], closed["Northern – by road"]):
        frontier = next(leg for leg in route.legs if {"BY–PL", "BY–LT"} & {crossed.name for crossed in leg.borders})
        assert frontier.mode == "road"
    for corridor in ("Baltic – Latvia and Lithuania", "Middle – deep sea"):
        assert closed[corridor].legs == usual[corridor].legs
    spring = co.find_corridors(network, "Kostanay", "Ghent", FLAX, scenario("poland-belarus-border-closed").in_month(5))
    assert any("BY–PL" in route.via for route in spring)


def test_russian_transit_rules(network: Network) -> None:
    usual, ruled = by_corridor(network, "baseline"), by_corridor(network, "russian-transit-rules")
    assert "Astrakhan" in usual["Volga–Don"].via
    assert ruled["Volga–Don"].via[0] == "Aktau"  # no wagon in Russia, no port of it
    assert ruled["Volga–Don"].cost_usd > usual["Volga–Don"].cost_usd
    for corridor in ("Baltic – Russia", "Baltic – Latvia and Lithuania", "Northern"):
        assert ruled[corridor].legs == usual[corridor].legs
    assert "St Petersburg" in ruled["Baltic – Russia"].via
    assert "Novorossiysk" in ruled["Black Sea – Russia"].via
    oilcake = co.Shipment("oilcake", 3000.0)  # is not named
    assert "Volga–Don" in by_corridor(network, "russian-transit-rules", oilcake)


def test_novy_port_stop(network: Network) -> None:
    usual, stopped = by_corridor(network, "baseline"), by_corridor(network, "novy-port-stop")
    assert "Baltic – Russia" in usual
    assert "Baltic – Russia" not in stopped
    assert "Novorossiysk" in stopped["Black Sea – Russia"].via
    for corridor in ("Baltic – Latvia and Lithuania", "Middle – deep sea"):
        assert stopped[corridor].legs == usual[corridor].legs
    march = co.find_corridors(network, "Kostanay", "Ghent", FLAX, scenario("novy-port-stop").in_month(3))
    assert any("St Petersburg" in route.via for route in march)  # the stop is over, the rules are not
    assert not any("Volga–Don Canal" in route.via for route in march)


def test_red_sea_closed(network: Network) -> None:
    """Shanghai–Rotterdam: 18,250 km by the Red Sea, 25,000 round the Cape, 8 to 10 days more (FACTS.md, part 2)."""
    suez, cape = (
        co.find_route(network, "Lianyungang", "Antwerp", FLAX, each, minimize="distance_km")
        for each in (afloat("baseline"), afloat("red-sea-closed"))
    )
    assert "Suez Canal" in suez.via
    assert "Cape of Good Hope" in cape.via
    assert 5_000 < cape.distance_km - suez.distance_km < 7_500
    assert 8 <= cape.days - suez.days <= 14
    usual, closed = by_corridor(network, "baseline"), by_corridor(network, "red-sea-closed")
    assert [route.legs for route in usual.values()] == [route.legs for route in closed.values()]


def test_bosporus_closed(network: Network) -> None:
    usual, closed = by_corridor(network, "baseline"), by_corridor(network, "bosporus-closed")
    gone = {corridor for corridor, route in usual.items() if "Bosporus" in route.via}
    assert {"Black Sea – Russia", "Middle – deep sea", "Volga–Don"} <= usual.keys() - closed.keys() <= gone
    assert all("Bosporus" not in route.via for route in closed.values())  # some corridors have a way without it
    for corridor in ("Middle – Constanta", "Middle – Kars and Türkiye"):  # the tunnel is open
        assert closed[corridor].legs == usual[corridor].legs
    with pytest.raises(co.NoRouteError):
        co.find_route(network, "Poti", "Antwerp", FLAX, afloat("bosporus-closed"))


def test_low_rhine_danube(network: Network, rates: co.Rates) -> None:
    by_barge = co.Scenario("barges").close_mode("rail").close_mode("road").close_mode("sea")
    dry = by_barge.changing(*scenario("low-rhine-danube").rate_changes)
    usual, low = (co.find_route(network, "Constanta", "Duisburg", FLAX, each) for each in (by_barge, dry))
    hauls = [
        sum(leg.cost_usd for leg in route.legs if leg.mode == "waterway" and leg.kind == "haul")
        for route in (usual, low)
    ]
    assert 1.35 < hauls[1] / hauls[0] < 2.0  # between convoys below Vienna and barges on the Rhine
    assert low.time_h == usual.time_h
    assert low.co2e_kg > usual.co2e_kg
    before, after = by_corridor(network, "baseline"), by_corridor(network, "low-rhine-danube")
    assert after["Middle – Danube"].cost_usd > before["Middle – Danube"].cost_usd + 10 * FLAX.tonnes
    dry_shod = {corridor for corridor, route in before.items() if "waterway" not in route.km_by_mode()}
    assert {"Baltic – Russia", "Middle – deep sea"} <= dry_shod  # the Northern way takes a barge from Duisburg
    for corridor in dry_shod:
        assert after[corridor].legs == before[corridor].legs


def test_low_water_is_counted_once(network: Network) -> None:
    """The season's low water and that of the scenario are both times the average year's: not one times the other."""
    dry = scenario("low-rhine-danube")
    for name in ("usd_per_tkm", "kg_co2e_per_tkm"):
        for month in (None, 5, 9):
            changes = dry.in_month(month).changes_in_force() if month else dry.changes_in_force()
            german = [one for one in changes if (one.quantity, one.layer, one.area) == (name, "waterway", "DE")]
            assert len(german) == 1
    by_barge = dry.close_mode("rail").close_mode("road").close_mode("sea")
    may, september = (co.find_route(network, "Constanta", "Duisburg", FLAX, by_barge.in_month(m)) for m in (5, 9))
    hauls = [
        sum(leg.cost_usd for leg in route.legs if leg.mode == "waterway" and leg.kind == "haul")
        for route in (may, september)
    ]
    assert hauls[1] == pytest.approx(hauls[0])


def test_no_russia_belarus(network: Network) -> None:
    usual, without = by_corridor(network, "baseline"), by_corridor(network, "no-russia-belarus")
    crossing = {
        corridor
        for corridor, route in usual.items()
        if {"RU", "BY"} & set(network.links["country"].iloc[[link for leg in route.legs for link in leg.links]])
    }
    assert {"Northern", "Baltic – Russia", "Black Sea – Russia", "Volga–Don"} <= crossing
    assert usual.keys() - without.keys() == crossing
    for corridor in usual.keys() - crossing:
        assert without[corridor].legs == usual[corridor].legs
    for route in without.values():
        links = network.links.iloc[[link for leg in route.legs for link in leg.links]]
        assert not {"RU", "BY"} & set(links["country"])


def test_caspian_one_metre_lower(network: Network) -> None:
    full = co.Shipment("barley", 7000.0)  # fills a ship at either level: nobody waits for other cargo
    usual, low = (
        co.find_route(network, "Aktau", "Amirabad", full, afloat(name))
        for name in ("baseline", "caspian-one-metre-lower")
    )
    assert low.time_h == usual.time_h
    at_sea = [next(leg for leg in route.legs if leg.kind == "haul") for route in (usual, low)]
    assert at_sea[1].cost_usd / at_sea[0].cost_usd == pytest.approx(5500 / 3800)
    before, after = by_corridor(network, "baseline"), by_corridor(network, "caspian-one-metre-lower")
    assert before.keys() == after.keys()
    assert after["Volga–Don"].cost_usd > before["Volga–Don"].cost_usd  # and above Black Sea – Russia, which hid it
    for corridor in ("Middle – deep sea", "Northern", "Southern"):  # ferries and railways carry what they did
        assert after[corridor].cost_usd == pytest.approx(before[corridor].cost_usd, rel=1e-7)  # two ways tie to 1e-8


def test_btk_at_capacity(network: Network) -> None:
    usual, full = by_corridor(network, "baseline"), by_corridor(network, "btk-at-capacity")
    for corridor, route in usual.items():
        waits = 240 if "Akhalkalaki" in route.via else 0
        assert full[corridor].time_h == pytest.approx(route.time_h + waits)
        assert full[corridor].cost_usd == route.cost_usd
    assert any("Akhalkalaki" in route.via for route in usual.values())


def test_loaders_at_kuryk(network: Network, rates: co.Rates) -> None:
    t_per_day = rates.lookup("t_per_day", (Kind.TRANSFER, "rail-1520>sea", "Caspian Sea", "KZ_KURYK"))
    fill_h = rates.lookup("fill_h", (Kind.TRANSFER, "rail-1520>sea", "Caspian Sea", "KZ_KURYK"))
    waits_h = fill_h * (1 - BARLEY.tonnes / 5000) / 2
    loads_h = 24 * BARLEY.tonnes / t_per_day
    saved_at_kuryk_h = waits_h + loads_h - fill_h / 2  # a ship loaded faster than others gather waits for them
    assert 24 * BARLEY.tonnes / 5400 < fill_h / 2 < loads_h
    assert 12 < saved_at_kuryk_h < loads_h - 24 * BARLEY.tonnes / 5400
    by_ship = co.Scenario("ship").close_mode("ferry").close_mode("road").close_country("TM").close_country("RU")
    loaders = by_ship.changing(*scenario("loaders-at-kuryk").rate_changes)
    for port, saved_h in (("Kuryk", saved_at_kuryk_h), ("Aktau", 0)):
        other = "Aktau" if port == "Kuryk" else "Kuryk"
        slow, fast = (
            co.find_route(network, "Aktobe", "Amirabad", BARLEY, each.close(other)) for each in (by_ship, loaders)
        )
        assert port in slow.via
        assert slow.time_h - fast.time_h == pytest.approx(saved_h)
        assert slow.cost_usd == fast.cost_usd
    usual, loaded = by_corridor(network, "baseline"), by_corridor(network, "loaders-at-kuryk")
    assert [route.legs for route in usual.values()] == [route.legs for route in loaded.values()]  # they take the ferry


# ----------------------------------------------------------------------------------------------------------- studies


def test_studies_that_are_promised_are_shipped() -> None:
    assert set(study_names()) == {
        "barley-aktobe-amirabad", "durum-kokshetau-zeebrugge", "flaxseed-kostanay-ghent", "lentils-astana-liege",
        "machinery-marke-almaty", "sunflower-oil-pavlodar-mersin", "wheat-petropavl-antwerp",
    }  # fmt: skip


@pytest.mark.parametrize("name", study_names())
def test_every_question_of_a_study_has_an_answer(network: Network, name: str) -> None:
    study = co.load_study(name)
    assert study.name == name
    assert len(study.note) > 40
    assert study.scenarios[0].name == "baseline"
    for shipment, one, month in product(study.shipments, study.scenarios, study.months):
        route = co.find_route(network, study.origins[0], study.destinations[0], shipment, one.in_month(month))
        assert route.cost_usd > 0
