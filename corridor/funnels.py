"""What each stage of a way can pass in a month: ``assumptions/capacities.csv`` as tables and funnels."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import pandas as pd

from corridor.errors import AssumptionError
from corridor.metrics import Capacity, capacities
from corridor.page_words import all_languages, place_names
from geodata.network import Network
from geodata.tables import read_checked, read_table
from geodata.vocabulary import mode_of
from maps.words import LANGUAGES, load_words


def capacity_table() -> pd.DataFrame:
    """
    One row a known capacity, in thousand tonnes a month.

    Returns
    -------
    DataFrame
        ``kind``, ``name``, ``layer`` as in the file; ``terminal`` (code or ""), ``stage`` and ``what`` with
        translations; ``low``, ``base``, ``high``, ``source``, ``year``, ``confidence``, ``note``.
    """
    rows = []
    for one in capacities():
        texts = {"stage": _stage(one), "what": all_languages(one.what)}
        told = {f"{column}_{language}": words[language] for column, words in texts.items() for language in LANGUAGES}
        own = {name: getattr(one, name) for name in Capacity.__dataclass_fields__}
        rows.append(
            own
            | {"terminal": one.name if one.kind == "terminal" else ""}
            | {column: words["en"] for column, words in texts.items()}
            | told
        )
    return pd.DataFrame(rows)


def funnel_rows(table: pd.DataFrame) -> dict[str, list[int]]:
    """
    Name of each funnel of ``assumptions/funnels.csv`` → its rows of `capacity_table`, in the order of the stages.

    Raises
    ------
    AssumptionError
        A stage is no row of ``capacities.csv``.
    """
    at = {(row.kind, row.name, row.layer): number for number, row in enumerate(capacities())}
    result: dict[str, list[int]] = {}
    for row in _funnels().sort_values(["funnel", "stage"], kind="stable").to_dict("records"):
        key = (row["kind"], row["name"], row["layer"])
        if key not in at:
            raise AssumptionError(f"funnels.csv: no capacity is known of {' '.join(filter(None, key))}")
        result.setdefault(row["funnel"], []).append(int(table.index[at[key]]))
    return result


def terminal_capacities(network: Network) -> pd.DataFrame:
    """`capacity_table` of the terminals of a network alone, with their ``lon`` and ``lat``."""
    table = capacity_table()
    where = network.terminals.set_index("terminal")
    own = table[table["terminal"].isin(where.index)].reset_index(drop=True)
    places = {name: own["terminal"].map(where[name]) for name in ("lon", "lat")}
    kept = [
        "terminal",
        "name",
        "layer",
        "stage",
        "what",
        "low",
        "base",
        "high",
        "unit",
        "year",
        "confidence",
        "source",
        "note",
    ]
    return own.assign(name=own["terminal"].map(where["name"]), unit="kt/month", **places)[[*kept, "lon", "lat"]]


def _stage(one: Capacity) -> dict[str, str]:
    """What a capacity is of, in every language: "Aktau: rail → sea", "Railways of Kazakhstan"."""
    if one.kind != "terminal":
        return all_languages(one.name)
    names = place_names(_terminal_names().get(one.name, one.name))
    return {language: names[language] + _layer_words(one.layer, language) for language in LANGUAGES}


def _layer_words(layer: str, language: str) -> str:
    words = load_words(language)
    if not layer:
        return ""
    action, _, of = layer.partition(" ")
    if of:
        phrase = str(words[f"event_{action}"]).format(to=str(words[mode_of(of)]).lower())
        return f" – {phrase[0].lower()}{phrase[1:]}"
    start, _, end = layer.partition(">")
    return ": " + " → ".join(str(words[mode_of(part)]).lower() for part in (start, end))


@cache
def _terminal_names() -> dict[str, str]:
    table = read_table("terminals")
    return dict(zip(table["terminal"], table["name"], strict=True))


@cache
def _funnels() -> pd.DataFrame:
    home = files("corridor") / "assumptions"
    return read_checked(home / "funnels.csv", home / "schema" / "funnels.csv")
