"""The numbers of rows that the mirror shows, some at a time in their order."""

from typing import Any

from sqlalchemy import Select, bindparam, select

from bot.access.model import Role
from bot.briefs.model import State
from storage.engine.connection import Connection
from storage.tables.billing import invoices
from storage.tables.briefs import briefs
from storage.tables.clients.referrals import referrals
from storage.tables.partners import partners
from storage.tables.people import people

LOGGED = (State.DELIVERED, State.INVOICED, State.PAID, State.REJECTED, State.FAILED)


def _behind(table: Any) -> Select[Any]:
    """The tenant's rows behind that number."""
    query = select(table.c.id).where(table.c.tenant == bindparam("its_tenant"), table.c.id > bindparam("behind"))
    return query.order_by(table.c.id).limit(bindparam("at_most"))


_BRIEFS = _behind(briefs).where(briefs.c.state.in_(LOGGED))
_INVOICES, _REFERRALS, _PARTNERS = _behind(invoices), _behind(referrals), _behind(partners)
_CLIENTS = _behind(people).where(people.c.role == Role.CLIENT)


async def ended_briefs(connection: Connection, tenant: str, behind: int, limit: int) -> list[int]:
    """Briefs that ended, one way or another."""
    return await _numbers(connection, _BRIEFS, tenant, max(0, behind), limit)  # a quote's number is below zero


async def all_invoices(connection: Connection, tenant: str, behind: int, limit: int) -> list[int]:
    """Invoices, whatever their state."""
    return await _numbers(connection, _INVOICES, tenant, behind, limit)


async def all_clients(connection: Connection, tenant: str, behind: int, limit: int) -> list[int]:
    """Clients who are so now."""
    return await _numbers(connection, _CLIENTS, tenant, behind, limit)


async def all_referrals(connection: Connection, tenant: str, behind: int, limit: int) -> list[int]:
    """Who came by a link."""
    return await _numbers(connection, _REFERRALS, tenant, behind, limit)


async def all_partners(connection: Connection, tenant: str, behind: int, limit: int) -> list[int]:
    """Partners, also those who are switched off."""
    return await _numbers(connection, _PARTNERS, tenant, behind, limit)


async def _numbers(connection: Connection, query: Select[Any], tenant: str, behind: int, limit: int) -> list[int]:
    given = {"its_tenant": tenant, "behind": behind, "at_most": limit}
    return list((await connection.execute(query, given)).scalars())
