"""What is written of an invoice: its lines and events, the ledger, what moved at Stripe, and what went back."""

from datetime import timedelta

import orjson

from sandbox.history.at_stripe import AtStripe
from sandbox.history.growth.shares import Shares
from sandbox.history.lives import DAY, HOUR, MINUTE, SECOND
from sandbox.history.owed import Owed
from sandbox.history.sheet import Sheet
from sandbox.history.studio import Studio

TOGETHER = 20  # invoices that one payout pays out
OLD_MISMATCH = 20  # every so manieth payment was told late by Stripe, and agreed the next time


class Money:
    """Writes invoices down."""

    def __init__(self, studio: Studio, sheet: Sheet, now: int, known: AtStripe) -> None:
        self._studio, self._sheet, self._now, self._known = studio, sheet, now, known
        self._place = known.place
        self._shares = Shares(studio, sheet, now)
        self._paid_first: set[int] = set()
        self._asked: dict[int, int] = {}  # when each client was asked whether they recommend the studio

    def pay_out(self) -> None:
        """What partners are owed was paid each month."""
        self._shares.pay_out()

    def add(self, one: Owed) -> None:
        """All rows of an invoice."""
        self._invoice(one)
        if one.brief is None:
            self._by_hand(one)
        self._opened(one)
        if one.paid_at is not None:
            self._paid(one, one.paid_at)
        if one.voided_at is not None:
            self._voided(one, one.voided_at)
        if one.refunded_at is not None:
            self._refunded(one, one.refunded_at)
        if one.n % OLD_MISMATCH == 0 and one.paid_at is not None:
            self._compared_before(one, one.paid_at)

    def _invoice(self, one: Owed) -> None:
        self._sheet.add(
            "invoices", id=one.id, subject=one.subject, client_id=one.client, amount_minor=one.amount,
            currency=one.currency, state=one.state, version=3 if one.paid_at or one.voided_at else 2,
            **self._known.names(one), asked_at=one.made_at, created_at=one.made_at,
            opened_at=one.opened_at, due_at=one.due_at, paid_at=one.paid_at, asked_minor=one.amount,
            paid_minor=one.amount if one.paid_at else 0, marked=1, void_asked_at=one.voided_at, **self._place,
        )  # fmt: skip
        base = {"invoice_id": one.id, "position": 1, "description": one.what, "quantity": 1}
        self._sheet.add("invoice_lines", **base, unit_minor=one.amount, currency=one.currency)

    def _by_hand(self, one: Owed) -> None:
        number, by = int(one.subject.partition(":")[2]), self._studio.operator_id
        self._sheet.add("manual_invoices", id=number, client_id=one.client, made_by=by, key=f"seed:{one.n}",
                        created_at=one.made_at)  # fmt: skip
        said = {"amount": f"{one.amount / 100:.2f} {one.currency}", "client": one.client}
        self._sheet.happened("invoice.made_by_hand", f"invoice:{one.id}", one.made_at, by, **said)
        self._sheet.add("limit_passes", deed="invoice", key=f"manual:{one.n}", person_id=by, amount_minor=one.amount,
                        currency=one.currency, usd_cents=one.amount, at=one.made_at)  # fmt: skip

    def _opened(self, one: Owed) -> None:
        self._post(one, "invoice", 2, one.opened_at, ("receivable", one.amount), ("revenue", -one.amount))
        self._of_brief(one, "invoiced", one.opened_at, state="invoiced")
        self._sheet.happened(
            "invoice.opened", f"invoice:{one.id}", one.opened_at, stripe_id=self._known.names(one)["stripe_id"]
        )
        if one.voided_at is None and one.due_at + DAY < (one.paid_at or self._now):
            self._sheet.add("invoice_reminders", invoice_id=one.id, day=1, sent_at=one.due_at + DAY)
            self._sheet.happened("invoice.reminded", f"invoice:{one.id}", one.due_at + DAY, day=1)

    def _paid(self, one: Owed, at: int) -> None:
        net = one.amount - one.fee
        lines = ("stripe balance", net), ("stripe fees", one.fee), ("receivable", -one.amount)
        self._post(one, "payment", 3, at, *lines)
        self._sheet.happened("invoice.paid", f"invoice:{one.id}", at, paid=f"{one.amount / 100:.2f} {one.currency}")
        self._of_brief(one, "paid", at, state="paid")
        if one.client not in self._paid_first:
            self._paid_first.add(one.client)
            self._referred(one, at)
        self._shares.paid(one, at)
        if one.brief is not None and at - self._asked.get(one.client, at - 90 * DAY) >= 90 * DAY:
            self._asked[one.client] = at
            self._recommends(one, at)
        self._moved(one, f"txn_{one.n}", "charge", f"invoice:{one.id}", one.amount, one.fee, at, source=f"ch_{one.n}")

    def _referred(self, one: Owed, at: int) -> None:
        """Every third client came by the link of the one before them, who has a tenth of this as credit since then,
        or as a partner a share of each of their payments.
        """
        self._sheet.add("referral_codes", person_id=one.client, code=f"ref_{one.client}", created_at=one.made_at)
        partner, name = self._studio.partner_of(one.client - 1), f"referral:{one.id}"
        if one.client % 3 or (partner is None and one.client - 1 not in self._paid_first):
            return
        credit = one.amount // 10 if partner is None else 0
        if partner is not None:
            self._shares.brought(one.client, partner)
        new = self._studio.came(one.client) < self._studio.span
        came_at = self._now - self._studio.came(one.client) // timedelta(microseconds=1) if new else one.made_at - HOUR
        self._sheet.add("referrals", id=one.id, referrer_id=one.client - 1, person_id=one.client, version=2,
                        came_at=came_at, invoice_id=one.id, currency=one.currency,
                        earned_minor=credit)  # fmt: skip
        if credit:
            self._entry(f"{name}:earned", "referral", f"credit:{one.id}", at, one.currency,
                        ("discounts", credit), ("referral credit", -credit))  # fmt: skip
        said = {"invoice": one.id, "amount": f"{credit / 100:.2f} {one.currency}"}
        self._sheet.happened("referral.earned", name, at, **said)

    def _recommends(self, one: Owed, at: int) -> None:
        """An hour later they say how likely they are to recommend the studio; three in four are."""
        answered, score = at + HOUR, (10, 9, 8, 5)[one.n % 4]
        if answered < self._now:
            self._sheet.add("nps_questions", id=one.id, client_id=one.client, brief_id=one.brief, state="answered",
                            score=score, due_at=at + DAY, asked_at=at, answered_at=answered, version=3,
                            created_at=at)  # fmt: skip
            self._sheet.happened("nps.asked", f"nps:{one.id}", at, brief=one.brief)
            self._sheet.happened("nps.answered", f"nps:{one.id}", answered, one.client, score=score)

    def _voided(self, one: Owed, at: int) -> None:
        self._post(one, "void", 3, at, ("receivable", -one.amount), ("revenue", one.amount))
        by, name = self._studio.operator_id, f"invoice:{one.id}"
        self._sheet.happened("invoice.void_asked", name, at - MINUTE, by)
        self._sheet.happened("invoice.void", name, at)
        self._of_brief(one, "invoice_void", at)

    def _refunded(self, one: Owed, at: int) -> None:
        """Asked for by the operator, approved by the admin, sent."""
        by, admin, name = self._studio.operator_id, 1_001, f"refund:{one.id}"
        stripe_id, move = f"re_{one.n}", f"txn_re_{one.n}"
        money = {"amount_minor": one.refund, "currency": one.currency}
        self._sheet.add(
            "refunds", id=one.id, invoice_id=one.id, intent=f"pi_{one.n}", payment_minor=one.amount, **money,
            state="succeeded", version=5, reason="It came a day late", asked_by=by, stripe_id=stripe_id, ending="4242",
            created_at=at - HOUR, updated_at=at, sent_at=at - SECOND,
        )  # fmt: skip
        self._sheet.add(
            "approvals", id=one.id, kind="refund", subject=name, asked_by=by, **money, subject_version=1, needed=1,
            fuse_seconds=0, state="granted", version=2, asked_at=at - HOUR, expires_at=at + DAY, ended_at=at - MINUTE,
        )  # fmt: skip
        self._sheet.add("approval_signatures", approval_id=one.id, person_id=admin, yes=1, mark=1, at=at - MINUTE)
        said = {"state": "requested", "amount": f"{one.refund / 100:.2f} {one.currency}", "invoice": one.id}
        happened = self._sheet.happened
        happened("refund.requested", name, at - HOUR, by, **said)
        happened("approval.asked", name, at - HOUR, by, approval=one.id)
        happened("approval.signed", name, at - MINUTE, admin, approval=one.id)
        happened("approval.granted", name, at - MINUTE, admin, approval=one.id)
        for state, when in (("approved", at - MINUTE), ("reserved", at - 2 * SECOND), ("sent", at - SECOND)):
            happened(f"refund.{state}", name, when, state=state)
        happened("refund.succeeded", name, at, state="succeeded")
        reference = f"refund:{stripe_id}"
        self._entry(f"{reference}:{move}", "refund", reference, at, one.currency,
                    ("refunds", one.refund), ("stripe balance", -one.refund))  # fmt: skip
        self._moved(one, move, "refund", reference, -one.refund, 0, at, source=stripe_id)

    def _compared_before(self, one: Owed, at: int) -> None:
        base = {"id": one.id, "about": f"invoice:{one.id}", "here_gross": one.amount, "here_fee": one.fee}
        base |= {"here_currency": one.currency}
        self._sheet.add("ledger_mismatches", **base, key=f"timing:invoice:{one.id}", kind="timing",
                        found_at=at + HOUR, closed_at=at + 7 * HOUR, ending="gone")  # fmt: skip
        asked = {"mismatch_id": one.id, "mismatch_version": 1, "asked_by": self._studio.operator_id}
        self._sheet.add("ledger_repairs", id=one.id, **asked, amount_minor=one.amount, currency=one.currency,
                        state="dropped", created_at=at + 2 * HOUR)  # fmt: skip
        self._sheet.add("paid_together", about=f"invoice:{one.id}", first=f"invoice:{one.id}")

    def _of_brief(self, one: Owed, name: str, at: int, **data: str) -> None:
        if one.brief is not None:
            said = {"invoice": one.id, "amount": f"{one.amount / 100:.2f} {one.currency}"}
            self._sheet.happened(f"brief.{name}", f"brief:{one.brief}", at, **data, **said)

    def _post(self, one: Owed, kind: str, version: int, at: int, *lines: tuple[str, int]) -> None:
        reference = f"invoice:{one.id}"
        self._entry(f"{reference}:{kind}:{version}", kind, reference, at, one.currency, *lines)

    def _entry(self, key: str, kind: str, reference: str, at: int, currency: str, *lines: tuple[str, int]) -> None:
        said = orjson.dumps([[account, minor, currency] for account, minor in lines]).decode()
        self._sheet.add("postings", key=key, kind=kind, reference=reference, posted_at=at, lines=said)

    def _moved(
        self, one: Owed, move: str, category: str, about: str, gross: int, fee: int, at: int, source: str
    ) -> None:
        self._sheet.add(
            "balance_moves", stripe_id=move, category=category, owner="ours", books="main", about=about,
            gross_minor=gross, fee_minor=fee, currency=one.currency, face_minor=gross, face_currency=one.currency,
            source=source, intent=f"pi_{one.n}", payout=f"po_{one.currency}_{one.n // TOGETHER}", description=category,
            created_at=at, **self._place,
        )  # fmt: skip
