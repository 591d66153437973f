"""Indexes by which a client's open invoices and stars are found."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

WAITS_FOR_CLIENT = sa.text("state IN ('details', 'open', 'uncollectible')")


def upgrade() -> None:
    op.create_index(
        "ix_invoices_waits_for_client",
        "invoices",
        ["tenant", "client_id", "id"],
        sqlite_where=WAITS_FOR_CLIENT,
        postgresql_where=WAITS_FOR_CLIENT,
    )
    op.create_index("ix_ratings_client_id_id", "ratings", ["client_id", "id"])


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
