"""Each movement of money is posted once, however often and in which order Stripe tells of it."""

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest

from bot.access.model import TENANT
from bot.audit.service import record
from bot.billing.webhooks import SOURCE, STRIPE_EVENT
from bot.invoices.events import FETCHED, Reread
from bot.invoices.ports import PaymentEvent
from bot.kernel.tasks import Task
from bot.providers import payments_of
from jobs.machinery.healing import STILL
from storage.core import inbox
from storage.engine.database import Transaction
from tests.desk import Desk, desk
from tests.house import Providers
from tests.stripe_tells import dashboard, entries, ledger, paid, tells


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url) as made:
        yield made


@pytest.mark.parametrize(
    ("currency", "price", "back"),
    [("USD", 12_000, 2_000), ("JPY", 120, 20), ("INR", 12_000, 2_000), ("KWD", 120_000, 20_000)],
)
async def test_a_payment_and_its_refund(
    stand_ins: Providers, database_url: str, currency: str, price: int, back: int
) -> None:
    """Made, paid, refunded in part: an entry each, in its own currency alone; told again, none more."""
    async with desk(stand_ins, database_url, currency=currency) as here:
        ours, charge = await paid(here, stand_ins)
        fee = (await ledger(here))["stripe fees", currency]
        async with dashboard(here) as client:
            refund = await client.v1.refunds.create_async({"charge": charge["id"], "amount": back})
        for _ in range(2):
            await tells(here, "refund.created", {"id": refund.id})
            await tells(here, "charge.refunded", charge)
            await tells(here, "refund.updated", {"id": refund.id})
            await tells(here, "invoice.paid", ours)
            await tells(here, "charge.updated", charge)
        assert await ledger(here) == {
            ("revenue", currency): -price,
            ("refunds", currency): back,
            ("stripe fees", currency): fee,
            ("stripe balance", currency): price - fee - back,
        }
        assert [entry.kind for entry in await entries(here)] == ["invoice", "payment", "refund"]


async def test_a_refund_that_fails_later(here: Desk, stand_ins: Providers) -> None:
    """A refund that waits is booked when its money has moved, and one that failed has brought it back."""
    _, charge = await paid(here, stand_ins)
    before = await ledger(here)
    async with dashboard(here) as client:
        refund = await client.v1.refunds.create_async({"charge": charge["id"]})
    await tells(here, "refund.created", {"id": refund.id})
    assert (await ledger(here))["refunds", "USD"] == 12_000
    stand_ins.stripe.settle_refund(refund.id, fails=True)
    await tells(here, "refund.failed", {"id": refund.id})
    await tells(here, "charge.refund.updated", {"id": refund.id})
    assert await ledger(here) == before
    assert [entry.kind for entry in await entries(here)] == ["invoice", "payment", "refund", "refund"]


@pytest.mark.parametrize("won", [True, False])
async def test_a_dispute(here: Desk, stand_ins: Providers, won: bool) -> None:
    """Its amount and its fee leave at once; won, the amount comes back and the fee does not."""
    _, charge = await paid(here, stand_ins)
    before = await ledger(here)
    dispute = stand_ins.stripe.dispute(charge["id"])
    await tells(here, "charge.dispute.created", {"id": dispute["id"]})
    await tells(here, "charge.dispute.funds_withdrawn", {"id": dispute["id"]})
    (taken,) = list(dispute["balance_transactions"])
    under_way = await ledger(here)
    assert under_way["disputes", "USD"] == 12_000
    assert under_way["stripe balance", "USD"] == before["stripe balance", "USD"] + taken["net"]
    stand_ins.stripe.decide_dispute(dispute["id"], won=won)
    await tells(here, "charge.dispute.closed", {"id": dispute["id"]})
    after = await ledger(here)
    assert after.get(("disputes", "USD"), 0) == (0 if won else 12_000)
    assert after["stripe fees", "USD"] == before["stripe fees", "USD"] + taken["fee"]
    assert sum(after.values()) == 0


