"""What moves: commodities and shipments that can and cannot be."""

import math
import pickle
from pathlib import Path

import pytest

import corridor as co
from corridor.catalogue import shipped_catalogue
from geodata.errors import TableError
from geodata.vocabulary import mode_of


def test_the_default_is_the_question_of_the_project() -> None:
    shipment = co.Shipment()
    assert (shipment.commodity, shipment.tonnes) == ("flaxseed", 3000.0)
    assert shipment == co.Shipment("flaxseed", tonnes=3000)


@pytest.mark.parametrize("tonnes", [0, -1, -0.0, math.nan, math.inf, -math.inf, 1.0000001e7])
def test_tonnes_that_cannot_be(tonnes: float) -> None:
    with pytest.raises(co.ShipmentError, match="tonnes cannot be: give more than 0"):
        co.Shipment(tonnes=tonnes)


@pytest.mark.parametrize("tonnes", [1e-6, 1, 24.5, 3000, 1e7])
def test_tonnes_that_can_be(tonnes: float) -> None:
    assert co.Shipment(tonnes=tonnes).tonnes == tonnes


@pytest.mark.parametrize(
    ("name", "hint"),
    [("flax seed", "flaxseed"), ("FLAXSEED", "flaxseed"), ("weat", "wheat"), ("oil cake", "oilcake"), ("zzzz", "")],
)
def test_unknown_commodity_offers_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(co.ShipmentError) as caught:
        co.Shipment(name)
    text = str(caught.value)
    assert f"unknown commodity {name!r}" in text
    assert (f"did you mean {hint!r}?" in text) == bool(hint)
    assert "Known are flaxseed, wheat" in text


@pytest.mark.parametrize("name", ["", " ", "x" * 10_000])
def test_odd_commodity(name: str) -> None:
    with pytest.raises(co.ShipmentError, match="Known are"):
        co.Shipment(name)


def test_shipments_are_values() -> None:
    assert len({co.Shipment("wheat", 10), co.Shipment("wheat", 10.0)}) == 1
    with pytest.raises(AttributeError):
        co.Shipment().tonnes = 5  # type: ignore[misc]


def test_every_commodity_has_what_is_needed() -> None:
    known = shipped_catalogue().commodities
    assert {"flaxseed", "wheat", "barley"} <= set(known)
    for name, cargo in known.items():
        assert cargo.name == name
        assert cargo.hs_code.replace(".", "").isdigit()
        assert 0.5 < cargo.stowage_m3_per_t < 5
        assert 20 < cargo.value_usd_per_t < (50_000 if cargo.form == "pieces" else 5000)
        low, high = cargo.value_range_usd_per_t
        assert low <= cargo.value_usd_per_t <= high
        assert cargo.source
        assert 2005 <= cargo.year <= 2030
        assert co.Shipment(name).cargo is cargo
    assert known["flaxseed"].value_usd_per_t > known["wheat"].value_usd_per_t


@pytest.mark.parametrize(
    ("commodity", "unit", "payload_t"),
    [
        ("wheat", "hopper wagon", 70.0),  # by weight
        ("flaxseed", "hopper wagon", 100 / 1.57),  # by volume: 63.7 t, published as 60 to 66
        ("sunflower seed", "hopper wagon", 100 / 2.4),  # 41.7 t, published as 40 to 45
        ("wheat", "container", 21.0),
        ("sunflower seed", "container", 12.5),
        ("wheat", "truck", 22.0),
        ("sunflower oil", "tank wagon", 60.0),
        ("wheat flour", "covered wagon", 64.0),
    ],
)
def test_payload_is_limited_by_weight_and_by_volume(commodity: str, unit: str, payload_t: float) -> None:
    shipment = co.Shipment(commodity, 1000, unit)
    assert shipment.payload_t == pytest.approx(payload_t)
    assert shipment.units == math.ceil(1000 / payload_t)


