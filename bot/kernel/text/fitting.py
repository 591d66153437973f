"""What one message of a chat holds: https://core.telegram.org/bots/api#sendmessage and #html-style.

Letters beyond the Basic Multilingual Plane (smileys, bold Unicode letters) count twice there. A Card that is too much
is shown by its beginning, plain, with the whole as a file: nothing is refused, and nothing is lost.
"""

import html
import re
from dataclasses import replace
from urllib.parse import urlsplit

from bot.kernel.card import Button, Card, Document, escape
from bot.kernel.translation import gettext as _

LONGEST_TEXT = 4_096  # UTF-16 code units, after parsing
LONGEST_CAPTION = 1_024
LONGEST_SOURCE = 32_768  # bytes, with the markup
MOST_ENTITIES = 100  # the formatting of what comes after is dropped without a word
LARGEST_ENTITIES = 9_500  # bytes of them all, links included
BEGINNING = 900  # characters: even where each counts twice, it fits with what stands around it
_TAG = re.compile(r"<(/?)([a-z-]+)([^<>]*)>", re.IGNORECASE)
_ENTITY_BYTES = 12


def units(text: str) -> int:
    """The length of a text as chats count it, in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def plain(markup: str) -> str:
    """The words of a text in HTML."""
    return html.unescape(_TAG.sub("", markup))


def formats(markup: str) -> int:
    """How many pieces of formatting a text in HTML has."""
    return sum(not closing for closing, _, _ in _TAG.findall(markup))


def fits(markup: str, longest: int = LONGEST_TEXT) -> bool:
    """Whether a text in HTML goes into one message; formatting after the hundredth piece may be lost in it."""
    opened = [attributes for closing, _, attributes in _TAG.findall(markup) if not closing]
    sizes = sum(_ENTITY_BYTES + len(attributes.encode()) for attributes in opened)
    small = len(markup.encode()) <= LONGEST_SOURCE and sizes <= LARGEST_ENTITIES
    return small and units(plain(markup)) <= longest


def beginning(text: str, limit: int) -> str:
    """The first code units of a plain text, cut at white space where there is any, escaped."""
    if units(text) <= limit:
        return escape(text)
    cut = text[:limit]
    while units(cut) > limit:
        cut = cut[: -((units(cut) - limit + 1) // 2)]
    return f"{escape((cut.rsplit(None, 1)[0] if len(cut.split()) > 1 else cut).rstrip())}…"


def fitted(card: Card) -> Card:
    """The Card as one message can show it: too long a text by its beginning, an impossible link as words."""
    card = _linked(card)
    longest = LONGEST_CAPTION if card.has_file else LONGEST_TEXT
    return card if fits(card.text, longest) else shortened(card)


def shortened(card: Card) -> Card:
    """The Card by its plain beginning, with all of its text as a file where it has none yet."""
    words = plain(card.text)
    if card.has_file:
        return replace(card, text=beginning(words, BEGINNING))
    rest = _("<i>It is too long to be shown here; all of it is in the file.</i>")
    return replace(card, text=f"{beginning(words, BEGINNING)}\n\n{rest}", document=Document("message.txt", words))


def as_edit(card: Card) -> Card:
    """The Card as it can take a text's place: a text never becomes a file."""
    card = _linked(card)
    longest = LONGEST_CAPTION if card.has_file else LONGEST_TEXT
    return card if fits(card.text, longest) else replace(card, text=cut(card.text, longest))


def cut(markup: str, limit: int) -> str:
    """The plain beginning of a text in HTML, with a line that says so; of at most so many code units."""
    line = _("<i>It is too long to be shown here.</i>")
    return f"{beginning(plain(markup), limit - units(plain(line)) - 3)}\n\n{line}"


def can_link(url: str) -> bool:
    """Whether a button may lead there: http, https or tg, and a host that others can have (tdlib, LinkManager.cpp)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme == "tg":
        return True
    return parts.scheme in {"http", "https"} and bool(set(".:") & set(parts.hostname or ""))


def _linked(card: Card) -> Card:
    """Buttons whose address a chat refuses become lines of the text."""
    lost = [button for row in card.rows for button in row if button.url and not can_link(button.url)]
    if not lost:
        return card
    rows = (tuple(button for button in row if button not in lost) for row in card.rows)
    lines = [_as_words(button) for button in lost]
    return replace(card, text="\n".join([card.text, *lines]), rows=tuple(row for row in rows if row))


def _as_words(button: Button) -> str:
    return f"{escape(button.label)}: {escape(button.url)}"
