"""What may be changed about a brief that was quoted and not started: its words, files, deadline, language, line.

Every change makes the quote's older buttons void, so that nobody says yes to what they did not see.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.access.model import Permission, Person
from bot.audit.service import record
from bot.briefs import cards
from bot.briefs.expected import Expected
from bot.briefs.material import Attachment, LeftOpen, SentFile, answer_lines, compose, split
from bot.briefs.model import Brief, State, check_own, check_quoted, check_text, check_version, title_of
from bot.briefs.progress import progress_slot, tell_client
from bot.checks.leftovers.open_facts import left_open
from bot.flags.service import Flags
from bot.intake.cards import ask_about, quote_ended, still_open
from bot.intake.opening import check_open
from bot.intake.ports import Reading
from bot.intake.quote_policy import QuotePolicy, QuotePolicyOf, check_morning, economy_price, price_values
from bot.kernel.card import Card
from bot.kernel.errors import Refusal, Stale
from bot.kernel.text.file_format import FileFormat
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from storage.briefs import attachments, briefs
from storage.engine.database import Database, Transaction

AT_ONCE = 100
ENDED = N_("Nobody said yes to its quote in time.")
Decide = Callable[[Transaction, Brief], Awaitable[dict[str, Any]]]


class Quotes:
    """Verbs on quoted briefs. Each raises Stale where the brief was started, or changed since `version` was seen."""

    def __init__(self, database: Database, terms: QuotePolicyOf, flags: Flags) -> None:
        self._database = database
        self._flags = flags
        self._terms = terms

    async def attached(self, brief: Brief) -> list[Attachment]:
        """What came with a brief that the person sees, in the order in which it came."""
        async with self._database.reading() as connection:
            return await attachments.of_brief(connection, brief.tenant, brief.id)

    async def own_words(self, brief: Brief) -> str:
        """The words of a brief that the person sees, without answers and files."""
        return split(brief.text, await self.attached(brief))[0].strip()

    async def left_open(self, brief: Brief) -> Sequence[str]:
        """What the person's own words leave open, and none of their answers settles."""
        return _left_open(brief, await self.attached(brief))

    async def show(self, brief: Brief) -> None:
        """Have the quote shown once more, in its own message."""
        terms = await self._terms(brief.tenant)
        await self._database.write(lambda tx: show_quote(tx, brief, terms))

    async def card(self, brief: Brief, attached: Sequence[Attachment], asked: Sequence[str] = ()) -> Card:
        """The quote as it stands now. asked: what it leaves open, of which the first is asked about."""
        return quote_card(brief, attached, self._database.clock.now(), await self._terms(brief.tenant), asked)

    async def _lasts(self, tenant: str) -> timedelta:
        return timedelta(days=(await self._terms(tenant)).quote_days)

    async def expected(self, tenant: str) -> Expected:
        """When work is ready that is started now."""
        return (await self._terms(tenant)).expected

    async def reword(self, who: Person, brief_id: int, version: int | None, words: str, *, show: bool = False) -> Brief:
        """Change the person's own words; answers and files stay. version None: whichever was seen."""

        async def decide(tx: Transaction, brief: Brief) -> dict[str, Any]:
            attached = await attachments.of_brief(tx.connection, brief.tenant, brief.id)
            return _text(compose(check_text(words), split(brief.text, attached)[1], attached))

        return await self._change(who, brief_id, version, "reworded", decide, show=show)

    async def answer(self, who: Person, brief_id: int, version: int | None, answers: list[tuple[str, str]]) -> Brief:
        """Add answers to questions about what is missing. version None: whichever was seen."""

        async def decide(tx: Transaction, brief: Brief) -> dict[str, Any]:
            attached = await attachments.of_brief(tx.connection, brief.tenant, brief.id)
            words, earlier = split(brief.text, attached)
            return _text(compose(words, f"{earlier}\n{answer_lines(answers)}", attached))

        return await self._change(who, brief_id, version, "answered", decide)

    async def unanswer(self, who: Person, brief_id: int, version: int, answer: tuple[str, str]) -> Brief:
        """Take an answer out again, which was none."""

        async def decide(tx: Transaction, brief: Brief) -> dict[str, Any]:
            attached = await attachments.of_brief(tx.connection, brief.tenant, brief.id)
            words, answers = split(brief.text, attached)
            return _text(compose(words, answers.replace(answer_lines([answer]), "", 1).strip(), attached))

        return await self._change(who, brief_id, version, "reworded", decide, show=True)

    async def add_file(self, who: Person, brief_id: int, attachment: Attachment, words: str = "") -> Brief:
        """Add what came later with the same message: a file of an album, and the album's words if they are new."""
        terms = await self._terms(who.tenant)

        async def decide(tx: Transaction, brief: Brief) -> dict[str, Any]:
            attached = await attachments.of_brief(tx.connection, brief.tenant, brief.id)
            if any(known.id == attachment.id for known in attached):
                return {}
            own, answers = split(brief.text, attached)
            await attachments.bind(tx, brief.tenant, [attachment.id], brief.id)
            attached.append(attachment)
            own = own if words.strip() in own else f"{own}\n\n{words}"
            return _text(compose(own, answers, attached)) | price_values(brief, brief.task_type, attached, terms)

        return await self._change(who, brief_id, None, "file added", decide, show=True)

    async def replace_file(
        self, who: Person, brief_id: int, old: Attachment, file: SentFile, reading: Reading | None
    ) -> Brief:
        """Have another file in place of one, since its message brings that now; text and price follow."""
        terms = await self._terms(who.tenant)

        async def decide(tx: Transaction, brief: Brief) -> dict[str, Any]:
            own, answers = split(brief.text, await attachments.of_brief(tx.connection, brief.tenant, brief.id))
            await attachments.put_in_place(tx, old.tenant, old.id, file, reading)
            attached = await attachments.of_brief(tx.connection, brief.tenant, brief.id)
            return _text(compose(own, answers, attached)) | price_values(brief, brief.task_type, attached, terms)

        return await self._change(who, brief_id, None, "file replaced", decide, show=True)

    async def set_economy(self, who: Person, brief_id: int, version: int, *, on: bool) -> Brief:
        """Have it wait for the morning after the yes, for less; or start at once, for all of the price.

        Raises Refusal where that is not offered, or comes too late for the deadline.
        """
        terms = await self._terms(who.tenant)

        async def decide(tx: Transaction, brief: Brief) -> dict[str, Any]:  # noqa: ARG001
            full = brief.full_price or brief.price
            if not on:
                return {"price_minor": full.minor, "full_minor": None}
            if (less := economy_price(brief, terms)) is None:
                raise Refusal(_("Waiting for the morning makes this brief no cheaper, so the quote stays as it was."))
            check_morning(brief, terms.morning)
            return {"price_minor": less.minor, "full_minor": full.minor}

        return await self._change(who, brief_id, version, "economy set" if on else "economy left", decide)

    async def set_deadline(self, who: Person, brief_id: int, version: int, deadline: datetime | None) -> Brief:
        return await self._set(who, brief_id, version, "rescheduled", deadline=deadline)

    async def set_language(self, who: Person, brief_id: int, version: int, language: str) -> Brief:
        """The language of the work: a code of `bot.briefs.options`."""
        return await self._set(who, brief_id, version, "language set", language=language)

    async def set_file_format(self, who: Person, brief_id: int, version: int, wanted: FileFormat) -> Brief:
        """How the finished text of this brief comes as a file, whatever its client said for all of theirs."""
        return await self._set(who, brief_id, version, "file format set", file_format=wanted.value)

    async def set_target(self, who: Person, brief_id: int, version: int, target: int) -> Brief:
        """Set the target that the brief's draft must reach, 0 to 100 points; operators do, for any client."""
        who.require(Permission.DECIDE)
        if not 0 <= target <= 100:
            raise Refusal(_("A QA target is a whole number from 0 to 100, such as 85; {target} is not.", target=target))
        return await self._set(who, brief_id, version, "target set", anybodys=True, qa_target=target)

    async def again(self, who: Person, earlier_id: int, source_key: str) -> Brief:
        """Another brief with the same text and files as an earlier one of the person."""

        async def work(tx: Transaction) -> Brief:
            # Held, since its files go to another id at its yes.
            earlier = check_own(who.id, await briefs.get(tx.connection, who.tenant, earlier_id, lock=True))
            brief, new = await briefs.add(tx, source_key, await briefs.values_of(tx.connection, earlier))
            if new:
                await attachments.copy(tx, earlier.tenant, earlier.id, brief.id)
                await record(tx, who.tenant, who, "brief.quoted", f"brief:{brief.id}", price=brief.price.neutral)
            return brief

        who.require(Permission.SUBMIT_BRIEFS)
        await check_open(self._flags, who)
        return await self._database.write(work)

    async def end_old(self, tenant: str) -> int:
        """End the quotes that nobody said yes to within the tenant's days, in place; says how many there were."""
        before, ended = self._database.clock.now() - await self._lasts(tenant), 0
        while True:
            now = sum([await self._end(brief) for brief in await self._old(tenant, before)])
            if not now:
                return ended
            ended += now

    async def _old(self, tenant: str, before: datetime) -> list[Brief]:
        async with self._database.reading() as connection:
            return await briefs.old_quotes(connection, tenant, before, AT_ONCE)

    async def _end(self, brief: Brief) -> bool:
        """False where its client said yes, or changed it, in the meantime."""

        async def work(tx: Transaction) -> None:
            ended = await briefs.move(tx, brief, State.CANCELLED, reason=ENDED)
            await record(tx, ended.tenant, None, "brief.quote_ended", f"brief:{ended.id}", thing=ended)
            await tell_client(tx, ended, partial(quote_ended, ended), slot=progress_slot(ended))

        try:
            await self._database.write(work)
        except Stale:
            return False
        return True

    async def _set(
        self, who: Person, brief_id: int, version: int, event: str, *, anybodys: bool = False, **values: Any
    ) -> Brief:
        async def decide(tx: Transaction, brief: Brief) -> dict[str, Any]:  # noqa: ARG001
            return values

        return await self._change(who, brief_id, version, event, decide, anybodys=anybodys)

    async def _change(
        self,
        who: Person,
        brief_id: int,
        version: int | None,
        event: str,
        decide: Decide,
        *,
        show: bool = False,
        anybodys: bool = False,
    ) -> Brief:
        """Change the brief; `show` has the quote edited, which is always done where it is another person's."""

        async def work(tx: Transaction) -> Brief:
            # Held, since what is added to it would point nowhere once it has a number.
            brief = await briefs.get(tx.connection, who.tenant, brief_id, lock=True)
            if not anybodys:
                check_own(who.id, brief)
            check_quoted(brief)
            if version is not None:
                check_version(brief, version)
            values = await decide(tx, brief)
            if not values:
                return brief
            brief = await briefs.change(tx, brief, **values)
            await record(tx, who.tenant, who, f"brief.{event.replace(' ', '_')}", f"brief:{brief.id}")
            if show or brief.client_id != who.id:
                await show_quote(tx, brief, terms)
            return brief

        terms = await self._terms(who.tenant)
        return await self._database.write(work)


