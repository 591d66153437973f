"""Messages as people write them on phones, each with what it is about: `tests/data/messages.tsv`.

Made for this project. "seen" were there while the rules were written or mended; "aside", a third of the first table,
were kept from the rules until these stood, and "last" were written after them. What the rules did on those two when
they first met them says how they do on others: 1 of 29 and 2 of 25 orders were asked about, 1 of 55
and 0 of 47 others were quoted. "fresh" came later still, written by somebody who had not read the phrases of the
rules, and are the hardest: of those 6 of 18 orders were asked about, 1 of 42 others was quoted, 27 of 42 were told
for what they are. What was got wrong then was mended since.
"""

from dataclasses import dataclass
from pathlib import Path

from bot.remarks.kinds import Purpose

PATH = Path(__file__).parent / "data" / "messages.tsv"


@dataclass(frozen=True, slots=True)
class Message:
    """language: ur-Latn is Urdu in Latin letters. part: "seen", "aside", "last" or "fresh"."""

    kind: Purpose
    language: str
    text: str
    part: str


def load() -> list[Message]:
    """All of them, in the order of the file."""
    rows = (line.split("\t") for line in PATH.read_text(encoding="utf-8").splitlines())
    return [Message(Purpose(kind), language, text, part) for kind, language, text, part in rows]
