"""How updates reach the real SDK: by long polling and by webhook."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from telegram import Update
from telegram.error import BadRequest, Conflict
from telegram.ext import Application, ApplicationBuilder, ContextTypes, MessageHandler, filters

from sandbox.telegram.server import TelegramStandIn
from tests.contract.telegram_desk import Desk, open_desk, sdk_bot


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_desk(TelegramStandIn(webhook_retry=(0.01, 0.05))) as opened:
        yield opened


class Receiver:
    """A bot's webhook: answers with the next of `statuses` (then 200) and keeps what came; `before` may hold it up."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.secrets: list[str | None] = []
        self.arrived: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.before: Callable[[dict[str, Any]], Awaitable[None]] | None = None

    async def take(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        update = await request.json()
        if self.before is not None:
            await self.before(update)
        await self.arrived.put(update)
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    async def text(self) -> str:
        async with asyncio.timeout(20):
            return str((await self.arrived.get())["message"]["text"])


@asynccontextmanager
async def served(receiver: Receiver) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    finally:
        await runner.cleanup()


async def test_a_poll_waits_for_the_first_update(desk: Desk) -> None:
    """A poll with a time-out is open until something happens, and then answers at once."""
    polling = asyncio.create_task(desk.updates(timeout=30))
    await desk.bot.get_me()
    assert not polling.done()
    await desk.alice.says("hello")
    async with asyncio.timeout(5):
        (update,) = await polling
    assert update.message is not None
    assert update.message.text == "hello"


async def test_an_idle_poll_ends_after_its_time_out(desk: Desk) -> None:
    """With nothing to tell, a poll answers empty after its time-out, and a short poll at once."""
    begun = time.monotonic()
    assert await desk.updates(timeout=1) == []
    waited = time.monotonic() - begun
    assert waited > 0.9
    begun = time.monotonic()
    assert await desk.updates(timeout=0) == []
    assert time.monotonic() - begun < waited


async def test_updates_stay_until_an_offset_confirms_them(desk: Desk) -> None:
    """The same updates come again until a higher offset is asked for; `limit` takes the oldest."""
    for text in "abc":
        await desk.alice.says(text)
    first = await desk.bot.get_updates(limit=2)
    again = await desk.bot.get_updates()
    assert [update.message and update.message.text for update in again] == ["a", "b", "c"]
    assert list(first) == list(again[:2])
    rest = await desk.bot.get_updates(offset=first[-1].update_id + 1)
    assert [update.message and update.message.text for update in rest] == ["c"]
    assert [update.update_id for update in await desk.bot.get_updates(offset=-1)] == [rest[-1].update_id]


async def test_only_asked_for_kinds_are_delivered(desk: Desk) -> None:
    """Reactions come only when `allowed_updates` names them; what it leaves out is dropped, and it is remembered."""
    await desk.alice.reacts(desk.alice.messages()[0], "👍")
    assert await desk.updates(timeout=0, allowed=["message_reaction"]) == []
    await desk.alice.says("unheard")
    await desk.alice.reacts(desk.alice.messages()[0], "👍")
    (update,) = await desk.updates()
    assert update.message_reaction is not None
    assert update.message_reaction.new_reaction[0].to_dict()["emoji"] == "👍"


async def test_a_second_poller_ends_the_first_with_409(desk: Desk) -> None:
    """Two pollers conflict: the older one is told so, the newer one goes on."""
    first = asyncio.create_task(desk.bot.get_updates(offset=desk.offset, timeout=30))
    await desk.bot.get_me()
    async with sdk_bot(desk.stand_in, desk.url) as other:
        second = asyncio.create_task(other.get_updates(offset=desk.offset, timeout=30))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        await desk.alice.says("hello")
        async with asyncio.timeout(5):
            assert len(await second) == 1


async def test_polling_and_a_webhook_exclude_each_other(desk: Desk) -> None:
    """While a webhook is set, polling is refused with 409; deleting it lets the waiting updates through."""
    await desk.bot.set_webhook("https://example.org/hook")
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await desk.bot.get_updates()
    await desk.alice.says("hello")
    await desk.bot.delete_webhook()
    assert len(await desk.updates()) == 1


async def test_the_webhook_gets_every_update_once_and_in_order(desk: Desk) -> None:
    """Updates are pushed one by one with the secret, those that waited first, and are gone afterwards."""
    receiver = Receiver()
    async with served(receiver) as url:
        await desk.alice.says("0")
        await desk.bot.set_webhook(url, secret_token="s3cret")
        for number in range(1, 5):
            await desk.alice.says(str(number))
        assert [await receiver.text() for _ in range(5)] == ["0", "1", "2", "3", "4"]
        assert set(receiver.secrets) == {"s3cret"}
        await desk.bot.delete_webhook()


async def test_a_refused_update_is_pushed_again_before_the_next(desk: Desk) -> None:
    """After a non-2xx answer the same update comes again, the next one waits, and getWebhookInfo says why."""
    receiver = Receiver(500, 503)
    async with served(receiver) as url:
        await desk.bot.set_webhook(url)
        await desk.alice.says("a")
        await desk.alice.says("b")
        assert [await receiver.text() for _ in range(4)] == ["a", "a", "a", "b"]
        info = await desk.bot.get_webhook_info()
        assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"
        assert (info.url, receiver.secrets) == (url, [None] * 4)
        await desk.bot.delete_webhook()
        assert (await desk.bot.get_webhook_info()).url == ""


async def test_impossible_webhooks_are_refused(desk: Desk) -> None:
    """Plain HTTP works towards loopback only, and a secret has a limited alphabet."""
    with pytest.raises(BadRequest, match="an https url must be provided"):
        await desk.bot.set_webhook("http://example.org/hook")
    with pytest.raises(BadRequest, match=r"(?i)secret token contains unallowed characters"):
        await desk.bot.set_webhook("https://example.org/hook", secret_token="no spaces")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://example.org:8080/hook", "only on ports 80, 88, 443 or 8443"),
        ("https://10.0.0.5/hook", "is reserved"),
        ("https://[2001:4860:4860::8888]/hook", "ipv6-only"),
        ("https://studio/hook", "failed to resolve host"),
    ],
)
async def test_webhooks_that_telegram_cannot_call(desk: Desk, url: str, reason: str) -> None:
    """Four ports, no reserved address, no address of IPv6 alone, no name that only we know."""
    with pytest.raises(BadRequest, match=f"(?i){reason}"):
        await desk.bot.set_webhook(url)


