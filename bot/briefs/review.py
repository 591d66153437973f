"""What an operator may do with a draft that waits for a decision. The first decision wins; nobody decides their own."""

from bot.access.model import Permission, Person
from bot.briefs import cards
from bot.briefs.journal import changed
from bot.briefs.model import Brief, Draft, State, check_move, check_version
from bot.briefs.reviewing import to_deciders
from bot.briefs.service import PRODUCE
from bot.kernel.errors import Forbidden, Refusal
from bot.kernel.tasks import Task, TaskQueue
from bot.mirror.service import MirrorLog
from storage import briefs, drafts, verdicts
from storage.database import Database, Transaction

LONGEST_REASON = 1_000


class Review:
    """Verbs of operators and admins. Each raises Forbidden, or Stale where somebody decided before."""

    def __init__(self, database: Database, queue: TaskQueue, mirror: MirrorLog) -> None:
        self._database = database
        self._queue = queue
        self._mirror = mirror

    async def approve(self, who: Person, brief_id: int, version: int) -> Brief:
        """Let the draft out to the client as it is."""

        async def work(tx: Transaction) -> Brief:
            brief, draft = await self._open(tx, who, brief_id, version)
            brief = await briefs.move(tx, brief, State.APPROVED)
            await self._record(tx, who, brief, draft, "Approved", None)
            await self._queue.enqueue(tx, Task(PRODUCE, brief.id))
            return brief

        return await self._database.write(work)

    async def send_back(self, who: Person, brief_id: int, version: int, reason: str) -> Brief:
        """Have another draft made that heeds the reason; it comes back to people, whatever its score."""
        reason = _check_reason(reason)

        async def work(tx: Transaction) -> Brief:
            brief, draft = await self._open(tx, who, brief_id, version)
            newest = (await drafts.drafts_of(tx.connection, brief.id))[-1]
            brief = await briefs.move(tx, brief, State.DRAFTING, attempt=newest.attempt + 1, note=reason)
            await self._record(tx, who, brief, draft, "Sent back", reason)
            await self._queue.enqueue(tx, Task(PRODUCE, brief.id))
            return brief

        return await self._database.write(work)

    async def reject(self, who: Person, brief_id: int, version: int, reason: str) -> Brief:
        """End the brief without charge; the client reads the reason."""
        reason = _check_reason(reason)

        async def work(tx: Transaction) -> Brief:
            brief, draft = await self._open(tx, who, brief_id, version)
            brief = await briefs.move(tx, brief, State.REJECTED, reason=reason)
            await self._record(tx, who, brief, draft, "Rejected", reason)
            await self._mirror.brief(tx, brief)
            return brief

        return await self._database.write(work)

    async def check_open(self, who: Person, brief_id: int, version: int) -> None:
        """Raise what deciding now would raise, before a reason is asked for."""
        await self._database.write(lambda tx: self._open(tx, who, brief_id, version))

    async def _open(self, tx: Transaction, who: Person, brief_id: int, version: int) -> tuple[Brief, Draft]:
        who.require(Permission.DECIDE)
        brief = await briefs.get(tx.connection, who.tenant, brief_id)
        if brief.client_id == who.id:
            raise Forbidden("Nobody decides on their own brief; another operator or an admin has to.")
        check_move(brief, State.APPROVED)
        check_version(brief, version)
        assert brief.draft_id is not None
        return brief, await drafts.get_draft(tx.connection, brief.tenant, brief.draft_id)

    async def _record(
        self, tx: Transaction, who: Person, brief: Brief, draft: Draft, verdict: str, reason: str | None
    ) -> None:
        event = verdict.lower().replace(" ", "_")
        await drafts.add_decision(tx, brief, draft, event, who.id, reason)
        await verdicts.record_human(tx, brief, draft, event, who.id)
        await changed(tx, brief, event, who, draft=draft.id, content_hash=draft.content_hash, reason=reason)
        await to_deciders(tx, brief, draft, cards.decided(brief, draft, verdict, who.name, tx.now, reason))


def _check_reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < 3:
        raise Refusal("Say in a few words what should change, for example: leave the delivery time out.")
    if len(reason) > LONGEST_REASON:
        raise Refusal(f"Please keep the reason under {LONGEST_REASON:,} characters; this one has {len(reason):,}.")
    return reason
