"""Whether a client would recommend the studio: asked once in 90 days, and never beside the question for stars."""

from functools import partial
from typing import Any

from bot.access.model import Permission, Person
from bot.audit.service import record
from bot.briefs.model import Brief
from bot.consents.model import Purpose
from bot.growth import cards
from bot.growth.model import AGAIN_AFTER, HIGHEST, LOW_STARS, STARS_WAIT, Question, QuestionState
from bot.kernel.errors import Refusal, Stale
from bot.kernel.events import Event
from bot.kernel.translation import gettext as _
from bot.messages.service import notify
from bot.messages.topics import Topic
from storage.consents import consents
from storage.engine.database import Database, Transaction
from storage.growth import nps
from storage.people import people
from storage.quality import ratings


class Recommendations:
    """Verbs on the question."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def answer(self, who: Person, question_id: int, score: int) -> Question:
        """Keep the score, in place of an earlier one. Raises Forbidden, Refusal, Stale where there is a newer one."""
        score = max(0, min(HIGHEST, score))
        values = {"state": QuestionState.ANSWERED, "score": score}
        return await self._settle(who, question_id, "answered", values, score=score)

    async def leave(self, who: Person, question_id: int) -> Question:
        """They do not want to say; an answer that was given before goes."""
        return await self._settle(who, question_id, "left", {"state": QuestionState.LEFT, "score": None})

    async def _settle(self, who: Person, question_id: int, event: str, values: dict[str, Any], **said: Any) -> Question:
        who.require(Permission.SEE_OWN)

        async def work(tx: Transaction) -> Question:
            question = await _own(tx, who, question_id)
            at = None if values["score"] is None else tx.now
            now = await nps.change(tx, question, **values, answered_at=at)
            await record(tx, who.tenant, who, f"nps.{event}", f"nps:{question_id}", **said)
            return now

        return await self._database.write(work)

    async def own(self, who: Person, question_id: int) -> Question:
        """The question, to be answered anew. Raises what answering would raise."""
        who.require(Permission.SEE_OWN)
        return await self._database.write(lambda tx: _own(tx, who, question_id))

    async def ask_due(self, tenant: str) -> str:
        """Ask those whose brief has no stars and who had a day to give them; returns a line about it."""
        async with self._database.reading() as connection:
            found = await nps.due(connection, tenant, self._database.clock.now())
        asked = 0
        for brief_id in found:
            asked += await self._database.write(lambda tx, one=brief_id: _ask(tx, tenant, one))  # type: ignore[misc]
        return f"{asked} clients asked whether they recommend us"


async def _own(tx: Transaction, who: Person, question_id: int) -> Question:
    question = await nps.find(tx, who.tenant, question_id)
    if question is None or question.client_id != who.id:
        raise Refusal(_("That question was put to somebody else."))
    newest = await nps.newest(tx, who.tenant, who.id)
    if question.state is QuestionState.WAITS or (newest is not None and newest.id != question.id):
        raise Stale(_("There is a newer question; please answer that one."))
    return question


async def begin(tx: Transaction, event: Event) -> None:
    """A brief is paid: its client is asked, unless they were in the last 90 days."""
    brief = event.thing
    assert isinstance(brief, Brief)
    client = await people.locked(tx, event.tenant, brief.client_id)  # of two that are paid at once, one asks
    if client is None or not client.may(Permission.SUBMIT_BRIEFS):
        return
    if not (await consents.choices(tx.connection, event.tenant, client.id)).allows(Purpose.QUESTIONS):
        return
    before = await nps.newest(tx, event.tenant, client.id)
    if before is not None and tx.now - before.created_at < AGAIN_AFTER:
        return
    if not await nps.add(tx, event.tenant, client.id, brief.id, tx.now + STARS_WAIT):
        return
    rating = await ratings.of_brief(tx.connection, event.tenant, brief.id)
    if rating is not None and rating.stars > LOW_STARS:
        await _ask(tx, event.tenant, brief.id)


async def rated(tx: Transaction, event: Event) -> None:
    """The stars are given: the question that waited for them is put, unless they are so few that another one is."""
    if int(event.data["stars"]) > LOW_STARS:
        await _ask(tx, event.tenant, event.number)


async def _ask(tx: Transaction, tenant: str, brief_id: int) -> bool:
    """Put the question that waits after that brief, if one does."""
    question = await nps.of_brief(tx, tenant, brief_id)
    if question is None or question.state is not QuestionState.WAITS:
        return False
    if not (await consents.choices(tx.connection, tenant, question.client_id)).allows(Purpose.QUESTIONS):
        return False
    client = await people.by_id(tx.connection, tenant, question.client_id)
    asked = await nps.change(tx, question, state=QuestionState.ASKED, asked_at=tx.now)
    heard = await notify(tx, client, Topic.RATINGS, partial(cards.question, asked), slot=f"nps:{asked.id}")
    await record(tx, tenant, None, "nps.asked", f"nps:{asked.id}", brief=brief_id, heard=heard)
    return heard
