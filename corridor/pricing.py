"""Impedances of one shipment under one set of rates, kept with the network they belong to."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from corridor.errors import CorridorError, ScenarioError, ShipmentError
from corridor.graph import Engine, Metric, graph_of
from corridor.impedance import OBJECTIVES, Objective, barred_links, lorry_classes, price_links
from corridor.link_classes import classes_of
from corridor.rate_changes import RateChange, lines_of
from corridor.rates import Rates, load_rates
from corridor.scenario import Scenario
from corridor.shipment import Shipment
from geodata.errors import GeodataError
from geodata.network import Network

KEPT_PRICINGS = 16
"""Prices of so many shipments and rates are kept with a network: a year of months, and some."""


@dataclass(frozen=True)
class Pricing:
    """Impedances of one shipment under one set of rates, and the metrics made of them."""

    network: Network
    shipment: Shipment
    rates: Rates
    metrics: dict[tuple[Objective, Engine | None], Metric] = field(default_factory=dict)
    cache: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What others derive from these prices, once."""

    @cached_property
    def links(self) -> dict[str, npt.NDArray[np.float64]]:
        """Impedance of every link, an array an objective."""
        frame = price_links(self.network, self.shipment, self.rates)
        return {name: frame[name].to_numpy() for name in OBJECTIVES}

    @cached_property
    def barred(self) -> npt.NDArray[np.bool_]:
        """Links that the load unit cannot use."""
        return barred_links(self.network, self.shipment)

    def shut(self, scenario: Scenario) -> npt.NDArray[np.bool_]:
        """Links that a scenario closes to the shipment, and those that its load unit cannot use."""
        return scenario.closed_links(self.network, self.shipment) | self.barred

    def metric(self, minimize: Objective, engine: Engine | None = None) -> Metric:
        """The metric of one objective, made once."""
        if minimize not in OBJECTIVES:
            raise CorridorError(f"cannot minimize {minimize!r}: choose from {', '.join(OBJECTIVES)}")
        if (minimize, engine) not in self.metrics:
            self.metrics[minimize, engine] = graph_of(self.network).weigh(self.links[minimize], engine)
        return self.metrics[minimize, engine]


def pricing_of(network: Network, shipment: Shipment | None, scenario: Scenario, rates: Rates | None) -> Pricing:
    """Prices of a shipment as a scenario has them; the last few are kept with the network."""
    if not isinstance(network, Network):
        raise CorridorError(f"expected a network, as load_network() gives it, not {network!r:.60}")
    if not isinstance(shipment, Shipment | None):
        raise ShipmentError(f"expected a Shipment, not {shipment!r:.60}: write Shipment('flaxseed', tonnes=3_000)")
    if not isinstance(scenario, Scenario):
        raise ScenarioError(f"expected a Scenario, not {scenario!r:.60}: write Scenario('storm').close('Aktau')")
    if not isinstance(rates, Rates | None):
        raise CorridorError(f"expected Rates, as load_rates() gives them, not {rates!r:.60}")
    if rates is None:
        if "rates" not in network.cache:
            network.cache["rates"] = load_rates()
        rates = network.cache["rates"]
    kept: dict[object, Pricing] = network.cache.setdefault("pricings", {})
    key = (shipment or Shipment(), id(rates.table), rates.level, scenario.changes_in_force())
    found = kept.get(key)
    if found is None:
        for oldest in list(kept)[: max(0, len(kept) - KEPT_PRICINGS + 1)]:
            kept.pop(oldest, None)  # another thread may have been first
        _check_changes(network, scenario)
        found = kept[key] = Pricing(network, shipment or Shipment(), scenario.rates_in_force(rates))
    return found


def _check_changes(network: Network, scenario: Scenario) -> None:
    """Refuse a change of rates that no link has: a slip of the pen would change nothing, and say so nowhere."""
    changes = [change for change in scenario.rate_changes if change.when.covers(scenario.month)]
    if not changes:
        return
    lorries = [
        each
        for country in network.nodes["country"].unique()
        for action in ("loading", "discharge")
        for each in lorry_classes(str(country), action)
    ]
    classes = [*classes_of(network, lines_of(changes)).classes, *lorries]
    for change in changes:
        if not any(change.concerns(change.quantity, each) for each in classes):
            raise ScenarioError(f"{change}: the network has no such link; {_advice(network, change)}")


def _advice(network: Network, change: RateChange) -> str:
    """What may be amiss with a change that no link has: a terminal is told by its code, not by its name."""
    if change.terminal and change.terminal not in network.gazetteer.by_terminal:
        try:
            code = network.gazetteer.find(change.terminal).terminal
        except GeodataError:
            code = ""
        if code:
            return f"write terminal = {code!r}, the code of {change.terminal}"
    return "look at its layer, area and terminal"
