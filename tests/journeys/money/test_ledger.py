"""/ledger: what stands on the accounts, the entries, and one that is taken back."""

import csv
import io
import re

import pytest
from sqlalchemy import select

from storage.tables.audit import audit
from tests.dashboard import dashboard, dealt_with, invoiced, ledger, settled
from tests.house import House

REASON = '=HYPERLINK("http://evil") wrong client'


@pytest.mark.both_databases
async def test_the_ledger(home: House) -> None:
    """An admin reads the balances after a payment and a refund in the dashboard, the entries, and has them as a file;
    an entry is taken back with a reason, once, and the file is safe to open.
    """
    number, _ = await invoiced(home)
    await home.pay(number)
    await home.alice.sees("thank you")
    await settled(home)
    (charge,) = home.stripe.charges.values()
    async with dashboard(home) as client:
        await client.v1.refunds.create_async({"charge": charge["id"], "amount": 2_000})
    assert "The ledger follows what Stripe moved" in (await home.carol.sees("A refund at Stripe")).text
    await dealt_with(home)

    await home.carol.says("/ledger")
    card = await home.carol.sees("Ledger · USD")
    fee = (await ledger(home))["stripe fees", "USD"]
    assert card.text.splitlines()[1:5] == [
        f"We have: Stripe balance {(12_000 - fee - 2_000) / 100:,.2f}",
        "Earned: revenue 120.00, refunds -20.00",
        f"Spent: Stripe fees {fee / 100:,.2f}",
        "Balanced: 120.00 USD on both sides",
    ]
    await home.carol.taps("Entries", card)
    card = await home.carol.sees("Ledger · Entries")
    kinds = [line.split(" · ")[2] for line in card.text.splitlines()[1:]]
    assert kinds[0] == "Refund"
    assert kinds[-1] == "Invoice made"
    newest = card.text.splitlines()[1].split(" · ")[0]
    await home.carol.says(newest)
    entry = await home.carol.sees(re.compile(r"^Entry \d+ · Refund"))
    assert "Debit: refunds 20.00 USD" in entry.text
    assert "Credit: Stripe balance 20.00 USD" in entry.text

    await home.carol.taps("Take it back", entry)
    await home.carol.sees("Why is it wrong?")
    await home.carol.says(REASON)
    back = await home.carol.sees(re.compile(r"^Entry \d+ · Taken back"))
    assert ("refunds", "USD") not in await ledger(home)
    await home.carol.taps("Take it back", entry)
    await home.carol.sees(re.compile(r"Taken back by /entry_\d+"))
    mark = home.carol.mark()
    await home.carol.says("/ledger")
    await home.carol.taps("CSV", await home.carol.sees("Ledger · USD", after=mark))
    file = await home.carol.sees(re.compile(r"\d+ entries; times of UTC"), after=mark)
    assert file.document is not None
    rows = list(csv.DictReader(io.StringIO(file.document.data.decode(), newline="")))
    assert rows[0]["reason"] == f"'{REASON}"
    assert sum(float(row["debit"] or 0) - float(row["credit"] or 0) for row in rows) == pytest.approx(0)
    assert f"/entry_{rows[0]['entry']}" in back.text
    async with home.running.app.services.database.reading() as connection:
        query = select(audit.c.subject).where(audit.c.action == "entry.corrected")
        assert list((await connection.execute(query)).scalars()) == [newest.removeprefix("/").replace("_", ":")]


async def test_the_ledger_is_for_admins(home: House) -> None:
    """Nobody but an admin sees it: not in the menu, not by its command, not by an entry's number."""
    await invoiced(home)
    for person in (home.alice, home.bob, home.dan):
        for command in ("/ledger", "/entry_1001"):
            mark = person.mark()
            await person.says(command)
            await person.sees("Only admins may see and correct the ledger", after=mark)
        mark = person.mark()
        await person.says("/help")
        assert "/ledger" not in (await person.sees("/status", after=mark)).text


async def test_no_entry_of_that_number(home: House) -> None:
    """A number that no entry has is said to have none, and an empty ledger says so."""
    await home.carol.says("/entry_999999")
    await home.carol.sees("There is no entry 999999")
    await home.carol.says("/ledger")
    await home.carol.sees("Nothing was posted yet")
