"""Every example runs, with no warning and no network, says what question it answers and is told of in the gallery."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 6


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_runs(path: Path, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-W", "error", str(path)],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() and not run.stderr
    assert "nan" not in run.stdout.casefold()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_is_short_and_asks_a_question(path: Path) -> None:
    code = path.read_text("utf-8")
    assert "?" in str(ast.get_docstring(ast.parse(code)))
    assert len(code.splitlines()) <= 30
    assert path.stem in (ROOT / "docs" / "gallery.md").read_text("utf-8")
