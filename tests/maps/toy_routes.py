"""Five invented routes between Kostanay and Ghent, with lines as wiggly as real ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

PLACES = {
    "Kostanay": (63.62, 53.21),
    "Aktau": (51.20, 43.60),
    "Kuryk": (51.65, 43.18),
    "Alat": (49.41, 39.94),
    "Poti": (41.65, 42.15),
    "Constanța": (28.65, 44.13),
    "Ghent": (3.72, 51.06),
    "Regensburg": (12.12, 49.02),
    "Halkalı": (28.77, 41.02),
    "Akhalkalaki": (43.49, 41.41),
    "Brest": (23.65, 52.08),
    "Małaszewicze": (23.53, 52.03),
    "Troitsk": (62.5, 54.15),
    "Riga": (24.10, 57.02),
    "Dostyk": (82.48, 45.25),
    "Lianyungang": (119.45, 34.74),
}

WAY = {
    ("Kostanay", "Aktau"): [(60.0, 50.3), (57.2, 50.28), (57.0, 48.8), (54.0, 47.0)],
    ("Kostanay", "Kuryk"): [(60.0, 50.3), (57.2, 50.28), (57.0, 48.8), (54.0, 47.0), (52.0, 44.0)],
    ("Aktau", "Alat"): [(50.6, 42.2), (50.5, 40.3)],
    ("Kuryk", "Alat"): [(50.8, 42.0), (50.6, 40.3)],
    ("Alat", "Poti"): [(47.0, 40.6), (44.8, 41.7), (43.0, 42.1)],
    ("Poti", "Constanța"): [(36.0, 43.2), (31.0, 43.8)],
    ("Constanța", "Regensburg"): [(26.0, 43.9), (22.5, 44.6), (20.4, 44.9), (18.9, 47.5), (16.3, 48.2), (13.4, 48.6)],
    ("Regensburg", "Ghent"): [(9.9, 49.8), (8.0, 50.2), (5.6, 50.7)],
    ("Constanța", "Ghent"): [
        (29.1, 41.4),
        (26.8, 40.5),
        (25.0, 38.0),
        (22.8, 36.2),
        (15.0, 36.0),
        (11.3, 37.4),
        (10.5, 37.8),
        (0.0, 36.6),
        (-5.6, 35.95),
        (-9.4, 36.8),
        (-9.9, 39.0),
        (-9.6, 43.4),
        (-5.6, 48.6),
        (-2.0, 49.9),
        (1.4, 51.0),
        (3.2, 51.45),
        (3.8, 51.3),
    ],
    ("Alat", "Akhalkalaki"): [(47.0, 40.6), (44.8, 41.7)],
    ("Akhalkalaki", "Halkalı"): [(41.3, 39.9), (37.0, 39.7), (32.9, 39.9), (29.9, 40.7)],
    ("Halkalı", "Ghent"): [
        (26.5, 41.7),
        (23.3, 42.7),
        (20.5, 44.8),
        (19.0, 47.5),
        (16.4, 48.2),
        (11.6, 48.2),
        (6.9, 50.9),
    ],
    ("Kostanay", "Brest"): [(61.4, 55.1), (56.0, 54.7), (49.2, 55.7), (37.6, 55.7), (30.6, 54.5), (27.5, 53.9)],
    ("Małaszewicze", "Ghent"): [(21.0, 52.2), (16.9, 52.4), (13.4, 52.5), (9.7, 52.4), (6.9, 50.9), (4.4, 50.9)],
    ("Kostanay", "Riga"): [(61.4, 55.1), (56.0, 54.7), (49.2, 55.7), (37.6, 55.7), (32.0, 56.3), (27.0, 56.6)],
    ("Riga", "Ghent"): [
        (22.0, 57.8),
        (18.5, 56.0),
        (14.5, 55.2),
        (12.6, 55.6),
        (10.6, 57.9),
        (7.0, 57.3),
        (4.0, 53.0),
        (3.6, 51.5),
    ],
    ("Kostanay", "Dostyk"): [(71.4, 51.2), (73.1, 49.8), (75.0, 46.8), (80.0, 46.0)],
    ("Dostyk", "Lianyungang"): [(87.6, 43.8), (98.5, 39.7), (103.8, 36.1), (109.0, 34.3), (117.2, 34.3)],
    ("Lianyungang", "Ghent"): [
        (122.5, 31.0),
        (119.8, 24.5),
        (111.0, 12.0),
        (105.0, 3.0),
        (103.8, 1.2),
        (98.0, 5.2),
        (94.5, 6.3),
        (80.3, 5.6),
        (60.0, 11.0),
        (51.5, 12.3),
        (43.4, 12.6),
        (40.0, 18.0),
        (36.0, 24.5),
        (32.55, 29.9),
        (32.4, 31.3),
        (22.0, 34.6),
        (11.5, 37.3),
        (10.5, 37.8),
        (0.0, 36.6),
        (-5.6, 35.95),
        (-9.4, 36.8),
        (-9.9, 39.0),
        (-9.6, 43.4),
        (-5.6, 48.6),
        (1.4, 51.0),
        (3.2, 51.45),
        (3.8, 51.3),
    ],
}

PACE = {
    "rail": (18.0, 0.017, 0.02),
    "sea": (24.0, 0.004, 0.007),
    "ferry": (20.0, 0.06, 0.03),
    "waterway": (9.0, 0.014, 0.02),
    "road": (45.0, 0.07, 0.075),
}
"""Mode → km an hour, USD and kg CO2e a tonne-km."""

Leg = tuple[str, str, str]
Stop = tuple[str, str, float, float, float]
PLANS: Sequence[tuple[str, str, Sequence[str], Sequence[Leg], Sequence[Stop]]] = [
    (
        "Aktau – Poti – Constanța – Danube",
        "Middle Corridor",
        ["Lowest CO₂e"],
        [
            ("rail", "Kostanay", "Aktau"),
            ("ferry", "Aktau", "Alat"),
            ("rail", "Alat", "Poti"),
            ("sea", "Poti", "Constanța"),
            ("waterway", "Constanța", "Regensburg"),
            ("rail", "Regensburg", "Ghent"),
        ],
        [
            ("Kostanay", "Origin", 0, 0, 0),
            ("Aktau", "Rail to ferry", 52, 6.4, 0.4),
            ("Alat", "Ferry to rail", 20, 5.1, 0.4),
            ("Poti", "Rail to sea", 40, 7.2, 0.5),
            ("Constanța", "Sea to barge", 44, 6.1, 0.5),
            ("Regensburg", "Barge to rail", 26, 6.8, 0.4),
            ("Ghent", "Destination", 6, 3.0, 0.2),
        ],
    ),
    (
        "Aktau – Poti – Bosporus – sea to Ghent",
        "Middle Corridor",
        ["Cheapest"],
        [
            ("rail", "Kostanay", "Aktau"),
            ("ferry", "Aktau", "Alat"),
            ("rail", "Alat", "Poti"),
            ("sea", "Poti", "Constanța"),
            ("sea", "Constanța", "Ghent"),
        ],
        [
            ("Kostanay", "Origin", 0, 0, 0),
            ("Aktau", "Rail to ferry", 52, 6.4, 0.4),
            ("Alat", "Ferry to rail", 20, 5.1, 0.4),
            ("Poti", "Rail to sea", 46, 7.2, 0.5),
            ("Constanța", "Transhipment", 30, 3.1, 0.3),
            ("Ghent", "Destination", 18, 4.1, 0.3),
        ],
    ),
    (
        "Kuryk – BTK rail – Türkiye – Balkans",
        "Southern branch of the Middle Corridor",
        ["Fastest", "Shortest"],
        [
            ("rail", "Kostanay", "Kuryk"),
            ("ferry", "Kuryk", "Alat"),
            ("rail", "Alat", "Akhalkalaki"),
            ("rail", "Akhalkalaki", "Halkalı"),
            ("rail", "Halkalı", "Ghent"),
        ],
        [
            ("Kostanay", "Origin", 0, 0, 0),
            ("Kuryk", "Rail to ferry", 36, 7.0, 0.4),
            ("Alat", "Ferry to rail", 14, 5.1, 0.4),
            ("Akhalkalaki", "Gauge change 1520→1435", 16, 4.4, 0.3),
            ("Akhalkalaki", "Border", 6, 1.2, 0),
            ("Halkalı", "Border", 12, 1.2, 0),
            ("Ghent", "Destination", 6, 3.0, 0.2),
        ],
    ),
    (
        "Brest – Małaszewicze – Duisburg",
        "Northern Corridor",
        [],
        [("rail", "Kostanay", "Brest"), ("road", "Brest", "Małaszewicze"), ("rail", "Małaszewicze", "Ghent")],
        [
            ("Kostanay", "Origin", 0, 0, 0),
            ("Troitsk", "Border", 8, 0.9, 0),
            ("Brest", "Rail to road", 30, 6.0, 0.5),
            ("Małaszewicze", "Road to rail", 20, 5.2, 0.4),
            ("Ghent", "Destination", 6, 3.0, 0.2),
        ],
    ),
    (
        "Dostyk – Lianyungang – Suez",
        "Eastern gateway",
        [],
        [("rail", "Kostanay", "Dostyk"), ("rail", "Dostyk", "Lianyungang"), ("sea", "Lianyungang", "Ghent")],
        [
            ("Kostanay", "Origin", 0, 0, 0),
            ("Dostyk", "Gauge change 1520→1435", 40, 5.0, 0.4),
            ("Lianyungang", "Rail to sea", 60, 7.9, 0.5),
            ("Ghent", "Destination", 18, 4.1, 0.3),
        ],
    ),
]


@dataclass
class Tables:
    """The three tables that `draw_routes` takes."""

    routes: pd.DataFrame
    legs: gpd.GeoDataFrame
    stops: gpd.GeoDataFrame

    def as_arguments(self) -> tuple[pd.DataFrame, gpd.GeoDataFrame, gpd.GeoDataFrame]:
        return self.routes, self.legs, self.stops


def wiggle(points: Sequence[tuple[float, float]], mode: str, seed: int) -> shapely.LineString:
    """Draw a curve through the points, with a vertex every few kilometres and bends on several scales."""
    knots = np.array(points)
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(knots, axis=0).T))))
    calm = mode in {"sea", "ferry"}
    fine = np.linspace(0, along[-1], max(int(along[-1] * (8 if calm else 30)), 2))
    curve = np.column_stack([np.interp(fine, along, knots[:, axis]) for axis in (0, 1)])
    if calm:
        return shapely.LineString(curve)
    random = np.random.default_rng(seed)
    for wave in (3.0, 0.9, 0.25, 0.1):
        phase = random.uniform(0, 2 * np.pi, 2)
        for axis in (0, 1):
            curve[1:-1, axis] += 0.025 * wave**0.8 * np.sin(2 * np.pi * fine[1:-1] / wave + phase[axis])
    return shapely.LineString(curve)


def length_km(line: shapely.LineString) -> float:
    """Rough length on a sphere."""
    lon, lat = np.radians(shapely.get_coordinates(line)).T
    east = np.diff(lon) * np.cos((lat[1:] + lat[:-1]) / 2)
    return float(6371 * np.hypot(east, np.diff(lat)).sum())


def make_tables() -> Tables:
    """Build the toy: figures and lines are invented, but legs and stops add up to their route."""
    routes: list[dict[str, Any]] = []
    legs: list[dict[str, Any]] = []
    stops: list[dict[str, Any]] = []
    for route_id, (name, corridor, badges, plan, waits) in enumerate(PLANS, start=1):
        total = dict.fromkeys(("distance_km", "time_h", "cost_usd_per_t", "co2e_kg_per_t"), 0.0)
        for number, (mode, start, end) in enumerate(plan, start=1):
            line = wiggle([PLACES[start], *WAY.get((start, end), []), PLACES[end]], mode, seed=10 * route_id + number)
            km = length_km(line)
            speed, usd, kg = PACE[mode]
            figures = {"distance_km": km, "time_h": km / speed, "cost_usd_per_t": km * usd, "co2e_kg_per_t": km * kg}
            for key, value in figures.items():
                total[key] += value
            legs.append(
                {
                    "route_id": route_id,
                    "leg": number,
                    "mode": mode,
                    "kind": "access" if mode == "road" else "haul",
                    "from_name": start,
                    "to_name": end,
                    **figures,
                    "length_source": "invented line",
                    "geometry": line,
                }
            )
        for order, (place, what, hours, usd_t, kg_t) in enumerate(waits):
            extra = {"time_h": float(hours), "cost_usd_per_t": float(usd_t), "co2e_kg_per_t": float(kg_t)}
            for key, value in extra.items():
                total[key] += value
            stops.append(
                {
                    "route_id": route_id,
                    "order": order,
                    "name": place,
                    "what": what,
                    **extra,
                    "geometry": shapely.Point(PLACES[place]),
                }
            )
        routes.append({"route_id": route_id, "name": name, "corridor": corridor, **total, "badges": list(badges)})
    return Tables(
        pd.DataFrame(routes), gpd.GeoDataFrame(legs, crs="EPSG:4326"), gpd.GeoDataFrame(stops, crs="EPSG:4326")
    )
