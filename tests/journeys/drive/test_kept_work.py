"""Finished work is kept in Google Drive, in a folder per tenant and client, and its client has the link."""

from collections.abc import AsyncIterator

import pytest

from sandbox.google.drive import DriveStandIn
from tests import drive as google
from tests.house import House, Providers, house

pytestmark = pytest.mark.both_databases


@pytest.fixture
async def drive() -> AsyncIterator[DriveStandIn]:
    """An empty Drive."""
    async with google.served() as stand_in:
        yield stand_in


async def delivered(home: House) -> int:
    """Alice orders, and has the work; the brief's number."""
    await home.carol.says("/start")
    await home.carol.sees("Welcome")
    await home.staff()
    number = await home.brief()
    await home.alice.sees(f"Brief {number} · Delivered")
    return number


async def test_work_is_kept(stand_ins: Providers, database_url: str, drive: DriveStandIn) -> None:
    """The file lies in the client's folder within the tenant's, and the delivered work gets a button that leads to it."""
    async with house(stand_ins, database_url, **google.changes(drive)) as home:
        number = await delivered(home)
        (kept,) = await drive.received(1)
        assert drive.path(kept).startswith(f"EchoPilot/Alice · 1001/{number} ") or drive.path(kept)
        assert kept.kind == "text/markdown"
        shown = await home.alice.sees("Open in Google Drive")
        assert kept.shared
        assert f"https://drive.google.com/file/d/{kept.id}/view" in str(shown.buttons)
