"""What links say beyond their length: gauge, contact line, locks, class, draught, ferry operator and hours."""

from __future__ import annotations

import csv
from importlib.resources import files

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from straight_networks import HAULS, POINTS, TERMINALS, make_network

from geodata import electrification, services
from geodata.clean import Lines, attach
from geodata.contract import contract
from geodata.electrification import electrified_km, set_electrified
from geodata.errors import EditError, TableError
from geodata.graft import Draft
from geodata.network import LINK_COLUMNS, Network
from geodata.read import waterway
from geodata.tables import read_table

FERRIES = (
    "Kuryk–Alat", "Aktau–Alat", "Turkmenbashi–Alat", "Batumi–Varna", "Batumi–Burgas", "Batumi–Constanta", "Poti–Burgas",
    "Derince–Tekirdag", "Lake Van",
)  # fmt: skip
LOCKS_BETWEEN = {
    ("RO_CONSTANTA", "DE_REGENSBURG"): 18,  # Agigea, Cernavoda, Iron Gates 2, Gabcikovo, 9 Austrian, Jochenstein, 3
    ("DE_REGENSBURG", "DE_MAINZ"): 2 + 16 + 34,  # two of the Danube, the canal, the Main
    ("DE_MAINZ", "NL_ROTTERDAM"): 0,
    ("BE_ANTWERP", "BE_LIEGE"): 6,
    ("BE_ANTWERP", "NL_TERNEUZEN"): 1,
    ("BE_GHENT", "NL_TERNEUZEN"): 1,
    ("NL_TERNEUZEN", "BE_BRUSSELS"): 2,
    ("NL_ROTTERDAM", "BE_ANTWERP"): 2,
}
LOCKS_OF = {  # published totals of whole waterways
    "Danube": 18, "Danube–Black Sea Canal": 2, "Main–Danube Canal": 16, "Main": 34, "Albert Canal": 6, "Waal": 0,
}  # fmt: skip
LINES = {  # from, to: is the whole way under a contact line?
    ("TR_DIVRIGI", "TR_KARS"): "no",
    ("KZ_BEYNEU", "KZ_AKTAU"): "no",
    ("KZ_KANDYAGASH", "KZ_MAKAT"): "no",
    ("KZ_PETROPAVL", "KZ_ALMATY"): "yes",
    ("AZ_ALAT", "AZ_BOYUKKESIK"): "yes",
    ("GE_GARDABANI", "GE_POTI"): "yes",
    ("BY_ORSHA", "BY_BREST"): "yes",
    ("DE_FFO", "DE_HANNOVER"): "yes",
}


@pytest.fixture(scope="module")
def way(network: Network):
    """Link numbers of the shortest way between two terminals over the hauls and borders of a layer."""

    def shortest(start: str, end: str, layer: str) -> np.ndarray:
        links = network.links
        numbers = np.flatnonzero((links["layer"] == layer) & links["kind"].isin(["haul", "border"]))
        ends = np.sort(links[["from_node", "to_node"]].to_numpy()[numbers], axis=1)
        table = pd.DataFrame({"a": ends[:, 0], "b": ends[:, 1], "link": numbers})
        table["km"] = links["length_km"].to_numpy()[numbers].clip(1e-6)
        table = table.sort_values("km").drop_duplicates(["a", "b"])
        graph = csr_matrix((table["km"], (table["a"], table["b"])), shape=(len(network.nodes),) * 2)
        one, other = (network.terminal_nodes[code, layer] for code in (start, end))
        km, before = dijkstra(graph, directed=False, indices=one, return_predecessors=True)
        assert np.isfinite(km[other]), f"no way {start}–{end}"
        link_of = table.set_index(["a", "b"])["link"]
        found = []
        while other != one:
            previous = int(before[other])
            found.append(int(link_of[min(other, previous), max(other, previous)]))
            other = previous
        return np.array(found[::-1])

    return shortest


