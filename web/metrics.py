"""GET /metrics: what this process counted, as Prometheus reads it.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

import hmac
from collections.abc import Mapping
from dataclasses import replace

from aiohttp import web

from bot.hosts.model import Process
from bot.ops.metrics import Running, Waiting
from bot.services import Services
from storage.core import outbox
from web.callers import is_here
from web.keys import SERVICES

FORMAT = "text/plain; version=0.0.4; charset=utf-8"


async def page(request: web.Request) -> web.Response:
    """401 without the token of METRICS_TOKEN; where that is not set, 403 for whoever is not on this machine."""
    _check(request)
    services = request.app[SERVICES]
    async with services.database.reading() as connection:
        by_channel = await outbox.waiting_by_channel(connection)
    waiting = Waiting(await services.queue.waiting(), await services.queue.oldest_seconds(), by_channel)
    body = services.metrics.page(waiting, await services.slo.levels.left(), await _running(services))
    return web.Response(body=body, headers={"Content-Type": FORMAT})


async def _running(services: Services) -> list[Running]:
    fleet = await services.hosts.processes.seen()
    alive = [_as_told(one, {role: since.timestamp() for role, since in one.roles.items()}) for one in fleet.alive]
    return [*alive, *(replace(_as_told(one, {}), alive=False) for one in fleet.silent)]


def _as_told(one: Process, roles: Mapping[str, float]) -> Running:
    return Running(one.host, one.name, " ".join(one.parts), one.version, alive=True, roles=roles)


def _check(request: web.Request) -> None:
    token = request.app[SERVICES].settings.metrics_token
    if token is not None:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(errors="replace"), token.get_secret_value().encode()):
            raise web.HTTPUnauthorized(
                text="Send METRICS_TOKEN as a bearer token.\n", headers={"WWW-Authenticate": "Bearer"}
            )
    elif not is_here(request):
        raise web.HTTPForbidden(text="Set METRICS_TOKEN to read this from another machine or through a proxy.\n")
