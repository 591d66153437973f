"""A spoken brief: written down, read and put right by its speaker, and only then drafted.

Writing it down is a task of its own. What a person sees of it is one message, kept up to date in place.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from bot.access.model import Permission, Person
from bot.alerts.failed_tasks import FailedTasks
from bot.audit.service import record
from bot.briefs.material import Attachment, SentFile, check_sound, guess_type
from bot.briefs.model import check_text
from bot.intake.quote_policy import QuotePolicyOf
from bot.kernel.card import NO_BUTTONS, Card
from bot.kernel.errors import ProviderError, Refusal, Stale
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.kernel.tasks import Pool, RunAgain, Task, TaskKind, TaskQueue
from bot.kernel.translation import gettext as _
from bot.messages.ports import Files
from bot.messages.service import TELEGRAM, Show, notify, post
from bot.messages.topics import Topic
from bot.models.budget import Payer
from bot.models.ports import Recording
from bot.models.sounds import heard_name
from bot.models.spending import BudgetExceeded, CallsSwitchedOff, RegionRefuses, Spend
from bot.prices.model import Prices, price_of
from bot.recordings import cards
from bot.recordings.corrections import corrected
from storage.briefs import attachments
from storage.core import outbox
from storage.engine.database import Database, Transaction
from storage.people import people

TRANSCRIBE = TaskKind("hear", Pool.MODELS)
FORGET = TaskKind("forget_recording", Pool.QUICK)
LONGEST_SPOKEN_SECONDS = 30 * 60
BUSY_SECONDS = 2.0
ROOM_SECONDS = 3600.0  # how often it is looked whether a ceiling has room again
SWITCH_SECONDS = 60.0  # and whether models are switched on again


@dataclass(frozen=True, slots=True)
class Offer:
    """What something would be as a brief, and cost."""

    task_type: TaskType
    price: Money


class Recordings:
    """Verbs on recordings that are to become briefs by what is said in them."""

    def __init__(
        self,
        database: Database,
        queue: TaskQueue,
        files: Files,
        spend: Spend,
        terms: QuotePolicyOf,
        failed: FailedTasks,
    ) -> None:
        self._database = database
        self._queue = queue
        self._files = files
        self._spend = spend
        self._terms = terms
        self._failed = failed
        self._within = timedelta(seconds=database.timing.undo)

    async def take(self, who: Person, source_key: str, file: SentFile, beside: str) -> Attachment:
        """Have a recording written down, below the words that it came with; the same message again is the same one.

        Raises Forbidden, or Refusal where it is too long or of a kind that cannot be listened to.
        """
        who.require(Permission.SUBMIT_BRIEFS)
        check_sound(file, self._spend.longest_recording(), LONGEST_SPOKEN_SECONDS)

        async def work(tx: Transaction) -> Attachment:
            recording = await attachments.add(tx, who, source_key, file, beside=beside)
            if recording.text is None:
                await self._tell(tx, recording, partial(cards.listening, recording))
                await self._queue.enqueue(tx, Task(TRANSCRIBE, recording.id))
            return recording

        return await self._database.write(work)

    async def put_in_place(self, who: Person, old: Attachment, file: SentFile, beside: str) -> None:
        """Have another recording written down in place of one, since its message brings that now. Raises Refusal."""
        who.require(Permission.SUBMIT_BRIEFS)
        check_sound(file, self._spend.longest_recording(), LONGEST_SPOKEN_SECONDS)

        async def work(tx: Transaction) -> None:
            _no_brief_yet(await attachments.own(tx.connection, who, old.id))
            await attachments.put_in_place(tx, old.tenant, old.id, file, beside=beside)
            recording = await attachments.own(tx.connection, who, old.id)
            await self._tell(tx, recording, partial(cards.listening, recording))
            await self._queue.enqueue(tx, Task(TRANSCRIBE, recording.id))

        await self._database.write(work)

    async def reword(self, who: Person, old: Attachment, beside: str) -> None:
        """Let the words under a recording be these, as its message has them now; what was heard stays.

        Raises Refusal where they were corrected since, Stale where it is a brief already.
        """
        prices = await self._prices(who.tenant)

        async def work(tx: Transaction) -> None:
            recording = _no_brief_yet(await attachments.own(tx.connection, who, old.id))
            if recording.beside == beside:
                return
            if recording.text:
                await attachments.set_text(tx, recording.tenant, recording.id, check_text(_reworded(recording, beside)))
            await attachments.set_beside(tx, recording.tenant, recording.id, beside)
            if recording.text:
                changed = await attachments.own(tx.connection, who, recording.id)
                await self._tell(tx, changed, partial(_card, changed, prices))

        await self._database.write(work)

    async def transcribe(self, recording_id: int) -> None:
        """The task: write the recording down, once.

        Raises ProviderError where it should be tried again, RunAgain where a ceiling has no room.
        """
        async with self._database.reading() as connection:
            recording = await attachments.load(connection, recording_id)
        if recording is None or recording.text is not None or recording.brief_id is not None or recording.dropped_at:
            return
        payer, prices = Payer(recording.tenant, recording.person_id), await self._prices(recording.tenant)
        try:
            await self._spend.check(payer)
            audio = await self._files.download(recording.file_id)
            sound = Recording(audio, heard_name(recording.name, audio), recording.seconds or 0)
            paid = await self._spend.transcribe(payer, sound)
        except BudgetExceeded as full:
            if full.what.busy:
                raise RunAgain(BUSY_SECONDS) from None
            if isinstance(full, RegionRefuses):
                await self.give_up(recording_id, str(full))
                return
            switched = isinstance(full, CallsSwitchedOff)
            await self._show(recording, partial(cards.waits_for_room, recording, switched=switched))
            raise RunAgain(SWITCH_SECONDS if switched else ROOM_SECONDS) from None
        except ProviderError as error:
            if not error.permanent:
                raise
            await self.give_up(recording_id, str(error))
            return
        text, seconds = paid.result.text.strip(), recording.seconds or paid.result.seconds

        async def work(tx: Transaction) -> None:
            heard = await attachments.load(tx.connection, recording.id)
            # it may have been dropped or replaced meanwhile; its cost is kept all the same
            if heard is not None and heard.file_id == recording.file_id:
                whole = f"{heard.beside}\n\n{text}".strip() if text else ""
                await attachments.set_text(tx, recording.tenant, recording.id, whole, seconds)
                if heard.dropped_at is None:
                    await self._tell(tx, heard, partial(_card, replace(heard, text=whole, seconds=seconds), prices))
            await self._spend.record(tx, payer, [paid])

        await self._database.write(work)

    async def give_up(self, recording_id: int, reason: str) -> None:
        """Tell the speaker that it cannot be written down, and operators why; they can have it tried again."""

        async def work(tx: Transaction) -> None:
            recording = await attachments.load(tx.connection, recording_id)
            if recording is not None and recording.text is None and recording.brief_id is None:
                await self._tell(tx, recording, partial(cards.not_written_down, recording))
                await self._failed.keep(tx, recording.tenant, Task(TRANSCRIBE, recording.id), reason)

        await self._database.write(work)

    async def get(self, who: Person, recording_id: int, version: int | None = None) -> Attachment:
        """The person's recording with its words; raises Stale where they changed since `version`, or are not there."""
        async with self._database.reading() as connection:
            recording = await attachments.own(connection, who, recording_id)
        if not recording.text:
            raise Stale(_("It is not written down yet. You can read it here first, in a moment."))
        if version is not None and version != cards.version_of(recording):
            raise Stale(_("The text changed since. Read the newer message below, and tap there."))
        return recording

    async def offer(self, recording: Attachment) -> Offer:
        """What the words would be as a brief."""
        task_type = guess_type(recording.text or "")
        return Offer(task_type, price_of(task_type, await self._prices(recording.tenant), recording.seconds))

    async def set_beside(self, who: Person, recording: Attachment, beside: str) -> None:
        """Note the words under a recording as its message has them now; the brief that it is follows by itself."""
        who.require(Permission.SUBMIT_BRIEFS)

        async def work(tx: Transaction) -> None:
            own = await attachments.own(tx.connection, who, recording.id)
            await attachments.set_beside(tx, own.tenant, own.id, beside)

        await self._database.write(work)

    async def correct(self, who: Person, recording_id: int, correction: str, quote: str = "") -> Attachment:
        """Put the words right, as a whole or in one part.

        Raises Refusal where the part is not clear, Stale where the recording is a brief already.
        """

        async def work(tx: Transaction) -> Attachment:
            recording = _no_brief_yet(await attachments.own(tx.connection, who, recording_id))
            text = check_text(corrected(recording.text or "", correction, quote))
            await attachments.set_text(tx, recording.tenant, recording.id, text)
            await record(tx, who.tenant, who, "recording.corrected", f"attachment:{recording.id}")
            return await attachments.own(tx.connection, who, recording_id)

        return await self._database.write(work)

    async def drop(self, who: Person, recording_id: int) -> Attachment:
        """Forget a recording, and what was said in it, once that can no longer be undone; its message says so.

        Raises Stale where it is a brief already.
        """

        async def work(tx: Transaction) -> Attachment:
            recording = _no_brief_yet(await attachments.own(tx.connection, who, recording_id))
            await attachments.set_dropped(tx, recording.tenant, recording.id, tx.now)
            await self._queue.enqueue(tx, Task(FORGET, recording.id, run_at=tx.now + self._within))
            slot = cards.slot_of(recording)
            await post(tx, who.tenant, who.telegram_id, NO_BUTTONS, slot=slot, after=self._within)
            return recording

        return await self._database.write(work)

    async def undo(self, who: Person, recording_id: int) -> Attachment:
        """Have a recording again that was just discarded.

        Raises Refusal where it is gone, Stale where it is too late.
        """

        async def work(tx: Transaction) -> Attachment:
            recording = _no_brief_yet(await attachments.own(tx.connection, who, recording_id, dropped=True))
            if recording.dropped_at is None:
                return recording
            if tx.now - recording.dropped_at > self._within:
                raise Stale(_("It is too late to undo that. Send it again to start over."))
            await attachments.set_dropped(tx, recording.tenant, recording.id, None)
            await self._queue.drop(tx, Task(FORGET, recording.id))
            await outbox.take_back(tx, who.tenant, TELEGRAM, cards.slot_of(recording))
            if recording.text is None:
                await self._queue.enqueue(tx, Task(TRANSCRIBE, recording.id))
            return recording

        return await self._database.write(work)

    async def forget(self, recording_id: int) -> None:
        """The task: a recording that was discarded goes, once that can no longer be undone."""

        async def work(tx: Transaction) -> float:
            recording = await attachments.load(tx.connection, recording_id)
            if recording is None or recording.dropped_at is None:
                return 0.0
            left = (recording.dropped_at + self._within - tx.now).total_seconds()
            if left <= 0:
                await attachments.drop(tx, recording.tenant, recording.id)
            return left

        if (left := await self._database.write(work)) > 0:
            raise RunAgain(left)

    async def _prices(self, tenant: str) -> Prices:
        return (await self._terms(tenant)).prices

    async def _show(self, recording: Attachment, show: Show) -> None:
        await self._database.write(lambda tx: self._tell(tx, recording, show))

    async def _tell(self, tx: Transaction, recording: Attachment, show: Show) -> None:
        speaker = await people.by_id(tx.connection, recording.tenant, recording.person_id)
        await notify(tx, speaker, Topic.BRIEFS, show, slot=cards.slot_of(recording))


def _card(recording: Attachment, prices: Prices) -> Card:
    if not recording.text:
        return cards.nothing_heard(recording)
    task_type = guess_type(recording.text)
    return cards.transcript(recording, task_type, price_of(task_type, prices, recording.seconds))


def _no_brief_yet(recording: Attachment) -> Attachment:
    if recording.brief_id is not None and recording.brief_id < 0:
        raise Stale(_("That is a quote already. /briefs leads to it."))
    if recording.brief_id is not None:
        raise Stale(_("That is brief {brief} already. See /brief_{brief}.", brief=recording.brief_id))
    return recording


def _reworded(recording: Attachment, beside: str) -> str:
    """What was said, below the new words. Raises Refusal where the old ones are no longer there to be replaced."""
    before, text = recording.beside, recording.text or ""
    if not text.startswith(before):
        raise Refusal(
            _(
                "The words under your recording changed, and you corrected them here meanwhile: they stay as they are. "
                "To change them, answer the message that shows them."
            )
        )
    return f"{beside}\n\n{text.removeprefix(before).strip()}".strip()
