"""Queries on referral codes and referrals."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update

from bot.kernel.errors import Stale
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _
from bot.referrals.model import Code, Credits, Listed, Referral, Totals
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import insert_new
from storage.tables.clients.referrals import HAS_CREDIT, PAID, referral_codes, referrals
from storage.tables.people import people

_OF_TENANT = select(referrals).where(referrals.c.tenant == bindparam("its_tenant"))
_OF_PERSON = _OF_TENANT.where(referrals.c.person_id == bindparam("person"))
_BY_ID = _OF_TENANT.where(referrals.c.id == bindparam("referral"))
_OF_INVOICE = select(referrals).where(
    PAID, referrals.c.invoice_id == bindparam("invoice"), unindexed(referrals.c.tenant) == bindparam("its_tenant")
)
_OF_REFERRER = (
    referrals.c.referrer_id == bindparam("referrer"),
    unindexed(referrals.c.tenant) == bindparam("its_tenant"),
)
_WITH_CREDIT = select(referrals).where(HAS_CREDIT, *_OF_REFERRER).order_by(referrals.c.id)
_USABLE = _WITH_CREDIT.where(unindexed(referrals.c.currency) == bindparam("its_currency")).limit(100)
_REFERRER, _NEWCOMER = people.alias("referrer"), people.alias("newcomer")
_NAMED = (
    select(referrals, _REFERRER.c.name.label("referrer"), _NEWCOMER.c.name.label("newcomer"))
    .join(_REFERRER, _REFERRER.c.id == referrals.c.referrer_id)
    .join(_NEWCOMER, _NEWCOMER.c.id == referrals.c.person_id)
    .where(referrals.c.tenant == bindparam("its_tenant"))
)
# By the code alone: so the tenant becomes known.
BY_CODE = select(referral_codes).where(referral_codes.c.code == bindparam("its_code"))


def _referral(row: Row[Any]) -> Referral:
    return Referral(
        row.id,
        row.tenant,
        row.referrer_id,
        row.person_id,
        row.came_at,
        row.invoice_id,
        row.currency,
        row.earned_minor,
        row.used_minor,
        row.clawed_minor,
        row.disputed_minor,
        row.version,
    )


async def by_code(connection: Connection, code: str) -> Code | None:
    """Whose link that is, of whichever tenant."""
    row = (await connection.execute(BY_CODE, {"its_code": code})).first()
    return None if row is None else Code(row.tenant, row.person_id, row.code)


async def code_of(tx: Transaction, tenant: str, person_id: int, fresh: str) -> str:
    """The person's code: `fresh` where they have none yet."""
    row = {"tenant": tenant, "person_id": person_id, "code": fresh, "created_at": tx.now}
    await insert_new(tx, referral_codes, row, "tenant", "person_id")
    query = select(referral_codes.c.code).where(
        referral_codes.c.tenant == tenant, referral_codes.c.person_id == person_id
    )
    code: str = (await tx.run(query)).scalar_one()
    return code


async def add(tx: Transaction, tenant: str, referrer_id: int, person_id: int) -> bool:
    """Write down by whose link somebody came; False where that was written down before."""
    row = {"tenant": tenant, "referrer_id": referrer_id, "person_id": person_id, "came_at": tx.now}
    return bool(await insert_new(tx, referrals, row, "tenant", "person_id"))


async def of_person(connection: Connection, tenant: str, person_id: int) -> Referral | None:
    """How the person came, if by a link."""
    row = (await connection.execute(_OF_PERSON, {"its_tenant": tenant, "person": person_id})).first()
    return None if row is None else _referral(row)


async def by_id(connection: Connection, tenant: str, referral_id: int) -> Referral | None:
    """The referral of that number."""
    row = (await connection.execute(_BY_ID, {"its_tenant": tenant, "referral": referral_id})).first()
    return None if row is None else _referral(row)


async def paid_by(tx: Transaction, tenant: str, person_id: int) -> Referral | None:
    """The same, held for the rest of the transaction."""
    row = (await tx.run(_OF_PERSON.with_for_update(), {"its_tenant": tenant, "person": person_id})).first()
    return None if row is None else _referral(row)


