"""A message's words as its reader sees them: https://core.telegram.org/bots/api#messageentity.

Telegram sends the letters, and beside them what stands behind or on them. Two of these change what is said: a link
behind words, and words that are struck out. A rich message and a checklist have their words in parts of their own:
https://core.telegram.org/bots/api#richmessage, https://core.telegram.org/bots/api#checklist.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from bot.kernel.text.placing import lowered, raised, struck

LONGEST_WORD = 200  # bytes
DEEPEST = 30  # parts within parts of a rich message
MARKED: Mapping[str, Callable[[str], str]] = {"strikethrough": struck, "superscript": raised, "subscript": lowered}
POLL = ("question", "description", "explanation")
IN_RICH = frozenset({"photo", "video", "animation", "audio", "document", "voice_note", "location"})
WEB = ("http://", "https://", "mailto:", "tel:", "ftp://")


def words_of(message: Mapping[str, Any]) -> str:
    """The text or caption, each address behind its words, and what was struck out between ~~ and ~~."""
    if "text" in message:
        return _shown(message["text"], message.get("entities", ()))
    if "rich_message" in message:
        return "\n".join(_lines(message["rich_message"].get("blocks", ())))
    if "checklist" in message:
        return _checklist(message["checklist"])
    if lines := [line for kind in CARDS if kind in message for line in CARDS[kind](message)]:
        return "\n".join(lines)
    return _shown(message.get("caption") or "", message.get("caption_entities", ()))


def _checklist(checklist: Mapping[str, Any]) -> str:
    done = ("completion_date", "completed_by_user", "completed_by_chat")
    tasks = (
        f"{'[x]' if any(task.get(name) for name in done) else '[ ]'} "
        + _shown(task["text"], task.get("text_entities", ()))
        for task in checklist.get("tasks", ())
    )
    return "\n".join([_shown(checklist.get("title", ""), checklist.get("title_entities", ())), *tasks])


def parts_of_poll(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """A poll and its options, each of which may have a picture beside its words."""
    poll = message.get("poll", {})
    return [poll, *poll.get("options", ())]


def _poll(message: Mapping[str, Any]) -> Iterator[str]:
    poll, *options = parts_of_poll(message)
    yield from filter(None, (_shown(poll.get(name, ""), poll.get(f"{name}_entities", ())) for name in POLL))
    yield from (f"- {_shown(one['text'], one.get('text_entities', ()))}" for one in options)


def _named(kind: str, *fields: str) -> Callable[[Mapping[str, Any]], Iterator[str]]:
    """The lines of what is shown as a small card: a place, a person, a game."""
    return lambda message: (str(message[kind][name]) for name in fields if message[kind].get(name))


def has_media(part: Any, depth: int = 0) -> bool:
    """Whether a rich message shows a picture, a film, a recording, a file or a map among its words."""
    if depth > 2 * DEEPEST or not isinstance(part, Mapping):
        return depth <= 2 * DEEPEST and isinstance(part, list) and any(has_media(one, depth + 1) for one in part)
    return not IN_RICH.isdisjoint(part) or any(has_media(part.get(name), depth + 1) for name in ("blocks", "items"))


def _lines(blocks: Sequence[Mapping[str, Any]], depth: int = 0) -> Iterator[str]:
    """The lines of a rich message's blocks; what a bot is shown to think about meanwhile is none of its words."""
    for block in blocks if depth < DEEPEST else ():
        if block.get("type") == "thinking":
            continue
        own = (_rich(block.get(name, "")) for name in ("summary", "text", "expression"))
        yield from (f"{'# ' if 'size' in block else ''}{line}" for line in own if line)
        for item in block.get("items", ()):
            inner = "\n".join(_lines(item.get("blocks", ()), depth + 1))
            yield f"{_tick(item)}{item.get('label') or '-'} {inner}"
        yield from (" | ".join(_rich(cell.get("text", "")) for cell in row) for row in block.get("cells", ()))
        yield from _lines(block.get("blocks", ()), depth + 1)
        caption = block.get("caption", "")
        about = [caption.get("text", ""), caption.get("credit", "")] if isinstance(caption, Mapping) else [caption]
        yield from filter(None, map(_rich, [*about, block.get("credit", "")]))


def _tick(item: Mapping[str, Any]) -> str:
    return ("[x] " if item.get("is_checked") else "[ ] ") if item.get("has_checkbox") else ""


def _rich(text: Any, depth: int = 0) -> str:
    """A piece of rich text: letters, several pieces, or one with something behind or on it."""
    if isinstance(text, str) or depth > DEEPEST:
        return text if isinstance(text, str) else ""
    if isinstance(text, Sequence):
        return "".join(_rich(piece, depth + 1) for piece in text)
    said = next((text[name] for name in ("text", "expression", "alternative_text", "button") if name in text), "")
    words = _rich(said, depth + 1)
    address = str(text.get("url", ""))
    marked = MARKED.get(text.get("type", ""), str)(words)
    return f"{marked} ({address})" if words and _says_more(address, words) else marked


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


# What has no text and no caption, and words all the same: https://core.telegram.org/bots/api#poll and those beside it.
CARDS: Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    "poll": _poll,
    "venue": _named("venue", "title", "address"),
    "contact": _named("contact", "first_name", "last_name", "phone_number"),
    "game": _named("game", "title", "description", "text"),
}
