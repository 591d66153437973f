"""Sends signed Stripe events over raw sockets, as cheaply as Python can, and prints how long each waited.

Usage: python -m benchmarks.webhook_load PORT SECRET FIRST COUNT CONNECTIONS; the events are numbered from FIRST.
"""

import asyncio
import json
import sys
import time

import orjson

from sandbox.stripe.webhooks import sign


def request(number: int, secret: str) -> bytes:
    """One event of a type that a shop gets all day, as Stripe posts it."""
    thing = {"id": f"ch_{number}", "object": "charge", "amount": 12_000, "currency": "usd", "metadata": {}}
    thing["billing_details"] = {"address": {"city": "Hamburg", "country": "DE"}, "name": "Alice", "phone": None}
    event = {"id": f"evt_bench_{number}", "object": "event", "type": "charge.succeeded", "data": {"object": thing}}
    body = json.dumps(event, indent=2).encode()
    head = (
        "POST /webhooks/stripe HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json; charset=utf-8\r\n"
        f"Stripe-Signature: {sign(body, secret)}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def send(port: int, requests: list[bytes], waits: list[float]) -> None:
    """Send one request after the other on one connection until none is left."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while requests:
        message = requests.pop()
        began = time.perf_counter()
        writer.write(message)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode())
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        await reader.readexactly(length)
        waits.append(time.perf_counter() - began)
    writer.close()


async def main() -> None:
    """Sign everything first, then send."""
    port, secret, first, count, connections = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
    requests = [request(number, secret) for number in range(first, first + count)]
    waits: list[float] = []
    began = time.perf_counter()
    await asyncio.gather(*(send(int(port), requests, waits) for _ in range(connections)))
    print(orjson.dumps({"seconds": time.perf_counter() - began, "waits": waits}).decode())


if __name__ == "__main__":
    asyncio.run(main())