async def of_invoice(tx: Transaction, tenant: str, invoice_id: int) -> Referral | None:
    """The referral whose credit is a share of that invoice, held for the rest of the transaction."""
    row = (await tx.run(_OF_INVOICE.with_for_update(), {"its_tenant": tenant, "invoice": invoice_id})).first()
    return None if row is None else _referral(row)


async def locked(tx: Transaction, tenant: str, referral_id: int) -> Referral:
    """The referral of that number, which has to be there, held for the rest of the transaction."""
    row = (await tx.run(_BY_ID.with_for_update(), {"its_tenant": tenant, "referral": referral_id})).one()
    return _referral(row)


async def usable(tx: Transaction, tenant: str, referrer_id: int, currency: str) -> list[Referral]:
    """The credits of the referrer with something left in that currency, the oldest first; 100 at most. They are held
    for the rest of the transaction.
    """
    given = {"its_tenant": tenant, "referrer": referrer_id, "its_currency": currency}
    return [_referral(row) for row in await tx.run(_USABLE.with_for_update(), given)]


async def credit_of(connection: Connection, tenant: str, referrer_id: int) -> list[Money]:
    """What is left of the referrer's credits, by currency."""
    rows = await connection.execute(_WITH_CREDIT, {"its_tenant": tenant, "referrer": referrer_id})
    left: dict[str, int] = {}
    for one in map(_referral, rows):
        left[one.currency or ""] = left.get(one.currency or "", 0) + one.left
    return [Money(minor, currency) for currency, minor in sorted(left.items())]


async def counts(connection: Connection, tenant: str, referrer_id: int) -> tuple[int, int]:
    """How many came by the referrer's link, and how many of them paid."""
    query = select(func.count(), func.count(referrals.c.invoice_id)).where(*_OF_REFERRER)
    row = (await connection.execute(query, {"its_tenant": tenant, "referrer": referrer_id})).one()
    return int(row[0]), int(row[1])


async def came_since(connection: Connection, tenant: str, referrer_id: int, since: datetime) -> int:
    """How many came by the referrer's link since then."""
    query = select(func.count()).where(*_OF_REFERRER, referrals.c.came_at >= since)
    found: int = (await connection.execute(query, {"its_tenant": tenant, "referrer": referrer_id})).scalar_one()
    return found


async def totals(connection: Connection, tenant: str, since: datetime) -> Totals:
    """What came of those who came since then: how many they are, how many paid, and their credits by currency."""
    sums = (func.sum(referrals.c[name]) for name in ("earned_minor", "used_minor", "clawed_minor"))
    query = select(referrals.c.currency, func.count(), func.count(referrals.c.invoice_id), *sums)
    query = query.where(referrals.c.tenant == tenant, referrals.c.came_at >= since)
    rows = (await connection.execute(query.group_by(referrals.c.currency))).all()
    credits_ = [
        Credits(*(Money(int(minor), currency) for minor in (earned, used, clawed)))
        for currency, _came, _paid, earned, used, clawed in sorted(rows, key=lambda row: row.currency or "")
        if currency and earned
    ]
    return Totals(sum(int(row[1]) for row in rows), sum(int(row[2]) for row in rows), credits_)


async def page(connection: Connection, tenant: str, which: Page) -> Sequence[Listed]:
    """A page of the tenant's referrals."""
    rows = await which.of(connection, _NAMED, referrals.c.id, {"its_tenant": tenant})
    return [Listed(_referral(row), row.referrer, row.newcomer) for row in rows]


async def change(tx: Transaction, referral: Referral, **values: Any) -> Referral:
    """Change it if nobody did since it was read; raises Stale otherwise."""
    statement = update(referrals).where(referrals.c.tenant == referral.tenant, referrals.c.id == referral.id)
    statement = statement.where(referrals.c.version == referral.version)
    values |= {"version": referral.version + 1}
    row = (await tx.run(statement.values(**values).returning(*referrals.c))).first()
    if row is None:
        raise Stale(_("Referral {number} changed in the meantime.", number=referral.id))
    return _referral(row)
