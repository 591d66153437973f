"""Faults planted into the program under trial, to see that the harness finds them; each undoes a rule of the design."""

import asyncio
import uuid
from collections.abc import Sequence
from typing import Any

from aiohttp import web
from sqlalchemy import delete

import bot.adapters.stripe.requests as stripe_requests
import bot.drafting.pipeline as production
import handlers.routing.polling as updates
import web.webhooks.stripe as stripe_webhook
from bot.adapters.notion.mirror import NotionMirror
from bot.adapters.stripe.invoices import StripeInvoices
from bot.adapters.telegram.chat import Telegram
from bot.billing.service import Billing
from bot.billing.webhooks import Webhooks
from bot.briefs.model import Brief
from bot.invoices.model import InvoiceState
from bot.kernel.card import Card
from bot.kernel.errors import ProviderError
from bot.ledger import books
from bot.ledger.model import Posting
from bot.mirror.model import Place
from handlers.inbox import InboxWorker
from jobs.outbox.sender import Sender
from storage.billing import invoices as billing_rows
from storage.briefs import briefs
from storage.core import inbox
from storage.core.outbox import Delivery, OutboxRow
from storage.engine.database import Transaction
from storage.ledger import postings
from storage.queue.sqlite import WorkerPool
from storage.tables.billing import invoice_lines, invoices
from storage.tables.core import tasks
from tests.chaos.planted import Planted
from tests.chaos.refund_faults import REFUND_FAULTS

SLOWLY = 0.3


def random_keys() -> None:
    adapter: Any = stripe_requests
    adapter.once = lambda *_: {"idempotency_key": uuid.uuid4().hex}


def keys_in_memory() -> None:
    this_life = uuid.uuid4().hex
    adapter: Any = stripe_requests
    adapter.once = lambda *row: {"idempotency_key": f"{row}:{this_life}"}
    nothing_found(StripeInvoices)


def nothing_found(payments: Any) -> None:
    async def standing(self: StripeInvoices, order: Any) -> None:
        return None

    payments.standing = standing


def sent_before_sending() -> None:
    original = Sender._tell

    async def tell(self: Sender, item: OutboxRow) -> float | None:
        if item.slot is None:
            await self._settled.add(Delivery(item))
        return await original(self, item)

    sender: Any = Sender
    sender._tell = tell


def acknowledged_before_kept() -> None:
    under_way: set[asyncio.Task[None]] = set()

    async def later(database: Any, news: list[dict[str, Any]]) -> None:
        await asyncio.sleep(SLOWLY)
        await updates.keep(database, news)

    async def poll(database: Any, source: Any, *_: Any) -> None:
        offset = 0
        while True:
            try:
                news = await source.get_updates(offset)
            except ProviderError:
                continue
            if news:
                offset = news[-1]["update_id"] + 1
                task = asyncio.create_task(later(database, news))
                under_way.add(task)
                task.add_done_callback(under_way.discard)

    from bot import parts

    wired: Any = parts
    wired.poll = poll


def handled_before_handling() -> None:
    original = InboxWorker._handle

    async def handle(self: InboxWorker, arrived: Any) -> None:
        await self._services.database.write(lambda tx: inbox.mark_processed(tx, [arrived.row.id]))
        await original(self, arrived)

    worker: Any = InboxWorker
    worker._handle = handle


def answered_before_kept() -> None:
    under_way: set[asyncio.Task[web.Response]] = set()
    original = stripe_webhook.receive

    async def later(request: web.Request) -> web.Response:
        await asyncio.sleep(SLOWLY)
        return await original(request)

    async def receive(request: web.Request) -> web.Response:
        await request.read()
        task = asyncio.create_task(later(request))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        return web.Response(text="kept\n")

    route: Any = stripe_webhook
    route.receive = receive


def task_gone_when_begun() -> None:
    original = WorkerPool._carry

    async def carry(self: WorkerPool, handler: Any, row: Any) -> None:
        await self._database.write(lambda tx: tx.run(delete(tasks).where(tasks.c.id == row.id)))
        await original(self, handler, row)

    hands: Any = WorkerPool
    hands._carry = carry


def delivered_outside() -> None:
    bots: list[tuple[Telegram, asyncio.AbstractEventLoop]] = []
    enter = Telegram.__aenter__

    async def entered(self: Telegram) -> Telegram:
        bots.append((self, asyncio.get_running_loop()))
        return await enter(self)

    async def later(bot: Telegram, chat_id: int, card: Card) -> None:
        await asyncio.sleep(SLOWLY)
        await bot.send(chat_id, card)

    async def tell(tx: Transaction, brief: Brief, card: Card, *, key: str) -> None:
        bot, loop = bots[-1]
        asyncio.run_coroutine_threadsafe(later(bot, brief.chat_id, card), loop)  # SQLite's transactions run in a thread

    opened: Any = Telegram
    opened.__aenter__ = entered
    delivering: Any = production
    delivering.tell_client = tell


