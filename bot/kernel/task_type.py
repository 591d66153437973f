"""What a brief asks for."""

from enum import StrEnum

from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_


class TaskType(StrEnum):
    """What kind of work a brief asks for; it decides price, prompt and default QA target."""

    RESEARCH = N_("Research")
    DRAFTING = N_("Drafting")
    DATA_TRANSFORM = N_("Data-transform")
    TRANSCRIPTION = N_("Transcription")
    OTHER = N_("Other")

    @property
    def words(self) -> str:
        """Its name, as people read it."""
        return _(self.value)

    @property
    def choice(self) -> str:
        """The name by which buttons carry it."""
        return self.value.lower()


def called(name: str) -> TaskType | None:
    """The type of that name, in the reader's language or in English, whatever its case."""
    return next((one for one in TaskType if name.lower() in {one.value.lower(), one.words.lower()}), None)


BY_CHOICE = {task_type.choice: task_type for task_type in TaskType}
