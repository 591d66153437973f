"""What the area says happened."""

from collections.abc import Mapping

EVENTS: Mapping[str, str] = {
    "brief.quoted": "A brief was taken in and has a price.",
    "brief.retyped": "Its type was changed before the yes.",
    "brief.reworded": "Its text was changed before the yes.",
    "brief.answered": "What was missing was answered.",
    "brief.file_added": "A file was added before the yes.",
    "brief.file_replaced": "A file was put in place of another before the yes.",
    "brief.queued": "Its client said yes.",
    "brief.cancelled": "Its client stopped it.",
    "person.file_not_read": "A file that somebody sent could not be read.",
    "recording.corrected": "A speaker put their transcript right.",
}
