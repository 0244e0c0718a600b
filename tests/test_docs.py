"""The README and the docstrings say what is true: their code runs and their commands exist."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = re.findall(r"^corridor .+$", README, flags=re.MULTILINE)
MODULES = [
    info.name
    for package in ("corridor", "geodata", "maps")
    for info in pkgutil.walk_packages([str(ROOT / package)], f"{package}.")
]


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.MULTILINE | re.DOTALL)


def test_readme_code_runs(tmp_path: Path) -> None:
    (code,) = blocks("python")
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert "total" in run.stdout
    assert (tmp_path / "kostanay-ghent.html").stat().st_size < 1_000_000


@pytest.mark.parametrize("command", COMMANDS)
def test_readme_commands_run(command: str, tmp_path: Path) -> None:
    program = str(Path(sys.executable).with_name("corridor"))
    run = subprocess.run(
        [program, *shlex.split(command)[1:]], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip()


def test_readme_opens_with_a_picture_that_is_there() -> None:
    pictures = re.findall(r"!\[.+?\]\((.+?)\)", README, flags=re.DOTALL)
    assert pictures
    for picture in pictures:
        assert (ROOT / picture).is_file(), picture
        assert (ROOT / picture).stat().st_size < 500_000


def test_readme_links_lead_somewhere() -> None:
    for target in re.findall(r"(?<!!)\[[^\]]+\]\(([^)#]+)\)", README):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target


def test_readme_names_every_make_target_it_promises() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in set(re.findall(r"`?make ([a-z]+)", README)):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


@pytest.mark.parametrize("name", MODULES)
def test_every_module_and_public_name_says_what_it_is(name: str) -> None:
    if name == "geodata.build" or name.startswith("geodata.read"):
        pytest.importorskip("scgraph_data", reason="the build extra is not installed")
    module = importlib.import_module(name)
    assert module.__doc__, name
    for public, value in vars(module).items():
        if not public.startswith("_") and getattr(value, "__module__", "") == name and callable(value):
            assert value.__doc__, f"{name}.{public}"


@pytest.mark.parametrize(
    "name", ["corridor", "geodata.vocabulary", "geodata.places", "corridor.corridors", "corridor.periods"]
)
def test_docstring_examples_run(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0
