"""A quote that may wait for the next morning, for less."""

from tests.house import BRIEF, Providers, house


async def test_by_tomorrow_morning(stand_ins: Providers, database_url: str) -> None:
    """A client has it wait: the quote names both prices, and after the yes everybody reads until when it waits."""
    async with house(stand_ins, database_url, economy_percent=20) as home:
        await home.staff()
        await home.alice.says(BRIEF)
        quote = await home.alice.sees("Quote · 120.00 USD")
        await home.alice.taps("By tomorrow morning, 96.00 USD", quote)
        quote = await home.alice.sees("Quote · 96.00 USD")
        assert "08:00" in quote.text
        assert "at once it costs 120.00 USD" in quote.text
        await home.alice.taps("Yes, start", quote)
        waits = await home.alice.sees("Waiting for the morning")
        assert "for 96.00 USD" in waits.text
        await home.bob.says("/brief_1001")
        assert "Waiting for the morning" in (await home.bob.sees("Brief 1001")).text
        await home.alice.says("/briefs")
        await home.alice.sees("Waiting for the morning,")


async def test_at_once_after_all(stand_ins: Providers, database_url: str) -> None:
    """The client changes their mind before the yes, and the price is what it was."""
    async with house(stand_ins, database_url, economy_percent=20) as home:
        await home.staff()
        await home.alice.says(BRIEF)
        await home.alice.taps("By tomorrow morning", await home.alice.sees("Quote · 120.00 USD"))
        cheaper = await home.alice.sees("Quote · 96.00 USD")
        mark = home.alice.mark()
        await home.alice.taps("At once, 120.00 USD", cheaper)
        await home.alice.sees("Quote · 120.00 USD", after=mark)
