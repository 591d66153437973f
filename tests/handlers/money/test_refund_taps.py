"""Taps on a refund's preview that are dealt with more than once, as after a kill."""

from collections.abc import AsyncIterator

import pytest

from bot.kernel.card import Card
from tests.desk import Desk, desk
from tests.house import Providers
from tests.refunds import of_invoice, paid


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url) as made:
        yield made


async def previewed(here: Desk, number: object, amount: str) -> Card:
    """Bob goes as far as the preview."""
    await here.says(here.bob, f"/refund {number}")
    await here.says(here.bob, amount)
    return await here.says(here.bob, "Too late")


async def test_tapped_once_more(here: Desk, stand_ins: Providers) -> None:
    """It shows what was asked for, and asks for nothing more; a refund that was begun since goes on."""
    invoice = await paid(here, stand_ins)
    preview = await previewed(here, invoice.number, "20")
    first = (await here.taps(here.bob, "Ask for approval", preview)).card
    assert await here.waits(here.bob) is None
    other = await previewed(here, invoice.number, "30")
    again = (await here.taps(here.bob, "Ask for approval", preview)).card
    assert first is not None
    assert again is not None
    assert again.text == first.text
    assert [one.amount.minor for one in await of_invoice(here, invoice)] == [2_000]
    await here.taps(here.bob, "Ask for approval", other)
    assert [one.amount.minor for one in await of_invoice(here, invoice)] == [2_000, 3_000]
