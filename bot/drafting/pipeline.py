"""From the client's yes to the delivered work: draft, judge, decide, deliver. One step per call of `advance`.

Every step begins from the rows and ends in one transaction; a step whose row is there already passes on, so it may be
called any number of times, by any process, after any crash.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from bot.briefs import cards
from bot.briefs.ending_cards import delivered_file
from bot.briefs.failures import Failures
from bot.briefs.model import Brief, Draft, State
from bot.briefs.progress import changed, show_progress, tell_client
from bot.drafting.budget_hold import WAIT_FOR_PEOPLE, hold_for_budget, look_for_budget
from bot.drafting.drafting import Drafting
from bot.drafting.files import Files, FinishedFile, chosen
from bot.drafting.judging import GatePolicy, Judging
from bot.drafting.model_calls import budget_of
from bot.flags.service import Flags
from bot.kernel.card import Document
from bot.kernel.errors import ProviderError, Stale
from bot.kernel.ids import content_hash
from bot.kernel.tasks import RunAgain, TaskQueue
from bot.kernel.text.file_format import FileFormat
from bot.kernel.translation import gettext as _
from bot.models.spending import BudgetExceeded, Spend
from bot.prompts.service import Prompts
from bot.review.model import ReviewPolicy
from bot.tenants.service import Tenants
from storage.alerts.undelivered import delivery_key
from storage.briefs import briefs, drafts
from storage.engine.database import Database, Transaction
from storage.people import people

# Takes a brief on, and says how it stands then, where the step moved it itself.
Take = Callable[[Brief], Awaitable[Brief | None]]


class Production:
    """The steps of a brief that no person takes."""

    def __init__(
        self,
        database: Database,
        spend: Spend,
        drafting: Drafting,
        queue: TaskQueue,
        gate: GatePolicy,
        policy: ReviewPolicy,
        prompts: Prompts,
        failures: Failures,
        files: Files,
        flags: Flags,
        tenants: Tenants,
    ) -> None:
        self._database = database
        self._spend = spend
        self._drafting = drafting
        self._queue = queue
        self._failures = failures
        self._files = files
        self._tenants = tenants
        self.judging = Judging(database, spend, queue, gate, policy, prompts, self._deliver_at_once, flags)

    async def advance(self, brief_id: int, brief: Brief | None = None) -> Brief | None:
        """Take the brief's next step, and return how it stands then; None where it waits for a person, is delivered, or
        has ended.

        brief: as the step before left it, if that is known. Raises ProviderError where a model gave no answer that
        counts, RunAgain where a ceiling has no room; the brief stays where it is.
        """
        brief = brief or await self._load(brief_id)
        steps: dict[State, Take] = {
            State.QUEUED: self._drafting.begin,
            State.DRAFTING: self._drafting.draft,
            State.JUDGING: self.judging.step,
            State.APPROVED: self._deliver,
        }
        if brief.state not in steps:
            return None
        # Somebody else may move the brief (a cancel, a second worker): what it is then decides the next step.
        moved = None
        with suppress(Stale):
            moved = await self._take(steps[brief.state], brief)
        return moved or await self._load(brief_id)

    async def _load(self, brief_id: int) -> Brief:
        async with self._database.reading() as connection:
            return await briefs.load(connection, brief_id)

    async def _take(self, step: Take, brief: Brief) -> Brief | None:
        try:
            if brief.held in WAIT_FOR_PEOPLE:
                await self._spend.check(budget_of(brief))
            return await step(await look_for_budget(self._database, brief) if brief.held else brief)
        except BudgetExceeded as full:
            raise RunAgain(await hold_for_budget(self._database, brief, full)) from None
        except ProviderError as error:
            if not error.permanent:
                raise
            await self._failures.fail(brief, str(error))
            return None

    def file_of(self, brief: Brief, text: str) -> Document:
        """A text of the brief as a file that is made at once: data, or Markdown."""
        return self._files.at_once(brief, text).document

    async def finished_file(self, brief: Brief, text: str, wanted: FileFormat | None = None) -> FinishedFile:
        """A finished text of the brief as its client gets it; wanted: in another format than they chose."""
        async with self._database.reading() as connection:
            client = await people.by_id(connection, brief.tenant, brief.client_id)
        wanted = wanted or chosen(brief, client)
        return await self._files.finished(brief, text, wanted, client, await self._tenants.brand(brief.tenant))

    async def _deliver(self, brief: Brief) -> Brief | None:
        assert brief.draft_id is not None
        async with self._database.reading() as connection:
            draft = await drafts.get_draft(connection, brief.tenant, brief.draft_id)
        file = await self.finished_file(brief, draft.text)

        async def work(tx: Transaction) -> Brief | None:
            if await drafts.approved_hash(tx.connection, brief.tenant, brief.id) != content_hash(draft.text):
                return None
            return await self._deliver_in(tx, brief, draft, file)

        delivered = await self._database.write(work)
        if delivered is None:
            await self._failures.fail(brief, _("the text is not the one that was approved, so it was not sent"))
        return delivered

    async def _deliver_at_once(self, tx: Transaction, brief: Brief, draft: Draft) -> Brief:
        """Deliver it in the transaction that approved it, unless its file has to be made first: then it stays approved,
        and the next step goes on.
        """
        client = await people.within(tx, brief.tenant, brief.client_id)
        file = self._files.at_once(brief, draft.text)
        if file.prose is not None and chosen(brief, client) is not file.prose:
            return brief
        return await self._deliver_in(tx, brief, draft, file)

    async def _deliver_in(self, tx: Transaction, brief: Brief, draft: Draft, file: FinishedFile) -> Brief:
        delivered = await briefs.move(tx, brief, State.DELIVERED)
        await show_progress(tx, delivered)
        shows = (
            partial(cards.delivery, delivered, draft, prose=file.prose is not None),
            partial(delivered_file, delivered, file.document, file.prose, file.note),
        )
        for part, show in enumerate(shows):
            await tell_client(tx, brief, show, key=delivery_key(brief.id, part))
        await changed(tx, delivered, "delivered", show=False, draft=draft.id)
        return delivered
