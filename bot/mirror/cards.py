"""What admins are told of the mirror."""

from bot.kernel.card import Card, Lines, first_lines
from bot.kernel.text.words import in_a_row
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext
from bot.mirror.model import Trouble

_WORDS = {
    Trouble.NOT_SHARED: (
        N_("EchoPilot may not see the page NOTION_PARENT_PAGE_ID any more, or it is in the trash."),
        N_("Share the page with the integration again. The rows wait and are written once it works."),
    ),
    Trouble.NO_ENTRY: (
        N_("Notion refuses EchoPilot access, or this action."),
        N_("Check NOTION_TOKEN and what the integration may do. The rows wait and are written once it works."),
    ),
    Trouble.FULL: (
        N_(
            "Notion makes no more rows: a Free workspace with more than one member stops at 1,000 blocks, and each row "
            "is one. Deleting gives nothing back."
        ),
        N_("Upgrade the workspace, or use a personal token. Rows that are there still change; new ones wait."),
    ),
    Trouble.REFUSED: (
        N_("Notion refuses rows, and asking again cannot help, so these are not written."),
        N_("Has somebody changed the database? Each is tried again when its brief or invoice changes."),
    ),
}
_SHORT = {
    Trouble.NOT_SHARED: N_("the page is not shared with EchoPilot"),
    Trouble.NO_ENTRY: N_("Notion refuses EchoPilot access"),
    Trouble.FULL: N_("the workspace takes no more rows"),
    Trouble.REFUSED: N_("rows are refused"),
}


def trouble(table: str, kind: Trouble, words: str) -> Card:
    """A table of the mirror whose rows are not written."""
    what, then = _WORDS[kind]
    lines = Lines(_("Notion · {table} is not kept up to date", table=table)).add(_(what))
    return Card(str(lines.add(_("Last error: {words}", words=first_lines(words, 300))).add(_(then))))


def standing(table: str, kind: Trouble, refused: int) -> str:
    """The same, in a line of /status."""
    said = _("Notion, {table}: {trouble}", table=table, trouble=_(_SHORT[kind]))
    rows = ngettext("{n} row not written", "{n} rows not written", refused)
    return f"{said} · {rows}" if refused else said


def short(kind: Trouble) -> str:
    """The trouble in a few words."""
    return _(_SHORT[kind])


def over(table: str) -> Card:
    """Its rows are written again."""
    return Card(
        str(Lines(_("Notion · {table} is kept up to date again", table=table)).add(_("What waited is written now."))),
        silent=True,
    )


def moved(table: str) -> Card:
    """Another database took the place of one that is gone."""
    lines = Lines(_("Notion · {table} continues in another database", table=table))
    lines.add(_("The one before was deleted, or is no longer shared with EchoPilot."))
    return Card(
        str(lines.add(_("The new one is on the same page; every row is written again. /mirror shows how far it is.")))
    )


def mended(table: str, columns: list[str]) -> Card:
    """Columns that people deleted, or whose type they changed, and that were made again."""
    lines = Lines(_("Notion · {table} has columns that EchoPilot made again", table=table))
    lines.add(in_a_row(columns))
    return Card(str(lines.add(_("Each was deleted or is of another type now. To hide a column, hide it in the view."))))
