"""A tenant: a business that an installation serves, and what it has otherwise than the settings say. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.kernel.errors import InvalidSettings, Refusal
from bot.kernel.translation import gettext as _

NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
LONGEST_BRAND = 60


class State(StrEnum):
    """PAUSED: nothing happens by itself for it; its people may use what is there."""

    ACTIVE = "active"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Own:
    """What a tenant has otherwise than the settings of the installation; what is not here is as those say.

    prices: by type as settings name them ("drafting", "transcription_minute"), in the tenant's currency. targets: by
    type, or "all" for those without one of their own. ceilings: "brief", "client_month", "day", "month", in USD.
    """

    currency: str | None = None
    prices: Mapping[str, str] | None = None
    targets: Mapping[str, int] | None = None
    ceilings: Mapping[str, str] | None = None
    time_zone: str | None = None
    language: str | None = None
    office_hours: str | None = None
    holidays: str | None = None
    terms: str | None = None

    def settings(self) -> dict[str, Any]:
        """What the tenant set, by the names of the settings that it stands in place of."""
        plain = {
            "currency": self.currency,
            "time_zone": self.time_zone,
            "language": self.language,
            "office_hours": self.office_hours,
            "holidays": self.holidays,
            "terms": self.terms,
        }
        found: dict[str, Any] = {name: value for name, value in plain.items() if value is not None}
        found |= {f"price_{name}": price for name, price in (self.prices or {}).items()}
        found |= {
            "qa_target" if name == "all" else f"qa_target_{name}": to for name, to in (self.targets or {}).items()
        }
        return found | {f"ceiling_{name}_usd": usd for name, usd in (self.ceilings or {}).items()}


@dataclass(frozen=True, slots=True)
class Tenant:
    """name: what every row of it carries, never changed. brand: what people read."""

    name: str
    brand: str
    state: State
    created_at: datetime
    own: Own = field(default_factory=Own)


def check_named(name: str, brand: str) -> None:
    """Raise Refusal where a tenant cannot be called that."""
    if not NAME.fullmatch(name):
        raise Refusal(_("“{name}” is no name of a tenant: a-z, 0-9 and -, at most 40, such as nordwind.", name=name))
    if not brand.strip() or len(brand) > LONGEST_BRAND:
        raise Refusal(_("A brand has 1 to {most} characters, such as Nordwind Studio.", most=LONGEST_BRAND))


def check_known(own: Mapping[str, Any], known: Mapping[str, Any], currency: str) -> None:
    """Raise InvalidSettings where a tenant has what no setting is, or another currency and the installation's prices.

    120 USD are not 120 JPY. own: by setting. known: every setting there is. currency: the installation's.
    """
    problems = [f"{name.upper()}: there is no such setting." for name in own if name not in known]
    if own.get("currency", currency) != currency:
        prices = [name for name in known if name.startswith("price_")]
        problems += [
            f"{name.upper()}: is not set, and a tenant with a currency of its own has all prices of its own."
            for name in prices
            if name not in own
        ]
    if problems:
        raise InvalidSettings(problems)
