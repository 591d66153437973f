"""The tables of partners: whose programs may order briefs, by which keys, what they ordered, what they are told."""

from sqlalchemy import Column, Index, UniqueConstraint

from storage.engine.schema import moment, points_to, table, text, whole
from storage.engine.types import Bool, Json

partners = table(
    "partners",
    # whose briefs and invoices they are
    points_to("client_id", "people"),
    text("tier"),
    # briefs a month, by UTC
    whole("monthly_quota"),
    Column("enabled", Bool, nullable=False),
    # where changes are told; empty: nowhere
    text("webhook_url"),
    text("webhook_secret"),
    whole("version", server_default="1"),
    moment("created_at"),
    # what it gets of what is paid by whom it brought, in hundredths of a percent
    whole("share_bp", server_default="0"),
    UniqueConstraint("tenant", "client_id"),
)
Index("ix_partners_tenant_id", partners.c.tenant, partners.c.id)

# Only the SHA-256 of a key is kept. One that was replaced ends at `expires_at`.
partner_keys = table(
    "partner_keys",
    points_to("partner_id", "partners"),
    text("hash"),
    moment("created_at"),
    moment("expires_at", nullable=True),
)
Index("ix_partner_keys_partner_id", partner_keys.c.partner_id, partner_keys.c.id)

# An order is a row before its brief, unique by the idempotency key that came with it.
partner_orders = table(
    "partner_orders",
    points_to("partner_id", "partners"),
    text("key"),
    # of what was ordered, so that the same key never means two things
    text("fingerprint"),
    moment("locked_until"),
    points_to("brief_id", "briefs", nullable=True),
    # what was answered, to the letter
    text("answer", nullable=True),
    moment("created_at"),
    UniqueConstraint("tenant", "partner_id", "key"),
)
ORDERED = partner_orders.c.brief_id.is_not(None)
Index("ix_partner_orders_brief_id", partner_orders.c.brief_id, sqlite_where=ORDERED, postgresql_where=ORDERED)
Index("ix_partner_orders_partner_id_created_at", partner_orders.c.partner_id, partner_orders.c.created_at,
      sqlite_where=ORDERED, postgresql_where=ORDERED)  # fmt: skip

# What a partner's program is told, one row a message, with what became of it.
partner_messages = table(
    "partner_messages",
    points_to("partner_id", "partners"),
    # its `webhook-id`, the same at every try
    text("name"),
    text("type"),
    Column("payload", Json, nullable=False),
    # waiting, delivered, refused, given up
    text("state", server_default="waiting"),
    whole("attempts", server_default="0"),
    # of the last try: the HTTP status, 0 where no answer came, and how long it took
    whole("status", server_default="0"),
    whole("took_ms", server_default="0"),
    text("error", server_default=""),
    moment("created_at"),
    moment("tried_at", nullable=True),
    UniqueConstraint("tenant", "partner_id", "name"),
)
Index("ix_partner_messages_partner_id", partner_messages.c.partner_id, partner_messages.c.id)
Index("ix_partner_messages_created_at", partner_messages.c.created_at)

# What a partner gets of one paid invoice, and what of that was taken back; see bot.shares.model.
partner_shares = table(
    "partner_shares",
    points_to("partner_id", "partners"),
    points_to("invoice_id", "invoices"),
    # order: their program ordered it; referral: its client came by their link
    text("reason"),
    whole("share_bp"),
    text("currency"),
    # what the share is of, what it came to, and what of it was taken back
    whole("base_minor"),
    whole("earned_minor"),
    whole("clawed_minor", server_default="0"),
    # what of the invoice's money a bank took back, and what credit notes gave back beside refunds
    whole("disputed_minor", server_default="0"),
    whole("credited_minor", server_default="0"),
    whole("version", server_default="1"),
    moment("earned_at"),
    UniqueConstraint("tenant", "invoice_id"),
)
Index("ix_partner_shares_invoice_id", partner_shares.c.invoice_id)

# What was added to what a partner is owed, or taken off it, one row a posting.
partner_share_moves = table(
    "partner_share_moves",
    points_to("partner_id", "partners"),
    # none where it was paid out
    points_to("invoice_id", "invoices", nullable=True),
    # earned, taken back, paid
    text("kind"),
    # negative where less is owed by it
    whole("amount_minor"),
    text("currency"),
    moment("moved_at"),
    # of its posting
    text("key"),
    UniqueConstraint("tenant", "key"),
)
Index("ix_partner_share_moves_partner_id_moved_at", partner_share_moves.c.partner_id, partner_share_moves.c.moved_at)

# Calls of whoever is named by the bucket, within the window that began then.
call_counts = table(
    "call_counts",
    text("bucket"),
    moment("began_at"),
    moment("last_at"),
    whole("calls"),
    UniqueConstraint("tenant", "bucket"),
)
Index("ix_call_counts_last_at", call_counts.c.last_at)
