"""What pages say in five languages: every corridor, item and scenario, and nothing besides."""

from corridor.corridors import corridors
from corridor.impedance import ITEMS
from corridor.page_tables import OTHER_WAY
from corridor.page_words import in_languages, page_words
from corridor.scenario_files import scenario_names
from maps.words import LANGUAGES

OF_COMPARISONS = {"Before", "As before", "New way", "Against before"}


def test_every_corridor_item_and_scenario_has_all_languages() -> None:
    wanted = {corridor.corridor for corridor in corridors()} | {corridor.name for corridor in corridors()}
    wanted |= {item.name for item in ITEMS} | {*scenario_names()} - {"baseline"} | OF_COMPARISONS | {OTHER_WAY}
    assert wanted <= set(page_words())
    for text, words in page_words().items():
        assert set(LANGUAGES) - {"en"} <= set(words), text
        assert all(word == word.strip() != "" for word in words.values()), text


def test_scenarios_have_an_english_name() -> None:
    assert all(page_words()[name]["en"] != name for name in scenario_names() if name != "baseline")


def test_every_unit_of_the_assumptions_that_items_show(rates) -> None:
    shown = set(rates.table["unit"]) & set(page_words())
    assert {"h", "USD/t", "km/day", "USD/tkm"} <= shown


def test_texts_without_translation_stay_as_they_are() -> None:
    assert in_languages("name", "my own corridor") == {"name": "my own corridor"}
    assert in_languages("note", "Before", "!")["note_fr"] == "Avant!"
