"""The ledger is held against what Stripe says: each mismatch is found, told, repaired and closed."""

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from bot.access.model import TENANT
from bot.kernel.errors import Refusal, Stale
from bot.kernel.money import Money
from bot.ledger.model import Account, Line, Posting
from bot.reconciliation.model import Ending, Kind, Mismatch
from storage.engine.database import Transaction
from storage.ledger import postings
from storage.reconciliation import mismatches
from storage.tables.audit import audit
from tests.clock import Hands
from tests.desk import Desk, desk
from tests.house import Providers
from tests.stripe_tells import dashboard, entries, ledger, paid, tells

LATER = timedelta(hours=3)  # nothing is on its way any more


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock=Hands()) as made:
        yield made


def passes(here: Desk, time: timedelta = LATER) -> None:
    clock = here.app.services.database.clock
    assert isinstance(clock, Hands)
    clock.ahead += time


async def compared(here: Desk) -> list[Mismatch]:
    """What is open once both sides were compared."""
    await here.app.services.reconciliation.comparing.all_tenants()
    async with here.app.services.database.reading() as connection:
        return await mismatches.open_ones(connection, TENANT)


async def told(here: Desk) -> list[str]:
    """What Carol heard of mismatches."""
    return [card.text for card in await here.told(here.carol.id) if "new mismatch" in card.text]


async def planted(here: Desk, about: str, *lines: tuple[Account, int]) -> None:
    """An entry that nothing at Stripe stands for."""
    posting = Posting("planted", "adjustment", about, tuple(Line(one, Money(minor, "USD")) for one, minor in lines))
    await here.app.services.database.write(lambda tx: postings.post(tx, TENANT, posting))


async def repaired(here: Desk, mismatch: Mismatch) -> Mismatch:
    carol = await here.person(here.carol)
    done = await here.app.services.reconciliation.repairing.repair(carol, mismatch.id, mismatch.version)
    return done.mismatch


@pytest.mark.both_databases
async def test_everything_agrees(here: Desk, stand_ins: Providers) -> None:
    """After a payment, a refund that failed, a won dispute, a payout that failed and Stripe's own fee all agree, and
    the ledger's Stripe balance is Stripe's.
    """
    ours, charge = await paid(here, stand_ins)
    stripe = stand_ins.stripe
    async with dashboard(here) as client:
        refund = await client.v1.refunds.create_async({"charge": charge["id"], "amount": 2_000})
        await tells(here, "refund.created", {"id": refund.id})
        stripe.settle_refund(refund.id, fails=True)
        await tells(here, "refund.failed", {"id": refund.id})
        dispute = stripe.dispute(charge["id"])
        stripe.decide_dispute(dispute["id"], won=True)
        await tells(here, "charge.dispute.closed", {"id": dispute["id"]})
        fee = stripe.take_fee(48)
        payout = stripe.pay_out()
        stripe.fail_payout(payout["id"])
        await tells(here, "payout.failed", {"id": payout["id"]})
        await tells(here, "payout.paid", {"id": stripe.pay_out()["id"]})
        stripe.take_fee(7)
        assert await compared(here) == []
        passes(here)
        assert await compared(here) == []
        assert await here.app.services.reconciliation.comparing.payouts() == (
            "2 payouts read; 10 movements compared, 0 new mismatches, 0 open, 0 gone"
        )
        (kept,) = [one for one in (await client.v1.balance.retrieve_async()).available if one.currency == "usd"]
    found = await ledger(here)
    assert found["stripe balance", "USD"] == kept.amount == -7
    assert next(entry.reference for entry in await entries(here) if entry.kind == "fee") == f"fee:{fee['id']}"
    assert await told(here) == []
    assert ours["status"] == "paid"


@pytest.mark.both_databases
async def test_a_refund_that_nobody_told(here: Desk, stand_ins: Providers) -> None:
    """A refund is on its way at first, then missing, told once with the figures, and posted by a tap under the key that
    its webhook would use: when that comes after all, nothing is posted twice.
    """
    _, charge = await paid(here, stand_ins)
    async with dashboard(here) as client:
        refund = await client.v1.refunds.create_async({"charge": charge["id"], "amount": 2_000})
    (fresh,) = await compared(here)
    assert (fresh.found.kind, await told(here)) == (Kind.TIMING, [])
    passes(here)
    for _ in range(2):
        (missing,) = await compared(here)
    assert missing.found.kind is Kind.MISSING_HERE
    (words,) = await told(here)
    assert f"Refund {refund.id}: Stripe moved -20.00 USD, and the ledger says nothing of it." in words
    done = await repaired(here, missing)
    assert (done.ending, (await ledger(here))["refunds", "USD"]) == (Ending.REPAIRED, 2_000)
    with pytest.raises(Stale):
        await repaired(here, missing)
    await tells(here, "refund.created", {"id": refund.id})
    assert (await ledger(here))["refunds", "USD"] == 2_000
    assert await compared(here) == []
    async with here.app.services.database.reading() as connection:
        query = select(audit.c.subject).where(audit.c.action == "mismatch.repaired")
        assert list((await connection.execute(query)).scalars()) == [f"mismatch:{missing.id}"]


