"""Whether a run without a browser passes."""

import pytest

from tests import chromium


@pytest.mark.parametrize(("name", "wanted"), [("CI", True), ("CHROMIUM", True), ("HOME", False)])
def test_wanted(monkeypatch: pytest.MonkeyPatch, name: str, wanted: bool) -> None:
    """A CI, and whoever names a browser, want the pages looked at; on any other machine they may be left out."""
    for other in ("CI", "CHROMIUM"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, "true")
    assert chromium.wanted() is wanted
