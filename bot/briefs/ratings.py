"""What a client thinks of delivered work, and the one free revision that a low rating opens."""

from bot.access.model import Person, Role
from bot.audit.service import record
from bot.briefs import rating_cards
from bot.briefs.model import PRODUCE, Brief, State, check_text, title_of
from bot.briefs.progress import changed
from bot.kernel.card import Card
from bot.kernel.errors import Forbidden, Refusal, Stale
from bot.kernel.tasks import Task, TaskQueue
from bot.messages.service import notify
from bot.messages.topics import Topic
from storage.briefs import briefs, drafts, ratings
from storage.engine.database import Database, Transaction
from storage.people import people

DELIVERED = frozenset({State.DELIVERED, State.INVOICED, State.PAID})
LONGEST_NOTE = 2_000


class Ratings:
    """Verbs of clients on what they were given. Ratings are labels of their own, apart from operators' decisions."""

    def __init__(self, database: Database, queue: TaskQueue) -> None:
        self._database = database
        self._queue = queue

    async def question(self, who: Person, brief_id: int) -> Card:
        """The question, to be answered anew. Raises what rating would raise."""
        async with self._database.reading() as connection:
            brief = await briefs.get(connection, who.tenant, brief_id)
        return rating_cards.question(_delivered(who, brief))

    async def rate(self, who: Person, brief_id: int, stars: int) -> tuple[Card, bool]:
        """Keep one to five stars, in place of earlier ones; tells the answer, and whether a revision may follow.

        Raises Forbidden for another client's brief, Refusal before it is delivered, Stale once its revision began.
        """
        stars = max(1, min(5, stars))

        async def work(tx: Transaction) -> Brief:
            brief = _delivered(who, await briefs.get(tx.connection, who.tenant, brief_id))
            if not await ratings.rate(tx, brief, stars):
                raise Stale(f"A revision of brief {brief.id} was begun because of your stars, so they stay.")
            await record(tx, who.tenant, who, "brief.rated", f"brief:{brief.id}", stars=stars)
            if stars <= rating_cards.LOW:
                await self._tell_operators(tx, who, brief, stars, None)
            return brief

        brief = await self._database.write(work)
        low = stars <= rating_cards.LOW
        revisable = low and brief.revision_of is None
        return rating_cards.rated(brief, stars, revisable=revisable), revisable

    async def declined(self, who: Person, brief_id: int) -> Card:
        """The rating without a revision, which changing the stars offers again."""
        async with self._database.reading() as connection:
            brief = _delivered(who, await briefs.get(connection, who.tenant, brief_id))
            rating = await ratings.of_brief(connection, brief.tenant, brief.id)
        assert rating is not None
        return rating_cards.rated(brief, rating.stars, revisable=False)

    async def revise(self, who: Person, brief_id: int, missing: str) -> Card:
        """Begin the brief's one free revision: a brief of its own, straight into drafting, with the delivered text as
        its material and what is missing as its note; as with every note, a person decides on the result.

        Raises Refusal where the words say nothing or the stars are not low, Stale where it began before.
        """
        missing = _check_note(missing)

        async def work(tx: Transaction) -> tuple[Brief, Brief]:
            brief = _delivered(who, await briefs.get(tx.connection, who.tenant, brief_id))
            rating = await ratings.of_brief(tx.connection, brief.tenant, brief.id)
            if rating is None or rating.stars > rating_cards.LOW or brief.revision_of is not None:
                raise Refusal(f"Brief {brief.id} has no revision to begin: one or two stars open one, once per brief.")
            revision, new = await briefs.add(tx, f"revision:{brief.id}", _values(brief, missing))
            if not new:
                raise Stale(f"The free revision of brief {brief.id} is under way already: /brief_{revision.id}.")
            await self._begin(tx, who, brief, revision, rating.stars)
            return brief, revision

        return rating_cards.begun(*await self._database.write(work))

    async def _begin(self, tx: Transaction, who: Person, brief: Brief, revision: Brief, stars: int) -> None:
        assert brief.draft_id is not None
        delivered = await drafts.get_draft(tx.connection, brief.tenant, brief.draft_id)
        await drafts.add_draft(tx, revision, 1, delivered.text, delivered.model)
        await ratings.revised(tx, brief, revision, revision.note or "")
        await record(tx, who.tenant, who, "brief.revised", f"brief:{brief.id}", revision=revision.id)
        await changed(tx, revision, "queued", who, revision_of=brief.id)
        await self._tell_operators(tx, who, brief, stars, revision)
        await self._queue.enqueue(tx, Task(PRODUCE, revision.id))

    async def _tell_operators(
        self, tx: Transaction, who: Person, brief: Brief, stars: int, revision: Brief | None
    ) -> None:
        card = rating_cards.for_operators(brief, stars, who.name, revision)
        for person in await people.with_roles(tx.connection, brief.tenant, Role.OPERATOR, Role.ADMIN):
            if person.id != who.id:
                slot = f"brief:{brief.id}:rating:{person.telegram_id}"
                await notify(tx, person, Topic.RATINGS, card, slot=slot)


def _delivered(who: Person, brief: Brief) -> Brief:
    if brief.client_id != who.id:
        raise Forbidden(f"Brief {brief.id} is another client's; only they may rate it.")
    if brief.state not in DELIVERED:
        raise Refusal(f"Brief {brief.id} is not delivered yet. You are asked how it is once you have it.")
    return brief


def _values(brief: Brief, missing: str) -> dict[str, object]:
    """The row of the revision: what the brief asked for, for nothing."""
    return {
        "tenant": brief.tenant,
        "client_id": brief.client_id,
        "chat_id": brief.chat_id,
        "topic": brief.topic,
        "task_type": brief.task_type,
        "title": title_of(f"Revision of {brief.id}: {brief.title}"),
        "text": brief.text,
        "state": State.QUEUED,
        "qa_target": brief.qa_target,
        "language": brief.language,
        "price_minor": 0,
        "currency": brief.price.currency,
        "note": missing,
        "attempt": 2,  # the first is the delivered text
        "revision_of": brief.id,
    }


def _check_note(missing: str) -> str:
    missing = check_text(missing)
    if len(missing) > LONGEST_NOTE:
        raise Refusal(
            f"Please keep it under {LONGEST_NOTE:,} characters; this has {len(missing):,}. Say what matters most, for "
            "example: the opening hours are missing, and it is too formal."
        )
    return missing
