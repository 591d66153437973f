"""Invoices by hand, as the dispatcher answers."""

from collections.abc import AsyncIterator

import pytest

from bot.access.model import TENANT
from bot.messages.service import TELEGRAM
from storage.core import outbox
from tests.desk import Desk, desk
from tests.house import Providers


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url) as made:
        yield made


async def test_the_tapped_message_tells(here: Desk) -> None:
    """With the yes, and not after it, the message that was tapped is the one that tells what becomes of the invoice:
    whatever Stripe answers meanwhile stands there too.
    """
    await here.says(here.bob, "/invoice Alice")
    card = await here.says(here.bob, "Advice, 3, 50.00")
    answer = await here.taps(here.bob, "Send invoice, 150.00 USD", card)
    assert answer.card is not None
    assert answer.card.text == ""
    async with here.app.services.database.reading() as connection:
        (slot,) = await outbox.shown_in(connection, TENANT, TELEGRAM, "1")
    assert slot.endswith(":made")
    assert "Goes out at" in (await here.told(here.bob.id))[-1].text


async def test_lines_are_kept_behind_another_question(here: Desk) -> None:
    """Who is asked something else between two lines finds what they wrote, and goes on with it."""
    await here.says(here.bob, "/invoice Alice")
    await here.says(here.bob, "Advice, 3, 50.00")
    await here.says(here.bob, "/brief")
    assert "In all: 150.00 USD" in (await here.says(here.bob, "/invoice")).text
    assert "In all: 162.50 USD" in (await here.says(here.bob, "Travel, 1, 12.50")).text
