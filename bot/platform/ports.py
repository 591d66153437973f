"""What the business needs of a model, whoever provides it."""

from dataclasses import dataclass
from typing import Any, Literal, Protocol

Outcome = Literal["ok", "refused", "cut", "filtered", "malformed"]


@dataclass(frozen=True, slots=True)
class Prompt:
    """One call: instructions, material, and, for structured output, the JSON schema that the answer must fit.

    purpose: "draft" or "judge"; version names the prompt's wording, so that results can be compared.
    """

    purpose: str
    version: str
    system: str
    user: str
    schema: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `outcome` is "ok" only where `text` is whole; cost in millionths of a US dollar."""

    text: str
    outcome: Outcome
    model: str
    input_tokens: int
    output_tokens: int
    cost_micro_usd: int
    latency_ms: int

    def as_call(self, prompt: Prompt) -> dict[str, Any]:
        """The columns of `model_calls` that record this call."""
        return {
            "purpose": prompt.purpose,
            "prompt_version": prompt.version,
            "model": self.model,
            "outcome": self.outcome,
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "cost_micro_usd": self.cost_micro_usd,
            "latency_ms": self.latency_ms,
        }


class Models(Protocol):
    """A provider of models."""

    async def ask(self, model: str, prompt: Prompt) -> Answer:
        """One answer of the model. Raises ProviderError where none came; a refusal is an Answer."""
        ...
