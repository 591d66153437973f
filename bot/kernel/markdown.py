"""The little Markdown that models write, as the HTML that a chat shows."""

import re

from bot.kernel.card import escape

HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$")
BULLET = re.compile(r"^(\s*)[-*+]\s+")
BOLD = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*")
CODE = re.compile(r"`([^`]+)`")


def to_html(markdown: str) -> str:
    """Headings and bold as bold, bullets as dots, code as code; everything else as it is. Always well-formed."""
    return "\n".join(_line(line) for line in markdown.splitlines())


def _line(line: str) -> str:
    line = escape(line)
    if heading := HEADING.match(line):
        return f"<b>{heading[1].replace('**', '')}</b>"
    line = BULLET.sub(r"\1• ", line)
    return "".join(
        f"<code>{part}</code>" if index % 2 else BOLD.sub(r"<b>\1</b>", part)
        for index, part in enumerate(CODE.split(line))
    )
