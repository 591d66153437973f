"""Formatted text: parse_mode HTML to entities, with the errors that Telegram gives.

Source: https://core.telegram.org/bots/api#html-style and the parser of tdlib, whose wording is kept.
Offsets and lengths of entities are in UTF-16 code units; offsets in errors are in bytes of UTF-8.
"""

import re
from dataclasses import dataclass, field
from html import unescape
from itertools import pairwise

from sandbox.telegram.autodetect import detected
from sandbox.telegram.entity_rules import check_source, kept
from sandbox.telegram.errors import BadRequest
from sandbox.telegram.params import Params
from sandbox.telegram.state import Json

_SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "blockquote": "blockquote",
    "code": "code",
    "pre": "pre",
}
_TAGS = frozenset({*_SIMPLE, "a", "tg-emoji", "tg-time"})
_CHARACTER = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});?")
_TOKEN = re.compile(r"[<&]")
_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE = re.compile(r"\s*([^\s=>]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9.\-]+)))?")
_TEXT_MENTION = re.compile(r"tg://user\?id=(\d+)")


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int


@dataclass(slots=True)
class _Parse:
    source: str
    plain: list[str] = field(default_factory=list)
    units: int = 0
    stack: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def write(self, text: str) -> None:
        self.plain.append(text)
        self.units += utf16_length(text)

    def byte(self, position: int) -> int:
        return len(self.source[:position].encode())


def utf16_length(text: str) -> int:
    """How many UTF-16 code units the text has."""
    return len(text) + sum(character > "\uffff" for character in text)


