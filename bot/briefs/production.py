"""From the client's yes to the delivered work: draft, judge, decide, deliver. One step per call of `advance`.

Every step begins from the rows and ends in one transaction; a step whose row is there already passes on, so it may be
called any number of times, by any process, after any crash.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.access.model import Role
from bot.briefs import cards
from bot.briefs.journal import changed, tell
from bot.briefs.model import Brief, Draft, State
from bot.briefs.prompts import criticism, draft_prompt
from bot.briefs.reviewing import review_card, to_deciders
from bot.kernel.errors import ProviderError, Stale
from bot.mirror.service import MirrorLog
from bot.platform.ports import Answer, Models, Prompt
from bot.quality import judge
from bot.quality.model import Evaluation, Floors, counted, evaluate
from storage import billing, briefs, drafts, people
from storage.database import Database, Transaction

FIRST_LOOK, SECOND_LOOK = 1, 2
WHY = {"refused": "the model refused", "cut": "the answer was cut off", "filtered": "the provider's filter stopped it"}


@dataclass(frozen=True, slots=True)
class Gate:
    """How drafts are made and when one passes without a person."""

    draft_models: Sequence[str]
    judge_model: str
    floors: Floors
    attempts: int


class Production:
    """The steps of a brief that no person takes."""

    def __init__(self, database: Database, models: Models, gate: Gate, mirror: MirrorLog) -> None:
        self._database = database
        self._models = models
        self._gate = gate
        self._mirror = mirror

    async def advance(self, brief_id: int) -> bool:
        """Take the brief's next step; False where it waits for a person, is delivered, or has ended.

        Raises ProviderError where a model gave no answer that counts; the brief stays where it is.
        """
        async with self._database.reading() as connection:
            brief = await briefs.load(connection, brief_id)
        steps = {
            State.QUEUED: self._begin,
            State.DRAFTING: self._draft,
            State.JUDGING: self._judge,
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
        prompt = draft_prompt(brief, earlier.text if earlier else "", feedback)
        answer = await self._ask_drafters(brief, prompt)
        if answer.outcome != "ok" or not answer.text.strip():
            await self._record(brief, answer, prompt)
            await self._fail(brief, f"no draft: {WHY.get(answer.outcome, 'the answer was empty')}")
            return

        async def work(tx: Transaction) -> None:
            await drafts.add_call(tx, brief.tenant, brief.id, answer.as_call(prompt))
            draft = await drafts.add_draft(tx, brief, brief.attempt, answer.text.strip(), answer.model)
            moved = await briefs.move(tx, brief, State.JUDGING, draft_id=draft.id)
            await changed(tx, moved, "drafted", attempt=draft.attempt, draft=draft.id)

        await self._write_paid(brief, work, [(answer, prompt)])

    async def _write_paid(
        self, brief: Brief, work: Callable[[Transaction], Awaitable[None]], calls: Sequence[tuple[Answer, Prompt]]
    ) -> None:
        """Write down what came of paid calls; where the brief was moved meanwhile, their cost alone."""
        try:
            await self._database.write(work)
        except Stale:
            for answer, prompt in calls:
                await self._record(brief, answer, prompt)
            raise

    async def _to_judging(self, brief: Brief) -> None:
        async def work(tx: Transaction) -> None:
            draft = await drafts.draft_of(tx.connection, brief.id, brief.attempt)
            assert draft is not None
            moved = await briefs.move(tx, brief, State.JUDGING, draft_id=draft.id)
            await changed(tx, moved, "drafted", attempt=draft.attempt, draft=draft.id)

        await self._database.write(work)

    async def _ask_drafters(self, brief: Brief, prompt: Prompt) -> Answer:
        """The first usable answer of the drafting models, in order; otherwise the last one's answer or error."""
        *first, last = self._gate.draft_models
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

    async def _judge(self, brief: Brief) -> None:
        async with self._database.reading() as connection:
            draft = await drafts.draft_of(connection, brief.id, brief.attempt)
            judged = await drafts.evaluations_of(connection, brief.id)
        assert draft is not None
        looks = {evaluation.look: evaluation for evaluation in judged if evaluation.draft_id == draft.id}
        if FIRST_LOOK not in looks:
            await self._look(brief, draft, FIRST_LOOK, looks)
        elif looks[FIRST_LOOK].passed and SECOND_LOOK not in looks and not brief.note:
            await self._look(brief, draft, SECOND_LOOK, looks)
        else:
            await self._decide(brief, draft, looks)

    async def _look(self, brief: Brief, draft: Draft, look: int, earlier: dict[int, Evaluation]) -> None:
        """Have the draft judged once more than `earlier`.

        An answer that is not what was asked for is asked for once more, then counts as "not scored".
        """
        calls: list[tuple[Answer, Prompt]] = []
        evaluation = Evaluation(draft.id, look, (), None, passed=False, model=self._gate.judge_model)
        for _ in range(2):
            prompt = judge.prompt(brief.text, brief.note or "", draft.text, look)
            answer = await self._models.ask(self._gate.judge_model, prompt)
            calls.append((answer, prompt))
            results = judge.read(answer.text, draft.text) if answer.outcome == "ok" else ()
            evaluation = evaluate(
                draft.id, look, results, target=brief.qa_target, floors=self._gate.floors, model=answer.model
            )
            if evaluation.scored:
                break

        async def work(tx: Transaction) -> None:
            for answer, prompt in calls:
                await drafts.add_call(tx, brief.tenant, brief.id, answer.as_call(prompt))
            kept = await drafts.add_evaluation(tx, brief, evaluation)
            looks = {**earlier, look: kept}
            if look == SECOND_LOOK or not kept.passed or brief.note:
                await self._decide_in(tx, brief, draft, looks)

        await self._write_paid(brief, work, calls)

    async def _decide(self, brief: Brief, draft: Draft, looks: dict[int, Evaluation]) -> None:
        await self._database.write(lambda tx: self._decide_in(tx, brief, draft, looks))

    async def _decide_in(self, tx: Transaction, brief: Brief, draft: Draft, looks: dict[int, Evaluation]) -> None:
        """What the looks at the draft mean: approved, another attempt, or a person decides on the best draft.

        A draft that a person asked for goes back to people, whatever its score.
        """
        first, second = looks[FIRST_LOOK], looks.get(SECOND_LOOK)
        if not brief.note and first.passed and second is not None and second.passed:
            approved = await briefs.move(tx, brief, State.APPROVED)
            await drafts.add_decision(tx, brief, draft, "approved", None)
            await changed(tx, approved, "approved", show=False, by="gate", score=second.weighted)
            await self._deliver_in(tx, approved, draft)
        elif not brief.note and first.scored and brief.attempt < self._gate.attempts:
            again = await briefs.move(tx, brief, State.DRAFTING, attempt=brief.attempt + 1)
            await changed(tx, again, "redrafting", attempt=again.attempt)
        else:
            await self._to_review(tx, brief, draft)

    async def _to_review(self, tx: Transaction, brief: Brief, newest: Draft) -> None:
        judged = await drafts.evaluations_of(tx.connection, brief.id)
        draft = newest if brief.note else _best(await drafts.drafts_of(tx.connection, brief.id), judged)
        moved = await briefs.move(tx, brief, State.IN_REVIEW, draft_id=draft.id)
        await changed(tx, moved, "in_review", draft=draft.id)
        card = await review_card(tx.connection, moved, self._gate.floors, self._gate.attempts, tx.now)
        await to_deciders(tx, moved, draft, card)

    async def _deliver(self, brief: Brief) -> None:
        assert brief.draft_id is not None
        draft_id = brief.draft_id

        async def work(tx: Transaction) -> None:
            await self._deliver_in(tx, brief, await drafts.get_draft(tx.connection, brief.tenant, draft_id))

        await self._database.write(work)

    async def _deliver_in(self, tx: Transaction, brief: Brief, draft: Draft) -> None:
        delivered = await briefs.move(tx, brief, State.DELIVERED)
        await changed(tx, delivered, "delivered", draft=draft.id)
        for part, card in enumerate(cards.delivery(delivered, draft)):
            await tell(tx, brief.tenant, brief.chat_id, card, key=f"brief:{brief.id}:delivery:{part}")
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


def _best(made: Sequence[Draft], judged: Sequence[Evaluation]) -> Draft:
    """The draft with the highest counted score; of equals, and where none was scored, the newest."""

    def merit(draft: Draft) -> tuple[int, int]:
        counts = counted([e for e in judged if e.draft_id == draft.id])
        return (counts.weighted or 0 if counts else -1, draft.attempt)

    return max(made, key=merit)
