"""Queries on readings: how often a file was begun to be read that did not come to an end."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select

from storage.engine.database import Transaction
from storage.engine.upsert import insert_new
from storage.tables.briefs import readings

FOR = timedelta(days=1)  # then the machine may be idle again, and the reader mended


async def begin(tx: Transaction, tenant: str, digest: str) -> int:
    """Count a try that begins; returns how many there were within a day, this one among them."""
    this = (readings.c.tenant == tenant) & (readings.c.digest == digest)
    await tx.run(delete(readings).where(this, readings.c.began_at < tx.now - FOR))
    row = {"tenant": tenant, "digest": digest, "tries": 0, "began_at": tx.now}
    await insert_new(tx, readings, row, "tenant", "digest")
    await tx.run(readings.update().where(this).values(tries=readings.c.tries + 1))
    return int((await tx.run(select(readings.c.tries).where(this))).scalar_one())


async def ended(tx: Transaction, tenant: str, digest: str) -> None:
    """The try came to an end, so the file is nothing to be afraid of."""
    await tx.run(delete(readings).where(readings.c.tenant == tenant, readings.c.digest == digest))


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete what began before that time; returns how many rows went."""
    return (await tx.run(delete(readings).where(readings.c.began_at < before))).rowcount
