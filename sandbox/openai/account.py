"""The account behind the key: what it may spend, how much in a minute, and what it was never allowed.

Sources: https://platform.openai.com/docs/guides/error-codes and /rate-limits; the words as in reported refusals
(continuedev/continue#10602, Aider-AI/aider#1880, RooCodeInc/Roo-Code#6868, BeehiveInnovations/pal-mcp-server#178).
"""

from dataclasses import dataclass
from typing import Literal

from sandbox.openai.errors import APIError
from sandbox.openai.models import CHAT_MODELS, find
from sandbox.openai.prompt import Prompt


@dataclass
class Account:
    """tokens_per_minute: 0 for no limit. verified: whether the organisation is, which streaming newer models needs.

    flagged: what a prompt may not hold. busy: so many calls are refused for load first.
    """

    state: Literal["active", "no credit", "no billing"] = "active"
    tokens_per_minute: int = 0
    verified: bool = True
    flagged: str = ""
    busy: int = 0

    def check(self, prompt: Prompt, *, streams: bool) -> None:
        """Raise APIError where the account cannot have this call."""
        if self.state != "active":
            raise _UNPAID[self.state]
        model = find(prompt.model, CHAT_MODELS)
        if streams and not self.verified and model is not None and model.reasoning:
            message = "Your organization must be verified to stream this model. Please go to the settings to verify."
            raise APIError(400, message, "stream", "unsupported_value")
        if self.flagged and self.flagged in prompt.user:
            message = "Invalid prompt: your prompt was flagged as potentially violating our usage policy."
            raise APIError(400, message, None, "invalid_prompt")
        wanted = prompt.tokens + (prompt.limit or 0)
        if self.tokens_per_minute and wanted > self.tokens_per_minute:
            message = (
                f"Request too large for {prompt.model} on tokens per min (TPM): Limit {self.tokens_per_minute},"
                f" Requested {wanted}. The input or output tokens must be reduced in order to run successfully."
            )
            raise APIError(429, message, None, "rate_limit_exceeded", "tokens")
        if self.busy:
            self.busy -= 1
            message = f"Rate limit reached for {prompt.model} on requests per min (RPM). Please try again in 20ms."
            raise APIError(429, message, None, "rate_limit_exceeded", "requests", {"retry-after-ms": "20"})


_UNPAID = {
    "no credit": APIError(
        429, "You exceeded your current quota, please check your plan and billing details.", None,
        "insufficient_quota", "insufficient_quota",
    ),
    "no billing": APIError(
        429, "Your account is not active, please check your billing details on our website.", None,
        "billing_not_active", "billing_not_active",
    ),
}  # fmt: skip