def test_the_load_unit_suits_the_cargo() -> None:
    assert co.Shipment("flaxseed").unit == "hopper wagon"
    assert co.Shipment("wheat flour").unit == "covered wagon"
    assert co.Shipment("sunflower oil").unit == "tank wagon"
    assert co.Shipment("textile machinery").unit == "container"
    with pytest.raises(co.ShipmentError, match="sunflower oil is liquid bulk and does not go in a hopper wagon"):
        co.Shipment("sunflower oil", 100, "hopper wagon")
    with pytest.raises(co.ShipmentError, match=r"unknown load unit 'lorry'.*Known are hopper wagon"):
        co.Shipment("wheat", 100, "lorry")
    with pytest.raises(co.ShipmentError, match="two capital letters"):
        co.Shipment("wheat", 100, made_in="kz")


def test_a_shipment_in_words() -> None:
    assert str(co.Shipment("flaxseed", 3000)) == "3,000 t of flaxseed in 48 hopper wagons"
    assert str(co.Shipment("wheat", 20, "truck")) == "20 t of wheat in 1 truck"


def test_issue_names_every_commodity() -> None:
    wanted = (
        "wheat, barley, maize, flaxseed, rapeseed, sunflower seed, sunflower oil, lentils, oilcake, textile machinery"
    )
    assert {*wanted.split(", "), "durum wheat", "wheat flour"} <= set(shipped_catalogue().commodities)


GOODS = "commodity,hs_code,form,stowage_m3_per_t,moisture_limit_percent,low_usd_per_t,base_usd_per_t,high_usd_per_t"
GOODS += ",source,year,confidence"
UNITS = "load_unit,mode,carrier,forms,capacity_t,capacity_m3,source,year,confidence"
CHICKPEAS = "chickpeas,0713.20,dry bulk,1.25,14,500,700,900,mine,2025,low"
BOX = ("box car,rail,box car,dry bulk,60,120,mine,2025,low", "box car,road,lorry,dry bulk,20,50,mine,2025,low")


def write_table(folder: Path, name: str, header: str, *rows: str) -> Path:
    (folder / f"{name}.csv").write_text("\n".join([header, *rows]) + "\n", "utf-8")
    return folder


def test_commodities_and_load_units_of_ones_own_take_the_place_of_ours(tmp_path: Path) -> None:
    write_table(tmp_path, "commodities", GOODS, CHICKPEAS)
    mine = co.load_catalogue(write_table(tmp_path, "load_units", UNITS, *BOX))
    peas = co.Shipment("chickpeas", 600, catalogue=mine)
    assert (peas.unit, peas.units, peas.payload_t, peas.modes) == ("box car", 10, 60.0, {"rail", "road"})
    assert peas.cargo.value_range_usd_per_t == (500.0, 900.0)
    with pytest.raises(co.ShipmentError, match=r"unknown commodity 'flaxseed'.* Known are chickpeas\."):
        co.Shipment("flaxseed", catalogue=mine)
    assert peas == co.Shipment("chickpeas", 600, catalogue=co.load_catalogue(tmp_path))
    assert co.Shipment("wheat") == co.Shipment("wheat", catalogue=co.load_catalogue())
    assert pickle.loads(pickle.dumps(peas)) == peas


BROKEN_CATALOGUE = {
    "price out of order": (
        "commodities",
        [CHICKPEAS.replace("500,700", "800,700")],
        r"row 2, column base_usd_per_t: low",
    ),
    "doubled": ("commodities", [CHICKPEAS, CHICKPEAS], r"row 3, column commodity: two rows for chickpeas; .* row 2"),
    "negative price": ("commodities", [CHICKPEAS.replace("500", "-5")], r"row 2, column low_usd_per_t: -5 is outside"),
    "no number": ("commodities", [CHICKPEAS.replace("1.25", "nan")], r"row 2, column stowage_m3_per_t: 'nan'"),
    "unknown form": ("commodities", [CHICKPEAS.replace("dry bulk", "soup")], r"row 2, column form: 'soup' is none of"),
    "nothing takes it": ("load_units", BOX, r"commodities\.csv, row 7, column form: no load unit takes packed"),
    "no such form": (
        "load_units",
        [BOX[0].replace("dry bulk", "gas")],
        r"row 2, column forms: gas is none of dry bulk",
    ),
    "two minds": (
        "load_units",
        [BOX[0], BOX[1].replace("dry bulk", "packed")],
        r"row 3, column forms: a box car takes",
    ),
    "unit doubled": ("load_units", [BOX[0], BOX[0]], r"row 3, column load_unit: two rows for box car rail"),
}


