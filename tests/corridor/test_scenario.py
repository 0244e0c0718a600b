"""Scenarios: pure values, and exactly the links that their closures name."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor as co
from corridor.closures import ClosureKind, links_of
from geodata.network import Network


def closed(network: Network, scenario: co.Scenario) -> set[int]:
    """Links that a scenario shuts beyond those that are shut anyway."""
    return set(np.flatnonzero(scenario.closed_links(network) & ~co.BASELINE.closed_links(network)).tolist())


def where(network: Network, **wanted: object) -> set[int]:
    links = network.links
    return set(np.flatnonzero(np.logical_and.reduce([links[name] == value for name, value in wanted.items()])).tolist())


def test_every_verb_returns_a_new_scenario() -> None:
    empty = co.Scenario("what if")
    for other in (
        empty.close("Aktau"), empty.close_country("RU"), empty.close_mode("sea"), empty.close_link(3),
        empty.closing(co.Closure(ClosureKind.MODE, "rail")),
    ):  # fmt: skip
        assert other is not empty
        assert len(other.closures) == 1
        assert other.name == "what if"
    assert empty.closures == ()
    one = empty.close("Aktau")
    assert one.reopening(*one.closures).closures == ()
    assert len(one.closures) == 1
    assert co.BASELINE.closures == ()


def test_scenarios_are_values() -> None:
    assert co.Scenario("a").close("Aktau") == co.Scenario("a").close("Aktau")
    assert len({co.Scenario("a").close("Aktau"), co.Scenario("a").close("Aktau")}) == 1
    with pytest.raises(AttributeError):
        co.BASELINE.name = "mine"  # type: ignore[misc]
    assert len(co.Scenario().close("Aktau").close("Aktau").closures) == 1
    assert len(co.Scenario().close("Aktau", "Kuryk", "Aktau").closures) == 2


def test_closed_links_is_the_callers_to_change(toy: Network) -> None:
    scenario = co.Scenario().close("Aktau")
    first = scenario.closed_links(toy)
    first[:] = True
    assert not scenario.closed_links(toy).all()
    assert not co.BASELINE.closed_links(toy).all()


def test_baseline_closes_what_the_network_says_is_closed(toy: Network) -> None:
    assert set(np.flatnonzero(co.BASELINE.closed_links(toy))) == where(toy, closed_reason="line cut in the toy world")
    assert co.BASELINE.closed_links(toy).sum() == 1


def test_a_closed_terminal_lets_trains_pass_but_handles_nothing(toy: Network) -> None:
    shut = closed(toy, co.Scenario().close("Malaszewicze"))
    assert shut == where(toy, terminal="PL_MALASZ")
    assert set(toy.links.loc[sorted(shut), "kind"]) == {"transfer", "access"}
    assert len(shut) == 2 + 2 + 2  # loading and discharge on two gauges, and the change both ways


@pytest.mark.parametrize(
    "names",
    [
        ("Aktau", "KZ_AKTAU", "kz_aktau", "Ақтау", "Актау", "AKTAU", "  aktau ", "KZAAU", "Порт Актау", "Aqtau"),
        ("Poti", "ფოთი", "Поти", "GEPTI"),
        ("Malaszewicze", "Małaszewicze", "małaszewicze", "Малашевиче", "Terespol"),
        ("Constanta", "Constanța", "Констанца", "ROCND"),
        ("Ghent", "Gent", "Gand", "Гент", "BEGNE"),
        ("Alat", "Ələt", "Алят", "AZ_ALAT"),
    ],
    ids=lambda names: names[0],
)
def test_a_terminal_by_any_of_its_names(toy: Network, names: tuple[str, ...]) -> None:
    first = closed(toy, co.Scenario().close(names[0]))
    assert first
    for name in names[1:]:
        assert closed(toy, co.Scenario().close(name)) == first, name


@pytest.mark.parametrize("name", ["Bosporus", "bosporus", "BOSPORUS "])
def test_a_passage(toy: Network, name: str) -> None:
    assert closed(toy, co.Scenario().close(name)) == where(toy, passage="Bosporus")


def test_passages_of_the_shipped_network(network: Network) -> None:
    for name in ("Bosporus", "Dardanelles", "Suez Canal", "Kiel Canal", "Volga–Don Canal", "Volga-Don canal"):
        assert closed(network, co.Scenario().close(name)), name


@pytest.mark.parametrize(
    "pair", ["BY–PL", "PL–BY", "BY-PL", "pl-by", "by—pl", "BY − PL", " PL - BY ", "BY‑PL"], ids=ascii
)
def test_a_frontier_in_any_order_with_any_dash(toy: Network, pair: str) -> None:
    shut = closed(toy, co.Scenario().close(pair))
    assert shut == where(toy, kind="border", name="BY–PL")
    assert len(shut) == 1


def test_a_country_with_its_frontiers_and_ports(toy: Network) -> None:
    shut = closed(toy, co.Scenario().close_country("ge"))
    assert where(toy, country="GE") <= shut
    assert where(toy, kind="border", name="AZ–GE") <= shut  # a link of Azerbaijan by its column
    assert where(toy, terminal="GE_POTI", layer="sea>rail-1520") <= shut
    assert where(toy, terminal="GE_POTI", layer="sea", name="loading") <= shut  # on the quay no country is noted
    assert not shut & where(toy, area="Black Sea")
    assert not shut & where(toy, country="KZ")
    assert not shut & where(toy, country="RO")


def test_avoiding_a_country_avoids_its_quays(network: Network) -> None:
    """Cargo for Ghent cannot come by ship while Belgium is shut, nor a ship load at Aktau while Kazakhstan is."""
    for start, end, country in (("Poti", "Ghent", "BE"), ("Aktau", "Turkmenbashi", "KZ"), ("Aktau", "Alat", "AZ")):
        co.find_route(network, start, end)
        with pytest.raises(co.NoRouteError, match=f"country {country} is closed"):
            co.find_route(network, start, end, scenario=co.Scenario().close_country(country))


@pytest.mark.parametrize("country", ["RU", "GE", "TR", "PL", "KZ"])
def test_nothing_is_done_in_a_closed_country(network: Network, country: str) -> None:
    shut = co.Scenario().close_country(country).closed_links(network)
    links = network.links
    assert shut[(links["country"] == country).to_numpy()].all()
    at_home = links["terminal"].astype(str).str.startswith(f"{country}_").to_numpy()
    assert at_home.any()
    assert shut[at_home].all()
    border = (links["kind"] == "border").to_numpy()
    named = np.array([country in name.split("–") for name in links["name"].astype(str)])
    assert shut[border & named].all()
    assert not shut[border & ~named & (links["closed_reason"] == "").to_numpy() & ~at_home].any()


@pytest.mark.parametrize("mode", ["rail", "road", "sea", "ferry"])
def test_a_mode(toy: Network, mode: str) -> None:
    shut = closed(toy, co.Scenario().close_mode(mode))
    assert shut == {link for link in where(toy, mode=mode) if toy.links["closed_reason"].iat[link] == ""}
    assert shut


def test_a_link(toy: Network) -> None:
    assert closed(toy, co.Scenario().close_link(5)) == {5}
    assert closed(toy, co.Scenario().close_link(np.int64(0))) == {0}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["Aktau", "Poti", "BY–PL", "Bosporus", "Ghent", "country RU", "mode sea"]), max_size=6))
def test_closures_add_up_and_reopening_takes_away(make_toy, names: list[str]) -> None:
    network = make_toy()
    scenario, parts = co.Scenario("sum"), set()
    for name in names:
        kind, _, what = name.rpartition(" ")
        one = co.Closure(ClosureKind(kind) if kind else ClosureKind.GATEWAY, what)
        scenario = scenario.closing(one)
        parts |= set(links_of(network, one).tolist())
    anyway = set(np.flatnonzero(co.BASELINE.closed_links(network)).tolist())
    assert set(np.flatnonzero(scenario.closed_links(network)).tolist()) == parts | anyway
    back = scenario.reopening(*scenario.closures)
    np.testing.assert_array_equal(back.closed_links(network), co.BASELINE.closed_links(network))


def test_reopening_one_of_two(toy: Network) -> None:
    both = co.Scenario().close("Aktau", reason="wind").close("Poti")
    assert closed(toy, both.reopening(both.closures[0])) == closed(toy, co.Scenario().close("Poti"))
    stranger = co.Closure(ClosureKind.GATEWAY, "Aktau")  # no reason: not the closure that is there
    assert both.reopening(stranger) == both


def test_words_for_closures() -> None:
    scenario = co.Scenario().close("Aktau", reason="wind").close_country("ru").close_mode("sea").close_link(7)
    assert [str(closure) for closure in scenario.closures] == ["Aktau (wind)", "country RU", "mode sea", "link 7"]


@pytest.mark.parametrize(
    ("scenario", "error", "text"),
    [
        (co.Scenario().close("Akta"), co.UnknownPlaceError, r"unknown place 'Akta'; did you mean Aktau"),
        (co.Scenario().close(""), co.UnknownPlaceError, r"unknown place ''"),
        (co.Scenario().close("63.6,53.2"), co.ScenarioError, r"a point cannot be closed"),
        (co.Scenario().close("KZ–BE"), co.ScenarioError, r"cannot close gateway 'KZ–BE'"),
        (co.Scenario().close("XX-YY"), co.ScenarioError, r"cannot close gateway 'XX-YY'"),
        (co.Scenario().close("Novorossiysk"), co.ScenarioError, r"cannot close gateway 'Novorossiysk'"),
        (co.Scenario().close_country("ZZ"), co.ScenarioError, r"country 'ZZ'.*its countries are AT, AZ, BE"),
        (co.Scenario().close_country(""), co.ScenarioError, r"country ''.*its countries are"),
        (co.Scenario().close_mode("waterway"), co.ScenarioError, r"mode 'waterway'"),
        (co.Scenario().close_link(10_000_000), co.ScenarioError, r"link '10000000'"),
        (co.Scenario().close_link(-1), co.ScenarioError, r"link '-1'"),
    ],
)
def test_what_does_not_exist_cannot_be_closed(toy: Network, scenario, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        scenario.closed_links(toy)


@pytest.mark.parametrize("mode", ["zeppelin", "", "Rail", "rail-1520"])
def test_an_unknown_mode_is_refused_at_once(mode: str) -> None:
    with pytest.raises(co.ScenarioError, match="choose from rail, road, sea, ferry, waterway"):
        co.Scenario().close_mode(mode)


def test_avoiding_russia_avoids_the_volga_don_canal(network: Network) -> None:
    shut = co.Scenario().close_country("RU").closed_links(network)
    assert shut[network.links_by("passage")["Volga–Don Canal"]].all()


@pytest.mark.parametrize(
    ("start", "end", "passage"),
    [
        ("Poti", "Derince", "Bosporus"),
        ("Derince", "Mersin", "Dardanelles"),
        ("Aktau", "Poti", "Volga–Don Canal"),
    ],
)
def test_closing_a_passage_cuts_the_water_in_two(network: Network, start: str, end: str, passage: str) -> None:
    """No lane slips past the links that bear the passage's name."""
    afloat = co.Scenario("by sea").close_mode("rail").close_mode("road").close_mode("waterway")
    assert passage in co.find_route(network, start, end, scenario=afloat).via
    with pytest.raises(co.NoRouteError):
        co.find_route(network, start, end, scenario=afloat.close(passage))
