"""What is said of each column: what it holds of a person, what for, by which right, how long, and what erasure does.

Grounds are those of Art. 6(1) GDPR, https://gdpr-info.eu/art-6-gdpr/. Numbers of people (`by_number`) are pseudonyms:
what they point to is a row of `people`, which erasure leaves without a name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Purpose(StrEnum):
    """What it is for."""

    ACCOUNT = "to know who writes, and to answer in their language and time zone"
    WORK = "to do the ordered work, and to change it"
    SUPPORT = "to answer messages"
    MONEY = "to invoice, to book, and to give money back"
    QUALITY = "to check and improve the work"
    SECURITY = "to show who did what, and to keep others out"
    DELIVERY = "to take in and deliver each message once, also after a crash"
    OPERATION = "to keep the service running"
    GROWTH = "to credit whoever referred a client"


class Ground(StrEnum):
    """By which right."""

    CONTRACT = "contract (b)"
    LAW = "legal duty (c)"
    INTEREST = "legitimate interest (f)"
    CONSENT = "consent (a), or no objection where a region asks for none"


class Kept(StrEnum):
    """How long."""

    UNTIL_ERASED = "until erasure"
    RETENTION = "RETENTION_DAYS"
    BOOKS = "as long as the tax law says"
    CHAIN = "as long as the audit log"
    DAYS = "some days"


class Erasure(StrEnum):
    """What erasure does."""

    DELETED = "the row is deleted"
    BLANKED = "the column is emptied"
    SWEPT = "emptied wherever the person is named"
    PSEUDONYM = "stays under a number"
    OF_THE_TEAM = "the team's own; goes when the person is removed from it"
    KEPT = "stays: the law asks for it"


@dataclass(frozen=True, slots=True)
class Declared:
    """A table. personal: what each column holds of a person. by_number: columns that point to people. plain: no person.

    also: columns of `personal` that erasure treats otherwise than the rest.
    """

    purpose: Purpose
    ground: Ground = Ground.CONTRACT
    kept: Kept = Kept.UNTIL_ERASED
    erasure: Erasure = Erasure.BLANKED
    personal: Mapping[str, str] = field(default_factory=dict)
    by_number: str = ""
    plain: str = ""
    also: Mapping[str, Erasure] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """Every column that is declared."""
        return [*self.personal, *self.by_number.split(), *self.plain.split()]

    def erased(self, column: str) -> Erasure:
        """What erasure does to a column of `personal`."""
        return self.also.get(column, self.erasure)


def nobody(plain: str) -> Declared:
    """A table that holds nothing of a person."""
    return Declared(Purpose.OPERATION, plain=plain)
