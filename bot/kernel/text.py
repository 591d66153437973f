"""Text from outside, made fit to be kept: PostgreSQL refuses the NUL character, and UTF-8 the halves of a pair.

Nobody sees either, and no sender means them; but what cannot be written down would be tried again for ever. Columns do
this to all that is put into them (`storage.columns`); whoever goes on with a text before it is kept does it as well.
"""

import json
from typing import Any

import orjson

WIDEST = 2**63  # whole numbers from here on, either way, are no JSON that everybody reads


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
