"""First minutes: what a client, an admin and a stranger read first, and where it leads."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.access.model import Role
from bot.invoices.ports import PaymentEvent
from bot.kernel.card import Card
from bot.people.setup_cards import OPEN, SETTINGS, Step
from bot.settings import Settings
from handlers.catalog import menu
from handlers.people.start import BEGIN_A_GROUP, KNOWN_BY_NOW
from sandbox.telegram.people import Person as Sender
from tests.desk import Desk, desk
from tests.house import Providers
from tests.wrong_settings import AGE


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, notion_token=None, notion_parent_page_id="") as made:
        yield made


def labels(card: Card) -> list[str]:
    return [button.label for row in card.rows for button in row]


async def comes_in(here: Desk, who: Sender, role: str) -> Card:
    """The first answer to somebody with an invitation."""
    link = (await here.says(here.carol, f"/invite {role}")).text.partition("?start=")[2].split()[0]
    return await here.says(who, f"/start {link}")


async def test_a_new_client(here: Desk, stand_ins: Providers) -> None:
    """A new client reads in three lines how it goes, and the example's tap is a quote like any other."""
    eve = stand_ins.people()["eve"]
    welcome = await comes_in(here, eve, "client")
    assert welcome.text.splitlines()[2:5] == [
        "1. Write what you need in one message, or send a file or a voice note.",
        "2. You see the price first, and it is made once you say yes.",
        "3. The finished text comes here, with its invoice.",
    ]
    quote = (await here.taps(eve, "Try the example", welcome)).card
    assert quote is not None
    assert "120.00 USD" in quote.text
    assert "Product page for the solar lamp L2" in quote.text
    assert "Yes, start" in labels(quote)
    again = (await here.taps(eve, "Try the example", welcome)).card
    assert again is not None
    assert again.text.splitlines()[0] == quote.text.splitlines()[0]
    assert "Try the example" not in labels(await here.says(eve, "/start"))


async def test_a_new_operator_has_no_example(here: Desk, stand_ins: Providers) -> None:
    """Who decides on drafts reads about the queue."""
    eve = stand_ins.people()["eve"]
    assert "/queue shows what waits" in (await comes_in(here, eve, "operator")).text


async def test_help_in_groups(here: Desk) -> None:
    """/help names every command of the menu but those that led there, and each group begins with one of them."""
    head, *groups = (await here.says(here.carol, "/help")).text.split("\n\n")
    assert {group[1:].split()[0] for group in groups} == BEGIN_A_GROUP
    named = {line[1:].split()[0] for part in (head, *groups) for line in part.splitlines() if line.startswith("/")}
    assert named == set(dict(menu(Role.ADMIN))) - KNOWN_BY_NOW


async def test_a_stranger(here: Desk, stand_ins: Providers) -> None:
    """A stranger reads what this is, how one gets in, and what the link does."""
    card = await here.says(stand_ins.people()["eve"], "/start")
    assert "It works by invitation" in card.text
    assert "tap Start there, and you are in" in card.text


async def test_a_new_admin(here: Desk) -> None:
    """A new admin reads each step with its command or settings; what is done meanwhile is ticked off in its message."""
    card = await here.says(here.carol, "/start")
    assert card.text.splitlines() == [
        "<b>Welcome, Carol · 1 of 7 set up</b>",
        "You are here as an admin. This is set up, and this is not yet:",
        "⬜ Prices: PRICE_DRAFTING and the others in .env",
        "⬜ Currency: CURRENCY in .env",
        "⬜ Time zone of the studio: TIME_ZONE in .env",
        "✅ Somebody decides on drafts",
        "⬜ Stripe's webhooks: PUBLIC_URL and STRIPE_WEBHOOK_SECRET in .env",
        "⬜ A mirror in Notion: NOTION_TOKEN and NOTION_PARENT_PAGE_ID in .env",
        "⬜ A second place for backups: BACKUP_PUBLIC_KEY and BACKUP_SECOND_PLACE in .env",
    ]
    assert card.slot == f"setup:{here.carol.id}"
    bob = await here.person(here.bob)
    carol = await here.person(here.carol)
    await here.app.services.people.roles.change_role(carol, bob.id, Role.OPERATOR, Role.REMOVED)
    [*_, told] = await here.told(here.carol.id)
    assert "⬜ Somebody who decides on drafts: /invite operator" in told.text


async def test_hidden(here: Desk) -> None:
    """Who hides the steps reads the welcome alone, and is told of them no more."""
    card = await here.says(here.carol, "/start")
    hidden = (await here.taps(here.carol, "Hide", card)).card
    assert hidden is not None
    assert "⬜" not in hidden.text
    assert "Welcome, Carol" in hidden.text
    bob, carol = await here.person(here.bob), await here.person(here.carol)
    before = await here.told(here.carol.id)
    await here.app.services.people.roles.change_role(carol, bob.id, Role.OPERATOR, Role.REMOVED)
    assert await here.told(here.carol.id) == before
    assert "⬜" not in (await here.says(here.carol, "/start")).text


async def test_settings_tick_it_off_at_the_next_start(stand_ins: Providers, database_url: str, tmp_path: Path) -> None:
    """What was set between two starts is ticked off by the second; once nothing is left it says so, and is over."""
    async with desk(stand_ins, database_url) as here:
        before = await here.says(here.carol, "/start")
        assert "⬜ Currency" in before.text
    given: dict[str, Any] = {"currency": "USD", "price_drafting": "99", "time_zone": "Europe/Berlin"}
    given |= {"backup_public_key": AGE, "backup_second_place": str(tmp_path)}
    async with desk(stand_ins, database_url, **given) as here:
        [*_, told] = await here.told(here.carol.id)
        assert told.text.startswith("<b>Setting up · 6 of 7 done</b>")
        services, events = here.app.services, [PaymentEvent("evt_1", "balance.available", {})]
        for _twice in range(2):
            await services.database.write(lambda tx: services.billing.invoices.webhooks.receive(tx, events))
        [*_, told] = await here.told(here.carol.id)
        assert told.text.startswith("<b>Setting up · All done</b>")
        assert "⬜" not in (await here.says(here.carol, "/start")).text


def test_every_step_has_its_settings() -> None:
    """Each setting of a step is one that there is, and one of them stands in its line."""
    for step, settings in SETTINGS.items():
        assert set(settings) <= Settings.model_fields.keys()
        assert any(setting.upper() in OPEN[step] for setting in settings)
    assert set(OPEN) == set(Step)
