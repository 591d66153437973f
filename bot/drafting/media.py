"""What a model has to hear or see of a brief: recordings are written into its text, pictures go with the prompt."""

from collections.abc import Sequence

from bot.briefs.material import Attachment, looked_at
from bot.briefs.model import Brief
from bot.briefs.progress import changed
from bot.drafting.model_calls import budget_of, record_calls
from bot.kernel.task_type import TaskType
from bot.messages.ports import Files
from bot.models.ports import Image, Recording
from bot.models.sounds import heard_name
from bot.models.spending import Spend
from storage.briefs import attachments, briefs
from storage.engine.database import Database, Transaction


def untranscribed(brief: Brief, attached: Sequence[Attachment]) -> Attachment | None:
    """The first recording that a transcription is to be made of and that nobody has written down yet."""
    if brief.task_type is not TaskType.TRANSCRIPTION:
        return None
    return next((a for a in attached if a.kind in {"audio", "voice"} and a.text is None), None)


def transcript_of(brief: Brief, attached: Sequence[Attachment]) -> str:
    """All that was heard in what a transcription is to be made of."""
    if brief.task_type is not TaskType.TRANSCRIPTION:
        return ""
    return "\n\n".join(a.text for a in attached if a.kind in {"audio", "voice"} and a.text)


class Media:
    """Fetches what came with briefs from the chat, when it is needed."""

    def __init__(self, database: Database, spend: Spend, files: Files) -> None:
        self._database = database
        self._spend = spend
        self._files = files

    async def transcribe_recording(self, brief: Brief, recording: Attachment) -> None:
        """Write a recording down as a part of the brief's text, so that whoever reads the brief reads it too.

        Raises ProviderError, NoRoom, or Stale where the brief was moved meanwhile.
        """
        audio = await self._files.download(recording.file_id)
        sound = Recording(audio, heard_name(recording.name, audio), recording.seconds or 0)
        paid = await self._spend.transcribe(budget_of(brief), sound)
        text = paid.result.text

        async def work(tx: Transaction) -> None:
            await attachments.set_text(tx, recording.tenant, recording.id, text)
            heard = await briefs.change(tx, brief, text=f"{brief.text}\n\n## Recording: {recording.name}\n{text}")
            await changed(tx, heard, "heard", attachment=recording.id, seconds=paid.result.seconds)

        await record_calls(self._database, self._spend, brief, work, [paid])

    async def look(self, attached: Sequence[Attachment]) -> tuple[Image, ...]:
        """The pictures among what came with a brief, as many as a model looks at. Raises ProviderError."""
        pictures = looked_at(attached)
        return tuple([Image(await self._files.download(p.file_id), p.mime_type or "image/jpeg") for p in pictures])
