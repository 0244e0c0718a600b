"""
The field's pictures as matplotlib figures, for papers, PDFs and notebooks.

Each function takes a table and gives a `matplotlib.figure.Figure`, which shows itself in a notebook and is saved with
``figure.savefig("name.svg")``. Nothing touches pyplot, so no figure stays open and none changes another. matplotlib is
the optional extra ``trade-corridor[figures]``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from maps.cells import Record, check_columns, read_number, read_text
from maps.chart_letters import End, steps_aside, steps_outside
from maps.detail_tables import TOTALS, mark_dominated
from maps.errors import AssetError, BadTableError
from maps.speeds import route_speeds
from maps.style import MODE_STYLES, QUIET_COLOUR

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STANDING_KINDS = frozenset({"transfer", "border"})
"""Kinds of rows that never move, whatever their distance."""

_MEASURES = {"time_h": ("Days", 24.0), "cost_usd_per_t": ("USD per tonne", 1.0)}
_WORDS_FIT = 0.4
"""Bars of a funnel at least so wide, as part of the picture, bear their words; beside others they stand."""
_INK, _GRID, _BAND, _WHISKER = "#16202a", "#e4e9ee", "#ffd873", "#8a6d00"


def time_cost_distance(
    legs: pd.DataFrame, stops: pd.DataFrame | None = None, routes: pd.DataFrame | None = None
) -> Figure:
    """
    Draw UNESCAP's time-cost-distance chart: time and cost so far against distance, all routes over each other.

    Parameters
    ----------
    legs
        One row a leg in order: ``route_id``, ``leg``, ``mode``, ``kind``, ``from_name``, ``to_name``,
        ``distance_km``, ``time_h``, ``cost_usd_per_t``; optional ``standing_h``. Rows of kind transfer or border, or
        without distance, are upright steps. Optional ``name`` of the route for the
        legend, and ``cumulative_<figure>_p10`` and ``_p90`` for the band.
    stops
        Optional, as for `maps.draw_routes`: ``route_id``, ``order``, ``name``, ``time_h``, ``cost_usd_per_t`` and
        ``after_leg``, the number of the leg that they come after.
    routes
        Optional, one row a route: ``route_id`` with ``_p10`` and ``_p90`` of time and cost, drawn as a whisker through
        the letter at the end of the route. Letters that would touch stand aside, tied to their end by a line.

    Returns
    -------
    Figure
        Two axes, days and USD per tonne; the legend has each route's SWD and SWOD in km/h and its friction.

    Raises
    ------
    MissingColumnError, BadTableError
        A column is missing, a mode is unknown or a figure is not known.

    """
    check_columns(legs, "legs", ("route_id", "leg", "mode", "kind", "to_name", "distance_km", *_MEASURES))
    ways = _steps_by_route(legs, stops)
    ranges = _ranges(routes)
    figure = _figure(7.2, 8.4 + 0.18 * len(ways))
    axes: Sequence[Axes] = figure.subplots(2, 1)
    charts: list[tuple[Axes, list[End]]] = []
    for axis, measure in zip(axes, _MEASURES, strict=True):
        room = (_greatest(ways, "distance_km"), _greatest(ways, measure) / _MEASURES[measure][1])
        named = [
            tuple(sum(step[name] for step in steps) for name in ("distance_km", measure)) for steps in ways.values()
        ]
        named = [(km, value / _MEASURES[measure][1]) for km, value in named]  # no name beneath a letter
        ends: list[End] = []
        for route_id, steps in ways.items():
            km, value = _trace(axis, steps, measure, room, named)
            low, high = ranges.get((route_id, measure), (value, value))
            ends.append(End(route_id, km, value, low, high))
            axis.update_datalim([(km, low), (km, high)])
        axis.set_xlim(-0.04 * room[0], (1.05 + 0.015 * len(ends)) * room[0])
        charts.append((axis, ends))
        axis.set_xlabel("km")
        axis.set_ylabel(_MEASURES[measure][0])
        _tidy(axis)
    names = {_name(leg["route_id"]): _name(leg.get("name")) for leg in legs.to_dict("records")}
    entries = [_speed_entry(f"{route_id} {names[route_id]}".strip(), steps) for route_id, steps in ways.items()]
    banded = any(None not in step[f"{measure}_band"] for own in ways.values() for step in own for measure in _MEASURES)
    shown = " and ".join([*["bands"] * banded, *["whiskers"] * bool(ranges)])
    title = "SWD · SWOD · friction" + (f"; {shown}: p10 to p90" if shown else "")
    figure.legend(handles=entries, title=title, fontsize=8, loc="outside lower center", frameon=False)
    figure.draw_without_rendering()
    for axis, ends in charts:
        _letter_ends(axis, ends)
    return figure


def _ranges(routes: pd.DataFrame | None) -> dict[tuple[str, str], tuple[float, float]]:
    """Route and measure → p10 and p90 in the unit of the chart, where they are known."""
    if routes is None:
        return {}
    check_columns(routes, "routes", ("route_id",))
    found = {}
    for row in routes.to_dict("records"):
        for measure, (_, scale) in _MEASURES.items():
            where = f"table 'routes', route {read_text(row['route_id'])!r}: {measure}"
            low, high = (read_number(row.get(f"{measure}_{side}"), f"{where}_{side}") for side in ("p10", "p90"))
            if low is not None and high is not None:
                found[_name(row["route_id"]), measure] = (low / scale, high / scale)
    return found


def _letter_ends(axis: Axes, ends: Sequence[End]) -> None:
    """Each route's letter and whisker at its end, side by side where they would touch."""
    from matplotlib.transforms import ScaledTranslation

    axis.autoscale(enable=False)
    for end, aside in zip(ends, steps_aside(axis, ends), strict=True):
        if end.low < end.high:
            beside = axis.transData + ScaledTranslation(aside / 72, 0, axis.figure.dpi_scale_trans)
            axis.plot(
                [end.x, end.x], [end.low, end.high], color=_WHISKER, linewidth=1.5, marker="_", transform=beside,
                clip_on=False, zorder=2.5,
            )  # fmt: skip
        axis.annotate(
            end.letter, (end.x, end.y), (aside, 0), textcoords="offset points", ha="center", va="center", fontsize=8,
            color="white", bbox={"boxstyle": "circle", "facecolor": _INK, "edgecolor": "white"},
            arrowprops={"arrowstyle": "-", "color": _INK, "linewidth": 0.8} if aside else None,
        )  # fmt: skip


