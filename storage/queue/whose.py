"""Whose a task is: a task carries the number of a row, and the row says its tenant."""

from sqlalchemy import Table, select

from storage.engine.connection import Connection


async def tenant_of(connection: Connection, table: Table, row_id: int) -> str | None:
    """The tenant of the row; None where it is gone."""
    tenant: str | None = (await connection.execute(select(table.c.tenant).where(table.c.id == row_id))).scalar()
    return tenant
