"""Is it alive, is it ready."""

from aiohttp import web
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from web.keys import SERVICES


async def alive(request: web.Request) -> web.Response:  # noqa: ARG001
    """GET /healthz: the process answers."""
    return web.Response(text="alive\n")


async def ready(request: web.Request) -> web.Response:
    """GET /readyz: the database answers too; 503 where it does not."""
    services = request.app[SERVICES]
    try:
        async with services.database.reading() as connection:
            await connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return web.Response(status=503, text="the database does not answer\n")
    return web.Response(text=f"ready, version {services.version}\n")
