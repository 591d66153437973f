"""Sentences that a row keeps, to be read later by several people, each in their own language.

Kept is the English sentence, which is the catalogues' key, with what its placeholders stand for; amounts and times are
put into words only when somebody reads them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.kernel.money import Money
from bot.kernel.text.words import moment
from bot.kernel.translation import gettext as _

_BEGINS = '[{"say":'


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that `gettext_noop` marked, and the values of its placeholders: data, amounts, times, sentences."""

    marked: str
    values: Mapping[str, "str | Money | datetime | Sentence"]

    def __str__(self) -> str:
        """In the reader's language."""
        return _(self.marked, **{name: _shown(value) for name, value in self.values.items()})


def sentence(marked: str, /, **values: "str | Money | datetime | Sentence") -> Sentence:
    """The sentence with these values."""
    return Sentence(marked, values)


def kept(*sentences: Sentence) -> str:
    """The sentences as text that a row can keep."""
    return json.dumps([_written(one) for one in sentences], ensure_ascii=False, separators=(",", ":"))


def told(text: str) -> str:
    """What a row keeps, in the reader's language, not escaped. What is no kept sentence stays as it is."""
    if not text.startswith(_BEGINS):
        return text
    return " ".join(str(_read(one)) for one in json.loads(text))


def is_kept(text: str) -> bool:
    """Whether the text is what `kept` made."""
    return read(text) != text


def read(text: str) -> str:
    """The same as `told` of a text that others may have written: what only looks like a sentence stays as it is."""
    try:
        return told(text)
    except (ValueError, LookupError, TypeError, AttributeError):
        return text


def _shown(value: "str | Money | datetime | Sentence") -> str:
    return moment(value) if isinstance(value, datetime) else str(value)


def _written(value: "str | Money | datetime | Sentence") -> Any:
    if isinstance(value, Sentence):
        return {"say": value.marked, "with": {name: _written(one) for name, one in value.values.items()}}
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}
    return {"at": value.isoformat()} if isinstance(value, datetime) else value


def _read(value: Any) -> "str | Money | datetime | Sentence":
    match value:
        case {"say": marked, "with": values}:
            return Sentence(marked, {name: _read(one) for name, one in values.items()})
        case {"minor": minor, "currency": currency}:
            return Money(minor, currency)
        case {"at": at}:
            return datetime.fromisoformat(at)
    return str(value)
