"""Paid invoices, and refunds of them at each of their stages, for the tests."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

import stripe

from bot.access.model import TENANT, Person, Role
from bot.approvals.model import Approval
from bot.invoices.model import Invoice
from bot.kernel.money import Money
from bot.refunds.model import Refund
from sandbox.telegram.people import Person as Sender
from storage.approvals import approvals
from storage.engine.database import Transaction
from storage.people import people
from storage.refunds import refunds as rows
from tests.dashboard import account
from tests.desk import Desk
from tests.house import Providers

ERIN = 1007
USD = "USD"


async def paid(here: Desk, stand_ins: Providers, chat_id: int | None = None) -> Invoice:
    """An invoice of Alice's for 120.00 that is paid and known as such; its charge is settled.

    chat_id: where she handed its brief in, another one for each.
    """
    brief = await here.delivered(here.alice, chat_id)
    billing = here.app.services.billing.invoices
    await billing.open_invoice(brief.id)
    invoice = await here.invoice(brief)
    await stand_ins.stripe.pay(str(invoice.stripe_id))
    stand_ins.stripe.settle_charges()
    await billing.settlement.look(invoice.id)
    return await here.invoice(brief)


async def enrolled(here: Desk, stand_ins: Providers, name: str, number: int, role: Role) -> Person:
    """Somebody else of the installation's."""
    sender = stand_ins.telegram.person(name, id=number)

    async def work(tx: Transaction) -> Person:
        return await people.enroll(tx, TENANT, sender.id, name, role, "en")

    return await here.app.services.database.write(work)


async def another_admin(here: Desk, stand_ins: Providers) -> Person:
    """Erin, an admin beside Carol."""
    return await enrolled(here, stand_ins, "Erin", ERIN, Role.ADMIN)


async def requested(here: Desk, invoice: Invoice, minor: int, who: Sender | Person | None = None) -> Refund:
    """A refund that somebody, by default Bob, asked for."""
    person = who if isinstance(who, Person) else await here.person(who or here.bob)
    amount = Money(minor, invoice.amount.currency)
    key = f"test:{invoice.id}:{minor}:{len(await of_invoice(here, invoice))}"
    asked = await here.app.services.refunds.refunds.request(person, invoice.id, amount, "too late", key)
    return asked.of.refund


async def of_invoice(here: Desk, invoice: Invoice) -> Sequence[Refund]:
    """All refunds of the invoice as they are now."""
    async with here.app.services.database.reading() as connection:
        return await rows.of_invoice(connection, invoice.tenant, invoice.id)


async def now(here: Desk, refund: Refund) -> Refund:
    """The refund as it is now."""
    async with here.app.services.database.reading() as connection:
        return await rows.get(connection, refund.tenant, refund.id)


async def approval_of(here: Desk, refund: Refund) -> Approval:
    """What was asked of others about the refund."""
    async with here.app.services.database.reading() as connection:
        found = await approvals.of_subject(connection, refund.tenant, f"refund:{refund.id}")
    assert found is not None
    return found


async def approved(here: Desk, refund: Refund, *people_: Person) -> Refund:
    """The refund, once these said yes to it."""
    for person in people_:
        approval = await approval_of(here, refund)
        await here.app.services.approvals.approve(person, approval.id, approval.mark)
    return await now(here, refund)


def dashboard(here: Desk) -> AbstractAsyncContextManager[stripe.StripeClient]:
    """Stripe's own client, on the account that the desk uses."""
    return account(here.app.services.settings.stripe_api_url)


def sent_back(stand_ins: Providers) -> int:
    """What Stripe sent back in all, in minor units."""
    kept = {"failed", "canceled"}
    refunds: list[dict[str, Any]] = list(stand_ins.stripe.refunds.values())
    return sum(one["amount"] for one in refunds if one["status"] not in kept)
