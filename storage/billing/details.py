"""Queries on who a person's invoices go to."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from bot.access.model import Person
from bot.invoices.payer import BillingDetails, Given, KeptDetails
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import upsert
from storage.tables.billing import billing_details

_THEIRS = (billing_details.c.tenant == bindparam("its_tenant"), billing_details.c.person_id == bindparam("person"))
_OF = select(billing_details).where(*_THEIRS)
_OF_LOCKED = _OF.with_for_update()
_TOLD = (
    update(billing_details).where(*_THEIRS).values(told_customer=bindparam("customer"), told_version=bindparam("told"))
)


def _kept(row: Row[Any]) -> KeptDetails:
    return KeptDetails(
        person_id=row.person_id,
        given=Given(row.given),
        details=BillingDetails(
            name=row.name, email=row.email, country=row.country, address=row.address, tax_id=row.tax_id
        ),
        version=row.version,
        told_customer=row.told_customer,
        told_version=row.told_version,
    )


async def of_person(connection: Connection, tenant: str, person_id: int, *, lock: bool = False) -> KeptDetails | None:
    """What the person answered; None where they were never asked. With `lock`, others who change it wait."""
    whose = {"its_tenant": tenant, "person": person_id}
    row = (await connection.execute(_OF_LOCKED if lock else _OF, whose)).first()
    return None if row is None else _kept(row)


async def keep(tx: Transaction, who: Person, given: Given, details: BillingDetails, version: int) -> None:
    """Keep the person's answer in place of any earlier one."""
    key = {"tenant": who.tenant, "person_id": who.id}
    values = {"given": given, "version": version, "updated_at": tx.now}
    await upsert(tx, billing_details, key, asdict(details) | values)


async def note_told(tx: Transaction, tenant: str, person_id: int, customer: str, version: int) -> None:
    """Note which version the provider's customer was last told of."""
    await tx.run(_TOLD, {"its_tenant": tenant, "person": person_id, "customer": customer, "told": version})
