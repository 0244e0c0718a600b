"""
Errors of the geodata package.

    GeodataError
    ├── TableError           a hand-kept or shipped table breaks its schema (names file, row, column)
    ├── SourceError          an input package or file is missing or is not the version expected
    │   ├── OverpassError    an Overpass server gave no usable answer (read/overpass.py)
    │   └── OsmFileError     an OpenStreetMap file cannot be used (read/osm.py)
    ├── RefineError          detailed lines do not fit into a network (refine.py)
    ├── OwnDataError         a planner's own tables are wrong; lists every bad row (own_data.py)
    ├── ExportError          a network cannot be written in that format (export.py)
    ├── NetworkFileError     a network file is damaged, truncated or of another version
    ├── UnknownPlaceError    a name is not in the gazetteer; carries the nearest names
    │   ├── OffGlobeError    coordinates outside -180…180, -90…90, or not numbers
    │   ├── AtSeaError       coordinates in the open sea
    │   └── NoPlaceError     neither a name nor coordinates nor a Place
    ├── AmbiguousPlaceError  a name fits several places; carries them
    └── EditError            a network edit does not find what it should change
"""

from __future__ import annotations

from collections.abc import Sequence


class GeodataError(Exception):
    """Base of every error this package raises on purpose; it comes whole out of a worker process."""

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[GeodataError], args: tuple[object, ...], told: dict[str, object]) -> GeodataError:
    """An error as it was, whatever its class is made from."""
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(told)
    return error


class TableError(GeodataError, ValueError):
    """A table breaks its schema."""


class SourceError(GeodataError, RuntimeError):
    """An input of the build is missing or not the one expected."""


class NetworkFileError(GeodataError, RuntimeError):
    """A network file cannot be trusted."""


class EditError(GeodataError, ValueError):
    """A network edit does not find what it should change."""


class UnknownPlaceError(GeodataError, LookupError):
    """No place has this name, code or alias; `nearest` holds up to three that sound like it."""

    def __init__(self, text: str, nearest: Sequence[str]) -> None:
        self.text, self.nearest = text, tuple(nearest)
        hint = f"; did you mean {_either(self.nearest)}?" if self.nearest else "."
        super().__init__(f"unknown place {text!r}{hint} `corridor places PART` searches.")


class OffGlobeError(UnknownPlaceError):
    """Coordinates that are not on the globe."""

    def __init__(self, text: str, hint: str = "") -> None:
        super().__init__(text, ())
        self.args = (f"{text!r} is off the globe{hint}: lon is -180…180, lat -90…90",)


class AtSeaError(UnknownPlaceError):
    """Coordinates in the open sea, or beyond the region, that make sense the other way round."""

    def __init__(self, text: str, where: str, hint: str) -> None:
        super().__init__(text, ())
        self.args = (f"{text!r} lies {where}: {hint}",)


class NoPlaceError(UnknownPlaceError, TypeError):
    """What was given as a place is of no kind that can be one."""

    def __init__(self, value: object) -> None:
        super().__init__(repr(value)[:60], ())
        self.args = (f"{self.text} is no place: give a name, a code, a (lon, lat) pair of numbers or a Place",)


class AmbiguousPlaceError(GeodataError, LookupError):
    """Several places bear this name; `candidates` holds their codes."""

    def __init__(self, text: str, candidates: Sequence[str]) -> None:
        self.text, self.candidates = text, tuple(candidates)
        super().__init__(f"{text!r} could be {_either(self.candidates)}: type one of them as it stands, or its code.")


def _either(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def first_line(error: Exception) -> str:
    """What a library says of a file, which may be a piece of the damaged file itself."""
    line = (str(error).splitlines() or [type(error).__name__])[0]
    return line if len(line) <= 200 else f"{line[:200]}…"
