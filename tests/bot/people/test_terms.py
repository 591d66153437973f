"""Terms and privacy in words."""

from dataclasses import replace

import pytest

from bot.kernel.translation import Reader, reading_as
from bot.tenants.terms_cards import CHANGES, SCREENS, Facts, screen, whole
from tests.pseudo_locale import LANGUAGE, escaped_in, installed

FACTS = Facts("Usually ready in 2 min.", 14, 30, 60, "api.example.org", notion=False, drive=False)


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen(name: str) -> None:
    """At most six lines, a button to each of the others, and one to all of it."""
    card = screen(name, FACTS)
    assert len(card.text.splitlines()) <= 7
    choices = [button.choice for button in card.rows[0]]
    assert choices == [other for other in SCREENS if other != name]
    assert [button.label for button in card.rows[1]] == ["Read it all"]


def test_what_is_kept() -> None:
    """Days and names are those of the settings; Notion is named where records go there."""
    card = screen("data", FACTS)
    assert "60 days" in card.text
    assert "api.example.org (models), Stripe (payment), Telegram (this chat)" in card.text
    assert "Notion" not in card.text
    assert "Notion (records)" in screen("data", replace(FACTS, notion=True)).text


def test_all_of_it() -> None:
    """One message has every screen and the tenant's own text; a long one is a file beside it."""
    short, long = whole(replace(FACTS, own="Ours <too>.")), whole(replace(FACTS, own="Ours. " * 2_000))
    assert all(line in short.text for name in SCREENS for line in screen(name, FACTS).text.splitlines())
    assert "Ours &lt;too&gt;." in short.text
    assert short.document is None
    assert long.document is not None
    assert long.document.content == "Ours. " * 2_000
    assert "Terms, in short" in whole(FACTS).text


def test_every_word() -> None:
    """Nothing is left in English."""
    with installed(), reading_as(Reader(LANGUAGE)):
        facts = [replace(FACTS, expected="", notion=True, changes=way) for way in CHANGES]
        cards = [screen(name, one) for name in SCREENS for one in facts]
        for card in (*cards, whole(facts[0])):
            assert escaped_in(card, ["api.example.org", "Stripe", "Telegram", "Notion"]) == []
