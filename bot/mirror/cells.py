"""What a cell can hold at Notion, and whether one shows what it should: https://developers.notion.com/reference/request-limits"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.mirror.model import Column, MirrorTable

LONGEST_TEXT = 2_000  # in the units of UTF-16: Notion does not say whether it counts these or characters
MOST_PIECES = 40  # of a cell's text; a hundred are taken, but with them a request could be over 500 kB
LONGEST_OPTION = 100
LONGEST_EMAIL = 200


def pieces(text: str, most: int = MOST_PIECES) -> list[str]:
    """The text in pieces of which each is taken; what is behind the last one is cut off."""
    return list(_pieces(text, most)) or [""]


def _pieces(text: str, most: int) -> Iterator[str]:
    rest = text.encode("utf-16-le", "replace")
    for _ in range(most):
        if not rest:
            return
        piece = rest[: 2 * LONGEST_TEXT].decode("utf-16-le", "ignore")  # a pair is never parted
        yield piece
        rest = rest[len(piece.encode("utf-16-le")) :]


def cleaned(column: Column, value: Any) -> Any:
    """The value as the column takes it: a text is cut, an option has no comma, a date is ISO 8601."""
    match column:
        case Column.TITLE:
            return pieces(str(value), 1)[0]
        case Column.TEXT:
            return "".join(pieces(str(value)))
        case Column.SELECT:
            option = "" if value is None else " ".join(str(value).replace(",", " ").split())[:LONGEST_OPTION].strip()
            return option or None
        case Column.EMAIL:
            return None if not value or len(str(value)) > LONGEST_EMAIL else str(value)
        case Column.RELATION:
            return [str(one) for one in value or ()]
        case Column.CHECKBOX:
            return bool(value)
        case Column.NUMBER | Column.DATE:
            return value


def differing(table: MirrorTable, wanted: Mapping[str, Any], shown: Mapping[str, Any]) -> list[str]:
    """The columns of the wanted cells that show something else; what people fill in is theirs."""
    ours = [name for name in wanted if name not in table.theirs]
    return [name for name in ours if not _same(table.columns[name], wanted[name], shown.get(name))]


def _same(column: Column, wanted: Any, shown: Any) -> bool:
    wanted = cleaned(column, wanted)
    match column:
        case Column.DATE:
            return _minute(wanted) == _minute(shown)
        case Column.RELATION:
            return sorted(map(_bare, wanted)) == sorted(map(_bare, shown or ()))
        case Column.TITLE | Column.TEXT:
            return bool(wanted == (shown or ""))
        case _:
            return bool(wanted == shown)


def _minute(value: Any) -> datetime | str | None:
    """Notion shows a time to the minute, and in a form of its own; a day stays one."""
    if not value:
        return None
    if len(str(value)) == len("2026-01-01"):
        return str(value)
    return datetime.fromisoformat(str(value)).astimezone(UTC).replace(second=0, microsecond=0)


def _bare(identifier: str) -> str:
    return identifier.replace("-", "").lower()
