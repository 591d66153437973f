"""The entities that Telegram finds by itself: commands, mentions, hashtags, links and addresses."""

import re

from sandbox.telegram.state import Json

_PATTERN = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]])"
    r"|(?P<email>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b)"
    r"|(?P<bot_command>(?<![\w/@<])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{3,31})?(?![\w/]))"
    r"|(?P<mention>(?<![\w@])@[A-Za-z]\w{3,31}\b)"
    r"|(?P<hashtag>(?<![\w#])#\w*[^\W\d]\w*)"
)
_MARKS = ("/", "@", "#", "://")
_OPAQUE = frozenset({"code", "pre", "text_link", "text_mention", "url", "email", "bot_command", "mention", "hashtag"})


def detected(text: str, known: list[Json]) -> list[Json]:
    """Entities found in the text (offsets in UTF-16 code units) outside of code, links and what is marked already."""
    if not any(mark in text for mark in _MARKS):
        return []
    taken = [(e["offset"], e["offset"] + e["length"]) for e in known if e.get("type") in _OPAQUE]
    astral = [index for index, character in enumerate(text) if character > "\uffff"]
    found = []
    for match in _PATTERN.finditer(text):
        start, end = (place + sum(index < place for index in astral) for place in match.span())
        if not any(start < other_end and other_start < end for other_start, other_end in taken):
            found.append({"type": match.lastgroup, "offset": start, "length": end - start})
    return found
