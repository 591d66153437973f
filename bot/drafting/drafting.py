"""From the client's yes to a draft: begin, and have each attempt written by the model of its type."""

from collections.abc import Sequence
from typing import Protocol

from bot.audit.service import record
from bot.briefs import formats
from bot.briefs.model import Brief, Draft, State
from bot.briefs.progress import changed
from bot.checks.checks import PlainChecks
from bot.drafting.asking import Asking, DraftingModels, NoAnswer
from bot.drafting.media import Media, transcript_of, untranscribed
from bot.drafting.model_calls import record_calls
from bot.drafting.prompts import criticism, draft_prompt
from bot.kernel.translation import Reader, ngettext, reading_as
from bot.messages.ports import Chat
from bot.models.ports import Answer
from bot.models.spending import BilledCall, Spend
from bot.prompts.service import Prompts
from bot.quality.model import Evaluation
from storage.briefs import attachments, briefs, drafts
from storage.engine.database import Database, Transaction

AS_HEARD = "as it was heard"  # the model of a draft that none wrote
CHARACTERS_PER_TOKEN = 3  # on the safe side, so that what is asked for is not cut off


class Duels(Protocol):
    """Drafts by two prompts on one brief; what stands above drafting decides about them."""

    async def meets(self, brief: Brief) -> bool:
        """Whether the brief is to be drafted by both."""

    async def enter(self, tx: Transaction, brief: Brief) -> None:
        """Have it drafted by the other prompt too."""


class Drafting:
    """The steps of a brief up to its draft. Each returns the brief where it moved it, and raises Stale where somebody
    else did meanwhile.

    preview: where drafts are shown while they are written; None: nowhere.
    """

    def __init__(
        self,
        database: Database,
        spend: Spend,
        writers: DraftingModels,
        senses: Media,
        prompts: Prompts,
        duels: Duels,
        checks: PlainChecks,
        preview: Chat | None,
    ) -> None:
        self._database = database
        self._senses = senses
        self._spend = spend
        self._writers = writers
        self._prompts = prompts
        self._duels = duels
        self._checks = checks
        self._asking = Asking(database, spend, writers, preview)

    async def begin(self, brief: Brief) -> Brief:
        """Note that a queued brief is being drafted."""

        async def work(tx: Transaction) -> Brief:
            moved = await briefs.move(tx, brief, State.DRAFTING, attempt=max(1, brief.attempt))
            await changed(tx, moved, "drafting")
            return moved

        return await self._database.write(work)

    async def draft(self, brief: Brief) -> Brief | None:
        """Have the brief's present attempt written, unless it is; or first a recording of it written down.

        Raises NoAnswer, ProviderError, or NoRoom where a ceiling is reached.
        """
        async with self._database.reading() as connection:
            made = await drafts.drafts_of(connection, brief.tenant, brief.id)
            judged = await drafts.evaluations_of(connection, brief.tenant, brief.id)
            attached = await attachments.of_brief(connection, brief.tenant, brief.id)
        if (recording := untranscribed(brief, attached)) is not None:
            await self._senses.transcribe_recording(brief, recording)
            return None
        since = [draft for draft in made if draft.attempt >= brief.first_attempt]
        earlier = since[-1] if since else None
        with reading_as(Reader()):  # the drafter is told it
            wrong = _fault(brief, earlier.text) if earlier else ""
        if earlier is not None and earlier.attempt == brief.attempt:
            return await (self._once_more(brief) if wrong else self._to_judging(brief))
        feedback = wrong or (self._criticism(brief, earlier, judged) if earlier is not None else "")
        images, longest = await self._senses.look(attached), self._writers.max_output_tokens
        words = transcript_of(brief, attached)
        if len(words) > CHARACTERS_PER_TOKEN * longest:  # no model could write all of it: it goes as it was heard
            return await self._keep(brief, words, AS_HEARD)
        wording = await self._prompts.wording(brief.tenant, "draft", brief.task_type)
        before = earlier.text if earlier else ""
        prompt = draft_prompt(brief, before, feedback, wording, images=images, max_output_tokens=longest)
        paid = await self._asking.ask(brief, prompt)
        return await self._keep(brief, paid.result.text, paid.result.model, [paid], wording.prompt_id)

    def _criticism(self, brief: Brief, earlier: Draft, judged: Sequence[Evaluation]) -> str:
        """What was wrong with the draft before: what code sees in it, then what the judge found wanting."""
        found = [f"- {one.told}" for one in self._checks.of(brief, earlier.text)]
        return "\n".join([*found, criticism([e for e in judged if e.draft_id == earlier.id])]).strip()

    async def _keep(
        self,
        brief: Brief,
        text: str,
        model: str,
        paid: Sequence[BilledCall[Answer]] = (),
        prompt_id: int | None = None,
    ) -> Brief | None:
        """Write the draft down and have it judged; one in the wrong format stays where it is, as a failed attempt.

        Raises NoAnswer where that was the last attempt.
        """
        wanted = formats.asked_by(brief)
        text = text.strip() if wanted is None else formats.bare(text)
        wrong = _fault(brief, text)
        duelled = not wrong and bool(paid) and await self._duels.meets(brief)

        async def work(tx: Transaction) -> Brief | None:
            if duelled:
                await self._duels.enter(tx, brief)
            draft = await drafts.add_draft(
                tx, brief, brief.attempt, text, model, prompt_id=prompt_id, file_format=wanted
            )
            if wrong:
                subject = f"brief:{brief.id}"
                await record(tx, brief.tenant, None, "brief.unreadable", subject, draft=draft.id, reason=wrong)
                return None
            return await self._drafted(tx, brief, draft)

        moved = await record_calls(self._database, self._spend, brief, work, paid)
        if wrong and brief.tries >= self._writers.attempts:
            raise NoAnswer(
                ngettext("after {n} attempt {fault}", "after {n} attempts {fault}", brief.tries, fault=wrong)
            )
        return moved

    async def _once_more(self, brief: Brief) -> Brief:
        return await self._database.write(lambda tx: briefs.change(tx, brief, attempt=brief.attempt + 1))

    async def _to_judging(self, brief: Brief) -> Brief:
        async def work(tx: Transaction) -> Brief:
            draft = await drafts.draft_of(tx.connection, brief.tenant, brief.id, brief.attempt)
            assert draft is not None
            return await self._drafted(tx, brief, draft)

        return await self._database.write(work)

    async def _drafted(self, tx: Transaction, brief: Brief, draft: Draft) -> Brief:
        moved = await briefs.move(tx, brief, State.JUDGING, draft_id=draft.id)
        await changed(tx, moved, "drafted", attempt=draft.attempt, draft=draft.id)
        return moved


def _fault(brief: Brief, text: str) -> str:
    """Why the text is not in the format that the brief asks for; empty where it is, or none is asked for."""
    wanted = formats.asked_by(brief)
    if wanted is None:
        return ""
    try:
        formats.check(wanted, text)
    except formats.NotInFormat as error:
        return str(error)
    return ""