@pytest.mark.parametrize("fault", BROKEN_CATALOGUE)
def test_a_broken_catalogue_is_named_with_row_and_column(tmp_path: Path, fault: str) -> None:
    name, rows, text = BROKEN_CATALOGUE[fault]
    write_table(tmp_path, name, {"commodities": GOODS, "load_units": UNITS}[name], *rows)
    with pytest.raises((co.AssumptionError, TableError), match=text):
        co.load_catalogue(tmp_path)


def test_boxes_are_handled_where_the_table_says_so() -> None:
    box = co.Shipment("flaxseed", unit="container").load_unit
    rail, sea, road = (frozenset([mode]) for mode in ("rail", "sea", "road"))
    assert box.handled_at("KZ_AKTAU", rail | sea)
    assert box.handled_at("KZ_KURYK", rail | {"ferry"})
    assert not box.handled_at("KZ_KURYK", rail | sea)  # only the ferry takes them there
    assert not box.handled_at("KZ_SHALKAR", rail)
    assert box.handled_at("KZ_SHALKAR", road)  # on the lorry
    assert co.Shipment("flaxseed").load_unit.handled_at("KZ_SHALKAR", rail)


def test_a_table_of_handling_of_ones_own(tmp_path: Path) -> None:
    head = "load_unit,terminal,modes,source,year,confidence,note"
    mine = co.load_catalogue(write_table(tmp_path, "handling", head, "truck,KZ_AKTAU,road;ferry,mine,2025,low,"))
    assert mine.load_units["container"].handled is None
    assert not mine.load_units["truck"].handled_at("KZ_KURYK", frozenset(["road", "ferry"]))
    write_table(tmp_path, "handling", head, "truck,KZ_AKTAU,road;air,mine,2025,low,")
    with pytest.raises(co.AssumptionError, match=r"handling\.csv, row 2, column modes: air is none of"):
        co.load_catalogue(tmp_path)
    write_table(tmp_path, "handling", head, "contaner,KZ_AKTAU,rail,mine,2025,low,")
    with pytest.raises(co.AssumptionError, match=r"row 2 is never used, column load_unit: 'contaner' is none of"):
        co.load_catalogue(tmp_path)


def test_every_row_of_handling_is_about_a_terminal_and_its_modes(network: co.Network) -> None:
    nodes = network.nodes
    for unit in shipped_catalogue().load_units.values():
        for terminal, modes in (unit.handled or {}).items():
            there = {mode_of(layer) for layer in nodes["layer"][nodes["terminal"] == terminal].astype(str)}
            assert modes <= there, (unit.name, terminal)


def test_a_route_of_boxes_changes_mode_only_where_they_are_handled(network: co.Network) -> None:
    """Kuryk has no berth for boxes beside the ferry; the little station of Shalkar does not load them."""
    boxes = co.Shipment("flaxseed", 420, unit="container")
    for route in co.find_corridors(network, "Kostanay", "Ghent", boxes):
        for leg in route.legs:
            if leg.kind == "transfer":
                modes = frozenset(mode_of(side) for side in leg.layer.split(">"))
                terminal = str(network.links["terminal"].iloc[leg.links[0]])
                assert boxes.load_unit.handled_at(terminal, modes)
    with pytest.raises(co.NoRouteError, match=r"for a container .*; Shalkar does not load it"):
        co.find_route(network, "Shalkar", "Ghent", boxes)
