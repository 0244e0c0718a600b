"""Fixtures for the tests of maps."""

import pytest
from toy_routes import Tables, make_tables


@pytest.fixture
def tables() -> Tables:
    """Five invented routes, fresh for each test."""
    return make_tables()
