"""What an operator may do with a draft that waits for a decision. The first decision wins; nobody decides their own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.access.model import Permission, Person, Role
from bot.briefs import owed
from bot.briefs.model import LONGEST_TEXT, PRODUCE, Brief, Draft, State, check_version
from bot.briefs.progress import changed
from bot.invoices.model import Invoice
from bot.kernel.card import Card
from bot.kernel.errors import Refusal, Stale
from bot.kernel.ids import content_hash
from bot.kernel.tasks import Pool, Task, TaskKind, TaskQueue
from bot.kernel.translation import gettext as _
from bot.kernel.translation import number
from bot.quality import verdict_words
from bot.quality.model import Result, counted
from bot.review import cards as review_cards
from bot.review.model import Changes, ReviewPolicy, claim_ends, holder
from bot.review.open_draft import waiting_draft
from bot.review.showing import close_review_cards, show_review_cards
from storage.briefs import briefs, drafts
from storage.engine.database import Database, Transaction
from storage.quality import verdicts
from storage.review import claims
from storage.review import queue as queue_rows
from storage.review.queue import Asker

LONGEST_REASON = 1_000
REJUDGE = TaskKind("rejudge", Pool.MODELS)
BY_HAND = "by hand"  # what stands in place of the model that wrote a draft


class Review:
    """Verbs of operators and admins. Each raises Forbidden; Stale where somebody decided before, or has the draft."""

    def __init__(self, database: Database, queue: TaskQueue, rules: ReviewPolicy) -> None:
        self._database = database
        self._queue = queue
        self._policy = rules

    async def approve(self, who: Person, brief_id: int, version: int) -> Brief:
        """Let the draft out to the client as it is."""

        async def work(tx: Transaction) -> Brief:
            brief, draft = await self._open(tx, who, brief_id, version)
            brief = await briefs.move(tx, brief, State.APPROVED)
            await self._decide(tx, who, brief, draft, "approved")
            await self._queue.enqueue(tx, Task(PRODUCE, brief.id))
            return brief

        return await self._database.write(work)

    async def send_back(self, who: Person, brief_id: int, version: int, reason: str) -> Brief:
        """Have another draft made that heeds the reason; it comes back to people, whatever its score."""
        reason = _check_reason(reason)

        async def work(tx: Transaction) -> Brief:
            brief, draft = await self._open(tx, who, brief_id, version)
            attempt = await drafts.newest_attempt(tx.connection, brief.tenant, brief.id) + 1
            brief = await briefs.move(tx, brief, State.DRAFTING, attempt=attempt, note=reason)
            await self._decide(tx, who, brief, draft, "sent_back", reason)
            await self._queue.enqueue(tx, Task(PRODUCE, brief.id))
            return brief

        return await self._database.write(work)

    async def reject(self, who: Person, brief_id: int, version: int, reason: str, *, void: bool | None = None) -> Brief:
        """End the brief; the client reads the reason. void: whether the invoice that it leaves behind is to be voided,
        which has to be said where there is one (see `left_behind`); raises Refusal otherwise.
        """
        reason = _check_reason(reason)

        async def work(tx: Transaction) -> Brief:
            brief, draft = await self._open(tx, who, brief_id, version)
            await self._settle_invoice(tx, who, brief, void)
            brief = await briefs.move(tx, brief, State.REJECTED, reason=reason)
            await self._decide(tx, who, brief, draft, "rejected", reason)
            return brief

        return await self._database.write(work)

    async def left_behind(self, who: Person, brief: Brief) -> Invoice | None:
        """The invoice of which whoever rejects the brief has to say what becomes of it."""
        who.require(Permission.DECIDE)
        async with self._database.reading() as connection:
            return await owed.to_decide_on(connection, brief)

    async def _settle_invoice(self, tx: Transaction, who: Person, brief: Brief, void: bool | None) -> None:
        invoice = await owed.to_decide_on(tx.connection, brief)
        if invoice is None:
            if void:
                raise Stale(_("The invoice changed since and cannot be voided. Tap Reject once more."))
            return
        if void is None:
            raise Refusal(
                _(
                    "Brief {brief} leaves an invoice of {money} behind. Say first what becomes of it: tap Reject, then "
                    "[Keep the invoice] or [Void the invoice].",
                    brief=brief.id,
                    money=invoice.amount,
                )
            )
        if void:
            await owed.ask_to_void(tx, self._queue, invoice, who)

    async def edit(self, who: Person, brief_id: int, version: int, text: str) -> Brief:
        """Put the person's own text in the draft's place; it still waits for a decision. The judge reads it by a task.

        The same text by the same person once more changes nothing. Raises Refusal where the text cannot be a draft.
        """
        text = _check_draft(text)

        async def work(tx: Transaction) -> Brief:
            brief, draft = await self._waiting(tx, who, brief_id)
            if draft.content_hash == content_hash(text):
                if draft.author_id == who.id:
                    return brief
                raise Refusal(_("That is the draft as it is; nothing was changed. Send the text as it should be."))
            check_version(brief, version)
            attempt = await drafts.newest_attempt(tx.connection, brief.tenant, brief.id) + 1
            edited = await drafts.add_draft(tx, brief, attempt, text, BY_HAND, author_id=who.id)
            brief = await briefs.change(tx, brief, draft_id=edited.id)
            await self._record(tx, who, brief, draft, "edited", became=attempt)
            await show_review_cards(tx, brief, self._policy)
            await self._queue.enqueue(tx, Task(REJUDGE, edited.id))
            return brief

        return await self._database.write(work)

    async def claim(self, who: Person, brief_id: int, version: int) -> datetime:
        """Let nobody else decide for now; returns until when. A claim ends by itself."""

        async def work(tx: Transaction) -> datetime:
            brief, draft = await self._open(tx, who, brief_id, version)
            if holder(brief, tx.now, self._policy.escalation) is None:
                brief = await claims.claim(tx, brief, who.id)
                await changed(tx, brief, "claimed", who, show=False, draft=draft.id)
                await show_review_cards(tx, brief, self._policy)
            return claim_ends(brief, self._policy.escalation)

        return await self._database.write(work)

    async def give_back(self, who: Person, brief_id: int, version: int) -> Brief:
        """End a claim: one's own, or as an admin anybody's."""

        async def work(tx: Transaction) -> Brief:
            brief, draft = await self._waiting(tx, who, brief_id, anybodys=who.role is Role.ADMIN)
            check_version(brief, version)
            if holder(brief, tx.now, self._policy.escalation) is None:
                raise Stale(_("Nobody has brief {brief}; it waits for whoever decides first.", brief=brief_id))
            brief = await claims.claim(tx, brief, None)
            await changed(tx, brief, "given_back", who, show=False, draft=draft.id)
            await show_review_cards(tx, brief, self._policy)
            return brief

        return await self._database.write(work)

    async def ask(self, tx: Transaction, who: Person, brief_id: int, version: int) -> Brief:
        """Let the draft wait for what its client is asked in the same transaction. Whoever does not wait may decide."""
        brief, draft = await self._open(tx, who, brief_id, version)
        brief = await briefs.change(tx, brief, asked_at=tx.now)
        await changed(tx, brief, "asked", who, draft=draft.id)
        await show_review_cards(tx, brief, self._policy)
        return brief

    async def heard(self, tx: Transaction, brief: Brief, client: Person, note: str) -> Brief:
        """The client answered: another draft is made that heeds it, and what was asked for before; it comes back."""
        attempt = await drafts.newest_attempt(tx.connection, brief.tenant, brief.id) + 1
        note = f"{brief.note}\n\n{note}" if brief.note else note
        brief = await briefs.move(tx, brief, State.DRAFTING, attempt=attempt, note=note)
        await changed(tx, brief, "client_answered", client, reason=note)
        await close_review_cards(tx, brief, lambda _person: review_cards.heard(brief, tx.now))
        await self._queue.enqueue(tx, Task(PRODUCE, brief.id))
        return brief

    async def check_open(self, who: Person, brief_id: int, version: int) -> tuple[Brief, Draft]:
        """The brief and its draft; raises what deciding now would raise, before a reason is asked for."""
        return await self._database.write(lambda tx: self._open(tx, who, brief_id, version))

    async def lowest(self, who: Person, brief_id: int, version: int) -> tuple[Brief, Sequence[Result]]:
        """The brief, and what the judge finds wanting in its draft, the worst first; nothing where that is hidden.

        Raises what deciding would raise.
        """
        brief, draft = await self.check_open(who, brief_id, version)
        async with self._database.reading() as connection:
            blind = await verdicts.is_blind(connection, brief.tenant, draft.id)
            counts = None if blind else counted(await drafts.evaluations_of_draft(connection, brief.tenant, draft.id))
        if counts is None:
            return brief, ()
        found = verdict_words.wanting(counts, brief.qa_target, self._policy.floors)
        return brief, found[: review_cards.QUICK_REASONS]

    async def changes(self, who: Person, brief_id: int) -> Changes:
        """The draft that the brief shows, and the one before it; raises Refusal where none was."""
        who.require(Permission.DECIDE)
        async with self._database.reading() as connection:
            brief = await briefs.get(connection, who.tenant, brief_id)
            draft = None if brief.draft_id is None else await drafts.get_draft(connection, who.tenant, brief.draft_id)
            before = None if draft is None else await drafts.draft_before(connection, brief.tenant, draft)
        if draft is None or before is None:
            raise Refusal(
                _("Brief {brief} has one draft only, so there is nothing to compare it with.", brief=brief_id)
            )
        return Changes(brief, before, draft)

    async def _open(self, tx: Transaction, who: Person, brief_id: int, version: int) -> tuple[Brief, Draft]:
        brief, draft = await self._waiting(tx, who, brief_id)
        check_version(brief, version)
        return brief, draft

    async def _waiting(
        self, tx: Transaction, who: Person, brief_id: int, *, anybodys: bool = False
    ) -> tuple[Brief, Draft]:
        return await waiting_draft(tx, who, brief_id, self._policy, anybodys=anybodys)

    async def _decide(
        self, tx: Transaction, who: Person, brief: Brief, draft: Draft, verdict: str, reason: str | None = None
    ) -> None:
        await self._record(tx, who, brief, draft, verdict, reason)
        asker = Asker(who.tenant, who.id, tx.now, self._policy.escalation.claim)
        others = await queue_rows.next_one(tx.connection, asker, brief.id) is not None

        def show(person: Person) -> Card:
            following = others and person.id == who.id
            return review_cards.decided(brief, draft, verdict, who.name, tx.now, reason, following=following)

        await close_review_cards(tx, brief, show)

    async def _record(
        self,
        tx: Transaction,
        who: Person,
        brief: Brief,
        draft: Draft,
        verdict: str,
        reason: str | None = None,
        became: int | None = None,
    ) -> None:
        """Write down what the person said of the draft: approved, sent_back, rejected or edited."""
        await drafts.add_decision(tx, brief, draft, verdict, who.id, reason)
        await verdicts.record_human(tx, brief, draft, verdict, who.id)
        data: dict[str, Any] = {"draft": draft.id, "content_hash": draft.content_hash, "reason": reason}
        if became is not None:
            data["became"] = became
        await changed(tx, brief, verdict, who, **data)


def _check_reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < 3:
        raise Refusal(_("Say in a few words what should change, for example: leave the delivery time out."))
    if len(reason) > LONGEST_REASON:
        raise Refusal(
            _(
                "Please keep the reason under {most} characters; this one has {characters}.",
                most=number(LONGEST_REASON),
                characters=number(len(reason)),
            )
        )
    return reason


def _check_draft(text: str) -> str:
    text = text.strip()
    if not any(character.isalnum() for character in text):
        raise Refusal(_("There is no word in it. Send the whole draft as it should go out; the old one still stands."))
    if len(text) > LONGEST_TEXT:
        raise Refusal(
            _(
                "That text has {characters} characters; a draft holds {most}. The old one stands.",
                characters=number(len(text)),
                most=number(LONGEST_TEXT),
            )
        )
    return text
