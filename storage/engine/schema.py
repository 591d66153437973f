"""What tables are made of: the names of their constraints, and columns that mean the same on both databases."""

from typing import Any

from sqlalchemy import Column, ForeignKey, Identity, MetaData, Table

from storage.engine.types import Int64, UtcTime, Words

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def table(name: str, *items: Any) -> Table:
    """A table with its own id and a tenant; ids are never used twice, since people quote them."""
    return Table(
        name,
        metadata,
        Column("id", Int64, Identity(always=False, start=1001), primary_key=True),
        Column("tenant", Words, nullable=False),
        *items,
        sqlite_strict=True,
        sqlite_autoincrement=True,
    )


def text(name: str, **options: Any) -> Column[str]:
    """A column of text."""
    return Column(name, Words, nullable=options.pop("nullable", False), **options)


def whole(name: str, **options: Any) -> Column[int]:
    """A column of whole numbers."""
    return Column(name, Int64, nullable=options.pop("nullable", False), **options)


def moment(name: str, **options: Any) -> Column[Any]:
    """A column of points in time."""
    return Column(name, UtcTime, nullable=options.pop("nullable", False), **options)


def points_to(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    """A reference to another table's row."""
    return Column(name, Int64, ForeignKey(f"{target}.id"), nullable=nullable)
