"""A choice within the numbers of a button, so that [Rows] needs nothing that is kept: the name goes as the button's
choice, the days as its subject, and what else was given as its version.
"""

from datetime import date, timedelta
from typing import Any

from pydantic import ValidationError

from bot.ask.catalog import chosen, could_take
from bot.ask.model import FIRST_DAY, Choice, Name, Span
from bot.finance.cards import currency_of, number_of
from bot.kernel.task_type import TaskType

# By numbers that stay: a button lives as long as its message.
_TYPES = {
    TaskType.RESEARCH: 1,
    TaskType.DRAFTING: 2,
    TaskType.DATA_TRANSFORM: 3,
    TaskType.TRANSCRIPTION: 4,
    TaskType.OTHER: 5,
}
_LENGTHS = 4_096  # days
_LAST = 100 * 366  # days
_CURRENCIES = 36**3
_KINDS = 8


def packed(choice: Choice, span: Span | None) -> tuple[int, int]:
    """The subject and the version of a button about this."""
    given = choice.given.given
    kind = _TYPES[TaskType(given["type"])] if "type" in given else 0
    rest = (int(given.get("client", 0)) * _KINDS + kind) * _CURRENCIES + number_of(given.get("currency", ""))
    if span is None:
        return 0, rest
    return (span.since - FIRST_DAY).days * _LENGTHS + (span.until - span.since).days, rest


def unpacked(name: str, subject: int, version: int) -> Choice | None:
    """What such a button is about; None where that is nothing."""
    if name not in set(Name) or subject < 0 or version < 0:
        return None
    rest, currency = divmod(version, _CURRENCIES)
    client, kind = divmod(rest, _KINDS)
    given: dict[str, Any] = {
        "currency": currency_of(currency) or None,
        "type": next((one for one, number in _TYPES.items() if number == kind), None),
        "client": client or None,
    }
    if could_take(Name(name), "period"):
        since, days = divmod(subject, _LENGTHS)
        if not days or since > _LAST:
            return None
        given["period"] = period_of(FIRST_DAY + timedelta(days=since), days)
    try:
        return chosen(Name(name), **{key: value for key, value in given.items() if value is not None})
    except ValidationError:
        return None


def period_of(since: date, days: int) -> str:
    """The days as a period."""
    return f"{since.isoformat()}..{(since + timedelta(days=days - 1)).isoformat()}"
