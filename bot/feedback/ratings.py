"""What a client thinks of delivered work, and the one free revision that a low rating opens."""

from dataclasses import dataclass
from functools import partial

from bot.access.model import Person
from bot.audit.service import record
from bot.briefs.model import PRODUCE, Brief, State, check_text
from bot.briefs.progress import changed
from bot.feedback import rating_cards
from bot.feedback.rating_cards import LOW
from bot.feedback.revision import add_revision
from bot.kernel.errors import Forbidden, Refusal, Stale
from bot.kernel.money import Money
from bot.kernel.tasks import Task, TaskQueue
from bot.kernel.translation import gettext as _
from bot.kernel.translation import number
from bot.messages.service import TEAM, notify_roles
from bot.messages.topics import Topic
from storage.briefs import briefs
from storage.engine.database import Database, Transaction
from storage.quality import ratings

DELIVERED = frozenset({State.DELIVERED, State.INVOICED, State.PAID})
LONGEST_NOTE = 2_000


@dataclass(frozen=True, slots=True)
class Rated:
    """A client's stars. revisable: whether they open a revision, which begins with what is missing."""

    brief: Brief
    stars: int
    revisable: bool


@dataclass(frozen=True, slots=True)
class Revised:
    """A brief, and the one that revises it."""

    brief: Brief
    revision: Brief


class Ratings:
    """Verbs of clients on what they were given. Ratings are labels of their own, apart from operators' decisions."""

    def __init__(self, database: Database, queue: TaskQueue) -> None:
        self._database = database
        self._queue = queue

    async def rateable(self, who: Person, brief_id: int) -> Brief:
        """The brief, to be rated anew. Raises what rating would raise."""
        async with self._database.reading() as connection:
            return _delivered(who, await briefs.get(connection, who.tenant, brief_id))

    async def rate(self, who: Person, brief_id: int, stars: int) -> Rated:
        """Keep one to five stars, in place of earlier ones.

        Raises Forbidden for another client's brief, Refusal before it is delivered, Stale once its revision began.
        """
        stars = max(1, min(5, stars))

        async def work(tx: Transaction) -> Brief:
            brief = _delivered(who, await briefs.get(tx.connection, who.tenant, brief_id))
            if not await ratings.rate(tx, brief, stars):
                raise Stale(
                    _("Your stars started a revision of brief {brief}, so they cannot change any more.", brief=brief.id)
                )
            await record(tx, who.tenant, who, "brief.rated", f"brief:{brief.id}", stars=stars)
            if stars <= LOW:
                await self._tell_operators(tx, who, brief, stars, None)
            return brief

        brief = await self._database.write(work)
        return Rated(brief, stars, revisable=stars <= LOW and brief.revision_of is None)

    async def decline(self, who: Person, brief_id: int) -> Rated:
        """The rating without a revision, which changing the stars offers again."""
        async with self._database.reading() as connection:
            brief = _delivered(who, await briefs.get(connection, who.tenant, brief_id))
            rating = await ratings.of_brief(connection, brief.tenant, brief.id)
        assert rating is not None
        return Rated(brief, rating.stars, revisable=False)

    async def check_revisable(self, who: Person, brief_id: int) -> Brief:
        """The brief; raises what beginning its revision would raise now."""
        async with self._database.reading() as connection:
            brief = _delivered(who, await briefs.get(connection, who.tenant, brief_id))
            rating = await ratings.of_brief(connection, brief.tenant, brief.id)
        _revisable(brief, rating)
        return brief

    async def revise(self, who: Person, brief_id: int, missing: str) -> Revised:
        """Begin the brief's one free revision: a brief of its own, straight into drafting, with the delivered text as
        its material and what is missing as its note; as with every note, a person decides on the result.

        Raises Refusal where the words say nothing or the stars are not low, Stale where it began before.
        """
        missing = check_missing(missing)

        async def work(tx: Transaction) -> Revised:
            brief = _delivered(who, await briefs.get(tx.connection, who.tenant, brief_id))
            rating = _revisable(brief, await ratings.of_brief(tx.connection, brief.tenant, brief.id))
            title = _("Revision of {brief}: {title}", brief=brief.id, title=brief.title)
            free = Money(0, brief.price.currency)
            revision, new = await add_revision(tx, brief, f"revision:{brief.id}", title, missing, free)
            if not new:
                raise _under_way(brief, revision.id)
            await self._begin(tx, who, brief, revision, rating.stars)
            return Revised(brief, revision)

        return await self._database.write(work)

    async def _begin(self, tx: Transaction, who: Person, brief: Brief, revision: Brief, stars: int) -> None:
        await ratings.revised(tx, brief, revision, revision.note or "")
        await record(tx, who.tenant, who, "brief.revised", f"brief:{brief.id}", revision=revision.id)
        await changed(tx, revision, "queued", who, revision_of=brief.id)
        await self._tell_operators(tx, who, brief, stars, revision)
        await self._queue.enqueue(tx, Task(PRODUCE, revision.id))

    async def _tell_operators(
        self, tx: Transaction, who: Person, brief: Brief, stars: int, revision: Brief | None
    ) -> None:
        show = partial(rating_cards.for_operators, brief, stars, who.name, revision)
        slot = f"brief:{brief.id}:rating"
        await notify_roles(tx, brief.tenant, TEAM, Topic.RATINGS, show, slot=slot, but={who.id})


def _revisable(brief: Brief, rating: ratings.Rating | None) -> ratings.Rating:
    if rating is None or rating.stars > LOW or brief.revision_of is not None:
        raise Refusal(
            _("Brief {brief} has no revision to begin: one or two stars open one, once per brief.", brief=brief.id)
        )
    if rating.revision_id is not None:
        raise _under_way(brief, rating.revision_id)
    return rating


def _under_way(brief: Brief, revision_id: int) -> Stale:
    return Stale(
        _(
            "The free revision of brief {brief} is under way already: /brief_{revision}.",
            brief=brief.id,
            revision=revision_id,
        )
    )


def _delivered(who: Person, brief: Brief) -> Brief:
    if brief.client_id != who.id:
        raise Forbidden(_("Brief {brief} is another client's; only they may rate it.", brief=brief.id))
    if brief.state not in DELIVERED:
        raise Refusal(_("“{title}” is not delivered yet. You are asked for stars once you have it.", title=brief.title))
    return brief


def check_missing(missing: str) -> str:
    """What is missing, in words. Raises Refusal where they say nothing, or are too many."""
    missing = check_text(missing)
    if len(missing) > LONGEST_NOTE:
        raise Refusal(
            _(
                "Please keep it under {most} characters; this has {characters}. Say what matters most, for "
                "example: the opening hours are missing, and it is too formal.",
                most=number(LONGEST_NOTE),
                characters=number(len(missing)),
            )
        )
    return missing
