"""The tables of the ledger, which is only added to: the database itself refuses what does not balance, and every change
(docs/adr/0017-the-ledger.md). Amounts are whole minor units beside a currency.
"""

from sqlalchemy import CheckConstraint, Column, Index, UniqueConstraint

from storage.engine.schema import moment, points_to, table, text, whole
from storage.engine.types import Json

# Double entry: the lines of one posting sum to zero per currency (bot.ledger.model).
postings = table(
    "postings",
    text("key"),
    text("kind"),
    text("reference"),
    moment("posted_at"),
    # when it was written, where it is dated into a day before that
    moment("written_at", nullable=True),
    # what is written: [account, minor units, currency] for each line; a trigger checks them and makes `posting_lines`
    Column("lines", Json, nullable=True),
    # why a person made it; none where it followed from what happened
    text("reason", nullable=True),
    UniqueConstraint("tenant", "key"),
)
Index("ix_postings_tenant_posted_at", postings.c.tenant, postings.c.posted_at)
Index("ix_postings_tenant_reference", postings.c.tenant, postings.c.reference)
Index("ix_postings_tenant_id", postings.c.tenant, postings.c.id)
Index("ix_postings_tenant_kind_id", postings.c.tenant, postings.c.kind, postings.c.id)
Index("ix_postings_written_at", postings.c.tenant, postings.c.written_at,
      sqlite_where=postings.c.written_at.is_not(None), postgresql_where=postings.c.written_at.is_not(None))  # fmt: skip

# The same lines to be added up, made by the trigger alone.
posting_lines = table(
    "posting_lines",
    points_to("posting_id", "postings"),
    text("account"),
    whole("amount_minor"),
    text("currency"),
    # from 1 on
    whole("position", server_default="0"),
    CheckConstraint("amount_minor <> 0", name="not_zero"),
)
Index("ix_posting_lines_posting_id_position", posting_lines.c.posting_id, posting_lines.c.position, unique=True)
Index("ix_posting_lines_tenant_account", posting_lines.c.tenant, posting_lines.c.account)

# What one unit of a currency was worth in US dollars from that day on, by EXCHANGE_RATES.
exchange_rates = table(
    "exchange_rates",
    text("currency"),
    # "2026-11-28", and a decimal number
    text("day"),
    text("usd"),
    moment("set_at"),
    UniqueConstraint("tenant", "currency", "day"),
)

# Days whose books are closed: a trigger refuses what is posted into them, but for corrections.
closed_days = table(
    "closed_days",
    # "2026-11-28" of the tenant's time zone, and when it ended
    text("day"),
    moment("until"),
    moment("closed_at"),
    # what stood on each account: [account, currency, minor units as text], since a sum may need more than 64 bits
    Column("balances", Json, nullable=False),
    # the newest entry that can be in it: later ones that are dated into it came after it was closed. None: not known
    whole("last_entry", nullable=True),
    # how many mismatches were open then
    whole("open_mismatches"),
    UniqueConstraint("tenant", "day"),
)
Index("ix_closed_days_tenant_until", closed_days.c.tenant, closed_days.c.until)

# A day or a month of the tenant's time zone that is added up, so that a year of the ledger is read in a few rows.
ledger_folds = table(
    "ledger_folds",
    # of the IANA's; with another one days begin at other times, and are added up anew
    text("zone"),
    moment("since"),
    moment("until"),
    # by which it is seen that its sums were changed since, and when they were last held against the entries
    text("checksum", nullable=True),
    moment("checked_at", nullable=True),
    UniqueConstraint("tenant", "zone", "since", "until"),
)

# A sum is kept in two halves, since it may need more than 64 bits: `upper` times 2^32, and `lower`.
ledger_sums = table(
    "ledger_sums",
    points_to("fold_id", "ledger_folds"),
    # what of it: everything ("", ""), a type ("type", "Drafting"), or a client ("client", "1042")
    text("part"),
    text("name"),
    # of the ledger; or what models cost whom, in millionths of a dollar, see bot.finance.model
    text("account"),
    text("currency"),
    whole("upper"),
    whole("lower"),
    UniqueConstraint("fold_id", "part", "name", "account", "currency"),
)
Index("ix_ledger_sums_tenant_fold_id", ledger_sums.c.tenant, ledger_sums.c.fold_id, ledger_sums.c.part)
