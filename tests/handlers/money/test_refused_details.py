"""Details that Stripe says no to: the client gives others, or skips, and the invoice goes on at once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.invoices.model import InvoiceState
from bot.invoices.payer import BillingDetails
from tests.desk import Desk, desk
from tests.house import Providers

GIVEN = BillingDetails("Nordwind GmbH", "anna@nordwind.example", "DE", "Hafenstrasse 1", "DE123456789")
REFUSED = {
    "e-mail address": (GIVEN.email, GIVEN.email),
    "name": (GIVEN.name, GIVEN.name),
    "country": (GIVEN.country, "Germany"),
    "address": (GIVEN.address, GIVEN.address),
    "tax ID": (GIVEN.tax_id, GIVEN.tax_id),
}
GROUP = -5001


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url) as made:
        yield made


async def _refused(here: Desk, stand_ins: Providers, text: str) -> int:
    """Alice's brief from a group is delivered, and Stripe says no to one of her details; returns its number."""
    details = here.app.services.billing.details
    await details.keep(await here.person(here.alice), GIVEN)
    stand_ins.stripe.refuse_text(text)
    brief = await here.delivered(here.alice, GROUP)
    await here.app.services.billing.invoices.open_invoice(brief.id)
    assert (await here.invoice(brief)).state is InvoiceState.DETAILS
    return brief.id


async def _goes_on(here: Desk, number: int) -> None:
    """The invoice was asked for anew by a task, which makes it."""
    assert await here.app.services.queue.waiting() == 1
    await here.app.services.billing.invoices.open_invoice(number)
    brief = await here.app.services.intake.briefs.get(await here.person(here.alice), number)
    assert (await here.invoice(brief)).state is InvoiceState.OPEN


@pytest.mark.parametrize("what", REFUSED)
async def test_the_client_is_told(here: Desk, stand_ins: Providers, what: str) -> None:
    """They read in their own chat what Stripe does not take, operators that they were asked, and a group nothing."""
    text, shown = REFUSED[what]
    number = await _refused(here, stand_ins, text)
    card = (await here.told(here.alice.id))[-1]
    assert f"Brief {number} · Its invoice needs you" in card.text
    assert f"Stripe does not take your {what} “{shown}”" in card.text
    assert [button.label for row in card.rows for button in row] == ["Give another", "Skip: pay on Stripe's page"]
    for person in (here.bob, here.carol):
        told = (await here.told(person.id))[-1]
        assert "Waits for billing details" in told.text
        assert "The client was asked for other billing details" in told.text
    assert not [card for card in await here.told(GROUP) if shown in card.text]
    assert f"Invoice of /brief_{number}" in (await here.says(here.bob, "/failed")).text


async def test_another_email(here: Desk, stand_ins: Providers) -> None:
    """Another address is the next that Stripe is told, and the invoice is on its way with the answer."""
    number = await _refused(here, stand_ins, GIVEN.email)
    answer = await here.says(here.alice, "/billing Nordwind GmbH, books@example.org, Germany")
    assert f"The invoice for brief {number} continues now." in answer.text
    await _goes_on(here, number)
    (invoice,) = stand_ins.stripe.invoices.values()
    assert (invoice["collection_method"], invoice["customer_email"]) == ("send_invoice", "books@example.org")


async def test_another_tax_id(here: Desk, stand_ins: Providers) -> None:
    """A tax id is asked for again beside the address, which stays."""
    number = await _refused(here, stand_ins, GIVEN.tax_id)
    request = (await here.taps(here.alice, "Give another", (await here.told(here.alice.id))[-1])).card
    assert request is not None
    await here.taps(here.alice, "Keep it", request)
    await here.says(here.alice, "DE999999999")
    await _goes_on(here, number)
    (invoice,) = stand_ins.stripe.invoices.values()
    assert invoice["custom_fields"] == [{"name": "Tax ID", "value": "DE999999999"}]


async def test_skipped(here: Desk, stand_ins: Providers) -> None:
    """Who skips pays on Stripe's page, and Stripe knows no address; a second tap starts nothing more."""
    number = await _refused(here, stand_ins, GIVEN.email)
    card = (await here.told(here.alice.id))[-1]
    answer = (await here.taps(here.alice, "Skip", card)).card
    assert answer is not None
    assert f"The invoice for brief {number} continues now." in answer.text
    await _goes_on(here, number)
    (invoice,) = stand_ins.stripe.invoices.values()
    assert (invoice["collection_method"], invoice["customer_email"]) == ("charge_automatically", None)
    assert (await here.taps(here.alice, "Skip", card)).outcome == "stale"


async def test_the_same_again(here: Desk, stand_ins: Providers) -> None:
    """The same address is tried once more, and its refusal told once more."""
    number = await _refused(here, stand_ins, GIVEN.email)
    told = len(await here.told(here.alice.id))
    await here.says(here.alice, "/billing Nordwind GmbH, anna@nordwind.example, Germany")
    await here.app.services.billing.invoices.open_invoice(number)
    brief = await here.app.services.intake.briefs.get(await here.person(here.alice), number)
    assert (await here.invoice(brief)).state is InvoiceState.DETAILS
    assert len(await here.told(here.alice.id)) == told + 1


async def test_never_asked(here: Desk, stand_ins: Providers) -> None:
    """Who was never asked for details, and whose own name Stripe does not take, is asked then, and once."""
    stand_ins.stripe.refuse_text("Alice")
    brief = await here.delivered(here.alice)
    await here.app.services.billing.invoices.open_invoice(brief.id)
    assert (await here.invoice(brief)).state is InvoiceState.DETAILS
    request = [card for card in await here.told(here.alice.id) if "Stripe does not take your name “Alice”" in card.text]
    assert len(request) == 1
    assert await here.app.services.queue.waiting() == 0
    await here.says(here.alice, "/billing Alice Nordwind, alice@example.org, Germany")
    await _goes_on(here, brief.id)


async def test_given_while_stripe_was_asked(here: Desk, stand_ins: Providers) -> None:
    """Details that were given while Stripe refused the ones before are tried next, and nobody is asked for more."""
    services, alice = here.app.services, await here.person(here.alice)
    await services.billing.details.keep(alice, GIVEN)
    stand_ins.stripe.refuse_text(GIVEN.email)
    brief = await here.delivered(here.alice)
    stand_ins.stripe.hold_requests()
    asking = asyncio.create_task(services.billing.invoices.open_invoice(brief.id))
    await stand_ins.stripe.request_held()
    await services.billing.details.keep(alice, replace(GIVEN, tax_id=""))
    stand_ins.stripe.release_requests()
    await asking
    assert (await here.invoice(brief)).state is InvoiceState.NEW
    assert await here.told(here.alice.id) == []
    assert await services.queue.waiting() == 1
