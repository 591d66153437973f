"""The web part: webhooks in, health out. https://docs.aiohttp.org/en/stable/web.html"""

from types import TracebackType
from typing import Self

from aiohttp import web
from yarl import URL

from bot.billing.ports import PaymentEvent, Payments
from bot.services import Services
from storage.batches import Batches
from storage.inbox import Arrival
from web import health, stripe_webhook, telegram_webhook
from web.keys import EVENTS, PAYMENTS, SERVICES, UPDATES

LARGEST_BODY = 1_000_000
# aiohttp's default of an hour lets idle and dripping sockets pile up; behind a proxy they are opened anew in no time.
KEEPALIVE_SECONDS = 9.0
LINGERING_SECONDS = 1.0  # how long a body that nobody reads any more is drained before the socket is closed


async def anonymous(_: web.Request, response: web.StreamResponse) -> None:
    """No answer says what serves it, and in which version."""
    response.headers["Server"] = ""


def application(services: Services, payments: Payments) -> web.Application:
    """The aiohttp application with every route."""
    app = web.Application(client_max_size=LARGEST_BODY)
    app.on_response_prepare.append(anonymous)
    app[SERVICES] = services
    app[PAYMENTS] = payments
    app[EVENTS] = Batches[PaymentEvent](services.database, services.billing.webhooks.receive)
    app[UPDATES] = Batches[Arrival](services.database, telegram_webhook.store)
    app.router.add_get("/healthz", health.alive)
    app.router.add_get("/readyz", health.ready)
    app.router.add_post("/webhooks/stripe", stripe_webhook.receive)
    app.router.add_post("/webhooks/telegram", telegram_webhook.receive)
    return app


class WebServer:
    """Serves the application until the context ends; `url` is known once it has begun."""

    def __init__(self, app: web.Application, host: str, port: int) -> None:
        self._runner = web.AppRunner(
            app,
            access_log=None,
            keepalive_timeout=KEEPALIVE_SECONDS,
            lingering_time=LINGERING_SECONDS,
            shutdown_timeout=5.0,
        )
        self._host, self._port = host, port

    @property
    def url(self) -> str:
        """An address that can be opened; an IPv6 address stands in brackets (RFC 3986 3.2.2)."""
        return str(URL.build(scheme="http", host=self._host, port=self._port))

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port, backlog=1024).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()
