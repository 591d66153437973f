"""What people read of their account and of what is to be set up, in a language that nobody speaks."""

from collections.abc import Iterator
from datetime import UTC, datetime

from bot.access.model import Person, Role, stranger
from bot.kernel.card import Card
from bot.kernel.translation import reading_as
from bot.people import own_cards, setup_cards
from bot.people.setup_cards import Step
from tests.pseudo_locale import LANGUAGE, escaped_in, installed

NOW = datetime(2026, 11, 26, 14, 3, tzinfo=UTC)
DATA = ["Alice", "Cambridge", "Asia/Karachi", "London", "United Kingdom", "New York", "United States", "English", "UTC",
        "GMT", "Español", "Nov", "Thu", "EST", LANGUAGE]  # fmt: skip


def shown(who: Person) -> Iterator[Card]:
    """Every card about the person."""
    yield own_cards.account(who, NOW)
    yield own_cards.time_zone(who, NOW)
    yield own_cards.zone_set(who, NOW)
    yield own_cards.which_zone("Cambridge", ["Europe/London", "America/New_York", "UTC"], NOW)
    yield own_cards.language(who)


def test_every_word_of_an_account() -> None:
    """No word of them is left in English, for whoever it is."""
    known = [role for role in Role if role is not Role.STRANGER]
    people = [Person(1, "main", 1001, "Alice", role, LANGUAGE, zone="Asia/Karachi") for role in known]
    with installed():
        for who in (*people, Person(1, "main", 1, "Alice", Role.CLIENT, LANGUAGE), stranger(1, "Alice", LANGUAGE)):
            with reading_as(who.reader):
                assert [escaped_in(card, DATA) for card in shown(who) if escaped_in(card, DATA)] == []


def test_every_word_of_setting_up() -> None:
    """Nor of the steps, done or open."""
    alice = Person(1, "main", 1001, "Alice", Role.ADMIN, LANGUAGE)
    with installed(), reading_as(alice.reader):
        for done in ([], [Step.ZONE], list(Step)):
            assert escaped_in(setup_cards.steps(set(done)), DATA) == []
            assert escaped_in(setup_cards.welcome(alice, set(done)), DATA) == []


def test_of_the_languages_one_is_chosen() -> None:
    """The language that somebody chose counts before their app's and their tenant's, as long as it is spoken."""
    chosen = Person(1, "main", 1, "Alice", Role.CLIENT, "en", tenant_language="en", preferred_language=LANGUAGE)
    with installed():
        assert chosen.reader.language == LANGUAGE
    assert chosen.reader.language == "en"
