"""Flags: what is listed can be switched."""

import re

import pytest

from bot.flags.model import Flag
from bot.ops.version import ROOT

SHIPPED = ("bot", "handlers", "jobs", "web")


@pytest.mark.parametrize("flag", list(Flag))
def test_every_flag_is_asked_somewhere(flag: Flag) -> None:
    """Some door outside the flags' own area asks for the flag, so that /flags lists none that switches nothing."""
    paths = [path for folder in SHIPPED for path in (ROOT / folder).rglob("*.py") if "flags" not in path.parts]
    assert any(re.search(rf"\bFlag\.{flag.name}\b", path.read_text()) for path in paths)
