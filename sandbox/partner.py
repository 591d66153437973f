"""A partner's receiving end, which trusts nobody: it checks each message by Standard Webhooks, and refuses the rest.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import asyncio
import base64
import hashlib
import hmac
import json
import time
from typing import Any

from aiohttp import web

from sandbox.faults import Faults

TOLERANCE = 300  # seconds that a timestamp may be off, either way
LARGEST = 20_000  # bytes


class PartnerStandIn:
    """The stand-in below `/partner`: POST /hook is its address, /moved sends elsewhere, /slow never answers in time.

    secret: by which it knows us; set once it was made known. messages: what was taken, the same one once.
    """

    name = "partner"

    def __init__(self, secret: str = "") -> None:
        self.faults = Faults()
        self.secret = secret
        self.messages: list[dict[str, Any]] = []
        self.refused: list[str] = []
        self.calls = 0
        self._seen: set[str] = set()

    def application(self) -> web.Application:
        application = web.Application(middlewares=[self.faults.middleware])
        application.router.add_post("/hook", self._hook)
        application.router.add_post("/moved", self._moved)
        application.router.add_post("/slow", self._slow)
        return application

    async def close(self) -> None:
        """Nothing runs by itself here."""

    def types(self) -> list[str]:
        """What it was told, in the order in which that came."""
        return [message["type"] for message in self.messages]

    async def _hook(self, request: web.Request) -> web.Response:
        self.calls += 1
        body = await request.read()
        why = self._why_not(request, body)
        if why:
            self.refused.append(why)
            return web.json_response({"error": why}, status=401)
        name = request.headers["webhook-id"]
        if name not in self._seen:
            self._seen.add(name)
            self.messages.append({"id": name, **json.loads(body)})
        return web.Response(status=204)

    def _why_not(self, request: web.Request, body: bytes) -> str:
        name, stamp = request.headers.get("webhook-id", ""), request.headers.get("webhook-timestamp", "")
        if not name or "." in name:
            return "no webhook-id"
        if not stamp.isdigit() or abs(time.time() - int(stamp)) > TOLERANCE:
            return "the timestamp is too old, or no number"
        if request.content_type != "application/json" or len(body) > LARGEST:
            return "no JSON, or too much of it"
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        mac = hmac.new(key, f"{name}.{stamp}.".encode() + body, hashlib.sha256).digest()
        wanted = f"v1,{base64.b64encode(mac).decode()}"
        given = request.headers.get("webhook-signature", "").split(" ")
        return "" if any(hmac.compare_digest(wanted, one) for one in given) else "the signature is wrong"

    async def _moved(self, request: web.Request) -> web.Response:  # noqa: ARG002 - the shape of them all
        self.calls += 1
        raise web.HTTPTemporaryRedirect("hook")

    async def _slow(self, request: web.Request) -> web.Response:  # noqa: ARG002
        self.calls += 1
        await asyncio.sleep(3_600)
        return web.Response(status=204)
