"""Scenarios as TOML: those shipped in ``corridor/scenarios`` and the planner's own; shape: ``schema/scenario.csv``."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from corridor.closures import Closure, ClosureKind, Ring, ring_of_box
from corridor.documents import Document, near_names, read_document
from corridor.errors import CorridorError, ScenarioError
from corridor.periods import Period
from corridor.rate_changes import How, RateChange
from corridor.scenario import Scenario
from geodata.whole_files import write_whole

_HOME = files("corridor") / "scenarios"


@cache
def scenario_names() -> tuple[str, ...]:
    """Names of the scenarios that are shipped, the baseline first."""
    names = sorted(file.name.removesuffix(".toml") for file in _HOME.iterdir() if file.name.endswith(".toml"))
    return tuple(sorted(names, key=lambda name: name != "baseline"))


def load_scenario(scenario: str | Path) -> Scenario:
    """
    A shipped scenario by its name, or the planner's own from a ``.toml`` file.

    Raises
    ------
    ScenarioError
        No scenario of that name (the message offers the nearest), or a file that breaks the shape.
    """
    if not isinstance(scenario, str | Path):
        raise ScenarioError(f"a scenario is named by text or a file, not {scenario!r:.60}")
    return _load(scenario, Path(), ())


def save_scenario(scenario: Scenario, file: str | Path) -> None:
    """Write a scenario as TOML that `load_scenario` reads back as the same scenario."""
    import tomli_w

    document: Document = {"name": scenario.name, "note": scenario.note, "month": scenario.month}
    document["caspian_level_m"] = scenario.caspian_level_m
    document["closures"] = [_closure_table(closure) for closure in scenario.closures]
    document["rates"] = [_change_table(change) for change in scenario.rate_changes]
    write_whole(Path(file), tomli_w.dumps(_filled(document), multiline_strings=True).encode())


def _load(scenario: str | Path, folder: Path, waiting: tuple[str, ...]) -> Scenario:
    """A scenario by name or file; `waiting` are those that are based on it."""
    if isinstance(scenario, Path) or scenario.endswith(".toml"):
        file: Traversable | Path = folder / scenario
    else:
        name = scenario.strip().casefold().replace(" ", "-")
        if name not in scenario_names():
            raise ScenarioError(
                f"no scenario {scenario!r}; {near_names(name, scenario_names())}`corridor scenarios` lists them;"
                " a file of your own ends in .toml"
            )
        file = _HOME / f"{name}.toml"
    if str(file) in waiting:
        raise ScenarioError(f"{file.name} is based on itself")
    document = read_document(file, _HOME / "schema" / "scenario.csv")
    base = Scenario()
    if "based_on" in document:
        base = _load(document["based_on"], Path(str(file)).parent, (*waiting, str(file)))
    closures = [_closure(f"{file.name}, closures {i}", one) for i, one in enumerate(document.get("closures", ()), 1)]
    changes = [_change(f"{file.name}, rates {i}", one) for i, one in enumerate(document.get("rates", ()), 1)]
    return Scenario(
        document["name"],
        (*base.closures, *closures),
        document.get("note", "").strip(),
        document.get("month", base.month),
        document.get("caspian_level_m", base.caspian_level_m),
        (*base.rate_changes, *changes),
    )


def _closure(where: str, table: Document) -> Closure:
    kind = ClosureKind(_one_of(where, table, [kind.value for kind in ClosureKind]))
    target = table[kind.value]
    end = ""
    outline: tuple[Ring, ...] = ()
    if kind is ClosureKind.LINE:
        target, end = target
    elif kind is ClosureKind.COUNTRY:
        target = target.strip().upper()
    elif kind is ClosureKind.AREA:
        shape = _one_of(where, table, ["box", "polygon"])
        try:
            rings = [ring_of_box(table["box"])] if shape == "box" else table["polygon"]
        except CorridorError as error:
            raise ScenarioError(f"{where}: {error}") from error
        outline = tuple(tuple((float(lon), float(lat)) for lon, lat in ring) for ring in rings)
    try:
        return Closure(
            kind,
            str(target),
            table.get("reason", ""),
            table.get("by_mode", ""),
            tuple(table.get("commodities", ())),
            _period(table),
            end,
            outline,
            table.get("source", ""),
        )
    except CorridorError as error:
        raise ScenarioError(f"{where}: {error}") from error


def _change(where: str, table: Document) -> RateChange:
    how = How(_one_of(where, table, [how.value for how in How]))
    amount = table[how.value]
    low, base, high = amount if isinstance(amount, list) else (None, amount, None)
    named: dict[str, Any] = {
        name: table[name] for name in ("layer", "area", "terminal", "reason", "source") if name in table
    }
    named |= {"line": tuple(table["line"])} if "line" in table else {}
    try:
        return RateChange(table["quantity"], table["kind"], how, base, low, high, when=_period(table), **named)
    except CorridorError as error:
        raise ScenarioError(f"{where}: {error}") from error


def _period(table: Document) -> Period:
    return Period(tuple(table.get("months", ())), table.get("since"), table.get("until"))


def _one_of(where: str, table: Document, names: list[str]) -> str:
    given = [name for name in names if name in table]
    if len(given) != 1:
        raise ScenarioError(f"{where}: give one of {', '.join(names)}, not {' and '.join(given) or 'none of them'}")
    return given[0]


def _closure_table(closure: Closure) -> Document:
    target: Any = closure.target
    if closure.kind is ClosureKind.LINE:
        target = [closure.target, closure.end]
    elif closure.kind is ClosureKind.LINK:
        target = int(closure.target)
    table = {
        closure.kind.value: target,
        "polygon": [[list(point) for point in ring] for ring in closure.outline],
        "by_mode": closure.by_mode,
        "commodities": list(closure.commodities),
    }
    return _filled(table | _period_table(closure.when) | {"reason": closure.reason, "source": closure.source})


def _change_table(change: RateChange) -> Document:
    amounts = [change.at(level) for level in ("low", "base", "high")]
    table = {
        "quantity": change.quantity,
        "kind": change.kind,
        "layer": change.layer,
        "area": change.area,
        "terminal": change.terminal,
        "line": list(change.line),
        change.how.value: change.base if len(set(amounts)) == 1 else amounts,
    }
    return _filled(table | _period_table(change.when) | {"reason": change.reason, "source": change.source})


def _period_table(when: Period) -> Document:
    return {"months": list(when.months), "since": when.since, "until": when.until}


def _filled(table: Document) -> Document:
    """Without what is empty; a factor or an addition of 0 is not."""
    return {name: value for name, value in table.items() if value not in (None, "", [])}
