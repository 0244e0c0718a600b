"""Sentences of a page in five languages: what is shut, why and when, and by where a route goes."""

from datetime import date

import pytest

import corridor as co
import corridor.draw
from corridor.closures import Closure, ClosureKind
from corridor.page_sentences import cells, closures, no_route, via
from corridor.page_tables import end_of_leg
from corridor.periods import Period
from geodata.network import Network


def test_a_closure_with_its_months() -> None:
    ice = Closure(ClosureKind.GATEWAY, "Volga–Don Canal", "ice", when=Period(months=(12, 1, 2, 3)))
    told = closures([ice])
    assert told["en"] == str(ice) == "Volga–Don Canal (ice, December–March)"
    assert told["ru"] == "Волго-Донской канал (лёд, декабрь–март)"
    assert told["kk"] == "Еділ–Дон каналы (мұз, желтоқсан–наурыз)"


def test_a_ban_with_its_days_and_cargo() -> None:
    days = Period(since=date(2025, 9, 12), until=date(2025, 9, 25))
    ban = Closure(ClosureKind.COUNTRY, "RU", "", by_mode="rail", commodities=("wheat",), when=days)
    assert closures([ban])["fr"] == "pays RU, rail: blé (12.09.2025–25.09.2025)"


def test_ways_and_unknown_words_stay_readable() -> None:
    assert via(("Kuryk", "Poti"))["ru"] == "через Курык · Поти"
    storm = closures([Closure(ClosureKind.GATEWAY, "Nowhere", "a storm of my own")])
    assert set(storm.values()) == {"Nowhere (a storm of my own)"}


def test_no_route_says_why_in_every_language(toy: Network) -> None:
    with pytest.raises(co.NoRouteError) as caught:
        co.find_route(toy, "Kostanay", "Riga")
    told = no_route(caught.value.why)
    assert told["en"] == "the network joins these places by no open way" and len(set(told.values())) == len(told)
    storm = co.Scenario("storm").close("Malaszewicze", "KZ-RU", "Aktau", "Alat", reason="wind")
    with pytest.raises(co.NoRouteError) as caught:
        co.find_route(toy, "Kostanay", "Ghent", scenario=storm)
    told = no_route(caught.value.why)
    assert told["en"].endswith("a route again if reopened: Malaszewicze + KZ-RU / Aktau + Alat")
    assert told["ru"].startswith("закрыто: Малашевиче (wind); ") and "Актау + Алят" in told["ru"]


def test_no_route_names_ends_that_do_not_load_the_unit(network: Network) -> None:
    with pytest.raises(co.NoRouteError) as caught:
        co.find_route(network, "Shalkar", "Ghent", co.Shipment("flaxseed", unit="container"))
    told = no_route(caught.value.why)
    assert "not loaded here: Shalkar" in told["en"] and told["en"].startswith("container: only ")
    assert told["ru"].startswith("контейнеры: только ")
    page = co.draw.draw_no_route("Shalkar", "Ghent", co.Shipment("flaxseed", unit="container"), caught.value).to_html()
    assert told["ru"] in page and told["kk"] in page


def test_an_end_on_the_open_road_is_told_in_every_language() -> None:
    assert end_of_leg("near Tashkent")["ru"] == "рядом: Tashkent"
    assert end_of_leg("near Kostanay")["kk"] == "маңында: Қостанай"
    assert cells("from_name", end_of_leg("Poti")) == {"from_name": "Poti"}


def test_cells_hold_only_what_differs() -> None:
    assert cells("reason", {"en": "ice", "ru": "лёд", "nl": "ice"}) == {"reason": "ice", "reason_ru": "лёд"}
