"""The sandbox: every stand-in behind one address, started and stopped together."""

from types import TracebackType
from typing import Protocol, Self

from aiohttp import web
from yarl import URL

from sandbox.faults import Faults

# aiohttp measures a body by the root application's limit alone, 1 MiB where none is set. Each stand-in refuses what its
# provider refuses, and none takes more than Telegram's 50 MB with the form around them.
LARGEST_BODY = 64 * 1024 * 1024


class StandIn(Protocol):
    """What stands in for one provider: `name` is also its path below the sandbox's address."""

    name: str
    faults: Faults

    def application(self) -> web.Application:
        """The aiohttp application that speaks the provider's protocol."""
        ...

    async def close(self) -> None:
        """Stop what the stand-in does on its own (webhook retries, long polls)."""
        ...


class Sandbox:
    """Serves stand-ins at `http://host:port/<name>`; `port=0` takes a free one. Use as an async context manager."""

    def __init__(self, *stand_ins: StandIn, host: str = "127.0.0.1", port: int = 0) -> None:
        self._stand_ins = stand_ins
        self._host, self._port = host, port
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return str(URL.build(scheme="http", host=self._host, port=self._port))

    async def __aenter__(self) -> Self:
        root = web.Application(client_max_size=LARGEST_BODY)
        for stand_in in self._stand_ins:
            root.add_subapp(f"/{stand_in.name}/", stand_in.application())
        self._runner = web.AppRunner(root, access_log=None, shutdown_timeout=1.0, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for stand_in in self._stand_ins:
            await stand_in.close()
        assert self._runner is not None
        await self._runner.cleanup()
