"""Queries on customers: who a person is at Stripe."""

from sqlalchemy import bindparam, select, update

from bot.invoices.model import Customer
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import insert_new
from storage.tables.billing import customers

_CUSTOMER = select(customers).where(customers.c.person_id == bindparam("person"))


async def customer_of(connection: Connection, person_id: int) -> Customer | None:
    """The person's customer; None where there is none yet."""
    row = (await connection.execute(_CUSTOMER, {"person": person_id})).first()
    if row is None:
        return None
    place = {"account": row.account, "mode": row.mode, "marked": bool(row.marked)}
    return Customer(row.person_id, row.stripe_id, row.attempt, row.created_at, **place)


async def customer_for(tx: Transaction, tenant: str, person_id: int) -> Customer:
    """The person's one customer, made where there is none."""
    row = {"tenant": tenant, "person_id": person_id, "created_at": tx.now, "marked": 1}
    await insert_new(tx, customers, row, "person_id")
    customer = await customer_of(tx.connection, person_id)
    assert customer is not None
    return customer


async def keep_customer(
    tx: Transaction, customer: Customer, stripe_id: str, account: str | None, mode: str | None
) -> Customer:
    """Keep Stripe's id and where it is, unless one is kept already; returns what is kept."""
    unknown = update(customers).where(customers.c.person_id == customer.person_id, customers.c.stripe_id.is_(None))
    await tx.run(unknown.values(stripe_id=stripe_id, account=account, mode=mode))
    kept = await customer_of(tx.connection, customer.person_id)
    assert kept is not None
    return kept


async def place_customer(tx: Transaction, customer: Customer, account: str | None, mode: str | None) -> None:
    """Keep where at Stripe the customer is, learnt since."""
    same = update(customers).where(customers.c.person_id == customer.person_id)
    await tx.run(same.where(customers.c.stripe_id == customer.stripe_id).values(account=account, mode=mode))


async def forget_customer(tx: Transaction, customer: Customer) -> None:
    """Stripe does not know the id: it is made anew, in another attempt. What was forgotten already stays so."""
    same = update(customers).where(customers.c.person_id == customer.person_id)
    same = same.where(customers.c.stripe_id == customer.stripe_id)
    await tx.run(same.values(stripe_id=None, account=None, mode=None, attempt=customers.c.attempt + 1))


async def customer_refused(tx: Transaction, customer: Customer) -> None:
    """Count the attempt on; of several who were refused in the same attempt, the first does."""
    same = update(customers).where(customers.c.person_id == customer.person_id, customers.c.attempt == customer.attempt)
    await tx.run(same.values(attempt=customer.attempt + 1))
