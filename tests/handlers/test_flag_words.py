"""What may stand behind /flags and a name."""

import pytest

from bot.flags.model import Change, Mode
from bot.kernel.errors import Refusal
from handlers.ops.flags import wanted

READ = {
    "off the server is moved": (Change(Mode.OFF), "the server is moved"),
    "ON it was moved": (Change(Mode.ON), "it was moved"),
    "off": (Change(Mode.OFF), ""),
    "25% trying": (Change(Mode.PERCENT, percent=25), "trying"),
    "25 % trying it": (Change(Mode.PERCENT, percent=25), "trying it"),
    "canary 1004,1007 they asked": (Change(Mode.CANARY, names=("1004", "1007")), "they asked"),
    "canary 1004, 1007 they asked": (Change(Mode.CANARY, names=("1004", "1007")), "they asked"),
    "tenants acme they asked": (Change(Mode.TENANTS, names=("acme",)), "they asked"),
    "tenants": (Change(Mode.TENANTS), ""),
}


@pytest.mark.parametrize(("text", "read"), READ.items())
def test_read(text: str, read: tuple[Change, str]) -> None:
    """For whom it is to be on, and why, are told apart as they are written."""
    change, reason = wanted(text)
    assert (change, reason.strip()) == read


@pytest.mark.parametrize("text", ["", "perhaps", "50 of them", "-5% why"])
def test_not_read(text: str) -> None:
    """What is none of these is answered by examples."""
    with pytest.raises(Refusal, match="Say on, off, a share"):
        wanted(text)
