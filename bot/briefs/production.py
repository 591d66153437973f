"""From the client's yes to the delivered work: draft, judge, decide, deliver. One step per call of `advance`.

Every step begins from the rows and ends in one transaction; a step whose row is there already passes on, so it may be
called any number of times, by any process, after any crash.
"""

from collections.abc import Sequence

from bot.access.model import Role
from bot.briefs import cards, rating_cards
from bot.briefs.desk import Desk
from bot.briefs.journal import changed, tell
from bot.briefs.judging import Gate, Judging
from bot.briefs.model import Brief, Draft, State
from bot.briefs.paid import write_paid
from bot.briefs.prompts import criticism, draft_prompt
from bot.kernel.errors import ProviderError, Stale
from bot.kernel.ids import content_hash
from bot.kernel.tasks import TaskQueue
from bot.mirror.service import MirrorLog
from bot.platform.ports import Answer, Models, Prompt
from bot.quality.duels import Duels
from bot.quality.registry import Prompts
from storage import billing, briefs, drafts, people
from storage.database import Database, Transaction

WHY = {"refused": "the model refused", "cut": "the answer was cut off", "filtered": "the provider's filter stopped it"}


class Production:
    """The steps of a brief that no person takes."""

    def __init__(
        self,
        database: Database,
        models: Models,
        queue: TaskQueue,
        draft_models: Sequence[str],
        gate: Gate,
        desk: Desk,
        prompts: Prompts,
        duels: Duels,
        mirror: MirrorLog,
    ) -> None:
        self._database = database
        self._models = models
        self._draft_models = draft_models
        self._prompts = prompts
        self._duels = duels
        self._mirror = mirror
        self.judging = Judging(database, models, queue, gate, desk, prompts, self._deliver_in)

    async def advance(self, brief_id: int) -> bool:
        """Take the brief's next step; False where it waits for a person, is delivered, or has ended.

        Raises ProviderError where a model gave no answer that counts; the brief stays where it is.
        """
        async with self._database.reading() as connection:
            brief = await briefs.load(connection, brief_id)
        steps = {
            State.QUEUED: self._begin,
            State.DRAFTING: self._draft,
            State.JUDGING: self.judging.step,
            State.APPROVED: self._deliver,
        }
        if brief.state not in steps:
            return False
        try:
            await steps[brief.state](brief)
        except Stale:
            # Somebody else moved the brief (a cancel, a second worker): what it is now decides the next step.
            return True
        except ProviderError as error:
            if not error.permanent:
                raise
            await self._fail(brief, str(error))
        return True

    async def _begin(self, brief: Brief) -> None:
        async def work(tx: Transaction) -> None:
            await changed(tx, await briefs.move(tx, brief, State.DRAFTING, attempt=max(1, brief.attempt)), "drafting")

        await self._database.write(work)

    async def _draft(self, brief: Brief) -> None:
        async with self._database.reading() as connection:
            made = await drafts.drafts_of(connection, brief.id)
            judged = await drafts.evaluations_of(connection, brief.id)
        if any(draft.attempt == brief.attempt for draft in made):
            await self._to_judging(brief)
            return
        earlier = made[-1] if made else None
        feedback = criticism([e for e in judged if earlier is not None and e.draft_id == earlier.id])
        wording = await self._prompts.wording(brief.tenant, "draft", brief.task_type)
        prompt = draft_prompt(brief, earlier.text if earlier else "", feedback, wording)
        answer = await self._ask_drafters(brief, prompt)
        if answer.outcome != "ok" or not answer.text.strip():
            await self._record(brief, answer, prompt)
            await self._fail(brief, f"no draft: {WHY.get(answer.outcome, 'the answer was empty')}")
            return

        duelled = await self._duels.meets(brief)

        async def work(tx: Transaction) -> None:
            if duelled:
                await self._duels.enter(tx, brief)
            text = answer.text.strip()
            draft = await drafts.add_draft(tx, brief, brief.attempt, text, answer.model, prompt_id=wording.prompt_id)
            moved = await briefs.move(tx, brief, State.JUDGING, draft_id=draft.id)
            await changed(tx, moved, "drafted", attempt=draft.attempt, draft=draft.id)

        await write_paid(self._database, brief, work, [answer.as_call(prompt)])

    async def _to_judging(self, brief: Brief) -> None:
        async def work(tx: Transaction) -> None:
            draft = await drafts.draft_of(tx.connection, brief.id, brief.attempt)
            assert draft is not None
            moved = await briefs.move(tx, brief, State.JUDGING, draft_id=draft.id)
            await changed(tx, moved, "drafted", attempt=draft.attempt, draft=draft.id)

        await self._database.write(work)

    async def _ask_drafters(self, brief: Brief, prompt: Prompt) -> Answer:
        """The first usable answer of the drafting models, in order; otherwise the last one's answer or error."""
        *first, last = self._draft_models
        for model in first:
            try:
                answer = await self._models.ask(model, prompt)
            except ProviderError as error:
                if not error.permanent:
                    raise
                continue
            if answer.outcome == "ok" and answer.text.strip():
                return answer
            await self._record(brief, answer, prompt)
        return await self._models.ask(last, prompt)

    async def _record(self, brief: Brief, answer: Answer, prompt: Prompt) -> None:
        await self._database.write(lambda tx: drafts.add_call(tx, brief.tenant, brief.id, answer.as_call(prompt)))

    async def _deliver(self, brief: Brief) -> None:
        assert brief.draft_id is not None
        draft_id = brief.draft_id

        async def work(tx: Transaction) -> bool:
            draft = await drafts.get_draft(tx.connection, brief.tenant, draft_id)
            if await drafts.approved_hash(tx.connection, brief.id) != content_hash(draft.text):
                return False
            await self._deliver_in(tx, brief, draft)
            return True

        if not await self._database.write(work):
            await self._fail(brief, "the text is not the one that was approved, so it was not sent")

    async def _deliver_in(self, tx: Transaction, brief: Brief, draft: Draft) -> None:
        delivered = await briefs.move(tx, brief, State.DELIVERED)
        await changed(tx, delivered, "delivered", draft=draft.id)
        for part, card in enumerate(cards.delivery(delivered, draft)):
            await tell(tx, brief.tenant, brief.chat_id, card, key=f"brief:{brief.id}:delivery:{part}")
        await tell(tx, brief.tenant, brief.chat_id, rating_cards.question(delivered), key=f"brief:{brief.id}:rating")
        if delivered.price.minor:
            await billing.invoice_for(tx, delivered)
        await self._mirror.brief(tx, delivered)

    async def _fail(self, brief: Brief, reason: str) -> None:
        async def work(tx: Transaction) -> None:
            failed = await briefs.move(tx, brief, State.FAILED, reason=reason)
            await changed(tx, failed, "failed", reason=reason)
            for person in await people.with_roles(tx.connection, brief.tenant, Role.OPERATOR, Role.ADMIN):
                await tell(tx, brief.tenant, person.telegram_id, cards.failed(failed))
            await self._mirror.brief(tx, failed)

        await self._database.write(work)
