"""A database that is put back from a backup, and one that is copied: numbers come again, and money does not."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from bot.invoices.model import InvoiceState
from tests.clock import Hands
from tests.desk import Desk, desk
from tests.house import Providers

LATER = -5002  # the chat that the second brief comes from


async def _opened(here: Desk, chat_id: int | None = None, late: Hands | None = None) -> tuple[int, str]:
    """A delivered brief and its invoice to pay: the brief's number, and Stripe's id. late: made a day later."""
    brief = await here.delivered(here.alice, chat_id)
    if late is not None:
        late.ahead += timedelta(days=1)
    await here.app.services.billing.invoices.open_invoice(brief.id)
    invoice = await here.invoice(brief)
    assert invoice.state is InvoiceState.OPEN
    return brief.id, str(invoice.stripe_id)


async def _stands(here: Desk, number: int) -> InvoiceState:
    """How the brief's invoice stands once Stripe was asked."""
    brief = await here.app.services.intake.briefs.get(await here.person(here.alice), number)
    await here.app.services.billing.invoices.settlement.look((await here.invoice(brief)).id)
    return (await here.invoice(brief)).state


@pytest.mark.parametrize("late", [None, Hands()])
async def test_from_a_backup(stand_ins: Providers, tmp_path: Path, late: Hands | None) -> None:
    """What was paid for the brief of a number before a backup was put back does not pay for the next of that number."""
    file, backup = tmp_path / "e.db", tmp_path / "backup.db"
    async with desk(stand_ins, f"sqlite:///{file}") as here:
        await _opened(here)
    shutil.copy(file, backup)
    async with desk(stand_ins, f"sqlite:///{file}") as here:
        number, paid = await _opened(here, LATER)
        await stand_ins.stripe.pay(paid)
        assert await _stands(here, number) is InvoiceState.PAID
    shutil.copy(backup, file)
    if late is not None:
        stand_ins.stripe.forget_keys()
    async with desk(stand_ins, f"sqlite:///{file}", late) as here:
        again, other = await _opened(here, LATER, late)
        assert (again, other != paid) == (number, True)
        assert await _stands(here, again) is InvoiceState.OPEN
    assert len(stand_ins.stripe.customers) == 1


async def test_beside_its_copy(stand_ins: Providers, tmp_path: Path) -> None:
    """A copy that runs beside the first settles nothing by what is paid for the other, also where it looks first."""
    first, copy = tmp_path / "first.db", tmp_path / "copy.db"
    async with desk(stand_ins, f"sqlite:///{first}") as here:
        await _opened(here)
    shutil.copy(first, copy)
    async with desk(stand_ins, f"sqlite:///{first}") as one, desk(stand_ins, f"sqlite:///{copy}") as other:
        number, paid = await _opened(one, LATER)
        same, open_ = await _opened(other, LATER)
        await stand_ins.stripe.pay(paid)
        assert (same, await _stands(one, number)) == (number, InvoiceState.PAID)
        assert await _stands(other, same) is InvoiceState.OPEN
        stand_ins.stripe.invoices[open_]["status"] = "void"
        assert await _stands(other, same) is InvoiceState.VOID
        brief = await other.app.services.intake.briefs.get(await other.person(other.bob), same)
        invoice = await other.invoice(brief)
        await other.app.services.billing.invoices.retry(await other.person(other.bob), invoice.id, invoice.version)
        await other.app.services.billing.invoices.open_invoice(same)
        assert (await other.invoice(brief)).state is InvoiceState.OPEN


async def test_another_person_of_the_same_number(stand_ins: Providers, tmp_path: Path) -> None:
    """Somebody who became known after a backup was put back is not the customer of who had their number before."""
    file, backup = tmp_path / "e.db", tmp_path / "backup.db"
    async with desk(stand_ins, f"sqlite:///{file}"):
        pass
    shutil.copy(file, backup)
    for _ in range(2):
        async with desk(stand_ins, f"sqlite:///{file}") as here:
            await _opened(here)
        shutil.copy(backup, file)
    assert len(stand_ins.stripe.customers) == 2
