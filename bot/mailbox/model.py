"""A folder of mails and how far it was read, and what becomes known of a mail by its head. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.support.mails import IncomingMail

MOST_BYTES = 256 << 10  # of a mail; what is longer has files attached, which are not read


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a folder was read. validity: of the numbers in it; another one means that they all changed (RFC 3501)."""

    validity: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Mark":
        """As `str` writes it."""
        validity, _colon, number = text.partition(":")
        return cls(int(validity), int(number))

    def __str__(self) -> str:
        return f"{self.validity}:{self.number}"


@dataclass(frozen=True, slots=True)
class RawMail:
    """A mail of a folder, its beginning where it is long. size: of all of it."""

    number: int
    size: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Batch:
    """Mails of a folder, and how far it is read once they are taken. more: others wait behind them."""

    mails: Sequence[RawMail]
    mark: Mark
    more: bool


class Kind(StrEnum):
    """What a mail is: of a person, one of ours that came back, written by a program, of nobody who can be answered."""

    LETTER = "letter"
    BOUNCE = "bounce"
    AUTOMATIC = "automatic"
    NO_SENDER = "no_sender"


@dataclass(frozen=True, slots=True)
class Bounce:
    """One of our mails came back. row, token: of the mail, as its id had them; reason: the server's words."""

    row: int
    token: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReadMail:
    """A mail's head, and what is read for its words: its body below the headers that tell its form, and no others.

    cut: it is longer than what was had of it.
    """

    kind: Kind
    mail: IncomingMail
    body: bytes
    cut: bool
    bounces: Sequence[Bounce] = ()
