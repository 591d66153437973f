"""Text from outside, made fit to be kept: PostgreSQL refuses the NUL character, and UTF-8 the halves of a pair.

Nobody sees either, and no sender means them; but what cannot be written down would be tried again for ever.
"""

from typing import Any


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
    """The same for every text, and for every name of a field, in plain JSON values."""
    match value:
        case str():
            return storable(value)
        case list():
            return [storable_json(one) for one in value]
        case dict():
            return {storable_json(name): storable_json(one) for name, one in value.items()}
    return value
