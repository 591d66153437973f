"""A partner's program that calls the API over HTTP, without the rest of EchoPilot at work."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.kernel.clock import Clock
from tests.bot.partners.partner import partner_of
from tests.desk import Desk, desk
from tests.house import Providers
from web.api.openapi import BASE
from web.server import WebServer, application

TEXT = "Write a landing page text for Nordwind, a bicycle courier in Hamburg."
OFTEN: dict[str, Any] = {f"api_{kind}_per_minute": 100_000 for kind in ("calls", "orders", "status", "sign_ins")}


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Any
    json: Any
    text: str


@dataclass
class Program:
    """Calls the API as a partner. token: what it shows; "" where it shows none."""

    home: Desk
    session: aiohttp.ClientSession
    url: str
    key: str
    token: str = ""
    shown: dict[str, str] = field(default_factory=dict)

    async def call(self, method: str, path: str, *, json: Any = None, data: Any = None, **headers: str) -> Answer:
        """One call. Header names have _ for -."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            given.setdefault("Authorization", f"Bearer {self.token}")
        async with self.session.request(
            method, f"{self.url}{path}", json=json, data=data, headers=given, allow_redirects=False
        ) as answer:
            text = await answer.text()
            said = await answer.json(content_type=None) if answer.content_type.endswith("json") else None
            return Answer(answer.status, answer.headers, said, text)

    async def sign_in(self) -> None:
        """Exchange the key."""
        answer = await self.call("POST", "/tokens", json={"key": self.key})
        assert answer.status == 200, answer.text
        self.token = answer.json["access_token"]

    async def order(self, key: str = "one", **changes: Any) -> Answer:
        """Order a brief."""
        return await self.call("POST", "/briefs", json={"text": TEXT} | changes, Idempotency_Key=key)


@asynccontextmanager
async def program(
    stand_ins: Providers, database_url: str, clock: Clock | None = None, **changes: Any
) -> AsyncIterator[Program]:
    """Alice's program, signed in."""
    async with desk(stand_ins, database_url, clock, **changes) as home:
        _, key = await partner_of(home)
        server = WebServer(application(home.app.services, home.app.payments), "127.0.0.1", 0)
        async with server, aiohttp.ClientSession() as session:
            made = Program(home, session, f"{server.url}{BASE}", key)
            await made.sign_in()
            yield made
