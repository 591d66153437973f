"""An index of what was given up, by where it was to go."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    given_up = sa.text("state = 'undeliverable'")
    op.create_index(
        "ix_outbox_undeliverable",
        "outbox",
        ["channel", "destination"],
        sqlite_where=given_up,
        postgresql_where=given_up,
    )


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
