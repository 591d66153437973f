"""Kinds of things that are looked for in a text, as rows of a table: what it finds, its signs, its pattern.

A pattern is slow to try at every place of a text, a plain word quick to look for. So a kind is tried only where one of
its signs stands in the text, which in most texts few do.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import merge

from bot.kernel.text.patterns import LazyPattern


@dataclass(frozen=True, slots=True)
class Kind:
    """One row. Whatever the pattern matches has to have one of the signs in it.

    signs: with | between them; as they are `folded` where case does not matter, else as they stand.
    exact: whether case matters; parts of the pattern may say otherwise.
    """

    finds: str
    signs: str
    regex: str
    exact: bool = False
    pattern: LazyPattern = field(init=False, compare=False)
    any_of: tuple[str, ...] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Made ready once, for every text."""
        case = re.NOFLAG if self.exact else re.IGNORECASE
        object.__setattr__(self, "pattern", LazyPattern(self.regex, re.MULTILINE | case))
        object.__setattr__(self, "any_of", tuple(self.signs.split("|")))

    def may_be_in(self, text: str, said: str) -> bool:
        """Whether it is worth trying. said: the text, folded."""
        where = text if self.exact else said
        return any(map(where.__contains__, self.any_of))


def folded(text: str) -> str:
    """The text in the letters of the signs: small ones, ß as ss, and the i's of Turkish as any other."""
    small = text.casefold()
    return small if small.isascii() else small.replace("i\u0307", "i").replace("ı", "i")


def each(kinds: Iterable[Kind], text: str, said: str) -> Iterator[re.Match[str]]:
    """All that the kinds find, as it stands in the text; of what begins at one place the first kind's is first."""
    tried = [kind.pattern.finditer(text) for kind in kinds if kind.may_be_in(text, said)]
    return merge(*tried, key=re.Match.start) if tried else iter(())


def first(kinds: Iterable[Kind], text: str, said: str) -> str:
    """What is found first by the first of the kinds that finds anything; empty where none does."""
    found = next((one for kind in kinds if kind.may_be_in(text, said) and (one := kind.pattern.search(text))), None)
    return in_one_line(found[0]) if found else ""


def in_one_line(words: str) -> str:
    """The words with a single space between them."""
    return " ".join(words.split())
