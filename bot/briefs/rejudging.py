"""The judge's opinion on a text that a person edited: shown on the review card, and nobody has to wait for it."""

from collections.abc import Awaitable, Callable, Sequence

from bot.briefs.desk import Desk
from bot.briefs.journal import changed
from bot.briefs.model import Brief, Draft, State
from bot.briefs.paid import Call, add_calls
from bot.briefs.reviewing import put_before_people
from bot.kernel.errors import ProviderError
from bot.quality.model import Evaluation
from storage import briefs, drafts
from storage.database import Database, Transaction

# The first look at a draft: what the judge made of it, and the calls that it took.
Look = Callable[[Brief, Draft], Awaitable[tuple[Evaluation, Sequence[Call]]]]


class Rejudging:
    """Has edited drafts judged while they wait for a decision."""

    def __init__(self, database: Database, look: Look, desk: Desk) -> None:
        self._database = database
        self._look = look
        self._desk = desk

    async def rejudge(self, draft_id: int) -> None:
        """Have the draft judged and shown with its score, unless that was done or nobody waits for it any more.

        Raises ProviderError where the judge cannot be asked just now.
        """
        async with self._database.reading() as connection:
            draft = await drafts.load_draft(connection, draft_id)
            brief = await briefs.load(connection, draft.brief_id)
            looks = await drafts.looks_at(connection, draft_id)
        if looks or not _waits(brief, draft):
            return
        calls: Sequence[Call] = ()
        try:
            evaluation, calls = await self._look(brief, draft)
        except ProviderError as error:
            if not error.permanent:
                raise
            evaluation = Evaluation(draft.id, 1, (), None, passed=False, model="")

        async def work(tx: Transaction) -> None:
            await add_calls(tx, brief, calls)
            kept = await drafts.add_evaluation(tx, brief, evaluation)
            fresh = await briefs.get(tx.connection, brief.tenant, brief.id, lock=True)
            if _waits(fresh, draft):
                await changed(tx, fresh, "judged", show=False, draft=draft.id, score=kept.weighted)
                await put_before_people(tx, fresh, self._desk)

        await self._database.write(work)


def _waits(brief: Brief, draft: Draft) -> bool:
    return brief.state is State.IN_REVIEW and brief.draft_id == draft.id
