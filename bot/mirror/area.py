"""What the area says happened."""

from collections.abc import Mapping

EVENTS: Mapping[str, str] = {
    "mirror.fine": "Rows are written again.",
    "mirror.not shared": "A page of the mirror is not shared with us.",
    "mirror.no entry": "The mirror's token is refused.",
    "mirror.full": "The mirror's database takes no more rows.",
    "mirror.refused": "A row is refused.",
}
