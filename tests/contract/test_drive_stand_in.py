"""The stand-in of Google Drive refuses what Google refuses; by hand, as its guides have it."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from sandbox.google.drive import FOLDER, PIECE, DriveStandIn
from tests import drive as google

FORM = {
    "client_id": "client.apps.googleusercontent.com",
    "client_secret": "client-secret",
    "refresh_token": "1//refresh-token",
    "grant_type": "refresh_token",
}


@pytest.fixture
async def drive() -> AsyncIterator[DriveStandIn]:
    """An empty Drive."""
    async with google.served() as stand_in:
        yield stand_in


@pytest.fixture
async def asks(drive: DriveStandIn) -> AsyncIterator[Any]:
    """Calls it with an access that counts: the status, what is said as JSON, and the headers."""
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{drive.url}/token", data=FORM) as answer:
            token = (await answer.json())["access_token"]
        signed = {"Authorization": f"Bearer {token}"}

        async def call(verb: str, path: str, headers: Any = None, **more: Any) -> tuple[int, Any, Any]:
            where = path if path.startswith("http") else f"{drive.url}{path}"
            async with session.request(verb, where, headers={**signed, **(headers or {})}, **more) as got:
                said = await got.json(content_type=None) if got.content_type == "application/json" else {}
                return got.status, said, got.headers

        yield call


async def an_id(asks: Any) -> str:
    """One that Drive gave out."""
    return str((await asks("GET", "/drive/v3/files/generateIds?count=1"))[1]["ids"][0])


def reason(said: Any) -> str:
    return str(said["error"]["errors"][0]["reason"])


async def begun(asks: Any, size: int, **metadata: Any) -> str:
    """Where an upload goes on."""
    length = {"X-Upload-Content-Length": str(size)}
    _, _, headers = await asks("POST", "/upload/drive/v3/files?uploadType=resumable", headers=length, json=metadata)
    return str(headers["Location"])


async def test_no_access(drive: DriveStandIn, asks: Any) -> None:
    """An access that is over is 401, and one that covers something else is 403."""
    drive.scope = "openid"
    status, said, _ = await asks("GET", "/drive/v3/files/generateIds")
    assert (status, reason(said)) == (403, "insufficientPermissions")
    drive.expire()
    status, said, _ = await asks("GET", "/drive/v3/files/generateIds")
    assert (status, reason(said)) == (401, "authError")


async def test_ids(drive: DriveStandIn, asks: Any) -> None:
    """An id makes one thing, ever: again is 409, also once that is deleted; one that was made up is refused."""
    number = await an_id(asks)
    folder = {"id": number, "name": "Alice", "mimeType": FOLDER}
    assert (await asks("POST", "/drive/v3/files", json=folder))[0] == 200
    status, said, _ = await asks("POST", "/drive/v3/files", json=folder)
    assert (status, reason(said)) == (409, "fileIdInUse")
    drive.delete(drive.folder("Alice"))
    assert (await asks("POST", "/drive/v3/files", json=folder))[0] == 409
    status, said, _ = await asks("POST", "/drive/v3/files", json={**folder, "id": "made-up"})
    assert (status, reason(said)) == (400, "fileIdInvalid")


async def test_names_are_not_unique(drive: DriveStandIn, asks: Any) -> None:
    """Two folders of one name are two."""
    for _ in range(2):
        await asks("POST", "/drive/v3/files", json={"name": "Alice", "mimeType": FOLDER})
    assert len(drive.files) == 2


async def test_a_folder_that_is_gone(asks: Any) -> None:
    """What is to go into a folder that is not there is 404."""
    status, said, _ = await asks("POST", "/drive/v3/files", json={"name": "x", "parents": ["gone"]})
    assert (status, reason(said)) == (404, "notFound")


async def test_trash(drive: DriveStandIn, asks: Any) -> None:
    """What lies in a folder in the trash is in the trash too, and is not found any more."""
    folder = (await asks("POST", "/drive/v3/files", json={"name": "Alice", "mimeType": FOLDER}))[1]["id"]
    inner = {"name": "x", "parents": [folder], "appProperties": {"echopilot": "a:b"}}
    made = (await asks("POST", "/drive/v3/files", json=inner))[1]["id"]
    query = {"q": "appProperties has { key='echopilot' and value='a:b' } and trashed = false"}
    assert [one["id"] for one in (await asks("GET", "/drive/v3/files", params=query))[1]["files"]] == [made]
    drive.trash(drive.folder("Alice"))
    assert (await asks("GET", f"/drive/v3/files/{made}"))[1]["trashed"] is True
    assert (await asks("GET", "/drive/v3/files", params=query))[1]["files"] == []


async def test_pieces(drive: DriveStandIn, asks: Any) -> None:
    """All pieces but the last are multiples of 256 KiB; how far it is, is said, and the file is there at its end."""
    size = PIECE + 10
    where = await begun(asks, size, name="x.md")
    odd = {"Content-Range": f"bytes 0-99/{size}"}
    assert (await asks("PUT", where, headers=odd, data=b"x" * 100))[0] == 400
    assert "Range" not in (await asks("PUT", where, headers={"Content-Range": f"bytes */{size}"}))[2]
    status, _, headers = await asks(
        "PUT", where, headers={"Content-Range": f"bytes 0-{PIECE - 1}/{size}"}, data=b"x" * PIECE
    )
    assert (status, headers["Range"]) == (308, f"bytes=0-{PIECE - 1}")
    assert drive.documents == []
    rest = {"Content-Range": f"bytes {PIECE}-{size - 1}/{size}"}
    assert (await asks("PUT", where, headers=rest, data=b"x" * 10))[0] == 200
    assert len(drive.documents[0].data) == size


async def test_a_session_of_long_ago(drive: DriveStandIn, asks: Any) -> None:
    """After a week an upload that was begun is 404."""
    where = await begun(asks, 10, name="x.md")
    drive.forget_sessions()
    assert (await asks("PUT", where, headers={"Content-Range": "bytes 0-9/10"}, data=b"x" * 10))[0] == 404


@pytest.mark.parametrize("limit", [100, 0], ids=["full", "a service account"])
async def test_no_room(drive: DriveStandIn, asks: Any, limit: int) -> None:
    """More than there is room for is 403, and a service account has none."""
    drive.limit = limit
    length = {"X-Upload-Content-Length": "200"}
    status, said, _ = await asks("POST", "/upload/drive/v3/files?uploadType=resumable", headers=length, json={})
    assert (status, reason(said)) == (403, "storageQuotaExceeded")


async def test_sharing_that_is_forbidden(drive: DriveStandIn, asks: Any) -> None:
    """An organisation may forbid links."""
    made = (await asks("POST", "/drive/v3/files", json={"name": "x"}))[1]["id"]
    drive.forbids_sharing = True
    anyone = {"type": "anyone", "role": "reader"}
    status, said, _ = await asks("POST", f"/drive/v3/files/{made}/permissions", json=anyone)
    assert (status, reason(said)) == (403, "publishOutNotPermitted")
