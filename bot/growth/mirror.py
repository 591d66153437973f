"""Clients in the mirror, and how the business grows."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from bot.access.model import Role
from bot.growth.model import AGAIN_AFTER
from bot.mirror.model import DAILY, HOURLY, KEY, Batch, Column, MirrorTable, RowId
from bot.mirror.service import iso, once
from storage.engine.connection import Connection
from storage.growth import figures, nps
from storage.mirror import rows
from storage.people import clients, people

SPANS = (30, 90, 365)  # days


async def client(connection: Connection, one: RowId) -> dict[str, Any] | None:
    """What the client's row holds now; of who is a client no more it says so, if they ever ordered."""
    person = await people.find(connection, one.tenant, one.number)
    if person is None or person.role not in {Role.CLIENT, Role.REMOVED}:
        return None
    habits = (await clients.habits(connection, one.tenant, [person.id]))[person.id]
    if person.role is Role.REMOVED and habits.last_order is None:
        return None
    owed = (await clients.owed(connection, one.tenant, [person.id], one.now)).get(person.id, ())
    under_way = await clients.under_way(connection, one.tenant, [person.id])
    return {
        "Client": person.name,
        "Access": "client" if person.role is Role.CLIENT else "ended",
        "Since": iso(await people.known_since(connection, person)),
        "Last order": iso(habits.last_order),
        "Under way": under_way.get(person.id, 0),
        "To pay": ", ".join(each.left.neutral for each in owed),
        "Late": ", ".join(each.late.neutral for each in owed if each.late.minor > 0),
        "Stars": round(habits.stars / habits.rated, 2) if habits.rated else None,
    }


async def client_names(connection: Connection, batch: Batch) -> Sequence[str]:
    """Every client."""
    return [str(one) for one in await rows.all_clients(connection, batch.tenant, batch.behind, batch.limit)]


CLIENT = MirrorTable(
    "Client",
    "person",
    {
        "Client": Column.TITLE,
        "Access": Column.SELECT,
        "Since": Column.DATE,
        "Last order": Column.DATE,
        "Under way": Column.NUMBER,
        "To pay": Column.TEXT,
        "Late": Column.TEXT,
        "Stars": Column.NUMBER,
        KEY: Column.TEXT,
    },
    client,
    client_names,
    ("invite.redeemed", "person.role_changed", "person.removed"),
    every=DAILY,
)


async def growth(connection: Connection, one: RowId) -> dict[str, Any]:
    """What the last days brought; answers are of the last 90 in any case, as in /growth."""
    since = one.now - timedelta(days=one.number)
    leads, converted = await figures.came(connection, one.tenant, since)
    answers = await nps.answers(connection, one.tenant, one.now - AGAIN_AFTER)
    brought = await figures.brought(connection, one.tenant, since)
    return {
        "Period": f"{one.number} days",
        "New clients": leads,
        "Paid": converted,
        "Paid, %": round(100 * converted / leads, 1) if leads else None,
        "NPS": answers.score,
        "NPS answers": answers.answers,
        "By referral": brought.came,
        "By referral, paid": brought.paid,
        "Referral credit": ", ".join(money.neutral for money in brought.credited),
    }


async def growth_names(connection: Connection, batch: Batch) -> Sequence[str]:  # noqa: ARG001 - every table's shape
    """A row a period."""
    return once([str(days) for days in SPANS], batch)


GROWTH_METRICS = MirrorTable(
    "Growth Metrics",
    "growth",
    {
        "Period": Column.TITLE,
        "New clients": Column.NUMBER,
        "Paid": Column.NUMBER,
        "Paid, %": Column.NUMBER,
        "NPS": Column.NUMBER,
        "NPS answers": Column.NUMBER,
        "By referral": Column.NUMBER,
        "By referral, paid": Column.NUMBER,
        "Referral credit": Column.TEXT,
        KEY: Column.TEXT,
    },
    growth,
    growth_names,
    every=HOURLY,
)
