"""Finished work is kept in Google Drive, in a folder per tenant and client, and its client has the link."""

from collections.abc import AsyncIterator

import pytest

from sandbox.google.drive import DriveFile, DriveStandIn
from tests import drive as google
from tests.eventually import eventually
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


def link(kept: DriveFile) -> str:
    """Where the file is read."""
    return f"https://drive.google.com/file/d/{kept.id}/view"


def targets(home: House) -> list[str]:
    """Where the buttons of Alice's messages lead."""
    return [str(button.target) for seen in home.alice.messages() for row in seen.buttons for button in row]


async def test_work_is_kept(stand_ins: Providers, database_url: str, drive: DriveStandIn) -> None:
    """The file lies in the client's folder within the tenant's, and the delivered work gets a button to it."""
    async with house(stand_ins, database_url, **google.changes(drive)) as home:
        number = await delivered(home)
        (kept,) = await drive.received(1)
        folder, client, name = drive.path(kept).split("/")
        assert (folder, client.partition(" · ")[0], kept.kind) == ("EchoPilot", "Alice", "text/markdown")
        assert name.startswith(f"{number} Write a landing page text")
        assert name.endswith(".md")
        await eventually(lambda: link(kept) in targets(home))
        assert kept.shared
