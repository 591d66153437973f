"""The pages and the API with few briefs and with many, in turns: a part of `a-million`.

An admin opens every page and what narrows its lists, a client their own, and a partner's program makes every call of
the API. Nobody opens `/live`, which stays open, and nobody follows a link that only signs in.
"""

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

import aiohttp
from sqlalchemy import text

from benchmarks.programs import Program
from benchmarks.two import Two, counted, keep
from bot.access.model import TENANT, Person
from bot.services import Services
from bot.sessions.service import Caller
from sandbox.history.studio import ADMIN, CLIENT
from web.api.openapi import BASE
from web.pages.routes import PAGES

ROUNDS, OPENED, ORDERED = 3, 40, 5
BRIEF, INVOICE, PERSON = 1_500, 1_520, 1_002
ONE_OF = {"/briefs": BRIEF, "/money": INVOICE, "/money/ledger": INVOICE, "/clients": PERSON, "/jobs": "heartbeat"}
NARROWED = (
    "/briefs?state=delivered",
    "/briefs?order=oldest",
    "/briefs?q=Nordwind",
    "/money?state=paid",
    "/money/refunds?state=succeeded",
    "/money/ledger?kind=payment",
    "/money/reconciliation?state=gone",
    "/money/figures?period=day",
    f"/audit?q=brief:{BRIEF}",
    "/audit?q=session.began",
)
OF_CLIENT = ("/overview", "/briefs", "/money")
COOKIE = "echopilot"
FINISHED = (
    "SELECT max(o.brief_id) FROM partner_orders o JOIN briefs b ON b.id = o.brief_id "
    "WHERE o.tenant = :tenant AND o.partner_id = :partner AND b.state = 'delivered'"
)
BRIEF_TEXT = "Write a landing page text for Nordwind, a bicycle courier in Hamburg, about 200 words."


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. headers: by which whoever asks is known; body: of one that is posted."""

    name: str
    path: str
    headers: Mapping[str, str]
    body: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Guests:
    """Who asks, with all that is asked for by people. key: of a partner's program; brief: a finished one of theirs."""

    asked: Sequence[Asked]
    key: str
    brief: int


async def guests(services: Services) -> Guests:
    """People who are signed in, and a partner. Each page has a session of its own, by which a minute's are counted."""
    admin, client = [await services.people.joining.identify(of, "", "en") for of in (ADMIN, CLIENT)]
    asked = [Asked(path, path, await _session(services, admin, path)) for path in (*_pages(), *NARROWED)]
    asked += [Asked(f"{path} of a client", path, await _session(services, client, path)) for path in OF_CLIENT]
    return Guests(asked, *await _partner(services, admin))


def _pages() -> list[str]:
    """Every page that a played studio has something for."""
    found = []
    for path in PAGES:
        base, several, _rest = path.partition("/{")
        if not several:
            found.append(path)
        elif base in ONE_OF:
            found.append(f"{base}/{ONE_OF[base]}")
    return found


async def _session(services: Services, who: Person, path: str) -> Mapping[str, str]:
    sessions = services.sessions
    done = await sessions.by_link(await sessions.link(who), Caller(f"bench {who.id} {path}"))
    return {"Accept": "text/html", "Cookie": f"{COOKIE}={done.token}"}


async def _partner(services: Services, admin: Person) -> tuple[str, int]:
    """A new key of the first partner there is, and the newest brief that was ordered with one and is finished."""
    (number,) = await _row(services, "SELECT min(client_id) FROM partners WHERE tenant = :tenant")
    made = await services.partners.partners.make(admin, number)
    _partner, key = await services.partners.partners.new_key(admin, made.id)
    (brief,) = await _row(services, FINISHED, partner=made.id)
    return key, brief


async def _row(services: Services, query: str, **given: int) -> Sequence[int]:
    async with services.database.reading() as connection:
        (row,) = await connection.execute(text(query), {"tenant": TENANT, **given})
    return tuple(row)


async def calls(url: str, guest: Guests) -> list[Asked]:
    """Every call of the partner's program, by a token of its own."""
    exchange = Asked("POST /tokens", f"{BASE}/tokens", {}, {"key": guest.key})
    async with aiohttp.ClientSession(url) as session, session.post(exchange.path, json=exchange.body) as answer:
        answer.raise_for_status()
        token = (await answer.json())["access_token"]
    known = {"Authorization": f"Bearer {token}"}
    read = [f"/briefs/{guest.brief}", f"/briefs/{guest.brief}/result", "/stats", "/status"]
    return [
        *(Asked(f"GET {BASE}{path.replace(str(guest.brief), '{id}')}", f"{BASE}{path}", known) for path in read),
        exchange,
        Asked("POST /briefs", f"{BASE}/briefs", known, {"text": BRIEF_TEXT}),
    ]


async def opened(both: Sequence[tuple[str, Program, Sequence[Asked]]]) -> list[Two]:
    """Each request of both, by address, one after the other, in rounds; the first round only warms up."""
    (here, few, asked), (there, many, also) = both
    found = []
    async with aiohttp.ClientSession(here) as one, aiohttp.ClientSession(there) as other:
        for of_few, of_many in zip(asked, also, strict=True):
            two = Two(of_few.name)
            for round_ in range(ROUNDS + 1):
                sides = zip(((one, few, of_few), (other, many, of_many)), two.sides(), strict=True)
                for (session, program, request), kept in sides:
                    count = ORDERED if request.name == "POST /briefs" else OPENED if round_ else 2
                    waits, seconds = await counted(program, _asked(session, request, count))
                    if round_:
                        keep(kept, waits, seconds, count)
            found.append(two)
    return found


async def _asked(session: aiohttp.ClientSession, request: Asked, count: int) -> list[float]:
    """The seconds that each answer took; raises RuntimeError where one is no success."""
    waits = []
    for _ in range(count):
        headers = dict(request.headers) | ({} if request.body is None else {"Idempotency-Key": secrets.token_hex(8)})
        method = "GET" if request.body is None else "POST"
        began = time.perf_counter()
        async with session.request(method, request.path, json=request.body, headers=headers) as answer:
            said = await answer.text()
        waits.append(time.perf_counter() - began)
        if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
            raise RuntimeError(f"{request.name}: {answer.status} {said[:300]}")
    return waits
