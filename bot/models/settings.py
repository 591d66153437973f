"""Settings of models."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field
from pydantic_settings import NoDecode

from bot.config import keys, types
from bot.config.reading import ReadSettings
from bot.config.types import Address, Effort, ModelOrNone, ModelPrice, Usd, in_names
from bot.kernel.task_type import TaskType
from bot.models.budget import Ceiling


class ModelSettings(ReadSettings):
    """Models"""

    openai_api_key: keys.ModelKey = Field(description="Key for the models that draft and judge.")
    openai_base_url: Address = Field(default="https://api.openai.com/v1", description="Any compatible API.")
    draft_model: types.Model = Field(default="gpt-6-luna", description="The model that drafts.")
    judge_model: types.Model = Field(default="gpt-6-luna", description="The model that judges drafts.")
    draft_reasoning_effort: Effort = Field(
        default="none",
        description="How hard the drafting model thinks first, which is paid for and counts in DRAFT_MAX_TOKENS; a "
        "model that takes no such order gets none. default: as it likes.",
    )
    judge_reasoning_effort: Effort = Field(default="none", description="The same, for the judge. default: as it likes.")
    draft_model_research: ModelOrNone = Field(default="", description="Drafts Research briefs; empty: DRAFT_MODEL.")
    draft_model_drafting: ModelOrNone = Field(default="", description="Drafts Drafting briefs; empty: DRAFT_MODEL.")
    draft_model_data_transform: ModelOrNone = Field(
        default="", description="Drafts Data-transform briefs; empty: DRAFT_MODEL."
    )
    draft_model_transcription: ModelOrNone = Field(
        default="", description="Drafts Transcription briefs; empty: DRAFT_MODEL."
    )
    draft_model_other: ModelOrNone = Field(default="", description="Drafts any other brief; empty: DRAFT_MODEL.")
    fallback_model: types.Model = Field(
        default="gpt-5.6-luna",
        description="Drafts when the brief's model refuses, is cut off, or fails for good. Take one of another "
        "generation, which is not shut down on the same day.",
    )
    draft_max_tokens: int = Field(
        default=8_000,
        ge=256,
        le=1_000_000,
        description="Tokens that a draft may have at most, with the reasoning that some models do first.",
    )
    preview: bool = Field(
        default=True, description="Show clients their draft while it is written; the models' API has to stream."
    )
    transcribe_model: types.Model = Field(
        default="gpt-transcribe", description="The model that writes recordings down. whisper-1 ends 26 February 2027."
    )
    model_timeout_seconds: float = Field(
        default=90, ge=0.1, le=3600, allow_inf_nan=False, description="How long a model may take to answer."
    )
    model_prices: Annotated[dict[str, ModelPrice], NoDecode, types.pairs("model=read/written")] = Field(
        default={},
        description="What models cost that the price list does not know, as model=read/written in USD for a million "
        "tokens. Without it such a model counts as the dearest one. Example: qwen3:8b=0/0; house-model=0.4/2",
    )
    ceiling_brief_usd: Usd = Field(
        default=Decimal(5),
        description="What models may cost for one brief, in USD; above it the brief waits. 0: no ceiling. Before each "
        "call the most that it may cost is set aside, about 0.01 for a draft by gpt-6-luna, so leave room for that.",
    )
    ceiling_client_month_usd: Usd = Field(
        default=Decimal(200), description="The same, for one client's briefs in a calendar month of TIME_ZONE."
    )
    ceiling_day_usd: Usd = Field(default=Decimal(100), description="The same, for everything in a day of TIME_ZONE.")
    ceiling_month_usd: Usd = Field(
        default=Decimal(1000), description="The same, for everything in a calendar month of TIME_ZONE."
    )

    def model_of(self, task_type: TaskType) -> str:
        """The model that drafts briefs of that type."""
        return getattr(self, f"draft_model_{in_names(task_type)}") or self.draft_model

    def drafted_types(self) -> list[TaskType]:
        """The types of brief that have a drafting model of their own."""
        return [task_type for task_type in TaskType if getattr(self, f"draft_model_{in_names(task_type)}")]

    def efforts(self) -> dict[str, str]:
        """How hard models think, by what they are asked for."""
        return {"draft": self.draft_reasoning_effort, "judge": self.judge_reasoning_effort}

    def models_named(self) -> dict[str, list[str]]:
        """Every model that a setting names, and which settings do."""
        named: dict[str, list[str]] = {}
        for setting in ("draft_model", *_DRAFTERS, "judge_model", "fallback_model", "transcribe_model"):
            if model := getattr(self, setting):
                named.setdefault(model, []).append(setting.upper())
        return named

    def ceilings(self) -> dict[Ceiling, int]:
        """What models may cost, in millionths of a US dollar; 0: as much as it takes."""
        usd = {
            Ceiling.BRIEF: self.ceiling_brief_usd,
            Ceiling.CLIENT: self.ceiling_client_month_usd,
            Ceiling.DAY: self.ceiling_day_usd,
            Ceiling.MONTH: self.ceiling_month_usd,
        }
        return {ceiling: int(amount * 1_000_000) for ceiling, amount in usd.items()}


_DRAFTERS = tuple(f"draft_model_{task_type.value.lower().replace('-', '_')}" for task_type in TaskType)
