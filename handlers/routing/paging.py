"""Lists that page by ◀ ▶, ten rows, newest first or oldest first."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from bot.kernel.card import Button
from bot.kernel.translation import gettext as _
from handlers.routing.request import Request
from storage.core.pages import Page

ROWS = 10
Row = TypeVar("Row")
# A button carries one number: 2 × id, plus 1 for "newer than", so that one action serves both ways.
Fetch = Callable[[Page], Awaitable[Sequence[Row]]]


async def page(
    request: Request,
    action: str,
    fetch: Fetch[Row],
    id_of: Callable[[Row], int],
    choice: str = "",
    rows: int = ROWS,
    *,
    oldest_first: bool = False,
) -> tuple[Sequence[Row], tuple[tuple[Button, ...], ...]]:
    """The rows that were asked for, and the buttons to the pages beside them, which carry `choice` along."""
    found = await fetch(asked(request, rows, oldest_first=oldest_first))
    return shown(request, action, found, id_of, choice, rows, oldest_first=oldest_first)


def asked(request: Request, rows: int = ROWS, *, oldest_first: bool = False) -> Page:
    """The page that was asked for, with one row more, which says whether there is another behind it."""
    anchor, newer = divmod(request.subject, 2)
    beside = anchor or None
    after, before = (beside, None) if newer else (None, beside)
    return Page(before, after, rows + 1, oldest_first)


def shown(
    request: Request,
    action: str,
    found: Sequence[Row],
    id_of: Callable[[Row], int],
    choice: str = "",
    rows: int = ROWS,
    *,
    oldest_first: bool = False,
) -> tuple[Sequence[Row], tuple[tuple[Button, ...], ...]]:
    """Those of the rows of `asked` that are shown, and the buttons to the pages beside them."""
    anchor, newer = divmod(request.subject, 2)
    more = len(found) > rows
    back = anchor != 0 and bool(newer) is not oldest_first
    found = found[-rows:] if back else found[:rows]
    words, upwards = ((_("◀ Newer"), _("Older ▶")), 0)
    if oldest_first:
        words, upwards = (_("◀ Older"), _("Newer ▶")), 1
    buttons = []
    if found and anchor and (more or not back):
        buttons.append(Button(words[0], action, 2 * id_of(found[0]) + 1 - upwards, choice=choice))
    if found and (back or more):
        buttons.append(Button(words[1], action, 2 * id_of(found[-1]) + upwards, choice=choice))
    return found, ((tuple(buttons),) if buttons else ())
