"""What speaks with Google Drive: each refusal means what it should, and an upload goes on where it was cut off."""

from collections.abc import AsyncIterator

import pytest

from bot.adapters.google.drive import GoogleDrive
from bot.drive.model import New, Seen
from bot.drive.ports import Full, Gone, Taken
from bot.google.ports import ConsentEnded
from bot.kernel.errors import ProviderError
from sandbox.faults import Fault
from sandbox.google.drive import PIECE, DriveStandIn
from tests import drive as google

pytestmark = pytest.mark.wire
LARGE = bytes(range(256)) * 4096 + b"end"  # four pieces and a rest


@pytest.fixture
async def drive() -> AsyncIterator[DriveStandIn]:
    """An empty Drive."""
    async with google.served() as stand_in:
        yield stand_in


async def new(client: GoogleDrive, parent: str = "") -> New:
    return New(await client.new_id(), "1001 Landing page.md", "abc:brief:1001", parent)


async def test_a_large_file(drive: DriveStandIn) -> None:
    """It goes up in pieces and is whole, with our mark."""
    client = google.client(drive)
    asked = await new(client)
    await client.upload(asked, "text/markdown", LARGE)
    assert drive.files[asked.id].data == LARGE
    assert await client.find("abc:brief:1001") == asked.id
    assert sum(call.startswith("PUT") for call in drive.calls) == 5


async def test_an_empty_file(drive: DriveStandIn) -> None:
    """A file without a byte is one too."""
    client = google.client(drive)
    asked = await new(client)
    await client.upload(asked, "text/csv", b"")
    assert drive.files[asked.id].data == b""


@pytest.mark.parametrize("kind", ["lose_request", "lose_reply"])
async def test_cut_off(drive: DriveStandIn, kind: str) -> None:
    """What is cut off in its midst goes on where it stands, and is there once."""
    client = google.client(drive)
    asked = await new(client)
    drive.faults.add(Fault("PUT .*/upload", kind, times=2))  # type: ignore[arg-type]
    await client.upload(asked, "text/markdown", LARGE)
    assert [one.data for one in drive.documents] == [LARGE]
    begun = [call for call in drive.calls if call.startswith("POST /upload")]
    assert len(begun) == 1


async def test_goes_on_later(drive: DriveStandIn) -> None:
    """After more faults than one turn bears the next turn goes on, and begins anew where the upload is over."""
    client = google.client(drive)
    asked = await new(client)
    drive.faults.add(Fault("PUT .*/upload", "status", times=3, status=503))
    with pytest.raises(ProviderError, match="503") as refused:
        await client.upload(asked, "text/markdown", LARGE)
    assert not refused.value.permanent
    drive.forget_sessions()
    await client.upload(asked, "text/markdown", LARGE)
    assert drive.files[asked.id].data == LARGE


async def test_a_repeat_is_refused(drive: DriveStandIn) -> None:
    """By an id that was used nothing is made a second time."""
    client = google.client(drive)
    asked = await new(client)
    await client.upload(asked, "text/markdown", b"x")
    with pytest.raises(Taken):
        await client.upload(asked, "text/markdown", b"x")
    assert len(drive.documents) == 1


async def test_no_folder(drive: DriveStandIn) -> None:
    """A folder that is not there is said apart from all else."""
    client = google.client(drive)
    with pytest.raises(Gone):
        await client.upload(await new(client, "gone"), "text/markdown", b"x")


async def test_no_room(drive: DriveStandIn) -> None:
    """A full Drive is a matter of the account, and passes once somebody makes room."""
    drive.limit = 10
    client = google.client(drive)
    with pytest.raises(Full, match="quota has been exceeded") as refused:
        await client.upload(await new(client), "text/markdown", LARGE)
    assert not refused.value.permanent


async def test_too_much_at_once(drive: DriveStandIn) -> None:
    """A rate that was exceeded passes; with Retry-After it says when."""
    client = google.client(drive)
    drive.busy = True
    with pytest.raises(ProviderError, match="Rate Limit") as refused:
        await client.new_id()
    assert not refused.value.permanent
    drive.busy = False
    drive.faults.add(Fault("GET .*/files", "status", status=429, retry_after=7))
    with pytest.raises(ProviderError) as refused:
        await client.new_id()
    assert refused.value.retry_after == 7


async def test_consents(drive: DriveStandIn) -> None:
    """An access that ended early is asked for anew; a consent that was revoked or covers else is told as that."""
    client = google.client(drive)
    await client.new_id()
    drive.expire()
    await client.new_id()
    assert drive.granted == 2
    drive.scope = "openid"
    with pytest.raises(ConsentEnded, match="insufficient authentication scopes"):
        await client.new_id()
    drive.revoke()
    with pytest.raises(ConsentEnded, match="invalid_grant"):
        await client.new_id()


async def test_going(drive: DriveStandIn) -> None:
    """A file is deleted for good and a folder hidden; again, where nothing is there any more, is no error."""
    client = google.client(drive)
    folder = New(await client.new_id(), "Alice · 1002", "abc:person:1002", "")
    await client.make_folder(folder)
    asked = await new(client, folder.id)
    await client.upload(asked, "text/markdown", b"x" * (PIECE + 1))
    for _ in range(2):
        await client.delete(asked.id)
    await client.hide(folder.id, "#1002")
    assert await client.see(asked.id) is None
    assert await client.see(folder.id) == Seen(trashed=True)
    assert [one.name for one in drive.files.values()] == ["#1002"]
    drive.delete(drive.files[folder.id])
    await client.hide(folder.id, "#1002")
