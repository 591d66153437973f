"""Text from outside, made fit to be kept: PostgreSQL refuses the NUL character, and UTF-8 the halves of a pair.

Nobody sees either, and no sender means them; but what cannot be written down would be tried again for ever. Columns do
this to all that is put into them (`storage.engine.types`); whoever goes on with a text before it is kept does it as
well.
"""

import json
import unicodedata
from typing import Any

import orjson

WIDEST = 2**63  # whole numbers from here on, either way, are no JSON that everybody reads
# They have a width, or stand for nothing, and letters of a kind: nobody sees them.
_BLANK = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u034f")
_JOINERS = frozenset("\u200c\u200d")  # they shape the letters beside them


def storable(text: str) -> str:
    """The text without NUL characters, and with the replacement character for each half of a surrogate pair alone."""
    if "\0" in text:
        text = text.replace("\0", "")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        # two halves that belong together are one character again
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def storable_json(value: Any) -> Any:
    """The same for every text, and for every name of a field, in plain JSON values; too wide numbers become text."""
    match value:
        case str():
            return storable(value)
        case list():
            return [storable_json(one) for one in value]
        case dict():
            return {storable_json(name): storable_json(one) for name, one in value.items()}
        case int() if not -WIDEST <= value < WIDEST:
            return str(value)
    return value


def read_json(data: bytes) -> Any:
    """JSON from outside, with text that can be kept. Raises ValueError for what is none."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError:  # it is strict about halves of pairs, which some senders write
        try:
            value = json.loads(data)
        except RecursionError:
            raise ValueError("JSON that is nested too deeply") from None
        return storable_json(value)
    return storable_json(value) if b"\\u0000" in data else value


def dump_json(value: Any) -> bytes:
    """Plain JSON values, written down with text that can be kept. Raises TypeError where they are nested too deeply."""
    try:
        written = orjson.dumps(value)
    except TypeError:  # half a pair, or a number that is too wide
        return orjson.dumps(storable_json(value))
    return orjson.dumps(storable_json(value)) if b"\\u0000" in written else written


def unseen(letter: str) -> bool:
    """Whether a character is one that nobody sees."""
    return letter in _BLANK or unicodedata.category(letter) == "Cf"


def visible(words: str) -> str:
    """The words without marks that nobody sees; those that shape the letters beside them stay."""
    return "".join(letter for letter in words if letter in _JOINERS or not unseen(letter))


def is_blank(words: str) -> bool:
    """Whether there is nothing to be seen."""
    return all(letter.isspace() or unseen(letter) or unicodedata.combining(letter) for letter in words)


def says_something(words: str) -> bool:
    """Whether there is a letter or digit to be seen."""
    return any(letter.isalnum() for letter in visible(words))
