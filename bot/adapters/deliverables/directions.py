"""Whether words run from the right, by their letters: https://www.unicode.org/reports/tr9/"""

from itertools import groupby
from unicodedata import bidirectional

_RIGHT = {"R", "AL"}


def _counts(text: str) -> tuple[int, int]:
    kinds = [bidirectional(letter) for letter in text]
    return sum(kind in _RIGHT for kind in kinds), kinds.count("L")


def from_right(text: str) -> bool:
    """Whether most letters of a whole text are of such a script."""
    right, left = _counts(text)
    return right > left


def of(text: str, base: bool) -> bool:
    """Whether a part of a text runs from the right. base: whether the whole does; then one such letter is enough,
    since a sentence may begin with a name in Latin letters.
    """
    right, left = _counts(text)
    if not right and not left:
        return base
    return right > 0 if base else right > left


def split(text: str) -> list[tuple[str, bool]]:
    """The text in pieces of one direction each, with whether it is from the right; what has none goes with the piece
    before it, but for spaces before the other direction.
    """
    side = False
    sides: list[bool] = []
    for letter in text:
        kind = bidirectional(letter)
        if kind in _RIGHT:
            side = True
        elif kind == "L" or (kind in {"EN", "AN"} and not side):
            side = False
        sides.append(side)
    pairs = groupby(zip(text, sides, strict=True), key=lambda pair: pair[1])
    return [("".join(letter for letter, _ in piece), right) for right, piece in pairs]
