"""The register of personal data: nothing is kept of anybody that it does not say."""

from sqlalchemy import Column, MetaData, Table, Text

from bot.privacy.register.catalog import REGISTER
from storage.migrations.schema import whole

TABLES = {name: table for name, table in whole().tables.items() if "tenant" in table.c}


def undeclared(table: Table) -> set[str]:
    """Columns of a table that the register does not name."""
    said = REGISTER[table.name].columns if table.name in REGISTER else []
    return {column.name for column in table.c} - {"id", "tenant", *said}


def test_every_column_is_declared() -> None:
    """As personal, with what for and how long, or as none of a person."""
    assert {name: found for name, table in TABLES.items() if (found := undeclared(table))} == {}


def test_nothing_is_declared_that_is_not_there() -> None:
    """A column that went is not promised any more, and none is declared twice."""
    said = {name: sorted(table.columns) for name, table in REGISTER.items()}
    there = {
        name: sorted(column.name for column in table.c if column.name not in {"id", "tenant"})
        for name, table in TABLES.items()
    }
    assert said == there


def test_numbers_of_people_are_named() -> None:
    """What points to `people` is declared as that."""
    points = {
        name: sorted(c.name for c in table.c if any(key.column.table.name == "people" for key in c.foreign_keys))
        for name, table in TABLES.items()
    }
    assert {name: sorted(table.by_number.split()) for name, table in REGISTER.items()} == points


def test_a_new_column_is_found() -> None:
    """A column that nobody declared is named."""
    columns = (Column(column.name, column.type) for column in TABLES["people"].c)
    table = Table("people", MetaData(), *columns, Column("shoe_size", Text))
    assert undeclared(table) == {"shoe_size"}
