"""The shipped network, read once for all tests of the package."""

from __future__ import annotations

import pytest

from geodata.network import Network, load_network


@pytest.fixture(scope="session")
def network() -> Network:
    """The network that is shipped with the package."""
    return load_network()
