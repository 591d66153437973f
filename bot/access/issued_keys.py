"""Keys that EchoPilot issues itself, as a process holds them: the newest makes, those before it count until they end.

NIST SP 800-57 part 1 calls these the originator-usage and the recipient-usage period of a key.
"""

from dataclasses import dataclass, field


@dataclass(slots=True)
class HeldKeys:
    """Keys of one purpose, the newest first, each by its id. `bot.rotation` puts others here as they turn."""

    by_id: dict[str, bytes] = field(default_factory=dict)

    @property
    def newest(self) -> tuple[str, bytes]:
        """What is made now is made with it, as id and key. Raises LookupError where there is none."""
        for found in self.by_id.items():
            return found
        raise LookupError("no key is held")


def held(key: bytes) -> HeldKeys:
    """One key alone."""
    return HeldKeys({"": key})
