"""What capacity needs from outside."""

from typing import Protocol

from bot.capacity.model import Measured


class Machine(Protocol):
    """The machine that this process runs on."""

    def measure(self) -> Measured:
        """What it has left."""
        ...
