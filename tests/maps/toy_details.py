"""The toy's optional columns and tables: ranges, events, items, what-ifs by month, corridors without a route."""

from typing import Any

import pandas as pd
from toy_routes import Tables, make_tables

FIGURES = ("distance_km", "time_h", "cost_usd_per_t", "co2e_kg_per_t")
NAMES_RU = ("Актау – Поти – Дунай", "Актау – Поти – Босфор", None, None, None)


def make_detailed() -> tuple[Tables, dict[str, Any]]:
    """Toy tables with every optional column, and the optional tables as keyword arguments of `draw_routes`."""
    tables = make_tables()
    tables.routes["name_ru"] = list(NAMES_RU)
    for number, figure in enumerate(("time_h", "cost_usd_per_t", "co2e_kg_per_t")):
        tables.routes[f"{figure}_p10"] = tables.routes[figure] * [0.8, 0.7, 0.85, 0.9, 0.75]
        tables.routes[f"{figure}_p90"] = tables.routes[figure] * (1.2 + 0.1 * number)
    tables.legs["standing_h"] = tables.legs["time_h"] * 0.1
    _add_cumulative(tables)
    tables.stops["event"] = [_event(what) for what in tables.stops["what"]]
    ways = [what.lower().replace("barge", "waterway").partition(" to ") for what in tables.stops["what"]]
    tables.stops["event_from"] = [way[0] if way[2] else "" for way in ways]
    tables.stops["event_to"] = [way[2] for way in ways]
    tables.routes["dominated_reason"] = [""] * 4 + ["Longer, dearer and dirtier than any other"]
    return tables, {
        "items": make_items(tables),
        "scenarios": make_scenarios(tables),
        "tornado": make_tornado(tables),
        "unavailable": pd.DataFrame(
            {
                "name": ["Southern"],
                "name_ru": ["Южный"],
                "reason": ["sanctions on Iran"],
                "reason_ru": ["санкции против Ирана"],
            }
        ),
    }


def _event(what: str) -> str:
    if what.startswith("Gauge"):
        return ""
    return {"Origin": "", "Destination": "", "Border": "border"}.get(what, "transfer" if " to " in what else "")


def _add_cumulative(tables: Tables) -> None:
    """Ranges along the way, in the order in which the page meets legs and stops."""
    from maps.route_tables import read_legs, read_routes, read_stops

    cards = read_routes(tables.routes)
    legs = read_legs(tables.legs, cards)
    stops = read_stops(tables.stops, cards, legs)
    for name in ("time_h", "cost_usd_per_t"):
        for side, factor in (("p10", 0.85), ("p90", 1.25)):
            for table in (tables.legs, tables.stops):
                table[f"cumulative_{name}_{side}"] = float("nan")
            for card in cards:
                total = 0.0
                for leg in [None, *legs[card["id"]]]:
                    number = 0 if leg is None else leg["leg"]
                    if leg is not None:
                        total += leg[name]
                        row = (tables.legs.route_id.astype(str) == card["id"]) & (tables.legs.leg == number)
                        tables.legs.loc[row, f"cumulative_{name}_{side}"] = total * factor
                    for stop in stops[card["id"]]:
                        if stop["after_leg"] != number:
                            continue
                        total += stop[name]
                        row = (tables.stops.route_id.astype(str) == card["id"]) & (tables.stops.order == stop["order"])
                        tables.stops.loc[row, f"cumulative_{name}_{side}"] = total * factor


def make_items(tables: Tables) -> pd.DataFrame:
    """Two items a leg and one a stop that costs something."""
    rows: list[dict[str, Any]] = []
    for leg in tables.legs.to_dict("records"):
        for item, share, year in (("Line haul", 0.8, 2024), ("Wagon or slot hire", 0.2, 2023)):
            rows.append(
                {
                    "route_id": leg["route_id"],
                    "leg": leg["leg"],
                    "item": item,
                    "item_ru": {"Line haul": "Перевозка", "Wagon or slot hire": "Аренда вагона или места"}[item],
                    "time_h": leg["time_h"] if item == "Line haul" else 0.0,
                    "cost_usd_per_t": leg["cost_usd_per_t"] * share,
                    "co2e_kg_per_t": leg["co2e_kg_per_t"] if item == "Line haul" else 0.0,
                    "source": "invented tariff book",
                    "year": year,
                    "confidence": "medium",
                    "low": 0.01,
                    "base": 0.012,
                    "high": 0.02,
                    "unit": "USD/tkm",
                }
            )
    rows += [
        {
            "route_id": stop["route_id"],
            "order": stop["order"],
            "item": "Handling",
            "item_ru": "Перевалка",
            "time_h": stop["time_h"],
            "cost_usd_per_t": stop["cost_usd_per_t"],
            "source": "general knowledge",
            "confidence": "low",
        }
        for stop in tables.stops.to_dict("records")
        if stop["cost_usd_per_t"]
    ]
    return pd.DataFrame(rows)


def make_scenarios(tables: Tables) -> pd.DataFrame:
    """A baseline by month, a closure that lengthens two routes, and one that shuts them all."""
    rows: list[dict[str, Any]] = []
    for route in tables.routes.to_dict("records"):
        number = int(route["route_id"])
        base = {name: route[name] for name in ("time_h", "cost_usd_per_t", "co2e_kg_per_t")}
        for month in range(1, 13):
            winter = 1.2 if month in {12, 1, 2} else 1.0
            rows.append({"scenario": "", "route_id": number, "month": month, **base, "time_h": base["time_h"] * winter})
        more = 1.25 if number <= 2 else 1.0
        longer = {name: value * more for name, value in base.items()}
        rows.append({"scenario": "Kuryk closed", "scenario_ru": "Курык закрыт", "route_id": number, **longer})
        rows.append(
            {
                "scenario": "All frontiers shut",
                "route_id": number,
                **dict.fromkeys(base),
                "reason": "Aktau and Kuryk are both closed",
                "reason_ru": "Актау и Курык закрыты",
            }
        )
    return pd.DataFrame(rows)


def make_tornado(tables: Tables) -> pd.DataFrame:
    """Two assumptions a route and figure, one of which makes it less where it is higher."""
    return pd.DataFrame(
        [
            {
                "route_id": route["route_id"],
                "figure": figure,
                "item": item,
                "item_ru": {"Line haul": "Перевозка", "Waiting": "Ожидание"}[item],
                "mode": mode,
                "where": "Poti" if item == "Waiting" else "",
                "low": route[figure] * low,
                "base": route[figure],
                "high": route[figure] * high,
                "value_low": 1.0,
                "value_base": 2.0,
                "value_high": 4.0,
                "unit": "h",
                "source": "invented tariff book",
                "confidence": "low",
            }
            for route in tables.routes.to_dict("records")
            for figure in ("time_h", "cost_usd_per_t")
            for item, mode, low, high in (("Line haul", "rail", 1.2, 0.9), ("Waiting", "", 0.95, 1.1))
        ]
    )
