"""Duels of two drafting prompts on live briefs: each is drafted with both, and a judge who does not know compares.

The client gets what the prompt in use wrote, as ever; the other text is written by a task of its own, so a duel neither
delays a brief nor fails it. Its calls are recorded without a brief: they are no part of what that one cost.
"""

import secrets
from dataclasses import replace
from functools import partial

import structlog

from bot.access.model import Permission, Person
from bot.audit.service import record
from bot.briefs import formats
from bot.briefs.model import Brief, Draft, State
from bot.consents.model import Purpose
from bot.drafting.media import Media
from bot.drafting.prompts import draft_prompt
from bot.experiments import cards as duel_cards
from bot.experiments import compare
from bot.experiments.compare import Winner
from bot.experiments.model import STOPPED, Duel, Pair, Standing, Tally, Verdict, decide
from bot.kernel.errors import ProviderError, Refusal, Stale
from bot.kernel.task_type import TaskType
from bot.kernel.tasks import Pool, RunAgain, Task, TaskKind, TaskQueue
from bot.kernel.translation import gettext as _
from bot.messages.service import ADMINS, notify_roles
from bot.messages.topics import Topic
from bot.models.budget import Payer
from bot.models.ports import Answer, Prompt
from bot.models.spending import BudgetExceeded, Spend
from bot.prompts.model import ALL_TYPES, Version, choose
from storage.briefs import attachments, briefs, drafts
from storage.consents import consents
from storage.core.cache import TenantCache
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.quality import duels, prompts

log = structlog.get_logger(__name__)
DUEL_PAIR = TaskKind("duel_pair", Pool.MODELS)
ROOM_SECONDS = 3600.0  # how often it is looked whether a ceiling has room again
AFTER_BRIEFS = -1  # the priority of work that no client waits for


