"""What charts need from outside."""

from typing import Protocol

from bot.kernel.errors import EchoPilotError


class NotDrawn(EchoPilotError):
    """There is no picture; the text says why, for the log."""


class Painter(Protocol):
    """Makes pictures of SVG."""

    async def paint(self, svg: str, style: str) -> bytes:
        """A PNG, three pixels to a point. style: a stylesheet. Raises NotDrawn."""
        ...
