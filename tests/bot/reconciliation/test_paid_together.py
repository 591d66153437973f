"""One charge that pays several invoices."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.access.model import TENANT
from bot.kernel.money import Money
from bot.ledger.model import Account, Line, Posting
from bot.reconciliation.model import Kind, Mismatch
from storage.ledger import postings
from storage.reconciliation import mismatches
from tests.clock import Hands
from tests.desk import Desk, desk
from tests.house import Providers
from tests.stripe_tells import ledger, tells


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock=Hands()) as made:
        yield made


async def compared(here: Desk) -> list[Mismatch]:
    """What is open once both sides were compared."""
    await here.app.services.reconciliation.comparing.all_tenants()
    async with here.app.services.database.reading() as connection:
        return await mismatches.open_ones(connection, TENANT)


async def paid_by_one_charge(here: Desk, stand_ins: Providers) -> None:
    """Four invoices of Alice's over 120.00 each, paid by a single charge, whose fee is no multiple of four."""
    for number in range(4):
        brief = await here.delivered(here.alice, text=f"Write a slogan for a bakery in Lyon, in {number + 3} words.")
        await here.app.services.billing.invoices.open_invoice(brief.id)
    names = list(stand_ins.stripe.invoices)
    stand_ins.stripe.pay_together(names)
    stand_ins.stripe.settle_charges()
    for name in names:
        await tells(here, "invoice.paid", {"id": name})


@pytest.mark.both_databases
async def test_they_agree_as_one(here: Desk, stand_ins: Providers) -> None:
    """The parts of the charge and of its fee come to what Stripe's balance got, to the cent, and nothing is told."""
    await paid_by_one_charge(here, stand_ins)
    (charged,) = stand_ins.stripe.test.store.transactions.things.values()
    found = await ledger(here)
    assert (found["stripe balance", "USD"], found["stripe fees", "USD"]) == (charged["net"], charged["fee"])
    assert ("receivable", "USD") not in found
    here.app.services.database.clock.ahead += timedelta(hours=3)  # type: ignore[attr-defined]
    assert await compared(here) == []


@pytest.mark.parametrize("number", [1, 2, 4])
async def test_one_of_them_is_wrong(here: Desk, stand_ins: Providers, number: int) -> None:
    """A wrong entry about any of them is one mismatch, and the repair posts what that one lacks."""
    await paid_by_one_charge(here, stand_ins)
    before = await ledger(here)
    lines = (Line(Account.STRIPE_FEES, Money(5, "USD")), Line(Account.STRIPE_BALANCE, Money(-5, "USD")))
    wrong = Posting("planted", "adjustment", f"invoice:{1_000 + number}", lines)
    await here.app.services.database.write(lambda tx: postings.post(tx, TENANT, wrong))
    (found,) = await compared(here)
    assert (found.found.kind, found.found.about) == (Kind.FEE, "invoice:1001")
    carol = await here.person(here.carol)
    await here.app.services.reconciliation.repairing.repair(carol, found.id, found.version)
    assert await ledger(here) == before
    assert await compared(here) == []
