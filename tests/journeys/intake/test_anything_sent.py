"""Whatever is sent, the process goes on; each odd update is one row that was given up and told, and not read again."""

import asyncio
import json
import re
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select

from handlers.routing.polling import keep
from sandbox.faults import Fault
from sandbox.telegram.seen import Seen
from storage.tables.core import inbox
from tests.eventually import eventually, nothing
from tests.house import House
from tests.journeys.web.test_webhook_mode import SECRET
from tests.journeys.web.test_webhook_mode import home as by_webhook

__all__ = ["by_webhook"]
CHAT = {"id": 1001, "type": "private"}
ODD: list[Any] = [
    7,
    None,
    "x",
    [],
    {},
    {"update_id": "x", "message": 7},
    {"update_id": 2**70, "message": 7},
    {"update_id": 900_001},
    {"update_id": 900_002, "future_thing": {}},
    {"update_id": 900_003, "message": 5},
    {"update_id": 900_004, "message": {"message_id": "7", "chat": CHAT, "from": CHAT | {"is_bot": False}, "text": "x"}},
    {"update_id": 900_005, "message": {"message_id": 7, "chat": 5, "from": {"is_bot": False, "id": 1}, "text": "x"}},
    {"update_id": 900_006, "message": {"message_id": 7, "chat": CHAT, "from": {"is_bot": False, "id": 1}, "text": 5}},
    {"update_id": 900_007, "callback_query": {"id": "1", "data": "x", "message": {"message_id": 1}, "from": 7}},
    {"update_id": 900_008, "my_chat_member": {"chat": {}}},
]


async def waiting(home: House) -> int:
    async with home.running.app.services.database.reading() as connection:
        query = select(func.count()).select_from(inbox).where(inbox.c.processed_at.is_(None))
        return int((await connection.execute(query)).scalar_one())


async def given_up(home: House, count: int) -> Seen:
    """Carol reads in /status how many there are, and in /failed what they are; nothing is read again."""
    await eventually(lambda: waiting(home), nothing)
    await home.carol.sees("Update from Telegram", timeout=30)
    mark = home.carol.mark()
    await home.eve.says("/start")
    await home.eve.sees("invitation", timeout=30)
    await home.carol.says("/status")
    await home.carol.sees(f"Given up: {count} task", after=mark)
    await home.carol.says("/failed")
    listed = await home.carol.sees(re.compile("^Stopped by a fault"), after=mark)
    assert "it cannot be read: " in listed.text
    await eventually(lambda: waiting(home), nothing)
    assert not [seen for seen in home.carol.messages() if "our fault" in seen.text]
    return listed


@pytest.mark.both_databases
async def test_by_polling(home: House) -> None:
    """What getUpdates may bring: each is one row that was given up; one that is sent again is still one."""
    database = home.running.app.services.database
    for _ in range(2):
        await keep(database, ODD)
    listed = await given_up(home, len(ODD))
    mark = home.carol.mark()
    await home.carol.taps(next(label for label in listed.labels if label.startswith("Try again, update")), listed)
    await home.carol.sees("Stopped by a fault", after=mark, timeout=30)


async def test_by_webhook(by_webhook: House) -> None:
    """What is signed with our secret and has a number is kept and given up; what has none is refused, with no 500."""
    home = by_webhook
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    statuses = []
    async with aiohttp.ClientSession() as session:
        for update in ODD:
            url = f"{home.settings.public_url}/webhooks/telegram"
            async with session.post(url, data=json.dumps(update), headers=headers) as answer:
                statuses.append(answer.status)
    assert statuses == [400] * 7 + [200] * 8
    await given_up(home, 8)


ANSWERS = ['{"ok":true,"result":{"a":1}}', "[7]", '"x"', '{"ok":true}', '{"ok":true,"result":null}', "{", "\ufeff",
           "[" * 3000, '{"ok":true,"result":[7,null]}']  # fmt: skip
REFUSALS = ['{"ok":false,"error_code":400,"description":7,"parameters":[]}',
            '{"ok":false,"parameters":{"retry_after":"x"}}',
            '{"ok":false,"error_code":404,"description":"Not Found"}']  # fmt: skip


