"""A study as a folder of pages: one for each way and load unit, its tables beside it, and an index."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corridor.draw import ATTRIBUTION, NOTES, draw_map, draw_no_route, title_of
from corridor.errors import ExportError, NoRouteError
from corridor.export import export_routes
from corridor.page_words import page_words
from corridor.periods import MONTHS
from corridor.provenance import data_facts
from corridor.rates import Rates
from corridor.route import Route
from corridor.routing import find_corridors
from corridor.scenario import BASELINE, Scenario
from corridor.shipment import Shipment
from corridor.study import Study
from geodata.network import Network
from geodata.whole_files import write_all

MANIFEST = "report.json"
"""Lists the files of a report with their SHA-256: what is in it may be written over by the next report."""
INDEX = "index.html"
TABLES = (".xlsx", ".csv")

Tell = Callable[[int, int, str], None]
"""Called with pages done, pages in all, and what comes next."""


@dataclass(frozen=True)
class _Asked:
    """One page: from where to where, and in which load unit."""

    origin: str
    destination: str
    shipment: Shipment

    def __str__(self) -> str:
        return f"{self.origin} → {self.destination}, {self.shipment.unit}"

    @property
    def file_name(self) -> str:
        """Name of its files without their ending: lower-case letters, digits and hyphens."""
        plain = unicodedata.normalize("NFKD", f"{self.origin} {self.destination} {self.shipment.unit}")
        return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower()).strip("-")


def write_report(
    study: Study, network: Network, folder: str | Path, *, rates: Rates | None = None, tell: Tell | None = None
) -> list[Path]:
    """
    Write a study as pages that open with no network: every origin, destination and load unit, and an index.

    Each page has the best route of every corridor in an average year, the study's scenarios as what-ifs, and its months
    as a slider. The tables stand beside it as XLSX and CSV. All files are written or none.

    Parameters
    ----------
    folder
        Is made if it is not there. Files of an earlier report are replaced; no other file is.
    tell
        Hears of progress.

    Returns
    -------
    list of Path
        What was written, the index first.

    Raises
    ------
    ExportError
        A file in the way is not of a report, or was changed since; or the folder cannot be written.
    PlaceError, geodata.errors.UnknownPlaceError, geodata.errors.AmbiguousPlaceError
        A place of the study is none, or origin and destination are the same.
    """
    from maps.index_page import Entry, index_page

    home = Path(folder)
    pages = _pages(study)
    names = {f"{name}{ending}" for name in pages for ending in (".html", *TABLES)} | {INDEX, MANIFEST}
    earlier = _free(home, names)
    contents: dict[str, bytes] = {}
    entries: list[Entry] = []
    version = ""
    for number, (name, asked) in enumerate(pages.items()):
        if tell:
            tell(number, len(pages), str(asked))
        try:
            routes = find_corridors(
                network, asked.origin, asked.destination, asked.shipment, minimize=study.minimize, rates=rates  # type: ignore[arg-type]
            )  # fmt: skip
        except NoRouteError as error:
            routes = []
            page = draw_no_route(asked.origin, asked.destination, asked.shipment, error)
            said = [str(error)]
        else:
            facts = data_facts(routes)
            version = f"{facts['program']}, {facts['written']}; {facts['data_version']}"
            page = draw_map(routes, scenarios=_what_ifs(study), months=study.months, rates=rates)
            contents |= _tables(name, routes)
            said = _said(routes)
        contents[f"{name}.html"] = page.to_html().encode()
        files = [(ending[1:].upper(), f"{name}{ending}") for ending in TABLES if f"{name}{ending}" in contents]
        title = title_of(*((str(routes[0].origin), str(routes[0].destination)) if routes else _ends(asked)))
        entries.append(Entry(f"{name}.html", title, str(asked.shipment), said, files))
    if tell:
        tell(len(pages), len(pages), "")
    contents[INDEX] = index_page(
        study.name,
        " ".join(study.note.split()),
        entries,
        facts=list(_facts(study)),
        notes=[*NOTES, version, *ATTRIBUTION],
    ).encode()
    contents[MANIFEST] = _manifest(contents)
    try:
        write_all(home, contents)
        for stale in earlier - set(contents):
            (home / stale).unlink(missing_ok=True)
    except OSError as error:
        raise ExportError(f"{home} cannot be written ({error.strerror or error})") from error
    return [home / INDEX, *(home / entry.file for entry in entries)]


def _pages(study: Study) -> dict[str, _Asked]:
    """What each page is about, by the name of its files."""
    result: dict[str, _Asked] = {}
    for origin in study.origins:
        for destination in study.destinations:
            for shipment in study.shipments:
                asked = _Asked(origin, destination, shipment)
                name = asked.file_name or "page"
                while name in result or name in {"index", "report"}:
                    name += "-2"
                result[name] = asked
    return result


def _free(home: Path, names: set[str]) -> set[str]:
    """Files of an earlier report, once it is sure that no other file is in the way."""
    if home.exists() and not home.is_dir():
        raise ExportError(f"{home} is a file: give a folder for the report")
    known: dict[str, str] = {}
    try:
        text = (home / MANIFEST).read_text("utf-8")
        known = {str(name): str(digest) for name, digest in json.loads(text)["files"].items()}
    except FileNotFoundError:
        pass
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ExportError(f"{home / MANIFEST} is no list of a report: choose another folder") from error
    foreign = sorted(
        name
        for name in names - {MANIFEST}
        if (home / name).exists() and (name not in known or _digest_of(home / name) != known[name])
    )
    if foreign:
        raise ExportError(
            f"{home / foreign[0]} is not of a report, or was changed since: move it away or choose another folder"
        )
    own = {name for name, digest in known.items() if Path(name).name == name and (home / name).is_file()}
    return {name for name in own if _digest_of(home / name) == known[name]} | {MANIFEST}


def _digest_of(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def _manifest(contents: dict[str, bytes]) -> bytes:
    files = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(contents.items())}
    return (json.dumps({"files": files}, indent=1) + "\n").encode()


def _tables(name: str, routes: list[Route]) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        result = {}
        for ending in TABLES:
            file = Path(folder) / f"{name}{ending}"
            export_routes(routes, file)
            result[file.name] = file.read_bytes()
        return result


def _what_ifs(study: Study) -> list[Scenario]:
    return [scenario for scenario in study.scenarios if scenario != BASELINE and scenario.name != BASELINE.name]


def _ends(asked: _Asked) -> tuple[str, str]:
    return asked.origin, asked.destination


def _said(routes: list[Route]) -> list[str]:
    """How many ways there are, the cheapest and the fastest."""
    cheap, fast = (min(routes, key=lambda route: getattr(route, name)) for name in ("cost_usd", "time_h"))
    return [
        f"{len(routes)} corridor{'s' if len(routes) > 1 else ''}",
        *(
            f"{badge}: {route.corridor or 'other way'}, {route.cost_usd_per_t:,.0f} USD/t, {route.days:,.0f} days"
            for badge, route in (("cheapest", cheap), ("fastest", fast))
        ),
    ]


def _facts(study: Study) -> Iterator[tuple[str, str]]:
    yield "Best by", study.minimize
    yield "Months", ", ".join(MONTHS[month - 1] for month in study.months) or "an average year"
    for scenario in _what_ifs(study):
        name = page_words().get(scenario.name, {}).get("en", scenario.name)
        yield name, " ".join(scenario.note.split())
