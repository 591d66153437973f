"""/language, answer by answer."""

from collections.abc import AsyncIterator

import pytest

from bot.access.model import Role
from bot.kernel import translation
from bot.kernel.card import Card
from bot.locale import catalogs
from handlers.catalog import menu
from tests.desk import Desk, desk
from tests.house import Providers
from tests.pseudo_locale import LANGUAGE, installed, pseudo

OFFERED = ["English", "Español", "اردو"]


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url) as made:
        yield made


def labels(card: Card) -> list[str]:
    return [button.label for row in card.rows for button in row]


async def test_one_language(here: Desk) -> None:
    """Where there is one language, it is said, and nobody is offered a command to choose."""
    for tag in set(translation.languages()) - {translation.SOURCE_LANGUAGE}:
        translation.uninstall(tag)
    try:
        await _the_only_one(here)
    finally:
        catalogs.install_all()


async def _the_only_one(here: Desk) -> None:
    card = await here.says(here.alice, "/language")
    assert "It is the only one that I speak so far." in card.text
    assert labels(card) == []
    assert "language" not in dict(menu(Role.CLIENT))
    assert "I do not speak that language yet" in (await here.says(here.alice, "/language Spanish")).text


async def test_another_is_chosen(here: Desk) -> None:
    """A tap speaks another language at once, in the menu too, and a tap leads back; a brief's stays its own."""
    with installed():
        assert "language" in dict(menu(Role.CLIENT))
        account = await here.says(here.alice, "/whoami")
        offered = (await here.taps(here.alice, "Change language", account)).card
        assert offered is not None
        assert labels(offered) == OFFERED
        chosen = await here.taps(here.alice, "English", offered)
        assert chosen.card is not None
        assert pseudo("It is the only one").strip("⟦⟧·") not in chosen.card.text
        person = await here.person(here.alice)
        assert person.reader.language == LANGUAGE
        assert here.alice.commands()["help"] == pseudo("What you can do here")
        assert pseudo("What you can do here") in (await here.says(here.alice, "/help")).text
        back = await here.taps(here.alice, pseudo("Use my app's language").strip("⟦⟧·"), chosen.card)
        assert back.card is not None
        assert labels(back.card) == OFFERED
        assert (await here.person(here.alice)).reader.language == "en"


async def test_by_its_code(here: Desk) -> None:
    """A language can be named behind the command, and what is none is refused with what can be written."""
    with installed():
        await here.says(here.alice, "/language")
        assert "I know no language “Klingonish”" in (await here.says(here.alice, "/language Klingonish")).text
        assert "Language · English" in (await here.says(here.alice, "/language en")).text
        assert (await here.person(here.alice)).preferred_language == "en"


async def test_a_language_that_is_gone(here: Desk) -> None:
    """Who chose a language that there is no catalogue of any more is spoken with in their app's."""
    with installed():
        await here.app.services.people.preferences.set_language(await here.person(here.alice), LANGUAGE)
    assert "What you can do here" in (await here.says(here.alice, "/help")).text
