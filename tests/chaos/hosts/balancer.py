"""What stands before the web hosts, as nginx would: takes a request to one that answers, else to the next.

A host that could not be reached is left out for a while. What was sent to one is sent to no other, since it may have
been done; whoever asked then reads 502, and comes again.
"""

import time
from collections import Counter
from collections.abc import Sequence

import aiohttp
from aiohttp import web

# The first is as long as our own event loop may be late, where the machine has more to do than this.
CONNECT_SECONDS, ANSWER_SECONDS, LEFT_OUT_SECONDS = 2.5, 8.0, 3.0
HEADERS = ("Content-Type", "Stripe-Signature", "X-Telegram-Bot-Api-Secret-Token")


class Balancer:
    """Use as an async context manager. taken, failed: how many requests were answered, and how many got no answer or
    one of 500 and more, and why. gone_on: how often one went to the next host. slowest: seconds.
    """

    def __init__(self, host: str, port: int, targets: Sequence[str]) -> None:
        self.taken, self.gone_on, self.slowest = 0, 0, 0.0
        self.failed: Counter[str] = Counter()
        self._host, self._port = host, port
        self._targets = list(targets)
        self._left_out: dict[str, float] = {}
        self._turn = 0

    @property
    def url(self) -> str:
        return f"http://{self._host}:{self._port}"

    async def __aenter__(self) -> "Balancer":
        limits = aiohttp.ClientTimeout(total=ANSWER_SECONDS, sock_connect=CONNECT_SECONDS)
        self._session = aiohttp.ClientSession(timeout=limits, connector=aiohttp.TCPConnector(force_close=True))
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._pass_on)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
        await self._session.close()

    async def _pass_on(self, request: web.Request) -> web.Response:
        began, body = time.monotonic(), await request.read()
        answer = await self._answer(request, body)
        self.slowest = max(self.slowest, time.monotonic() - began)
        self.taken += answer.status < 500
        if answer.status >= 500:
            self.failed[answer.reason] += 1
        return answer

    async def _answer(self, request: web.Request, body: bytes) -> web.Response:
        headers = {name: request.headers[name] for name in HEADERS if name in request.headers}
        refusals = set[str]()
        for target in self._in_turn():
            try:
                async with self._session.request(
                    request.method, f"{target}{request.path_qs}", data=body, headers=headers
                ) as answer:
                    return web.Response(status=answer.status, body=await answer.read())
            except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
                refusals.add(type(error).__name__)
                self._left_out[target] = time.monotonic() + LEFT_OUT_SECONDS
                self.gone_on += 1
            except (aiohttp.ClientError, TimeoutError) as error:
                return web.Response(status=502, reason=f"{type(error).__name__} of {target}")
        return web.Response(status=502, reason=f"no host takes it: {', '.join(sorted(refusals))}")

    def _in_turn(self) -> list[str]:
        """The hosts in the order in which they are tried: those that are left out last."""
        self._turn += 1
        first = self._turn % len(self._targets)
        turned = self._targets[first:] + self._targets[:first]
        now = time.monotonic()
        return sorted(turned, key=lambda target: self._left_out.get(target, 0.0) > now)
