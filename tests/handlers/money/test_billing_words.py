"""Billing details by chat: a slip that is put right, an old Cancel, and names that nobody can read."""

from collections.abc import AsyncIterator

import pytest

from bot.access.model import TENANT, Role
from bot.invoices.payer import BillingDetails
from handlers.routing.update import read
from storage.people import people
from tests.desk import Desk, desk
from tests.house import BRIEF, Providers

OVER = "That question is over."


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url) as made:
        yield made


async def _details(here: Desk) -> BillingDetails:
    kept = await here.app.services.billing.details.of(await here.person(here.alice))
    assert kept is not None
    return kept.details


async def test_email_put_right_at_the_name(here: Desk) -> None:
    """An e-mail that is written where a name is asked for is the e-mail, and the name is asked for again."""
    await here.says(here.alice, "/billing anna@exmaple.org")
    again = await here.says(here.alice, "anna@example.org")
    assert "Which name goes on the invoice?" in again.text
    assert "It goes to anna@example.org." in again.text
    await here.says(here.alice, "Studio @ Home")
    await here.says(here.alice, "Germany")
    assert await _details(here) == BillingDetails("Studio @ Home", "anna@example.org", "DE")


async def test_email_and_name_at_the_name(here: Desk) -> None:
    """A name that comes with it is taken as well."""
    await here.says(here.alice, "/billing anna@exmaple.org")
    assert "Which country?" in (await here.says(here.alice, "Anna, anna@example.org")).text


async def test_email_put_right_at_the_country(here: Desk) -> None:
    """So it is where a country is asked for."""
    await here.says(here.alice, "/billing Anna, anna@exmaple.org")
    assert "Which country?" in (await here.says(here.alice, "anna@example.org")).text
    assert "anna@example.org, Germany" in (await here.says(here.alice, "Germany")).text


async def test_email_put_right_at_the_address(here: Desk) -> None:
    """And where an address, or a tax id, is asked for: the question stays."""
    saved = await here.says(here.alice, "/billing Anna, anna@exmaple.org, Germany")
    await here.taps(here.alice, "Add address or tax ID", saved)
    again = await here.says(here.alice, "anna@example.org")
    assert "Invoices go to anna@example.org now." in again.text
    assert "Which address goes on the invoice?" in again.text
    await here.says(here.alice, "Hafenstrasse 1")
    assert "Which tax ID" in (await here.says(here.alice, "anna@nordwind.example")).text
    assert await _details(here) == BillingDetails("Anna", "anna@nordwind.example", "DE", "Hafenstrasse 1")


async def test_name_that_is_a_country(here: Desk) -> None:
    """A name before the address is a name: the country is asked for."""
    assert "Where Georgia is." in (await here.says(here.alice, "/billing Georgia, georgia@example.org")).text


async def test_old_cancel(here: Desk) -> None:
    """Cancel on an old billing question ends no guided brief that was begun since, and says that it is over."""
    question = (await here.taps(here.alice, "Add details", await here.says(here.alice, "/billing"))).card
    assert question is not None
    types = await here.says(here.alice, "/brief")
    await here.taps(here.alice, "Research", types)
    before = await here.waits(here.alice)
    old = await here.taps(here.alice, "Cancel", question)
    assert old.outcome == "stale"
    assert await here.waits(here.alice) == before
    assert before is not None
    assert before.step == "brief.text"


async def test_cancel_twice(here: Desk) -> None:
    """The first Cancel ends the question; the second finds it over."""
    question = (await here.taps(here.alice, "Add details", await here.says(here.alice, "/billing"))).card
    assert question is not None
    assert (await here.taps(here.alice, "Cancel", question)).outcome != "stale"
    assert (await here.taps(here.alice, "Cancel", question)).outcome == "stale"


@pytest.mark.parametrize("name", ["\u3164", "number"])
async def test_name_that_nobody_sees(here: Desk, name: str) -> None:
    """Whose name in Telegram cannot be seen counts as without one: it is no button, and what is written counts."""
    known = name if name == "\u3164" else str(here.alice.id)
    enroll = here.app.services.database.write
    await enroll(lambda tx: people.enroll(tx, TENANT, here.alice.id, known, Role.CLIENT, "en"))
    request = await here.says(here.alice, "/billing ghost@example.org")
    assert "Which name goes on the invoice?" in request.text
    assert [button.label for row in request.rows for button in row] == ["Cancel"]
    assert "I see no name in that" in (await here.says(here.alice, "\u3164\u200b")).text
    assert "Which country?" in (await here.says(here.alice, "Ghost Ltd")).text


def test_telegram_name_that_nobody_sees() -> None:
    """Who calls themselves by nothing that can be seen is known by their number."""
    sent = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "text": "Hi"}
    for name, known in (("\u3164", "7"), ("\u200b \u2800", "7"), ("Ann", "Ann"), ("🔥", "🔥")):
        update = {"update_id": 1, "message": sent | {"from": {"id": 7, "is_bot": False, "first_name": name}}}
        assert read(update).user_name == known


async def test_brief_about_an_address(here: Desk) -> None:
    """A long sentence with somebody's address in it is a new brief, and nobody in it is the payer."""
    await here.taps(here.alice, "Yes, start", await here.says(here.alice, BRIEF))
    card = await here.says(
        here.alice,
        "Write a letter to our customer bob.smith@client.example.com about the late delivery of the bicycle and offer "
        "him ten percent.",
    )
    assert "Nothing is spent until you say yes" in card.text
    assert "Still open: where should the invoice go?" in card.text
