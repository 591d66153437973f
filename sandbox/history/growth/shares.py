"""What partners of a played business get: a share of each payment, less what refunds take back, paid each month."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import orjson

from bot.kernel.money import Money
from bot.shares.model import Kind, Move, posting_of, share_of
from sandbox.history.lives import DAY, micros
from sandbox.history.owed import Owed
from sandbox.history.sheet import Sheet
from sandbox.history.studio import FIRST_PERSON, Studio
from storage.engine.types import EPOCH

PAID_ON = 5  # of the month after
SHARES = (1_000, 1_250)  # in hundredths of a percent
Account = tuple[int, str]


class Shares:
    """Writes shares down."""

    def __init__(self, studio: Studio, sheet: Sheet, now: int) -> None:
        self._studio, self._sheet, self._now = studio, sheet, now
        self._brought: dict[int, int] = {}
        self._months: defaultdict[Account, defaultdict[int, int]] = defaultdict(lambda: defaultdict(int))

    def brought(self, client: int, partner: int) -> None:
        """The client came by the link of that partner."""
        self._brought[client] = partner

    def paid(self, one: Owed, at: int) -> None:
        """What a partner gets of the invoice, and what was taken back of it since."""
        ordered = self._studio.partner_of(one.client) if one.brief is not None and one.n % 10 == 0 else None
        partner = ordered or self._brought.get(one.client)
        if partner is None:
            return
        share_bp, base = agreed(partner), Money(one.amount, one.currency)
        earned = share_of(base, share_bp)
        clawed = -(-earned.minor * one.refund // one.amount) if one.refunded_at is not None else 0
        self._sheet.add(
            "partner_shares", partner_id=partner, invoice_id=one.id, reason="order" if ordered else "referral",
            share_bp=share_bp, currency=one.currency, base_minor=base.minor, earned_minor=earned.minor,
            clawed_minor=clawed, version=1 + bool(clawed), earned_at=at,
        )  # fmt: skip
        self._move(Move(partner, one.id, Kind.EARNED, earned, f"share:{one.id}"), at)
        if one.refunded_at is not None and clawed:
            back = Money(-clawed, one.currency)
            self._move(Move(partner, one.id, Kind.CLAWED, back, f"share:{one.id}:clawed:2"), one.refunded_at)

    def pay_out(self) -> None:
        """Each partner was paid what it was owed at the end of a month, some days later; the last months wait."""
        for (partner, currency), months in sorted(self._months.items()):
            owed = 0
            for month, minor in sorted(months.copy().items()):
                owed += minor
                year, next_month = divmod(month + 1, 12)
                at = micros(datetime(year, next_month + 1, PAID_ON, 9, tzinfo=UTC))
                if owed > 0 and at < self._now - 20 * DAY:
                    key = f"partner:{partner}:paid:{currency}:{month}"
                    self._move(Move(partner, None, Kind.PAID, Money(-owed, currency), key), at)
                    owed = 0

    def _move(self, move: Move, at: int) -> None:
        amount, posting = move.amount, posting_of(move)
        when = EPOCH + timedelta(microseconds=at)
        if move.kind is not Kind.PAID:
            self._months[move.partner_id, amount.currency][when.year * 12 + when.month - 1] += amount.minor
        self._sheet.add(
            "partner_share_moves", partner_id=move.partner_id, invoice_id=move.invoice_id, kind=move.kind.value,
            amount_minor=amount.minor, currency=amount.currency, moved_at=at, key=move.key,
        )  # fmt: skip
        lines = orjson.dumps([[one.account.value, one.amount.minor, one.amount.currency] for one in posting.lines])
        self._sheet.add("postings", key=posting.key, kind=posting.kind, reference=posting.reference, posted_at=at,
                        lines=lines.decode())  # fmt: skip
        name, about = f"partner:{move.partner_id}", f"{amount.minor / 100:.2f} {amount.currency}"
        if move.kind is Kind.PAID:
            self._sheet.happened("partner.share_paid", name, at, FIRST_PERSON, amount=about)
        else:
            what = "partner.share_earned" if move.kind is Kind.EARNED else "partner.share_clawed"
            self._sheet.happened(what, name, at, invoice=move.invoice_id, amount=about)


def agreed(partner: int) -> int:
    """What the partner gets, in hundredths of a percent."""
    return SHARES[partner % len(SHARES)]
