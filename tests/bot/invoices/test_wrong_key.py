"""A key of another account that was set for a while, and events about what our key does not know."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import stripe
from sqlalchemy import select

from bot.briefs.model import Brief
from bot.invoices.model import InvoiceState
from bot.invoices.ports import PaymentEvent
from bot.kernel.errors import Refusal, Stale
from jobs.money import invoice_sweep
from sandbox.faults import Fault
from storage.tables.core import inbox
from tests.desk import Desk, desk
from tests.house import Providers

OTHER = "sk_test_of_another_account"


@pytest.fixture
def two(stand_ins: Providers) -> Providers:
    stand_ins.stripe.open_account(OTHER)
    return stand_ins


async def _opened(here: Desk) -> Brief:
    """A delivered brief whose invoice is to be paid."""
    brief = await here.delivered(here.alice)
    await here.app.services.billing.invoices.open_invoice(brief.id)
    return brief


async def _paid(here: Desk, two: Providers) -> Brief:
    """The same, paid."""
    brief = await _opened(here)
    await two.stripe.pay(str((await here.invoice(brief)).stripe_id))
    await invoice_sweep(here.app.services)
    assert (await here.invoice(brief)).state is InvoiceState.PAID
    return brief


async def _refund(two: Providers, charge: str) -> None:
    """All of a charge is sent back in the dashboard."""
    http = stripe.AIOHTTPClient()
    addresses: Any = {"api": two.settings("sqlite:///none.db").stripe_api_url}
    await stripe.StripeClient("sk_test_x", base_addresses=addresses, http_client=http).v1.refunds.create_async(
        {"charge": charge}
    )
    await http.close_async()  # type: ignore[no-untyped-call]


async def _heard(here: Desk, event: dict[str, Any]) -> str | None:
    """How an event ended that came by webhook."""
    webhooks, database = here.app.services.billing.invoices.webhooks, here.app.services.database
    arrived = PaymentEvent(event["id"], event["type"], event["data"]["object"])
    await database.write(lambda tx: webhooks.receive(tx, [arrived]))
    return await _dealt_with(here, event["id"])


async def _dealt_with(here: Desk, event_id: str) -> str | None:
    async def row() -> Any:
        async with here.app.services.database.reading() as connection:
            return (await connection.execute(select(inbox).where(inbox.c.external_id == event_id))).one()

    await here.app.services.billing.invoices.webhooks.apply_event((await row()).id)
    return (await row()).error if (await row()).processed_at is not None else "waits"


async def _missing(two: Providers, url: str) -> Brief:
    """An invoice that was looked at by another account's key."""
    async with desk(two, url) as here:
        brief = await _opened(here)
    async with desk(two, url, stripe_secret_key=OTHER) as here:
        await invoice_sweep(here.app.services)
        assert (await here.invoice(brief)).state is InvoiceState.MISSING
    return brief


@pytest.mark.parametrize("paid", [False, True])
async def test_found_again(two: Providers, database_url: str, paid: bool) -> None:
    """With the right key again, the next sweep finds the invoice, as it is by now, and operators read so."""
    brief = await _missing(two, database_url)
    async with desk(two, database_url) as here:
        if paid:
            await two.stripe.pay(str((await here.invoice(brief)).stripe_id))
        await invoice_sweep(here.app.services)
        assert (await here.invoice(brief)).state is (InvoiceState.PAID if paid else InvoiceState.OPEN)
        assert "Stripe finds it again" in (await here.told(here.bob.id))[-1].text
        labels = [button.label for card in await here.told(here.alice.id) for row in card.rows for button in row]
        assert paid or labels[-2:] == ["Pay 120.00 USD", "Write to the team"]


async def test_no_second_one_to_pay(two: Providers, database_url: str) -> None:
    """“Make a new invoice” makes none where the old one is there after all, nor while Stripe does not answer."""
    brief = await _missing(two, database_url)
    async with desk(two, database_url) as here:
        bob, missing = await here.person(here.bob), await here.invoice(brief)
        again = here.app.services.billing.invoices.retry
        two.stripe.faults.add(Fault("GET .*/v1/invoices/", "status", times=9, status=500))
        with pytest.raises(Refusal, match="cannot say right now"):
            await again(bob, missing.id, missing.version)
        two.stripe.faults.clear()
        with pytest.raises(Stale, match="after all"):
            await again(bob, missing.id, missing.version)
        assert (await here.invoice(brief)).state is InvoiceState.OPEN
    assert len(two.stripe.invoices) == 1


async def test_refund_heard_by_the_wrong_key(two: Providers, database_url: str) -> None:
    """What a wrong key did not know is dealt with once the right one lists it, and a few times only if it is gone."""
    async with desk(two, database_url) as here:
        await _paid(here, two)
    await _refund(two, charge := next(iter(two.stripe.charges)))
    ours = next(event for event in two.stripe.events.values() if event["type"] == "refund.created")
    gone = two.stripe.event("charge.refunded", two.stripe.charges[charge] | {"id": "ch_gone"})
    unknown = "our key does not know it"
    async with desk(two, database_url, stripe_secret_key=OTHER) as here:
        assert await _heard(here, ours) == f"not a refund of ours: {unknown}"
        assert await _heard(here, gone) == f"not a charge of ours: {unknown}"
        assert await here.app.services.billing.invoices.webhooks.catch_up() == 0
    two.stripe.test.store.events.put(gone)
    async with desk(two, database_url) as here:
        catch_up = here.app.services.billing.invoices.webhooks.catch_up
        await catch_up()
        assert await _dealt_with(here, ours["id"]) is None
        assert "A refund at Stripe" in (await here.told(here.carol.id))[-1].text
        for again in (1, 1, 0):
            assert await _dealt_with(here, gone["id"]) == f"not a charge of ours: {unknown}"
            assert await catch_up() == again


@pytest.mark.parametrize("kind", ["charge.updated", "refund.created", "charge.refunded", "charge.dispute.created"])
async def test_money_of_others(two: Providers, database_url: str, kind: str) -> None:
    """An event about a payment that our key cannot look up is not ours, and no admin hears of it."""
    async with desk(two, database_url) as here:
        two.stripe.capture_after(None)
        await _paid(here, two)
        told = await here.told(here.carol.id)
        event = two.stripe.event(kind, {"id": "ch_other", "object": "charge", "payment_intent": "pi_other"})
        assert str(await _heard(here, event)).endswith("our key does not know it")
        assert await here.told(here.carol.id) == told


async def test_paid_in_another_life(two: Providers, tmp_path: Path) -> None:
    """Money for an invoice that only a copy of this database made is told to admins, and settles nothing."""
    first = tmp_path / "e.db"
    async with desk(two, f"sqlite:///{first}") as here:
        await here.app.services.billing.invoices.open_invoice((await here.delivered(here.alice, -5002)).id)
    copy = tmp_path / "copy.db"
    shutil.copy(first, copy)
    async with desk(two, f"sqlite:///{first}") as here:
        await two.stripe.pay(str((await here.invoice(await _opened(here))).stripe_id))
    async with desk(two, f"sqlite:///{copy}") as here:
        paid = next(event for event in two.stripe.events.values() if event["type"] == "invoice.paid")
        assert "admins were told" in str(await _heard(here, paid))
        assert "before a backup was restored" in (await here.told(here.carol.id))[-1].text