async def test_a_credit_that_is_used(here: Desk, stand_ins: Providers) -> None:
    """A credit note puts money on the client's balance, the next invoice uses it, and nothing is left there."""
    ours, _ = await paid(here, stand_ins)
    note = stand_ins.stripe.credit_note(ours["id"], 5_000, credit_amount=2_000, refund_amount=3_000)
    for _ in range(2):
        await tells(here, "credit_note.created", note)
        await tells(here, "refund.created", {"id": note["refunds"][0]["refund"]})
    found = await ledger(here)
    assert [found[name, "USD"] for name in ("customer balance", "credit notes", "refunds")] == [-2_000, 2_000, 3_000]
    second = await here.delivered(here.alice, text="Another brief: a slogan for a bakery in Lyon, short, in French.")
    await here.app.services.billing.invoices.open_invoice(second.id)
    _, theirs = stand_ins.stripe.invoices.values()
    await stand_ins.stripe.pay(theirs["id"])
    stand_ins.stripe.settle_charges()
    await tells(here, "invoice.paid", theirs)
    found = await ledger(here)
    assert ("customer balance", "USD") not in found
    assert ("receivable", "USD") not in found


async def test_payouts(here: Desk, stand_ins: Providers) -> None:
    """What is paid out is at the bank and no more at Stripe; one that fails after it was paid comes back, and admins
    hear of it.
    """
    await paid(here, stand_ins)
    before = await ledger(here)
    payout = stand_ins.stripe.pay_out()
    for kind in ("payout.created", "payout.paid", "payout.reconciliation_completed"):
        await tells(here, kind, {"id": payout["id"]})
    kept = before["stripe balance", "USD"]
    assert await ledger(here) == {place: m for place, m in before.items() if place[0] != "stripe balance"} | {
        ("bank", "USD"): kept
    }
    stand_ins.stripe.fail_payout(payout["id"])
    await tells(here, "payout.failed", {"id": payout["id"]})
    await tells(here, "payout.updated", {"id": payout["id"]})
    assert await ledger(here) == before
    assert [entry.kind for entry in await entries(here)][-2:] == ["payout", "payout"]
    (told,) = [card.text for card in await here.told(here.carol.id) if "did not reach the bank" in card.text]
    assert f"{kept / 100:.2f} USD: failed, so the money is on the Stripe balance again" in told
    assert "account closed" in told


async def test_a_payout_of_another_account(here: Desk, stand_ins: Providers) -> None:
    """An event of a payout that our key does not know is kept, and without effect."""
    await paid(here, stand_ins)
    before = await ledger(here)
    await tells(here, "payout.paid", {"id": "po_of_another"})
    assert await ledger(here) == before


async def test_an_older_answer_comes_later(here: Desk, stand_ins: Providers) -> None:
    """Two webhooks are dealt with at once, and what was read first is written last: the ledger says what is newest."""
    _, charge = await paid(here, stand_ins)
    before, services = await ledger(here), here.app.services
    async with dashboard(here) as client:
        refund = await client.v1.refunds.create_async({"charge": charge["id"]})
    payments = payments_of(services.settings)
    try:
        (older,) = await payments.notices(Reread.REFUND, refund.id)
    finally:
        await payments.close()
    stand_ins.stripe.settle_refund(refund.id, fails=True)
    await tells(here, "refund.failed", {"id": refund.id})

    async def late(tx: Transaction) -> None:
        await record(tx, TENANT, None, "invoice.refund", "invoice:1001", thing=older)

    await services.database.write(late)
    assert await ledger(here) == before


async def test_an_inquiry(here: Desk, stand_ins: Providers) -> None:
    """A bank that only asks has moved nothing, so nothing is booked."""
    _, charge = await paid(here, stand_ins)
    before = await ledger(here)
    dispute = stand_ins.stripe.dispute(charge["id"], inquiry=True)
    await tells(here, "charge.dispute.created", {"id": dispute["id"]})
    assert await ledger(here) == before