@pytest.mark.parametrize("port", ["", ":443", ":80", ":88", ":8443"])
async def test_webhook_ports(desk: Desk, port: str) -> None:
    """The four ports are taken, and none is 443."""
    await desk.bot.set_webhook(f"https://example.org{port}/hook")


async def _echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.effective_message is not None
    await update.effective_message.reply_text(f"You said {update.effective_message.text}")


def _application(desk: Desk, *, polling: bool) -> "Application[Any, Any, Any, Any, Any, Any]":
    builder = ApplicationBuilder().token(desk.stand_in.token).base_url(f"{desk.url}/telegram/bot")
    application = (builder if polling else builder.updater(None)).build()
    application.add_handler(MessageHandler(filters.TEXT, _echo))
    return application


async def test_a_whole_application_runs_by_polling(desk: Desk) -> None:
    """The SDK's Application with its Updater talks to a person."""
    application = _application(desk, polling=True)
    async with application:
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(timeout=10)
        await desk.alice.says("hello")
        await desk.alice.sees("You said hello")
        await application.updater.stop()
        await application.stop()


async def test_a_whole_application_runs_by_webhook(desk: Desk) -> None:
    """The SDK's Application without an Updater talks to a person, fed by the webhook."""
    application, receiver = _application(desk, polling=False), Receiver()
    async with served(receiver) as url, application:
        await application.start()
        await desk.bot.set_webhook(url)
        await desk.alice.says("hello")
        async with asyncio.timeout(20):
            update = Update.de_json(await receiver.arrived.get(), application.bot)
        await application.update_queue.put(update)
        await desk.alice.sees("You said hello")
        await application.stop()
