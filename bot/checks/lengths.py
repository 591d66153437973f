"""The length that a brief asks for, and whether a text has it: in words, characters, sentences, paragraphs, points or
pages, in the languages that clients write most.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import floor

from bot.checks import spelled
from bot.checks.words import items, paragraphs, plain, sentences, spaced, words
from bot.kernel.text.patterns import LazyPattern
from bot.kernel.translation import ngettext

LOOKED_AT = 2_000  # characters: what is wanted stands at the beginning
AROUND = 0.3  # how far "about" reaches
OVER = 0.1  # what a bound forgives
PAGE = (100, 700)  # words
FAR_APART = 25  # characters before a length in which it is said what it is the length of
_UNITS: Mapping[str, str] = {
    "word": r"words?|kelime|palabras?|w[öo]rtern?|worte?n?|mots?|parole|palavras?|woorden|słów|слов|الفاظ|لفظ(?:وں)?"
    "|字",
    "character": r"characters?|chars?|caracteres|caract[èe]res|caratteri|zeichen|حروف",
    "sentence": r"sentences?|oraciones|frases|orações|sätzen?|phrases|frasi|zinnen|جملے|جملوں",
    "paragraph": r"paragraphs?|párrafos?|absätzen?|paragraphes?|paragrafi|parágrafos?|alinea's|پیراگراف",
    "point": r"bullet[ -]?points?|bullets|viñetas|stichpunkten?|puces|tópicos",
    "page": r"pages?|páginas?|seiten?|pagine|pagina's|صفحات|صفحے",
}
_NUMBER = r"(?:\d{1,3}(?:[,.٬\u00a0 '’]\d{3})+|\d+(?:\.\d)?k\b|\d+)"
_ASKED = LazyPattern(
    rf"(?P<low>{_NUMBER})(?:\s*(?:-|–|—|to|and|bis|und|a|y|à|et|e|سے)\s*(?P<high>{_NUMBER}))?\+?"
    r"(?:\s*\(\d+\))?[\s-]*"
    rf"(?:{'|'.join(f'(?P<{unit}>{names})' for unit, names in _UNITS.items())})(?!\w)",
    re.IGNORECASE,
)
_NAMED = LazyPattern(
    r"\b(?:word ?(?:count|limit)|(?:number of )?words|wortzahl|wörter|palabras|mots)\s*[:=]\s*"
    r"(?:about |ca\.? ?|~)?(\d{1,6})\b",
    re.IGNORECASE,
)
_MOST = LazyPattern(
    r"(?:at most|no more than|not more than|not exceed(?:ing)?|up to|under|below|less than|fewer than"
    r"|not (?:over|above)|max(?:imum|imal)?\.?|within|no longer than|como máximo|máximo|no más de|hasta|menos de"
    r"|sin (?:exceder|superar|pasar de)|no (?:exceda|supere|pase) (?:de )?(?:las |los )?|höchstens|bis zu"
    r"|nicht (?:mehr|länger) als|not longer than|unter|\bbis|au (?:plus|maximum)|maximum|pas plus de|moins de"
    r"|jusqu['’]à"
    r"|massimo|no máximo|até|não (?:mais|exceda|ultrapasse)(?: de| do que| as)?|<=?|≤|زیادہ سے زیادہ)"
    r"[\s:]*(?:of |de |von )?$",
    re.IGNORECASE,
)
_LEAST = LazyPattern(
    r"(?:at least|no fewer than|no less than|not less than|more than|over|above|min(?:imum|imal)?\.?|al menos"
    r"|por lo menos|mínimo"
    r"|como mínimo|más de|mindestens|mehr als|\bab|au moins|plus de|almeno|pelo menos|no mínimo|mais de|>=?|≥|کم از کم)"
    r"[\s:]*(?:of |de |von )?$",
    re.IGNORECASE,
)
_MOST_AFTER = LazyPattern(
    r"\s*(?:at most|max|or less|or fewer|tops|como máximo|como mucho|o menos|höchstens|maximal|au plus"
    r"|سے (?:زیادہ|زائد) نہ|سے کم|یا (?:اس سے )?کم|تک)",
    re.IGNORECASE,
)
_LEAST_AFTER = LazyPattern(
    r"\s*(?:at least|min\b|minimum|or more|como mínimo|o más|mindestens|au moins"
    r"|سے (?:زیادہ|زائد)(?! نہ)|یا (?:اس سے )?زیادہ)",
    re.IGNORECASE,
)
# What has a length of its own within the text.
_A_PART = LazyPattern(
    r"\b(?:headlines?|titles?|titel|subjects?|subject lines?|headings?|slogans?|taglines?|captions?|summary|teasers?"
    r"|intro(?:duction)?|each|every|per|pro|jede[rsn]?|je|cada|chaque|par|título|überschrift|titre|from|of the|those"
    r"|these)\b",
    re.IGNORECASE,
)
_EACH_AFTER = LazyPattern(
    r"\s*(?:each|apiece|per|a (?:section|point|item|day)|in each|jeweils|cada un[oa]|chacun)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Length:
    """A length asked for: at least `low`, at most `high` of the unit (None: no end); `words`: how it was said."""

    unit: str
    low: int
    high: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Missed:
    """A text that has so many of a unit where the brief asks for another length, in these words of its own."""

    unit: str
    count: int
    asked: str

    def say(self) -> str:
        """ "it has 40 words where the brief says “about 100 words”"."""
        return _SAID[self.unit](self.count, self.asked)


def asked(brief: str) -> list[Length]:
    """The lengths that a brief asks of the whole text, by its own words."""
    start = spelled.in_figures(brief[:LOOKED_AT])
    named = [
        Length("word", *_bounds(int(found[1]), None, most=False, least=False), _said_as(brief, start, found))
        for found in _NAMED.finditer(start.text)
    ]
    return named + [length for found in _ASKED.finditer(start.text) if (length := _length(brief, start, found))]


def _said_as(brief: str, start: spelled.Figures, found: re.Match[str]) -> str:
    begins, ends = start.before(*found.span())
    return " ".join(brief[begins:ends].split())


def _length(brief: str, start: spelled.Figures, found: re.Match[str]) -> Length | None:
    text = start.text
    before, after = text[max(0, found.start() - FAR_APART) : found.start()], text[found.end() : found.end() + FAR_APART]
    near, most = re.split(r"[.,;:!?\n()]", before)[-1], _said(_MOST, _MOST_AFTER, before, after)
    known = not most and near.casefold().endswith(("the ", "los ", "die ", "les "))  # of words that are there already
    if _A_PART.search(near) or known or _EACH_AFTER.match(after):
        return None
    unit = next(name for name in _UNITS if found[name])
    low = _number(found["low"])
    high = _number(found["high"]) if found["high"] else None
    if low == 0:
        return None
    bounds = _bounds(low, high, most=most, least=_least(found, before, after))
    if unit == "page":
        unit, bounds = "word", (bounds[0] * PAGE[0], None if bounds[1] is None else bounds[1] * PAGE[1])
    return Length(unit, *bounds, _said_as(brief, start, found))


def _said(before_it: LazyPattern, after_it: LazyPattern, before: str, after: str) -> bool:
    return bool(before_it.search(before) or after_it.match(after))


def _least(found: re.Match[str], before: str, after: str) -> bool:
    return "+" in found[0] or _said(_LEAST, _LEAST_AFTER, before, after)


def _bounds(low: int, high: int | None, *, most: bool, least: bool) -> tuple[int, int | None]:
    if high is not None:
        return floor(min(low, high) * (1 - 2 * OVER)), floor(max(low, high) * (1 + 2 * OVER))
    if most:
        return 0, floor(low * (1 + OVER))
    if least:
        return floor(low * (1 - OVER)), None
    room = floor(low * AROUND)
    return low - room, low + room


def _number(said: str) -> int:
    if said[-1:] in "kK":
        return int(float(said[:-1]) * 1_000)
    return int(re.sub(r"[,.٬\s'’]", "", said))


_COUNTS: Mapping[str, Callable[[str], int]] = {
    "word": lambda text: len(words(plain(text))),
    "character": lambda text: len(plain(text).strip()),
    "sentence": lambda text: sum(len(sentences(plain(part))) for part in [*paragraphs(text), *items(text)]),
    "paragraph": lambda text: len(paragraphs(text)),
    "point": lambda text: len(items(text)),
}


_SAID: Mapping[str, Callable[[int, str], str]] = {
    "word": lambda n, asked: ngettext(
        "it has {n} word where the brief says “{asked}”", "it has {n} words where the brief says “{asked}”", n,
        asked=asked,
    ),
    "character": lambda n, asked: ngettext(
        "it has {n} character where the brief says “{asked}”", "it has {n} characters where the brief says “{asked}”",
        n, asked=asked,
    ),
    "sentence": lambda n, asked: ngettext(
        "it has {n} sentence where the brief says “{asked}”", "it has {n} sentences where the brief says “{asked}”", n,
        asked=asked,
    ),
    "paragraph": lambda n, asked: ngettext(
        "it has {n} paragraph where the brief says “{asked}”", "it has {n} paragraphs where the brief says “{asked}”",
        n, asked=asked,
    ),
    "point": lambda n, asked: ngettext(
        "it has {n} point where the brief says “{asked}”", "it has {n} points where the brief says “{asked}”", n,
        asked=asked,
    ),
}  # fmt: skip


def missed(brief: str, draft: str) -> Missed | None:
    """How a draft misses what is asked of its length; None where it does not, or nothing is asked.

    Several lengths in one unit may be those of parts, or of what the client gives: the text has to fit between the
    least and the sum of them.
    """
    lengths = asked(brief)
    for unit in dict.fromkeys(length.unit for length in lengths):
        own = [length for length in lengths if length.unit == unit]
        if unit == "word" and not spaced(draft):
            continue
        count = _COUNTS[unit](draft)
        low = min(length.low for length in own)
        high = None if any(length.high is None for length in own) else sum(length.high or 0 for length in own)
        if count < low or (high is not None and count > high):
            return Missed(unit, count, own[0].words)
    return None