def _steps_by_route(legs: pd.DataFrame, stops: pd.DataFrame | None) -> dict[str, list[Record]]:
    """Legs and stops of each route in the order in which they are met."""
    found: dict[str, list[tuple[tuple[float, int, float], Record]]] = {}
    for leg in legs.to_dict("records"):
        where = f"table 'legs', route {read_text(leg['route_id'])!r}, leg {leg['leg']}"
        moves = leg["kind"] not in STANDING_KINDS and (read_number(leg["distance_km"], where) or 0) > 0
        if moves and leg["mode"] not in MODE_STYLES:
            raise BadTableError(f"{where}: unknown mode {leg['mode']!r}; known: {', '.join(MODE_STYLES)}")
        step = _step(leg, "to_name", where) | {"moves": moves, "mode": leg["mode"]}
        found.setdefault(_name(leg["route_id"]), []).append(((float(leg["leg"]), 0, 0.0), step))
    if stops is not None:
        check_columns(stops, "stops", ("route_id", "order", "name", "time_h", "cost_usd_per_t", "after_leg"))
        for stop in stops.to_dict("records"):
            where = f"table 'stops', route {read_text(stop['route_id'])!r}, stop {stop['name']!r}"
            if _name(stop["route_id"]) not in found:
                raise BadTableError(f"{where}: the route has no legs")
            step = _step(stop | {"distance_km": 0.0}, "name", where) | {"moves": False, "mode": ""}
            found[_name(stop["route_id"])].append(((float(stop["after_leg"]), 1, float(stop["order"])), step))
    if not found:
        raise BadTableError("table 'legs' is empty: there is nothing to draw")
    return {route: [step for _, step in sorted(own, key=lambda entry: entry[0])] for route, own in found.items()}


