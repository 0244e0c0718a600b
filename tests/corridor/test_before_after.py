"""Before and after a closure on one page."""

import pytest

import corridor as co
from corridor.before_after import _change
from geodata.network import Network

STORM = co.Scenario("storm").close("Aktau", reason="wind")


@pytest.fixture
def before(toy: Network, toy_rates: co.Rates, thousand: co.Shipment) -> list[co.Route]:
    return co.find_corridors(toy, "Kostanay", "Ghent", thousand, rates=toy_rates)


def test_both_sets_are_shown_and_what_shuts_the_rest(before, toy, toy_rates, thousand) -> None:
    after = co.find_corridors(toy, "Kostanay", "Ghent", thousand, STORM, rates=toy_rates)
    html = co.draw_comparison(before, after).to_html()
    assert '"note":"As before' in html
    assert '"note":"Before' in html
    assert "Aktau (wind)" in html
    assert "baseline → storm" in html


def test_deltas_are_of_the_same_corridor(before, toy, toy_rates, thousand) -> None:
    later = co.find_corridors(toy, "Kostanay", "Ghent", co.Shipment("flaxseed", tonnes=500.0), rates=toy_rates)
    northern, own = (next(route for route in routes if route.corridor == "Northern") for routes in (later, before))
    said = _change(northern, before)["note"]
    assert f"{(northern.cost_usd_per_t - own.cost_usd_per_t):+.1f} USD/t" in said
    assert _change(own, before)["note"].startswith("As before")
    assert _change(own, [])["note"].startswith("New way")


def test_what_cannot_be_compared_is_refused(before, toy, toy_rates, thousand) -> None:
    elsewhere = co.find_route(toy, "Kostanay", "Poti", thousand, rates=toy_rates)
    with pytest.raises(co.CorridorError, match="between the same two places"):
        co.draw_comparison(before, elsewhere)
    with pytest.raises(co.CorridorError, match="no route to draw"):
        co.draw_comparison(before, [])
