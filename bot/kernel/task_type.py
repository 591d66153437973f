"""What a brief asks for."""

from enum import StrEnum


class TaskType(StrEnum):
    """What kind of work a brief asks for; it decides price, prompt and default QA target."""

    RESEARCH = "Research"
    DRAFTING = "Drafting"
    DATA_TRANSFORM = "Data-transform"
    TRANSCRIPTION = "Transcription"
    OTHER = "Other"

    @property
    def choice(self) -> str:
        """The name by which buttons carry it."""
        return self.value.lower()


BY_CHOICE = {task_type.choice: task_type for task_type in TaskType}
