"""/refund, as the dispatcher answers."""

from collections.abc import AsyncIterator

import pytest

from tests.desk import Desk, desk
from tests.house import Providers
from tests.refunds import paid


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url) as made:
        yield made


async def test_an_older_card_discards_nothing(here: Desk, stand_ins: Providers) -> None:
    """[Never mind] below another invoice's question leaves the refund alone that was begun since."""
    first, second = [await paid(here, stand_ins, chat_id=number) for number in (77_777, 77_778)]
    older = await here.says(here.bob, f"/refund {first.number}")
    newer = await here.says(here.bob, f"/refund {second.number}")
    answer = await here.taps(here.bob, "Never mind", older)
    assert answer.card is not None
    assert "waits no more" in answer.card.text
    waits = await here.waits(here.bob)
    assert waits is not None
    assert waits.data["invoice"] == second.id
    answer = await here.taps(here.bob, "Never mind", newer)
    assert answer.card is not None
    assert "The refund was discarded" in answer.card.text
    assert await here.waits(here.bob) is None


async def test_discarding_is_undone(here: Desk, stand_ins: Providers) -> None:
    """Whatever was asked stands there again with its buttons, and goes on with what was said."""
    invoice = await paid(here, stand_ins)
    card = await here.says(here.bob, f"/refund {invoice.number}")
    for label, words, said in (
        ("Never mind", "Left to refund: 120.00 USD", "20"),
        ("Never mind", "20.00 USD to Alice. Why?", "Too late"),
        ("Discard", "20.00 USD of 120.00 USD to Alice", ""),
    ):
        stopped = (await here.taps(here.bob, label, card)).card
        assert stopped is not None
        assert "The refund was discarded" in stopped.text
        assert await here.waits(here.bob) is None
        again = (await here.taps(here.bob, "Undo", stopped)).card
        assert again is not None
        assert words in again.text
        card = await here.says(here.bob, said) if said else again
    done = (await here.taps(here.bob, "Ask for approval", card)).card
    assert done is not None
    assert "Needs approval" in done.text
