"""Taking in what a brief is made of: files that are read, the same thing sent twice, and what is missing."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from bot.access.model import Permission, Person
from bot.briefs.material import Attachment, SentFile, check_size, check_sound
from bot.briefs.model import Brief
from bot.intake import prompt as intake_prompt
from bot.intake.ports import Reading
from bot.intake.reading import FileReading
from bot.kernel.errors import ProviderError, Refusal
from bot.kernel.task_type import TaskType
from bot.kernel.translation import gettext as _
from bot.models.budget import Payer
from bot.models.spending import BudgetExceeded, Spend
from bot.prompts.service import Prompts
from storage.briefs import attachments, briefs
from storage.engine.database import Database, Transaction

log = structlog.get_logger(__name__)
SAME_WITHIN = timedelta(minutes=10)
QUESTION_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Became:
    """What a message became. kept: the file that it brought. brief: the one that it is.

    other: the one that its file went into, where it is none itself.
    """

    kept: Attachment | None
    brief: Brief | None
    other: Brief | None


class Intake:
    """Verbs that come before a quote; `model` says what is missing in a brief."""

    def __init__(self, database: Database, files: FileReading, spend: Spend, prompts: Prompts, model: str) -> None:
        self._database = database
        self._files = files
        self._spend = spend
        self._prompts = prompts
        self._model = model

    async def attach(self, who: Person, source_key: str, file: SentFile) -> Attachment:
        """Read the file that came with a message, and keep what stands in it; once for each message.

        Raises Forbidden; Refusal where the file cannot be read; ProviderError where it did not come.
        """
        who.require(Permission.SUBMIT_BRIEFS)
        async with self._database.reading() as connection:
            known = await attachments.by_source(connection, who.tenant, source_key)
        if known is not None:
            return known
        read, reading = await self.look_into(who, file)
        return await self._database.write(lambda tx: attachments.add(tx, who, source_key, read, reading))

    async def look_into(self, who: Person, file: SentFile) -> tuple[SentFile, Reading | None]:
        """What the file is by its content, and what stands in it; nothing is kept. Raises Refusal, ProviderError."""
        who.require(Permission.SUBMIT_BRIEFS)
        check_size(file)
        if file.kind in {"voice", "audio"}:
            check_sound(file, self._spend.longest_recording())
        reading = await self._files.read(who, file) if file.kind == "document" else None
        if reading is not None and reading.picture:
            return replace(file, kind="image", mime_type=reading.picture), None
        return file, reading

    async def put_in_place(self, who: Person, old: Attachment, file: SentFile) -> Attachment:
        """Take the file for the one that its message brought before it was edited, and that no brief has yet.

        Raises Refusal, ProviderError.
        """
        read, reading = await self.look_into(who, file)

        async def work(tx: Transaction) -> Attachment:
            await attachments.put_in_place(tx, old.tenant, old.id, read, reading)
            return await attachments.own(tx.connection, who, old.id)

        return await self._database.write(work)

    async def text_of(self, who: Person, file: SentFile) -> str:
        """The text in a file that is kept nowhere, whole and as it is. Raises Refusal, ProviderError."""
        check_size(file)
        reading = await self._files.read(who, file)
        if reading.picture:
            raise Refusal(
                _("{file} is a picture. Send the text itself, or a file with it. Nothing was changed.", file=file.name)
            )
        if reading.notes:
            raise Refusal(
                _(
                    "{file} was read in part only: {notes}. Send the text as a message, or as a text file in UTF-8. "
                    "Nothing was changed.",
                    file=file.name,
                    notes="; ".join(reading.notes),
                )
            )
        return reading.text

    async def files(self, who: Person, source_keys: Collection[str]) -> list[Attachment]:
        """What the person sent with these messages, in the order in which it came."""
        who.require(Permission.SUBMIT_BRIEFS)
        if not source_keys:
            return []
        async with self._database.reading() as connection:
            return await attachments.by_sources(connection, who, source_keys)

    async def became(self, who: Person, source_key: str, file_key: str) -> Became:
        """What became of the message that these keys name."""
        who.require(Permission.USE)
        async with self._database.reading() as connection:
            kept = await attachments.by_source(connection, who.tenant, file_key)
            brief = await briefs.by_source(connection, who.tenant, source_key)
            other = None
            if brief is None and kept is not None and kept.brief_id is not None:
                other = await briefs.get(connection, who.tenant, kept.brief_id)
        return Became(kept, brief, other)

    async def of_album(self, who: Person, source_key: str, file_keys: Collection[str]) -> Became:
        """What became of the album that these keys name, but for its files."""
        who.require(Permission.SUBMIT_BRIEFS)
        async with self._database.reading() as connection:
            brief = await briefs.by_source(connection, who.tenant, source_key)
            files = await attachments.by_sources(connection, who, file_keys) if brief is None else []
            number = next((file.brief_id for file in files if file.brief_id is not None), None)
            other = None if number is None else await briefs.get(connection, who.tenant, number)
        return Became(None, brief, other)

    async def sent_before(self, who: Person, source_key: str, text: str) -> Brief | None:
        """The person's brief of the last SAME_WITHIN with the same text, from another message."""
        since = self._database.clock.now() - SAME_WITHIN
        async with self._database.reading() as connection:
            return await briefs.same_text(connection, who, source_key, text.strip(), since)

    async def missing(self, who: Person, text: str, task_type: TaskType) -> intake_prompt.Read:
        """What a brief is for, and at most three questions about what is missing; none where the model does not say."""
        who.require(Permission.SUBMIT_BRIEFS)
        wording = await self._prompts.wording(who.tenant, "intake", task_type)
        prompt, payer = intake_prompt.prompt(text, task_type, wording), Payer(who.tenant, who.id)
        try:
            async with asyncio.timeout(QUESTION_SECONDS):
                paid = await self._spend.ask(payer, self._model, prompt)
        except (BudgetExceeded, ProviderError, TimeoutError) as error:
            log.warning("no questions about a brief", error=str(error) or type(error).__name__)
            return intake_prompt.Read()
        await self._database.write(lambda tx: self._spend.record(tx, payer, [paid]))
        return intake_prompt.read(paid.result.text) if paid.result.outcome == "ok" else intake_prompt.Read()
