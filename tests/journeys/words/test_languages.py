"""What is said in somebody's language outside of their conversations: menus, and what delivering a message adds."""

import re

from bot.kernel import translation
from bot.kernel.card import Card
from bot.kernel.translation import Reader, reading_as
from bot.messages.service import post
from storage.engine.database import Transaction
from tests.eventually import eventually
from tests.house import EVE, House, Providers, house
from tests.pseudo_locale import LANGUAGE, PseudoTranslations, installed, pseudo

LONG = "hm " * 3000


async def test_too_long_in_their_language(home: House) -> None:
    """That a message is too long to be shown is said in the language that the message was made in."""
    await home.staff()

    async def work(tx: Transaction) -> None:
        for language in (LANGUAGE, "en"):
            with reading_as(Reader(language)):
                await post(tx, "main", home.alice.id, Card(LONG))

    with installed():
        await home.running.app.services.database.write(work)
        await home.alice.sees(pseudo("It is too long to be shown here; all of it is in the file.").strip("⟦·⟧"))
        await home.alice.sees("It is too long to be shown here; all of it is in the file.")


async def test_a_menu_for_each_language(stand_ins: Providers, database_url: str) -> None:
    """Whom nobody knows yet has the menu in the language of their app, where there is one that Telegram knows."""
    words = ("de", "pt", "pt-BR", "mis")
    for code in words:
        translation.install(code, PseudoTranslations)
    try:
        eve = stand_ins.telegram.person("Eve", id=EVE, language_code="de")
        dan = stand_ins.telegram.person("Dan", id=1004, language_code="fr")
        async with house(stand_ins, database_url):
            await eventually(eve.commands, lambda menu: menu.get("help") == pseudo("What you can do here"))
            assert dan.commands()["help"] == "What you can do here"
    finally:
        for code in words:
            translation.uninstall(code)


async def test_words_of_a_stranger(home: House) -> None:
    """Whom nobody invited is spoken with in the language of their app."""
    frank = home.telegram.person("Frank", id=1006, language_code=LANGUAGE)
    with installed():
        await frank.says("/briefs")
        await frank.sees(re.compile("Í dó nót knów yóú yét"))
