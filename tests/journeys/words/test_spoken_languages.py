"""The whole path in each language that there is a catalogue of, over the wire, for people whose apps speak it."""

import re
from collections.abc import AsyncIterator, Callable

import pytest

from bot.access.model import Role
from bot.kernel.text.fitting import plain
from bot.kernel.translation import FIRST_STRONG_ISOLATE, Reader, gettext, pgettext, reading_as
from bot.locale.catalogs import template
from handlers.catalog import menu
from tests.house import House, Providers, house
from tests.journeys.words.acting import Actor
from tests.journeys.words.shown import Shown
from tests.journeys.words.test_words import CAST, came_in, handed_in

BRIEFS = {
    "es": "Escribe un texto de portada para Nordwind, una mensajería en bicicleta de Hamburgo. "
    "La entrega tarda 48 horas. Menciona que cada paquete está asegurado hasta 500 EUR.",
    "ur": "ہیمبرگ کی سائیکل کوریئر Nordwind کے لیے ویب سائٹ کے پہلے صفحے کا متن لکھیں۔ ڈیلیوری 48 گھنٹے میں ہوتی ہے۔ "
    "یہ بھی لکھیں کہ ہر پارسل کا 500 EUR تک بیمہ ہے۔",
}
TELLING = 3  # words of English in a row, which are no name
PLACEHOLDER = re.compile(r"\{\w+\}|<[^>]*>")


@pytest.fixture(params=["es", "ur"])
async def spoken(
    request: pytest.FixtureRequest, stand_ins: Providers, database_url: str
) -> AsyncIterator[tuple[str, House, dict[str, Actor], Shown]]:
    """A running house whose people's apps all speak one language, and what they are shown."""
    shown = Shown()
    stand_ins.telegram.on_call.append(shown)
    for name, number in CAST.items():
        stand_ins.telegram.person(name, id=number, language_code=request.param)
    async with house(stand_ins, database_url) as home:
        yield request.param, home, {name: Actor(getattr(home, name.lower())) for name in CAST}, shown


async def test_the_whole_path(
    spoken: tuple[str, House, dict[str, Actor], Shown], measured: Callable[[str], None]
) -> None:
    """From the first word to the paid invoice nobody reads a sentence of English, and the menu is theirs."""
    language, home, people, shown = spoken
    await came_in(people)
    alice = people["Alice"]
    number = await handed_in(alice, BRIEFS[language])
    await alice.person.sees(f"brief-{number}.md")
    await home.stripe_has("open")
    await home.pay(number)
    await home.stripe_has("paid")
    with reading_as(Reader(language)):
        await alice.person.sees(plain(gettext("<b>Brief {brief} · Delivered</b>", brief=number)))
        await alice.person.sees(pgettext("brief", "Paid"))
        assert home.alice.commands() == dict(menu(Role.CLIENT))
    texts = {text for _, text in shown.found}
    pieces = _english(language)
    english = {text: found for text in texts if (found := [piece for piece in pieces if piece in text])}
    measured(f"{language}: {len(texts)} texts, {len(english)} with English in them")
    assert english == {}
    assert (FIRST_STRONG_ISOLATE in "".join(texts)) == (language == "ur")


def _english(language: str) -> set[str]:
    """What stands between the placeholders of English sentences, and not in their translations."""
    with reading_as(Reader(language)):
        return {
            piece
            for message in template()
            if isinstance(message.id, str)
            for part in PLACEHOLDER.split(message.id)
            if len((piece := part.strip()).split()) >= TELLING and piece not in gettext(message.id)
        }
