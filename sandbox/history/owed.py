"""The invoices of a played business: those of its briefs, and some that were made by hand."""

import random
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from bot.briefs.model import State
from bot.invoices.model import InvoiceState
from sandbox.history.lives import DAY, HOUR, MINUTE, PRICES, SECOND, Life, lives, micros
from sandbox.history.studio import Studio

DUE_DAYS = 14
OWING = 30  # of the newest briefs, those that may not be paid yet


class Owed(NamedTuple):
    """An invoice. brief: its brief's number, None of one by hand. voided_at, paid_at, refunded_at: None where not."""

    n: int
    id: int
    subject: str
    brief: int | None
    client: int
    what: str
    amount: int
    currency: str
    fee: int
    state: str
    made_at: int
    opened_at: int
    due_at: int
    paid_at: int | None
    voided_at: int | None
    refund: int
    refunded_at: int | None
    number: str


def with_invoices(studio: Studio, now: datetime) -> Iterator[tuple[Life, list[Owed]]]:
    """Every brief's life, the oldest first, with what is invoiced then."""
    chance = random.Random(studio.seed)
    for life in lives(studio, now):
        yield life, list(owed(studio, life, micros(now), chance))


def owed(studio: Studio, life: Life, now: int, chance: random.Random) -> Iterator[Owed]:
    """What the life of a brief is invoiced by, and every twentieth time something by hand."""
    if life.state == State.PAID and life.delivered_at is not None:
        yield _owed(studio, life, now, chance)
    if life.n % 20 == 0 and now - life.quoted_at > DAY:
        made, amount = life.quoted_at + HOUR, 5_000 + 500 * (life.n // 20 % 30)
        yield Owed(
            studio.briefs + life.n, _by_hand(life.n), f"hand:{life.id}", None, life.client, "Retainer", amount,
            life.currency, _fee(amount), InvoiceState.PAID, made, made + SECOND, made + DUE_DAYS * DAY,
            made + 2 * HOUR + int(chance.random() * HOUR), None, 0, None, f"HND0000{life.n}",
        )  # fmt: skip


def _owed(studio: Studio, life: Life, now: int, chance: random.Random) -> Owed:
    assert life.delivered_at is not None
    opened, amount = life.delivered_at + SECOND, life.price or PRICES["Other"]
    pays = min(int(chance.random() ** 2 * 6 * DAY) + 5 * MINUTE, max(SECOND, (now - opened) // 2))
    if life.n % 20 == 7 and now - opened > 17 * DAY:
        pays = (DUE_DAYS + 2) * DAY  # late, after a reminder
    paid_at: int | None = opened + pays
    voided_at = opened + 5 * DAY if life.n % 100 == 97 and now - opened > 6 * DAY else None
    if studio.owing and voided_at is None and _owes(studio, life, now, opened):
        paid_at = None
    if voided_at is not None:
        paid_at = None
    state = InvoiceState.VOID if voided_at else InvoiceState.PAID if paid_at else InvoiceState.OPEN
    back = paid_at is not None and life.n % 20 == 0 and now - paid_at > 2 * DAY
    return Owed(
        life.n, life.id, f"brief:{life.id}", life.id, life.client, f"{life.title}, brief {life.id}", amount,
        life.currency, _fee(amount), state, life.delivered_at, opened, opened + DUE_DAYS * DAY, paid_at, voided_at,
        amount // 600 * 100 if back else 0, (paid_at or 0) + DAY if back else None, f"INV0000{life.n}",
    )  # fmt: skip


def _owes(studio: Studio, life: Life, now: int, opened: int) -> bool:
    """Of the newest many, of the last months a few, which are late by now."""
    if life.n > studio.briefs - OWING:
        return life.n % 3 == 0
    return now - opened < 100 * DAY and life.n % 37 == 0


def _by_hand(n: int) -> int:
    """The number of an invoice by hand: of a hundred briefs the first are for free, so theirs are not taken."""
    return 1_000 + (n // 100 + 1) * 100 + n % 100 // 20


def _fee(amount: int) -> int:
    """What Stripe keeps of a card payment: 2.9 % and 30 cents."""
    return round(amount * 0.029) + 30
