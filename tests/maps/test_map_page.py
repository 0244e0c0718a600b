"""The page as data: self-contained, hashed, small, the same each time, written whole."""

import base64
import hashlib
import os
import re
import resource
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import folium
import folium.plugins
import numpy as np
import pytest
import shapely
from page_reader import PAYLOADS, PageReader
from toy_details import make_detailed
from toy_routes import Tables, make_tables

import maps
from maps.assets import ASSETS, Asset, image_uri, inline_css_urls, read_asset, text_for
from maps.escape import escape_text, json_for_script
from maps.layers import TOLERANCE_M, VERTEX_BUDGET, check_line, simplify_legs, simplify_line
from maps.page import Page, check_self_contained, save_text


@pytest.fixture(scope="module")
def html() -> str:
    return maps.draw_routes(
        *make_tables().as_arguments(), title="Toy", attribution=["© OpenStreetMap contributors (ODbL)"]
    ).to_html()


@pytest.fixture(scope="module")
def page(html: str) -> PageReader:
    return PageReader(html)


def test_nothing_is_loaded_from_elsewhere(page: PageReader) -> None:
    for tag, attributes in page.tags:
        assert tag not in {"link", "iframe", "object", "embed", "base"}
        assert "src" not in attributes
    for style in page.styles:
        assert set(re.findall(r"url\(['\"]?(.{5})", style)) <= {"data:", "#defa"}
        assert "@import" not in style


