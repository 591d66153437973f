"""What is kept of a count: all that must not be, and what came more than once."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass
class Findings:
    """wrong: what must not be, by kind, with one line for each case. repeated: messages that came more than once."""

    wrong: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    repeated: Counter[str] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        return sum(map(len, self.wrong.values()))

    def expect(self, kind: str, case: str, *, expected: object, actual: object) -> None:
        """Keep a line unless the two are equal."""
        if expected != actual:
            self.wrong[kind].append(f"{case}: expected {expected}, found {actual}")
