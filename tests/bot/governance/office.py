"""What tests of governance have in common: what breaks a policy, planted in the rows."""

from datetime import UTC, datetime, timedelta
from secrets import token_hex

from sqlalchemy import insert

from bot.access.model import TENANT, Person, Role
from bot.approvals.model import Approval, Terms
from bot.invoices.remote import RemoteCharge
from bot.kernel.money import Money
from storage.approvals import approvals
from storage.core.events import add_event
from storage.engine.database import Transaction
from storage.models import budget
from storage.people import people
from storage.refunds import refunds
from storage.tables.briefs import decisions, drafts
from tests.desk import Desk

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DORA = 1007


async def asked(here: Desk, who: Person, number: int = 1001, needed: int = 1) -> Approval:
    """Something that the person asks others to approve."""
    terms = Terms(f"refund:{number}", Money(5_000, "USD"), 1)
    return await here.app.services.database.write(lambda tx: approvals.add(tx, who, terms, needed, timedelta()))


async def signed(here: Desk, approval: Approval, person_id: int, **values: object) -> None:
    """The person's yes, past every rule; and what the approval is then."""

    async def work(tx: Transaction) -> None:
        await approvals.sign(tx, approval, person_id, yes=True)
        if values:
            await approvals.change(tx, approval, **values)

    await here.app.services.database.write(work)


async def approved(here: Desk, brief_id: int, person_id: int) -> None:
    """A draft of the brief that the person approved."""

    async def work(tx: Transaction) -> None:
        base = {"tenant": TENANT, "created_at": tx.now, "brief_id": brief_id, "content_hash": ""}
        draft = base | {"attempt": 7, "text": "", "model": "m"}
        draft_id = (await tx.run(insert(drafts).returning(drafts.c.id), draft)).scalar_one()
        await tx.run(insert(decisions), base | {"draft_id": draft_id, "verdict": "approved", "person_id": person_id})

    await here.app.services.database.write(work)


async def refunded(here: Desk, invoice_id: int, who: Person, count: int) -> None:
    """So many refunds that the person asked for."""

    async def work(tx: Transaction) -> None:
        charge = RemoteCharge("pi_1", Money(12_000, "USD"))
        for _number in range(count):
            await refunds.add(tx, who, invoice_id, charge, Money(100, "USD"), "why", token_hex(4))

    await here.app.services.database.write(work)


async def spent(here: Desk, dollars: int, scope: str = "month:2026-11") -> None:
    """What models cost in a month."""

    async def work(tx: Transaction) -> None:
        await budget.lock(tx, TENANT, [scope])
        await budget.add(tx, TENANT, {scope: dollars * 1_000_000})

    await here.app.services.database.write(work)


async def another_admin(here: Desk) -> Person:
    """Dora, an admin beside Carol."""
    return await here.app.services.database.write(lambda tx: people.enroll(tx, TENANT, DORA, "Dora", Role.ADMIN, "en"))


async def became_admin(here: Desk, person: Person) -> None:
    """That the person became an admin now, who was less before."""
    subject = f"person:{person.id}"
    await here.app.services.database.write(lambda tx: add_event(tx, TENANT, subject, "role_changed", role="admin"))


async def delivered(here: Desk, count: int, first: int = 5_000) -> None:
    """So many briefs that Alice handed in now, and that are delivered."""
    for number in range(count):
        brief = await here.delivered(here.alice, first + number)
        subject = f"brief:{brief.id}"
        await here.app.services.database.write(lambda tx, subject=subject: add_event(tx, TENANT, subject, "queued"))  # type: ignore[misc]
