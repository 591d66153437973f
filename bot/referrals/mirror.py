"""Referrals in the mirror."""

from collections.abc import Sequence
from typing import Any

from bot.mirror.model import DAILY, KEY, Batch, Column, MirrorTable, RowId
from bot.mirror.service import iso
from storage.engine.connection import Connection
from storage.mirror import rows
from storage.people import people
from storage.referrals import referrals


async def row(connection: Connection, one: RowId) -> dict[str, Any] | None:
    """What the referral's row holds now."""
    referral = await referrals.by_id(connection, one.tenant, one.number)
    if referral is None:
        return None
    names = await people.by_ids(connection, one.tenant, [referral.referrer_id, referral.person_id])
    known = referral.currency is not None
    return {
        "Client": names[referral.person_id].name,
        "Referred by": names[referral.referrer_id].name,
        "Came": iso(referral.came_at),
        "Paid": referral.invoice_id is not None,
        "Credit": float(referral.money(referral.earned).decimal) if known else None,
        "Credit used": float(referral.money(referral.used).decimal) if known else None,
        "Credit taken back": float(referral.money(referral.clawed).decimal) if known else None,
        "Currency": referral.currency,
    }


async def names(connection: Connection, batch: Batch) -> Sequence[str]:
    """Everybody who came by a link."""
    return [str(one) for one in await rows.all_referrals(connection, batch.tenant, batch.behind, batch.limit)]


REFERRALS = MirrorTable(
    "Referrals",
    "referral",
    {
        "Client": Column.TITLE,
        "Referred by": Column.TEXT,
        "Came": Column.DATE,
        "Paid": Column.CHECKBOX,
        "Credit": Column.NUMBER,
        "Credit used": Column.NUMBER,
        "Credit taken back": Column.NUMBER,
        "Currency": Column.SELECT,
        KEY: Column.TEXT,
    },
    row,
    names,
    ("referral.earned", "referral.clawed"),
    every=DAILY,
)
