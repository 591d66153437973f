"""/reconcile: what does not agree with Stripe, found, explained, and repaired or left by a tap."""

import re

import pytest
from sqlalchemy import select

from bot.kernel.money import Money
from bot.ledger.model import Account, Line, Posting
from sandbox.telegram.seen import Seen
from storage.engine.database import Transaction
from storage.ledger import postings
from storage.tables.audit import audit
from tests.dashboard import dashboard, invoiced, ledger, settled
from tests.house import House, Providers, house
from tests.refunds import ERIN


async def compares(home: House) -> Seen:
    """Carol has it compared, and reads what came of it."""
    mark = home.carol.mark()
    await home.carol.says("/reconcile")
    card = await home.carol.sees(re.compile(r"^Reconciliation"), after=mark)
    mark = home.carol.mark()
    await home.carol.taps("Compare now", card)
    return await home.carol.sees("movements compared", after=mark)


async def planted(home: House, *lines: tuple[Account, int]) -> None:
    """An entry that nothing at Stripe stands for."""
    posting = Posting("planted", "adjustment", "invoice:1001", tuple(Line(one, Money(m, "USD")) for one, m in lines))

    async def work(tx: Transaction) -> None:
        await postings.post(tx, "main", posting)

    await home.running.app.services.database.write(work)


@pytest.mark.both_databases
async def test_found_explained_and_repaired(home: House) -> None:
    """A wrong fee in the ledger is told with both figures, and a tap posts the difference; then everything agrees."""
    number, _ = await invoiced(home)
    await home.pay(number)
    await home.alice.sees("thank you")
    before = await settled(home)
    await compares(home)
    fee = before["stripe fees", "USD"]
    await planted(home, (Account.STRIPE_FEES, 500), (Account.STRIPE_BALANCE, -500))
    result = await compares(home)
    assert result.text.startswith("Reconciliation · 1 mismatch")
    news = await home.carol.sees("Money · 1 new mismatch")
    words = f"the fee is another one: {(fee + 500) / 100:.2f} USD in the ledger, {fee / 100:.2f} USD at Stripe"
    assert words in news.text
    (link,) = re.findall(r"/mismatch_\d+", news.text)
    await home.carol.says(link)
    card = await home.carol.sees(re.compile(r"^Mismatch \d+ · Fees differ"))
    await home.carol.taps("Repair", card)
    await home.carol.sees("Repaired from Stripe's own figures")
    assert await ledger(home) == before
    assert (await compares(home)).text.startswith("Reconciliation · Everything agrees")
    async with home.running.app.services.database.reading() as connection:
        query = select(audit.c.subject).where(audit.c.action == "mismatch.repaired")
        assert list((await connection.execute(query)).scalars()) == [link.removeprefix("/").replace("_", ":")]


async def test_left_as_it_is(home: House) -> None:
    """Money of an invoice that somebody made in the dashboard is named; left as it is, it does not come up again."""
    await home.staff()
    async with dashboard(home) as client:
        customer = await client.v1.customers.create_async({"email": "x@example.com"})
        draft = await client.v1.invoices.create_async({"customer": customer.id})
        await client.v1.invoice_items.create_async(
            {"customer": customer.id, "invoice": draft.id, "amount": 4_000, "currency": "usd"}
        )
        await client.v1.invoices.finalize_invoice_async(draft.id)
        await home.stripe.pay(draft.id)
    home.stripe.settle_charges()
    await compares(home)
    news = await home.carol.sees("Money · 1 new mismatch")
    assert "Stripe moved 40.00 USD by something that EchoPilot did not make" in news.text
    await home.carol.says(re.findall(r"/mismatch_\d+", news.text)[0])
    card = await home.carol.sees(re.compile(r"^Mismatch \d+ · Made in Stripe's dashboard"))
    assert card.labels == ["Leave as it is"]
    await home.carol.taps("Leave as it is", card)
    assert (await compares(home)).text.startswith("Reconciliation · Everything agrees")


async def test_reconciliation_is_for_admins(home: House) -> None:
    """Nobody but an admin sees it, by the command or by a number."""
    await home.staff()
    for person in (home.alice, home.bob, home.dan):
        for command in ("/reconcile", "/mismatch_1001"):
            mark = person.mark()
            await person.says(command)
            await person.sees("Only admins may see and correct the ledger", after=mark)


async def test_payouts_reach_the_ledger(home: House) -> None:
    """What Stripe pays out is at the bank by the ledger; when the bank sends it back, the admin hears of it."""
    number, _ = await invoiced(home)
    await home.pay(number)
    await home.alice.sees("thank you")
    before = await settled(home)
    payout = home.stripe.pay_out()
    after = await settled(home)
    assert after["bank", "USD"] == before["stripe balance", "USD"]
    assert ("stripe balance", "USD") not in after
    home.stripe.fail_payout(payout["id"])
    await home.carol.sees("A payout did not reach the bank")
    assert await settled(home) == before


async def test_two_keys(stand_ins: Providers, database_url: str) -> None:
    """Above the limit a second admin reads both figures and says yes; then the ledger is repaired, and both hear so."""
    async with house(stand_ins, database_url, repair_limit_usd=4) as home:
        number, _ = await invoiced(home)
        await home.pay(number)
        await home.alice.sees("thank you")
        before = await settled(home)
        erin = home.telegram.person("Erin", id=ERIN)
        await home.invite(erin, "admin", billed=False)
        await compares(home)
        await planted(home, (Account.STRIPE_FEES, 500), (Account.STRIPE_BALANCE, -500))
        await compares(home)
        (link,) = re.findall(r"/mismatch_\d+", (await home.carol.sees("Money · 1 new mismatch")).text)
        await home.carol.says(link)
        card = await home.carol.sees(re.compile(r"^Mismatch \d+ · Fees differ"))
        await home.carol.taps("Repair", card)
        await home.carol.sees("it waits for another admin")
        asked = await erin.sees("Needs approval")
        assert "Repair of mismatch" in asked.text
        assert "The ledger changes by 5.00 USD" in asked.text
        assert "Asked for by Carol" in asked.text
        mark = home.carol.mark()
        await erin.taps("Approve", asked)
        await home.carol.sees("Repaired from Stripe's own figures", after=mark)
        assert await ledger(home) == before
