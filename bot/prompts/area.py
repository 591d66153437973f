"""What the area says happened."""

from collections.abc import Mapping

EVENTS: Mapping[str, str] = {
    "prompt.added": "A version was written.",
    "prompt.used": "A version was put in use.",
    "prompt.rested": "A version was taken out of use.",
}
