"""How far a place reaches, and from where each gateway is the best one to go by."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from corridor.access import access_by_lorry, end_node, near_a_road, place_of, same_place
from corridor.closures import crossing_links
from corridor.errors import PlaceError
from corridor.graph import Metric
from corridor.impedance import Objective
from corridor.pricing import Pricing, pricing_of
from corridor.rates import Rates
from corridor.scenario import BASELINE, Scenario
from corridor.shipment import Shipment
from geodata.network import Network
from geodata.places import Place
from geodata.settlements import largest_settlements
from geodata.vocabulary import Kind

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

STEPPE = ("KZ", "KG", "UZ")
"""Countries whose terminals are the origins of a hinterland unless others are given."""


def reach(
    network: Network,
    origin: str | Place,
    shipment: Shipment | None = None,
    scenario: Scenario = BASELINE,
    *,
    by: Objective = "time_h",
    within: float | None = None,
    rates: Rates | None = None,
) -> pd.DataFrame:
    """
    Least total of one objective from a place to every terminal, nearest first.

    An isochrone (by ``time_h``) as points: where the rows end is where it runs. Loading and discharge are counted.

    Parameters
    ----------
    by
        ``distance_km``, ``time_h``, ``cost_usd``, ``co2e_kg`` or ``generalized_usd``.
    within
        Only terminals of at most so much, in the unit of `by` (whole shipment).

    Returns
    -------
    DataFrame
        ``terminal``, ``name``, ``country``, ``lon``, ``lat`` and a column named as `by`, exact to 0.01 %. Terminals
        that no open way leads to are not in it.

    Raises
    ------
    PlaceError
        The origin is far from every road.
    """
    pricing = pricing_of(network, shipment, scenario, rates)
    start = place_of(network, origin)
    places = [place for place in _terminals(network) if not same_place(place, start)]
    targets = [end_node(network, place, "destination") for place in places]
    totals = _totals(pricing, [start], "loading", targets, by, pricing.shut(scenario))[0]
    table = _table(places).assign(**{by: totals})
    table = table[np.isfinite(totals) & (totals <= (np.inf if within is None else within))]
    return table.sort_values(by, kind="stable", ignore_index=True)


def hinterland(
    network: Network,
    destination: str | Place,
    gateways: Sequence[str | Place],
    shipment: Shipment | None = None,
    scenario: Scenario = BASELINE,
    *,
    origins: Sequence[str | Place] | None = None,
    by: Objective = "cost_usd",
    rates: Rates | None = None,
) -> pd.DataFrame:
    """
    Least total of one objective from every origin through each gateway to one destination.

    "Through" a gateway means that cargo changes mode, gauge or vehicle there; where a terminal has no such change,
    that it passes. Before and after it the way is the best one, by whatever else it passes.

    Parameters
    ----------
    gateways
        Terminals.
    origins
        All terminals of Kazakhstan, Kyrgyzstan and Uzbekistan if not given; `steppe_settlements` for places between.

    Returns
    -------
    DataFrame
        One row an origin and gateway: ``terminal`` (of a settlement or point its code), ``name``, ``country``,
        ``lon``, ``lat`` of the origin, ``gateway``, a column named as `by` (``NaN`` where no open way leads), ``best``:
        whether this gateway is the best one for this origin (of equal ones the first; nowhere where none leads on),
        ``margin``: how much more it takes than the best one, for the best how much less than the next.

    Raises
    ------
    PlaceError
        A gateway is no terminal, or an origin or the destination is far from every road.
    """
    pricing = pricing_of(network, shipment, scenario, rates)
    end, through = place_of(network, destination), [_terminal(network, gateway) for gateway in gateways]
    starts = [place_of(network, origin) for origin in origins] if origins is not None else _steppe(network)
    starts = [place for place in dict.fromkeys(starts) if not same_place(place, end)]
    closed = pricing.shut(scenario)
    columns = []
    for gateway in through:
        entry, exit_, change = _changes(network, gateway, pricing.links[by], closed)
        to = _totals(pricing, starts, "loading", entry.tolist(), by, closed)
        onward = _totals(pricing, [end], "discharge", exit_.tolist(), by, closed)[0]
        columns.append((to + (change + onward)[None, :]).min(axis=1, initial=np.inf))
    totals = np.column_stack(columns) if columns else np.zeros((len(starts), 0))
    return _margins(starts, through, totals, by)


def _terminal(network: Network, gateway: str | Place) -> Place:
    """The terminal of a name; what is crossed without a stop has no inside that a way could lead through."""
    if isinstance(gateway, str) and crossing_links(network, gateway) is not None:
        raise PlaceError(f"{gateway} is a passage or frontier: hinterlands are those of terminals, such as Aktau")
    return place_of(network, gateway)


def _margins(starts: list[Place], gateways: list[Place], totals: FloatArray, by: str) -> pd.DataFrame:
    order = np.sort(np.column_stack([totals, np.full(len(starts), np.inf)]), axis=1)
    parts = []
    for number, gateway in enumerate(gateways):
        mine = totals[:, number]
        best = np.isfinite(mine) & (np.argmin(totals, axis=1) == number)
        with np.errstate(invalid="ignore"):
            margin = np.where(best, order[:, 1] - mine, mine - order[:, 0])
        figures = {"gateway": gateway.name, by: _or_nan(mine), "best": best, "margin": _or_nan(margin)}
        parts.append(_table(starts).assign(**figures))
    table = pd.concat(parts, ignore_index=True) if parts else _table([])
    return table.sort_values("terminal", kind="stable", ignore_index=True)


def _terminals(network: Network) -> list[Place]:
    here = network.terminal_nodes
    return [place for place in network.gazetteer.places if (place.terminal, "destination") in here]


def steppe_settlements(network: Network, count: int) -> list[Place]:
    """The largest settlements of Kazakhstan, Kyrgyzstan and Uzbekistan, but for those far from every road."""
    return [place for place in largest_settlements(STEPPE, count) if near_a_road(network, place)]


def _steppe(network: Network) -> list[Place]:
    return [place for place in _terminals(network) if place.country in STEPPE]


def _table(places: Sequence[Place]) -> pd.DataFrame:
    columns = {name: [getattr(place, name) for place in places] for name in ("name", "country", "lon", "lat")}
    return pd.DataFrame({"terminal": [place.terminal or place.code for place in places], **columns})


def _or_nan(values: FloatArray) -> FloatArray:
    return np.where(np.isfinite(values), values, np.nan)


def _changes(
    network: Network, gateway: Place, weights: FloatArray, closed: BoolArray
) -> tuple[IntArray, IntArray, FloatArray]:
    """Where cargo enters and leaves a gateway, and what each change inside it takes."""
    links = network.links_by("terminal").get(gateway.terminal, np.zeros(0, dtype=np.int64))
    if not gateway.terminal or not len(links):
        raise PlaceError(f"{gateway.name} is no terminal of this network: a gateway must be one")
    kind = network.links["kind"].astype(str).to_numpy()[links]
    change = links[kind == Kind.TRANSFER]
    if len(change):
        change = change[~closed[change]]
        ends = (network.links[name].to_numpy(np.int64)[change] for name in ("from_node", "to_node"))
        entry, leave = ends
        return entry, leave, weights[change]
    loading = links[(kind == Kind.ACCESS) & (network.links["name"] == "loading").to_numpy()[links]]
    nodes = np.unique(network.links["to_node"].to_numpy(np.int64)[loading])
    return nodes, nodes, np.zeros(len(nodes))


def _totals(
    pricing: Pricing, places: list[Place], action: str, others: list[int], by: Objective, closed: BoolArray
) -> FloatArray:
    """
    Least totals between places, where cargo is loaded or discharged (`action`), and nodes: shape (places, others).

    A point is reached by lorry from several road nodes: the best of them counts.
    """
    metric = pricing.metric(by)
    nodes: list[int] = []
    run_up: list[float] = []
    owner: list[int] = []
    for number, place in enumerate(places):
        lorry = access_by_lorry(pricing.network, place, action, pricing.shipment, pricing.rates)
        layer = "origin" if action == "loading" else "destination"
        for node, extra in lorry.ends(by) if lorry else [(end_node(pricing.network, place, layer), 0.0)]:
            nodes.append(node)
            run_up.append(extra)
            owner.append(number)
    found = _matrix(metric, nodes, others, closed, backward=action == "discharge") + np.array(run_up)[:, None]
    totals = np.full((len(places), len(others)), np.inf)
    np.minimum.at(totals, owner, found)
    return totals


def _matrix(metric: Metric, nodes: list[int], others: list[int], closed: BoolArray, *, backward: bool) -> FloatArray:
    if backward:
        return metric.matrix(others, nodes, closed).T
    return metric.matrix(nodes, others, closed)
