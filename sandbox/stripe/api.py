"""The /v1 door: key, parameters, idempotency, the handler, expansion, and the answer's headers."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.faults import Faults
from sandbox.stripe.errors import Json, StripeError, unknown_address
from sandbox.stripe.events import API_VERSION
from sandbox.stripe.idempotency import Answer
from sandbox.stripe.invoice_shapes import with_first_lines
from sandbox.stripe.requests import checked, decoded
from sandbox.stripe.store import new_id

if TYPE_CHECKING:
    from sandbox.stripe.environment import Environment


@dataclass(frozen=True)
class Call:
    """One request as a handler sees it: its checked parameters, and the id that its path names ("" if none)."""

    params: Json = field(default_factory=dict)
    id: str = ""


Handler = Callable[[Call], Json]


@dataclass(frozen=True)
class Route:
    """A method and a path below /v1 (`{id}` stands for an id), the SDK's type of its parameters, and the handler."""

    method: str
    path: str
    params: Callable[[], Any]
    handler: Handler


class Api:
    """Serves routes as Stripe does. `executing` is an event that, while cleared, holds requests that have begun; each
    that begins sets `begun`.

    enter: tells in which environment a request is to be served; raises StripeError where it is not.
    """

    def __init__(self, faults: Faults, enter: "Callable[[web.Request, Route], Environment]") -> None:
        self.executing = asyncio.Event()
        self.executing.set()
        self.begun = asyncio.Event()
        self._faults, self._enter = faults, enter

    def application(self, routes: list[Route], learn: Callable[[web.Request], None]) -> web.Application:
        """The application for /v1; `learn` sees every request first, to find out the public address."""
        app = web.Application(middlewares=[self._faults.middleware])

        def serving(route: Route) -> Callable[[web.Request], Any]:
            async def serve(request: web.Request) -> web.Response:
                learn(request)
                return await self._answer(request, route)

            return serve

        for route in routes:
            app.router.add_route(route.method, f"/{route.path}", serving(route))
        app.router.add_route("*", "/{tail:.*}", self._unknown)
        return app

    async def _unknown(self, request: web.Request) -> web.Response:
        request_id = new_id("req")
        error = unknown_address(request.method, f"/v1/{request.match_info['tail']}")
        return _response(Answer(error.status, _json(error.body(request_id)), request_id))

    async def _answer(self, request: web.Request, route: Route) -> web.Response:
        request_id = new_id("req")
        key = request.headers.get("Idempotency-Key", "") if request.method == "POST" else ""
        try:
            here = self._enter(request, route)
            given = decoded(await _fields(request))
            stored = here.keys.replay(key, request.path, given) if key else None
            if stored is not None:
                return _response(stored, key, replayed=request_id)
            call = Call(checked(route.params(), given), request.match_info.get("id", ""))
            if not key:
                return _response(await self._execute(here, route, call, request_id, None))
            with here.keys.executing(key, request.path, given) as answers:
                answers.append(await self._execute(here, route, call, request_id, key))
            return _response(answers[0], key)
        except StripeError as error:
            return _response(Answer(error.status, _json(error.body(request_id)), request_id), key)

    async def _execute(self, here: "Environment", route: Route, call: Call, request_id: str, key: str | None) -> Answer:
        self.begun.set()
        await self.executing.wait()
        try:
            here.account.check(route)
            with here.event_log.caused_by(request_id, key):
                result = with_first_lines(here.route(route).handler(call))
            result = here.expansion.expanded(result, call.params.get("expand", []))
        except StripeError as error:
            return Answer(error.status, _json(error.body(request_id)), request_id)
        return Answer(200, _json(result), request_id)


async def _fields(request: web.Request) -> list[tuple[str, str]]:
    if request.method != "POST":
        return list(request.query.items())
    return [(name, str(value)) for name, value in (await request.post()).items()]


def _json(thing: Json) -> bytes:
    return json.dumps(thing, indent=2).encode()


def _response(answer: Answer, key: str = "", replayed: str | None = None) -> web.Response:
    headers = {"Request-Id": replayed or answer.request_id, "Stripe-Version": API_VERSION}
    if key:
        headers |= {"Idempotency-Key": key, "Original-Request": answer.request_id}
    if replayed:
        headers |= {"Idempotent-Replayed": "true"}
    return web.Response(status=answer.status, body=answer.body, content_type="application/json", headers=headers)
