"""Forecasts: what each day had, what was told of it, and how far off that was."""

import sqlalchemy as sa
from alembic import op

from storage.engine.types import Int64

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None
OLDEST_CODE = "0051"
BOUNDS = ("middle", "low80", "high80", "low95", "high95")


def upgrade() -> None:
    _table("daily_values", ("series", "day"), _whole("value"), unique=("series", "day"))
    _table(
        "forecasts",
        ("series", "made_on"),
        *map(_whole, ("history", "scale", *BOUNDS)),
        unique=("series", "made_on"),
    )
    _table(
        "forecast_days",
        ("series", "made_on", "day"),
        *map(_whole, (*BOUNDS, "naive", "scale")),
        sa.Column("actual", Int64(), nullable=True),
        unique=("series", "day", "made_on"),
    )
    op.create_index("ix_daily_values_day", "daily_values", ["day"])
    op.create_index("ix_forecasts_made_on", "forecasts", ["made_on"])
    op.create_index("ix_forecast_days_tenant_series_made_on", "forecast_days", ["tenant", "series", "made_on"])
    op.create_index("ix_forecast_days_day", "forecast_days", ["day"])


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, Int64(), nullable=False)


def _table(name: str, words: tuple[str, ...], *items: sa.schema.SchemaItem, unique: tuple[str, ...]) -> None:
    op.create_table(
        name,
        sa.Column("id", Int64(), sa.Identity(start=1001), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        *(sa.Column(word, sa.Text(), nullable=False) for word in words),
        *items,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("tenant", *unique, name=op.f(f"uq_{name}_tenant_{'_'.join(unique)}")),
        sqlite_autoincrement=True,
        sqlite_strict=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{name}', 1000)")  # noqa: S608 - our own words


def downgrade() -> None:
    raise NotImplementedError("migrations go forwards; restore the backup that was taken before")
