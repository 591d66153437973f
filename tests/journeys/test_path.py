"""The whole path, over the wire: from a chat message to a paid invoice."""

from tests.house import House


async def test_start(home: House) -> None:
    """A stranger who says /start reads how one gets in."""
    await home.eve.says("/start")
    seen = await home.eve.sees("invitation")
    assert "EchoPilot" in seen.text


async def test_good_brief(home: House) -> None:
    """A good draft passes alone: the client gets text, file, invoice and receipt, and the mirrors their rows."""
    await home.staff()
    number = await home.brief()
    await home.alice.sees(f"Brief {number} · Delivered")
    file = await home.alice.sees(f"brief-{number}.md")
    invoice = await home.alice.sees("To pay")
    print(home.alice.transcript())
    assert file.document is not None
    stripe_id = next(iter(home.stripe.invoices))
    await home.stripe.pay(stripe_id)
    await home.alice.sees("Received 120.00 USD")
    await home.alice.sees(f"Brief {number} · Paid")
    assert invoice.buttons
