"""Partners in the mirror."""

from collections.abc import Sequence
from typing import Any

from bot.mirror.model import HOURLY, KEY, Batch, Column, MirrorTable, RowId
from bot.mirror.service import iso
from bot.partners.model import month_of
from storage.engine.connection import Connection
from storage.mirror import rows
from storage.partners import orders, partners


async def row(connection: Connection, one: RowId) -> dict[str, Any] | None:
    """What the partner's row holds now; neither keys nor addresses."""
    partner = await partners.get(connection, one.tenant, one.number)
    if partner is None:
        return None
    began, _resets = month_of(one.now)
    return {
        "Partner": partner.name,
        "Tier": partner.tier.value,
        "On": partner.enabled,
        "Monthly quota": partner.monthly_quota,
        "Revenue share %": partner.share_bp / 100,
        "Used this month": await orders.used(connection, one.tenant, partner.id, began),
        "Since": iso(partner.created_at),
    }


async def names(connection: Connection, batch: Batch) -> Sequence[str]:
    """Every partner."""
    return [str(one) for one in await rows.all_partners(connection, batch.tenant, batch.behind, batch.limit)]


PARTNERS = MirrorTable(
    "Partners",
    "partner",
    {
        "Partner": Column.TITLE,
        "Tier": Column.SELECT,
        "On": Column.CHECKBOX,
        "Monthly quota": Column.NUMBER,
        "Revenue share %": Column.NUMBER,
        "Used this month": Column.NUMBER,
        "Since": Column.DATE,
        KEY: Column.TEXT,
    },
    row,
    names,
    (
        "partner.made",
        "partner.switched_on",
        "partner.switched_off",
        "partner.tier_set",
        "partner.quota_set",
        "partner.share_set",
    ),
    every=HOURLY,
)
