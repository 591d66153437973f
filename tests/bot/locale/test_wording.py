"""How the sentences are worded, all of them: none says again what was once odd, none formats a figure by itself, and
none jumps where a language runs from the right.
"""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Message

from bot.kernel.translation import (
    FIRST_STRONG_ISOLATE,
    POP_ISOLATE,
    Reader,
    gettext,
    ngettext,
    pgettext,
    reading_as,
)
from bot.locale import catalogs

ODD = (
    "Too little for a brief",
    "Drop it",
    "Drop the question",
    "Who I think you are",
    "What happens by itself",
    "against people",
    "models are told",
    "You change nothing by looking",
    "You run this",
    "to look for behind",
    "Nothing failed that waits",
    "let out as it was",
    "has it go on",
    "goes on by itself",
    "What you hear",
    "What is weak",
    "Machinery",
    "Mends ",
    "Drop {n}",
    "Last proven",
    "of late",
    "were bad",
    "may decide no more",
    "dealt with again",
)


@pytest.fixture(scope="module")
def messages() -> list[Message]:
    return [message for message in catalogs.template() if message.id]


@pytest.fixture(scope="module")
def sentences(messages: list[Message]) -> list[str]:
    said = [message.id for message in messages]
    return [one for sentence in said for one in ((sentence,) if isinstance(sentence, str) else sentence)]


@pytest.mark.parametrize("words", ODD)
def test_plain_words(words: str, sentences: list[str]) -> None:
    """What people stumbled over is said in plain words everywhere."""
    assert [sentence for sentence in sentences if words in sentence] == []


def test_figures_have_one_format(sentences: list[str]) -> None:
    """A percentage comes with its sign from `percent` or `share`, a cost with its currency from `usd`."""
    assert [sentence for sentence in sentences if re.search(r"\} ?%|\{\w*percent\w*\}", sentence)] == []
    by_hand = [sentence for sentence in sentences if re.search(r"\} USD", sentence)]
    assert by_hand == ["under {least} USD"]


ISOLATED = re.compile(f"{FIRST_STRONG_ISOLATE}[^{FIRST_STRONG_ISOLATE}{POP_ISOLATE}]*{POP_ISOLATE}")
# Behind Urdu: a number with its unit behind it, and a sign before a Latin word. https://www.unicode.org/reports/tr9/
JUMPS = re.compile(r"(?:^|[^\x00-\x7f]\s?)(?:(?:\d+|◆) [A-Za-z]{1,3}\b|[?@#&/.-]+[A-Za-z])")


def test_nothing_jumps(messages: list[Message]) -> None:
    """In Urdu a number and its unit stand apart from what is around them, and so does a Latin word with a sign before
    it: the unit would else stand before the number, and the sign behind the word.
    """
    catalogs.install_all()
    with reading_as(Reader("ur")):
        said = {form for message in messages for form in _said(message)}
    assert [form for form in said if JUMPS.search(_without_what_stands_apart(form))] == []


def _said(message: Message) -> Iterator[str]:
    forms = (message.id,) if isinstance(message.id, str) else message.id
    values = dict.fromkeys(catalogs.placeholders(forms[-1]), 7)
    if len(forms) > 1:
        values.pop("n", None)
        one, many = forms
        yield from (ngettext(one, many, n, **values) for n in (1, 7))
    elif message.context:
        yield pgettext(message.context, forms[0], **values)
    else:
        yield gettext(forms[0], **values)


def _without_what_stands_apart(text: str) -> str:
    while (inner := ISOLATED.sub("◆", text)) != text:
        text = inner
    return re.sub("<[^>]*>", "", text)
