"""A study as a folder of pages: one for each way and load unit, its tables beside it, and an index."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corridor.draw import NOTES, attributed, cargo, draw_map, draw_no_route, title_of
from corridor.errors import ExportError, NoRouteError
from corridor.export import export_routes, route_tables
from corridor.page_sentences import no_route
from corridor.page_words import all_languages
from corridor.provenance import data_facts
from corridor.rates import Rates
from corridor.report_index import Steps, Tell, effect_of, entry_of, facts_of, more_pages
from corridor.route import Route
from corridor.routing import find_corridors
from corridor.scenario import BASELINE, Scenario
from corridor.shipment import Shipment
from corridor.study import Study
from corridor.what_if import what_if_table
from geodata.network import Network
from geodata.whole_files import write_all

if TYPE_CHECKING:
    from maps import OfflineMap
    from maps.index_page import Effect, Entry

MANIFEST = "report.json"
"""Lists the files of a report with their SHA-256: what is in it may be written over by the next report."""
INDEX = "index.html"
TABLES = (".xlsx", ".csv")


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
        Hears of progress: parts done, parts in all, and what comes next. A part is the answer of one scenario in one
        month, or the tables, of a page; how many there are is known once the first page has begun.

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
    from maps.index_page import index_page
    from maps.words import all_words

    home = Path(folder)
    pages = _pages(study)
    more = list(more_pages(study, network, rates))
    names = {f"{name}{ending}" for name in pages for ending in (".html", *TABLES)} | {INDEX, MANIFEST}
    earlier = _free(home, names | {page.file for page in more})
    contents: dict[str, bytes] = {}
    entries: list[Entry] = []
    version = ""
    steps = Steps(tell or (lambda *_: None), len(pages), len(more))
    for name, asked in pages.items():
        steps.begin(str(asked))
        answer = _answer(study, network, asked, rates, steps)
        version = answer.version or version
        steps.next("tables")
        if answer.routes:
            contents |= _tables(name, answer.routes)
        contents[f"{name}.html"] = answer.page.to_html().encode()
        files = [(ending[1:].upper(), f"{name}{ending}") for ending in TABLES if f"{name}{ending}" in contents]
        entries.append(
            entry_of(
                f"{name}.html", answer.title, cargo(asked.shipment), answer.routes, answer.effects, answer.reason, files
            )
        )
    for number, page in enumerate(more):
        steps.map(number, page.title["en"])
        contents[page.file] = page.draw().to_html().encode()
    steps.map(len(more), "")
    contents[INDEX] = index_page(
        all_languages(study.name),
        all_languages(study.note),
        entries,
        told=[(all_languages(scenario.name), all_languages(scenario.note)) for scenario in _what_ifs(study)],
        facts=facts_of(study),
        more=[(page.file, page.title) for page in more],
        notes=[*map(all_languages, NOTES), all_words("disclaimer"), version, *attributed()],
    ).encode()
    contents[MANIFEST] = _manifest(contents)
    try:
        write_all(home, contents)
        for stale in earlier - set(contents):
            (home / stale).unlink(missing_ok=True)
    except OSError as error:
        raise ExportError(f"{home} cannot be written ({error.strerror or error})") from error
    return [home / INDEX, *(home / entry.file for entry in entries), *(home / page.file for page in more)]


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
        tables = route_tables(routes)
        for ending in TABLES:
            file = Path(folder) / f"{name}{ending}"
            export_routes(tables, file)
            result[file.name] = file.read_bytes()
        return result


def _what_ifs(study: Study) -> list[Scenario]:
    return [scenario for scenario in study.scenarios if scenario != BASELINE and scenario.name != BASELINE.name]


@dataclass(frozen=True)
class _Answer:
    """What a page says: its routes (none: for what `reason`), and what each scenario does to them."""

    page: OfflineMap
    title: dict[str, str]
    routes: list[Route]
    reason: Mapping[str, str] | str
    effects: list[Effect]
    version: str


def _answer(study: Study, network: Network, asked: _Asked, rates: Rates | None, steps: Steps) -> _Answer:
    try:
        routes = find_corridors(
            network, asked.origin, asked.destination, asked.shipment, minimize=study.minimize, rates=rates  # type: ignore[arg-type]
        )  # fmt: skip
    except NoRouteError as error:
        page = draw_no_route(asked.origin, asked.destination, asked.shipment, error)
        return _Answer(page, title_of(asked.origin, asked.destination), [], no_route(error.why), [], "")
    scenarios, facts = _what_ifs(study), data_facts(routes)
    asks = bool(scenarios or study.months)
    table = what_if_table(routes, scenarios, study.months, rates=rates, tell=steps.part) if asks else None
    title = title_of(str(routes[0].origin), str(routes[0].destination))
    page = draw_map(routes, scenarios=scenarios, months=study.months, rates=rates, what_ifs=table)
    effects = [effect_of(routes, table, scenario.name) for scenario in scenarios] if table is not None else []
    version = f"{facts['program']}, {facts['written']}; {facts['data_version']}"
    return _Answer(page, title, routes, "", effects, version)
