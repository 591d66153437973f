"""Repairs above the limit of one admin: another one has to say yes, to what is shown and to nothing else."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.access.model import TENANT, Person, Role
from bot.approvals.model import Approval
from bot.kernel.errors import Forbidden, Refusal, Stale
from bot.kernel.money import Money
from bot.ledger.model import Account, Line, Posting
from bot.reconciliation.model import Ending, Mismatch, RepairRequest, RepairState
from storage.approvals import approvals
from storage.ledger import postings
from storage.people import people
from storage.reconciliation import mismatches, repairs
from tests.clock import Hands
from tests.desk import Desk, desk
from tests.house import Providers
from tests.refunds import another_admin
from tests.stripe_tells import ledger, paid

WRONG = 11_901


@dataclass
class Asked:
    """A repair of a wrong entry of 119.01 that Carol asked for, and what stood on the accounts before that entry."""

    here: Desk
    carol: Person
    erin: Person
    mismatch: Mismatch
    before: dict[tuple[str, str], int]

    async def request(self) -> RepairRequest:
        async with self.here.app.services.database.reading() as connection:
            found = await repairs.load(connection, 1_001)
        assert found is not None
        return found

    async def approval(self, number: int = 1_001) -> Approval:
        async with self.here.app.services.database.reading() as connection:
            found = await approvals.of_subject(connection, TENANT, f"repair:{number}")
        assert found is not None
        return found

    async def says_yes(self, who: Person) -> None:
        approval = await self.approval()
        await self.here.app.services.approvals.approve(who, approval.id, approval.mark)

    async def carried_out(self) -> None:
        await self.here.app.services.reconciliation.repairing.carry_out(1_001)


async def planted(here: Desk, minor: int, key: str = "planted") -> None:
    """A wrong entry about the invoice."""
    lines = (Line(Account.STRIPE_BALANCE, Money(minor, "USD")), Line(Account.RECEIVABLE, Money(-minor, "USD")))
    posting = Posting(key, "adjustment", "invoice:1001", lines)
    await here.app.services.database.write(lambda tx: postings.post(tx, TENANT, posting))


async def compared(here: Desk) -> Mismatch:
    """The one that is open once both sides were compared."""
    await here.app.services.reconciliation.comparing.all_tenants()
    async with here.app.services.database.reading() as connection:
        (found,) = await mismatches.open_ones(connection, TENANT)
    return found


@pytest.fixture
async def asked(stand_ins: Providers, database_url: str) -> AsyncIterator[Asked]:
    async with desk(stand_ins, database_url, clock=Hands(), repair_limit_usd=119) as here:
        await paid(here, stand_ins)
        carol, erin = await here.person(here.carol), await another_admin(here, stand_ins)
        before = await ledger(here)
        await planted(here, WRONG)
        mismatch = await compared(here)
        shown = await here.app.services.reconciliation.repairing.repair(carol, mismatch.id, mismatch.version)
        assert shown.asked
        yield Asked(here, carol, erin, mismatch, before)


@pytest.mark.both_databases
async def test_another_admin_says_yes(asked: Asked) -> None:
    """Above the limit nothing is posted before another admin said yes; then it is, once, and who asked for it hears."""
    here = asked.here
    assert (await ledger(here))["stripe balance", "USD"] == asked.before["stripe balance", "USD"] + WRONG
    with pytest.raises(Forbidden, match="You asked for this yourself"):
        await asked.says_yes(asked.carol)
    await asked.carried_out()
    assert (await ledger(here)) != asked.before
    await asked.says_yes(asked.erin)
    for _ in range(2):
        await asked.carried_out()
    assert await ledger(here) == asked.before
    assert (await asked.request()).state is RepairState.DONE
    shown = await here.app.services.reconciliation.comparing.details(asked.carol, asked.mismatch.id)
    assert (shown.mismatch.ending, shown.mismatch.closed_by) == (Ending.REPAIRED, asked.carol.id)
    told = [card.text for card in await here.told(here.carol.id)]
    assert sum("Repaired from Stripe's own figures" in text for text in told) == 1


async def test_what_the_other_reads(asked: Asked) -> None:
    """Whoever is to approve it reads what does not agree, and by how much the ledger changes."""
    (shown,) = await asked.here.app.services.approvals.waiting(asked.erin)
    subject = shown.subject()
    assert subject.name == f"Repair of mismatch {asked.mismatch.id}"
    number = (await asked.here.says(asked.here.carol, "/reconcile")).text.partition("Invoice ")[2].split()[0]
    assert f"Invoice {number}: the ledger says 239.01 USD, and Stripe moved 120.00 USD." in subject.lines[0]
    assert "The ledger changes by 119.01 USD." in subject.lines[1]


async def test_asked_once(asked: Asked) -> None:
    """While it waits it is not asked for again; refused, it can be."""
    repairing = asked.here.app.services.reconciliation.repairing
    with pytest.raises(Stale, match="waits for approval already"):
        await repairing.repair(asked.erin, asked.mismatch.id, asked.mismatch.version)
    approval = await asked.approval()
    await asked.here.app.services.approvals.refuse(asked.erin, approval.id, approval.mark)
    assert (await asked.request()).state is RepairState.DROPPED
    assert (await repairing.repair(asked.carol, asked.mismatch.id, asked.mismatch.version)).asked
    assert (await asked.approval(1_002)).kind == "repair"


async def test_other_figures_meanwhile(asked: Asked) -> None:
    """A yes to what a newer comparison found otherwise is not counted, and an old button repairs and leaves nothing."""
    await planted(asked.here, 50, "more")
    changed = await compared(asked.here)
    assert changed.id == asked.mismatch.id
    with pytest.raises(Stale, match="has changed"):
        await asked.says_yes(asked.erin)
    repairing = asked.here.app.services.reconciliation.repairing
    for verb in (repairing.repair, repairing.leave):
        with pytest.raises(Stale, match="has changed"):
            await verb(asked.carol, asked.mismatch.id, asked.mismatch.version)


async def test_more_than_was_approved(asked: Asked) -> None:
    """What is to be posted when it is carried out has to be what was approved: else nothing is, and who asked hears."""
    await asked.says_yes(asked.erin)
    await planted(asked.here, 50, "more")
    before = await ledger(asked.here)
    await asked.carried_out()
    assert await ledger(asked.here) == before
    assert (await asked.request()).state is RepairState.DROPPED
    (told,) = [card.text for card in await asked.here.told(asked.here.carol.id) if "not repaired" in card.text]
    assert "Stripe says something else of it by now" in told


async def test_who_asked_is_no_admin_any_more(asked: Asked) -> None:
    """Of two keys both have to fit when it is done: who asked for it and lost the role meanwhile has none."""
    await asked.says_yes(asked.erin)
    await asked.here.app.services.database.write(lambda tx: people.set_role(tx, asked.carol, Role.OPERATOR))
    before = await ledger(asked.here)
    await asked.carried_out()
    assert await ledger(asked.here) == before
    assert (await asked.request()).state is RepairState.DROPPED


@pytest.mark.parametrize(("limit", "alone"), [(120, True), (119, False)])
async def test_at_the_limit(stand_ins: Providers, database_url: str, limit: int, alone: bool) -> None:
    """Up to the limit, to the cent, one admin repairs alone; a cent more, and nobody else being there, it says so."""
    async with desk(stand_ins, database_url, clock=Hands(), repair_limit_usd=limit) as here:
        await paid(here, stand_ins)
        await planted(here, 12_000 if alone else WRONG)
        carol, found = await here.person(here.carol), await compared(here)
        repairing = here.app.services.reconciliation.repairing
        if alone:
            assert not (await repairing.repair(carol, found.id, found.version)).asked
            return
        with pytest.raises(Refusal, match="needs the approval of 1 other person"):
            await repairing.repair(carol, found.id, found.version)


async def test_worth_nobody_knows_what(stand_ins: Providers, database_url: str) -> None:
    """In a currency without an exchange rate every repair needs another admin."""
    async with desk(stand_ins, database_url, clock=Hands(), currency="INR", price_drafting="12000") as here:
        await paid(here, stand_ins)
        lines = (Line(Account.STRIPE_BALANCE, Money(5, "INR")), Line(Account.RECEIVABLE, Money(-5, "INR")))
        posting = Posting("planted", "adjustment", "invoice:1001", lines)
        await here.app.services.database.write(lambda tx: postings.post(tx, TENANT, posting))
        found, carol = await compared(here), await here.person(here.carol)
        await another_admin(here, stand_ins)
        assert (await here.app.services.reconciliation.repairing.repair(carol, found.id, found.version)).asked
