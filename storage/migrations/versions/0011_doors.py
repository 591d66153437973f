"""Which role was given to whom otherwise than by the setting, who was removed, revoked invitations, team rooms."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64, UtcTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# Invitations only ever raised somebody, so the newest that a person used gave what they have otherwise than by the
# setting. An admin who used none is one by the setting.
GRANTED = """
UPDATE people SET granted = CASE WHEN role = 'admin' THEN
    (SELECT i.role FROM invites i WHERE i.redeemed_by = people.id ORDER BY i.redeemed_at DESC, i.id DESC LIMIT 1)
    ELSE role END
"""


def upgrade() -> None:
    op.add_column("people", sa.Column("granted", sa.Text(), nullable=True))
    op.add_column("people", sa.Column("removed_at", UtcTime(), nullable=True))
    op.add_column("invites", sa.Column("revoked_at", UtcTime(), nullable=True))
    op.execute(GRANTED)
    op.create_table(
        "team_rooms",
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("chat_id", Int64(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("bound_by", Int64(), nullable=False),
        sa.Column("bound_at", UtcTime(), nullable=False),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.Column("message_id", Int64(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_rooms")),
        sa.ForeignKeyConstraint(["bound_by"], ["people.id"], name=op.f("fk_team_rooms_bound_by_people")),
        sa.UniqueConstraint("chat_id", name=op.f("uq_team_rooms_chat_id")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('team_rooms', 1000)")


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
