"""Seasons and the level of the sea: what the tables say is what a month and a level do."""

import pytest

import corridor as co
from corridor.closures import links_of
from corridor.draught import LEVELS_M, draughts, level_changes, payload_t
from corridor.link_classes import classes_of
from corridor.seasons import seasonal_changes, seasonal_closures, seasons
from geodata.network import Network

MONTHS = range(1, 13)


def test_every_row_takes_effect_in_its_months_alone() -> None:
    in_force = {
        (row_months, what.reason)
        for month in MONTHS
        for what in (*seasonal_closures(month), *seasonal_changes(month))
        for row_months in [what.when.months]
        if month in row_months
    }
    wanted = {(tuple(map(int, row.months.split())), row.reason) for row in seasons().itertuples()}
    assert in_force == wanted
    assert all(
        month in what.when.months for month in MONTHS for what in (*seasonal_closures(month), *seasonal_changes(month))
    )


def test_every_season_is_of_this_network(network: Network) -> None:
    """A misspelt gateway or terminal would change nothing and nobody would see it."""
    for closure in {closure for month in MONTHS for closure in seasonal_closures(month)}:
        assert len(links_of(network, closure))
    classes = classes_of(network).classes
    for change in {change for month in MONTHS for change in seasonal_changes(month)}:
        assert any(change.concerns(change.quantity, link_class) for link_class in classes), str(change)


def test_a_season_needs_a_month(network: Network) -> None:
    assert co.BASELINE.closures_in_force() == co.BASELINE.changes_in_force() == ()
    for month in MONTHS:
        shut = {closure.label for closure in co.Scenario(month=month).closures_in_force()}
        assert shut == ({"Volga–Don Canal"} if month in (12, 1, 2, 3) else set())
    assert co.Scenario(month=1).closed_links(network).sum() > co.BASELINE.closed_links(network).sum()
    assert (co.Scenario(month=7).closed_links(network) == co.BASELINE.closed_links(network)).all()


def test_a_network_without_the_canal_has_winters_too(toy: Network, toy_rates: co.Rates) -> None:
    summer, winter = (
        co.find_route(toy, "Kostanay", "Constanta", scenario=co.Scenario(month=month), rates=toy_rates)
        for month in (7, 1)
    )
    assert summer.via == winter.via
    assert winter.time_h == pytest.approx(summer.time_h + 16)  # storms at Aktau
    with pytest.raises(co.UnknownPlaceError):  # but nobody may ask for what is not there
        co.Scenario().close("Volga–Don Canal").closed_links(toy)


def test_no_way_in_winter_says_why(network: Network) -> None:
    afloat = co.Scenario("by sea").close_mode("rail").close_mode("road").close_mode("waterway").close_mode("ferry")
    co.find_route(network, "Aktau", "Poti", scenario=afloat.in_month(7))
    with pytest.raises(co.NoRouteError, match=r'under "by sea, January"') as caught:
        co.find_route(network, "Aktau", "Poti", scenario=afloat.in_month(1))
    assert "Volga–Don Canal (ice, December–March)" in caught.value.closed
    assert "Volga–Don Canal" in caught.value.restored_by


@pytest.mark.parametrize(
    ("origin", "port", "destination", "avoid", "month", "more_h"),
    [
        ("Aktobe", "Aktau", "Alat", "RU", 2, 16),  # storms
        ("Aktobe", "Aktau", "Alat", "RU", 6, 0),
        ("Volgograd", "Astrakhan", "Amirabad", "IR", 2, 36),  # ice
        ("Volgograd", "Astrakhan", "Amirabad", "IR", 8, 0),
    ],
)
def test_waiting_that_a_season_adds(
    network: Network, origin: str, port: str, destination: str, avoid: str, month: int, more_h: float
) -> None:
    only = (
        co.Scenario()
        .close_mode("road")
        .close("Kuryk", "Olya", "Makhachkala", "AZ–RU")
        .close_country(avoid, mode="rail")
    )
    usual, then = (
        co.find_route(network, origin, destination, scenario=only.in_month(each), minimize="time_h")
        for each in (None, month)
    )
    assert port in usual.via
    assert usual.via == then.via
    assert then.time_h - usual.time_h == pytest.approx(more_h)


