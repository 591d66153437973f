"""Settings of the gate."""

from typing import Annotated

from pydantic import AliasChoices, Field
from pydantic_settings import NoDecode

from bot.config import types
from bot.config.reading import ReadSettings
from bot.config.types import Odd, Points, in_names
from bot.kernel.task_type import TaskType
from bot.quality.model import CRITERIA, Criterion


class QualitySettings(ReadSettings):
    """Quality"""

    qa_target: int = Field(
        default=80, ge=0, le=100, description="The target: the score from which a draft passes alone."
    )
    qa_target_research: Points | None = Field(default=None, description="The target of Research; empty: QA_TARGET.")
    qa_target_drafting: Points | None = Field(default=None, description="The target of Drafting; empty: QA_TARGET.")
    qa_target_data_transform: Points | None = Field(
        default=None, description="The target of Data-transform; empty: QA_TARGET."
    )
    qa_target_transcription: Points | None = Field(
        default=None, description="The target of Transcription; empty: QA_TARGET."
    )
    qa_target_other: Points | None = Field(default=None, description="The target of any other brief; empty: QA_TARGET.")
    qa_floors: Annotated[dict[Criterion, Points], NoDecode, types.pairs("criterion=points")] = Field(
        default={},
        description="Other floors than "
        + ", ".join(f"{criterion}={criterion.floor}" for criterion in CRITERIA)
        + ": no criterion may be under its own in a draft that passes alone. Example: accuracy=75; tone=50",
    )
    qa_near_points: int = Field(
        default=10,
        ge=0,
        le=50,
        description="So near to the target the judge scores QA_SAMPLES times, and the median counts.",
    )
    qa_samples: Odd = Field(
        default=7,
        ge=3,
        le=15,
        validation_alias=AliasChoices("qa_samples", "qa_looks"),
        description="Scores of the judge for a draft near the target, an odd number.",
    )
    draft_attempts: int = Field(default=3, ge=1, le=10, description="Drafts of a brief before a person decides.")
    audit_percent: float = Field(
        default=5,
        ge=0,
        le=100,
        description="Of the drafts that would pass alone, how many a person decides on unawares. As many of the others "
        "are shown without scores too, so that such a card does not tell.",
    )
    probe_percent: float = Field(
        default=5, ge=0, le=100, description="With how many judged briefs a known-bad draft is put before the judge."
    )

    def target_of(self, task_type: TaskType) -> int:
        """The target of a brief of that type where neither its client nor an admin set another."""
        own: int | None = getattr(self, f"qa_target_{in_names(task_type)}")
        return self.qa_target if own is None else own
