"""Handing a brief in: plainly, step by step, as a file, twice, and wrongly."""

import asyncio
import re

from tests.house import BRIEF, House

LONG = "A paragraph about parcels and bicycles. " * 5_000


async def test_step_by_step(home: House) -> None:
    """/brief asks for type, text and deadline, and ends in a quote that says all three."""
    await home.invite(home.alice, "client")
    await home.alice.says("/brief")
    await home.alice.taps("Research", await home.alice.sees("step 1 of 3"))
    await home.alice.sees("step 2 of 3")
    await home.alice.says("Compare three courier bags by volume and weight.")
    await home.alice.taps("In 3 days", await home.alice.sees("step 3 of 3"))
    quote = await home.alice.sees("180.00 USD")
    assert "Research · due in 3 days" in quote.text or "Research · due in 2 days" in quote.text
    assert "Compare three courier bags" in quote.text


async def test_a_written_deadline(home: House) -> None:
    """A deadline can be written; one that cannot be read or is over is asked for again with an example."""
    await home.invite(home.alice, "client")
    await home.alice.says("/brief")
    await home.alice.taps("Drafting", await home.alice.sees("step 1 of 3"))
    await home.alice.says(BRIEF)
    await home.alice.sees("step 3 of 3")
    await home.alice.says("soonish")
    await home.alice.sees("Write it like 2026-12-24")
    await home.alice.says("2020-01-01")
    await home.alice.sees("is over")
    await home.alice.says("2099-01-31")
    await home.alice.sees("Nothing is spent until you say yes")


async def test_stop(home: House) -> None:
    """/stop drops the question that waits, and the next message is a brief of its own."""
    await home.invite(home.alice, "client")
    await home.alice.says("/brief")
    await home.alice.taps("Drafting", await home.alice.sees("step 1 of 3"))
    await home.alice.sees("step 2 of 3")
    await home.alice.says("/stop")
    await home.alice.sees("Nothing was sent and nothing is charged")
    await home.alice.says(BRIEF)
    await home.alice.sees("Nothing is spent until you say yes")


async def test_another_type_has_another_price(home: House) -> None:
    """The client can change the type on the quote and sees the price of each before it counts."""
    await home.invite(home.alice, "client")
    await home.alice.says(BRIEF)
    await home.alice.taps("Other type", await home.alice.sees("120.00 USD"))
    await home.alice.taps("Research · 180.00 USD", await home.alice.sees("What kind of work is it?"))
    quote = await home.alice.sees("Brief 1001 · 180.00 USD")
    await home.alice.taps("Yes, start", quote)
    await home.alice.sees("180.00 USD for brief 1001")


async def test_cancel_while_it_is_drafted(home: House) -> None:
    """A brief can be cancelled while the model writes: nothing is delivered or charged, and the cost is kept."""
    await home.invite(home.alice, "client")
    home.openai.latency = 0.5
    number = await home.brief()
    progress = await home.alice.sees(f"Brief {number} · Being drafted")
    await home.alice.taps("Cancel", progress)
    await home.alice.sees(f"Brief {number} · Cancelled")
    async with asyncio.timeout(10):
        while await home.running.app.services.queue.waiting():
            await home.running.app.services.database.signals.wait("idle", 0.05)
    await home.carol.says(f"/brief_{number}")
    assert re.search(r"0\.00\d\d USD of models", (await home.carol.sees("of models")).text)
    assert home.stripe.invoices == {}
    assert not [m for m in home.alice.messages() if "Delivered" in m.text]


async def test_nothing_to_work_from(home: House) -> None:
    """A brief without a word is refused with an example, and no brief is made."""
    await home.invite(home.alice, "client")
    await home.alice.says("…")
    await home.alice.sees("There is nothing in it to work from")
    await home.alice.says("/briefs")
    await home.alice.sees("No briefs yet")


async def test_200_000_characters(home: House) -> None:
    """A brief of 200,000 characters is refused by what one brief holds; the client knows that nothing was started."""
    await home.invite(home.alice, "client")
    assert len(LONG) == 200_000
    await home.alice.sends_file("brief.txt", LONG.encode(), mime_type="text/plain")
    seen = await home.alice.sees("one brief holds 50,000")
    assert "Nothing was started" in seen.text


async def test_a_text_file_is_a_brief(home: House) -> None:
    """A text file with a caption becomes a quote."""
    await home.invite(home.alice, "client")
    await home.alice.sends_file("brief.md", BRIEF.encode(), caption="Please by the book", mime_type="text/markdown")
    quote = await home.alice.sees("Nothing is spent until you say yes")
    assert "Please by the book" in quote.text


async def test_a_30_megabyte_file(home: House) -> None:
    """A 30 MB file is refused by its size, without being fetched."""
    await home.invite(home.alice, "client")
    await home.alice.sends_file("video.mp4", b"\0" * 30_000_000, mime_type="video/mp4")
    seen = await home.alice.sees("has 30 MB")
    assert "Nothing was started" in seen.text
    assert home.telegram.calls["getFile"] == 0


async def test_a_file_that_is_not_text(home: House) -> None:
    """A file of another kind, or not in UTF-8, is refused with what can be read."""
    await home.invite(home.alice, "client")
    await home.alice.sends_file("brief.pages", b"PK")
    await home.alice.sees("I cannot read brief.pages")
    await home.alice.sends_file("latin.txt", "Größe".encode("latin-1"))
    await home.alice.sees("is not plain text in UTF-8")
