"""What a stand-in knows, to be kept while nothing runs."""

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

Memory = dict[str, Any]


class Remembering:
    """Something whose state outlives the process. REMEMBERED: its attributes that hold values that can be pickled."""

    REMEMBERED: ClassVar[tuple[str, ...]] = ()

    def memory(self) -> Memory:
        """All that the stand-in knows, to be kept over a restart."""
        return {name: getattr(self, name) for name in self.REMEMBERED}

    def remember(self, memory: Mapping[str, Any]) -> None:
        """Know what another one knew; what that did not know stays as it is."""
        for name in self.REMEMBERED:
            if name in memory:
                setattr(self, name, memory[name])


class Remembers(Protocol):
    """A stand-in that can be kept."""

    name: str

    def memory(self) -> Memory:
        """All that it knows."""
        ...

    def remember(self, memory: Mapping[str, Any]) -> None:
        """Know what another one knew."""
        ...
