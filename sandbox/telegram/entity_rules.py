"""What becomes of formatting on its way: what holds nothing else, what nests, how much of it there may be.

`code` and `pre` hold no other entity, quotes do not nest, and after the 100th entity formatting is dropped without a
word: https://core.telegram.org/bots/api#messageentity, TelegramBots#854. Sizes are those of TL, as far as they are
known: telegram-bot-api#165.
"""

from sandbox.telegram.errors import BadRequest
from sandbox.telegram.state import Json

LONGEST_SOURCE = 32_768  # bytes, before parsing
MOST_ENTITIES = 100
LARGEST_ENTITIES = 9_500  # bytes, all together
_ENTITY_BYTES = 12
_CODE = frozenset({"code", "pre"})
_QUOTES = frozenset({"blockquote", "expandable_blockquote"})


def check_source(source: str) -> None:
    """Raise BadRequest for a text that is too long with its markup, however short it is after it."""
    if len(source.encode()) > LONGEST_SOURCE:
        raise BadRequest("text is too long")


def kept(entities: list[Json]) -> list[Json]:
    """The entities that a message ends up with; raises BadRequest where they are too large together."""
    if sum(map(_size, entities)) > LARGEST_ENTITIES:
        raise BadRequest("ENTITIES_TOO_LONG")
    code = [_span(entity) for entity in entities if entity["type"] in _CODE]
    cut = [piece for entity in entities for piece in _around(entity, code)]
    quotes = [_span(entity) for entity in cut if entity["type"] in _QUOTES]
    flat = [entity for entity in cut if not (entity["type"] in _QUOTES and _inside(_span(entity), quotes))]
    return sorted(flat, key=lambda entity: (entity["offset"], -entity["length"]))[:MOST_ENTITIES]


def _around(entity: Json, code: list[tuple[int, int]]) -> list[Json]:
    """The parts of an entity that are not in code."""
    if entity["type"] in _CODE:
        return [entity]
    start, end = _span(entity)
    pieces = []
    for begin, stop in sorted(code):
        if begin < end and stop > start:
            pieces.append((start, begin))
            start = max(start, stop)
    pieces.append((start, end))
    return [{**entity, "offset": begin, "length": stop - begin} for begin, stop in pieces if stop > begin]


def _inside(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(other != span and other[0] <= span[0] and span[1] <= other[1] for other in others)


def _span(entity: Json) -> tuple[int, int]:
    return entity["offset"], entity["offset"] + entity["length"]


def _size(entity: Json) -> int:
    words = sum(len(str(entity[name]).encode()) + 4 for name in ("url", "language") if name in entity)
    return _ENTITY_BYTES + words
