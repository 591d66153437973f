"""Material that tries to steer the judge: found, made harmless, and named, so that a person can look.

What holds without this is the fence (`bot.quality.judge.fence`): its mark is random, so nothing can close it. This is
the second line: it knows common wordings, and of those made up after its patterns it named 16 of 40, 13 of 40 and 6 of
30. So a pass never rests on it; it rests on the fence, the gate's samples and floors, and the audits.
"""

import base64
import codecs
import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from bot.quality.injection_patterns import PATTERNS, QUOTABLE, Family

Span = tuple[int, int]
ZERO_WIDTH = frozenset("\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff\u180e")
BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LONGEST_LIGATURE = 6  # characters; one that stands for a whole phrase hides no letter, and a text of them is endless
ZERO_WIDTHS = re.compile(f"[{''.join(sorted(ZERO_WIDTH))}]+")
UNSEEN = ZERO_WIDTH | BIDI | frozenset("\u00ad\u200e\u200f\u061c")
TAGS = range(0xE0000, 0xE0080)
SELECTORS = range(0xE0100, 0xE01F0)
TAKEN_OUT = "[taken out]"
BLACK_FLAG = "\U0001f3f4"
FEW = 3  # zero-width characters inside words that a web page may leave in a copied text by accident
# the commonest letters of other scripts that look like Latin ones: https://www.unicode.org/reports/tr39/ (confusables)
LOOK_ALIKES = dict(
    zip(
        "авеԁіјкӏмноорԛѕтухԝуАВЕІЈКМНОРЅТХУΑΒΕΖΗΙΚΜΝΟΡΤΥΧαοιυνρτκ",
        "abedijklmhoopqstyxwyABEIJKMHOPSTXYABEZHIKMNOPTYXaoiuvptk",
        strict=True,
    )
)
WORD = re.compile(r"[^\W\d_]+")
QUOTES = re.compile(
    r"“[^”\n]{1,300}”|„[^“”\n]{1,300}[“”]|«[^»\n]{1,300}»|\"[^\"\n]{1,300}\"|`[^`\n]{1,300}`|‘[^’\n]{1,300}’"
)
ABOUT_ATTACKS = re.compile(
    r"\bprompt[ -]injections?\b|\bjailbreak\w*|\binjection attacks?\b|\battack(?:er)?s?\b|\bphishing\b|\bmalicious\b",
    re.IGNORECASE,
)
ENCLOSED = re.compile(
    r"<!--.{0,1000}?(?:-->|\Z)"
    r"|<(\w{1,12})\b[^<>]{0,200}(?:display:\s*none|font-size:\s*0|visibility:\s*hidden|opacity:\s*0)[^<>]{0,200}>"
    r".{0,3000}?</\1>",
    re.DOTALL | re.IGNORECASE,
)
ESCAPES = re.compile(r"(?:&#?\w{1,8};|%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2})")
BASE64 = re.compile(r"(?<![\w+/=-])[\w+/-]{24,}={0,2}(?![\w+/=-])", re.ASCII)
HEX = re.compile(r"(?<!\w)(?:[0-9A-Fa-f]{2}[ :]?){16,}(?!\w)")
# words of orders, rotated and backwards, case folded
ROT13 = (
    "vtaber", "qvfertneq", "sbetrg", "znexf", "pevgrevn", "qensg", "cerivbhf", "vafgehpgvba", "nccebir", "lbh ner",
    "fpber",
)  # fmt: skip
REVERSED = ("erongi", "dragersid", "suoiverp", "snoitcurtsni", "evorppa", "won era uoy", "erocs")
SPACED = re.compile(r"(?<!\w)(?:\w[ .*_|-]{1,3}){7,}\w(?!\w)")
LEET = re.compile(r"\b(?=\w*[a-z])(?=\w*[013457@$])[\w@$]{4,}", re.IGNORECASE)
KEYWORDS = frozenset(word for _, words, _ in PATTERNS for word in words)
FROM_LEET = str.maketrans("013457@$", "oieastas")


@dataclass(frozen=True, slots=True)
class Inspected:
    """A text with every attempt that was found made harmless, and the families of what was found, in a fixed order."""

    text: str
    families: tuple[Family, ...]


@lru_cache(maxsize=256)  # each sample of the judge asks again: the texts of a hundred briefs under way
def inspect(text: str) -> Inspected:
    """Find attempts to steer the judge, and put a note in the place of each.

    Honest text comes back as it is, but for invisible characters between the letters of a word.
    """
    found: dict[Span, set[Family]] = {}
    plain, places = visible(text)
    for family, span in _hits(plain):
        start, end = places[span[0]], places[span[1] - 1] + 1
        original = text[start:end]
        families = found.setdefault((start, end), set())
        families.add(family)
        if any(_unseen(character) for character in original):
            families.add(Family.HIDDEN)
        if original.isascii() is False and visible(original)[0] != "".join(c for c in original if not _unseen(c)):
            families.add(Family.DISGUISE)
    for enclosed in ENCLOSED.finditer(text):
        if any(enclosed.start() <= start < enclosed.end() for start, _ in found):
            found.setdefault(enclosed.span(), set()).add(Family.HIDDEN)
    for span in _disguised(text):
        found.setdefault(span, set()).add(Family.DISGUISE)
    families = {family for named in found.values() for family in named}
    misplaced = _misplaced(text)
    if sum(text[place] in ZERO_WIDTH for place in misplaced) > FEW or any(text[p] not in ZERO_WIDTH for p in misplaced):
        families.add(Family.HIDDEN)
    return Inspected(_without(text, found, misplaced), tuple(family for family in Family if family in families))