async def test_odd_answers_to_the_poll(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is answered to getUpdates, asking goes on; what people said meanwhile is answered."""
    for name in ("PAUSE_SECONDS", "LONGEST_PAUSE_SECONDS", "REFUSED_PAUSE_SECONDS"):
        monkeypatch.setattr(f"handlers.routing.polling.{name}", 0.01)
    for body in ANSWERS:
        home.telegram.faults.add(Fault("POST .*/getUpdates", "status", status=200, body=body))
    for body in REFUSALS:
        home.telegram.faults.add(Fault("POST .*/getUpdates", "status", status=400, body=body))
    await home.eve.says("/start")
    await home.eve.sees("invitation", timeout=30)


NUMBERED = ("brief", "replay", "prompt", "duel", "job")
DIGITS = ("²", "9" * 20, "٣", "①", "0", "-1", "1_0")


@pytest.mark.both_databases
async def test_odd_numbers(home: House) -> None:
    """Every command that takes a number answers in words to digits that are none, or too many."""
    for name in NUMBERED:
        for digits in DIGITS:
            mark = home.carol.mark()
            await home.carol.says(f"/{name}_{digits}")
            answer = await home.carol.sees("", after=mark)
            assert "our fault" not in answer.text, (name, digits)
    mark = home.carol.mark()
    for words in (
        "/replay ²",
        f"/target Alice {'9' * 50}",
        "/target Alice ²",
        "/duel Drafting ² 9",
        "/replay " + "9" * 5000,
    ):
        await home.carol.says(words[:4000])
        answer = await home.carol.sees("", after=mark)
        mark = home.carol.mark()
        assert "our fault" not in answer.text, words


HEADERS = ["ü", "\u2603", "t=1,v1=ü", "\udcff", "t=²,v1=x", "t=99999999999,v1=x", ",", "=", "t=" + "9" * 400]


async def raw(home: House, request: bytes) -> int:
    """The status of the answer to these bytes; 0 where there is none."""
    assert home.running.server is not None
    host, _, port = home.running.server.url.removeprefix("http://").rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    try:
        async with asyncio.timeout(15):
            line = await reader.readline()
    finally:
        writer.close()
    return int(line.split()[1]) if line else 0


async def test_odd_requests(by_webhook: House) -> None:
    """Signatures in letters that no signature has, odd paths, bodies, encodings: refused in the 400s, never a 500."""
    home = by_webhook
    found: dict[bytes, int] = {}
    for value in HEADERS:
        for path, name in (("stripe", "Stripe-Signature"), ("telegram", "X-Telegram-Bot-Api-Secret-Token")):
            head = f"POST /webhooks/{path} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n{name}: "
            request = head.encode() + value.encode("utf-8", "surrogateescape") + b"\r\n\r\n{}"
            found[request] = await raw(home, request)
    secret = f"X-Telegram-Bot-Api-Secret-Token: {SECRET}\r\n".encode()
    for odd_path in (
        b"/%00",
        b"/%ff%fe",
        b"//",
        b"/../etc",
        b"/" + b"a" * 9000,
        b"/webhooks/telegram/",
        "/ü".encode(),
        b"*",
    ):
        request = b"GET " + odd_path + b" HTTP/1.1\r\nHost: x\r\n\r\n"
        found[request] = await raw(home, request)
    for extra, body in (
        (b"Content-Encoding: gzip\r\n", b"no gzip"),
        (b"Content-Encoding: deflate\r\n", b"\x78\x9c no"),
        (b"Content-Encoding: br\r\n", b"no brotli"),
        (b"Content-Encoding: zstd\r\n", b"no zstd"),
        (b"Content-Type: application/json; charset=nothing\r\n", b"\xff\xfe{"),
        (b"Expect: the unexpected\r\n", b"{}"),
        (b"", b"\xef\xbb\xbf{}"),
        (b"", b'{"update_id": 1e999}'),
        (b"", b'{"update_id": ' + b"9" * 5000 + b"}"),
        (b"", b"[" * 5000),
        (b"", b'{"update_id": "\xed\xa0\x80"}'),
    ):
        length = f"Content-Length: {len(body)}\r\n\r\n".encode()
        request = b"POST /webhooks/telegram HTTP/1.1\r\nHost: x\r\n" + secret + extra + length + body
        found[request] = await raw(home, request)
    assert {request: status for request, status in found.items() if not 400 <= status < 500} == {}
    assert await raw(home, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") == 200
