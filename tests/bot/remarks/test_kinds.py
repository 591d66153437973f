"""What a message is about, by the rules alone: the written messages, and what the rules rest on."""

from collections import Counter

import pytest

from bot.remarks.kinds import Purpose, told_apart
from tests.messages import Message, load

ASKED_AT_MOST = 0.05


def _told(message: Message) -> Purpose:
    return told_apart(message.text).kind


def test_the_messages() -> None:
    """There are at least 150, each once, of every kind and in every language."""
    messages = load()
    assert len(messages) >= 150
    assert [text for text, times in Counter(message.text for message in messages).items() if times > 1] == []
    assert {message.kind for message in messages} == set(Purpose)
    assert {(message.kind, message.language) for message in messages if message.kind is not Purpose.UNSURE} == {
        (kind, language) for kind in Purpose if kind is not Purpose.UNSURE for language in ("en", "es", "ur", "ur-Latn")
    }


def test_nothing_but_orders_is_quoted() -> None:
    """No message that is no order, or that nobody could tell, is taken for one."""
    quoted = [
        message.text for message in load() if message.kind is not Purpose.ORDER and _told(message) is Purpose.ORDER
    ]
    assert quoted == []


@pytest.mark.parametrize("language", ["en", "es", "ur", "ur-Latn"])
def test_few_orders_are_asked_about(language: str) -> None:
    """Of the orders in a language, at most one in twenty is taken for anything else."""
    orders = [message for message in load() if message.kind is Purpose.ORDER and message.language == language]
    asked = [message.text for message in orders if _told(message) is not Purpose.ORDER]
    assert len(asked) <= ASKED_AT_MOST * len(orders), asked


def test_the_other_kinds_are_mostly_told() -> None:
    """Of what is no order, nine of ten are told for what they are; the others are asked about or shown."""
    others = [message for message in load() if message.kind not in {Purpose.ORDER, Purpose.UNSURE}]
    right = [message for message in others if _told(message) is message.kind]
    assert len(right) >= 0.9 * len(others)


@pytest.mark.parametrize(
    ("text", "brief", "invoice"),
    [
        ("when is brief 1012 done", "1012", ""),
        ("#1033 still waiting", "1033", ""),
        ("بریف ۱۰۲۲ کی انوائس کہاں ملے گی", "1022", ""),
        ("1015 ko thora chota kar dein", "1015", ""),
        ("Why is invoice NW12-0007 so high", "", "nw12-0007"),
        ("factura 88?", "", "88"),
        ("¿dónde descargo la factura del brief 1022?", "1022", ""),
        ("blog post about herbs, 1000 words", "", ""),
        ("we need an about us page, in Leeds since 1988", "", ""),
    ],
)
def test_the_number_that_is_named(text: str, brief: str, invoice: str) -> None:
    """Whichever way a brief or an invoice is named; an amount of words or a year names none."""
    told = told_apart(text)
    assert (told.brief, told.invoice) == (brief, invoice)


def test_the_topic_of_an_order_is_not_its_kind() -> None:
    """A text about refunds, complaints or thanks is ordered like any other."""
    for topic in (
        "a refund policy for my shop",
        "an apology for a late delivery",
        "a thank you note to our volunteers",
    ):
        assert told_apart(f"Write {topic}").kind is Purpose.ORDER


def test_an_answer_to_a_delivery_orders_nothing() -> None:
    """What would be an order by itself is asked about where it answers a message about a brief."""
    order = "Write a landing page text for our bike repair shop in Leeds, about 250 words"
    assert told_apart(order).kind is Purpose.ORDER
    assert told_apart(order, answers=True).kind is Purpose.UNSURE
    assert told_apart("a bit shorter please", answers=True).kind is Purpose.CHANGE


def test_a_long_text_is_material() -> None:
    """So much text that says nothing of what was made before is what a work is to be made of."""
    facts = "\n".join(f"Fact {number}: lamp {number} runs {number} hours a day." for number in range(40))
    assert told_apart(facts).kind is Purpose.ORDER
    assert told_apart(f"You charged me twice.\n{facts}").kind is Purpose.REFUND
    assert told_apart(f"{facts}\nThat is wrong in the text you sent.").kind is Purpose.REFUND


@pytest.mark.parametrize(
    "text", ["", "…", "   \n", "👍" * 40, "w" * 50_000, "a, " * 20_000, "(" * 5_000, "need " * 9_000]
)
def test_any_text_is_told_soon(text: str) -> None:
    """Whatever somebody sends is told apart, and what says nothing is no order."""
    assert told_apart(text).kind is not Purpose.ORDER
