"""What a probe finds of a thing that EchoPilot stands on, in words for who set it up; `bot.doctor` runs them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Literal

from bot.kernel.errors import EchoPilotError, ProviderError


class ProblemFound(EchoPilotError):
    """A provider's error, with what to do about it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: where there is a problem the words say what to do."""

    verdict: Literal["fine", "problem", "off"]
    words: str


@asynccontextmanager
async def advice(key: str, address: str, refused: type[ProviderError] | None = None) -> AsyncIterator[None]:
    """Add to a provider's error what to look at: the setting where it refused, the way to it where it was silent.

    refused: an error that means a refusal, although what waits for it may go on one day.
    """
    try:
        yield
    except ProviderError as error:
        words = str(error).rstrip(".")
        no = error.permanent or (refused is not None and isinstance(error, refused))
        look = f"Check {key}." if no else f"Can {address} be reached from here, and is it up?"
        raise ProblemFound(f"{words}. {look}") from None
