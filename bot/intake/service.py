"""What a client may do with a brief: hand it in, change its type, start it, cancel it, look at it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.access.model import Permission, Person
from bot.audit.service import record
from bot.briefs.cards import Details
from bot.briefs.material import Attachment, Submission, compose, seconds_of
from bot.briefs.model import (
    PRODUCE,
    Brief,
    State,
    check_move,
    check_own,
    check_quoted,
    check_text,
    check_version,
    no_such,
    title_of,
)
from bot.briefs.progress import changed, progress_slot
from bot.flags.service import Flags
from bot.intake.opening import check_open
from bot.intake.quote_policy import QuotePolicy, QuotePolicyOf, check_morning, price_values
from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.kernel.tasks import Task, TaskQueue
from bot.kernel.translation import gettext as _
from bot.messages.service import TELEGRAM
from bot.prices.model import Prices, price_of
from bot.quality.model import counted
from bot.review.model import ReviewPolicy, ReviewView
from bot.review.showing import review_view
from storage.alerts.undelivered import missing_work
from storage.billing import invoices as billing
from storage.briefs import attachments, briefs, drafts
from storage.core import outbox
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.quality import verdicts


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote, with what came with the brief."""

    brief: Brief
    attached: Sequence[Attachment]


View = ReviewView | Quoted | Details
Then = Callable[[Transaction, Brief], Awaitable[None]]


