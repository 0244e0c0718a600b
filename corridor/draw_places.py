"""Tables of places and the network → pages: hinterland, reach, network and terminals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from corridor.draw import NOTES, attributed, cargo, one_line, under
from corridor.errors import CorridorError
from corridor.funnels import capacity_table, funnel_rows
from corridor.impedance import PER_TONNE
from corridor.page_words import all_languages, in_languages, phrase, place_names
from corridor.provenance import data_version
from corridor.scenario import BASELINE, Scenario
from corridor.shipment import Shipment
from geodata.vocabulary import LAYERS, Kind, mode_of

if TYPE_CHECKING:
    from geodata.network import Network
    from maps import OfflineMap
    from maps.atlas import Frame

OBJECTIVE_UNITS = {
    "time_h": ("days", 24.0, 1, "Time, days"),
    "cost_usd": ("usd_per_t", 1.0, 0, "Cost, USD/t"),
    "co2e_kg": ("kg_per_t", 1.0, 0, "CO₂e, kg/t"),
    "distance_km": ("km", 1.0, 0, "Distance, km"),
    "generalized_usd": ("usd_per_t", 1.0, 0, "Generalized cost, USD/t"),
}
"""Objective → unit of the page, hours, dollars and so on in it, digits, and what it is called."""


def draw_hinterland(
    table: pd.DataFrame,
    destination: str,
    shipment: Shipment | None = None,
    scenario: Scenario = BASELINE,
    *,
    network: Network | None = None,
) -> OfflineMap:
    """
    One page that shows from where each gateway is the best: ``draw_hinterland(hinterland(…), "Ghent").save(…)``.

    Parameters
    ----------
    table
        As `hinterland` gives it.
    shipment
        That of the table; the standard one if not given. Dollars and kilograms are shown for a tonne of it.
    scenario
        That of the table, told beneath the title.
    network
        Told as the version of the data.

    Raises
    ------
    CorridorError
        The table has no column of an objective.
    maps.MapError
        More than 8 gateways, or no row.
    """
    from maps.place_maps import draw_hinterland as draw

    shipment, table = shipment or Shipment("flaxseed"), table.reset_index(drop=True)
    figure, options = _figure(table, shipment)
    frame = _frame(
        phrase("Best gateways to {name}", name=place_names(destination)), network, cargo(shipment), under(scenario)
    )
    tonnes = shipment.tonnes if figure in PER_TONNE else 1.0
    shown = table.assign(**{figure: table[figure] / tonnes, "margin": table["margin"] / tonnes})
    return draw(shown, figure=figure, frame=frame, **options)


def draw_reach(
    table: pd.DataFrame,
    origin: str,
    shipment: Shipment | None = None,
    scenario: Scenario = BASELINE,
    *,
    network: Network | None = None,
) -> OfflineMap:
    """
    One page that shows how far a place reaches: ``draw_reach(reach(network, "Kostanay"), "Kostanay").save(…)``.

    Parameters and errors are those of `draw_hinterland`, the table as `reach` gives it.
    """
    from maps.place_maps import draw_reach as draw

    shipment, table = shipment or Shipment("flaxseed"), table.reset_index(drop=True)
    figure, options = _figure(table, shipment)
    frame = _frame(
        phrase("How far {name} reaches", name=place_names(origin)), network, cargo(shipment), under(scenario)
    )
    tonnes = shipment.tonnes if figure in PER_TONNE else 1.0
    return draw(table.assign(**{figure: table[figure] / tonnes}), figure=figure, frame=frame, **options)


def draw_network(network: Network) -> OfflineMap:
    """One page with the network by mode and gauge, its closed crossings and why, and terminals to be searched."""
    import geopandas as gpd

    from maps.network_map import draw_network as draw

    hauls = network.links[network.links["kind"] == Kind.HAUL]
    lines = gpd.GeoDataFrame(
        hauls[["mode", "gauge_mm", "length_km"]], geometry=network.geometry(hauls.index.to_numpy()), crs="EPSG:4326"
    )
    title = all_languages("The network by mode and gauge")
    return draw(lines, closed_crossings(network), terminals_table(network), frame=_frame(title, network))


def draw_terminals(network: Network) -> OfflineMap:
    """One page with the terminals and what they can pass, and funnels of Aktau and Kuryk with every source."""
    from maps.place_maps import draw_terminals as draw

    table = capacity_table()
    funnels = funnel_rows(table)
    title = all_languages("Terminals and their capacity")
    return draw(
        terminals_table(network),
        table,
        funnels,
        titles={name: all_languages(name) for name in funnels},
        attribution_of={"general knowledge": all_languages("general knowledge")},
        frame=_frame(title, network),
    )


def closed_crossings(network: Network) -> pd.DataFrame:
    """What the network has closed for good: ``reason`` with translations, ``layer``, ``name``, ``lon``, ``lat``."""
    links = network.links
    shut = links[links["closed_reason"].astype(str) != ""]
    at = network.nodes.iloc[shut["from_node"].to_numpy()]
    rows = [
        in_languages("reason", str(reason)) | {"layer": str(layer), "name": str(name)}
        for reason, layer, name in zip(shut["closed_reason"], shut["layer"], shut["name"], strict=True)
    ]
    columns = ["reason", "layer", "name"]
    return pd.DataFrame(rows, columns=None if rows else columns).assign(
        lon=at["lon"].to_numpy(), lat=at["lat"].to_numpy()
    )


def terminals_table(network: Network) -> pd.DataFrame:
    """One row a terminal: code, name, country, point, modes, other names, and whether it is a gateway."""
    known = network.terminals
    names = known["aliases"].astype(str).str.split(";")
    return pd.DataFrame(
        {
            "terminal": known["terminal"],
            **{name: known[name] for name in ("name", "country", "lon", "lat")},
            "modes": [
                list(dict.fromkeys(str(mode_of(layer)) for layer in str(layers).split() if layer in LAYERS))
                for layers in known["layers"]
            ],
            "also": [
                [name for name in (*aliases, code) if name]
                for aliases, code in zip(names, known["unlocode"], strict=True)
            ],
            "gateway": known["gateway"].astype(str) != "",
        }
    )


def _figure(table: pd.DataFrame, shipment: Shipment) -> tuple[str, dict[str, Any]]:
    figure = next((name for name in OBJECTIVE_UNITS if name in table.columns), None)
    if figure is None:
        raise CorridorError(f"the table has none of the columns {', '.join(OBJECTIVE_UNITS)}")
    key, scale, digits, label = OBJECTIVE_UNITS[figure]
    return figure, {"unit": (key, scale, digits), "label": all_languages(label)}


def _frame(title: Mapping[str, str], network: Network | None, *asked: dict[str, str]) -> Frame:
    from maps.atlas import Frame

    return Frame(
        title=title,
        subtitle=one_line(*asked) if asked else "",
        notes=[all_languages(NOTES[0])],
        attribution=attributed(),
        as_of=date.today(),
        version=data_version(network) if network is not None else "",
    )
