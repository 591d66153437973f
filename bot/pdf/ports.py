"""What a PDF needs from outside."""

from collections.abc import Mapping
from typing import Any, Protocol

from bot.kernel.errors import EchoPilotError


class NotMade(EchoPilotError):
    """There is no PDF; the text says why, for the log."""


class Typesetter(Protocol):
    """Makes PDFs."""

    async def typeset(self, paper: Mapping[str, Any]) -> bytes:
        """A PDF of what `bot.pdf.service.as_data` made. Raises NotMade."""
        ...
