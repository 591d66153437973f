"""Lists that page by ◀ ▶, ten rows, newest first."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from bot.kernel.card import Button
from handlers.asked import Asked
from storage.pages import Page

ROWS = 10
Row = TypeVar("Row")
# A button carries one number: 2 × id, plus 1 for "newer than", so that one action serves both ways.
Fetch = Callable[[Page], Awaitable[Sequence[Row]]]


async def page(
    asked: Asked,
    action: str,
    fetch: Fetch[Row],
    id_of: Callable[[Row], int],
    version: int = 0,
    rows: int = ROWS,
) -> tuple[Sequence[Row], tuple[tuple[Button, ...], ...]]:
    """The rows that were asked for, and the buttons to the pages beside them, which carry `version` along."""
    anchor, newer = divmod(asked.subject, 2)
    beside = anchor or None
    found = await fetch(Page(before=None if newer else beside, after=beside if newer else None, limit=rows + 1))
    more = len(found) > rows
    found = found[-rows:] if newer else found[:rows]
    buttons = []
    if found and anchor and (more or not newer):
        buttons.append(Button("◀ Newer", action, 2 * id_of(found[0]) + 1, version))
    if found and (newer or more):
        buttons.append(Button("Older ▶", action, 2 * id_of(found[-1]), version))
    return found, ((tuple(buttons),) if buttons else ())
