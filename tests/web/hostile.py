"""Requests that nobody means well by: paths, headers, bodies and encodings, as raw bytes on a socket of their own."""

import asyncio
import gzip
import random
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

AT_ONCE = 20
ANSWER_SECONDS = 20.0
TRACES = (b"Traceback", b'File "', b"site-packages", b"sqlalchemy", b"aiohttp/", b"SELECT ", b"INSERT ")
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "CONNECT", "get", "BREW", "G\tT")
PATHS = (
    "/api/v1/briefs", "/api/v1/briefs/1001", "/api/v1/briefs/1001/result", "/api/v1/stats", "/api/v1/status",
    "/api/v1/tokens", "/api/v1/openapi.json", "/api/v1", "/api/v1/", "/api/v1//briefs", "/api/v1/briefs/",
    "/api/v1/briefs/0", "/api/v1/briefs/-1", "/api/v1/briefs/999999999999999", "/api/v1/briefs/99999999999999999999",
    "/api/v1/briefs/1e3", "/api/v1/briefs/%00", "/api/v1/briefs/%ff", "/api/v1/briefs/%", "/api/v1/briefs/%2e%2e%2f",
    "/api/v1/../../etc/passwd", "/api/v1/briefs/١٢٣", "/api/v1/briefs/1001'--", "/api/v1/briefs/1001 OR 1=1",
    "/api/v1/briefs?id=1&id=2", "/api/v1/stats?" + "a" * 5_000, "/api/v1/" + "x/" * 500, "*", "http://[::1",
    "http://example.com/api/v1/stats", "//example.com/%2f..", "/api/v1/briefs/1001;a=b", "/api/v1/briefs#x", "",
)  # fmt: skip
HEADERS = (
    "Content-Type: application/json", "Content-Type: application/json; charset=utf-16", "Content-Type: text/xml",
    "Content-Type: application/json; charset=\udcff", "Content-Type: multipart/form-data; boundary=", "Content-Type:",
    "Content-Encoding: gzip", "Content-Encoding: deflate", "Content-Encoding: br", "Content-Encoding: x, gzip, gzip",
    "Transfer-Encoding: chunked", "Transfer-Encoding: identity", "Transfer-Encoding: chunked, chunked",
    "Content-Length: -1", "Content-Length: 99999999999999999999", "Content-Length: 5, 5", "Expect: 100-continue",
    "Expect: nonsense", "Authorization: Bearer", "Authorization: Bearer \udcff\udcfe", "Authorization: Basic YTpi",
    "Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJwYXJ0bmVyOjEifQ.", "Idempotency-Key: \x01",
    "Idempotency-Key: ", "Idempotency-Key: a", "Idempotency-Key: " + "k" * 300, "If-None-Match: *",
    "If-None-Match: \"", "If-None-Match: W/\"x\", y", "Range: bytes=0-,1-", "X-Forwarded-For: 127.0.0.1\udcff",
    "Host:", "Host: a, b", "Connection: close, upgrade", "Upgrade: websocket", "Accept: \udcff", "Cookie: a=\"b; c",
    "X: " + "y" * 7_000, "Bad Name: x", "NoColon", ": empty", "Accept-Encoding: gzip;q=x",
)  # fmt: skip
BODIES = (
    b"", b"{}", b"[]", b"null", b"{", b'{"text": "a b c d"}', b'{"text": "a b c d", "text": 1}', b'{"text": "\\ud800"}',
    b'{"text": "\\u0000 a b c"}', b"\xff\xfe\x00", "{“text”: 1}".encode(), '{"text": "a"}'.encode("utf-16"),
    b'{"text": 1e999}', b'{"text": ' + b"9" * 5_000 + b"}", b"[" * 20_000, b'{"a":' * 5_000, b"a=b&c=d", b"\x00" * 100,
    b'{"key": "epk_1001_' + b"x" * 43 + b'"}', b'{"key": "epk_9223372036854775808_' + b"x" * 43 + b'"}', b'{"key": []}',
    b'{"expected_price": {"amount_minor": 1e30, "currency": "\xc3\xa4\xc3\xb6\xc3\xbc"}, "text": "a b c"}',
    b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x--", b'{"due_in_hours": -9e99, "text": "abc"}',
    gzip.compress(b'{"text": "a b c d"}'), gzip.compress(b"0" * 3_000_000), zlib.compress(b"{}")[:-3],
    b"5\r\nhello\r\n0\r\n\r\n",
    b"zz\r\nhello", b"0" * 1_100_000,
)  # fmt: skip


@dataclass
class Seen:
    """What was answered. wrong: what never may be."""

    statuses: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def requests(count: int, token: str, seed: int = 0) -> Iterator[bytes]:
    """So many of them, the same for the same seed. token: shown by every second, so that it comes further."""
    chance = random.Random(seed)
    for number in range(count):
        method = chance.choice(METHODS[:2] if chance.random() < 0.7 else METHODS)
        path, body = chance.choice(PATHS), chance.choice(BODIES)
        lines = [f"{method} {path} HTTP/{chance.choice(('1.1', '1.1', '1.1', '1.0', '2.0', '9'))}"]
        lines += ["Host: partner.example"] if chance.random() < 0.95 else []
        lines += [f"Authorization: Bearer {token}"] if number % 2 else []
        lines += chance.sample(HEADERS, chance.randrange(5))
        lines += [f"Content-Length: {len(body)}"] if chance.random() < 0.9 else []
        lines += ["Connection: close"]
        yield "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + _mutated(body, chance)


def _mutated(body: bytes, chance: random.Random) -> bytes:
    """Now and then with other bytes in it."""
    if not body or chance.random() < 0.7:
        return body
    changed = bytearray(body)
    for _ in range(chance.randrange(1, 4)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


async def send_all(url: str, count: int, token: str, seed: int = 0) -> Seen:
    """Send them to the server at that address, and look at every answer."""
    seen, waiting = Seen(), iter(requests(count, token, seed))

    async def sender() -> None:
        for request in waiting:
            answer = await _sent(url, request)
            line = answer.partition(b"\r\n")[0]
            status = line.split(b" ")[1].decode("latin-1") if line.startswith(b"HTTP/") else "closed"
            seen.statuses[status] += 1
            if status.startswith("5") or any(trace in answer for trace in TRACES):
                seen.wrong.append(f"{request[:300]!r} -> {answer[:600]!r}")

    await asyncio.gather(*(sender() for _ in range(AT_ONCE)))
    return seen


async def _sent(url: str, request: bytes) -> bytes:
    """All that comes back until the server closes the socket."""
    where = urlsplit(url)
    assert where.hostname is not None
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    answer = b""
    try:
        writer.write(request)
        async with asyncio.timeout(ANSWER_SECONDS):
            answer = await reader.read(-1)
    except (ConnectionError, TimeoutError):
        pass
    finally:
        writer.close()
    return answer