async def test_every_category_that_is_missing(here: Desk, stand_ins: Providers) -> None:
    """What Stripe did of each category and told nobody has a class of its own, and a tap repairs each."""
    _, charge = await paid(here, stand_ins)
    stripe = stand_ins.stripe
    async with dashboard(here) as client:
        refund = await client.v1.refunds.create_async({"charge": charge["id"], "amount": 2_000})
    stripe.settle_refund(refund.id, fails=True)
    stripe.decide_dispute(stripe.dispute(charge["id"])["id"], won=True)
    stripe.fail_payout(stripe.pay_out()["id"])
    passes(here)
    open_ones = await compared(here)
    assert sorted(one.found.kind for one in open_ones) == sorted(
        [Kind.MISSING_HERE, Kind.REFUND_FAILED, Kind.DISPUTE, Kind.DISPUTE_REVERSAL, Kind.PAYOUT, Kind.PAYOUT]
    )
    for one in open_ones:
        await repaired(here, one)
    assert await compared(here) == []
    kept = (await ledger(here))["stripe balance", "USD"]
    assert kept == sum(one["net"] for one in stripe.test.store.transactions.things.values())


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (((Account.STRIPE_FEES, 5), (Account.STRIPE_BALANCE, -5)), Kind.FEE),
        (((Account.STRIPE_BALANCE, 100), (Account.RECEIVABLE, -100)), Kind.AMOUNT),
        (
            ((Account.STRIPE_BALANCE, 11_622), (Account.STRIPE_FEES, 378), (Account.RECEIVABLE, -12_000)),
            Kind.DUPLICATE,
        ),
    ],
)
async def test_entries_that_are_wrong(
    here: Desk, stand_ins: Providers, lines: tuple[tuple[Account, int], ...], kind: Kind
) -> None:
    """A wrong entry about an invoice is named by what is wrong, and a tap posts the difference to what Stripe says."""
    await paid(here, stand_ins)
    before = await ledger(here)
    await planted(here, "invoice:1001", *lines)
    (found,) = await compared(here)
    assert found.found.kind is kind
    await repaired(here, found)
    assert await ledger(here) == before
    assert await compared(here) == []


async def test_a_keyed_entry_with_other_figures(here: Desk, stand_ins: Providers) -> None:
    """An entry of a refund that says another amount is taken back by the repair, with Stripe's figures in its place."""
    _, charge = await paid(here, stand_ins)
    async with dashboard(here) as client:
        refund = await client.v1.refunds.create_async(
            {"charge": charge["id"], "amount": 2_000, "expand": ["balance_transaction"]}
        )
    assert refund.balance_transaction is not None
    name = f"refund:{refund.id}"
    lines = (Line(Account.REFUNDS, Money(1_500, "USD")), Line(Account.STRIPE_BALANCE, Money(-1_500, "USD")))
    wrong = Posting(f"{name}:{refund.balance_transaction.id}", "refund", name, lines)  # type: ignore[union-attr]
    await here.app.services.database.write(lambda tx: postings.post(tx, TENANT, wrong))
    (found,) = await compared(here)
    assert found.found.kind is Kind.AMOUNT
    await repaired(here, found)
    assert (await ledger(here))["refunds", "USD"] == 2_000
    assert await compared(here) == []


async def test_what_a_person_took_back(here: Desk, stand_ins: Providers) -> None:
    """An entry that a person took back is a mismatch that no tap undoes; taking that back in turn closes it."""
    await paid(here, stand_ins)
    carol, books = await here.person(here.carol), here.app.services.ledger.books
    (payment,) = [entry for entry in await entries(here) if entry.kind == "payment"]
    mistake = await books.correct(carol, payment.id, "wrong client")
    passes(here)
    (found,) = await compared(here)
    assert (found.found.kind, found.found.corrected, found.found.entry) == (Kind.MISSING_HERE, True, mistake.id)
    with pytest.raises(Refusal, match="tap cannot repair"):
        await repaired(here, found)
    await books.correct(carol, mistake.id, "it was right")
    assert await compared(here) == []


