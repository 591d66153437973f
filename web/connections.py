"""So many connections of one address at once, and no more: else one caller could hold all of them.

Counted are addresses of the world. In our own network stand proxies, whose callers all share their address.
"""

import asyncio
from collections import Counter

from aiohttp.web_protocol import RequestHandler

from web.callers import of_one, parsed

MOST = 20


class Connections:
    """Counts the open ones by address."""

    def __init__(self, most: int = MOST) -> None:
        self.silent = 0  # those of which nothing was heard yet
        self._most = most
        self._open: Counter[str] = Counter()

    def enters(self, address: str) -> bool:
        """Whether another one of that address may stay; it is counted then."""
        if self._open[address] >= self._most:
            return False
        self._open[address] += 1
        return True

    def leaves(self, address: str) -> None:
        """One of them is closed."""
        self._open[address] -= 1
        if self._open[address] <= 0:
            del self._open[address]


def counted_for(transport: asyncio.BaseTransport) -> str:
    """The address that a connection counts for; "" for none."""
    peer = transport.get_extra_info("peername")
    address = parsed(str(peer[0])) if isinstance(peer, tuple) and peer else None
    return of_one(address) if address is not None and address.is_global else ""


class Guarded(asyncio.Protocol):
    """Stands before aiohttp's protocol of a connection, and lets nothing through where there are too many."""

    def __init__(self, connections: Connections, handler: RequestHandler) -> None:
        self._connections = connections
        self._handler = handler
        self._counted = ""
        self._refused = self._silent = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        address = counted_for(transport)
        if address and not self._connections.enters(address):
            self._refused = True
            assert isinstance(transport, asyncio.Transport)
            transport.abort()
            return
        self._counted, self._silent = address, True
        self._connections.silent += 1
        self._handler.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if self._silent:
            self._heard()
        if not self._refused:
            self._handler.data_received(data)

    def eof_received(self) -> bool | None:
        if not self._refused:
            self._handler.eof_received()
        return None

    def pause_writing(self) -> None:
        self._handler.pause_writing()

    def resume_writing(self) -> None:
        self._handler.resume_writing()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._heard()
        if self._counted:
            self._connections.leaves(self._counted)
        if not self._refused:
            self._handler.connection_lost(exc)

    def _heard(self) -> None:
        """It is silent no more."""
        self._connections.silent -= self._silent
        self._silent = False