def test_policy_allows_exactly_the_scripts_and_styles_present(page: PageReader) -> None:
    def hashes(texts: list[str]) -> list[str]:
        return [f"'sha256-{base64.b64encode(hashlib.sha256(t.encode()).digest()).decode()}'" for t in texts]

    rules = dict(rule.strip().split(" ", 1) for rule in page.policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"].split() == hashes(page.scripts)
    assert rules["style-src"].split() == hashes(page.styles)
    assert rules["img-src"] == "data:"
    assert "unsafe" not in page.policy


def test_five_routes_stay_small(html: str) -> None:
    assert len(html.encode()) < 700_000
    tables, details = make_detailed()
    full = maps.draw_routes(*tables.as_arguments(), title="Toy", **details).to_html()
    assert len(html.encode()) < len(full.encode()) < 1_000_000


def test_page_is_readable_by_everyone(html: str, page: PageReader) -> None:
    attributes = dict(page.tags)
    assert attributes["html"]["lang"] == "en"
    assert "<title>Toy</title>" in html
    viewport = next(a["content"] for t, a in page.tags if t == "meta" and a.get("name") == "viewport")
    assert viewport == "width=device-width, initial-scale=1"
    assert not [t for t, a in page.tags if "style" in a or any(name.startswith("on") for name in a)]


def test_licences_of_what_is_inside_are_kept(html: str) -> None:
    assert "BSD 2-Clause licence" in html
    assert "THIS SOFTWARE IS PROVIDED" in html
    assert "Boundaries and names shown do not imply any endorsement." in html


def test_one_layer_a_route_and_one_feature_a_leg(page: PageReader) -> None:
    tables = make_tables()
    assert [len(layer["features"]) for layer in page.layers] == tables.legs.groupby("route_id").size().tolist()
    modes = [feature["properties"]["mode"] for layer in page.layers for feature in layer["features"]]
    assert modes == tables.legs["mode"].tolist()
    assert {key for layer in page.layers for f in layer["features"] for key in f["properties"]} == {"leg", "mode"}


def test_drawn_lines_keep_their_ends_and_shape(page: PageReader) -> None:
    tables = make_tables()
    drawn = [shapely.geometry.shape(f["geometry"]) for layer in page.layers for f in layer["features"]]
    tolerance_m = page.data["routes"]["toleranceM"]
    assert tolerance_m <= 4 * TOLERANCE_M
    for line, true in zip(drawn, tables.legs.geometry, strict=True):
        for end in (0, -1):
            assert line.coords[end] == pytest.approx(true.coords[end], abs=1e-4)
        metres = shapely.hausdorff_distance(line, true) * 111_320
        assert metres < 1.8 * tolerance_m + 20
    assert sum(len(line.coords) for line in drawn) <= VERTEX_BUDGET


def test_key_lists_the_modes_that_occur(page: PageReader, tables: Tables) -> None:
    assert [entry["mode"] for entry in page.data["routes"]["legend"]] == ["rail", "road", "sea", "ferry", "waterway"]
    only = tables.routes.route_id == 1
    html = maps.draw_routes(
        tables.routes[only], tables.legs[tables.legs.route_id == 1], tables.stops[tables.stops.route_id == 1], title="T"
    ).to_html()
    modes = [entry["mode"] for entry in PageReader(html).data["routes"]["legend"]]
    assert modes == ["rail", "sea", "ferry", "waterway"]


def test_same_tables_same_bytes(html: str) -> None:
    again = maps.draw_routes(
        *make_tables().as_arguments(), title="Toy", attribution=["© OpenStreetMap contributors (ODbL)"]
    )
    assert again.to_html() == html == again.to_html()


def test_payloads_stay_text_in_the_source(tables: Tables) -> None:
    for payload in PAYLOADS:
        html = maps.draw_routes(
            *tables.as_arguments(), title=payload, subtitle=payload, notes=[payload], attribution=[payload]
        ).to_html()
        page = PageReader(html)
        assert {tag for tag, _ in page.tags}.isdisjoint({"img", "iframe", "svg"})
        assert page.data["routes"]["notes"][0] == payload
        assert page.text.count(payload) >= 2


def test_escapes_cover_every_context() -> None:
    assert escape_text('<a href="x">`${1}`\\\'&') == (
        "&lt;a href=&quot;x&quot;&gt;&#96;&#36;&#123;1&#125;&#96;&#92;&#x27;&amp;"
    )
    assert json_for_script({"x": "</script>&\u2028"}) == '{"x":"\\u003c/script\\u003e\\u0026\\u2028"}'
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_for_script(float("nan"))


def test_plain_folium_layers_open_offline() -> None:
    offline = maps.OfflineMap("Plain", basemap=False)
    marker = folium.Marker([43.6, 51.2], popup=folium.Popup(escape_text("Aktau `${1}`")))
    offline.add(marker)
    page = PageReader(offline.to_html())
    assert any("jQuery v3.7.1" in script for script in page.scripts)
    assert any("L.Icon.Default.mergeOptions" in script for script in page.scripts)
    assert "srcdoc=" in offline._repr_html_()


def test_a_layer_that_needs_a_network_is_refused() -> None:
    offline = maps.OfflineMap("Heat", basemap=False)
    offline.add(folium.plugins.Fullscreen())
    with pytest.raises(maps.AssetError, match="cannot contain https://"):
        offline.to_html()


@pytest.mark.parametrize(
    "tag",
    [
        '<script src="https://x.org/a.js">',
        '<link rel="stylesheet" href="http://x.org/a.css">',
        '<img src="a.png">',
        "<form action='/x'>",
        '<video poster="//x">',
    ],
)
def test_tags_that_load_are_found(tag: str) -> None:
    with pytest.raises(maps.AssetError, match="would load"):
        check_self_contained(f"<html><body>{tag}</body></html>")
    check_self_contained('<a href="https://x.org">x</a><img src="data:image/png;base64,AA">')


def test_scripts_that_would_end_early_are_refused() -> None:
    with pytest.raises(maps.AssetError, match="cannot be inlined"):
        Page("x").add_script("let a = '</SCRIPT>'")
    with pytest.raises(maps.AssetError, match="cannot be inlined"):
        Page("x").add_style("/* <!-- */")


def test_altered_or_missing_libraries_are_refused() -> None:
    good = next(iter(ASSETS.values()))
    with pytest.raises(maps.AssetError, match="expected 000"):
        read_asset(Asset(good.package, good.path, "000"))
    with pytest.raises(maps.AssetError, match="not installed"):
        read_asset(Asset(good.package, "data/none.js", "000"))
    with pytest.raises(maps.AssetError, match="not installed"):
        read_asset(Asset("xstatic.pkg.nothing", "data/none.js", "000"))
    with pytest.raises(maps.AssetError, match="cannot contain"):
        text_for("https://example.org/x.js")
    with pytest.raises(maps.AssetError, match="no image"):
        image_uri("cat.png")
    with pytest.raises(maps.AssetError, match="would fetch"):
        inline_css_urls("a { background: url(https://example.org/x.png) }")
    with pytest.raises(maps.AssetError, match="another one"):
        inline_css_urls("@import 'x.css';")


def test_line_over_the_180th_meridian_goes_on() -> None:
    (line,) = check_line(shapely.LineString([(170, 50), (179, 51), (-179, 52), (-170, 53)]), "leg")
    assert line[:, 0].tolist() == [170, 179, 181, 190]


def test_multi_part_legs_keep_their_parts() -> None:
    parts = check_line(shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]]), "leg")
    assert [part.tolist() for part in parts] == [[[0, 0], [1, 1]], [[2, 2], [3, 3]]]


