"""The file that a client gets."""

import base64
from collections.abc import Callable, Sequence

from bot.briefs import formats
from bot.briefs.formats import Format, NotInFormat
from bot.briefs.model import Brief
from bot.kernel.card import Document

# Makes an Excel workbook of one sheet from its rows.
Workbook = Callable[[Sequence[Sequence[str]]], bytes]


def format_of(brief: Brief, text: str) -> Format | None:
    """The format that the brief asks for, where the text is in it; a person may have made something else of it."""
    wanted = formats.asked_by(brief)
    try:
        if wanted is not None:
            formats.check(wanted, text)
    except NotInFormat:
        return None
    return wanted


def file_of(brief: Brief, text: str, workbook: Workbook) -> Document:
    """The text as a file in the format that the brief asks for; otherwise, or where it is not in it, as Markdown."""
    found = format_of(brief, text)
    if found is Format.XLSX:
        data = base64.b64encode(workbook(formats.rows_of(text))).decode()
        return Document(f"brief-{brief.id}.{found}", data, binary=True)
    return Document(f"brief-{brief.id}.{found or Format.MARKDOWN}", text + "\n")