def test_the_schema_explains_every_column() -> None:
    text = (files("geodata") / "schema" / "links.csv").read_text("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert tuple(row["column"] for row in rows) == LINK_COLUMNS
    assert all(row["meaning"] for row in rows)


def test_the_gauge_is_that_of_the_layer(network: Network) -> None:
    links = network.links
    rail = links["mode"] == "rail"
    assert ("rail-" + links.loc[rail, "gauge_mm"].astype(str) == links.loc[rail, "layer"].astype(str)).all()
    assert set(links.loc[rail, "gauge_mm"]) == {1520, 1435}
    assert (links.loc[~rail, "gauge_mm"] == 0).all()


def test_every_rail_haul_has_country_and_contact_line(network: Network) -> None:
    rail = (network.links["mode"] == "rail") & (network.links["kind"] == "haul")
    assert (network.links.loc[rail, "country"] != "").all()
    assert set(network.links.loc[rail, "electrified"]) == {"yes", "no", "unknown"}
    assert (network.links.loc[~rail, "electrified"] == "").all()


def test_columns_stand_only_where_they_mean_something(network: Network) -> None:
    links = network.links
    water = links["mode"] == "waterway"
    assert (links.loc[~links["mode"].isin(["waterway", "sea"]), "locks"] == 0).all()
    assert (links["locks"] >= 0).all()
    assert (links.loc[~water, "cemt_class"] == "").all()
    assert (links.loc[water & (links["kind"] == "haul"), "cemt_class"] != "").all()
    assert links.loc[~links["mode"].isin(["waterway", "sea"]), "max_draught_m"].isna().all()
    ferry = links["mode"] == "ferry"
    assert (links.loc[~ferry, "operator"] == "").all()
    assert links.loc[~ferry, "sailing_h"].isna().all()


def test_small_columns_are_small(network: Network) -> None:
    assert {str(network.links[name].dtype) for name in ("gauge_mm", "locks")} == {"int16"}
    assert {str(network.links[name].dtype) for name in ("electrified", "cemt_class", "operator")} == {"category"}


@pytest.mark.parametrize(("ends", "state"), LINES.items())
def test_electrified_lines(network: Network, way, ends: tuple[str, str], state: str) -> None:
    layer = "rail-1435" if ends[0][:2] in ("TR", "DE") else "rail-1520"
    links = network.links.loc[way(*ends, layer)]
    links = links[links["kind"] == "haul"]
    km = links["length_km"].groupby(links["electrified"].astype(str)).sum()
    assert km.get(state, 0.0) >= 0.95 * km.sum(), km.to_dict()


def test_electrified_shares_of_countries(network: Network) -> None:
    """Published totals that no row of the table was made from: never more than these, and most of them found."""
    km = electrified_km(network.links, "country")
    # 1,272 km: https://www.liquisearch.com/transport_in_azerbaijan/railways
    assert 0.6 * 1272 <= km.at["AZ", "yes"] <= 1272
    # about 4,000 of 14,000 km (general knowledge, several press pages)
    assert 3600 <= km.at["KZ", "yes"] <= 4600


@pytest.mark.parametrize(("ends", "locks"), LOCKS_BETWEEN.items())
def test_locks_between_ports(network: Network, way, ends: tuple[str, str], locks: int) -> None:
    assert network.links.loc[way(*ends, "waterway"), "locks"].sum() == locks


@pytest.mark.parametrize(("name", "locks"), LOCKS_OF.items())
def test_locks_of_waterways(network: Network, name: str, locks: int) -> None:
    links = network.links
    assert links.loc[(links["mode"] == "waterway") & (links["name"] == name), "locks"].sum() == locks


def test_every_ferry_asked_for_is_in_the_table() -> None:
    assert tuple(read_table("ferries")["ferry"]) == FERRIES


@pytest.mark.parametrize("name", FERRIES)
def test_ferry(network: Network, way, name: str) -> None:
    """It sails between its terminals, under its operator, for its published hours."""
    row = read_table("ferries").set_index("ferry").loc[name]
    links = network.links.loc[way(row["from_terminal"], row["to_terminal"], "ferry")]
    own = links[links["name"].isin([line.strip() for line in row["lines"].split(";")])]
    assert own["length_km"].sum() > 0.9 * links["length_km"].sum()
    assert set(own["operator"]) == {f"{row['operator']} ({row['operator_class']})"}
    if np.isnan(row["sailing_h"]):
        assert own["sailing_h"].isna().all()
    else:
        assert own["sailing_h"].sum() == pytest.approx(row["sailing_h"])
        knots = links["length_km"].sum() / row["sailing_h"] / 1.852
        assert 10 < knots < 16, "a rail ferry makes 12 to 15 knots"


def test_passages(network: Network) -> None:
    table = read_table("passages").set_index("passage")
    assert table.at["Marmaray tunnel", "freight_hours"] == "00:00–05:00"
    links = network.links[network.links["mode"] == "sea"]
    for name in ("Kiel Canal", "Suez Canal", "Volga–Don Canal", "Ghent–Terneuzen Canal"):
        here = links[links["passage"] == name]
        assert (here["max_draught_m"] == table.at[name, "max_draught_m"]).all()
        assert here["locks"].sum() == table.at[name, "locks"]
    assert links.loc[links["name"] == "Don", "locks"].sum() == 5


# ------------------------------------------------------------------------------------------------ how they get in


def straight(*points: tuple[float, float], country: str = "KZ", **cells: object) -> Lines:
    steps = np.arange(len(points) - 1)
    lines = Lines.from_straight(np.array(points), steps, steps + 1, np.full(len(steps), 70.0))
    nodes = lines.nodes.assign(country=country)
    return Lines(nodes, lines.links.assign(country=country, **cells))


def test_chains_add_up_their_locks_and_break_where_the_class_changes() -> None:
    lines = straight((0, 50), (1, 50), (2, 50), (3, 50), locks=[2, 1, 4], cemt_class=["Vb", "Vb", "IV"])
    joined = contract(lines).links
    assert sorted(joined["locks"]) == [3, 4]


def test_a_terminal_on_a_link_leaves_its_locks_on_the_longer_part() -> None:
    lines = attach(
        straight((0, 50), (1, 50), locks=5, cemt_class="Vb", max_draught_m=2.7), "XX", 0.2, 50.01,
        within_km=8.0, detour_factor=1.0, what="test",
    )  # fmt: skip
    links = lines.links.sort_values("length_km")
    assert links["locks"].tolist() == [0, 0, 5]
    assert set(links["cemt_class"]) == {"Vb"} and set(links["max_draught_m"]) == {2.7}


def test_a_split_shares_out_hours_and_keeps_locks() -> None:
    points = {"a": (50.0, 42.0, "ferry", ""), "b": (52.0, 42.0, "ferry", "")}
    draft = Draft(make_network(points, [("a", "b", {"sailing_h": 10.0, "operator": "X", "locks": 3})], {}))
    draft.split(0, [0.2, 0.5])
    parts = pd.DataFrame(draft.new_links)
    assert parts["sailing_h"].to_numpy() == pytest.approx([2.0, 3.0, 5.0], rel=1e-3)
    assert parts["locks"].tolist() == [0, 0, 3]
    assert set(parts["operator"]) == {"X"}


def test_a_new_railway_has_the_gauge_of_its_layer() -> None:
    draft = Draft(make_network(POINTS, HAULS, TERMINALS))
    draft.add_link(0, 1, mode="rail", kind="haul", layer="rail-1520", gauge_mm=1435)
    row = draft.new_links[0]
    assert (row["gauge_mm"], row["electrified"]) == (1520, "unknown")
    assert np.isnan(row["max_draught_m"]) and np.isnan(row["sailing_h"])


def electric_rows(monkeypatch, *rows: tuple[str, str, str]) -> None:
    table = pd.DataFrame(rows, columns=["country", "places", "electrified"]).assign(section="test")
    monkeypatch.setattr(electrification, "read_table", lambda _: table)


NOWHERE = pd.DataFrame({"terminal": ["KZ_A"], "lon": [60.0], "lat": [50.0]})


def test_later_rows_overrule_the_country(monkeypatch) -> None:
    electric_rows(monkeypatch, ("KZ", "", "no"), ("KZ", "KZ_A; 62 50", "yes"))
    lines = straight((60, 50), (61, 50), (62, 50), (63, 50), kind=["haul", "border", "haul"])
    assert set_electrified(lines, NOWHERE).links["electrified"].tolist() == ["yes", "", "no"]


def test_nothing_is_known_of_a_country_without_rows(monkeypatch) -> None:
    electric_rows(monkeypatch, ("RU", "", "yes"))
    assert set(set_electrified(straight((60, 50), (61, 50)), NOWHERE).links["electrified"]) == {"unknown"}


@pytest.mark.parametrize(
    ("places", "complaint"),
    [
        ("KZ_A; KZ_B", "neither the code of a terminal nor a point"),
        ("KZ_A; 70 50", "no railway of its countries within 15 km"),
        ("KZ_A; 60 50.15", "the way from .* is 210 km, 17 km straight"),
    ],
)
def test_a_section_that_does_not_fit_is_refused(monkeypatch, places: str, complaint: str) -> None:
    electric_rows(monkeypatch, ("KZ", places, "yes"))
    with pytest.raises(EditError, match=f"electrification.csv, row 2 .*{complaint}"):
        set_electrified(straight((60, 50), (61, 50), (61, 50.15), (60, 50.15)), NOWHERE)


@pytest.mark.parametrize(
    ("table", "change", "complaint"),
    [
        ("locks", {"post_km": 9000.0}, "of its 88 locks stand on"),
        ("waterway_classes", {"to_km": 0.0}, "lies in 0 of its rows"),
    ],
)
def test_a_lock_or_class_off_the_waterway_is_refused(monkeypatch, table: str, change: dict, complaint: str) -> None:
    def changed(name: str) -> pd.DataFrame:
        frame = read_table(name)
        return (
            frame.assign(**{c: frame[c].where(frame.index > 0, v) for c, v in change.items()})
            if name == table
            else frame
        )

    monkeypatch.setattr(waterway, "read_table", changed)
    with pytest.raises(TableError, match=complaint):
        waterway.read_waterways()


def test_a_ferry_or_passage_that_is_not_there_is_refused(network: Network) -> None:
    roads = network.links[network.links["mode"] == "road"].head(5)
    with pytest.raises(EditError, match=r"ferries\.csv, Kuryk–Alat: no ferry is named Kuryk–Alat ferry"):
        services.set_ferries(roads)
    with pytest.raises(EditError, match=r"passages\.csv: no link has the passage or name Marmaray tunnel"):
        services.set_passages(roads)
