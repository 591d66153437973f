"""Keys that EchoPilot issues itself: of each purpose one after another, and none of them in the database.

What signed partners' tokens stays, and buttons in chats are still known: both come from the bot's token until a key of
their own takes its place.
"""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "issued_keys",
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("ends_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_keys")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('issued_keys', 1000)")
    newest = sa.text("ends_at IS NULL")
    op.create_index(
        "uq_issued_keys_newest",
        "issued_keys",
        ["tenant", "purpose"],
        unique=True,
        sqlite_where=newest,
        postgresql_where=newest,
    )
    op.execute(
        "INSERT INTO issued_keys (tenant, id, purpose, root, salt, created_at, ends_at) "
        "SELECT tenant, id, 'api tokens', 'token', secret, created_at, NULL FROM signing_keys "
        "WHERE id = (SELECT max(id) FROM signing_keys)"
    )
    if not sqlite:
        number = "pg_get_serial_sequence('issued_keys', 'id')"
        op.execute(f"SELECT setval({number}, max(id)) FROM issued_keys HAVING count(*) > 0")  # noqa: S608 - our own words
    op.execute(
        "INSERT INTO issued_keys (tenant, purpose, root, salt, created_at) "
        "SELECT 'main', 'buttons', 'token', '', min(created_at) FROM people HAVING count(*) > 0"
    )
    op.drop_table("signing_keys")


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
