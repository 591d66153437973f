"""Where the browser is."""

import pytest

from tests import chromium


@pytest.fixture
def chrome() -> str:
    """Where the browser is; leaves the test out, or fails it, where there is none."""
    found = chromium.path()
    if found is None and chromium.wanted():
        pytest.fail(chromium.MISSING)
    return found or pytest.skip(chromium.MISSING)
