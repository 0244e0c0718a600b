"""Studies as TOML: a shipment, where from and to, in which months and under which scenarios (``corridor/studies``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from corridor.catalogue import Catalogue, shipped_catalogue
from corridor.documents import near_names, read_document
from corridor.errors import CorridorError, ScenarioError
from corridor.impedance import OBJECTIVES
from corridor.periods import Period
from corridor.scenario import BASELINE, Scenario
from corridor.scenario_files import load_scenario
from corridor.shipment import Shipment

_HOME = files("corridor") / "studies"
MAPS = ("network", "terminals", "reach", "hinterland")
"""Pages that a report may have beside those of the ways."""


@dataclass(frozen=True)
class Study:
    """
    Every origin with every destination, shipment, month and scenario.

    Attributes
    ----------
    origins, destinations
        Places by any of their names.
    shipments
        What moves: the same cargo in one load unit or several.
    months
        Of departure; none for an average year alone.
    scenarios
        What is compared, the baseline among it only if it is named.
    minimize
        Objective that the best route is best at.
    maps
        Pages that a report has beside those of the ways: of `MAPS`.
    gateways
        Terminals that a page of the hinterland compares.
    """

    name: str
    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    shipments: tuple[Shipment, ...]
    months: tuple[int, ...] = ()
    scenarios: tuple[Scenario, ...] = (BASELINE,)
    minimize: str = "cost_usd"
    note: str = ""
    maps: tuple[str, ...] = ()
    gateways: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        Period(self.months)  # refuses what is no month
        if self.minimize not in OBJECTIVES:
            raise ScenarioError(f"cannot minimize {self.minimize!r}: choose from {', '.join(OBJECTIVES)}")
        if unknown := set(self.maps) - set(MAPS):
            raise ScenarioError(f"there is no map {', '.join(sorted(unknown))}: choose from {', '.join(MAPS)}")
        if "hinterland" in self.maps and not self.gateways:
            raise ScenarioError("a hinterland compares gateways: name them, or leave the map out")


@cache
def study_names() -> tuple[str, ...]:
    """Names of the studies that are shipped."""
    return tuple(sorted(file.name.removesuffix(".toml") for file in _HOME.iterdir() if file.name.endswith(".toml")))


def load_study(study: str | Path, catalogue: Catalogue | None = None) -> Study:
    """
    A shipped study by its name, or the planner's own from a ``.toml`` file.

    Parameters
    ----------
    catalogue
        Where its commodity and load units are described, if not in the one that is shipped.

    Raises
    ------
    ScenarioError
        No study of that name (the message offers the nearest), a file that breaks the shape, or an unknown scenario.
    """
    if not isinstance(study, str | Path):
        raise ScenarioError(f"a study is named by text or a file, not {study!r:.60}")
    if isinstance(study, Path) or study.endswith(".toml"):
        return _read(Path(study), Path(study).parent, catalogue)
    name = study.strip().casefold().replace(" ", "-")
    if name not in study_names():
        raise ScenarioError(
            f"no study {study!r}; {near_names(name, study_names())}`corridor studies` lists them; a file of your own"
            " ends in .toml"
        )
    return _read(_HOME / f"{name}.toml", Path(), catalogue)


def _read(file: Traversable | Path, folder: Path, catalogue: Catalogue | None) -> Study:
    document = read_document(file, _HOME / "schema" / "study.csv")
    what = document["shipment"]
    known = catalogue or shipped_catalogue()
    try:
        return Study(
            document["name"],
            tuple(document["origins"]),
            tuple(document["destinations"]),
            tuple(
                Shipment(what["commodity"], float(what["tonnes"]), unit, what.get("made_in", "KZ"), known)
                for unit in what.get("units", [""])
            ),
            tuple(document.get("months", ())),
            tuple(_scenario(name, folder) for name in document.get("scenarios", ["baseline"])),
            document.get("minimize", "cost_usd"),
            document.get("note", "").strip(),
            tuple(document.get("maps", ())),
            tuple(document.get("gateways", ())),
        )
    except CorridorError as error:
        raise ScenarioError(f"{file.name}: {error}") from error


def _scenario(name: str, folder: Path) -> Scenario:
    """A scenario by name, or from a file beside the study."""
    return load_scenario(folder / name if name.endswith(".toml") else name)
