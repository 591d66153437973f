"""The web part, as a machine or a careless client meets it."""

import asyncio
import socket

import aiohttp
import pytest

from tests.desk import desk
from tests.eventually import eventually
from tests.house import House, Providers
from web.keys import READING
from web.server import WebServer, application

WHOLE = b"POST /webhooks/stripe HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"


async def get(home: House, path: str) -> tuple[int, str, str]:
    assert home.running.server is not None
    async with aiohttp.ClientSession() as session, session.get(home.running.server.url + path) as answer:
        return answer.status, await answer.text(), answer.headers.get("Server", "")


@pytest.mark.both_databases
async def test_health(home: House) -> None:
    """/healthz says that the process answers, /readyz that the database does too, and which version runs."""
    assert await get(home, "/healthz") == (200, "alive\n", "")
    version = home.running.app.services.version
    assert await get(home, "/readyz") == (200, f"ready, version {version}\n", "")


async def test_what_is_not_there(home: House) -> None:
    """Other paths are not found, and tell nothing of what serves them."""
    assert await get(home, "/webhooks/stripe") == (405, "405: Method Not Allowed", "")
    assert (await get(home, "/admin"))[0] == 404
    assert (await get(home, "/admin"))[2] == ""


async def test_answers_that_no_handler_made(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor do answers that aiohttp makes by itself: to a fault of ours, to what is expected and cannot be met, and
    to what is no HTTP.
    """

    async def broken(_: object) -> None:
        raise RuntimeError("broken")

    assert home.running.server is not None
    url = f"{home.running.server.url}/healthz"
    async with aiohttp.ClientSession() as session:
        async with session.get(url, headers={"Expect": "a miracle"}) as answer:
            assert (answer.status, answer.headers["Server"]) == (417, "")
        with monkeypatch.context() as patch:
            patch.setattr("storage.core.probe.Probe.problem", broken)
            async with session.get(f"{home.running.server.url}/readyz") as answer:
                assert (answer.status, answer.headers["Server"]) == (500, "")
    reader, writer = await asyncio.open_connection("127.0.0.1", int(home.running.server.url.rpartition(":")[2]))
    writer.write(b"no HTTP\r\n\r\n")
    said = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert (said.startswith(b"HTTP/1.0 400"), b"aiohttp" in said) == (True, False)


async def test_what_is_no_http_fills_no_log(home: House, caplog: pytest.LogCaptureFixture) -> None:
    """What strangers send that is no HTTP, or has no body that can be read, is answered 4xx, and stands in no log."""
    assert home.running.server is not None
    no_body = b"POST /admin HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"
    for sent in (b"no HTTP\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \x01\r\n\r\n", no_body):
        reader, writer = await asyncio.open_connection("127.0.0.1", int(home.running.server.url.rpartition(":")[2]))
        writer.write(sent)
        assert (await reader.read()).startswith((b"HTTP/1.0 4", b"HTTP/1.1 4"))
        writer.close()
        await writer.wait_closed()
    assert [record.name for record in caplog.records if record.name.startswith("aiohttp")] == []


async def test_slow_sockets(home: House) -> None:
    """Sockets that stay idle, or drip a header or a body, are closed within seconds, and nobody else waits for them."""
    assert home.running.server is not None
    port = int(home.running.server.url.rpartition(":")[2])
    body = b"POST /webhooks/stripe HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nx"
    sockets = [await asyncio.open_connection("127.0.0.1", port) for _ in range(30)]
    try:
        for number, (_, writer) in enumerate(sockets):
            writer.write([b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /heal", body][number % 3])
            await writer.drain()
        assert (await get(home, "/healthz"))[0] == 200
        async with asyncio.timeout(20):
            await asyncio.gather(*(reader.read() for reader, _ in sockets))
    finally:
        for _, writer in sockets:
            writer.close()
            await writer.wait_closed()


@pytest.mark.parametrize("begun", [b"", WHOLE[:-2], None], ids=["silent", "halfway", "waiting"])
async def test_nobody_is_cut_off_by_a_stop(stand_ins: Providers, sqlite_url: str, begun: bytes | None) -> None:
    """Who has come when the server is told to end is answered: who has said nothing yet, or not all, or still waits to
    be let in (None). Who comes later finds nobody, so that a proxy goes on to the next host.
    """
    async with desk(stand_ins, sqlite_url) as home:
        app = application(home.app.services, home.app.payments)
        server = WebServer(app, "127.0.0.1", 0)
        await server.__aenter__()
        port = int(server.url.rpartition(":")[2])
        if begun is not None:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(begun)
            await eventually(lambda: app[READING] or not begun)
        else:
            waits = socket.create_connection(("127.0.0.1", port))  # its turn has not come when the end does
        ending = asyncio.create_task(server.__aexit__(None, None, None))
        await eventually(lambda: _refused(port))
        if begun is None:
            reader, writer = await asyncio.open_connection(sock=waits)
        writer.write(WHOLE[len(begun or b"") :])
        assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
        writer.close()
        await writer.wait_closed()
        await ending


def _refused(port: int) -> bool:
    """Whether nobody is let in there any more."""
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except ConnectionRefusedError:
        return True
    return False
