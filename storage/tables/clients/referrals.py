"""The tables of referrals. Amounts are whole minor units beside a currency."""

from sqlalchemy import Index, UniqueConstraint

from storage.engine.schema import moment, points_to, table, text, whole

# The code in a client's link; no secret, since it lets people in as clients alone.
referral_codes = table(
    "referral_codes",
    points_to("person_id", "people"),
    text("code", unique=True),
    moment("created_at"),
    UniqueConstraint("tenant", "person_id"),
)

# Who came by whose link, once each, and the credit for it; see bot.referrals.model.
referrals = table(
    "referrals",
    points_to("referrer_id", "people"),
    points_to("person_id", "people"),
    moment("came_at"),
    # the newcomer's first paid invoice, and what of it is credited
    points_to("invoice_id", "invoices", nullable=True),
    text("currency", nullable=True),
    whole("earned_minor", server_default="0"),
    # taken off invoices or set aside for one, taken back, and what of the invoice's money a bank took back
    whole("used_minor", server_default="0"),
    whole("clawed_minor", server_default="0"),
    whole("disputed_minor", server_default="0"),
    whole("version", server_default="1"),
    UniqueConstraint("tenant", "person_id"),
)
Index("ix_referrals_tenant_id", referrals.c.tenant, referrals.c.id)
Index("ix_referrals_tenant_came_at", referrals.c.tenant, referrals.c.came_at)
Index("ix_referrals_referrer_id_came_at", referrals.c.referrer_id, referrals.c.came_at)
PAID = referrals.c.invoice_id.is_not(None)
Index("ix_referrals_invoice_id", referrals.c.invoice_id, sqlite_where=PAID, postgresql_where=PAID)
# A query that is to use the index says its very words.
HAS_CREDIT = referrals.c.earned_minor > referrals.c.used_minor + referrals.c.clawed_minor
Index("ix_referrals_has_credit", referrals.c.referrer_id, referrals.c.id,
      sqlite_where=HAS_CREDIT, postgresql_where=HAS_CREDIT)  # fmt: skip

# What of a referral's credit is taken off an invoice.
referral_uses = table(
    "referral_uses",
    points_to("referral_id", "referrals"),
    points_to("invoice_id", "invoices"),
    whole("amount_minor"),
    text("currency"),
    # set aside, used, returned; see bot.referrals.model
    text("state"),
    whole("version", server_default="1"),
    moment("created_at"),
    UniqueConstraint("invoice_id", "referral_id"),
)
