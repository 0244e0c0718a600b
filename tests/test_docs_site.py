"""The documentation site builds without a warning and asks nothing of the network."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import corridor as co
from geodata.verify import published_distances

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.glob("**/*.md"))
NEEDED = ("sphinx", "myst_parser", "furo", "sphinxcontrib.programoutput")


def block_of(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{re.escape(language)}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


PYTHON = [(page, code) for page in PAGES for code in block_of(page.read_text("utf-8"), "python")]
CONSOLE = [
    line.removeprefix("$ ")
    for page in PAGES
    for block in block_of(page.read_text("utf-8"), "console")
    for line in block.splitlines()
    if line.startswith("$ corridor ")
]


def test_the_site(tmp_path: Path) -> None:
    """Built once, with every command that it shows run on the way; what it holds is checked below."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name.partition(".")[0]) is None]
    if missing:
        pytest.skip(f"the docs extra is not installed: {', '.join(missing)}")
    build = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", str(DOCS), str(tmp_path)]
    run = subprocess.run(build, capture_output=True, text=True, timeout=600, check=False)
    assert run.returncode == 0, run.stderr
    assert len(PAGES) > 10
    for page in PAGES:
        assert (tmp_path / page.relative_to(DOCS)).with_suffix(".html").is_file(), page
    check_that_nothing_is_loaded_from_elsewhere(tmp_path)
    check_that_every_row_is_shown(tmp_path)
    check_outputs(tmp_path)


def check_that_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for page in site.glob("**/*.html"):
        loaded = re.findall(r"<(?:script|link|img|iframe)\b[^>]*?(?:src|href)=\"([^\"]+)\"", page.read_text("utf-8"))
        assert loaded
        assert not [address for address in loaded if re.match(r"(https?:)?//", address)], page
    for sheet in site.glob("_static/**/*.css"):
        assert not re.search(r"(url\(|@import)\s*['\"]?(https?:)?//", sheet.read_text("utf-8")), sheet


def check_that_every_row_is_shown(site: Path) -> None:
    rates = co.load_rates().table
    page = (site / "assumptions.html").read_text("utf-8")
    assert page.count("<tr") >= len(rates) + 3
    for base in rates["base"]:
        assert f"<strong>{base:g}</strong>" in page
    checked = (site / "verification.html").read_text("utf-8")
    assert checked.count("<tr") > len(published_distances())


def check_outputs(site: Path) -> None:
    route = co.find_route(co.load_network(), "Kostanay", "Ghent")
    tutorial = (site / "tutorial.html").read_text("utf-8")
    assert f"{route.distance_km:,.0f}" in tutorial
    assert "no route Kostanay" in tutorial
    for page in site.glob("**/*.html"):
        assert "Traceback" not in page.read_text("utf-8"), page


@pytest.mark.parametrize(("page", "code"), PYTHON, ids=lambda value: value.stem if isinstance(value, Path) else "")
def test_code_on_the_pages_runs(page: Path, code: str, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("command", CONSOLE)
def test_commands_that_cannot_be_run_here_have_the_options_shown(command: str) -> None:
    program, *words = command.split()
    path = [word for word in words[:2] if word.isalpha()]
    run = subprocess.run(
        [str(Path(sys.executable).with_name(program)), *path, "--help"],
        env={**os.environ, "COLUMNS": "200"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    for option in (word for word in words if word.startswith("--")):
        assert option in run.stdout, option


def test_pictures_are_small_enough_to_keep() -> None:
    pictures = list(DOCS.glob("*.png"))
    assert len(pictures) >= 3
    for picture in pictures:
        assert picture.stat().st_size < 300_000, picture
