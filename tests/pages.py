"""The pages of an EchoPilot without its loops, served, and people who look at them."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.access.model import Person
from bot.kernel.clock import Clock
from bot.sessions.service import Caller
from sandbox.history.seed import fill
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers
from web.server import WebServer, application

HTML = {"Accept": "text/html"}
FORM_FIELD = re.compile(r'name="form" value="([0-9a-f]{64})"')


@dataclass
class Answer:
    """What came back."""

    status: int
    text: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass
class Looker:
    """A browser of somebody: keeps cookies, follows no redirects by itself."""

    url: str
    session: aiohttp.ClientSession
    cookies: dict[str, str] = field(default_factory=dict)

    async def opens(self, path: str, headers: Mapping[str, str] = HTML) -> Answer:
        """GET a path."""
        async with self.session.get(self.url + path, headers=self._with(headers), allow_redirects=False) as answer:
            return await self._heard(answer)

    async def sends(self, path: str, fields: Mapping[str, str], headers: Mapping[str, str] = HTML) -> Answer:
        """POST a form."""
        given = self._with(headers)
        sent = self.session.post(self.url + path, data=dict(fields), headers=given, allow_redirects=False)
        async with sent as answer:
            return await self._heard(answer)

    async def hands_on(self, path: str, body: object, headers: Mapping[str, str] = HTML) -> Answer:
        """POST JSON."""
        async with self.session.post(self.url + path, json=body, headers=self._with(headers)) as answer:
            return await self._heard(answer)

    async def form(self, path: str) -> str:
        """What the form of that page carries."""
        found = FORM_FIELD.search((await self.opens(path)).text)
        assert found is not None, path
        return found[1]

    def _with(self, headers: Mapping[str, str]) -> dict[str, str]:
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {**headers, **({"Cookie": kept} if kept else {})}

    async def _heard(self, answer: aiohttp.ClientResponse) -> Answer:
        for name, morsel in answer.cookies.items():
            self.cookies[name] = morsel.value
            if morsel["max-age"] == "0" or not morsel.value:
                del self.cookies[name]
        body = await answer.read()
        return Answer(answer.status, body.decode(errors="replace"), answer.headers, body)


@dataclass
class Window:
    """The served pages."""

    home: Desk
    url: str
    session: aiohttp.ClientSession

    def looker(self) -> Looker:
        """Somebody whom nobody knows."""
        return Looker(self.url, self.session)

    async def person(self, telegram_id: int) -> Person:
        """Whoever that is."""
        return await self.home.app.services.people.joining.identify(telegram_id, "", "en")

    async def signed_in(self, who: Person) -> Looker:
        """Somebody who is signed in."""
        sessions = self.home.app.services.sessions
        done = await sessions.by_link(await sessions.link(who), Caller(f"test:{who.id}:{who.role}"))
        return Looker(self.url, self.session, {"echopilot": done.token})


@asynccontextmanager
async def window(
    stand_ins: Providers, database_url: str, clock: Clock | None = None, *, briefs: int = 0, **changes: Any
) -> AsyncIterator[Window]:
    """Served pages; the clock stands still, so that no test depends on how long it takes. briefs: of years before."""
    clock = clock or SimulatedClock()
    if briefs:
        await asyncio.to_thread(fill, database_url, briefs, clock.now())
    async with desk(stand_ins, database_url, clock, **changes) as home:
        app = application(home.app.services, home.app.payments)
        async with (
            WebServer(app, "127.0.0.1", 0) as server,
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
        ):
            yield Window(home, server.url, session)
