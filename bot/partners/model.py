"""Partners: tiers, keys, quotas, and what their programs are told. Pure."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import orjson

from bot.access.model import Person
from bot.briefs.model import Brief, State
from bot.kernel.errors import EchoPilotError, Refusal
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import number, percent

CHANNEL = "partners"  # of the outbox
MOST_QUOTA = 1_000_000
MOST_SHARE = 5_000  # hundredths of a percent
LONGEST_ADDRESS = 500
IN_FLIGHT = timedelta(seconds=30)  # for how long an order whose process died keeps its key
KEY = re.compile(r"epk_(?P<id>[1-9][0-9]{0,17})_(?P<secret>[A-Za-z0-9_-]{43})")
# What of a brief is told to the partner who ordered it, by the event.
TOLD: Mapping[str, str] = {
    "brief.drafting": "The first draft is begun.",
    "brief.in_review": "A person is to decide on a draft.",
    "brief.delivered": "The work is done; fetch the result.",
    "brief.invoiced": "The invoice is open.",
    "brief.paid": "The invoice is paid.",
    "brief.rejected": "A person ended it; nothing is delivered.",
    "brief.cancelled": "The client stopped it.",
    "brief.failed": "A fault stopped it; the team sees to it.",
}
FINISHED = frozenset({State.DELIVERED, State.INVOICED, State.PAID})


class Tier(StrEnum):
    """What a partner agreed on. times: how many times the calls of the settings it may make; quota: to begin with."""

    times: int
    quota: int
    _said: str

    STANDARD = "standard", 1, 100, N_("Standard")
    PLUS = "plus", 3, 1_000, N_("Plus")
    PREMIUM = "premium", 10, 10_000, N_("Premium")

    # the defaults are never used: with them type checkers know that Tier("plus") finds a tier by its name
    def __new__(cls, name: str, times: int = 1, quota: int = 0, said: str = "") -> "Tier":
        tier = str.__new__(cls, name)
        tier._value_ = name
        tier.times, tier.quota, tier._said = times, quota, said
        return tier

    @property
    def words(self) -> str:
        """ "Plus", for people."""
        return _(self._said)


@dataclass(frozen=True, slots=True)
class Partner:
    """A row of `partners`: a client of the tenant whose programs order briefs. name: the client's.

    share_bp: what they get of what is paid by whom they brought, in hundredths of a percent.
    """

    id: int
    tenant: str
    client_id: int
    name: str
    tier: Tier
    monthly_quota: int
    enabled: bool
    webhook_url: str
    webhook_secret: str
    version: int
    created_at: datetime
    share_bp: int = 0


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key that counts, without its secret. expires_at: None while nothing replaced it."""

    id: int
    partner_id: int
    hash: str
    created_at: datetime
    expires_at: datetime | None

    def counts(self, now: datetime) -> bool:
        """Whether it opens the door."""
        return self.expires_at is None or now < self.expires_at


@dataclass(frozen=True, slots=True)
class Standing:
    """A partner as admins see it: keys that count, the newest first, and briefs ordered this month."""

    partner: Partner
    keys: tuple[ApiKey, ...]
    used: int


@dataclass(frozen=True, slots=True)
class Order:
    """An order under its idempotency key. answer: what was said to it, None while nobody knows."""

    id: int
    partner_id: int
    key: str
    fingerprint: str
    locked_until: datetime
    brief_id: int | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What a partner's program orders. expected: what it takes for the price, None where it takes any."""

    text: str
    task_type: TaskType
    language: str = ""
    due_in: timedelta | None = None
    expected: Money | None = None

    @property
    def fingerprint(self) -> str:
        """The same for the same order, and for no other."""
        due = None if self.due_in is None else int(self.due_in.total_seconds())
        price = None if self.expected is None else [self.expected.minor, self.expected.currency]
        said = orjson.dumps([self.text, self.task_type, self.language, due, price])
        return hashlib.sha256(said).hexdigest()


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose program calls, and for which client; whatever it does is done as that client."""

    partner: Partner
    client: Person


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered to an order. replayed: it was answered so before."""

    brief_id: int
    answer: str
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Stats:
    """A partner's month. by_state: where the briefs stand that were ordered in it. prices: what one costs now."""

    began: datetime
    resets: datetime
    quota: int
    used: int
    by_state: Mapping[State, int]
    prices: Mapping[TaskType, Money]


@dataclass(frozen=True, slots=True)
class Allowance:
    """Calls of a window. left: how many more may come within it; seconds: until the next begins; window: it lasts."""

    most: int
    left: int
    seconds: float
    window: float = 60.0


@dataclass(frozen=True, slots=True)
class Message:
    """Something that a partner's program is told, and what became of it. See the table `partner_messages`."""

    id: int
    tenant: str
    partner_id: int
    name: str
    type: str
    payload: Mapping[str, Any]
    state: str
    attempts: int
    status: int
    took_ms: int
    error: str
    created_at: datetime
    tried_at: datetime | None