def families(text: str) -> tuple[Family, ...]:
    """The families of what was found in a text."""
    return inspect(text).families


def _hits(plain: str) -> Iterator[tuple[Family, Span]]:
    """What the patterns find in visible text, less what a text about such attempts quotes."""
    quotations: list[Span] | None = None
    folded = plain.casefold()
    there = {word for word in KEYWORDS if word in folded}
    for family, words, pattern in PATTERNS:
        if there.isdisjoint(words):
            continue
        for match in pattern.finditer(plain):
            start = match.end("lead") if match.groupdict().get("lead") else match.start()
            if family in QUOTABLE:
                if quotations is None:
                    about = ABOUT_ATTACKS.search(plain) is not None
                    quotations = [quote.span() for quote in QUOTES.finditer(plain)] if about else []
                if any(opened < start and match.end() <= closed for opened, closed in quotations):
                    continue
            yield family, (start, match.end())


def _unseen(character: str) -> bool:
    return character in UNSEEN or ord(character) in TAGS or ord(character) in SELECTORS


def visible(text: str) -> tuple[str, list[int] | range]:
    """The text as a reader sees it, in Latin letters where a word mixes look-alikes in; with each character's place."""
    if text.isascii():
        return text, range(len(text))
    mixed = [False] * len(text)
    bare = [(index, character) for index, character in enumerate(text) if not _unseen(character)]
    joined = "".join(character for _, character in bare)
    for word in WORD.finditer(joined):
        if not word[0].isascii() and any(c.isascii() for c in word[0]) and any(c in LOOK_ALIKES for c in word[0]):
            for place in range(*word.span()):
                mixed[bare[place][0]] = True
    shown: list[str] = []
    places: list[int] = []
    for index, character in bare:
        wide = unicodedata.normalize("NFKC", character) if ord(character) > 0x2000 else character
        if len(wide) > LONGEST_LIGATURE:
            wide = character
        for part in LOOK_ALIKES.get(wide, wide) if mixed[index] else wide:
            shown.append(part)
            places.append(index)
    return "".join(shown), places


def _disguised(text: str) -> Iterator[Span]:
    """Where an order is written in a code that a model can read: each line or word that turns into one when decoded."""
    for pattern, decode in ((BASE64, _from_base64), (HEX, _from_hex)):
        for match in list(pattern.finditer(text))[:50]:
            if _says_something(decode(match[0])):
                yield match.span()
    folded = text.casefold()
    rotated, backwards = any(word in folded for word in ROT13), any(word in folded for word in REVERSED)
    start = 0
    for line in text.splitlines(keepends=True):
        if any(_says_something(read) for read in _readings(line, rotated=rotated, backwards=backwards)):
            yield start, start + len(line.rstrip())
        start += len(line)


def _readings(line: str, *, rotated: bool, backwards: bool) -> Iterator[str]:
    if len(ESCAPES.findall(line)) > 3:
        unescaped = unquote(html.unescape(line))
        yield re.sub(r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2}))", lambda m: chr(int(m[1] or m[2], 16)), unescaped)
    if rotated:
        yield codecs.encode(line, "rot13")
    if backwards:
        yield line.rstrip()[::-1]
    if SPACED.search(line):
        yield SPACED.sub(_together, line)
    if len(LEET.findall(line)) > 1 and (translated := line.translate(FROM_LEET)) != line:
        yield translated


def _together(spaced: re.Match[str]) -> str:
    """Letters that stand apart as words again; a wider gap than the usual one parts two words."""
    run = spaced[0]
    gaps = re.findall(r"[ .*_|-]+", run)
    usual = min(len(gap) for gap in gaps)
    return re.sub(r"[ .*_|-]+", lambda gap: "" if len(gap[0]) == usual else " ", run)


def _says_something(decoded: str) -> bool:
    return next(_hits(visible(decoded)[0]), None) is not None


def _from_base64(token: str) -> str:
    token = token.rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        return base64.b64decode(token + "=" * (-len(token) % 4)).decode()
    except ValueError:  # no base64, or no text
        return ""


def _from_hex(token: str) -> str:
    try:
        return bytes.fromhex(re.sub(r"[ :]", "", token)).decode()
    except ValueError:
        return ""


def _misplaced(text: str) -> list[int]:
    """Places of invisible characters that no script and no emoji needs where they stand."""
    if text.isascii():
        return []
    right_to_left = any(unicodedata.bidirectional(character) in {"R", "AL"} for character in text)
    found = [
        index
        for index, character in enumerate(text)
        if (character in BIDI and not right_to_left)
        or (ord(character) in TAGS and BLACK_FLAG not in text[max(0, index - 8) : index])
        or (ord(character) in SELECTORS and not "\u2e80" <= text[index - 1 : index] <= "\U0003ffff")
    ]
    for run in ZERO_WIDTHS.finditer(text):
        if all(
            _latin(neighbour) for neighbour in (text[run.start() - 1 : run.start()], text[run.end() : run.end() + 1])
        ):
            found += range(*run.span())
    return found


def _latin(character: str) -> bool:
    return character.isalnum() and ord(character) < 0x250


def _without(text: str, found: Iterable[Span], misplaced: list[int]) -> str:
    """The text with a note in the place of each attempt, and without misplaced invisible characters."""
    if not (found or misplaced):
        return text
    gone = set(misplaced)
    parts: list[str] = []
    at = 0
    for start, end in _merged(found):
        parts.append("".join(c for i, c in enumerate(text[at:start], at) if i not in gone))
        parts.append(TAKEN_OUT)
        at = end
    parts.append("".join(c for i, c in enumerate(text[at:], at) if i not in gone))
    return "".join(parts)


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
