"""A message's words as its reader sees them: https://core.telegram.org/bots/api#messageentity.

Telegram sends the letters, and beside them what stands behind or on them. Two of these change what is said: a link
behind words, and words that are struck out.
"""

from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

LONGEST_WORD = 200  # bytes
WEB = ("http://", "https://", "mailto:", "tel:", "ftp://")


def words_of(message: Mapping[str, Any]) -> str:
    """The text or caption, each address behind its words, and what was struck out between ~~ and ~~."""
    if "text" in message:
        return _shown(message["text"], message.get("entities", ()))
    return _shown(message.get("caption") or "", message.get("caption_entities", ()))


def _shown(text: str, entities: Sequence[Mapping[str, Any]]) -> str:
    """Offsets count UTF-16 code units. What is put in at the same place keeps its order: inner marks close first."""
    added: dict[int, str] = {}
    encoded = text.encode("utf-16-le", "surrogatepass")
    for entity in sorted(entities, key=lambda one: one["length"]):
        start, end = entity["offset"], entity["offset"] + entity["length"]
        words = encoded[2 * start : 2 * end].decode("utf-16-le", "replace")
        before, after = _marks(entity, words)
        # white space at the end of what is marked stays behind the mark, and an address breaks no word
        end -= len(words) - len(words.rstrip())
        if entity["type"] == "text_link" and words[-1:].isalnum():
            rest = encoded[2 * end : 2 * end + LONGEST_WORD].decode("utf-16-le", "replace")
            end += len("".join(takewhile(str.isalnum, rest)).encode("utf-16-le")) // 2
        added[start] = before + added.get(start, "")
        added[end] = added.get(end, "") + after
    pieces, place = [], 0
    for at in sorted(added):
        pieces += [encoded[2 * place : 2 * at].decode("utf-16-le", "surrogatepass"), added[at]]
        place = at
    return "".join([*pieces, encoded[2 * place :].decode("utf-16-le", "surrogatepass")])


def _marks(entity: Mapping[str, Any], words: str) -> tuple[str, str]:
    """What to put before and behind the words of an entity."""
    match entity["type"]:
        case "text_link" if _says_more(address := str(entity.get("url", "")), words):
            return "", f" ({address})"
        case "strikethrough" if words.strip():
            return "~~", "~~"
    return "", ""


def _says_more(address: str, words: str) -> bool:
    """Whether the address is one for anybody's browser, and is not what the words say anyhow."""
    bare = address.partition("://")[2] if "://" in address else address.partition(":")[2]
    return address.lower().startswith(WEB) and bare.rstrip("/").lower() not in words.lower()