async def test_missing_at_stripe(here: Desk, stand_ins: Providers) -> None:
    """What only the ledger says is named, no tap takes it back, and left as it is it does not come up again."""
    await paid(here, stand_ins)
    lines = (Line(Account.REFUNDS, Money(1_500, "USD")), Line(Account.STRIPE_BALANCE, Money(-1_500, "USD")))
    wrong = Posting("refund:re_none:txn_none", "refund", "refund:re_none", lines)
    await here.app.services.database.write(lambda tx: postings.post(tx, TENANT, wrong))
    passes(here)
    (found,) = await compared(here)
    assert found.found.kind is Kind.MISSING_THERE
    with pytest.raises(Refusal):
        await repaired(here, found)
    carol = await here.person(here.carol)
    left = await here.app.services.reconciliation.repairing.leave(carol, found.id, found.version)
    assert left.ending is Ending.LEFT
    assert await compared(here) == []


async def test_money_that_no_invoice_of_ours_asked_for(here: Desk, stand_ins: Providers) -> None:
    """A payment of an invoice that somebody made in the dashboard is named, once; another installation's is not."""
    await paid(here, stand_ins)
    async with dashboard(here) as client:
        for marks in ({}, {"echopilot_installation": "another"}):
            customer = await client.v1.customers.create_async({"email": "x@example.com"})
            draft = await client.v1.invoices.create_async({"customer": customer.id, "metadata": marks})
            await client.v1.invoice_items.create_async(
                {"customer": customer.id, "invoice": draft.id, "amount": 4_000, "currency": "usd"}
            )
            await client.v1.invoices.finalize_invoice_async(draft.id)
            await stand_ins.stripe.pay(draft.id)
    stand_ins.stripe.settle_charges()
    (found,) = await compared(here)
    assert (found.found.kind, found.found.there and found.found.there.gross) == (Kind.DASHBOARD, 4_000)
    with pytest.raises(Refusal):
        await repaired(here, found)


async def test_an_exchange(stand_ins: Providers, database_url: str) -> None:
    """What was converted on its way and is booked with another amount is told apart from other amounts."""
    stand_ins.stripe.settle_in("usd", {"jpy": Decimal("0.0066")})
    async with desk(stand_ins, database_url, clock=Hands(), currency="JPY", price_drafting="120000") as here:
        await paid(here, stand_ins)
        assert await compared(here) == []
        await planted(here, "invoice:1001", (Account.STRIPE_BALANCE, 3), (Account.EXCHANGE, -3))
        (found,) = await compared(here)
        assert found.found.kind is Kind.EXCHANGE
        await repaired(here, found)
        assert await compared(here) == []


async def test_a_payout_of_other_parts(here: Desk, stand_ins: Providers) -> None:
    """A payout whose parts come to another sum is named with both."""
    await paid(here, stand_ins)
    payout = stand_ins.stripe.pay_out()
    await tells(here, "payout.paid", {"id": payout["id"]})
    (charged,) = [one for one in stand_ins.stripe.test.store.transactions.things.values() if one["type"] == "charge"]
    del stand_ins.stripe.test.balance._paid_out[charged["id"]]
    await here.app.services.reconciliation.comparing.payouts()
    async with here.app.services.database.reading() as connection:
        (found,) = await mismatches.open_ones(connection, TENANT)
    assert (found.found.kind, found.found.about) == (Kind.PAYOUT, f"payout:{payout['id']}")
    assert found.found.there is not None
    assert (found.found.here and found.found.here.gross, found.found.there.gross) == (0, payout["amount"])


@pytest.mark.both_databases
async def test_the_nightly_close(here: Desk, stand_ins: Providers) -> None:
    """Yesterday is closed once; what Stripe tells late of it is posted today; the database refuses all that is dated
    into it but a correction.
    """
    _, charge = await paid(here, stand_ins)
    async with dashboard(here) as client:
        refund = await client.v1.refunds.create_async({"charge": charge["id"], "amount": 2_000})
    passes(here, timedelta(hours=25))
    closing, books = here.app.services.reconciliation.closing, here.app.services.ledger.books
    assert (await closing.close_yesterday(TENANT)).endswith("closed; 0 mismatches open")
    assert "was closed before" in await closing.close_yesterday(TENANT)
    await tells(here, "refund.created", {"id": refund.id})
    late = (await entries(here))[-1]
    assert (late.kind, late.posted_at.date()) == ("refund", here.app.services.database.clock.now().date())
    payment = next(entry for entry in await entries(here) if entry.kind == "payment")
    into = Posting("late", "refund", "refund:re_1", payment.lines)

    async def dated(tx: Transaction) -> None:
        await postings.post(tx, TENANT, into, payment.posted_at)

    with pytest.raises(Exception, match="only a correction is dated into it"):
        await here.app.services.database.write(dated)
    made = await books.correct(await here.person(here.carol), payment.id, "wrong client", dated=True)
    assert made.posted_at == payment.posted_at
    assert made.written_at is not None
    assert made.written_at > made.posted_at