def invoice_made_anew() -> None:
    original = Billing.open_invoice

    async def open_invoice(self: Billing, brief_id: int) -> None:
        await self._database.write(lambda tx: anew(tx, brief_id))
        await original(self, brief_id)

    async def anew(tx: Transaction, brief_id: int) -> None:
        unsettled = (InvoiceState.NEW, InvoiceState.UNKNOWN)
        brief = await briefs.load(tx.connection, brief_id)
        row = await billing_rows.invoice_of(tx.connection, brief.tenant, brief_id)
        if row is not None and row.state in unsettled:
            await tx.run(delete(invoice_lines).where(invoice_lines.c.invoice_id == row.id))
            await tx.run(delete(invoices).where(invoices.c.id == row.id))
            await billing_rows.invoice_for(tx, brief)

    billing: Any = Billing
    billing.open_invoice = open_invoice


def posted_without_key() -> None:
    original = postings.post

    async def post(tx: Transaction, tenant: str, posting: Posting) -> int | None:
        keyless = Posting(f"{posting.key}:{uuid.uuid4().hex}", posting.kind, posting.reference, posting.lines)
        return await original(tx, tenant, keyless)

    async def settle(self: Webhooks, arrival_id: int) -> None:
        async with self._database.reading() as connection:
            arrival = await inbox.get(connection, arrival_id)
        if arrival is not None and arrival.payload["type"] == "invoice.paid":
            remote = await self._payments.read_invoice(arrival.payload["object"]["id"])
            await self._database.write(lambda tx: early(tx, remote))
        await apply(self, arrival_id)

    async def early(tx: Transaction, remote: Any) -> None:
        invoice = await billing_rows.invoice_known_as(tx.connection, remote.id)
        assert invoice is not None
        about = books.of_invoice(invoice.id)
        posted = await postings.posted(tx.connection, invoice.tenant, about)
        wanted = books.entries(remote)
        posting = books.brought_up_to_date(wanted, posted, kind="payment", reference=about, mark="early")
        await post(tx, invoice.tenant, posting or repeated(invoice.id, remote))

    def repeated(invoice_id: int, remote: Any) -> Posting:
        return Posting("again", "payment", books.of_invoice(invoice_id), tuple(books.entries(remote)))

    async def no_second(tx: Transaction, tenant: str, posting: Posting) -> int | None:
        return None if posting.kind == "payment" else await original(tx, tenant, posting)

    apply = Webhooks.apply_event
    webhooks: Any = Webhooks
    webhooks.apply_event = settle
    rows: Any = postings
    rows.post = no_second


def money_not_posted() -> None:
    original = postings.post

    async def post(tx: Transaction, tenant: str, posting: Posting) -> int | None:
        return None if posting.kind in {"payment", "settlement"} else await original(tx, tenant, posting)

    rows: Any = postings
    rows.post = post


def row_made_blindly() -> None:
    async def find_row(self: NotionMirror, place: Place, keys: Sequence[str]) -> str | None:
        return None

    mirror: Any = NotionMirror
    mirror.find_row = find_row


# Every notice of a payment, since each has the invoice read.
_KEPT_LATE = tuple(
    f"webhook {event}:after:1"
    for event in ("invoice.paid", "invoice.payment_succeeded", "invoice_payment.paid", "charge.updated")
)
FAULTS: dict[str, Planted] = {
    "random-keys": Planted(
        "Stripe gets a new idempotency key at every call",
        random_keys,
        ("stripe.customer:after:1", "stripe.invoice:after:1"),
    ),
    "keys-in-memory": Planted(
        "Stripe's key is not committed before the call, nor is it asked what there is",
        keys_in_memory,
        ("stripe.invoice:after:1",),
    ),
    "sent-before-sending": Planted(
        "outbox rows are marked sent before they are", sent_before_sending, ("telegram.send:before:2",)
    ),
    "acknowledged-before-kept": Planted(
        "updates are acknowledged before they are kept", acknowledged_before_kept, ("commit:before:1",)
    ),
    "handled-before-handling": Planted(
        "updates are marked handled before they are", handled_before_handling, ("commit:before:3",)
    ),
    "answered-before-kept": Planted("webhooks are answered before they are kept", answered_before_kept, _KEPT_LATE),
    "task-gone-when-begun": Planted("a task is deleted when it begins", task_gone_when_begun, ("openai.ask:before:1",)),
    "delivered-outside": Planted(
        "the work is sent outside the transaction", delivered_outside, ("telegram.send:before:2",)
    ),
    "invoice-made-anew": Planted(
        "a second try makes a second invoice row", invoice_made_anew, ("stripe.invoice:after:1",)
    ),
    "posted-without-key": Planted(
        "payments are posted without a key", posted_without_key, ("event invoice.paid:after:1",)
    ),
    "money-not-posted": Planted("what came in is not posted", money_not_posted, ("event invoice.paid:after:1",)),
    "row-made-blindly": Planted(
        "Notion's rows are made without looking first", row_made_blindly, ("notion.make_row:after:1",)
    ),
    **REFUND_FAULTS,
}
