"""Workbooks as other programs than openpyxl write them: parts put in place of its own."""

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

from openpyxl import Workbook


def saved(book: Any) -> bytes:
    """The workbook as a file."""
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def of_rows(*rows: list[Any]) -> Any:
    """A workbook of one sheet."""
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    return book


def changed(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same file with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as read, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for member in read.infolist():
            part = read.read(member)
            written.writestr(member, change(part) if member.filename == name else part)
    return out.getvalue()


def with_dimension(data: bytes, dimension: str) -> bytes:
    """The first sheet says that it fills that range; "" for none said."""
    said = f'<dimension ref="{dimension}"/>'.encode() if dimension else b""
    return changed(data, "xl/worksheets/sheet1.xml", lambda part: re.sub(rb"<dimension [^>]*/>", said, part))
