"""The table of refunds. Amounts are whole minor units beside a currency."""

from sqlalchemy import Index, UniqueConstraint

from bot.refunds.model import RefundState
from storage.engine.schema import moment, points_to, table, text, whole
from storage.engine.types import constant

# One row an attempt; those that somebody made in Stripe's dashboard too.
refunds = table(
    "refunds",
    points_to("invoice_id", "invoices"),
    # the payment intent at Stripe that paid, and how much came in by it
    text("intent"),
    whole("payment_minor"),
    whole("amount_minor"),
    text("currency"),
    # requested, approved, reserved, sent, unknown, pending, succeeded, failed, cancelled; see bot.refunds.model
    text("state"),
    whole("version", server_default="1"),
    text("reason"),
    # none where somebody made it in Stripe's dashboard
    points_to("asked_by", "people", nullable=True),
    # the tap that asked for it: the same one twice is one
    text("source_key", nullable=True),
    text("stripe_id", nullable=True, unique=True),
    # what Stripe keeps of the payment, and the last digits of the card that paid
    whole("fee_minor", nullable=True),
    text("fee_currency", nullable=True),
    text("ending"),
    # why it was not made, or failed
    text("error", nullable=True),
    moment("created_at"),
    moment("updated_at"),
    moment("sent_at", nullable=True),
    # when Stripe is asked again what became of it, and how often it was
    moment("check_at", nullable=True),
    whole("checks", server_default="0"),
    UniqueConstraint("tenant", "source_key"),
)
Index("ix_refunds_invoice_id_id", refunds.c.invoice_id, refunds.c.id)
Index("ix_refunds_tenant_id", refunds.c.tenant, refunds.c.id)
Index("ix_refunds_tenant_created_at", refunds.c.tenant, refunds.c.created_at)
Index("ix_refunds_tenant_state_id", refunds.c.tenant, refunds.c.state, refunds.c.id)
# Few of all there ever were; a query that is to use the index says its very words.
UNDER_WAY = refunds.c.state.in_(
    [constant(state) for state in (RefundState.APPROVED, RefundState.RESERVED, RefundState.SENT, RefundState.UNKNOWN)]
)
Index("ix_refunds_under_way", refunds.c.id, sqlite_where=UNDER_WAY, postgresql_where=UNDER_WAY)
