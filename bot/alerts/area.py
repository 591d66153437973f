"""What the area says happened."""

from collections.abc import Mapping

EVENTS: Mapping[str, str] = {
    "task.given_up": "A task is tried no more, and waits in /failed.",
    "task.late": "A task has not moved for long, and is still tried.",
    "task.done": "A late task is done.",
    "task.retried": "Somebody had a task tried anew.",
    "task.hurried": "Somebody had a late task tried at once.",
    "task.stopped": "Somebody gave a late task up.",
    "provider.down": "A provider does not answer, or refuses our key.",
    "provider.up": "It answers again.",
    "messages.hurried": "Somebody had late messages tried at once.",
    "messages.stopped": "Somebody gave late messages up.",
    "messages.sent_again": "Somebody had what was refused sent once more.",
    "messages.let_go": "Somebody misses what was refused no more.",
}
