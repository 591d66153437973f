"""What a row of the mirror is to show, for tests that write none."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.access.model import TENANT
from bot.mirror.model import MirrorTable, RowId
from storage.engine.connection import Connection


async def row_of(connection: Connection, table: MirrorTable, number: int) -> Mapping[str, Any]:
    """The cells of the row about the thing of that number, which has to be there."""
    row = await table.row(connection, RowId(TENANT, str(number), datetime.now(UTC)))
    assert row is not None
    return row
