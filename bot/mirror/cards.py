"""What admins are told of the mirror."""

from bot.kernel.card import Card, Lines, first_lines
from bot.kernel.words import count
from bot.mirror.model import Trouble

_WORDS = {
    Trouble.NOT_SHARED: (
        "EchoPilot may not see the page NOTION_PARENT_PAGE_ID any more, or it is in the trash.",
        "Share the page with the integration again. The rows wait, and go on by themselves.",
    ),
    Trouble.NO_ENTRY: (
        "Notion does not let EchoPilot in, or not do this.",
        "Check NOTION_TOKEN and what the integration may do. The rows wait, and go on by themselves.",
    ),
    Trouble.FULL: (
        "Notion makes no more rows: a Free workspace with more than one member stops at 1,000 blocks, and each row "
        "is one. Deleting gives nothing back.",
        "Upgrade the workspace, or use a personal token. Rows that are there still change; new ones wait.",
    ),
    Trouble.REFUSED: (
        "Notion refuses rows, and asking again cannot help, so these are not written.",
        "Has somebody changed the database? Each is tried again when its brief or invoice changes.",
    ),
}
_SHORT = {
    Trouble.NOT_SHARED: "the page is not shared with EchoPilot",
    Trouble.NO_ENTRY: "Notion does not let EchoPilot in",
    Trouble.FULL: "the workspace takes no more rows",
    Trouble.REFUSED: "rows are refused",
}


def trouble(table: str, kind: Trouble, words: str) -> Card:
    """A table of the mirror whose rows are not written."""
    what, then = _WORDS[kind]
    lines = Lines(f"Notion · {table} is not kept up to date").add(what)
    return Card(str(lines.add(f"Last words: {first_lines(words, 300)}").add(then)))


def standing(table: str, kind: Trouble, refused: int) -> str:
    """The same, in a line of /status."""
    return f"Notion, {table}: {_SHORT[kind]}" + (f" · {count(refused, 'row')} not written" if refused else "")


def over(table: str) -> Card:
    """Its rows are written again."""
    return Card(str(Lines(f"Notion · {table} is kept up to date again").add("What waited goes on.")), silent=True)


def moved(table: str) -> Card:
    """Another database took the place of one that is gone."""
    lines = Lines(f"Notion · {table} goes on in another database")
    lines.add("The one before was deleted, or is no longer shared with EchoPilot.")
    return Card(str(lines.add("The new one is on the same page and begins empty: a row comes when its brief changes.")))


def mended(table: str, columns: list[str]) -> Card:
    """Columns that people deleted, or whose type they changed, and that were made again."""
    lines = Lines(f"Notion · {table} has columns that EchoPilot made again")
    lines.add(", ".join(columns))
    return Card(str(lines.add("Each was deleted or is of another type now. To hide a column, hide it in the view.")))
