"""What pages say in five languages: every text of the tables that pages show, and nothing besides."""

import json
import re
from pathlib import Path

import pytest

import corridor as co
from corridor.catalogue import shipped_catalogue
from corridor.closures import ClosureKind
from corridor.corridors import corridors
from corridor.draw import ATTRIBUTION, NOTES, cargo
from corridor.draw_places import OBJECTIVE_UNITS
from corridor.funnels import capacity_table, funnel_rows
from corridor.impedance import ITEMS
from corridor.legs import NEAR
from corridor.metrics import capacities
from corridor.notes import _notes
from corridor.page_ranges import UNITEMIZED
from corridor.page_tables import MIDDLE, OTHER_WAY
from corridor.page_words import all_languages, in_languages, page_words, phrase, place_names, sentences_in_languages
from corridor.periods import MONTHS
from corridor.scenario_files import load_scenario, scenario_names
from corridor.seasons import seasonal_closures
from corridor.study import load_study, study_names
from corridor.what_if import OUTDONE
from geodata.vocabulary import Mode
from maps.words import LANGUAGES, load_place_names, load_words

LOCALE = Path(co.__path__[0]) / "locale"
NOT_OF_ITEMS = {"% a year", "USD/t CO2e"}
"""Units of assumptions that no figure of a page rests on: interest, the carbon price."""


LENGTHS = {
    "line lengths of OpenStreetMap", "lengths of the sea lanes of searoute", "drawn by hand", "estimate: {source}",
    "great circle", "detour factor", "kilometre marks: {source}", "measured along the lines of {source}",
    "as stated by {source}",
}  # fmt: skip
TITLES = {
    "Best gateways to {name}", "How far {name} reaches", "The network by mode and gauge",
    "Terminals and their capacity", "{tonnes} t: {goods}, {unit}", "{scenario} and as asked",
}  # fmt: skip
NO_ROUTE = {
    "the network joins these places by no open way", "{unit}: only {modes}", "not loaded here: {names}",
    "a route again if reopened: {names}",
}  # fmt: skip


def names() -> set[str]:
    """Names of shipped files and of lines, which need an English text, too."""
    of_lines = {one.name for one in capacities() if one.kind in ("country", "area", "border")}
    return {*scenario_names(), *study_names(), "as asked"} | of_lines


def of_closures() -> set[str]:
    """Words of closures: why the shipped scenarios and the seasons shut something, and what kinds there are."""
    shut = [closure for month in range(1, 13) for closure in seasonal_closures(month)]
    for name in scenario_names():
        shut += load_scenario(name).closures
    kinds = {str(kind) for kind in ClosureKind} - {"gateway"}  # told by its name alone
    return {closure.reason for closure in shut} - {""} | kinds | {"all year", "from", "until"}


def shown(rates: co.Rates) -> set[str]:
    """Every text of the shipped tables that a page shows."""
    texts = {one.corridor for one in corridors()} | {one.name for one in corridors()} | {OTHER_WAY, MIDDLE}
    texts |= {item.name for item in ITEMS} | set(rates.table["unit"]) - NOT_OF_ITEMS | {*NOTES}
    texts |= (
        {*UNITEMIZED.values()}
        | {note.note for note in _notes()}
        | {*shipped_catalogue().commodities}
        | {*shipped_catalogue().load_units}
        | names()
    )
    whole = [load_scenario(name).note for name in scenario_names()] + [load_study(name).note for name in study_names()]
    texts |= {one.name for one in capacities() if one.kind != "terminal"} | {one.what for one in capacities()}
    texts |= {*funnel_rows(capacity_table()), "general knowledge"} | {label for *_, label in OBJECTIVE_UNITS.values()}
    texts |= set(co.load_network().links["closed_reason"].astype(str)) - {""} | TITLES | NO_ROUTE
    texts |= LENGTHS | {*ATTRIBUTION} | of_closures() | {NEAR, OUTDONE, "via", "closed", *MONTHS, *map(str, Mode)}
    return texts | {" ".join(note.split()) for note in whole}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_missing_or_unused(language: str, rates: co.Rates) -> None:
    wanted = names() if language == "en" else shown(rates)
    catalogue = load_words(language, "corridor")
    assert wanted - set(catalogue) == set(), f"{language}: shown in English for want of a translation"
    assert set(catalogue) - wanted == set(), f"{language}: no page shows these"
    for text, words in catalogue.items():
        assert isinstance(words, str) and words == words.strip() != "", text


def test_catalogues_have_one_order_and_no_key_twice() -> None:
    assert {path.stem for path in LOCALE.glob("*.json")} == set(LANGUAGES)
    for path in LOCALE.glob("*.json"):
        keys = [key for key, _ in json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=list)]
        assert len(keys) == len(set(keys)), path.name
        assert keys == [key for key in load_words("ru", "corridor") if path.stem != "en" or key in names()]


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_cyrillic_texts_are_in_cyrillic(language: str) -> None:
    for text, words in load_words(language, "corridor").items():
        assert re.search(r"[а-яәғқңөұүһі]", str(words).lower()), text
        assert not re.search(r"[a-z][а-яәғқңөұүһі]|[а-яәғқңөұүһі][a-z]", str(words).lower()), f"mixed letters: {words}"


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_translations_keep_the_figures(language: str) -> None:
    def figures(text: str) -> list[str]:
        joined = re.sub(r"(?<=\d)[ ., \N{NARROW NO-BREAK SPACE}](?=\d)", "", text)
        return sorted(figure for figure in re.findall(r"\d+", joined) if figure != "00")

    for text, words in load_words(language, "corridor").items():
        if re.search(r"\d{3}", text) and " " in text:
            assert set(figures(str(words))) >= {one for one in figures(text) if len(one) > 2}, text


def test_scenarios_and_studies_have_an_english_name() -> None:
    assert all(page_words()[name]["en"].casefold() != name or name in ("baseline", "as asked") for name in names())


def test_texts_without_translation_stay_as_they_are() -> None:
    assert in_languages("name", "my own corridor") == {"name": "my own corridor"}
    assert in_languages("note", OTHER_WAY, "!")["note_fr"] == "Autre voie!"
    assert all_languages("my own corridor") == dict.fromkeys(LANGUAGES, "my own corridor")
    assert all_languages("War risk in the\nBlack Sea.")["nl"] == "Oorlogsrisico op de Zwarte Zee."


def test_notes_of_a_route_follow_one_another_in_each_language() -> None:
    told = sentences_in_languages("note", ["War risk in the Black Sea.", "My own."])
    assert told["note"] == told["note_en"] == "War risk in the Black Sea. My own."
    assert told["note_ru"] == "Военный риск в Чёрном море. My own."
    assert sentences_in_languages("note", []) == {"note": ""}


def test_phrases_are_filled_in_the_reader_s_language() -> None:
    title = phrase("How far {name} reaches", name=place_names("Kostanay"))
    assert title["en"] == "How far Kostanay reaches"
    assert title["kk"] == "Жету аймағы: Қостанай"
    told = cargo(co.Shipment("wheat", tonnes=500, unit="container"))
    assert told["fr"] == "500 t : blé, conteneurs"


def test_every_terminal_has_a_russian_and_a_kazakh_name(network: co.Network) -> None:
    """But for the sites of firms, whose names are written in Latin in Russian and Kazakh too."""
    names = load_place_names()
    terminals = network.terminals
    others = {name for name in terminals["name"] if not {"ru", "kk"} <= set(names.get(name, {}))}
    assert others == set(terminals.loc[(terminals["role"] == "site") & terminals["name"].str.contains(","), "name"])
