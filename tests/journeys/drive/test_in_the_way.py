"""What keeps files from Google Drive: admins read what to do, everything waits, and nothing is lost."""

from collections.abc import AsyncIterator

import pytest

from sandbox.google.drive import DriveStandIn
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


async def test_a_consent_that_was_revoked(stand_ins: Providers, database_url: str, drive: DriveStandIn) -> None:
    """The client has the work, an admin reads at once what to do, and the file is kept once consent is given."""
    changes = google.changes(drive)
    drive.revoke()
    async with house(stand_ins, database_url, **changes) as home:
        await delivered(home)
        told = await home.carol.sees("Google Drive · No access")
        assert "“Testing”, where it ends after 7 days" in told.text
        assert "python -m bot google-login" in told.text
        mark = home.carol.mark()
        await home.carol.says("/status")
        await home.carol.sees("Google Drive: 1 file waits", after=mark)
        drive.refresh_token = "1//refresh-token"
        await drive.received(1)
        await home.carol.sees("Google Drive · No access · Resolved", message=told)
        await eventually(lambda: link(drive.documents[0]) in targets(home))


async def test_a_full_drive(stand_ins: Providers, database_url: str, drive: DriveStandIn) -> None:
    """Without room the file waits, an admin reads so once, and it is kept when there is room."""
    drive.limit = 10
    async with house(stand_ins, database_url, **google.changes(drive)) as home:
        await delivered(home)
        told = await home.carol.sees("Google Drive · No room left")
        assert "quota has been exceeded" in told.text
        drive.limit = 10**9
        await drive.received(1)
        await home.carol.sees("Google Drive · No room left · Resolved", message=told)
        assert sum("No room left" in seen.text for seen in home.carol.messages()) == 1


@pytest.mark.parametrize("gone", ["in the trash", "deleted"])
async def test_a_folder_that_is_gone(stand_ins: Providers, database_url: str, drive: DriveStandIn, gone: str) -> None:
    """The client's folder is made again for the next file, and an admin is told."""
    async with house(stand_ins, database_url, **google.changes(drive)) as home:
        await delivered(home)
        (first,) = await drive.received(1)
        folder = drive.files[first.parent]
        (drive.trash if gone == "in the trash" else drive.delete)(folder)
        await home.brief("Write a flyer for Südwind, a bicycle shop in Bremen. It opens on 1 May and repairs for free.")
        (second,) = await drive.received(1)
        assert (second.parent != folder.id, drive.path(second).split("/")[1]) == (True, folder.name)
        told = await home.carol.sees("made again")
        assert folder.name in told.text


async def test_sharing_that_is_forbidden(stand_ins: Providers, database_url: str, drive: DriveStandIn) -> None:
    """Where the organisation forbids links the file is kept, and an admin reads which setting to change."""
    drive.forbids_sharing = True
    async with house(stand_ins, database_url, **google.changes(drive)) as home:
        await delivered(home)
        await drive.received(1)
        told = await home.carol.sees("File for Google Drive · Failed")
        assert "GOOGLE_DRIVE_SHARING=nobody" in told.text
        drive.forbids_sharing = False
        await home.carol.taps("Send again", told)
        await eventually(lambda: link(drive.documents[0]) in targets(home))
        assert len(drive.documents) == 1
