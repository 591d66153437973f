"""The tables of money: customers and invoices. Amounts are whole minor units beside a currency."""

from sqlalchemy import Index, UniqueConstraint, literal_column, or_

from bot.invoices.model import PAYABLE, InvoiceState
from storage.engine.schema import moment, points_to, table, text, whole
from storage.engine.types import constant

customers = table(
    "customers",
    points_to("person_id", "people"),
    # none until Stripe has answered; the row is there before Stripe is asked
    text("stripe_id", nullable=True),
    # counts on with every refusal
    whole("attempt", server_default="1"),
    moment("created_at"),
    # where at Stripe the id is
    text("account", nullable=True),
    text("mode", nullable=True),
    # whether what Stripe has bears this installation's code
    whole("marked", server_default="0"),
    UniqueConstraint("person_id"),
)

# Who the invoices of a person go to; kept empty where they skipped the question or had their details removed.
billing_details = table(
    "billing_details",
    points_to("person_id", "people"),
    # details, skipped, removed; see bot.invoices.payer
    text("given"),
    text("name"),
    text("email"),
    text("country"),
    text("address"),
    text("tax_id"),
    whole("version", server_default="1"),
    # the customer at Stripe that was last told of them, and of which version
    text("told_customer", server_default=""),
    whole("told_version", server_default="0"),
    moment("updated_at"),
    UniqueConstraint("person_id"),
)

invoices = table(
    "invoices",
    # what it is for: "brief:1042", "hand:55"; see bot.invoices.model
    text("subject"),
    points_to("client_id", "people"),
    whole("amount_minor"),
    text("currency"),
    # new, unknown, open, paid, void, failed, cancelled; see bot.invoices.model
    text("state"),
    whole("version", server_default="1"),
    text("stripe_id", nullable=True, unique=True),
    text("number", nullable=True),
    text("url", nullable=True),
    text("pdf_url", nullable=True),
    # when Stripe was first asked: its idempotency keys are forgotten after 24 hours
    moment("asked_at", nullable=True),
    moment("created_at"),
    moment("opened_at", nullable=True),
    moment("paid_at", nullable=True),
    # none where it may be paid at any time
    moment("due_at", nullable=True),
    # why Stripe refused it for good
    text("error", nullable=True),
    # counts on whenever Stripe is asked anew after a refusal
    whole("attempt", server_default="1"),
    # where at Stripe the id is
    text("account", nullable=True),
    text("mode", nullable=True),
    # whether what Stripe has bears this installation's code
    whole("marked", server_default="0"),
    # when Stripe gave the links, and when it was last asked how the invoice stands
    moment("links_at", nullable=True),
    moment("looked_at", nullable=True),
    # what Stripe asks for, what of that is from before, what came in, and of how many payments the fee is not known
    whole("asked_minor", nullable=True),
    whole("carried_minor", server_default="0"),
    whole("shipping_minor", server_default="0"),
    whole("paid_minor", server_default="0"),
    # of what came in, what did not by Stripe
    whole("elsewhere_minor", server_default="0"),
    whole("unsettled", server_default="0"),
    # what credit notes gave back after payment, as admins were told last
    whole("credited_after_minor", server_default="0"),
    # since when it is to be voided at Stripe, because somebody decided so
    moment("void_asked_at", nullable=True),
    # until when it can be taken back, before Stripe is asked for it; none once it is, and where it never could
    moment("grace_until", nullable=True),
    # what of a referral credit its lines take off already
    whole("credit_minor", server_default="0"),
    # days until it is due; none: as INVOICE_DAYS says
    whole("due_days", nullable=True),
    # since when it is to be written off at Stripe, because somebody decided so
    moment("write_off_asked_at", nullable=True),
    UniqueConstraint("tenant", "subject"),
)
Index("ix_invoices_tenant_state_id", invoices.c.tenant, invoices.c.state, invoices.c.id)
Index("ix_invoices_client_id_id", invoices.c.client_id, invoices.c.id)
Index("ix_invoices_tenant_id", invoices.c.tenant, invoices.c.id)
# What the jobs and clients look for are few of all there ever were, so they have indexes of their own; a query that is
# to use one says these very words. MAY_CHANGE: may change at Stripe, or a fee is awaited.
NOT_AT_STRIPE = invoices.c.state.in_([constant(state) for state in (InvoiceState.NEW, InvoiceState.UNKNOWN)])
IS_MISSING = invoices.c.state == constant(InvoiceState.MISSING)
MAY_CHANGE = or_(
    invoices.c.state.in_([constant(state) for state in sorted(PAYABLE)]), invoices.c.unsettled > literal_column("0")
)
WAITS_FOR_CLIENT = invoices.c.state.in_([constant(state) for state in sorted({*PAYABLE, InvoiceState.DETAILS})])
Index("ix_invoices_waits_for_client", invoices.c.tenant, invoices.c.client_id, invoices.c.id,
      sqlite_where=WAITS_FOR_CLIENT, postgresql_where=WAITS_FOR_CLIENT)  # fmt: skip
Index("ix_invoices_not_at_stripe", invoices.c.id, sqlite_where=NOT_AT_STRIPE, postgresql_where=NOT_AT_STRIPE)
Index("ix_invoices_missing", invoices.c.id, sqlite_where=IS_MISSING, postgresql_where=IS_MISSING)
Index("ix_invoices_may_change", invoices.c.id, sqlite_where=MAY_CHANGE, postgresql_where=MAY_CHANGE)

# What an invoice asks for. Its lines never change, and add up to its amount.
invoice_lines = table(
    "invoice_lines",
    points_to("invoice_id", "invoices"),
    # from 1 on
    whole("position"),
    text("description"),
    whole("quantity"),
    whole("unit_minor"),
    text("currency"),
    UniqueConstraint("invoice_id", "position"),
)

# What came from Stripe for a person to look at: another invoice than ours, a refund, a dispute, an event given up.
payment_mismatches = table(
    "payment_mismatches",
    # makes admins hear of it once
    text("key"),
    text("kind"),
    text("stripe_id"),
    points_to("invoice_id", "invoices", nullable=True),
    text("reason"),
    moment("created_at"),
    moment("noted_at", nullable=True),
    points_to("noted_by", "people", nullable=True),
    UniqueConstraint("tenant", "key"),
)
Index("ix_payment_mismatches_tenant_noted_at", payment_mismatches.c.tenant, payment_mismatches.c.noted_at)

# Who of the team made an invoice by hand; what it asks for stands in `invoice_lines`.
manual_invoices = table(
    "manual_invoices",
    points_to("client_id", "people"),
    points_to("made_by", "people"),
    # names the confirmation, so that the same one twice makes one invoice
    text("key"),
    moment("created_at"),
    UniqueConstraint("tenant", "key"),
)

# That a client was reminded of an unpaid invoice.
invoice_reminders = table(
    "invoice_reminders",
    points_to("invoice_id", "invoices"),
    # the days after the due day that it is for; negative: before it
    whole("day"),
    moment("sent_at"),
    UniqueConstraint("invoice_id", "day"),
)