def formatted(params: Params, text_name: str, entities_name: str) -> tuple[str, list[Json]]:
    """The call's text and entities, trimmed as Telegram trims them; raises BadRequest for bad markup."""
    source = params.text(text_name)
    check_source(source)
    mode = params.text("parse_mode").lower()
    if mode == "html":
        text, entities = parse_html(source)
    elif mode in {"", "none"}:
        text, entities = source, [_given(entity) for entity in params.objects(entities_name)]
    else:
        raise BadRequest("unsupported parse_mode")
    text, entities = _trimmed(text, entities)
    entities = kept(entities)
    return text, [*entities, *detected(text, entities)] if text else []


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Plain text and entities of Telegram's HTML; raises BadRequest `can't parse entities: ...`."""
    parse = _Parse(source)
    position = 0
    while token := _TOKEN.search(source, position):
        parse.write(source[position : token.start()])
        if token[0] == "&":
            position = _read_character(parse, token.start())
        elif source.startswith("</", token.start()):
            position = _read_end_tag(parse, token.start())
        else:
            position = _read_start_tag(parse, token.start())
    parse.write(source[position:])
    if parse.stack:
        raise _refusal(f'Can\'t find end tag corresponding to start tag "{parse.stack[-1].tag}"')
    return "".join(parse.plain), _merged(sorted(parse.entities, key=_order))


def _given(entity: Json) -> Json:
    if not entity.get("type") or not all(isinstance(entity.get(name), int) for name in ("offset", "length")):
        raise BadRequest("can't parse MessageEntity: type, offset and length are required")
    return entity


def _read_character(parse: _Parse, start: int) -> int:
    reference = _CHARACTER.match(parse.source, start)
    if reference is None:
        parse.write("&")
        return start + 1
    parse.write(unescape(reference[0] if reference[0].endswith(";") else f"{reference[0]};"))
    return reference.end()


def _read_start_tag(parse: _Parse, start: int) -> int:
    source = parse.source
    name = _NAME.match(source, start + 1)
    assert name is not None
    tag, position = name[0].lower(), name.end()
    if position == len(source):
        raise _refusal(f"Unclosed start tag at byte offset {parse.byte(start)}")
    if tag not in _TAGS:
        raise _refusal(f'Unsupported start tag "{tag}" at byte offset {parse.byte(start)}')
    attributes: dict[str, str] = {}
    while source[position : position + 1] != ">":
        if not source[position:].strip():
            raise _refusal(f'Unclosed start tag "{tag}" at byte offset {parse.byte(start)}')
        attribute = _ATTRIBUTE.match(source, position)
        if attribute is None:
            position = _skip_to_end(parse, tag, start, position)
            continue
        key, *values = attribute.groups()
        attributes[key.lower()] = unescape(next((value for value in values if value is not None), ""))
        position = attribute.end()
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise _refusal(f'Tag "span" must have class "tg-spoiler" at byte offset {parse.byte(start)}')
    parse.stack.append(_Open(tag, attributes, parse.units))
    return position + 1


def _skip_to_end(parse: _Parse, tag: str, start: int, position: int) -> int:
    rest = parse.source[position:]
    spaces = len(rest) - len(rest.lstrip())
    if rest[spaces] != ">":
        raise _refusal(f'Empty attribute name in the tag "{tag}" at byte offset {parse.byte(start)}')
    return position + spaces


def _read_end_tag(parse: _Parse, start: int) -> int:
    name = _NAME.match(parse.source, start + 2)
    assert name is not None
    end = name.end() + len(parse.source[name.end() :]) - len(parse.source[name.end() :].lstrip())
    if not parse.stack:
        raise _refusal(f"Unexpected end tag at byte offset {parse.byte(start)}")
    if parse.source[end : end + 1] != ">":
        raise _refusal(f"Unclosed end tag at byte offset {parse.byte(start)}")
    opened = parse.stack.pop()
    tag = name[0].lower()
    if tag and tag != opened.tag:
        raise _refusal(
            f'Unmatched end tag at byte offset {parse.byte(start)}, expected "</{opened.tag}>", found "</{tag}>"'
        )
    _close(parse, opened)
    return end + 1


def _close(parse: _Parse, opened: _Open) -> None:
    length = parse.units - opened.offset
    if not length:
        return
    entity: Json = {"type": _SIMPLE.get(opened.tag, ""), "offset": opened.offset, "length": length}
    if opened.tag == "a":
        entity |= _link(opened.attributes.get("href", ""))
    elif opened.tag == "tg-emoji":
        entity |= {"type": "custom_emoji", "custom_emoji_id": opened.attributes.get("emoji-id", "")}
    elif opened.tag == "blockquote" and "expandable" in opened.attributes:
        entity["type"] = "expandable_blockquote"
    elif opened.tag == "code" and opened.attributes.get("class", "").startswith("language-"):
        entity["language"] = opened.attributes["class"].removeprefix("language-")
    if entity["type"]:
        parse.entities.append(entity)


def _link(href: str) -> Json:
    if mention := _TEXT_MENTION.fullmatch(href):
        return {"type": "text_mention", "user": {"id": int(mention[1]), "is_bot": False, "first_name": ""}}
    return {"type": "text_link", "url": href} if href else {}


def _merged(entities: list[Json]) -> list[Json]:
    """A `code` with a language that fills its `pre` becomes one `pre` with that language; elsewhere it has none."""
    dropped = set()
    for outer, inner in pairwise(entities):
        if "language" in inner and inner["type"] == "code":
            language = inner.pop("language")
            if outer["type"] == "pre" and _span(outer) == _span(inner):
                outer["language"] = language
                dropped.add(id(inner))
    if entities and entities[0]["type"] == "code":
        entities[0].pop("language", None)
    return [entity for entity in entities if id(entity) not in dropped]


def _span(entity: Json) -> tuple[int, int]:
    return entity["offset"], entity["length"]


def _order(entity: Json) -> tuple[int, int, bool]:
    return entity["offset"], -entity["length"], entity["type"] == "code"


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    bare = text.strip()
    if len(bare) == len(text):
        return text, entities
    lead = utf16_length(text[: len(text) - len(text.lstrip())])
    size = utf16_length(bare)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] + entity["length"] - lead, size)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return bare, kept


def _refusal(reason: str) -> BadRequest:
    return BadRequest(f"can't parse entities: {reason}")
