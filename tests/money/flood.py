"""Many events of Stripe's, each delivered twice, shuffled, and among them deliveries that are none."""

import asyncio
import json
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import aiohttp
from sqlalchemy import func, select

from bot.billing.webhooks import SOURCE
from bot.invoices.events import OCCASIONS
from bot.parts import Part
from sandbox.stripe.server import StripeStandIn
from storage.tables.core import inbox
from tests.house import WEBHOOK_SECRET, Providers, house

CONNECTIONS = 50
OTHERS = ("charge.succeeded", "customer.created", "invoice.created", "moon.landed")  # kept, and not acted on
HOURS = 3_600


@dataclass(frozen=True)
class Delivery:
    """A body and what it is signed with, as one POST."""

    body: bytes
    signature: str
    sound: bool


@dataclass(frozen=True)
class Kept:
    """rows: events in the inbox. answered: how many deliveries were answered how, sound ones and others."""

    rows: int
    sound: dict[int, int]
    malformed: dict[int, int]


def _cut(event: bytes) -> tuple[bytes, str]:
    body = event[: len(event) // 2]
    return body, StripeStandIn.sign(body, WEBHOOK_SECRET)


def _flipped(event: bytes) -> tuple[bytes, str]:
    body = bytearray(event)
    body[len(body) // 3] ^= 1
    return bytes(body), StripeStandIn.sign(event, WEBHOOK_SECRET)


def _of_another(event: bytes) -> tuple[bytes, str]:
    return event, StripeStandIn.sign(event, "whsec_of_another")


def _old(event: bytes) -> tuple[bytes, str]:
    return event, StripeStandIn.sign(event, WEBHOOK_SECRET, int(time.time()) - HOURS)


def _from_the_future(event: bytes) -> tuple[bytes, str]:
    return event, StripeStandIn.sign(event, WEBHOOK_SECRET, int(time.time()) + HOURS)


def _unsigned(event: bytes) -> tuple[bytes, str]:
    return event, ""


def _no_event(_: bytes) -> tuple[bytes, str]:
    body = b'{"id": "evt_none", "type": "invoice.paid", "data": []}'
    return body, StripeStandIn.sign(body, WEBHOOK_SECRET)


SPOILED: Sequence[Callable[[bytes], tuple[bytes, str]]] = (
    *(_cut, _flipped, _of_another, _old, _from_the_future, _unsigned, _no_event),
)


def deliveries(stripe: StripeStandIn, count: int, malformed: float, seed: int) -> list[Delivery]:
    """So many events, each twice, and beside them malformed ones, this share of all, in any order."""
    chance, kinds = random.Random(seed), [*OCCASIONS, *OTHERS]
    bodies = [_body(stripe, kinds[number % len(kinds)], number) for number in range(count)]
    sound = [Delivery(body, StripeStandIn.sign(body, WEBHOOK_SECRET), sound=True) for body in bodies * 2]
    wrong = round(len(sound) * malformed / (1 - malformed))
    spoiled = [SPOILED[number % len(SPOILED)](chance.choice(bodies)) for number in range(wrong)]
    made = sound + [Delivery(body, signature, sound=False) for body, signature in spoiled]
    chance.shuffle(made)
    return made


def _body(stripe: StripeStandIn, kind: str, number: int) -> bytes:
    event = stripe.event(kind, {"id": f"thing_{number}", "object": kind.partition(".")[0], "metadata": {}})
    return json.dumps(event, indent=2).encode()


async def flood(stand_ins: Providers, database_url: str, count: int, malformed: float, seed: int) -> Kept:
    """Post them to the running web part, and count what was answered and kept."""
    answered: dict[bool, dict[int, int]] = {True: {}, False: {}}
    waiting = deliveries(stand_ins.stripe, count, malformed, seed)
    async with house(stand_ins, database_url, frozenset({Part.WEB})) as home, aiohttp.ClientSession() as session:
        assert home.running.server is not None
        url = f"{home.running.server.url}/webhooks/stripe"

        async def post() -> None:
            while waiting:
                one = waiting.pop()
                headers = {"Stripe-Signature": one.signature}
                async with session.post(url, data=one.body, headers=headers) as answer:
                    found = answered[one.sound]
                    found[answer.status] = found.get(answer.status, 0) + 1

        await asyncio.gather(*(post() for _ in range(CONNECTIONS)))
        async with home.running.app.services.database.reading() as connection:
            query = select(func.count()).select_from(inbox).where(inbox.c.source == SOURCE)
            rows = (await connection.execute(query)).scalar_one()
    return Kept(rows, answered[True], answered[False])
