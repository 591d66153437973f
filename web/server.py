"""The web part: webhooks in, health out. https://docs.aiohttp.org/en/stable/web.html"""

import asyncio
import errno
import logging
import socket
import time
from types import TracebackType
from typing import Self

import aiohttp
import structlog
from aiohttp import http_exceptions, web, web_response
from aiohttp.typedefs import Handler
from yarl import URL

from bot.audit.whence import coming_from
from bot.invoices.ports import PaymentEvent, Payments
from bot.kernel.errors import EchoPilotError
from bot.ops.metrics import NO_ROUTE
from bot.services import Services
from storage.core.inbox import Arrival
from storage.core.probe import Probe
from storage.engine.database import NO_ANSWER
from storage.engine.group_commit import GroupCommit
from web import health, metrics
from web.api import application as api
from web.api import openapi
from web.callers import Callers
from web.connections import Connections, Guarded
from web.keys import CALLERS, EVENTS, PAYMENTS, PROBE, READING, SERVICES, UPDATES
from web.pages import routes as pages
from web.security import secured
from web.site.errors import page_of
from web.webhooks import stripe as stripe_webhook
from web.webhooks import telegram as telegram_webhook

log = structlog.get_logger(__name__)
LARGEST_BODY = 1_000_000
NO_BODY = (aiohttp.ClientError, web.RequestPayloadError, http_exceptions.HttpProcessingError, UnicodeError)
# aiohttp's default of an hour lets idle and dripping sockets pile up; behind a proxy they are opened anew in no time.
KEEPALIVE_SECONDS = 9.0
# Who was let in before the end has so long to say what they want: what they sent may still be on its way.
LAST_WORDS_SECONDS, LOOK_SECONDS = 2.0, 0.01
TURNS = 3  # of the event loop, within which it takes in who waits at the door
LINGERING_SECONDS = 1.0  # how long a body that nobody reads any more is drained before the socket is closed
# No answer says what serves it, and in which version; not even one to what is no HTTP, which comes to no application.
web_response.SERVER_SOFTWARE = ""  # type: ignore[attr-defined]


class _FaultsOfOurs(logging.Filter):
    """What is no HTTP, or has a body that is none, fills no log: anybody may send it, with whatever words in it."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        return not isinstance(error, http_exceptions.HttpProcessingError | web.RequestPayloadError)


logging.getLogger("aiohttp.server").addFilter(_FaultsOfOurs())


class CannotListen(EchoPilotError):
    """The web part cannot have its address; the sentence says why and what to do."""


def why_not(host: str, port: int, error: BaseException) -> str:
    """What it means that nobody can listen there."""
    where, number = f"{host} port {port}", getattr(error, "errno", None)
    match number:
        case errno.EADDRINUSE:
            return f"Another program listens on {where} already; stop it, or set another WEB_PORT."
        case errno.EACCES | errno.EPERM:
            return f"This user may not listen on {where}; set a WEB_PORT from 1024 on."
        case errno.EADDRNOTAVAIL:
            return f"{host} is no address of this machine; set WEB_HOST to one, or to 0.0.0.0 for all of them."
        case _ if isinstance(error, socket.gaierror):
            return f"WEB_HOST ({host}) is no host that has an address here; set it to 127.0.0.1, or to 0.0.0.0."
    return f"Nobody can listen on {where} ({getattr(error, 'strerror', '') or error}); see WEB_HOST and WEB_PORT."


def application(services: Services, payments: Payments) -> web.Application:
    """The aiohttp application with every route."""
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[answered])
    app.on_response_prepare.append(secured(services.settings.public_url))
    app[CALLERS] = Callers(services.settings.trusted_proxies)
    app[SERVICES] = services
    app[READING] = set()
    app[PROBE] = Probe(services.database)
    app.on_cleanup.append(_end_probe)
    app[PAYMENTS] = payments
    app[EVENTS] = GroupCommit[PaymentEvent](services.database, services.billing.invoices.webhooks.receive)
    app[UPDATES] = GroupCommit[Arrival](services.database, telegram_webhook.store)
    app.router.add_get("/healthz", health.alive)
    app.router.add_get("/readyz", health.ready)
    app.router.add_get("/metrics", metrics.page)
    app.router.add_post("/webhooks/stripe", stripe_webhook.receive)
    app.router.add_post("/webhooks/telegram", telegram_webhook.receive)
    app.add_subapp(openapi.BASE, api.application(services))
    pages.mount(app, services)
    return app


async def _end_probe(app: web.Application) -> None:
    await app[PROBE].close()


@web.middleware
async def answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever goes wrong is answered: to a person by a page, to a program by a status and plain words.

    It is one middleware for all that every request needs: each costs every webhook some microseconds of its eighty.
    """
    began, reading = time.perf_counter(), request.app[READING]
    reading.add(request.content)
    try:
        with coming_from("web"):
            response = await handler(request)
    except Exception as error:
        told = _told(error)
        page = await page_of(request, told)
        if page is None:
            _count(request, told.status if isinstance(told, web.HTTPException) else 500, began)
            if told is error:
                raise
            raise told from None
        response = page
    finally:
        reading.discard(request.content)
    _count(request, response.status, began)
    return response


def _told(error: Exception) -> Exception:
    """What it says: 503 where the database takes nothing just now, so that the sender comes again; 400 for a body that
    is none.
    """
    if isinstance(error, NO_ANSWER):
        said = type(getattr(error, "orig", error)).__name__
        log.warning("a request cannot be kept; its sender comes again", error=said)
        return web.HTTPServiceUnavailable(text="Nothing can be kept just now. Come again.\n")
    if isinstance(error, NO_BODY):
        return web.HTTPBadRequest(text="The body cannot be read.\n")
    return error


def _count(request: web.Request, status: int, began: float) -> None:
    """Count what is answered, and how fast."""
    resource = request.match_info.route.resource
    route = resource.canonical if resource is not None else NO_ROUTE
    request.app[SERVICES].metrics.request(route, status, time.perf_counter() - began)


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
        self._app, self._host, self._port = app, host, port
        self._connections = Connections()
        self._listener: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """An address that can be opened; an IPv6 address stands in brackets (RFC 3986 3.2.2)."""
        return str(URL.build(scheme="http", host=self._host, port=self._port))

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        try:
            self._listener = await self._listen()
        except (OSError, OverflowError) as error:
            await self._runner.cleanup()
            raise CannotListen(why_not(self._host, self._port, error)) from None
        self._port = self._listener.sockets[0].getsockname()[1]
        return self

    async def _listen(self) -> asyncio.Server:
        """What aiohttp's own site does, with each connection counted."""
        server = self._runner.server
        assert server is not None
        loop = asyncio.get_running_loop()
        return await loop.create_server(
            lambda: Guarded(self._connections, server()), self._host, self._port, backlog=1024
        )

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._listener is not None:
            for _turn in range(TURNS):
                await asyncio.sleep(0)
            self._listener.close()
            await self._heard_out()
        await self._runner.cleanup()

    async def _heard_out(self) -> None:
        """Wait until all who were let in have said what they want, for a while: aiohttp reads nothing any more once it
        cleans up, and a proxy that has passed a request on may not pass it on to another host.
        """
        for _look in range(round(LAST_WORDS_SECONDS / LOOK_SECONDS)):
            await asyncio.sleep(LOOK_SECONDS)
            if not self._connections.silent and all(body.is_eof() for body in self._app[READING]):
                return
