"""The process of `benchmarks.stage`: the stand-ins and the people, taking one JSON order a line on its input."""

import asyncio
import gc
import re
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler

from benchmarks.stage_refunds import PATIENCE_SECONDS, RefundActs
from sandbox.openai.server import Call
from sandbox.server import Sandbox
from sandbox.stripe.server import StripeStandIn
from sandbox.telegram.people import Person
from tests.house import BRIEF, Providers

FIRST_PERSON = 200_001
REST_SECONDS = 0.5  # after which nothing is left to do of the brief before
INVOICE_CARD = re.compile("^Invoice .* · To pay")  # the progress message says "To pay" too


class CountedStripe(StripeStandIn):
    """The Stripe stand-in, with its requests counted by kind, such as "GET refunds/{id}"."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: Counter[str] = Counter()

    def application(self) -> web.Application:
        @web.middleware
        async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
            thing, named, _rest = request.path.partition("/v1/")[2].partition("/")
            self.requests[f"{request.method} {thing}{'/{id}' if named else ''}"] += 1
            return await handler(request)

        app = super().application()
        app.middlewares.append(count)
        return app


ANSWERS = {"sendMessage", "sendPhoto", "sendDocument"}


class Acts(RefundActs):
    """What the stage can be ordered to do. Times are seconds of this process's `perf_counter`."""

    def __init__(self, providers: Providers, stripe: CountedStripe) -> None:
        super().__init__(providers)
        self._stripe = stripe
        self._shown: dict[str, asyncio.Future[float]] = {}
        self._asked: list[float] = []
        providers.telegram.on_call.append(self._telegram_called)
        providers.openai.on_call.append(self._model_called)

    def _telegram_called(self, method: str, parameters: Mapping[str, object]) -> None:
        if method in ANSWERS:
            waiting = self._shown.pop(str(parameters["chat_id"]), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(time.perf_counter())

    def _model_called(self, call: Call) -> None:
        self._asked.append(call.at)

    async def environment(self, database_url: str) -> dict[str, Any]:
        """The settings, by name, that point EchoPilot at this stage."""
        return self._providers.environment(database_url)

    async def people(self, count: int) -> list[int]:
        """See to it that there are so many people; returns their Telegram ids."""
        for number in range(len(self._people), count):
            person = self._providers.telegram.person(f"Client {number + 1}", id=FIRST_PERSON + number)
            self._people.append(person)
        return [person.id for person in self._people[:count]]

    async def greet(self) -> None:
        """Everybody writes once, so that a bot may write to them."""
        for person in self._people:
            await person.says("/start")

    async def model_takes(self, seconds: float) -> None:
        self._providers.openai.latency = seconds

    async def calls(self) -> dict[str, Any]:
        """How many calls came since the start: Telegram's by method, the model's by model, Stripe's by kind."""
        models: Counter[str] = Counter()
        for (_, model), count in self._providers.openai.calls.items():
            models[model] += count
        return {
            "telegram": dict(self._providers.telegram.calls),
            "models": dict(models),
            "stripe": dict(self._stripe.requests),
            "invoices": len(self._stripe.invoices),
        }

    async def first_answer(self, text: str) -> float:
        """One person writes; returns when (`time.time`) the bot's answer came."""
        await self._answered(self._people[0], text)
        return time.time()

    async def commands(self, text: str, count: int, per_second: float, of: int | None = None) -> list[float]:
        """People write `text` in turn at a steady rate; returns how long each waited for the answer's call.

        of: one of them writes all, each when the one before was answered.
        """
        if of is not None:
            return [await self._paced(self._people[of], text, 1 / per_second) for _ in range(count)]
        began, waits = time.perf_counter(), []
        for number in range(count):
            await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
            person = self._people[number % len(self._people)]
            waits.append(asyncio.create_task(self._answered(person, text)))
        return await asyncio.gather(*waits)

    async def _paced(self, person: Person, text: str, pause: float) -> float:
        await asyncio.sleep(pause)
        return await self._answered(person, text)

    async def _answered(self, person: Person, text: str) -> float:
        shown = self._shown[str(person.id)] = asyncio.get_running_loop().create_future()
        began = time.perf_counter()
        await person.says(text)
        async with asyncio.timeout(PATIENCE_SECONDS):
            seen: float = await shown
        return seen - began

    async def starts(self, count: int) -> list[float]:
        """One client's briefs, one after the other; returns the time from each yes to its first model call."""
        waits, person = [], self._people[0]
        for _ in range(count):
            quote = await self._quoted(person)
            calls, mark = len(self._asked), person.mark()
            began = time.perf_counter()
            await person.taps("Yes, start", quote)
            await person.sees("To pay", after=mark, timeout=PATIENCE_SECONDS)
            waits.append(self._asked[calls] - began)
            await asyncio.sleep(0.05)
        return waits

    async def briefs(self, clients: int, each: int) -> float:
        """So many clients at once, each with so many briefs in a row, from text to invoice; returns the seconds."""
        began = time.perf_counter()
        await asyncio.gather(*(self._in_a_row(person, each) for person in self._people[:clients]))
        return time.perf_counter() - began

    async def _in_a_row(self, person: Person, each: int) -> None:
        for _ in range(each):
            quote, mark = await self._quoted(person), person.mark()
            await person.taps("Yes, start", quote, timeout=PATIENCE_SECONDS)
            await person.sees("To pay", after=mark, timeout=PATIENCE_SECONDS)

    async def alone(self, count: int, of: int = 0) -> list[tuple[float, float]]:
        """One person's briefs, one after the other with nothing else to do; returns how long each took from its text to
        the quote, and from the yes to the invoice's card in the chat.
        """
        waits, person = [], self._people[of]
        for _ in range(count):
            began = time.perf_counter()
            quote = await self._quoted(person)
            quoted, mark = time.perf_counter(), person.mark()
            tapping = asyncio.create_task(person.taps("Yes, start", quote, timeout=PATIENCE_SECONDS))
            await person.sees(INVOICE_CARD, after=mark, timeout=PATIENCE_SECONDS)
            waits.append((quoted - began, time.perf_counter() - quoted))
            await tapping
            await asyncio.sleep(REST_SECONDS)
        return waits

    async def at_once(self, clients: int) -> float:
        """So many clients with a quote each say yes together; returns the seconds to the last invoice."""
        people = self._people[:clients]
        quotes = await asyncio.gather(*(self._quoted(person) for person in people))
        marks = [person.mark() for person in people]
        began = time.perf_counter()
        pairs = zip(people, quotes, strict=True)
        taps = [person.taps("Yes, start", quote, timeout=PATIENCE_SECONDS) for person, quote in pairs]
        await asyncio.gather(
            *taps,
            *(
                person.sees("To pay", after=mark, timeout=2 * PATIENCE_SECONDS)
                for person, mark in zip(people, marks, strict=True)
            ),
        )
        return time.perf_counter() - began

    async def _quoted(self, person: Person) -> Any:
        mark = person.mark()
        await person.says(f"{BRIEF} Reference {mark}.")
        return await person.sees("Nothing is spent until you say yes", after=mark, timeout=PATIENCE_SECONDS)


async def main() -> None:
    """Serve the stand-ins until the input ends.

    Without the collector: one look through all that the stand-ins keep takes up to 0.3 s, for which every message on
    its way then waits, and which would be told as the program's.
    """
    gc.disable()
    stripe = CountedStripe()
    providers = Providers(stripe=stripe)
    acts = Acts(providers, stripe)
    sandbox = Sandbox(providers.telegram, stripe, providers.openai, providers.notion)
    async with sandbox, providers.mail:
        providers.url = sandbox.url
        reader = asyncio.StreamReader(limit=1_000_000)
        protocol = asyncio.StreamReaderProtocol(reader)
        await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
        while line := await reader.readline():
            order = orjson.loads(line)
            act: Callable[..., Awaitable[Any]] = getattr(acts, order.pop("act"))
            try:
                answer: dict[str, Any] = {"result": await act(**order)}
            except (AssertionError, TimeoutError) as error:
                answer = {"error": f"{type(error).__name__}: {error}"}
            sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    asyncio.run(main())
