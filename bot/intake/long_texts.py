"""A text that a person wrote as one and Telegram's apps sent as several messages: told from others, put together again.

Apps cut what is over LONGEST, and take the white space at the cut away. Android cuts at white space within the last
LOOKED_BACK, else right there; iOS after the last line break or full stop; the desktop at the best place of the second
half: a paragraph's end, a line's, a sentence's, a word's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.kernel.text.fitting import units

LONGEST = 4_096  # UTF-16 code units: https://core.telegram.org/bots/api#sendmessage
LOOKED_BACK = 300
# The desktop looks for a paragraph's end back to the middle, so a part may be hardly over half of LONGEST.
SHORTEST = 2_000
# But no app cuts where both sides would have fitted into one message. Older ones for iOS cut at 4,000, and the white
# space at the cut is gone. So half a message with a word of thanks after it is not one text.
TOGETHER = 4_000
WITHIN = timedelta(seconds=5)  # by Telegram's dates, which are whole seconds; apps send one part right after the other


@dataclass(frozen=True, slots=True)
class Part:
    """A message that is, or may become, a part of a longer text: a row of `text_parts`.

    source_key: names the whole by its first message. separator: what stands between the part before and this one.
    brief_id: the brief whose words or draft the text took the place of. taken: something was done with the text so far.
    """

    chat_id: int
    message_id: int
    source_key: str
    text: str
    sent_at: datetime
    forwarded_from: str = ""
    separator: str = ""
    brief_id: int | None = None
    taken: bool = False


def may_go_on(text: str) -> bool:
    """Whether a message is long enough for an app to have cut it off."""
    return units(text) >= SHORTEST


def follows(before: Part, after: Part) -> bool:
    """Whether `after`, the person's next message in the chat, goes on with the text of `before`."""
    return (
        before.message_id < after.message_id
        and before.forwarded_from == after.forwarded_from
        and timedelta() <= after.sent_at - before.sent_at <= WITHIN
        and may_go_on(before.text)
        and units(before.text) + units(after.text) >= TOGETHER
    )


def separator(before: str, after: str) -> str:
    """What to put between two parts, so that no words are glued together and none is broken."""
    if before[-1:].isspace() or after[:1].isspace():
        return ""
    uncut = units(before) == LONGEST and not any(character.isspace() for character in before[-LOOKED_BACK:])
    return "" if uncut else "\n"


def joined(parts: Sequence[Part]) -> str:
    """The text as it was written, but for a line break where an app cut at other white space."""
    return "".join(part.separator + part.text for part in parts)