def _greatest(routes: dict[str, list[Record]], figure: str) -> float:
    return max(float(sum(step[figure] for step in steps)) for steps in routes.values())


def _step(row: Record, name: str, where: str) -> Record:
    step: Record = {"name": _name(row[name]), "standing_h": read_number(row.get("standing_h"), where) or 0.0}
    for figure in ("distance_km", *_MEASURES):
        value = read_number(row[figure], f"{where}: {figure}")
        if value is None:
            raise BadTableError(f"{where}: {figure} is not known, so the route cannot be drawn")
        step[figure] = value
    for figure in _MEASURES:
        step[f"{figure}_band"] = [
            read_number(row.get(f"cumulative_{figure}_{side}"), f"{where}: cumulative_{figure}_{side}")
            for side in ("p10", "p90")
        ]
    return step


def _trace(
    axis: Axes,
    steps: Sequence[Record],
    measure: str,
    room: tuple[float, float],
    named: list[tuple[float, float]],
) -> tuple[float, float]:
    """One route: slopes in its modes' colours, upright steps grey, named if tall and no name is near; gives its end."""
    from matplotlib.patheffects import withStroke

    scale = _MEASURES[measure][1]
    total = sum(step[measure] for step in steps) / scale
    km = value = 0.0
    band = [(0.0, 0.0, 0.0)]
    for number, step in enumerate(steps, start=1):
        standing = step["standing_h"] / scale if measure == "time_h" and step["moves"] else 0.0
        if step["moves"]:
            style = MODE_STYLES[step["mode"]]
            end = (km + step["distance_km"], value + step[measure] / scale - standing)
            axis.plot(
                [km, end[0]], [value, end[1]], color=style.colour, linewidth=2, dashes=(4, 2) if style.dash else ()
            )
            km, value = end
        rise = standing if step["moves"] else step[measure] / scale
        if rise > 0:
            axis.plot([km, km], [value, value + rise], color=QUIET_COLOUR, linewidth=2)
            at = (km, value + rise / 2)
            apart = all(abs(at[0] - x) > 0.12 * room[0] or abs(at[1] - y) > 0.035 * room[1] for x, y in named)
            # the last stop bears the route's letter
            if rise > 0.03 * total and not step["moves"] and apart and number < len(steps):
                text = axis.annotate(step["name"], at, (4, 0), textcoords="offset points", fontsize=7, va="center")
                text.set_path_effects([withStroke(linewidth=2.5, foreground="white")])
                named.append(at)
        value += rise
        low, high = step[f"{measure}_band"]
        if low is not None and high is not None:
            band.append((km, low / scale, high / scale))
    if len(band) == len(steps) + 1:
        x, low_line, high_line = np.array(band).T
        axis.fill_between(x, low_line, high_line, color=_BAND, alpha=0.22, linewidth=0)
    return km, value


def _speed_entry(name: str, steps: Sequence[Record]) -> Any:
    from matplotlib.lines import Line2D

    moving = [step for step in steps if step["moves"]]
    speeds = route_speeds(moving, [step for step in steps if not step["moves"]])
    swd, swod, friction = (speeds[name] for name in ("swd_kmh", "swod_kmh", "friction"))
    words = "not known"
    if swd is not None and swod is not None and friction is not None:
        words = f"{swd:.1f} km/h · {swod:.1f} km/h · {friction:.0%}"
    return Line2D([], [], linestyle="", marker="o", color=_INK, label=f"{name}: {words}")


