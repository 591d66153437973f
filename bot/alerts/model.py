"""What goes wrong with messages, in figures."""

from dataclasses import dataclass
from typing import Literal

from bot.kernel.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Destination:
    """Whom or what something from the outbox reaches: by its name, or a chat of which only the number is known."""

    name: str
    kind: Literal["named", "chat", "group"] = "named"

    @property
    def words(self) -> str:
        """ "Alice", "group -1004"."""
        match self.kind:
            case "chat":
                return _("chat {id}", id=self.name)
            case "group":
                return _("group {id}", id=self.name)
        return self.name
