"""What is said to have happened to the machinery."""

from collections.abc import Mapping

EVENTS: Mapping[str, str] = {
    "program.began": "Another version of the program began.",
    "job.paused": "Somebody paused a job, for a reason.",
    "job.resumed": "Somebody ended the pause of a job.",
}