def pareto_scatter(routes: pd.DataFrame) -> Figure:
    """
    Draw cost against time, CO2e as the size; a route that another one beats in all three is hollow.

    Parameters
    ----------
    routes
        One row a route: ``route_id``, ``time_h``, ``cost_usd_per_t``, ``co2e_kg_per_t``; optional ``name`` for a
        key, ``dominated_reason``, and ``_p10`` and ``_p90`` of time and cost, drawn as whiskers. Where points
        overlap, their letters stand beside them.

    Raises
    ------
    MissingColumnError, BadTableError
        A column is missing, or no route has both a time and a cost.

    """
    check_columns(routes, "routes", ("route_id", "time_h", "cost_usd_per_t", "co2e_kg_per_t"))
    figure = _figure(6.4, 5.2)
    from matplotlib.patheffects import withStroke

    cards: list[Record] = []
    for row in routes.to_dict("records"):
        route_id = read_text(row["route_id"])
        figures = {str(name): value for name, value in row.items() if str(name).startswith(TOTALS)}
        card: Record = {name: read_number(value, f"route {route_id!r}: {name}") for name, value in figures.items()}
        card["name"] = _name(row.get("name"))
        cards.append(card | {"letter": _name(row["route_id"]), "reason": _name(row.get("dominated_reason"))})
    mark_dominated(cards)
    drawn = [card for card in cards if card["time_h"] is not None and card["cost_usd_per_t"] is not None]
    if not drawn:
        raise BadTableError("table 'routes': no route has both a time and a cost")
    axis: Axes = figure.subplots()
    most = max((card["co2e_kg_per_t"] or 0 for card in drawn), default=0) or 1
    discs: list[tuple[float, float, float]] = []
    for card in drawn:
        x, y = card["cost_usd_per_t"], card["time_h"] / 24
        low, high = card.get("cost_usd_per_t_p10"), card.get("cost_usd_per_t_p90")
        if low is not None and high is not None:
            axis.plot([low, high], [y, y], color=_WHISKER, linewidth=1, zorder=1)
        low, high = card.get("time_h_p10"), card.get("time_h_p90")
        if low is not None and high is not None:
            axis.plot([x, x], [low / 24, high / 24], color=_WHISKER, linewidth=1, zorder=1)
        beaten = bool(card["dominated_by"])
        size = 90 + 360 * (card["co2e_kg_per_t"] or 0) / most
        axis.scatter(x, y, s=size, facecolor="white" if beaten else _INK, edgecolor=_INK, linewidth=1.5, zorder=2)
        discs.append((x, y, size**0.5 / 2))
    beaten_lines = [
        f"{card['letter']}: {card['reason'] or 'dominated by ' + ', '.join(card['dominated_by'])}"
        for card in drawn
        if card["dominated_by"]
    ]
    ranged = any(card.get(f"{measure}_p10") is not None for card in drawn for measure in _MEASURES)
    whiskers = ";\nwhiskers: p10 to p90" if ranged else ""
    axis.set_xlabel(f"USD per tonne (larger: more CO2e; hollow: dominated{whiskers})", fontsize=8)
    axis.set_ylabel("Days")
    _tidy(axis)
    named = [f"{card['letter']}  {card['name']}" for card in drawn if card["name"]]
    if lines := [*named, *([""] if named and beaten_lines else []), *beaten_lines]:
        _key(figure, lines)
        figure.set_figheight(max(figure.get_figheight(), 0.4 + 0.175 * len(lines)))
    figure.draw_without_rendering()
    for card, (x, y, _), shift in zip(drawn, discs, steps_outside(axis, discs), strict=True):
        outside = shift != (0.0, 0.0)
        text = axis.annotate(
            card["letter"], (x, y), shift, textcoords="offset points", ha="center", va="center", fontsize=8,
            color=_INK if outside or card["dominated_by"] else "white", zorder=3,
        )  # fmt: skip
        if outside:
            text.set_path_effects([withStroke(linewidth=2.5, foreground="white")])
    return figure


