"""A client's own invoices: what to pay, what was paid, and what went back."""

from tests.dashboard import dashboard, dealt_with, invoiced, settled
from tests.house import House


async def test_a_clients_own_invoices(home: House) -> None:
    """A client sees in the list and on the card what is to pay, then when it was paid, the receipt, and what went
    back.
    """
    number, _ = await invoiced(home)
    await home.alice.says("/invoices")
    card = await home.alice.sees("Your invoices")
    assert any(label.startswith("Pay 120.00 USD") for label in card.labels)
    await home.pay(number)
    await home.alice.sees("thank you")
    await settled(home)
    (charge,) = home.stripe.charges.values()
    async with dashboard(home) as client:
        await client.v1.refunds.create_async({"charge": charge["id"], "amount": 2_000})
    await dealt_with(home)
    mark = home.alice.mark()
    await home.alice.says("/invoices")
    card = await home.alice.sees("Your invoices", after=mark)
    assert "Paid · 20.00 refunded" in card.text
    command = next(word for word in card.text.split() if word.startswith("/invoice_"))
    await home.alice.says(command)
    one = await home.alice.sees("120.00 USD received on", after=mark)
    assert "20.00 USD refunded to how you paid" in one.text
    assert one.labels == ["Invoice as PDF", "Receipt", "Write to the team", "All invoices"]
