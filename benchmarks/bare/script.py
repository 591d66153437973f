"""The baseline of `whole-brief`: the same calls to the same providers and as many commits, and nothing else.

No inbox, no outbox, no states, no retries: what a script would do that trusts everything. It reads its order, one
JSON object, from its input, and prints the seconds and processor seconds that it took, and the seconds of each brief.
"""

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

os.environ.setdefault("PTB_TIMEDELTA", "true")

import orjson
import pysqlite3.dbapi2 as sqlite3
import stripe
from openai import AsyncOpenAI
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile
from telegram.error import BadRequest
from telegram.request import HTTPXRequest

from bot.quality import judge

MARKUP = InlineKeyboardMarkup([[InlineKeyboardButton("Yes, start", callback_data="x" * 34)]])
DRAFTER, JUDGE = "gpt-6-luna", "gpt-6.1-terra"  # as on the stage
DRAFTING = "You write drafts for a studio. Task type: Drafting."


class Script:
    """One process, one connection to each provider's SDK, one SQLite file."""

    def __init__(self, order: dict[str, Any]) -> None:
        settings = order["settings"]
        self._per_brief: dict[str, float] = order["per_brief"]
        self._text: str = order["text"]
        self._draft_text = ""
        self._chats: list[int] = order["chats"]
        api = settings["telegram_api_url"]
        request = HTTPXRequest(connection_pool_size=64, read_timeout=20, connect_timeout=10, pool_timeout=30)
        self._bot = Bot(settings["telegram_bot_token"], base_url=f"{api}/bot", request=request)
        self._models = AsyncOpenAI(
            api_key=settings["openai_api_key"], base_url=settings["openai_base_url"], max_retries=0
        )
        self._stripe = stripe.StripeClient(
            settings["stripe_secret_key"],
            base_addresses={"api": settings["stripe_api_url"]},
            http_client=stripe.HTTPXClient(timeout=15),
        )
        self._customers: dict[int, str] = {}
        self._messages: dict[int, int] = {}
        self._thread = ThreadPoolExecutor(1)
        self._file = sqlite3.connect(order["file"], isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            self._file.execute(f"PRAGMA {pragma}")
        self._file.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, payload TEXT NOT NULL) STRICT")

    async def run(self, clients: int, each: int) -> tuple[float, float, list[float]]:
        """The seconds and the processor seconds that the briefs took, without warming up; and the seconds of each."""
        async with self._bot:
            await self._brief(self._chats[0], "warm", 0)
            for chat in self._chats[:clients]:
                self._customers[chat] = await self._customer(chat)
            began, cpu = time.perf_counter(), time.process_time()
            took = await asyncio.gather(*(self._client(n, each) for n in range(clients)))
            return time.perf_counter() - began, time.process_time() - cpu, [seconds for one in took for seconds in one]

    async def _client(self, number: int, each: int) -> list[float]:
        took = []
        for one in range(each):
            began = time.perf_counter()
            await self._brief(self._chats[number], f"{number}:{one}", number * each + one)
            took.append(time.perf_counter() - began)
        return took

    async def _brief(self, chat: int, name: str, number: int) -> None:
        """Every kind of call as often as EchoPilot makes it per brief, the commits evenly between them."""
        steps: list[Callable[[], Awaitable[Any]]] = []
        for kind, call in self._calls(chat, name).items():
            rate = self._per_brief.get(kind, 0.0)
            steps += [call] * (int((number + 1) * rate) - int(number * rate))
        rate = self._per_brief["commits"]
        commits = int((number + 1) * rate) - int(number * rate)
        for index, step in enumerate(steps):
            await step()
            for _ in range((index + 1) * commits // len(steps) - index * commits // len(steps)):
                await self._commit(name)

    def _calls(self, chat: int, name: str) -> dict[str, Callable[[], Awaitable[Any]]]:
        bot = self._bot
        file = b"Nordwind brings your parcel by bicycle within 48 hours. " * 20
        return {
            "getUpdates": lambda: bot.get_updates(timeout=0),
            "sendMessage": lambda: self._send(chat),
            "answerCallbackQuery": lambda: self._answer("1"),
            "editMessageText": lambda: self._edit(chat, name),
            DRAFTER: lambda: self._draft(),
            JUDGE: lambda: self._judge(),
            "sendDocument": lambda: bot.send_document(chat, InputFile(file, filename="brief.md")),
            "invoices": lambda: self._invoice(chat, name),
        }

    async def _send(self, chat: int) -> None:
        message = await self._bot.send_message(chat, f"<b>{self._text}</b>", parse_mode="HTML", reply_markup=MARKUP)
        self._messages[chat] = message.message_id

    async def _answer(self, query: str) -> None:
        with contextlib.suppress(BadRequest):  # nobody tapped: the call is made, and refused
            await self._bot.answer_callback_query(query)

    async def _edit(self, chat: int, name: str) -> None:
        with contextlib.suppress(BadRequest):  # the same text again is refused, at the same cost
            text = f"<b>{self._text}</b> {name}"
            await self._bot.edit_message_text(text, chat_id=chat, message_id=self._messages[chat], parse_mode="HTML")

    async def _draft(self) -> None:
        messages: Any = [{"role": "system", "content": DRAFTING}, {"role": "user", "content": self._text}]
        answer = await self._models.chat.completions.create(model=DRAFTER, messages=messages, reasoning_effort="none")
        self._draft_text = answer.choices[0].message.content or ""

    async def _judge(self) -> None:
        prompt = judge.prompt(self._text, "", self._draft_text, 1)
        messages: Any = [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}]
        schema: Any = {"name": "judge", "schema": prompt.schema, "strict": True}
        answer = await self._models.chat.completions.create(
            model=JUDGE,
            messages=messages,
            reasoning_effort="none",
            response_format={"type": "json_schema", "json_schema": schema},
        )
        orjson.loads(answer.choices[0].message.content or "")

    async def _customer(self, chat: int) -> str:
        return (await self._stripe.v1.customers.create_async({"name": str(chat), "email": f"{chat}@example.com"})).id

    async def _invoice(self, chat: int, name: str) -> None:
        made = await self._stripe.v1.invoices.create_async(
            {
                "customer": self._customers.get(chat) or await self._customer(chat),
                "collection_method": "send_invoice",
                "days_until_due": 14,
                "auto_advance": False,
                "currency": "usd",
            },
            {"idempotency_key": f"{name}:create"},
        )
        await self._stripe.v1.invoice_items.create_async(
            {"customer": str(made.customer), "invoice": made.id, "amount": 12_000, "currency": "usd"},
            {"idempotency_key": f"{name}:item"},
        )
        await self._stripe.v1.invoices.finalize_invoice_async(made.id, {}, {"idempotency_key": f"{name}:final"})

    async def _commit(self, name: str) -> None:
        def insert() -> None:
            self._file.execute("INSERT INTO kept (payload) VALUES (?)", (f"{name} {self._text}",))

        await asyncio.get_running_loop().run_in_executor(self._thread, insert)


async def main() -> None:
    """Carry the one order out."""
    order = orjson.loads(sys.stdin.readline())
    took = await Script(order).run(order["clients"], order["each"])
    print(orjson.dumps(took).decode(), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