def quote_card(
    brief: Brief, attached: Sequence[Attachment], now: datetime, terms: QuotePolicy, asked: Sequence[str] = ()
) -> Card:
    """The quote; news of the brief is edited into the message that shows it. asked: see `Quotes.card`."""
    ends = brief.updated_at + timedelta(days=terms.quote_days)
    answers, facts = split(brief.text, attached)[1], _left_open(brief, attached)
    line = ask_about(asked[0]) if asked else still_open(facts) if facts and not answers else ""
    left = LeftOpen(line, len(asked))
    offered = economy_price(brief, terms) if brief.full_price is None else None
    card = cards.quote(brief, attached, now, ends, terms.expected, left, terms.morning, offered)
    return replace(card, slot=progress_slot(brief))


def _left_open(brief: Brief, attached: Sequence[Attachment]) -> Sequence[str]:
    words, answers = split(brief.text, attached)
    return [fact for fact in left_open(words) if fact not in answers]


async def show_quote(tx: Transaction, brief: Brief, terms: QuotePolicy) -> None:
    """Have the quote shown, in its own message. terms: how long it stands, and when the work may be expected."""
    attached = await attachments.of_brief(tx.connection, brief.tenant, brief.id)
    show = partial(quote_card, brief, attached, tx.now, terms)
    await tell_client(tx, brief, show, slot=progress_slot(brief))


def _text(text: str) -> dict[str, Any]:
    text = check_text(text)
    return {"text": text, "title": title_of(text)}
