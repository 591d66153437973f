"""First minutes, over the wire: the example's quote, and the admin's message that ticks itself off in place."""

import re

from tests.house import BRIEF, House


async def test_the_example_is_a_brief(home: House) -> None:
    """A new client taps the example, says yes to its quote, and it is made like any other brief."""
    await home.invite(home.alice, "client")
    await home.alice.taps("Try the example")
    quote = await home.alice.sees("Nothing is spent until you say yes")
    assert "solar lamp L2" in quote.text
    await home.alice.taps("Yes, start", quote)
    await home.alice.sees(re.compile("Brief 1001 · (Queued|Being|Draft|Check|In review|Deliver)"))


async def test_set_up_ticks_itself_off(home: House) -> None:
    """An operator who comes in and Stripe's first webhook are ticked off in the admin's first message, until [Hide]."""
    first = await home.carol.sees("Welcome, Carol")
    assert "⬜ Somebody who decides on drafts: /invite operator" in first.text
    await home.invite(home.bob, "operator")
    staffed = await home.carol.sees("✅ Somebody decides on drafts")
    assert staffed.id == first.id
    assert "⬜ Stripe's webhooks" in staffed.text
    await home.invite(home.alice, "client")
    await home.brief(BRIEF)
    heard = await home.carol.sees("✅ Stripe's webhooks arrive")
    assert heard.id == first.id
    await home.carol.taps("Hide", heard)
    hidden = await home.carol.sees("/help lists everything you can do.")
    assert (hidden.id, hidden.labels) == (first.id, [])
