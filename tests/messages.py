"""Messages as people write them on phones, each with what it is about: `tests/data/messages.tsv`.

Made for this project. "seen" were there while the rules were written or mended; "aside", a third of the first table,
were kept from whoever wrote the rules until these stood; "last" were written after all mending.
"""

from dataclasses import dataclass
from pathlib import Path

from bot.intake.kinds import Kind

PATH = Path(__file__).parent / "data" / "messages.tsv"


@dataclass(frozen=True, slots=True)
class Message:
    """language: ur-Latn is Urdu in Latin letters. part: "seen", "aside" or "last"."""

    kind: Kind
    language: str
    text: str
    part: str


def load() -> list[Message]:
    """All of them, in the order of the file."""
    rows = (line.split("\t") for line in PATH.read_text(encoding="utf-8").splitlines())
    return [Message(Kind(kind), language, text, part) for kind, language, text, part in rows]
