"""From a draft to a decision: the judge's samples, the gate's step, the blind audit and the hidden probe."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from bot.briefs.model import Brief, Draft, State
from bot.briefs.progress import changed
from bot.checks.checks import Found
from bot.consents.model import Purpose
from bot.drafting.asking import MOST_TRIES, NoAnswer, asked_in_all
from bot.drafting.model_calls import budget_of, record_calls
from bot.flags.model import Flag
from bot.flags.service import Flags
from bot.kernel.card import Card
from bot.kernel.errors import EchoPilotError, ProviderError
from bot.kernel.tasks import Pool, RunAgain, Task, TaskKind, TaskQueue
from bot.kernel.translation import gettext as _
from bot.messages.service import ADMINS, notify_roles
from bot.messages.topics import Topic
from bot.models.budget import Payer
from bot.models.ports import Answer, Prompt
from bot.models.spending import BilledCall, BudgetExceeded, CallsSwitchedOff, RegionRefuses, Spend
from bot.prompts.service import Prompts
from bot.quality import judge
from bot.quality.cards import probe_passed
from bot.quality.gate import Move, Rules, Step, next_step, sample_of
from bot.quality.injection import families
from bot.quality.known_bad import spoil
from bot.quality.model import Evaluation, Floors, evaluate
from bot.review.model import ReviewPolicy
from storage.briefs import briefs, drafts
from storage.consents import consents
from storage.engine.database import Database, Transaction
from storage.quality import verdicts

log = structlog.get_logger(__name__)
PROBE = TaskKind("probe", Pool.MODELS)
ROOM_SECONDS = 3600.0  # how often it is looked whether a ceiling has room again
SWITCH_SECONDS = 60.0  # and whether models are switched on again
Judged = tuple[Evaluation, list[BilledCall[Answer]]]
Deliver = Callable[[Transaction, Brief, Draft], Awaitable[Brief]]


@dataclass(frozen=True, slots=True)
class GatePolicy:
    """Who judges drafts, and when one passes without a person.

    rules: all but the target and the question whether a person has to decide, which are each brief's own.
    audit_percent: of the drafts that it decides on, passed or not, how many people decide on without seeing scores;
        those that passed are the audit of the gate, and nothing tells them from the others.
    probe_percent: with how many judged briefs a known-bad draft is put before the judge.
    """

    judge_model: str
    rules: Rules
    floors: Floors
    audit_percent: float
    probe_percent: float


class Judging:
    """The steps from a draft to a decision. `deliver` hands an approved draft out within the same transaction."""

    def __init__(
        self,
        database: Database,
        spend: Spend,
        queue: TaskQueue,
        gate: GatePolicy,
        policy: ReviewPolicy,
        prompts: Prompts,
        deliver: Deliver,
        switches: Flags,
    ) -> None:
        self._database = database
        self._flags = switches
        self._spend = spend
        self._queue = queue
        self._gate = gate
        self._policy = policy
        self._prompts = prompts
        self._deliver = deliver

    async def step(self, brief: Brief) -> Brief | None:
        """Take the samples of the brief's newest draft that are wanted next, at once, or decide; returns the brief
        where that moved it.

        Raises ProviderError, NoRoom where a ceiling is reached, or Stale where the brief was moved meanwhile.
        """
        async with self._database.reading() as connection:
            made = await drafts.drafts_of(connection, brief.tenant, brief.id)
            judged = await drafts.evaluations_of(connection, brief.tenant, brief.id)
        draft = next(draft for draft in made if draft.attempt == brief.attempt)
        flags = _flags(brief, draft)
        alone = await self._flags.lets(Flag.AUTO_APPROVAL, brief.tenant, brief.client_id)
        doubts: list[str | Found] = [*flags, *(() if alone else (Flag.AUTO_APPROVAL,))]
        newest = {one.id for one in made if one.attempt == brief.attempt}
        if any(evaluation.draft_id in newest for evaluation in judged):
            doubts += await self._check(brief, draft)  # else the first sample is taken whatever is found
        step = self._next(brief, doubts, made, judged)
        if step.move is not Move.SAMPLE:
            return await self._database.write(lambda tx: self._decide(tx, brief, flags, doubts, made, step))
        numbers = _missing(step, [evaluation for evaluation in judged if evaluation.draft_id == draft.id])
        began = self._database.clock.now()
        found, asked = await asyncio.gather(
            self._check(brief, draft), self._samples(brief, draft, numbers), return_exceptions=True
        )
        assert not isinstance(asked, BaseException), "a fault of a sample is among the answers"
        faults = [one for one in asked if isinstance(one, BaseException)]
        samples = [one for one in asked if not isinstance(one, BaseException)]
        if not samples:
            raise await self._final(brief, faults[0], began, len(numbers))

        async def work(tx: Transaction) -> Brief | None:
            kept = [await drafts.add_evaluation(tx, brief, evaluation) for evaluation, _ in samples]
            if isinstance(found, BaseException):  # which is raised when what was paid for is written down
                return None
            following = self._next(brief, [*doubts, *found], made, [*judged, *kept])
            if following.move is Move.SAMPLE:  # whether it still waits for that is looked up: a sample is paid for
                return None
            return await self._decide(tx, brief, flags, [*doubts, *found], made, following)

        calls = [call for _, paid in samples for call in paid]
        moved = await record_calls(self._database, self._spend, brief, work, calls)
        if faults:
            raise await self._final(brief, faults[0], began, len(numbers))
        if isinstance(found, BaseException):
            raise found
        return moved

    async def _check(self, brief: Brief, draft: Draft) -> Sequence[Found]:
        """What the plain checks find; where it is not remembered in a thread, since the first loads the detector."""
        known = self._policy.checks.remembered(brief, draft.text)
        return await asyncio.to_thread(self._policy.checks.of, brief, draft.text) if known is None else known

    async def _samples(self, brief: Brief, draft: Draft, numbers: Sequence[int]) -> Sequence[Judged | BaseException]:
        """Have the draft judged so often, at once: each answer, or why there is none."""
        return await asyncio.gather(*(self._sample(brief, draft, n) for n in numbers), return_exceptions=True)

    async def _final(self, brief: Brief, fault: BaseException, began: datetime, samples: int = 1) -> BaseException:
        """The fault, or NoAnswer where the judge was asked as often as may be, and the try that began then was paid for
        in vain too.
        """
        if not isinstance(fault, ProviderError | BudgetExceeded) or (
            isinstance(fault, ProviderError) and fault.permanent
        ):
            return fault
        async with self._database.reading() as connection:
            now, _unanswered, in_vain = await drafts.asked(connection, brief, "judge", began)
        return NoAnswer(asked_in_all(fault, now)) if in_vain and now >= MOST_TRIES * samples else fault

    def _next(
        self, brief: Brief, doubts: Sequence[str | Found], made: Sequence[Draft], judged: Sequence[Evaluation]
    ) -> Step:
        """The gate's step. A draft that a person asked for, or that is in doubt, goes to people, whatever its score."""
        attempts = {draft.id: draft.attempt for draft in made}
        samples = [sample_of(attempts[evaluation.draft_id], evaluation) for evaluation in judged]
        samples = [sample for sample in samples if sample.attempt >= brief.first_attempt]
        rules = replace(self._gate.rules, target=brief.qa_target, automatic=not (brief.note or doubts))
        rules = replace(rules, attempts=rules.attempts + brief.first_attempt - 1)
        if brief.note:
            samples = [sample for sample in samples if sample.attempt == brief.attempt]
            rules = replace(rules, attempts=brief.attempt)
        return next_step(samples, brief.attempt, rules)

    async def _sample(self, brief: Brief, draft: Draft, look: int) -> Judged:
        """Have the draft judged once.

        An answer that is not what was asked for is asked for once more, then counts as "not scored".
        """
        wording = await self._prompts.wording(brief.tenant, "judge", brief.task_type)
        paid: list[BilledCall[Answer]] = []
        for _try in range(2):
            prompt = judge.prompt(brief.text, brief.note or "", draft.text, look, wording)
            try:
                paid.append(await self._ask(budget_of(brief), prompt))
            except EchoPilotError:
                if paid:
                    await self._database.write(lambda tx: self._spend.record(tx, budget_of(brief), paid))
                raise
            evaluation = self._evaluation(brief, draft, look, paid[-1].result)
            if evaluation.scored:
                break
        return evaluation, paid

    async def _ask(self, payer: Payer, prompt: Prompt) -> BilledCall[Answer]:
        """Every call of the judge: to judge a brief's draft, or to be probed."""
        return await self._spend.ask(payer, self._gate.judge_model, prompt)

    def _evaluation(self, brief: Brief, draft: Draft, look: int, answer: Answer) -> Evaluation:
        results = judge.read(answer.text, draft.text) if answer.outcome == "ok" else ()
        return evaluate(draft.id, look, results, target=brief.qa_target, floors=self._gate.floors, model=answer.model)

    async def _decide(
        self,
        tx: Transaction,
        brief: Brief,
        flags: Sequence[str],
        doubts: Sequence[str | Found],
        made: Sequence[Draft],
        step: Step,
    ) -> Brief:
        """Approved and delivered, another attempt, or before a person. Where there are doubts the gate has no say."""
        if step.move is Move.REDRAFT:
            again = await briefs.move(tx, brief, State.DRAFTING, attempt=step.attempt, flags=list(flags))
            await self._doubted(tx, brief, flags)
            await changed(tx, again, "redrafting", attempt=again.attempt)
            return again
        draft = next(draft for draft in made if draft.attempt == step.attempt)
        passed = step.move is Move.APPROVE
        gates = not (brief.note or doubts)
        blind = gates and _chance(self._gate.audit_percent)
        if gates:
            await verdicts.add_verdict(
                tx, brief, draft,
                weighted=step.weighted, passed=passed, blind=blind, judge_model=self._gate.judge_model,
            )  # fmt: skip
        if passed and not blind:
            approved = await briefs.move(tx, brief, State.APPROVED, draft_id=draft.id)
            await drafts.add_decision(tx, brief, draft, "approved", None)
            await changed(tx, approved, "approved", show=False, by="gate", score=step.weighted)
            moved = await self._deliver(tx, approved, draft)
        else:
            moved = await self._to_review(tx, brief, draft, flags)
        if _chance(self._gate.probe_percent):
            await self._queue.enqueue(tx, Task(PROBE, brief.id))
        return moved

    async def _to_review(self, tx: Transaction, brief: Brief, draft: Draft, flags: Sequence[str]) -> Brief:
        moved = await briefs.move(tx, brief, State.IN_REVIEW, draft_id=draft.id, flags=list(flags))
        await self._doubted(tx, brief, flags)
        await changed(tx, moved, "in_review", draft=draft.id, flags=list(flags))
        return moved

    async def _doubted(self, tx: Transaction, brief: Brief, flags: Sequence[str]) -> None:
        if bool(flags) is not bool(brief.flags):
            await verdicts.doubted(tx, brief)

    async def rejudge(self, draft_id: int) -> None:
        """Have a text that a person edited judged and shown with its score, unless that was done or nobody waits for it
        any more. Nobody has to wait for the judge to decide on it.

        Raises ProviderError where the judge cannot be asked just now.
        """
        async with self._database.reading() as connection:
            draft = await drafts.load_draft(connection, draft_id)
            brief = await briefs.load(connection, draft.brief_id)
            samples = await drafts.evaluations_of_draft(connection, brief.tenant, draft_id)
        if samples or not _waits(brief, draft):
            return
        paid: list[BilledCall[Answer]] = []
        began = self._database.clock.now()
        try:
            evaluation, paid = await self._sample(brief, draft, look=1)
        except (CallsSwitchedOff, RegionRefuses):
            raise RunAgain(SWITCH_SECONDS) from None
        except (ProviderError, BudgetExceeded) as error:
            final = await self._final(brief, error, began)
            if isinstance(final, ProviderError) and not final.permanent:
                raise
            evaluation = Evaluation(draft.id, 1, (), None, passed=False, model=self._gate.judge_model)

        async def work(tx: Transaction) -> None:
            kept = await drafts.add_evaluation(tx, brief, evaluation)
            fresh = await briefs.get(tx.connection, brief.tenant, brief.id, lock=True)
            if _waits(fresh, draft):
                await changed(tx, fresh, "judged", show=False, draft=draft.id, score=kept.weighted)

        await record_calls(self._database, self._spend, brief, work, paid)

    async def probe(self, brief_id: int) -> None:
        """Put a known-bad draft before the judge as if it were the brief's; the brief itself knows nothing of it.

        Its client's words go along, so the client has to allow it.

        One that passes is told to the admins, once a day. Raises ProviderError where the judge may answer later, which
        the queue bounds as for every task; RunAgain where a ceiling has no room.
        """
        async with self._database.reading() as connection:
            brief = await briefs.load(connection, brief_id)
            done = await verdicts.probed(connection, brief.tenant, brief_id)
            if done or brief.draft_id is None:
                return
            draft = await drafts.get_draft(connection, brief.tenant, brief.draft_id)
            chosen = await consents.choices(connection, brief.tenant, brief.client_id)
        if not chosen.allows(Purpose.IMPROVING):
            return
        name, text = spoil(brief.task_type, draft.text, secrets.choice)
        bad = replace(draft, text=text)
        wording = await self._prompts.wording(brief.tenant, "judge", brief.task_type)
        prompt = judge.prompt(brief.text, brief.note or "", bad.text, 1, wording)
        business = Payer(brief.tenant)
        try:
            await self._spend.check(budget_of(brief))
            paid = await self._ask(business, prompt)
        except BudgetExceeded:
            raise RunAgain(ROOM_SECONDS) from None
        except ProviderError as error:
            if not error.permanent:
                raise
            log.warning("the judge cannot be probed", brief=brief_id, error=str(error))
            return
        answer, paid = paid.result, replace(paid, call={**paid.call, "purpose": PROBE.name})
        evaluation = self._evaluation(brief, bad, 1, answer)

        async def work(tx: Transaction) -> None:
            await self._spend.record(tx, business, [paid])
            if await verdicts.probed(tx.connection, brief.tenant, brief_id):
                return
            await verdicts.add_probe(
                tx, brief, name, weighted=evaluation.weighted, passed=evaluation.passed, judge_model=answer.model
            )
            if evaluation.passed:
                await notify_roles(tx, brief.tenant, ADMINS, Topic.QUALITY, show, key=f"probe:{tx.now:%Y-%m-%d}")

        def show() -> Card:
            return probe_passed(_(name), brief.task_type, evaluation.points, brief.qa_target)

        await self._database.write(work)


def _flags(brief: Brief, draft: Draft) -> tuple[str, ...]:
    """What in the brief or in a draft of it tries to steer the judge; once found it stays."""
    return tuple(sorted({*brief.flags, *families(brief.text), *families(draft.text)}))


def _waits(brief: Brief, draft: Draft) -> bool:
    """Whether people are to decide on just this draft."""
    return brief.state is State.IN_REVIEW and brief.draft_id == draft.id


def _missing(step: Step, judged: Sequence[Evaluation]) -> list[int]:
    """The numbers of the samples that are still to be taken, where the draft has these already."""
    taken = {evaluation.look for evaluation in judged}
    return [n for n in range(1, step.samples + len(taken) + 1) if n not in taken][: step.samples - len(taken)]


def _chance(percent: float) -> bool:
    """True in so many of a hundred cases, and nobody can tell which."""
    return secrets.randbelow(1_000_000) < percent * 10_000