def test_tolerance_grows_until_the_budget_is_met() -> None:
    random = np.random.default_rng(1)
    noisy = np.column_stack([np.linspace(0, 60, 40_000), 45 + random.normal(0, 0.02, 40_000)])
    simple, tolerance_m = simplify_legs({"1": [[noisy]]})
    assert len(simple["1"][0][0]) <= VERTEX_BUDGET
    assert tolerance_m > TOLERANCE_M
    assert len(simplify_line(noisy[:2], 1e9)) == 2


@pytest.fixture
def old_file(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "map.html"
    path.write_text("old", encoding="utf-8")
    yield path
    assert [p.name for p in tmp_path.iterdir()] == ["map.html"]


def test_save_replaces_whole(old_file: Path, tables: Tables) -> None:
    offline = maps.draw_routes(*tables.as_arguments(), title="Toy")
    assert offline.save(old_file) == old_file
    assert old_file.read_text(encoding="utf-8") == offline.to_html()


def test_a_full_disk_leaves_the_old_file(old_file: Path) -> None:
    code = (
        "import resource, signal, sys; from maps.page import save_text\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "try: save_text('x' * 100_000, sys.argv[1])\n"
        "except OSError as error: sys.exit(7 if error.filename == sys.argv[1] else 8)\n"
    )
    assert resource.getrlimit(resource.RLIMIT_FSIZE)
    result = subprocess.run([sys.executable, "-c", code, str(old_file)], check=False, timeout=60)
    assert result.returncode == 7
    assert old_file.read_text(encoding="utf-8") == "old"


def test_a_text_that_looks_like_a_gap_of_the_frame_stays_text(tables: Tables) -> None:
    html = maps.draw_routes(*tables.as_arguments(), title="{{ subtitle }} {{ x }}", subtitle="below").to_html()
    assert "{{ subtitle }} {{ x }}</h1>" in unescape(html)


def test_a_missing_folder_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        save_text("x", tmp_path / "none" / "map.html")


def test_import_is_light_and_knows_no_other_package() -> None:
    code = "import sys, maps; print(' '.join(sorted(sys.modules)))"
    run = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"PYTHONPATH": str(Path(maps.__path__[0]).parent)},
    )
    loaded = set(run.stdout.split())
    assert loaded.isdisjoint({"folium", "geopandas", "pandas", "numpy", "matplotlib", "corridor", "geodata"})
    for path in Path(maps.__path__[0]).glob("*.py"):
        imports = re.findall(r"^\s*(?:from|import) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert not {"corridor", "geodata"} & set(imports), path.name


def test_exported_names() -> None:
    assert all(hasattr(maps, name) for name in maps.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = maps.nothing
