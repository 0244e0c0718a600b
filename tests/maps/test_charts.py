"""The matplotlib figures as data: what stands where, what is hollow, what is refused."""

import io
import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest
from toy_details import make_detailed

import maps
from maps.style import MODE_STYLES

pytest.importorskip("matplotlib", reason="figures need the `figures` extra")


def svg(figure: Any) -> str:
    text = io.StringIO()
    figure.savefig(text, format="svg")
    return text.getvalue()


def by_hand() -> pd.DataFrame:
    """Two legs of 480 km in 12 h with a border of 24 h between them."""
    return pd.DataFrame(
        {
            "route_id": ["A"] * 3,
            "leg": [1, 2, 3],
            "mode": ["rail", "rail", "sea"],
            "kind": ["haul", "border", "haul"],
            "from_name": ["X", "Y", "Y"],
            "to_name": ["Y", "Y", "Z"],
            "distance_km": [480.0, 0.0, 480.0],
            "time_h": [12.0, 24.0, 12.0],
            "cost_usd_per_t": [10.0, 5.0, 3.0],
        }
    )


def lines(axis: Any) -> list[tuple[list[float], list[float], str]]:
    return [(list(line.get_xdata()), list(line.get_ydata()), line.get_color()) for line in axis.lines]


def test_time_cost_distance_by_hand() -> None:
    time, cost = maps.time_cost_distance(by_hand()).axes
    rail, sea = MODE_STYLES["rail"].colour, MODE_STYLES["sea"].colour
    assert [line[:2] for line in lines(time)] == [
        ([0, 480], [0, 0.5]),
        ([480, 480], [0.5, 1.5]),
        ([480, 960], [1.5, 2]),
    ]
    assert [line[2] for line in lines(time)][::2] == [rail, sea]
    assert lines(cost)[-1][1] == [15, 18]
    (words,) = [text.get_text() for text in time.figure.legends[0].get_texts()]
    assert words == "A: 20.0 km/h · 40.0 km/h · 50%"
    assert "Y" in [text.get_text() for text in time.texts]


def test_time_cost_distance_of_the_toy_ends_at_the_totals() -> None:
    tables, _ = make_detailed()
    from maps.route_tables import read_legs, read_routes, read_stops

    cards = read_routes(tables.routes)
    stops_of = read_stops(tables.stops, cards, read_legs(tables.legs, cards))
    stops = pd.concat([pd.DataFrame(own).assign(route_id=route_id) for route_id, own in stops_of.items()])
    figure = maps.time_cost_distance(tables.legs, stops)
    for axis, name, scale in zip(figure.axes, ("time_h", "cost_usd_per_t"), (24, 1), strict=True):
        ends = {text.get_text(): text.xy for text in axis.texts if text.get_text() in set("12345")}
        for route in tables.routes.to_dict("records"):
            km, value = ends[str(route["route_id"])]
            assert km == pytest.approx(route["distance_km"])
            assert value == pytest.approx(route[name] / scale)
        assert len(axis.collections) == len(tables.routes), "one band a route"


