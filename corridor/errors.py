"""
Errors of the corridor package. All are `CorridorError`, so are geodata's and maps' at the command line.

    CorridorError
    ├── NoRouteError      no open way leads from origin to destination (also a ValueError)
    ├── PlaceError        nothing can be shipped between two places: they are one, or one is far from every road
    ├── ScenarioError     a scenario closes something that does not exist
    ├── AssumptionError   a table of assumptions is wrong, or says nothing about a link that must be priced
    ├── ShipmentError     a shipment that cannot be: tonnes, commodity or unit
    ├── ExportError       routes cannot be written to the file named
    └── SweepError        a worker or the cluster of a sweep was lost; what is answered is kept
"""

from __future__ import annotations


class CorridorError(Exception):
    """Base of every error this package raises on purpose."""


class NoRouteError(CorridorError, ValueError):
    """
    No open way leads from origin to destination.

    Attributes
    ----------
    closed
        What the scenario closes, in words.
    restored_by
        Closures of which any one, lifted, would restore a route; where none does alone, groups that do together.
    why
        The same in parts, a `corridor.closures.NoWay`, for those who say it in other words; None if not known.
    """

    def __init__(
        self, message: str, closed: tuple[str, ...] = (), restored_by: tuple[str, ...] = (), why: object = None
    ) -> None:
        super().__init__(message)
        self.closed, self.restored_by, self.why = closed, restored_by, why


class PlaceError(CorridorError, ValueError):
    """Places that cannot be the two ends of a shipment."""


class ScenarioError(CorridorError, ValueError):
    """A scenario names something that does not exist."""


class AssumptionError(CorridorError, ValueError):
    """The assumptions are wrong or silent."""


class ShipmentError(CorridorError, ValueError):
    """A shipment that cannot be."""


class ExportError(CorridorError, ValueError):
    """Routes cannot be written as asked: another ending, no such folder, no right to write, a full disk."""


class SweepError(CorridorError, RuntimeError):
    """A worker or the cluster of a sweep was lost; what is answered is kept."""
