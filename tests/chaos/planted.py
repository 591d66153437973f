"""What a planted fault is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Path = Literal["brief", "refund", "repair"]


@dataclass(frozen=True)
class Planted:
    """What is done wrong, how it is planted, at which of the named points the crash comes, and on whose path."""

    wrong: str
    plant: Callable[[], None]
    points: tuple[str, ...]
    path: Path = "brief"
