"""A language that nobody speaks: what was not translated into it is a text that no translator would ever get.

Every vowel of a sentence is accented, and it stands in brackets, a third longer, as a longer language would be:
"Paid" is "⟦Páíd·⟧". So plain vowels in what a person is shown are somebody's data, or an escaped text.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from gettext import NullTranslations

from bot.kernel import translation
from bot.kernel.card import Card

LANGUAGE = "en-XA"
ACCENTED = str.maketrans("aeiouAEIOU", "áéíóúÁÉÍÓÚ")
KEPT = re.compile(r"(\{[^}]*\}|<[^>]*>|&\w+;|/\w+)")  # placeholders, tags, entities and commands are no words
NO_WORDS = re.compile(r"<[^>]*>|&\w+;|https?://\S+|(?<!\w)/\w+|[\w.+-]+@[\w.-]+")
WORD = re.compile(r"[^\W\d_]{2,}")


def pseudo(sentence: str) -> str:
    """The sentence in that language."""
    parts = KEPT.split(sentence)
    accented = "".join(part if place % 2 else part.translate(ACCENTED) for place, part in enumerate(parts))
    return f"⟦{accented}{'·' * (len(sentence) // 3)}⟧"


class PseudoTranslations(NullTranslations):
    """Translates every sentence at once."""

    def gettext(self, message: str) -> str:
        return pseudo(message)

    def pgettext(self, context: str, message: str) -> str:
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(msgid1 if n == 1 else msgid2)


@contextmanager
def installed() -> Iterator[None]:
    """People whose app speaks the language are spoken with in it, within the context."""
    translation.install(LANGUAGE, PseudoTranslations)
    try:
        yield
    finally:
        translation.uninstall(LANGUAGE)


def escaped(text: str, data: Iterable[str] = ()) -> list[str]:
    """The words of a text that were not translated. data: what people, models and providers wrote themselves."""
    for own in sorted(data, key=len, reverse=True):
        text = text.replace(own, " ")
    return [word for word in WORD.findall(NO_WORDS.sub(" ", text)) if set(word.lower()) & set("aeiou")]


def escaped_in(card: Card, data: Iterable[str] = ()) -> list[str]:
    """The same of all that a Card shows but its file."""
    labels = [button.label for row in card.rows for button in row]
    return escaped("\n".join([card.text, card.toast, card.openly, *labels]), data)