async def test_two_currencies(stand_ins: Providers, database_url: str) -> None:
    """What is asked for in one currency and settled in another: each sums to zero, and they meet on the exchange."""
    stand_ins.stripe.settle_in("usd", {"jpy": Decimal("0.0066")})
    async with desk(stand_ins, database_url, currency="JPY", price_drafting="120000") as here:
        _, charge = await paid(here, stand_ins)
        async with dashboard(here) as client:
            refund = await client.v1.refunds.create_async({"charge": charge["id"], "amount": 20_000})
        await tells(here, "refund.created", {"id": refund.id})
        found = await ledger(here)
        assert found["refunds", "JPY"] == 20_000
        assert found["currency exchange", "JPY"] == 100_000
        assert found["currency exchange", "USD"] == -66_000
        for currency in ("JPY", "USD"):
            assert sum(minor for (_, other), minor in found.items() if other == currency) == 0


async def test_written_off(here: Desk, stand_ins: Providers) -> None:
    """What is written off is lost until it is paid after all; void, nothing of it is left."""
    brief = await here.delivered(here.alice)
    await here.app.services.billing.invoices.open_invoice(brief.id)
    (ours,) = stand_ins.stripe.invoices.values()
    async with dashboard(here) as client:
        await client.v1.invoices.mark_uncollectible_async(ours["id"])
        await tells(here, "invoice.marked_uncollectible", ours)
        assert await ledger(here) == {("revenue", "USD"): -12_000, ("bad debts", "USD"): 12_000}
        await client.v1.invoices.void_invoice_async(ours["id"])
        await tells(here, "invoice.voided", ours)
    assert await ledger(here) == {}
    assert [entry.kind for entry in await entries(here)] == ["invoice", "write-off", "void"]


async def test_an_event_whose_task_was_lost(here: Desk) -> None:
    """A webhook that waits for five minutes, as those of refunds of before do, is taken up by the janitor."""
    services, refund = here.app.services, PaymentEvent("evt_lost", "charge.refunded", {"id": "ch_1"})
    await services.database.write(lambda tx: services.billing.invoices.webhooks.receive(tx, [refund]))
    now = services.database.clock.now()
    found: dict[bool, list[Task]] = {}
    async with services.database.reading() as connection:
        (arrival,) = await inbox.waiting(connection, SOURCE, 10)
        for late, before in ((True, now), (False, now - STILL)):
            stalled = [await look(connection, before) for area in services.brought for look in area.stalled]
            found[late] = [task for one in stalled for task in one.tasks]
    assert found == {True: [Task(STRIPE_EVENT, arrival.id)], False: []}


async def test_what_came_before_others(here: Desk, stand_ins: Providers) -> None:
    """An event that no webhook brought is fetched also where more than a page of later ones came."""
    _, charge = await paid(here, stand_ins)
    async with dashboard(here) as client:
        await client.v1.refunds.create_async({"charge": charge["id"], "amount": 2_000})
    payout = stand_ins.stripe.pay_out(status="pending")
    for _ in range(110):
        stand_ins.stripe.advance_payout(payout["id"], "in_transit")
    services = here.app.services
    webhooks, payments = services.billing.invoices.webhooks, payments_of(services.settings)
    try:
        newest = await payments.events(FETCHED, None)
    finally:
        await payments.close()
    assert len(newest) == 100
    await services.database.write(lambda tx: webhooks.receive(tx, newest))
    assert await webhooks.catch_up() > 0
    async with services.database.reading() as connection:
        waiting = await inbox.waiting(connection, SOURCE, 500)
    for arrival in waiting:
        await webhooks.apply_event(arrival.id)
    assert (await ledger(here))["refunds", "USD"] == 2_000