def _key(figure: Figure, lines: Sequence[str]) -> None:
    """What the letters of a chart mean, beside it."""
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], linestyle="", label=line) for line in lines]
    figure.legend(handles=handles, loc="outside right upper", frameon=False, handlelength=0, fontsize=8)


def month_heatmap(table: pd.DataFrame, value: str = "time_h") -> Figure:
    """
    Draw route against month: the darker, the more; a month without a route is crossed.

    Parameters
    ----------
    table
        One row a route and month: ``route_id``, ``month`` (1 ... 12) and the column `value` (NaN: no route).
    value
        Column to draw; its name bears its unit.

    """
    check_columns(table, "table", ("route_id", "month", value))
    grid = table.pivot_table(index="route_id", columns="month", values=value, dropna=False, sort=False)
    grid = grid.reindex(columns=range(1, 13))
    numbers = grid.to_numpy(dtype=float)
    if not np.isfinite(numbers).any():
        raise BadTableError(f"table: no month has a figure in column {value!r}")
    figure = _figure(7.2, 1.2 + 0.42 * len(grid))
    axis: Axes = figure.subplots()
    picture = axis.imshow(np.ma.masked_invalid(numbers), aspect="auto", cmap="cividis_r")
    middle = (np.nanmin(numbers) + np.nanmax(numbers)) / 2
    for (row, column), number in np.ndenumerate(numbers):
        text = f"{number:.0f}" if np.isfinite(number) else "×"
        dark = np.isfinite(number) and number > middle
        axis.text(column, row, text, ha="center", va="center", fontsize=7, color="white" if dark else _INK)
    axis.set_xticks(range(12), list("JFMAMJJASOND"))
    axis.set_yticks(range(len(grid)), [_name(route) for route in grid.index])
    figure.colorbar(picture, ax=axis, label=value)
    return figure


def tornado(table: pd.DataFrame, unit: str = "cost_usd_per_t", title: str = "") -> Figure:
    """
    Draw what each assumption does to the result, the one that matters most on top.

    Parameters
    ----------
    table
        One row an assumption: ``name``, and the result with it at its ``low`` and its ``high`` value, and ``base``,
        the result with all at their base; the same ``base`` in all rows.
    unit
        What the result is called on the axis.
    title
        What is told above the picture.

    """
    check_columns(table, "table", ("name", "low", "base", "high"))
    rows: list[tuple[str, float, float, float]] = []
    for row in table.to_dict("records"):
        name = _name(row["name"])
        low, base, high = (read_number(row[side], f"assumption {name!r}: {side}") for side in ("low", "base", "high"))
        if low is None or base is None or high is None:
            raise BadTableError(f"assumption {name!r}: low, base and high must all be known")
        rows.append((name, low, base, high))
    if len({row[2] for row in rows}) != 1:
        raise BadTableError("table: needs at least one assumption, and the same base in all of them")
    rows.sort(key=lambda row: abs(row[3] - row[1]))
    figure = _figure(6.8, 1.1 + 0.34 * len(rows))
    axis: Axes = figure.subplots()
    middle = rows[0][2]
    for place, (_, low, _, high) in enumerate(rows):
        axis.barh(place, low - middle, left=middle, color="#19806e", height=0.7)
        axis.barh(place, high - middle, left=middle, color="#b5651d", height=0.7, hatch="//", edgecolor="white")
    axis.axvline(middle, color=_INK, linewidth=1)
    axis.set_yticks(range(len(rows)), [name for name, *_ in rows])
    axis.set_xlabel(f"{_name(unit)}\nteal: assumption low, hatched: high; base {middle:.4g}", fontsize=8)
    figure.suptitle(_name(title), fontsize=10)
    _tidy(axis)
    return figure


