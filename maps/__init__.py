"""
Maps that open without a network.

`draw_routes` takes three tables and gives back a page: cards, map, tables and charts in five languages; `draw_network`,
`draw_terminals`, `draw_hinterland` and `draw_reach` give a map of places with a table beside it. `OfflineMap` is
the empty map under it, for layers of your own; `time_cost_distance` and its like draw the charts with matplotlib. This
package knows nothing of networks or routing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from maps.errors import AssetError, BadGeometryError, BadTableError, MapError, MissingColumnError
from maps.style import MODE_STYLES, ModeStyle

if TYPE_CHECKING:
    from maps.atlas import Frame
    from maps.base import OfflineMap
    from maps.charts import capacity_funnel, month_heatmap, pareto_scatter, time_cost_distance, tornado
    from maps.network_map import draw_network
    from maps.place_maps import draw_hinterland, draw_reach, draw_terminals
    from maps.route_map import draw_routes

__all__ = [
    "MODE_STYLES",
    "AssetError",
    "BadGeometryError",
    "BadTableError",
    "Frame",
    "MapError",
    "MissingColumnError",
    "ModeStyle",
    "OfflineMap",
    "capacity_funnel",
    "draw_hinterland",
    "draw_network",
    "draw_reach",
    "draw_routes",
    "draw_terminals",
    "month_heatmap",
    "pareto_scatter",
    "time_cost_distance",
    "tornado",
]


_CHARTS = ("capacity_funnel", "month_heatmap", "pareto_scatter", "time_cost_distance", "tornado")
_PLACES = ("draw_hinterland", "draw_reach", "draw_terminals")
_LOADED_WHEN_ASKED = {
    "Frame": "maps.atlas",
    "OfflineMap": "maps.base",
    "draw_network": "maps.network_map",
    "draw_routes": "maps.route_map",
    **dict.fromkeys(_PLACES, "maps.place_maps"),
    **dict.fromkeys(_CHARTS, "maps.charts"),
}


def __getattr__(name: str) -> Any:
    """Import folium and geopandas, half a second's work, only when a map is drawn."""
    if name not in _LOADED_WHEN_ASKED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LOADED_WHEN_ASKED[name]), name)


def __dir__() -> list[str]:
    return __all__
