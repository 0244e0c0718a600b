"""Fixtures for the tests of maps."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from toy_routes import Tables, make_tables
from visit import FLAGS


@pytest.fixture
def tables() -> Tables:
    """Five invented routes, fresh for each test."""
    return make_tables()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="browser tests need the PyPI package playwright")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("browser tests need Chromium on the PATH")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()
