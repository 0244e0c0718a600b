"""Sentences of a page in five languages: what is shut, why and when, and by where a route goes."""

from datetime import date

from corridor.closures import Closure, ClosureKind
from corridor.page_sentences import cells, closures, via
from corridor.periods import Period


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


def test_cells_hold_only_what_differs() -> None:
    assert cells("reason", {"en": "ice", "ru": "лёд", "nl": "ice"}) == {"reason": "ice", "reason_ru": "лёд"}
