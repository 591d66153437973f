"""The tables of reconciliation: what moved at Stripe, and what does not agree with the ledger.

Amounts are whole minor units beside a currency.
"""

from sqlalchemy import Index, UniqueConstraint

from bot.reconciliation.model import RepairState
from storage.engine.schema import moment, points_to, table, text, whole
from storage.engine.types import constant

# Each movement on the balance of the account at Stripe, as it was read; the tenant is whose account that is.
balance_moves = table(
    "balance_moves",
    text("stripe_id"),
    # the account and the mode that our key led to when it was read; none where the key did not say
    text("account", nullable=True),
    text("mode", nullable=True),
    # charge, refund, …; see bot.reconciliation.model
    text("category"),
    # ours, account, dashboard, others; none until it is known
    text("owner", nullable=True),
    # the tenant in whose ledger it belongs, and what of theirs it is: "invoice:1042", "refund:re_…"
    text("books", nullable=True),
    text("about", nullable=True),
    whole("gross_minor"),
    whole("fee_minor"),
    text("currency"),
    # what it is about in its own currency, where Stripe says so
    whole("face_minor", nullable=True),
    text("face_currency", nullable=True),
    text("source", nullable=True),
    text("intent", nullable=True),
    # the payout that paid it out
    text("payout", nullable=True),
    text("description"),
    moment("created_at"),
    UniqueConstraint("tenant", "stripe_id"),
)
NOT_KNOWN = balance_moves.c.owner.is_(None)
Index("ix_balance_moves_tenant_created_at", balance_moves.c.tenant, balance_moves.c.created_at)
Index("ix_balance_moves_books_about", balance_moves.c.books, balance_moves.c.about)
Index("ix_balance_moves_books_created_at", balance_moves.c.books, balance_moves.c.created_at)
Index("ix_balance_moves_intent", balance_moves.c.tenant, balance_moves.c.intent)
Index("ix_balance_moves_tenant_payout", balance_moves.c.tenant, balance_moves.c.payout)
Index("ix_balance_moves_not_known", balance_moves.c.id, sqlite_where=NOT_KNOWN, postgresql_where=NOT_KNOWN)

# Invoices that one charge paid, each with the first of them, by whose name they are compared as one.
paid_together = table(
    "paid_together",
    text("about"),
    text("first"),
    UniqueConstraint("tenant", "about"),
)
Index("ix_paid_together_tenant_first", paid_together.c.tenant, paid_together.c.first)

# What does not agree, each once: it is closed when it is gone, and open again when it is found again.
ledger_mismatches = table(
    "ledger_mismatches",
    # makes it the same one when it is found again
    text("key"),
    text("kind"),
    text("about"),
    # Stripe's id of the movement
    text("move", nullable=True),
    # what the ledger says, and what Stripe says
    whole("here_gross", nullable=True),
    whole("here_fee", nullable=True),
    text("here_currency", nullable=True),
    whole("there_gross", nullable=True),
    whole("there_fee", nullable=True),
    text("there_currency", nullable=True),
    # the newest entry of the ledger that it is about; whether a person took one back; whether it is an invoice's row
    whole("entry", nullable=True),
    whole("corrected", server_default="0"),
    whole("paid", server_default="0"),
    moment("found_at"),
    moment("closed_at", nullable=True),
    # gone, repaired, left
    text("ending", nullable=True),
    points_to("closed_by", "people", nullable=True),
    # counts on with every change, so that who repairs or leaves it does so with what they saw
    whole("version", server_default="1"),
    UniqueConstraint("tenant", "key"),
)
OPEN = ledger_mismatches.c.closed_at.is_(None)
Index("ix_ledger_mismatches_open", ledger_mismatches.c.tenant, ledger_mismatches.c.id,
      sqlite_where=OPEN, postgresql_where=OPEN)  # fmt: skip
Index("ix_ledger_mismatches_tenant_ending_id", ledger_mismatches.c.tenant, ledger_mismatches.c.ending,
      ledger_mismatches.c.id)  # fmt: skip

# Repairs that need somebody else's yes, each time that one is asked for.
ledger_repairs = table(
    "ledger_repairs",
    points_to("mismatch_id", "ledger_mismatches"),
    # of the mismatch, as it was then
    whole("mismatch_version"),
    points_to("asked_by", "people"),
    # the most by which it changes the ledger
    whole("amount_minor"),
    text("currency"),
    # requested, approved, done, dropped; see bot.reconciliation.model
    text("state"),
    whole("version", server_default="1"),
    moment("created_at"),
)
# At most one of a mismatch waits.
WAITS = ledger_repairs.c.state.in_([constant(state) for state in (RepairState.APPROVED, RepairState.REQUESTED)])
Index("ix_ledger_repairs_waits", ledger_repairs.c.tenant, ledger_repairs.c.mismatch_id, unique=True,
      sqlite_where=WAITS, postgresql_where=WAITS)  # fmt: skip

# Each time that the ledger was held against Stripe.
reconciliations = table(
    "reconciliations",
    # of which account and mode, none where the key did not say; since when movements were read, and how many
    text("account", nullable=True),
    text("mode", nullable=True),
    moment("since"),
    whole("moves"),
    moment("ended_at"),
)
Index("ix_reconciliations_tenant_id", reconciliations.c.tenant, reconciliations.c.id)
