"""The mirror's databases: their names and what each column holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Column(StrEnum):
    """A Notion property type: https://developers.notion.com/reference/property-object"""

    TITLE = "title"
    TEXT = "rich_text"
    NUMBER = "number"
    SELECT = "select"
    DATE = "date"


KEY = "EchoPilot id"


@dataclass(frozen=True, slots=True)
class MirrorTable:
    """One database. Every row carries our id in the column KEY, by which it is found again."""

    name: str
    columns: Mapping[str, Column]


JOB_LOG = MirrorTable(
    "Job Log",
    {
        "Brief": Column.TITLE,
        "Client": Column.TEXT,
        "Type": Column.SELECT,
        "State": Column.SELECT,
        "Score": Column.NUMBER,
        "Drafts": Column.NUMBER,
        "Model cost, USD": Column.NUMBER,
        "Price": Column.NUMBER,
        "Currency": Column.SELECT,
        "Received": Column.DATE,
        "Changed": Column.DATE,
        KEY: Column.TEXT,
    },
)
FINANCE = MirrorTable(
    "Finance",
    {
        "Invoice": Column.TITLE,
        "Brief": Column.TEXT,
        "Client": Column.TEXT,
        "State": Column.SELECT,
        "Amount": Column.NUMBER,
        "Currency": Column.SELECT,
        "Opened": Column.DATE,
        "Paid": Column.DATE,
        "Stripe": Column.TEXT,
        KEY: Column.TEXT,
    },
)
TABLES: Mapping[str, MirrorTable] = {table.name: table for table in (JOB_LOG, FINANCE)}
