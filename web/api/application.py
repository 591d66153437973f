"""The API below /api/v1, as an application of its own: what it answers, also to what is not there, is JSON."""

from aiohttp import web

from bot.services import Services
from web.api import openapi
from web.api.operations import OPERATIONS
from web.api.problems import as_problems
from web.keys import SERVICES

NUMBER = "{id:[1-9][0-9]{0,14}}"


def application(services: Services) -> web.Application:
    """The aiohttp application with every operation, and the document."""
    app = web.Application(middlewares=[as_problems])
    app[SERVICES] = services
    for one in OPERATIONS:
        add = app.router.add_get if one.method == "get" else app.router.add_post
        add(one.path.replace("{id}", NUMBER), one.handler)
    app.router.add_get("/openapi.json", openapi.show)
    return app
