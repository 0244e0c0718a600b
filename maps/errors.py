"""
What can go wrong when a map is drawn.

::

    MapError (ValueError)
    ├── MissingColumnError     a table lacks a column that the picture needs
    ├── BadTableError          a cell, or the relation between two tables, makes no sense
    ├── BadGeometryError       a shape cannot be drawn: empty, not finite, off the globe, without a CRS
    └── AssetError             a library or shipped file is missing, altered or not allowed in an offline page
"""

from collections.abc import Iterable


class MapError(ValueError):
    """Base of every error raised by `maps`."""


class MissingColumnError(MapError):
    """A table lacks columns; the message names the table, the columns and what is there instead."""

    def __init__(self, table: str, missing: Iterable[str], present: Iterable[str]) -> None:
        self.table = table
        self.missing = tuple(missing)
        names = ", ".join(self.missing)
        there = ", ".join(str(name) for name in present) or "none"
        super().__init__(f"table {table!r} lacks column {names}; it has: {there}")


class BadTableError(MapError):
    """A cell, or the relation between two tables, makes no sense; the message names table, row and column."""


class BadGeometryError(MapError):
    """A shape cannot be drawn: empty, of the wrong kind, not finite, off the globe, or without a CRS."""


class AssetError(MapError):
    """A library or shipped file is missing or altered, or a page would have to fetch something from a network."""
