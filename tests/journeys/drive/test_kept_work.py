"""Finished work is kept in Google Drive, in a folder per tenant and client, and its client has the link."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from sandbox.faults import Fault
from sandbox.google.drive import DriveStandIn
from sandbox.telegram.people import Person
from storage.migrations.migrate import engine_of
from storage.tables.core import bindings
from tests import drive as google
from tests.drive import delivered, link, targets
from tests.eventually import eventually
from tests.house import Providers, house

pytestmark = pytest.mark.both_databases


@pytest.fixture
async def drive() -> AsyncIterator[DriveStandIn]:
    """An empty Drive."""
    async with google.served() as stand_in:
        yield stand_in


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


async def test_nobody_has_the_link(stand_ins: Providers, database_url: str, drive: DriveStandIn) -> None:
    """Where files are shared with nobody, the client gets no link, and the team finds it in the brief's card."""
    changes = google.changes(drive) | {"google_drive_sharing": "nobody"}
    async with house(stand_ins, database_url, **changes) as home:
        number = await delivered(home)
        (kept,) = await drive.received(1)

        async def leads(person: Person) -> bool:
            mark = person.mark()
            await person.says(f"/brief_{number}")
            card = await person.sees(f"Brief {number} · Delivered", after=mark)
            return link(kept) in [str(button.target) for row in card.buttons for button in row]

        await eventually(lambda: leads(home.bob))
        assert not await leads(home.alice)
        assert not kept.shared
        assert link(kept) not in targets(home)


@pytest.mark.parametrize(
    "fault",
    [
        Fault("POST .*/upload", "status", status=503),
        Fault("POST .*/upload", "status", status=429, retry_after=0),
        Fault("PUT .*/upload", "lose_reply", times=4),
        Fault("POST .*/drive/v3/files$", "lose_reply"),
        Fault("GET .*/generateIds", "lose_reply"),
        Fault("POST .*/permissions", "lose_reply"),
        Fault("POST .*/token", "status", status=500, body="<html>"),
    ],
    ids=["503", "429", "upload lost", "folder lost", "ids lost", "sharing lost", "token 500"],
)
async def test_passing_faults(stand_ins: Providers, sqlite_url: str, drive: DriveStandIn, fault: Fault) -> None:
    """What passes by itself delays the file; it is there once, in one folder, and nobody is told."""
    drive.faults.add(replace(fault))
    async with house(stand_ins, sqlite_url, **google.changes(drive)) as home:
        await delivered(home)
        await drive.received(1)
        await eventually(lambda: link(drive.documents[0]) in targets(home))
        assert len(drive.documents) == 1
        assert len(drive.files) == 3
        assert not [seen for seen in home.carol.messages() if "Google Drive" in seen.text]


@pytest.mark.parametrize("forgotten", [False, True], ids=["killed", "an older copy"])
async def test_killed_in_between(
    stand_ins: Providers, database_url: str, drive: DriveStandIn, *, forgotten: bool
) -> None:
    """A file that was kept before the program ended is there once; also where the database knows nothing of it."""
    drive.faults.add(Fault("POST .*/permissions", "status", times=None, status=503))
    async with house(stand_ins, database_url, **google.changes(drive)) as home:
        await delivered(home)
        await drive.received(1)
    drive.faults.clear()
    if forgotten:
        engine = engine_of(database_url)
        with engine.begin() as connection:
            connection.execute(bindings.delete())
        engine.dispose()
    async with house(stand_ins, database_url, **google.changes(drive)) as home:
        await eventually(lambda: link(drive.documents[0]) in targets(home))
        assert len(drive.files) == 3
