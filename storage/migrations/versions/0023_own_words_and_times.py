"""A person's own time zone and language, what the card of a first set-up showed them, and a tenant's office hours."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("time_zone", sa.Text(), nullable=True))
    op.add_column("people", sa.Column("preferred_language", sa.Text(), nullable=True))
    op.add_column("people", sa.Column("setup_shown", sa.Text(), nullable=True))
    op.execute("UPDATE people SET setup_shown = 'hidden' WHERE role = 'admin'")  # who is one by now knows their way
    op.add_column("tenants", sa.Column("office_hours", sa.Text(), nullable=True))
    op.add_column("tenants", sa.Column("holidays", sa.Text(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
