"""A client who stopped the bot: nobody pays for what they were not shown, and who comes back gets what they missed."""

import re

from sqlalchemy import select

from storage.tables.core import outbox
from tests.eventually import eventually, nothing
from tests.house import House


async def given_up(home: House) -> list[str]:
    """The keys of what was given up."""
    async with home.running.app.services.database.reading() as connection:
        rows = await connection.execute(select(outbox.c.key).where(outbox.c.state == "undeliverable"))
        return [key or "" for key in rows.scalars()]


async def test_the_work_first_then_the_invoice(home: House) -> None:
    """While she is away no invoice is made and the staff hears of it; at her return the work comes first."""
    await home.staff()
    home.openai.latency = 0.3
    number = await home.brief()
    home.alice.blocks()
    told = await home.carol.sees("Message to Alice · Not delivered")
    assert "blocked" in told.text
    await eventually(lambda: given_up(home), lambda keys: f"brief:{number}:rating" in keys)  # the last of it
    assert home.stripe.invoices == {}
    await home.carol.says(f"/brief_{number}")
    seen = await home.carol.sees(f"Brief {number} · Finished, not shown yet")
    assert "it is not invoiced. /failed sends it again." in seen.text
    mark = home.alice.mark()
    home.alice.unblocks()
    await home.alice.says("/start")
    delivered = await home.alice.sees(f"Brief {number} · Delivered", after=mark)
    await home.alice.sees(re.compile("To pay"), after=delivered)
    assert len(home.stripe.invoices) == 1
    await eventually(lambda: given_up(home), nothing)
    await home.carol.says(f"/brief_{number}")
    await home.carol.sees(f"Brief {number} · Delivered, invoice open", after=seen)
