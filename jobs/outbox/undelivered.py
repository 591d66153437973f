"""What could not be delivered: the admins hear of it, once per destination until something arrives there.

Of what was given up at once; of what is still tried, after LATE_TRIES, or where the provider wants to be left alone
for longer. Where nothing arrives on the whole channel, that is told once for all of it, but not of chats: the word
would be as late. Each is an alert, by where it was to go.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.alerts.raising import over, raise_with
from bot.alerts.rules.deliveries import LATE, REFUSED, SILENT
from bot.alerts.stopped import name_of
from bot.invoices.model import OPEN_INVOICE
from bot.kernel.tasks import Task, TaskQueue
from bot.kernel.timing import IN_PRODUCTION
from bot.messages.service import TELEGRAM
from storage.alerts import alerts, late_messages
from storage.alerts.undelivered import briefs_of, missing_work
from storage.core import outbox
from storage.core.outbox import Delivery, OutboxRow
from storage.engine.database import Transaction
from storage.people import people
from storage.queue.tries import LATE_SECONDS

Settle = Callable[[Transaction, Sequence[Delivery]], Awaitable[None]]
LATE_TRIES = 9  # by then some ten minutes have gone by
LONG_PAUSE = timedelta(seconds=IN_PRODUCTION.longest_retry + LATE_SECONDS)  # longer than any of ours


async def settle(tx: Transaction, reports: Sequence[Delivery]) -> None:
    """Write down what became of items, and have the admins told of those that were given up."""
    reports = [await _unless_back(tx, report) for report in reports]
    await outbox.settle(tx, reports)
    for report in reports:
        item, reason = report.item, report.error or ""
        if report.state == "undeliverable":
            await _tell_of_place(tx, item, REFUSED, reason)
        elif report.state == "waiting" and not report.heard and _is_late(tx, report):
            await _tell_late(tx, item, reason)


async def _unless_back(tx: Transaction, report: Delivery) -> Delivery:
    """Who came back while this was being given up has been sent all that they missed, but for this."""
    if report.blocked and await people.is_open(tx, int(report.item.destination.partition("/")[0])):
        return replace(report, state="waiting", run_at=tx.now, heard=True)
    return report


def _is_late(tx: Transaction, report: Delivery) -> bool:
    held = report.run_at is not None and report.run_at - tx.now > LONG_PAUSE
    return held or report.item.attempts + 1 == LATE_TRIES


async def _tell_late(tx: Transaction, item: OutboxRow, reason: str) -> None:
    last, others_arrive = await late_messages.last_on_channel(tx.connection, item)
    if others_arrive:
        await _tell_of_place(tx, item, LATE, reason)
    elif item.channel in SILENT:
        await _tell(tx, item, SILENT[item.channel], item.channel, last, reason=reason)


def is_awaited(item: OutboxRow) -> bool:
    """Whether something begins once the message was shown: the invoice of the work that it is a part of."""
    return bool(briefs_of([item.key]))


def settle_chats(queue: TaskQueue) -> Settle:
    """Settle messages as `settle` does, and ask for a brief's invoice as soon as all of its work was shown."""

    async def work(tx: Transaction, reports: Sequence[Delivery]) -> None:
        await settle(tx, reports)
        shown = {(r.item.tenant, brief) for r in reports if r.state == "sent" for brief in briefs_of([r.item.key])}
        for tenant, brief_id in sorted(shown):
            if not await missing_work(tx.connection, tenant, TELEGRAM, brief_id):
                await queue.enqueue(tx, Task(OPEN_INVOICE, brief_id))

    return work


async def _tell_of_place(tx: Transaction, item: OutboxRow, rules: Mapping[str, str], reason: str) -> None:
    """Tell of the destination, once until something arrives there."""
    last = await late_messages.last_sent(tx.connection, item)
    to = (await name_of(tx.connection, item.tenant, item.channel, item.destination)).fact
    rule, place = rules.get(item.channel, rules[TELEGRAM]), f"{item.channel}:{item.destination}"
    await _tell(tx, item, rule, place, last, to=to, reason=reason, row=item.id)


async def _tell(tx: Transaction, item: OutboxRow, rule: str, fingerprint: str, last: int, **facts: str | int) -> None:
    """last: the newest row that arrived; where it is newer than when it was told last, it is trouble anew.

    Else nothing is told, also no newer reason: what tells of it may be what does not arrive.
    """
    known = await alerts.of(tx.connection, item.tenant, rule, fingerprint)
    if known is not None and known.open:
        if known.facts.get("last") == last:
            return
        await over(tx, known, None)
    chat = item.destination.partition("/")[0]
    themselves = int(chat) if item.channel == TELEGRAM and chat.isdecimal() else None
    await raise_with(tx, rule, fingerprint, {**facts, "last": last}, tenant=item.tenant, but=themselves)
