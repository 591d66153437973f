"""Procrastinate's tables on PostgreSQL; on SQLite, numbers that people quote begin at 1001 as they do there."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        from procrastinate.schema import SchemaManager

        # The script has several statements and per cent signs, which only the driver's own cursor takes as they are.
        op.get_bind().connection.cursor().execute(SchemaManager.get_schema())
        # For whether a lock's task waits already: ours asks at every enqueueing, Procrastinate's at every fetch.
        op.execute("CREATE INDEX ix_procrastinate_jobs_waiting ON procrastinate_jobs (lock) WHERE status = 'todo'")
        return
    op.execute(
        "INSERT INTO sqlite_sequence (name, seq) SELECT name, 1000 FROM sqlite_master "
        "WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%' AND name NOT IN (SELECT name FROM sqlite_sequence)"
    )


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
