"""Two refunds of one payment at the same time, from different processes, again and again until nothing is left."""

import asyncio
import os
import random
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from bot.refunds.model import RefundState, spent
from storage.billing import invoices
from tests.desk import Desk, desk
from tests.house import Providers
from tests.refunds import of_invoice, paid

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = 4
PAYMENT = 12_000  # minor units
RACES_A_PAYMENT = 13  # each takes a little more than half of what is left
AT_ONCE = 12  # payments
FIRST_CHAT = 70_000
WIDE = {
    "refund_solo_limit": "USD 120",
    "limit_person_day_usd": 10**9,
    "limit_person_day_count": 100_000,
    "limit_day_usd": 10**9,
    "limit_day_count": 100_000,
}


@dataclass
class Tally:
    """What came of the races. over: payments of which more was taken, or sent, than came in. unserved: what
    requests met that were neither taken nor refused with words, and refunds that were taken and not sent.
    """

    races: int = 0
    taken: int = 0
    sent: int = 0
    over: int = 0
    unserved: list[str] = field(default_factory=list)


class Racer:
    """Orders to a process of `tests.money.racer`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._count = 0
        self._listener = asyncio.create_task(self._listen())

    async def begin(self, settings: dict[str, Any]) -> None:
        """Wait until it is ready."""
        await self._send(settings, 0)

    async def does(self, do: str, **details: Any) -> dict[str, Any]:
        """Have it done, and wait for what came of it."""
        self._count += 1
        number = self._count
        return await self._send({"do": do, "number": number, **details}, number)

    async def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()
        self._listener.cancel()
        await asyncio.gather(self._listener, return_exceptions=True)

    async def _send(self, order: dict[str, Any], number: int) -> dict[str, Any]:
        assert self._process.stdin is not None
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        self._process.stdin.write(orjson.dumps(order) + b"\n")
        either: list[asyncio.Future[Any]] = [answer, self._listener]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise RuntimeError("a process of the race ended; what it said stands above")
        return answer.result()

    async def _listen(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            answer = orjson.loads(line)
            self._waiting.pop(answer["number"]).set_result(answer)


@asynccontextmanager
async def racers(settings: dict[str, Any]) -> AsyncIterator[list[Racer]]:
    """So many processes on the same database, ready."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "ALLOW_DIRTY": "true"}
    pipe = asyncio.subprocess.PIPE
    async with AsyncExitStack() as stack:
        made = []
        for _ in range(PROCESSES):
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.money.racer"), cwd=ROOT, env=environment, stdin=pipe, stdout=pipe
            )
            made.append(Racer(process))
            stack.push_async_callback(made[-1].end)
        await asyncio.gather(*(one.begin(settings) for one in made))
        yield made


async def race(stand_ins: Providers, database_url: str, count: int, unsafe: int) -> tuple[Tally, Tally]:
    """So many races at least, on as many payments as they take; what is taken is approved, and sent by two at once.
    Then so many with the check moved out of the transaction, each on a payment of its own.
    """
    payments = -(-count // RACES_A_PAYMENT)
    async with desk(stand_ins, database_url) as here:
        known = [(await paid(here, stand_ins, chat_id=FIRST_CHAT + n)).id for n in range(payments + unsafe)]
    sound, unsound, room = Tally(), Tally(), asyncio.Semaphore(AT_ONCE)
    async with racers(stand_ins.environment(database_url) | WIDE) as made:
        running = (_until_nothing_is_left(sound, made, invoice, room) for invoice in known[:payments])
        await asyncio.gather(*running)
        running = (_one_unsafe_race(unsound, made, invoice, room) for invoice in known[payments:])
        await asyncio.gather(*running)
    async with desk(stand_ins, database_url) as here:
        for tally, theirs in ((sound, known[:payments]), (unsound, known[payments:])):
            tally.over += sum([await _over(here, stand_ins, invoice) for invoice in theirs])
    return sound, unsound


async def _one_unsafe_race(tally: Tally, made: Sequence[Racer], invoice: int, room: asyncio.Semaphore) -> None:
    async with room:
        await _two_at_once(tally, random.sample(made, 2), "ask_unsafely", invoice, PAYMENT)


async def _two_at_once(tally: Tally, two: Sequence[Racer], ask: str, invoice: int, left: int) -> list[int]:
    """The refunds that are taken of two which do not fit both."""
    asked = [
        one.does(ask, invoice=invoice, minor=left // 2 + 1, key=f"race:{invoice}:{left}:{number}")
        for number, one in enumerate(two)
    ]
    answers = await asyncio.gather(*asked)
    taken = [one["done"] for one in answers if "done" in one]
    tally.races += 1
    tally.taken += len(taken)
    tally.unserved += [one["failed"] for one in answers if "failed" in one]
    return taken


async def _until_nothing_is_left(tally: Tally, made: Sequence[Racer], invoice: int, room: asyncio.Semaphore) -> None:
    left = PAYMENT
    async with room:
        while left > 0:
            first, second, *others = random.sample(made, PROCESSES)
            taken = await _two_at_once(tally, (first, second), "ask", invoice, left)
            if not taken:
                return
            for refund in taken:
                await _sent(tally, others, refund)
            left -= (left // 2 + 1) * len(taken)


async def _sent(tally: Tally, others: Sequence[Racer], refund: int) -> None:
    approved = await others[0].does("approve", refund=refund)
    sent = await asyncio.gather(*(one.does("send", refund=refund) for one in others))
    states = {one["done"] for one in sent if "done" in one}
    if RefundState.SUCCEEDED.value in states:
        tally.sent += 1
    else:
        tally.unserved.append(f"refund {refund}: {approved}, {sent}")


async def _over(here: Desk, stand_ins: Providers, invoice_id: int) -> bool:
    """Whether more of its payment was taken, or went back at Stripe, than came in."""
    async with here.app.services.database.reading() as connection:
        invoice = await invoices.load_invoice(connection, invoice_id)
    assert invoice is not None
    refunds = await of_invoice(here, invoice)
    back = [one for one in stand_ins.stripe.refunds.values() if one["payment_intent"] == refunds[0].intent]
    at_stripe: int = sum(one["amount"] for one in back)
    return max(spent(refunds, refunds[0].intent), at_stripe) > PAYMENT
