"""Lists that page by ◀ ▶, ten rows, newest first."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from bot.kernel.card import Button
from handlers.asked import Asked

PAGE = 10
Row = TypeVar("Row")
# A button carries one number: 2 × id, plus 1 for "newer than", so that one action serves both ways.
Fetch = Callable[[dict[str, Any]], Awaitable[Sequence[Row]]]


async def page(
    asked: Asked, action: str, fetch: Fetch[Row], id_of: Callable[[Row], int]
) -> tuple[Sequence[Row], tuple[tuple[Button, ...], ...]]:
    """The rows that were asked for, and the buttons to the pages beside them. `fetch` takes before, after and limit."""
    anchor, newer = divmod(asked.subject, 2)
    where = {"after" if newer else "before": anchor} if anchor else {}
    rows = await fetch({**where, "limit": PAGE + 1})
    more = len(rows) > PAGE
    rows = rows[-PAGE:] if newer else rows[:PAGE]
    buttons = []
    if rows and anchor and (more or not newer):
        buttons.append(Button("◀ Newer", action, 2 * id_of(rows[0]) + 1))
    if rows and (newer or more):
        buttons.append(Button("Older ▶", action, 2 * id_of(rows[-1])))
    return rows, ((tuple(buttons),) if buttons else ())
