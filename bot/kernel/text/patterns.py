"""Regular expressions that are compiled at their first use, or beside the first answers (`warm_up`): all large ones
together take a tenth of a second, which nobody who starts the program should wait for.
"""

import re
from collections.abc import Callable, Iterator
from functools import cached_property

_MADE: list["LazyPattern"] = []


def warm_up() -> None:
    """Compile all that there are."""
    for pattern in tuple(_MADE):
        pattern.compiled  # noqa: B018 - its first look compiles it


class LazyPattern:
    """A regular expression with the methods of `re.Pattern` that are used of it."""

    def __init__(self, regex: str | Callable[[], str], flags: re.RegexFlag = re.NOFLAG) -> None:
        """regex: it, or what makes it."""
        self._regex = regex
        self._flags = flags
        _MADE.append(self)

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        """The expression, ready; raises re.error where it is none."""
        return re.compile(self._regex if isinstance(self._regex, str) else self._regex(), self._flags)

    @property
    def pattern(self) -> str:
        """As it is written."""
        return self.compiled.pattern

    def search(self, text: str, pos: int = 0) -> re.Match[str] | None:
        """What fits first, from a place on."""
        return self.compiled.search(text, pos)

    def match(self, text: str, pos: int = 0) -> re.Match[str] | None:
        """What fits at a place."""
        return self.compiled.match(text, pos)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The whole text, where it fits."""
        return self.compiled.fullmatch(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """All that fit, one after the other."""
        return self.compiled.finditer(text)
