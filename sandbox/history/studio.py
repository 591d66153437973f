"""What is played: how large the business is, how long it has been there, and who is in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

YEARS = timedelta(days=730)
LATELY, LATE_BRIEFS = timedelta(days=3), 300
ADMIN, CLIENT, OPERATOR, OTHER_ADMIN = 200_001, 200_002, 200_003, 200_004  # Telegram ids; all others are clients
FIRST_PERSON = 1_001  # the admin; clients follow, then the operator and the other admin
RARE, COMMON, NAME, NUMBER = "zeppelin", "landing", "Customer7", "INV00007"  # to be searched for
SHOPS = 9_973


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody with a Telegram account of their own."""

    telegram_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Studio:
    """A business with so many briefs within `span` up to now. Another seed, another business.

    late: so many of them came within the last LATELY, since what is told of a day grows with that day, and is no matter
    of years. waiting: so many wait for a person, every `spread`th of the newest. owing: the newest invoices are not all
    paid, so the payment provider has to know them.
    counted_days: for how many of the last days service levels were counted. runs: how many are kept
    of each job, beside those of the heartbeat.
    leavers: the place of clients who leave, with the part of the briefs after which they order no more. joiners:
    the place of clients who came so many days ago, with the part of the briefs before which they order none.
    deferred: so many of the newest wait for the morning. forecasts: for how many of the last days it was told what
    is to come.
    clients: the first of them; others are numbered, up to `people` with the admin.
    """

    briefs: int
    people: int
    span: timedelta = YEARS
    seed: int = 1
    late: int = 0
    waiting: int = 20
    spread: int = 1
    owing: bool = False
    partners: int = 10
    counted_days: int = 4
    runs: int = 0
    leavers: Sequence[tuple[int, float]] = ()
    joiners: Sequence[tuple[int, float, int]] = ()
    deferred: int = 0
    forecasts: int = 0
    currencies: Sequence[str] = ("USD",)
    admin: Named = Named(ADMIN, "Customer1")
    operator: Named = Named(OPERATOR, "Clerk1")
    other_admin: Named = Named(OTHER_ADMIN, "Clerk2")
    clients: Sequence[Named] = (Named(CLIENT, "Customer2"),)
    titles: Sequence[str] = ()
    language: str = "en"

    @property
    def operator_id(self) -> int:
        """The row of who decides and asks for refunds."""
        return FIRST_PERSON + self.people

    @property
    def other_admin_id(self) -> int:
        """The row of who approves with the admin."""
        return FIRST_PERSON + self.people + 1

    def client_of(self, number: int) -> int:
        """The row of who ordered the brief of that number: each in turn, and every tenth time a partner's program."""
        if number % 10 == 0:
            return FIRST_PERSON + 2 + number // 10 % self.partners
        place = number % (self.people - 1)
        if any(place == gone and number > part * self.briefs for gone, part in self.leavers):
            place = 0
        if any(place == new and number < part * self.briefs for new, part, _days in self.joiners):
            place = 0
        return FIRST_PERSON + 1 + place

    def partner_of(self, client: int) -> int | None:
        """The partner that a client is, if it is one."""
        number = client - FIRST_PERSON - 2
        return FIRST_PERSON + number if 0 <= number < self.partners else None

    def waits(self, number: int) -> bool:
        """Whether the brief of that number waits for a person."""
        back = self.briefs - number
        return back < self.waiting * self.spread and back % self.spread == 0

    def came(self, client: int) -> timedelta:
        """How long ago somebody came."""
        days = {FIRST_PERSON + 1 + place: days for place, _part, days in self.joiners}
        return timedelta(days=days[client]) if client in days else self.span

    def waits_for_morning(self, number: int) -> bool:
        """Whether the brief of that number does."""
        return 0 < self.briefs - number <= self.deferred

    def currency_of(self, client: int) -> str:
        """What a client pays in."""
        return self.currencies[client % len(self.currencies)]


def years(briefs: int) -> Studio:
    """Two years of so many briefs; the last days are the same however many there are."""
    return Studio(briefs, max(20, briefs // 50), late=min(LATE_BRIEFS, briefs // 2))