def two_ways(gap_h: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Route A by hand, and B that takes `gap_h` more at the frontier; with ranges of days and dollars."""
    legs = by_hand()
    later = legs.assign(route_id="B", time_h=legs["time_h"] + [0, gap_h, 0])
    ends = np.array([48.0, 48.0 + gap_h])
    ranges = {"time_h_p10": ends - 6, "time_h_p90": ends + 12, "cost_usd_per_t_p10": 15.0, "cost_usd_per_t_p90": 24.0}
    return pd.concat([legs, later]), pd.DataFrame({"route_id": ["A", "B"], **ranges})


def discs(axis: Any) -> list[Any]:
    """Pixels that the letters' discs take."""
    axis.figure.draw_without_rendering()
    return [text.get_bbox_patch().get_window_extent() for text in axis.texts if text.get_text() in ("A", "B")]


def test_whiskers_end_the_routes_and_letters_do_not_touch() -> None:
    legs, routes = two_ways(1.0)
    figure = maps.time_cost_distance(legs, routes=routes)
    days, dollars = figure.axes
    whiskers = [line for line in days.lines if line.get_marker() == "_"]
    assert [list(line.get_ydata()) for line in whiskers] == [
        pytest.approx([1.75, 2.5]),
        pytest.approx([43 / 24, 61 / 24]),
    ]
    assert all(list(line.get_xdata()) == [960, 960] for line in whiskers)
    assert "p10 to p90" in figure.legends[0].get_title().get_text()
    for axis in (days, dollars):
        one, other = discs(axis)
        assert not one.overlaps(other)
        assert axis.get_ylim()[1] > max(max(line.get_ydata()) for line in axis.lines)
    assert next(text.xyann for text in days.texts if text.get_text() == "A") == (0, 0), "the first stays at its end"


def test_letters_far_apart_stay_at_their_ends() -> None:
    legs, routes = two_ways(96.0)
    axis = maps.time_cost_distance(legs, routes=routes[["route_id"]]).axes[0]
    assert [text.xyann for text in axis.texts if text.get_text() in ("A", "B")] == [(0, 0), (0, 0)]
    with pytest.raises(maps.BadTableError, match=r"route 'A': time_h_p10"):
        maps.time_cost_distance(legs, routes=routes.assign(time_h_p10="soon"))
    with pytest.raises(maps.MissingColumnError, match=r"routes.*route_id"):
        maps.time_cost_distance(legs, routes=routes.drop(columns="route_id"))


def test_letters_of_overlapping_points_stand_beside_them() -> None:
    table = pd.DataFrame(
        {
            "route_id": ["A", "B", "C"],
            "time_h": [240.0, 241.0, 480.0],
            "cost_usd_per_t": [100.0, 100.0, 200.0],
            "co2e_kg_per_t": [50.0, 50.0, 50.0],
        }
    )
    (axis,) = maps.pareto_scatter(table).axes
    axis.figure.draw_without_rendering()
    boxes = {text.get_text(): text.get_window_extent() for text in axis.texts}
    shifts = {text.get_text(): text.xyann for text in axis.texts}
    assert shifts["C"] == (0, 0)
    assert not boxes["A"].overlaps(boxes["B"])
    radius = axis.collections[0].get_sizes()[0] ** 0.5 / 2
    assert all(np.hypot(*shifts[letter]) > radius for letter in "AB")
    assert "p10" not in axis.get_xlabel()
    ranged = maps.pareto_scatter(table.assign(time_h_p10=[200.0, 200.0, 400.0], time_h_p90=500.0)).axes[0]
    assert "p10 to p90" in ranged.get_xlabel()
    assert list(ranged.lines[0].get_ydata()) == pytest.approx([200 / 24, 500 / 24])


def test_dominated_routes_are_hollow() -> None:
    tables, _ = make_detailed()
    (axis,) = maps.pareto_scatter(tables.routes).axes
    colours = [tuple(np.round(points.get_facecolor()[0][:3], 2)) for points in axis.collections]
    assert [colour == (1.0, 1.0, 1.0) for colour in colours] == [True, True, True, False, True]
    (key,) = axis.figure.legends
    assert "5: Longer, dearer and dirtier than any other" in [text.get_text() for text in key.get_texts()]
    assert "1: dominated by 4" in [text.get_text() for text in key.get_texts()]
    sizes = [points.get_sizes()[0] for points in axis.collections]
    assert np.argsort(sizes).tolist() == np.argsort(tables.routes.co2e_kg_per_t).tolist()


def test_month_heatmap_crosses_out_months_without_a_route() -> None:
    table = pd.DataFrame(
        {"route_id": ["Volga"] * 12, "month": range(1, 13), "time_h": [np.nan] * 3 + [480.0] * 8 + [np.nan]}
    )
    axis = maps.month_heatmap(table).axes[0]
    assert [text.get_text() for text in axis.texts] == ["×"] * 3 + ["480"] * 8 + ["×"]
    with pytest.raises(maps.BadTableError, match="no month has a figure"):
        maps.month_heatmap(table.assign(time_h=np.nan))


def test_tornado_puts_the_widest_on_top() -> None:
    table = pd.DataFrame(
        {"name": ["dwell", "tariff"], "low": [95.0, 80.0], "base": [100.0, 100.0], "high": [110.0, 140.0]}
    )
    (axis,) = maps.tornado(table).axes
    assert [label.get_text() for label in axis.get_yticklabels()] == ["dwell", "tariff"]
    assert [round(bar.get_width()) for bar in axis.patches] == [-5, 10, -20, 40]
    with pytest.raises(maps.BadTableError, match="same base"):
        maps.tornado(table.assign(base=[1.0, 2.0]))
    with pytest.raises(maps.BadTableError, match="'dwell': low, base and high must all be known"):
        maps.tornado(table.assign(low=[np.nan, 1.0]))


def test_capacity_funnel_marks_the_narrowest() -> None:
    table = pd.DataFrame({"stage": ["rail", "berth", "ferry"], "capacity_t_per_year": [5e6, 2e6, np.nan]})
    (axis,) = maps.capacity_funnel(table).axes
    assert [round(bar.get_width(), 2) for bar in axis.patches] == [5.0, 2.0]
    assert axis.patches[1].get_facecolor() != axis.patches[0].get_facecolor()
    assert [text.get_text() for text in axis.texts] == ["5.00 Mt", "2.00 Mt", "not known"]
    both = pd.concat([table.assign(funnel="one"), table.assign(funnel="$two", capacity_high_t_per_year=6e6)])
    axes = maps.capacity_funnel(both.assign(capacity_low_t_per_year=1e6)).axes
    assert [axis.get_title("left") for axis in axes] == ["one", r"\$two"]
    assert [text.get_text() for text in axes[1].texts] == ["5.00 Mt (1.00–6.00)", "2.00 Mt (1.00–6.00)", "not known"]
    assert axes[0].get_xlim() == axes[1].get_xlim(), "one scale"
    with pytest.raises(maps.BadTableError, match="no stage has a known capacity"):
        maps.capacity_funnel(table.assign(capacity_t_per_year=np.nan))


def test_charts_refuse_what_is_missing() -> None:
    with pytest.raises(maps.MissingColumnError, match=r"legs.*time_h"):
        maps.time_cost_distance(by_hand().drop(columns="time_h"))
    with pytest.raises(maps.BadTableError, match=r"route 'A', leg 1.*time_h is not known"):
        maps.time_cost_distance(by_hand().assign(time_h=np.nan))
    with pytest.raises(maps.BadTableError, match="unknown mode 'airship'"):
        maps.time_cost_distance(by_hand().assign(mode="airship"))
    with pytest.raises(maps.BadTableError, match="nothing to draw"):
        maps.time_cost_distance(by_hand().iloc[:0])
    with pytest.raises(maps.BadTableError, match="no route has both"):
        maps.pareto_scatter(make_detailed()[0].routes.assign(time_h=np.nan))


def test_names_are_escaped_in_svg() -> None:
    payload = "<script>window.hit=1</script>"
    text = svg(maps.time_cost_distance(by_hand().assign(to_name=payload)))
    assert "<script" not in text


def test_dollars_in_names_are_no_formulas() -> None:
    table = pd.DataFrame({"name": ["$\\frac{$", "$a_b$"], "low": [1.0, 1.0], "base": [2.0, 2.0], "high": [3.0, 4.0]})
    assert "<!-- $a_b$ -->" in svg(maps.tornado(table))
    assert svg(maps.time_cost_distance(by_hand().assign(to_name="$\\frac{$", route_id="$x$")))
    stages = pd.DataFrame({"stage": ["$\\frac{$"], "capacity_t_per_year": [1e6]})
    assert svg(maps.capacity_funnel(stages))


def test_no_global_state_is_touched() -> None:
    code = (
        "import sys, pandas as pd, maps\n"
        "t = pd.DataFrame({'stage': ['a'], 'capacity_t_per_year': [1e6]})\n"
        "maps.capacity_funnel(t)\n"
        "assert 'matplotlib' in sys.modules and 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
