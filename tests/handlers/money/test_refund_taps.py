"""Taps on a refund's preview that are dealt with more than once, as after a kill."""

from collections.abc import AsyncIterator

import pytest

from bot.access.model import TENANT
from bot.kernel.card import Card
from bot.messages.service import TELEGRAM
from storage.core import outbox
from tests.desk import Desk, desk
from tests.house import Providers
from tests.refunds import of_invoice, paid

TAPPED = 1  # the message whose buttons the desk's people tap


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url) as made:
        yield made


async def previewed(here: Desk, number: object, amount: str) -> Card:
    """Bob goes as far as the preview."""
    await here.says(here.bob, f"/refund {number}")
    await here.says(here.bob, amount)
    return await here.says(here.bob, "Too late")


async def test_one_message_tells(here: Desk, stand_ins: Providers) -> None:
    """Whoever asks reads it once: the preview itself shows from then on where it stands, and goes on to."""
    invoice = await paid(here, stand_ins)
    preview = await previewed(here, invoice.number, "20")
    shown = (await here.taps(here.bob, "Ask for approval", preview)).card
    assert shown is not None
    assert shown.place == "edit"
    async with here.app.services.database.reading() as connection:
        assert await outbox.place_of(connection, TENANT, TELEGRAM, shown.slot) == str(TAPPED)
    (told,) = [card for card in await here.told(here.bob.id) if "Needs approval" in card.text]
    assert told.text == shown.text


async def test_what_is_not_sent_costs_nothing(here: Desk, stand_ins: Providers) -> None:
    """The card of a refund that was called off says nothing of a fee that Stripe keeps, or of what is left after it."""
    invoice = await paid(here, stand_ins)
    shown = (await here.taps(here.bob, "Ask for approval", await previewed(here, invoice.number, "20"))).card
    assert shown is not None
    assert "Stripe keeps its fee" in shown.text
    await here.taps(here.bob, "Withdraw", shown)
    last = (await here.told(here.bob.id))[-1]
    assert "Stopped" in last.text
    assert "20.00 USD of 120.00 USD to Alice" in last.text
    assert "Stripe keeps its fee" not in last.text
    assert "Left of the payment" not in last.text


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
