"""The ledger is only added to, and balances: triggers check the lines of each posting and make its rows of them.

Postings of before get their lines as the new ones have them. What Stripe told of refunds and disputes is looked at once
more, since until now nothing was booked of it.
"""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

WRITTEN = {
    "sqlite": "SELECT json_group_array(json_array(account, amount_minor, currency)) FROM (SELECT * FROM posting_lines"
    " WHERE posting_id = postings.id ORDER BY id)",
    "postgresql": "SELECT CAST(jsonb_agg(jsonb_build_array(account, amount_minor, currency) ORDER BY id) AS text)"
    " FROM posting_lines WHERE posting_id = postings.id",
}
PLACES = (
    "UPDATE posting_lines SET position = (SELECT count(*) FROM posting_lines AS before"
    " WHERE before.posting_id = posting_lines.posting_id AND before.id <= posting_lines.id)"
)
LOOK_AGAIN = (
    "UPDATE inbox SET processed_at = NULL, error = NULL WHERE source = 'stripe' AND processed_at IS NOT NULL"
    ' AND error IS NULL AND (payload LIKE \'{"type":"refund.%\' OR payload LIKE \'{"type":"charge.refund%\''
    ' OR payload LIKE \'{"type":"charge.dispute.%\')'
)

# SQLite's sum() refuses what is more than 64 bits, also in between: so upper and lower halves are summed by themselves.
SQLITE = (
    """CREATE TRIGGER postings_check BEFORE INSERT ON postings BEGIN
    SELECT RAISE(ABORT, 'a posting is written with its lines, two at least')
        WHERE new.lines IS NULL OR json_type(new.lines) IS NOT 'array' OR json_array_length(new.lines) < 2;
    SELECT RAISE(ABORT, 'a posting with this id is there') WHERE EXISTS (SELECT 1 FROM postings WHERE id = new.id);
    SELECT RAISE(ABORT, 'a line is an account, whole minor units other than 0, and a currency')
        FROM json_each(new.lines) AS line WHERE line.type <> 'array' OR json_array_length(line.value) <> 3
        OR json_type(line.value, '$[0]') IS NOT 'text' OR typeof(json_extract(line.value, '$[1]')) <> 'integer'
        OR json_type(line.value, '$[1]') IS NOT 'integer' OR json_extract(line.value, '$[1]') = 0
        OR json_type(line.value, '$[2]') IS NOT 'text'
        OR json_extract(line.value, '$[2]') NOT GLOB '[A-Z][A-Z][A-Z]';
    SELECT RAISE(ABORT, 'the posting does not balance') FROM (
        SELECT sum(json_extract(value, '$[1]') >> 32) AS upper, sum(json_extract(value, '$[1]') & 4294967295) AS lower
        FROM json_each(new.lines) GROUP BY json_extract(value, '$[2]')
    ) WHERE lower & 4294967295 <> 0 OR upper + (lower >> 32) <> 0;
END""",
    """CREATE TRIGGER postings_spread AFTER INSERT ON postings BEGIN
    INSERT INTO posting_lines (tenant, posting_id, position, account, amount_minor, currency)
        SELECT new.tenant, new.id, key + 1, json_extract(value, '$[0]'), json_extract(value, '$[1]'),
        json_extract(value, '$[2]') FROM json_each(new.lines);
END""",
    """CREATE TRIGGER posting_lines_check BEFORE INSERT ON posting_lines BEGIN
    SELECT RAISE(ABORT, 'lines are made of what is posted') WHERE NOT EXISTS (
        SELECT 1 FROM postings, json_each(postings.lines) AS line
        WHERE postings.id = new.posting_id AND postings.tenant = new.tenant AND line.key = new.position - 1
        AND line.value = json_array(new.account, new.amount_minor, new.currency)
    );
    SELECT RAISE(ABORT, 'this line is there') WHERE EXISTS (SELECT 1 FROM posting_lines WHERE id = new.id)
        OR EXISTS (SELECT 1 FROM posting_lines WHERE posting_id = new.posting_id AND position = new.position);
END""",
    *(
        f"CREATE TRIGGER {table}_{word.lower()} BEFORE {word} ON {table}"
        " BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END"
        for table in ("postings", "posting_lines")
        for word in ("UPDATE", "DELETE")
    ),
)
POSTGRESQL = (
    """CREATE FUNCTION ledger_refuses(why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = why;
END $$""",
    """CREATE FUNCTION postings_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    written jsonb := new.lines::jsonb;
BEGIN
    IF written IS NULL OR jsonb_typeof(written) <> 'array' OR jsonb_array_length(written) < 2 THEN
        PERFORM ledger_refuses('a posting is written with its lines, two at least');
    END IF;
    IF EXISTS (
        SELECT 1 FROM jsonb_array_elements(written) AS line WHERE jsonb_typeof(line) <> 'array'
        OR jsonb_array_length(line) <> 3 OR jsonb_typeof(line -> 0) <> 'string' OR jsonb_typeof(line -> 1) <> 'number'
        OR jsonb_typeof(line -> 2) <> 'string' OR (line ->> 2) !~ '^[A-Z]{3}$'
    ) OR EXISTS (SELECT 1 FROM jsonb_array_elements(written) AS line WHERE (line ->> 1)::bigint = 0) THEN
        PERFORM ledger_refuses('a line is an account, whole minor units other than 0, and a currency');
    END IF;
    IF EXISTS (
        SELECT 1 FROM jsonb_array_elements(written) AS line GROUP BY line ->> 2 HAVING sum((line ->> 1)::bigint) <> 0
    ) THEN
        PERFORM ledger_refuses('the posting does not balance');
    END IF;
    RETURN new;
END $$""",
    """CREATE FUNCTION postings_spread() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO posting_lines (tenant, posting_id, position, account, amount_minor, currency)
        SELECT new.tenant, new.id, place, line ->> 0, (line ->> 1)::bigint, line ->> 2
        FROM jsonb_array_elements(new.lines::jsonb) WITH ORDINALITY AS written (line, place);
    RETURN NULL;
END $$""",
    """CREATE FUNCTION posting_lines_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM postings WHERE id = new.posting_id AND tenant = new.tenant
        AND lines::jsonb -> (new.position::int - 1) = jsonb_build_array(new.account, new.amount_minor, new.currency)
    ) OR new.position < 1 THEN
        PERFORM ledger_refuses('lines are made of what is posted');
    END IF;
    RETURN new;
END $$""",
    """CREATE FUNCTION ledger_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM ledger_refuses('the ledger is only added to');
    RETURN NULL;
END $$""",
    "CREATE TRIGGER postings_check BEFORE INSERT ON postings FOR EACH ROW EXECUTE FUNCTION postings_check()",
    "CREATE TRIGGER postings_spread AFTER INSERT ON postings FOR EACH ROW EXECUTE FUNCTION postings_spread()",
    "CREATE TRIGGER posting_lines_check BEFORE INSERT ON posting_lines"
    " FOR EACH ROW EXECUTE FUNCTION posting_lines_check()",
    *(
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION ledger_kept()"
        for table in ("postings", "posting_lines")
    ),
)


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.add_column("postings", sa.Column("lines", sa.Text(), nullable=True))
    op.add_column("postings", sa.Column("reason", sa.Text(), nullable=True))
    op.add_column("posting_lines", sa.Column("position", Int64(), server_default="0", nullable=False))
    op.execute(f"UPDATE postings SET lines = ({WRITTEN[dialect]})")  # noqa: S608 - our own words
    op.execute(PLACES)
    op.drop_index("ix_posting_lines_posting_id", "posting_lines")
    op.create_index("ix_posting_lines_posting_id_position", "posting_lines", ["posting_id", "position"], unique=True)
    op.create_index("ix_postings_tenant_id", "postings", ["tenant", "id"])
    run = op.get_bind().exec_driver_sql
    for statement in SQLITE if dialect == "sqlite" else POSTGRESQL:
        run(statement)
    _rates()
    run(LOOK_AGAIN if dialect == "sqlite" else LOOK_AGAIN.replace("%", "%%"))


def _rates() -> None:
    op.create_table(
        "exchange_rates",
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("usd", sa.Text(), nullable=False),
        sa.Column("set_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rates")),
        sa.UniqueConstraint("tenant", "currency", "day", name=op.f("uq_exchange_rates_tenant_currency_day")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('exchange_rates', 1000)")


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
