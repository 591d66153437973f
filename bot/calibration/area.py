"""What the area says happened."""

from collections.abc import Mapping

EVENTS: Mapping[str, str] = {
    "line.adopted": "An admin adopted another target for a type of brief.",
    "line.kept": "An admin declined a proposed target.",
}
