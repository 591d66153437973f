"""What one text says otherwise than another: by sentences, and within what changed by words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff
from itertools import groupby
from typing import Literal

from bot.kernel.card import escape

SENTENCE_END = re.compile(r"(?<=\n)(?!\n)|(?<=[.!?…۔؟] )(?! )")
WORD = re.compile(r"\s*\S+\s*")
SHOWN = 3_000  # the longest difference that goes into a card
LONGEST_BY_WORDS = 250_000  # pairs of words to compare; beyond it a passage counts as replaced whole
CONTEXT = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that both texts have (as the later one writes it), or that was added, or removed."""

    kind: Literal["same", "added", "removed"]
    text: str


def compare(before: str, after: str) -> list[Piece]:
    """The pieces, in order, that either text is made of; white space alone is no difference."""
    pieces: list[Piece] = []
    for kind, old, new in _aligned(SENTENCE_END.split(before), SENTENCE_END.split(after)):
        if kind == "equal":
            pieces.append(Piece("same", "".join(new)))
        else:
            pieces.extend(_by_words(WORD.findall("".join(old)), WORD.findall("".join(new))))
    runs = groupby(pieces, key=lambda piece: piece.kind)
    return [Piece(kind, "".join(piece.text for piece in run)) for kind, run in runs]


def _by_words(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    whole = len(before) * len(after) > LONGEST_BY_WORDS
    for kind, old, new in [("replace", before, after)] if whole else _aligned(before, after):
        if kind == "equal":
            yield Piece("same", "".join(new))
            continue
        if old:
            yield Piece("removed", "".join(old))
        if new:
            yield Piece("added", "".join(new))


def _aligned(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    """How runs of parts follow from each other, as difflib calls it; parts are equal whatever their white space."""
    old, new = ([" ".join(part.split()) for part in parts] for parts in (before, after))
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old, new).get_opcodes():
        yield kind, before[i1:i2], after[j1:j2]


def marked(pieces: Sequence[Piece]) -> str:
    """The pieces as HTML: what was added bold, what was removed struck out, what stayed only next to a change."""
    shown: list[str] = []
    for number, piece in enumerate(pieces):
        text = re.sub(r"\n\s*\n", "\n", piece.text)
        if shown and not shown[-1][-1:].isspace():
            shown.append(" ")
        if piece.kind == "same":
            shown.append(escape(_context(text, first=number == 0, last=number == len(pieces) - 1)))
        else:
            tag = "b" if piece.kind == "added" else "s"
            body = text.strip()
            head, _, tail = text.partition(body)
            shown.append(f"{head}<{tag}>{escape(body)}</{tag}>{tail or ' '}" if body else text)
    return "".join(shown).strip()


def _context(text: str, *, first: bool, last: bool) -> str:
    """The end of what stands before a change, and the beginning of what stands behind one."""
    head = "" if first else text[:CONTEXT].rsplit(None, 1)[0] if len(text) > CONTEXT else text
    tail = "" if last else text[-CONTEXT:].split(None, 1)[-1] if len(text) > CONTEXT else text
    if len(text) <= (CONTEXT if first or last else 2 * CONTEXT):
        return text
    return f"{head}{' ' if head else ''}…{' ' if tail else ''}{tail}"


def as_file(before: str, after: str, before_name: str, after_name: str) -> str:
    """The difference by sentences: removed ones with a minus, added ones with a plus, one before and behind."""
    old, new = ([part.strip() for part in SENTENCE_END.split(text) if part.strip()] for text in (before, after))
    return "\n".join(unified_diff(old, new, before_name, after_name, lineterm="", n=1)) + "\n"
