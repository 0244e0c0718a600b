"""Legs and routes: what a planner reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corridor.errors import CorridorError
from corridor.explain import explain
from corridor.itemize import itemize, subsidy_usd
from corridor.rates import Rates
from corridor.scenario import Scenario
from corridor.shipment import Shipment
from geodata.network import Network
from geodata.places import Place

if TYPE_CHECKING:
    import pandas as pd

TOTALS = ("distance_km", "time_h", "cost_usd", "co2e_kg")
"""What routes, legs and frontiers take in all; kilometres first."""


@dataclass(frozen=True)
class Crossing:
    """A frontier crossed: its two countries (``BY–PL``), where, and what it takes of the whole shipment."""

    name: str
    lon: float
    lat: float
    time_h: float
    cost_usd: float
    co2e_kg: float


@dataclass(frozen=True)
class Leg:
    """
    One element of a route: a maximal run of one mode between transfers, a transfer, or loading and discharge.

    Frontiers crossed on a run belong to its leg: their hours, dollars and kilograms are in its figures, and `borders`
    tells them apart. Figures are for the whole shipment.
    """

    mode: str
    kind: str
    origin: str
    destination: str
    distance_km: float
    time_h: float
    cost_usd: float
    co2e_kg: float
    layer: str = ""
    borders: tuple[Crossing, ...] = field(default=(), repr=False)
    links: tuple[int, ...] = field(default=(), repr=False)
    nodes: tuple[int, ...] = field(default=(), repr=False)
    """One more than links."""
    line: tuple[tuple[float, float], ...] = field(default=(), repr=False)
    """lon, lat of an access leg to a point, which is in no network."""
    area: str = field(default="", repr=False)
    """Country whose rates such a leg takes."""

    def record(self) -> dict[str, object]:
        """The leg as the JSON that the command line promises."""
        return {
            "mode": self.mode,
            "kind": self.kind,
            "from": self.origin,
            "to": self.destination,
            "distance_km": self.distance_km,
            "time_h": self.time_h,
            "cost_usd": self.cost_usd,
            "co2e_kg": self.co2e_kg,
            "layer": self.layer,
            "borders": [border.name for border in self.borders],
            "border_h": sum(border.time_h for border in self.borders),
        }


@dataclass(frozen=True)
class Route:
    """
    The ordered legs of one way from origin to destination; its totals are the sums of its legs.

    Attributes
    ----------
    minimize
        The objective it is best at, among the ways that were open.
    via
        Gateways in the order passed: terminals where cargo changes, named passages, frontiers that matter.
    families
        Families of those gateways, from which `corridor` is told; ``corridor`` is "" if none fits.
    notes
        What a planner should know of the gateways, countries and railways that it passes.
    network
        The network its links are numbers of.
    rates
        The assumptions it was priced with.
    """

    origin: Place
    destination: Place
    shipment: Shipment
    scenario: Scenario
    minimize: str
    legs: tuple[Leg, ...]
    via: tuple[str, ...]
    families: tuple[str, ...] = ()
    corridor: str = ""
    name: str = ""
    notes: tuple[str, ...] = ()
    network: Network | None = field(default=None, repr=False, compare=False)
    rates: Rates | None = field(default=None, repr=False, compare=False)

    @property
    def distance_km(self) -> float:
        """Kilometres of all legs."""
        return sum(leg.distance_km for leg in self.legs)

    @property
    def time_h(self) -> float:
        """Hours from the start of loading to the end of discharge."""
        return sum(leg.time_h for leg in self.legs)

    @property
    def cost_usd(self) -> float:
        """US dollars for the whole shipment."""
        return sum(leg.cost_usd for leg in self.legs)

    @property
    def co2e_kg(self) -> float:
        """Kilograms of CO2e for the whole shipment, well to wake."""
        return sum(leg.co2e_kg for leg in self.legs)

    @property
    def note(self) -> str:
        """`notes` in one text."""
        return " ".join(self.notes)

    @property
    def days(self) -> float:
        """`time_h` in days."""
        return self.time_h / 24.0

    @property
    def cost_usd_per_t(self) -> float:
        """US dollars a tonne."""
        return self.cost_usd / self.shipment.tonnes

    @property
    def co2e_kg_per_t(self) -> float:
        """Kilograms of CO2e a tonne."""
        return self.co2e_kg / self.shipment.tonnes

    @property
    def subsidy_usd(self) -> float:
        """What the Kazakh state pays towards the whole shipment if the purse is not empty; not taken off `cost_usd`."""
        network, rates = self._priced()
        return subsidy_usd(network, self.legs, self.shipment, rates)

    def items(self) -> pd.DataFrame:
        """Every item of every leg and the assumption it rests on; see `corridor.itemize`."""
        network, rates = self._priced()
        return itemize(network, self.legs, self.shipment, rates)

    def explain(self, others: Sequence[Route] = ()) -> str:
        """Cost stack and time stack, share of waiting and, measured against other routes, what made it win."""
        return explain(self, others)

    def _priced(self) -> tuple[Network, Rates]:
        if self.network is None or self.rates is None:
            raise CorridorError("this route does not know its network and rates: find it with find_route")
        return self.network, self.rates

    def km_by_mode(self) -> dict[str, float]:
        """Kilometres of every mode, in the order first used."""
        km: dict[str, float] = {}
        for leg in self.legs:
            if leg.distance_km:
                km[leg.mode] = km.get(leg.mode, 0.0) + leg.distance_km
        return km

    def record(self) -> dict[str, object]:
        """The route as the JSON that the command line promises."""
        return {
            "origin": self.origin.name,
            "destination": self.destination.name,
            "commodity": self.shipment.commodity,
            "tonnes": self.shipment.tonnes,
            "load_unit": self.shipment.unit,
            "load_units": self.shipment.units,
            "scenario": self.scenario.name,
            "month": self.scenario.month,
            "closed": [str(closure) for closure in self.scenario.closures_in_force(self.shipment)],
            "minimize": self.minimize,
            "corridor": self.corridor,
            "totals": {name: getattr(self, name) for name in TOTALS},
            "legs": [leg.record() for leg in self.legs],
            "via": list(self.via),
            "notes": list(self.notes),
        }

    def __str__(self) -> str:
        """A leg table that can be read aloud."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        tonnes = self.shipment.tonnes
        title = f"{self.origin} → {self.destination}, {self.shipment}"
        yield title + (f" ({self.corridor})" if self.corridor else "")
        for leg in self.legs:
            what = (
                f"{leg.kind} at {leg.origin}"
                if leg.kind == "transfer"
                else f"{leg.mode} {leg.origin} → {leg.destination}"
            )
            if leg.kind == "access" and not leg.distance_km:
                what = f"{leg.layer} at {leg.origin}"
            yield (
                f"  {what:<46.46} {leg.distance_km:8,.0f} km {leg.time_h / 24:6.1f} d"
                f" {leg.cost_usd / tonnes:8,.2f} USD/t {leg.co2e_kg / tonnes:7,.1f} kg CO2e/t"
            )
        yield (
            f"  {'total':<46} {self.distance_km:8,.0f} km {self.days:6.1f} d"
            f" {self.cost_usd_per_t:8,.2f} USD/t {self.co2e_kg_per_t:7,.1f} kg CO2e/t"
        )