class Duels:
    """Verbs on duels, and the work on their pairs."""

    def __init__(
        self,
        database: Database,
        queue: TaskQueue,
        spend: Spend,
        senses: Media,
        *,
        judge_model: str,
        max_output_tokens: int,
    ) -> None:
        self._database = database
        self._queue = queue
        self._spend = spend
        self._senses = senses
        self._judge_model = judge_model
        self._max_output_tokens = max_output_tokens
        self._running = TenantCache(database, duels.SIGNAL, duels.running)

    async def start(self, who: Person, task_type: TaskType, first: Version, second: Version) -> Standing:
        """Begin a duel of two drafting prompts on the briefs of a type.

        Raises Forbidden, or Refusal where the two are not for that type, are the same, or a duel runs there already.
        """
        who.require(Permission.CHANGE_PROMPTS)
        if any(v.purpose != "draft" or v.task_type not in {task_type.value, ALL_TYPES} for v in (first, second)):
            raise Refusal(
                _(
                    "Only drafting prompts for {type} or for all types can meet on {type} briefs.",
                    type=task_type.words,
                )
            )
        if first.id == second.id:
            raise Refusal(_("A duel needs two versions. /prompts lists those in use, and leads to all others."))

        async def work(tx: Transaction) -> Duel:
            for duel in await duels.running(tx.connection, who.tenant):
                if duel.task_type == task_type:
                    raise Refusal(
                        _(
                            "A duel runs for {type} already: /duel_{duel}. Stop it first or let it end.",
                            type=task_type.words,
                            duel=duel.id,
                        )
                    )
            duel = await duels.add(tx, who.tenant, task_type, first.id, second.id, who.id)
            await _note(tx, duel, "started", who)
            return duel

        return Standing(await self._database.write(work), first, second, Tally())

    async def stop(self, who: Person, duel_id: int) -> Standing:
        """End a duel without a winner; its pairs are kept. Raises Forbidden, or Stale where it has ended."""
        who.require(Permission.CHANGE_PROMPTS)

        async def work(tx: Transaction) -> None:
            await duels.get(tx.connection, who.tenant, duel_id)
            duel = await duels.lock(tx, who.tenant, duel_id)
            if duel.state != Verdict.RUNNING:
                raise Stale(_("Duel {duel} has ended already. See /duel_{duel}.", duel=duel_id))
            await duels.end(tx, duel, STOPPED)
            await _note(tx, duel, "stopped", who)

        await self._database.write(work)
        return await self.standing(who, duel_id)

    async def standing(self, who: Person, duel_id: int) -> Standing:
        """A duel as it stands; raises Refusal where there is none of that number."""
        who.require(Permission.READ_PROMPTS)
        async with self._database.reading() as connection:
            return await _standing(connection, await duels.get(connection, who.tenant, duel_id))

    async def newest(self, who: Person) -> list[Standing]:
        """The ten newest duels."""
        who.require(Permission.READ_PROMPTS)
        async with self._database.reading() as connection:
            return [await _standing(connection, duel) for duel in await duels.newest(connection, who.tenant)]

    async def meets(self, brief: Brief) -> bool:
        """Whether the first draft of the brief is to be part of a duel, which its client has to allow."""
        first = brief.attempt == 1 and not brief.note
        if not first or all(duel.task_type != brief.task_type for duel in await self._running.of(brief.tenant)):
            return False
        async with self._database.reading() as connection:
            return (await consents.choices(connection, brief.tenant, brief.client_id)).allows(Purpose.IMPROVING)

    async def enter(self, tx: Transaction, brief: Brief) -> None:
        """Have the brief drafted with both versions and compared, by a task of its own."""
        await self._queue.enqueue(tx, Task(DUEL_PAIR, brief.id, priority=AFTER_BRIEFS))

    async def pair(self, brief_id: int) -> None:
        """Carry the brief's pair on: write what is missing of it, have it judged, and see what the duel has come to.

        Raises ProviderError where a model gave no answer and may be asked again.
        """
        async with self._database.reading() as connection:
            brief = await briefs.load(connection, brief_id)
            running = await duels.running(connection, brief.tenant)
            duel = next((duel for duel in running if duel.task_type == brief.task_type), None)
            if duel is None or brief.state is State.CANCELLED:
                return
            pair = await duels.pair_of(connection, duel.tenant, duel.id, brief.id)
            chosen = await consents.choices(connection, brief.tenant, brief.client_id)
        if not chosen.allows(Purpose.IMPROVING):  # they said no since
            return
        try:
            await self._spend.check(Payer(brief.tenant, brief.client_id, brief.id))
        except BudgetExceeded:
            raise RunAgain(ROOM_SECONDS) from None
        try:
            pair = pair or await self._write(duel, brief)
            if pair is not None and pair.winner is None:
                await self._settle(duel, pair, await self._compare(brief, pair))
        except ProviderError as error:
            if not error.permanent:
                raise
            log.warning("no pair for the duel", duel=duel.id, brief=brief.id, error=str(error))

    async def _write(self, duel: Duel, brief: Brief) -> Pair | None:
        """Both versions' texts; None where a model would not write one."""
        async with self._database.reading() as connection:
            versions = [await prompts.get(connection, duel.tenant, p) for p in (duel.prompt_a, duel.prompt_b)]
            own = await drafts.draft_of(connection, brief.tenant, brief.id, 1)
            assert own is not None  # the task was enqueued with it
            made_with = await drafts.prompt_of(connection, brief.tenant, own.id)
        texts = []
        for version in versions:
            text = own.text if made_with == version.id else await self._draft(brief, version, own)
            if not text:
                return None
            texts.append(text)
        await self._database.write(lambda tx: duels.add_pair(tx, duel, brief.id, *texts))
        async with self._database.reading() as connection:
            return await duels.pair_of(connection, duel.tenant, duel.id, brief.id)

    async def _draft(self, brief: Brief, version: Version, own: Draft) -> str:
        """A first draft with this version, by the model that wrote the brief's own; empty where it would not."""
        async with self._database.reading() as connection:
            attached = await attachments.of_brief(connection, brief.tenant, brief.id)
        images, longest = await self._senses.look(attached), self._max_output_tokens
        anew = replace(brief, note=None)
        prompt = draft_prompt(anew, "", "", version.wording, images=images, max_output_tokens=longest)
        answer = await self._ask(brief.tenant, own.model, prompt)
        text = answer.text if answer.outcome == "ok" else ""
        return text.strip() if formats.asked_by(brief) is None else formats.bare(text)

    async def _compare(self, brief: Brief, pair: Pair) -> Winner:
        """Who won in the judge's eyes, both orders considered; which comes first is left to chance."""
        if pair.text_a.split() == pair.text_b.split():
            return "tie"
        looks: list[Winner | None] = []
        first_swapped = secrets.choice((False, True))
        for swapped in (first_swapped, not first_swapped):
            shown = (pair.text_b, pair.text_a) if swapped else (pair.text_a, pair.text_b)
            answer = await self._ask(brief.tenant, self._judge_model, compare.prompt(brief.text, *shown))
            looks.append(compare.read(answer.text, swapped=swapped) if answer.outcome == "ok" else None)
        return compare.settle(*looks)

    async def _ask(self, tenant: str, model: str, prompt: Prompt) -> Answer:
        payer = Payer(tenant)
        try:
            paid = await self._spend.ask(payer, model, prompt)
        except BudgetExceeded:
            raise RunAgain(ROOM_SECONDS) from None
        call = replace(paid, call={**paid.call, "purpose": "duel"})
        await self._database.write(lambda tx: self._spend.record(tx, payer, [call]))
        return paid.result

    async def _settle(self, duel: Duel, pair: Pair, winner: Winner) -> None:
        async def work(tx: Transaction) -> None:
            if (await duels.lock(tx, duel.tenant, duel.id)).state != Verdict.RUNNING:
                return
            if not await duels.set_winner(tx, duel.tenant, pair.id, winner):
                return
            tally = (await duels.tallies(tx.connection, duel.tenant, duel.id))[duel.id]
            verdict = decide(tally)
            if verdict is not Verdict.RUNNING:
                await self._end(tx, duel, verdict)

        await self._database.write(work)

    async def _end(self, tx: Transaction, duel: Duel, verdict: Verdict) -> None:
        await duels.end(tx, duel, verdict)
        await _note(tx, duel, verdict, None)
        ended = await _standing(tx.connection, replace(duel, state=verdict, ended_at=tx.now))
        active = await prompts.active(tx.connection, duel.tenant)
        show = partial(duel_cards.ended, ended, choose(active, "draft", duel.task_type), active)
        await notify_roles(tx, duel.tenant, ADMINS, Topic.QUALITY, show, key=f"duel:{duel.id}:ended")


async def _standing(connection: Connection, duel: Duel) -> Standing:
    a = await prompts.get(connection, duel.tenant, duel.prompt_a)
    b = await prompts.get(connection, duel.tenant, duel.prompt_b)
    return Standing(duel, a, b, (await duels.tallies(connection, duel.tenant, duel.id))[duel.id])


async def _note(tx: Transaction, duel: Duel, what: str, who: Person | None) -> None:
    await record(tx, duel.tenant, who, f"duel.{what}", f"duel:{duel.id}", type=duel.task_type)
