"""Faults that a stand-in can be told to show, so that a test or a person can see how EchoPilot bears them."""

import asyncio
import random
import re
from dataclasses import dataclass
from typing import Literal

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

FaultKind = Literal[
    "status",  # answer with `status`, `body` and, if given, a Retry-After header, and do nothing
    "delay",  # wait `seconds`, then serve normally
    "lose_request",  # cut the connection before anything is done
    "lose_reply",  # do it, then cut the connection: the caller cannot know
    "cut_reply",  # do it, then cut the connection in the middle of the answer's body
    "truncate",  # the provider's own faults, served by the stand-in that knows their shape
    "length",
    "refusal",
    "content_filter",
    "broken_json",
]
TRANSPORT: tuple[FaultKind, ...] = ("status", "delay", "lose_request", "lose_reply", "cut_reply")
LOST = web.RequestKey("lost", bool)  # set on a request whose reply nobody will get, for those who reply in pieces


@dataclass
class Fault:
    """One planned fault: which requests (a regular expression on "METHOD /path"), what, and how often.

    `times` counts down to nothing; None means until `Faults.clear`.
    """

    where: str
    kind: FaultKind
    times: int | None = 1
    status: int = 500
    seconds: float = 0.0
    retry_after: float | None = None
    body: str = '{"error": {"message": "fault on request", "type": "server_error"}}'

    def hits(self, request: web.Request) -> bool:
        return self.times != 0 and re.search(self.where, f"{request.method} {request.path}") is not None


class Faults:
    """The faults of one stand-in, as an aiohttp middleware and a register."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []
        self._lost_share = 0.0
        self._lost_where = ""
        self._random = random.Random(0)

    def add(self, fault: Fault) -> None:
        self._planned.append(fault)

    def clear(self) -> None:
        self._planned.clear()
        self._lost_share = 0.0

    def lose_replies(self, share: float, *, where: str = "POST", seed: int = 0) -> None:
        """Lose this share (0 to 1) of the replies to matching requests; half of them before, half after the effect."""
        self._lost_share, self._lost_where, self._random = share, where, random.Random(seed)

    def take(self, request: web.Request, *kinds: FaultKind) -> Fault | None:
        """The first planned fault of one of these kinds that this request meets, counted as used."""
        for fault in self._planned:
            if fault.kind in kinds and fault.hits(request):
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None

    @property
    def middleware(self) -> Middleware:
        @web.middleware
        async def faulty(request: web.Request, handler: Handler) -> web.StreamResponse:
            fault = self.take(request, *TRANSPORT) or self._by_chance(request)
            if fault is None:
                return await handler(request)
            if fault.kind == "status":
                headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
                return web.Response(
                    status=fault.status, text=fault.body, content_type="application/json", headers=headers
                )
            if fault.kind == "delay":
                await asyncio.sleep(fault.seconds)
                return await handler(request)
            if fault.kind == "cut_reply":
                await _begin_reply(request, await handler(request))
            elif fault.kind == "lose_reply":
                request[LOST] = True
                await handler(request)
            cut(request)
            return web.Response(status=500)

        return faulty

    def _by_chance(self, request: web.Request) -> Fault | None:
        if not self._lost_share or re.search(self._lost_where, f"{request.method} {request.path}") is None:
            return None
        if self._random.random() >= self._lost_share:
            return None
        return Fault(where="", kind=self._random.choice(("lose_request", "lose_reply")))


async def _begin_reply(request: web.Request, reply: web.StreamResponse) -> None:
    assert isinstance(reply, web.Response)
    assert isinstance(reply.body, bytes)
    begun = web.StreamResponse(status=reply.status, headers={"Content-Type": reply.content_type})
    begun.content_length = len(reply.body)
    await begun.prepare(request)
    await begun.write(reply.body[: len(reply.body) // 2])


def cut(request: web.Request) -> None:
    """Close the caller's connection without an answer."""
    if request.transport is not None:
        request.transport.abort()
