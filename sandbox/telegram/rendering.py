"""Entities to HTML that a page may insert as it is: everything else is escaped."""

from html import escape
from urllib.parse import urlsplit

from sandbox.telegram.state import Json

_ELEMENTS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ('<span class="spoiler">', "</span>"),
    "code": ("<code>", "</code>"),
    "pre": ("<pre>", "</pre>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ('<blockquote class="expandable">', "</blockquote>"),
    "mention": ("<span>", "</span>"),
    "hashtag": ("<span>", "</span>"),
}
_SCHEMES = frozenset({"http", "https", "mailto", "tg"})


def safe_html(text: str, entities: list[Json]) -> str:
    """The text as HTML; line breaks stay (show with `white-space: pre-wrap`), links open outside of the page.

    A bot command becomes `<a href="#" data-command="/start">`.
    """
    if not entities:
        return escape(text)
    raw = text.encode("utf-16-le")
    parts: list[str] = []
    closing: list[tuple[int, str]] = []
    position = 0

    def write_to(end: int) -> None:
        nonlocal position
        parts.append(escape(raw[2 * position : 2 * end].decode("utf-16-le", "replace")))
        position = end

    for entity in sorted(entities, key=lambda e: (e["offset"], -e["length"])):
        while closing and closing[-1][0] <= entity["offset"]:
            end, tag = closing.pop()
            write_to(end)
            parts.append(tag)
        write_to(entity["offset"])
        end = entity["offset"] + entity["length"]
        if closing:
            end = min(end, closing[-1][0])
        opening, tag = _element(entity, raw[2 * position : 2 * end].decode("utf-16-le", "replace"))
        parts.append(opening)
        closing.append((end, tag))
    while closing:
        end, tag = closing.pop()
        write_to(end)
        parts.append(tag)
    write_to(len(raw) // 2)
    return "".join(parts)


def _element(entity: Json, content: str) -> tuple[str, str]:
    kind = entity["type"]
    if kind == "bot_command":
        return f'<a href="#" data-command="{escape(content)}">', "</a>"
    target = {"text_link": entity.get("url", ""), "url": content, "email": f"mailto:{content}"}.get(kind)
    if target is None:
        return _ELEMENTS.get(kind, ("", ""))
    if urlsplit(target).scheme.lower() not in _SCHEMES:
        return "", ""
    return f'<a href="{escape(target)}" target="_blank" rel="noopener noreferrer">', "</a>"