class Briefs:
    """Verbs of clients. terms: what a tenant's clients are quoted. policy: what it goes by where a person decides."""

    def __init__(
        self, database: Database, queue: TaskQueue, terms: QuotePolicyOf, policy: ReviewPolicy, flags: Flags
    ) -> None:
        self._database = database
        self._flags = flags
        self._queue = queue
        self._terms = terms
        self._policy = policy

    async def submit(self, who: Person, chat_id: int, source_key: str, handed: Submission, *, topic: int = 0) -> Brief:
        """Take a brief in and quote its price; the same source again is the same brief. topic: of the forum, if any.

        Raises Forbidden, or Refusal where the text cannot be a brief, or no new ones are taken.
        """
        who.require(Permission.SUBMIT_BRIEFS)
        if handed.qa_target is not None:
            who.require(Permission.DECIDE)
        await check_open(self._flags, who)
        terms = await self._terms(who.tenant)

        async def work(tx: Transaction) -> Brief:
            attached = await attachments.by_sources(tx.connection, who, handed.files) if handed.files else []
            values = self._row(who, chat_id, handed, attached, terms.prices) | {"topic": topic}
            return await self._quoted(tx, who, source_key, values, attached, handed, terms)

        return await self._database.write(work)

    async def order(
        self, who: Person, source_key: str, handed: Submission, priced: Callable[[Money], Money], then: Then
    ) -> Brief:
        """Take a brief without files in and start it, in one transaction, at a price that was agreed beforehand.

        priced: what becomes of the tenant's price. then: what belongs to it, in the same transaction; whatever it
        raises leaves nothing begun. The same source again is the same brief, which is started once.

        Raises Forbidden, or Refusal where the text cannot be a brief, or no new ones are taken.
        """
        who.require(Permission.SUBMIT_BRIEFS)
        await check_open(self._flags, who)
        terms = await self._terms(who.tenant)

        async def work(tx: Transaction) -> Brief:
            values = self._row(who, who.telegram_id, handed, (), terms.prices)
            values["price_minor"] = priced(Money(values["price_minor"], values["currency"])).minor
            brief = await self._quoted(tx, who, source_key, values, (), handed, terms)
            if brief.state is State.QUOTED:
                brief = await self._started(tx, who, brief, terms, 0, None)
            await then(tx, brief)
            return brief

        return await self._database.write(work)

    async def _quoted(
        self,
        tx: Transaction,
        who: Person,
        source_key: str,
        values: dict[str, Any],
        attached: Sequence[Attachment],
        handed: Submission,
        terms: QuotePolicy,
    ) -> Brief:
        if handed.qa_target is None:
            values["qa_target"] = await self._target(tx, who, handed.task_type, terms)
        brief, new = await briefs.add(tx, source_key, values)
        if new:
            await attachments.bind(tx, brief.tenant, [attachment.id for attachment in attached], brief.id)
            await record(tx, who.tenant, who, "brief.quoted", f"brief:{brief.id}", price=brief.price.neutral)
        return brief

    def _row(
        self, who: Person, chat_id: int, handed: Submission, attached: Sequence[Attachment], prices: Prices
    ) -> dict[str, Any]:
        text = check_text(compose(handed.words, handed.answers, attached))
        seconds = seconds_of(attached)
        price = price_of(handed.task_type, prices, seconds)
        return {
            "tenant": who.tenant,
            "client_id": who.id,
            "chat_id": chat_id,
            "task_type": handed.task_type,
            "title": title_of(text),
            "text": text,
            "state": State.QUOTED,
            "qa_target": handed.qa_target,
            "language": handed.language,
            "deadline": handed.deadline,
            "price_minor": price.minor,
            "currency": price.currency,
            "audio_seconds": seconds,
        }

    async def retype(self, who: Person, brief_id: int, version: int, task_type: TaskType) -> Brief:
        """Change the type, and with it the price, of a brief that was not started.

        Raises Stale where it was started or changed in the meantime.
        """
        terms = await self._terms(who.tenant)

        async def work(tx: Transaction) -> Brief:
            brief = await self._own(tx, who, brief_id)
            check_quoted(brief)
            check_version(brief, version)
            attached = await attachments.of_brief(tx.connection, brief.tenant, brief.id)
            values = {"task_type": task_type, **price_values(brief, task_type, attached, terms)}
            if brief.qa_target == await self._target(tx, who, brief.task_type, terms):
                values["qa_target"] = await self._target(tx, who, task_type, terms)
            brief = await briefs.change(tx, brief, **values)
            await record(tx, who.tenant, who, "brief.retyped", f"brief:{brief.id}", type=task_type)
            return brief

        return await self._database.write(work)

    async def prices(self, brief: Brief) -> dict[TaskType, Money]:
        """What the brief would cost as each type."""
        async with self._database.reading() as connection:
            attached = await attachments.of_brief(connection, brief.tenant, brief.id)
        terms, found = await self._terms(brief.tenant), {}
        for task_type in TaskType:
            values = price_values(brief, task_type, attached, terms)
            found[task_type] = Money(values["price_minor"], values["currency"])
        return found

    async def start(
        self, who: Person, brief_id: int, version: int, message_id: int, *, chat_id: int | None = None
    ) -> Brief:
        """The client's yes: from now on it has a number, and money is spent. The message with the quote becomes the
        progress message.

        message_id: 0 where no message is to. chat_id: where that message is; None: where the brief came from.

        Raises Stale where the brief was started or changed in the meantime.
        """

        terms = await self._terms(who.tenant)

        async def work(tx: Transaction) -> Brief:
            # Held, since on PostgreSQL a losing tap would use a number up.
            quote = await self._own(tx, who, brief_id, lock=True)
            check_move(quote, State.QUEUED)
            check_version(quote, version)
            return await self._started(tx, who, quote, terms, message_id, chat_id)

        return await self._database.write(work)

    async def _started(
        self, tx: Transaction, who: Person, quote: Brief, terms: QuotePolicy, message_id: int, chat_id: int | None
    ) -> Brief:
        waits = quote.full_price is not None
        expected = terms.morning.expected if waits else terms.expected
        usual = None if expected.usual is None else round(expected.usual.total_seconds())
        told: dict[str, Any] = {"usual_seconds": usual, "read_by": expected.read_by}
        if waits:
            check_morning(quote, terms.morning)
            told["starts_at"] = terms.morning.starts_at
        brief = await briefs.move(tx, quote, State.DEFERRED if waits else State.QUEUED, **told)
        await place_progress(tx, brief, message_id, chat_id)
        await changed(tx, brief, "deferred" if waits else "queued", who)
        if brief.id != quote.id:
            await record(tx, who.tenant, None, "brief.numbered", f"brief:{brief.id}", quote=f"brief:{quote.id}")
        if not waits:
            await self._queue.enqueue(tx, Task(PRODUCE, brief.id))
        return brief

    async def get(self, who: Person, brief_id: int) -> Brief:
        """A brief that the person may see; raises Refusal where there is none for them."""
        async with self._database.reading() as connection:
            brief = await briefs.get(connection, who.tenant, brief_id)
        self._check_sees(who, brief)
        return brief

    async def view(self, who: Person, brief_id: int) -> View:
        """The brief as the person may see it: to operators with the decision that waits, to its client as a quote
        before their yes.
        """
        brief = await self.get(who, brief_id)
        now = self._database.clock.now()
        async with self._database.reading() as connection:
            if brief.state is State.IN_REVIEW and who.may(Permission.DECIDE) and brief.client_id != who.id:
                return await review_view(connection, brief, self._policy, now)
            if brief.state is State.QUOTED and brief.client_id == who.id:
                return Quoted(brief, await attachments.of_brief(connection, brief.tenant, brief.id))
            client = await people.by_id(connection, brief.tenant, brief.client_id)
            judged = await drafts.evaluations_of(connection, brief.tenant, brief.id)
            cost = await drafts.spent(connection, brief.tenant, brief.id)
            invoice = await billing.invoice_of(connection, brief.tenant, brief.id)
            missing = await missing_work(connection, brief.tenant, TELEGRAM, brief.id)
        return Details(
            brief,
            client=client.name,
            evaluation=counted([e for e in judged if e.draft_id == brief.draft_id]),
            cost_micro_usd=cost,
            invoice=invoice,
            not_shown=tuple(state for state in missing if state != "waiting"),
        )

    async def text(self, who: Person, brief_id: int) -> tuple[Brief, str]:
        """The text that a brief has come to: to its client once it was approved, to operators always."""
        brief = await self.get(who, brief_id)
        final = brief.state in {State.APPROVED, State.DELIVERED, State.INVOICED, State.PAID}
        if brief.is_quote:
            raise Refusal(_("A quote has no text yet: it is written after the yes."))
        if brief.draft_id is None or not (final or who.may(Permission.DECIDE)):
            raise Refusal(
                _("Brief {brief} has no finished text yet. You get it here as soon as it is approved.", brief=brief.id)
            )
        async with self._database.reading() as connection:
            return brief, (await drafts.get_draft(connection, brief.tenant, brief.draft_id)).text

    def _check_sees(self, who: Person, brief: Brief) -> None:
        if who.may(Permission.SEE_ALL) or (brief.client_id == who.id and who.may(Permission.SEE_OWN)):
            return
        if brief.id < 0:
            raise Refusal(no_such(brief.id))
        raise Refusal(_("There is no brief {brief} of yours. /briefs lists yours.", brief=brief.id))

    async def _target(self, tx: Transaction, client: Person, task_type: TaskType, terms: QuotePolicy) -> int:
        otherwise = terms.targets[task_type]
        return await verdicts.target_for(tx.connection, client.tenant, client.id, task_type, otherwise)

    async def _own(self, tx: Transaction, who: Person, brief_id: int, *, lock: bool = False) -> Brief:
        return check_own(who.id, await briefs.get(tx.connection, who.tenant, brief_id, lock=lock))


async def place_progress(tx: Transaction, brief: Brief, message_id: int, chat_id: int | None) -> None:
    """Let a message of the brief's chat show how it goes; the same number in another chat is another message."""
    if message_id and chat_id in (None, brief.chat_id):
        await outbox.place(tx, brief.tenant, TELEGRAM, progress_slot(brief), str(message_id))
