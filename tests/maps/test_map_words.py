"""The catalogues: every key is there and used, and the same gaps are filled in all languages."""

import csv
import json
import re
from pathlib import Path

import pytest

import maps
from maps.basemap import load_labels
from maps.cells import share_texts
from maps.detail_tables import CONFIDENCES
from maps.route_tables import EVENTS
from maps.words import LANGUAGES, check_text, load_place_names, load_words, text_in

PACKAGE = Path(maps.__path__[0])
PLURAL_FORMS = {
    "en": {"one", "other"},
    "ru": {"one", "few", "many", "other"},
    "kk": {"one", "other"},
    "fr": {"one", "many", "other"},
    "nl": {"one", "other"},
}
"""Unicode CLDR's cardinal forms of each language; the browser test asks the browser for the same."""
OF_STUDIES = {"average_year", "best_by", "months_asked"}
"""Keys that whoever gives the index of a study its facts asks for."""
BUILT = (
    set(maps.MODE_STYLES)
    | OF_STUDIES
    | {f"event_{event}" for event in EVENTS}
    | {f"confidence_{confidence}" for confidence in CONFIDENCES}
    | {f"panel_{panel}" for panel in ("legs", "charts", "compare", "certainty")}
    | {f"badge_{badge}" for badge in ("fastest", "cheapest", "lowest_co2e", "shortest", "most_certain")}
)
"""Keys that scripts put together; the sources must hold the prefix."""


def test_translations_are_told_once_and_own_ones_stay() -> None:
    data = [
        {"name": "Aktau", "name_ru": "Актау", "name_fr": "Aktaou", "name_nl": "Aktau"},
        {"steps": [{"what": "Aktau", "what_ru": "Порт Актау", "what_fr": "Aktaou"}]},
        {"name": "Alone"},
    ]
    assert share_texts(data) == {"Aktau": {"ru": "Актау", "fr": "Aktaou"}}
    assert data == [{"name": "Aktau"}, {"steps": [{"what": "Aktau", "what_ru": "Порт Актау"}]}, {"name": "Alone"}]


def phrases(value: str | dict[str, str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value.values())


def gaps(phrase: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", phrase))


def asked() -> set[str]:
    """Keys that the scripts and the pages' frames ask for by name."""
    scripts = "".join(path.read_text(encoding="utf-8") for path in sorted((PACKAGE / "templates").glob("*.js")))
    python = "".join(path.read_text(encoding="utf-8") for path in sorted(PACKAGE.glob("*.py")))
    frames = "".join(path.read_text(encoding="utf-8") for path in sorted((PACKAGE / "templates").glob("*.html")))
    quoted = set(re.findall(r'"([a-z]\w*)"', scripts + python)) | set(re.findall(r"\bwords\.(\w+)", scripts))
    quoted |= set(re.findall(r"{{ (\w+) }}", frames))
    for prefix in ("event_", "confidence_", "panel_", "badge_"):
        assert f"`{prefix}${{" in scripts
    return quoted


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_is_missing_or_unused(language: str) -> None:
    words = load_words(language)
    assert list(words) == list(load_words("en")), "same keys, same order"
    assert set(words) >= BUILT
    assert set(words) - BUILT - asked() == set(), "no script asks for these"
    scripts = "".join(path.read_text(encoding="utf-8") for path in sorted((PACKAGE / "templates").glob("*.js")))
    said = set(re.findall(r'(?:say|unit|range|signed)\("(\w+)"', scripts))
    assert len(said) > 50
    assert said <= set(words), "the page would break on these"


@pytest.mark.parametrize("language", LANGUAGES)
def test_phrases_have_the_same_gaps_and_all_plural_forms(language: str) -> None:
    for key, value in load_words(language).items():
        english = load_words("en")[key]
        assert isinstance(value, dict) == isinstance(english, dict), key
        if isinstance(value, dict):
            assert set(value) == PLURAL_FORMS[language], key
        expected = gaps(phrases(english)[-1])
        for phrase in phrases(value):
            assert phrase == phrase.strip() != "", key
            assert gaps(phrase) == expected, key


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_cyrillic_catalogues_are_translated(language: str) -> None:
    same = {key for key, value in load_words(language).items() if value == load_words("en")[key]}
    assert same <= {"unknown", "swd", "swod", "from_to"}


def test_catalogues_are_files_of_their_language_only() -> None:
    assert {path.stem for path in (PACKAGE / "locale").glob("*.json")} == set(LANGUAGES)
    for path in (PACKAGE / "locale").glob("*.json"):
        keys = [key for key, _ in json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=list)]
        assert len(keys) == len(set(keys)), path.name
    with pytest.raises(maps.AssetError, match="known: en, ru, kk, fr, nl"):
        load_words("xx")


def test_names_of_places_and_countries_are_complete() -> None:
    for label in load_labels():
        assert all(label[f"text_{language}"] for language in LANGUAGES if language != "en"), label["text"]
    with (PACKAGE / "tables" / "place_names.csv").open(encoding="utf-8", newline="") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    assert len(names) == len(set(names)) == len(load_place_names())
    for name, translated in load_place_names().items():
        assert {"ru", "kk"} <= set(translated), name
        for language in ("ru", "kk"):
            assert not re.search(r"[A-Za-z]", translated[language]), f"{name} in {language}"
    assert load_place_names()["Kostanay"]["kk"] == "Қостанай"


def test_the_table_s_own_name_goes_before_the_shipped_one() -> None:
    from maps.cells import read_place

    assert read_place({"name": "Aktau", "name_ru": "Порт Актау"}, "name") == {
        "name": "Aktau",
        "name_ru": "Порт Актау",
        "name_kk": "Ақтау",
        "name_fr": "Aktaou",
    }
    assert read_place({"name": "Nowhere"}, "name") == {"name": "Nowhere"}


def test_texts_of_the_caller_may_be_in_several_languages() -> None:
    assert check_text("plain", "title") == "plain"
    assert text_in({"ru": "Да", "en": "Yes"}, "ru") == "Да"
    assert text_in({"en": "Yes"}, "kk") == "Yes"
    for bad in ({"xx": "?"}, {}):
        with pytest.raises(maps.BadTableError, match="title: languages must be among en, ru"):
            check_text(bad, "title")
