"""A wire to PostgreSQL that can fall silent: what is sent then is taken, and goes nowhere."""

import asyncio
from contextlib import suppress

from sqlalchemy import make_url


class Relay:
    """Use as an async context manager. url: the database by way of it. silent: nothing passes any more."""

    def __init__(self, url: str) -> None:
        self.silent = False
        self._target = make_url(url)
        self._writers: set[asyncio.StreamWriter] = set()
        self._pipes: set[asyncio.Task[None]] = set()
        self._joining: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        port = self._server.sockets[0].getsockname()[1]
        return self._target.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)

    async def __aenter__(self) -> "Relay":
        self._server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await asyncio.gather(*self._joining, return_exceptions=True)
        self.cut()
        await asyncio.gather(*self._pipes, *(one.wait_closed() for one in self._writers), return_exceptions=True)

    def cut(self) -> None:
        """Break every connection off."""
        for writer in self._writers:
            writer.transport.abort()

    def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        joining = asyncio.create_task(self._joined(reader, writer))
        self._joining.add(joining)
        joining.add_done_callback(self._joining.discard)

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, onward = await asyncio.open_connection(self._target.host, self._target.port)
        self._writers.add(onward)
        for source, sink in ((reader, onward), (there, writer)):
            pipe = asyncio.create_task(self._pass(source, sink))
            self._pipes.add(pipe)
            pipe.add_done_callback(self._pipes.discard)

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65_536):
                if not self.silent:
                    sink.write(data)
                    await sink.drain()
        sink.close()