def capacity_funnel(table: pd.DataFrame) -> Figure:
    """
    Draw what each stage of a terminal or corridor can pass; the narrowest of each funnel is marked.

    Parameters
    ----------
    table
        One row a stage, in the order in which cargo meets them: ``stage`` and ``capacity_t_per_year`` (NaN: not known);
        optional ``capacity_low_t_per_year`` and ``capacity_high_t_per_year``, told beside it, and ``funnel``: its name,
        one picture each, all to one scale.

    """
    check_columns(table, "table", ("stage", "capacity_t_per_year"))
    rows = [_stage(row) for row in table.to_dict("records")]
    funnels: dict[str, list[Record]] = {}
    for row in rows:
        funnels.setdefault(row["funnel"], []).append(row)
    widest = max((row["most"] for row in rows if row["most"] is not None), default=None)
    if widest is None:
        raise BadTableError("table: no stage has a known capacity")
    heights = [0.5 + len(own) for own in funnels.values()]
    figure = _figure(6.4, 0.6 + 0.45 * sum(heights) + 0.35 * (len(funnels) - 1))
    axes = figure.subplots(len(funnels), 1, squeeze=False, sharex=True, height_ratios=heights)[:, 0]
    for axis, (name, own) in zip(axes, funnels.items(), strict=True):
        _funnel(axis, own, widest)
        axis.set_title(name, fontsize=9, loc="left")
        axis.set_xlim(-0.52 * widest, 0.52 * widest)
    axes[-1].set_xlabel("Million tonnes a year; red: the narrowest stage")
    return figure


def _stage(row: Record) -> Record:
    """One row of a funnel in million tonnes a year; `most` is how wide it is drawn at most."""
    stage: Record = {"name": _name(row["stage"]), "funnel": _name(row.get("funnel"))}
    for side in ("", "low_", "high_"):
        value = read_number(row.get(f"capacity_{side}t_per_year"), f"stage {stage['name']!r}")
        stage[side] = None if value is None else value / 1e6
    stage["most"] = max((stage[side] for side in ("", "high_") if stage[side] is not None), default=None)
    return stage


def _funnel(axis: Axes, stages: Sequence[Record], widest: float) -> None:
    narrowest = min((stage[""] for stage in stages if stage[""] is not None), default=None)
    for place, stage in enumerate(stages):
        width, low, high = stage[""], stage["low_"], stage["high_"]
        words = "not known"
        if width is not None:
            colour = "#b20000" if width == narrowest else "#5b7f95"
            axis.barh(place, width, left=-width / 2, height=0.8, color=colour)
            words = f"{width:,.2f} Mt"
        if width is not None and low is not None and high is not None and low < high:
            words += f" ({low:,.2f}–{high:,.2f})"
        if width is not None and width > _WORDS_FIT * widest:
            axis.text(0, place, words, ha="center", va="center", fontsize=8, color="white")
        else:
            axis.text((width or 0) / 2 + 0.01 * widest, place, words, va="center", fontsize=8, color=_INK)
    axis.set_yticks(range(len(stages)), [stage["name"] for stage in stages], fontsize=8)
    axis.set_ylim(len(stages) - 0.5, -0.5)
    axis.set_xticks([])
    _tidy(axis)
    axis.grid(visible=False)


def _name(value: object) -> str:
    """Text of a cell that matplotlib shall not read as a formula."""
    return read_text(value).replace("$", r"\$")


def _figure(width: float, height: float) -> Figure:
    """Make an empty figure, sized in inches; raises `AssetError` without matplotlib."""
    try:
        from matplotlib.figure import Figure as NewFigure
    except ModuleNotFoundError as error:
        raise AssetError("figures need matplotlib: pip install 'trade-corridor[figures]'") from error
    return NewFigure(figsize=(width, height), layout="constrained", dpi=150)


def _tidy(axis: Axes) -> None:
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(color=_GRID)
    axis.set_axisbelow(True)