class NotSignedIn(EchoPilotError):
    """The key or token is none of ours, is over, or its partner is switched off."""


class NoSuchBrief(EchoPilotError):
    """The partner ordered no brief of that number; whether somebody else did, nobody is told."""


class NotReady(EchoPilotError):
    """There is no result yet, or there never will be. state: where the brief stands."""

    def __init__(self, state: State) -> None:
        super().__init__(f"The brief is {state}.")
        self.state = state


class KeyReused(EchoPilotError):
    """The idempotency key was sent before with another order."""


class InFlight(EchoPilotError):
    """The order of that idempotency key is being dealt with just now."""


class QuotaUsed(EchoPilotError):
    """All briefs of the month were ordered. resets: when the next month begins."""

    def __init__(self, quota: int, resets: datetime) -> None:
        super().__init__(f"All {quota} briefs of this month were ordered.")
        self.quota, self.resets = quota, resets


class OtherPrice(EchoPilotError):
    """The brief costs something else than whoever ordered it expected."""

    def __init__(self, price: Money) -> None:
        super().__init__(f"The brief costs {price.neutral}.")
        self.price = price


class TooMany(EchoPilotError):
    """More calls than are agreed on. seconds: when to come again."""

    def __init__(self, seconds: float) -> None:
        super().__init__("Too many calls.")
        self.seconds = seconds


def new_secret() -> str:
    """What only the partner has: 256 bits, so that its plain SHA-256 can be kept."""
    return secrets.token_urlsafe(32)


def written(key_id: int, secret: str) -> str:
    """The key as the partner is shown it."""
    return f"epk_{key_id}_{secret}"


def read_key(key: str) -> tuple[int, str]:
    """The number and the secret of a key. Raises NotSignedIn."""
    found = KEY.fullmatch(key)
    if found is None:
        raise NotSignedIn
    return int(found["id"]), found["secret"]


def hash_of(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def fits(secret: str, kept: str) -> bool:
    """Whether it is the secret of which this was kept; takes as long either way."""
    return hmac.compare_digest(hash_of(secret), kept)


def month_of(now: datetime) -> tuple[datetime, datetime]:
    """When the month began, and when the next one does, by UTC."""
    began = datetime(now.year, now.month, 1, tzinfo=UTC)
    return began, datetime(now.year + now.month // 12, now.month % 12 + 1, 1, tzinfo=UTC)


def check_quota(written_quota: str) -> int:
    """Read a quota; raises Refusal."""
    text = written_quota.strip().replace(",", "").replace(".", "").replace("_", "").replace(" ", "")
    if not text.isascii() or not text.isdigit() or int(text[:12]) > MOST_QUOTA:
        most = number(MOST_QUOTA)
        raise Refusal(_("A quota is a whole number of briefs a month, from 0 to {most}, such as 250.", most=most))
    return int(text)


def check_share(written_share: str) -> int:
    """Read a share of 0 to 50 percent in hundredths of a percent, such as "12.5"; raises Refusal."""
    text = written_share.strip().removesuffix("%").strip().replace(",", ".")
    try:
        points = Decimal(text) * 100
        fine = 0 <= points <= MOST_SHARE and points == points.to_integral_value()
    except InvalidOperation:
        fine = False
    if not fine:
        most = percent(MOST_SHARE / 10_000)
        raise Refusal(_("A share goes from 0 to {most}, with two decimals at most, such as 12.5.", most=most))
    return int(points)


def check_address(url: str) -> str:
    """The address that changes are told to; raises Refusal. What is behind it is checked at each call."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        fine = parts.scheme in {"https", "http"} and bool(parts.hostname) and parts.port != 0
        fine = fine and parts.username is None and parts.password is None and not parts.fragment
    except ValueError:
        fine = False
    if not fine or len(url) > LONGEST_ADDRESS or any(letter.isspace() for letter in url) or not url.isascii():
        raise Refusal(
            _("Write the whole address, such as {example}, without a user name.", example="https://example.com/hook")
        )
    return url


def name_of(brief: Brief, event: str) -> str:
    """The `webhook-id` of a change: the same whenever it is told, and of no other."""
    return f"msg_{brief.id}_{brief.version}_{event.removeprefix('brief.')}"


def shown(brief: Brief) -> dict[str, Any]:
    """What a partner sees of a brief, as plain JSON."""
    return {
        "id": brief.id,
        "state": brief.state.value,
        "type": brief.task_type.choice,
        "title": brief.title,
        "price": {"amount_minor": brief.price.minor, "currency": brief.price.currency},
        "deadline": None if brief.deadline is None else in_utc(brief.deadline),
        "created_at": in_utc(brief.created_at),
        "updated_at": in_utc(brief.updated_at),
        "version": brief.version,
    }


def in_utc(at: datetime) -> str:
    """RFC 3339, to the second: "2026-11-28T17:43:00Z"."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
