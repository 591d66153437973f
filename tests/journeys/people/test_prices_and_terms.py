"""Prices, terms, and what a client is told of when the work is ready, over the wire."""

from tests.house import OPEN_BRIEF, House


async def test_prices_and_terms(home: House) -> None:
    """A client reads prices, goes on to the terms, turns their screens in place, and reads all of them."""
    await home.invite(home.alice, "client")
    await home.alice.says("/prices")
    told = await home.alice.sees("Drafting: 120.00 USD")
    await home.alice.taps("Read the terms", told)
    terms = await home.alice.sees("Terms, in short")
    await home.alice.taps("What we keep", terms)
    kept = await home.alice.sees("files that became no brief: 30 days")
    assert kept.id == terms.id
    await home.alice.taps("Read it all", kept)
    whole = await home.alice.sees("How to be forgotten")
    assert "within 14 days of the invoice" in whole.text
    assert whole.id != kept.id
    await home.eve.says("/terms")
    await home.eve.sees("Terms, in short")
    await home.eve.says("/prices")
    await home.eve.sees("Prices are for clients")


async def test_what_to_expect(home: House) -> None:
    """The quote, and the message that follows the brief while a person reads it, say by when."""
    await home.staff()
    await home.alice.says(OPEN_BRIEF)
    quote = await home.alice.sees("If a person reads it first, it is ready by ")
    await home.alice.taps("Yes, start", quote)
    held = await home.alice.sees("Brief 1001 · In review")
    assert "A person looks at it before it goes out, by " in held.text
