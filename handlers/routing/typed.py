"""Commands as people type them: with a capital that the keyboard put in, or behind a letter that cannot be seen."""

import re
from typing import NamedTuple

# White space, and what has no width: joiners, marks of direction, the mark that begins some files.
_BLANK = r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
_BLANK += r"\ufe00-\ufe0f\ufeff\uffa0]"
_COMMAND = re.compile(rf"{_BLANK}*/([a-zA-Z]+)(?:_(\w+))?(?:@(\w+))?(?:{_BLANK}+(.*))?$", re.DOTALL)


class Typed(NamedTuple):
    """A command: /name_subject@addressed rest. Only the rest is as it was written, all else is in small letters."""

    name: str
    subject: str
    addressed: str
    rest: str


def command_in(text: str) -> Typed | None:
    """The command that a message begins with; None where it begins with none."""
    match = _COMMAND.match(text)
    if match is None:
        return None
    name, subject, addressed, rest = (group or "" for group in match.groups())
    return Typed(name.lower(), subject.lower(), addressed.lower(), rest.strip())