# ----------------------------------------------------------------------------------------------- the level of the sea


def test_draughts_are_of_every_caspian_port(network: Network) -> None:
    afloat = network.links_by("area")["Caspian Sea"]
    ends = network.links.iloc[afloat]
    nodes = network.nodes.loc[sorted({*ends["from_node"], *ends["to_node"]})]
    ports = set(nodes.loc[nodes["layer"] == "sea", "terminal"].astype(str)) - {""}
    assert set(draughts()["terminal"]) == ports | {""}


def test_at_the_reference_level_nothing_changes() -> None:
    assert set(draughts()["reference_level_m"]) == {-29.0}
    assert level_changes(-29.0) == ()
    assert co.Scenario(caspian_level_m=-29.0).changes_in_force() == ()


def test_a_lower_sea_by_hand() -> None:
    """5,500 t of a ship of 6,500 t; a metre takes 17 t a centimetre off: 3,800 t carry what 5,500 did."""
    row = next(row for row in draughts().itertuples() if row.terminal == "KZ_AKTAU")
    assert [payload_t(row, level, 17.0) for level in (-30.0, -29.0, -28.5, -27.0)] == [3800, 5500, 6350, 6500]
    changes = {(change.quantity, change.terminal): change for change in level_changes(-30.0)}
    haul = changes["usd_per_tkm", ""]
    assert (haul.area, haul.layer, haul.kind) == ("Caspian Sea", "sea", "haul")
    assert haul.base == pytest.approx(5500 / 3800)
    assert haul.low == pytest.approx(5500 / 4200)
    assert haul.high == pytest.approx(5500 / 3400)
    assert changes["ship_usd_per_t", "KZ_AKTAU"].base == haul.base


def test_a_full_ship_gains_nothing_from_more_water() -> None:
    high, higher = (level_changes(level)[0] for level in (-27.0, -26.0))
    assert high.base == higher.base == pytest.approx(5500 / 6500)


def test_the_lower_the_sea_the_dearer_the_ship_but_not_the_ferry(network: Network) -> None:
    barley = co.Shipment("barley", 7000.0)  # fills a ship at any level
    levels = [-26.0, -28.0, -29.0, -29.5, -30.0, LEVELS_M[0]]
    ship = co.Scenario("by ship").close_mode("ferry").close_mode("road").close_mode("rail")
    cost = [
        co.find_route(network, "Aktau", "Amirabad", barley, co.Scenario("sea", ship.closures, caspian_level_m=level))
        for level in levels
    ]
    assert [route.cost_usd for route in cost] == sorted(route.cost_usd for route in cost)
    assert cost[-1].cost_usd > 1.3 * cost[2].cost_usd
    assert len({route.time_h for route in cost}) == 1
    assert [route.co2e_kg for route in cost] == sorted(route.co2e_kg for route in cost)
    by_ferry = co.Scenario("by ferry").close_mode("sea").close_mode("road")
    low, usual = (
        co.find_route(network, "Aktobe", "Alat", barley, co.Scenario("f", by_ferry.closures, caspian_level_m=level))
        for level in (-30.0, None)
    )
    assert low.cost_usd == usual.cost_usd


@pytest.mark.parametrize("level", [-35.0, 0.0, 29.0, float("nan"), float("inf"), "-29", True])
def test_levels_that_cannot_be(level: object) -> None:
    with pytest.raises(co.ScenarioError, match="the Caspian Sea cannot lie at"):
        co.Scenario(caspian_level_m=level)


@pytest.mark.parametrize("month", [0, 13, -1, 1.5, "May", True])
def test_months_that_cannot_be(month: object) -> None:
    with pytest.raises(co.ScenarioError, match="is no month"):
        co.Scenario(month=month)


@pytest.mark.parametrize(
    "arguments",
    [{"name": 7}, {"note": None}, {"closures": ["Aktau"]}, {"closures": ("Aktau",)}, {"rate_changes": (1,)}],
)
def test_values_of_the_wrong_type(arguments: dict[str, object]) -> None:
    with pytest.raises(co.ScenarioError):
        co.Scenario(**arguments)
