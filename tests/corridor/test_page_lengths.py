"""Where lengths come from, told by kind in five languages; in English with every remark."""

import re

import pytest

import corridor as co
from corridor.page_lengths import GREAT_CIRCLE, length_sources
from corridor.page_tables import legs_table
from geodata.network import Network
from geodata.vocabulary import Kind

FERRY = "https://railturkey.org/2018 (service); length: general knowledge, confidence low"


@pytest.mark.parametrize(
    ("mode", "source", "english", "russian"),
    [
        ("rail", "package", "line lengths of OpenStreetMap", "длины линий по OpenStreetMap"),
        ("sea", "package", "lengths of the sea lanes of searoute", "длины морских путей по searoute"),
        ("rail", "drawn", "drawn by hand", "проведено на карте вручную"),
        ("rail", "weld", "", ""),
        ("road", "great circle × 1.3", "great circle × 1.3", "оценка: дуга большого круга × 1,3"),
        ("road", GREAT_CIRCLE, GREAT_CIRCLE, "оценка: дуга большого круга × коэффициент извилистости"),
        ("ferry", FERRY, FERRY, "оценка: общеизвестные данные, достоверность низкая"),
        ("rail", "general knowledge (by a book)", None, "оценка: общеизвестные данные"),
        ("waterway", "Danube Commission, kilometre marks (all)", None, "по километровым знакам: Danube Commission"),
        ("rail", "kilometre posts 1 and 2: a guess", None, "по километровым знакам: общеизвестные данные"),
        ("sea", "sailed length over the lanes of searoute 1.6.0 (9 nm)", None, "измерено по линиям searoute 1.6.0"),
        ("rail", "https://a.kz/b (700 km); course: general knowledge", None, "по данным https://a.kz/b"),
        ("road", "op", None, "по данным op"),
        ("road", "(op)", None, "по данным (op)"),
    ],
)
def test_a_length_is_told_by_its_kind(mode: str, source: str, english: str | None, russian: str) -> None:
    told = length_sources([(mode, source)])
    assert told["en"] == (source if english is None else english)
    assert told["ru"] == russian


def test_kinds_that_are_one_in_a_language_are_told_once() -> None:
    told = length_sources([("rail", "general knowledge (a) + great circle × 1.1"), ("rail", "general knowledge (b)")])
    assert told["en"] == "general knowledge (a); great circle × 1.1; general knowledge (b)"
    assert told["fr"] == "estimation : connaissances générales; estimation : grand cercle × 1,1"


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_lengths_of_the_shipped_network_leave_no_english_but_names(network: Network, language: str) -> None:
    links = network.links[network.links["kind"] == Kind.HAUL]
    for mode, source in links[["mode", "length_source"]].astype(str).drop_duplicates().itertuples(index=False):
        for one in source.split(" + "):
            told = length_sources([(mode, one)])
            kind = told[language].replace(one.partition(" (")[0], "")
            assert told["en"] == "" or re.search("[а-яәғқңөұүһі]{4}", kind.lower()), one
            assert not re.search(r"confidence|knowledge|circle|length", told[language]), one


def test_a_sea_leg_does_not_claim_to_be_of_openstreetmap(network: Network) -> None:
    legs = legs_table([co.find_route(network, "Poti", "Constanta")])
    sea = legs[legs["mode"] == "sea"]
    assert sea["length_source"].str.startswith("lengths of the sea lanes of searoute").all()
    assert sea["length_source_nl"].str.startswith("lengten van de vaarroutes van searoute").all()
