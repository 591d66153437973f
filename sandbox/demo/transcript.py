"""The story as lines of text: who said and saw what, and when."""

import textwrap
import time
from collections.abc import Callable, Mapping

from bot.kernel.text.words import count
from sandbox.telegram.state import ChatEvent

SHOWN_LINES = 9
_VERBS = {"new": "sees", "file": "gets", "edit": "sees*"}


class Transcript:
    """Told to `say`, a line at a time. names: of the people, by their Telegram user ids.

    Of a message that was edited only its first line is told again, and what is new in it.
    """

    def __init__(self, say: Callable[[str], None], names: Mapping[int, str]) -> None:
        self._say = say
        self._names = names
        self._began = time.monotonic()
        self._told: dict[tuple[int, int], list[str]] = {}

    def chapter(self, title: str) -> None:
        """What comes now."""
        self._say(f"\n== {title}")

    def end(self, words: str) -> None:
        """The last line, with how long all took."""
        self._say(f"\n{words}, in {time.monotonic() - self._began:.1f} s.")

    def event(self, event: ChatEvent) -> None:
        """Something that happened in a chat."""
        text = self._news(event)
        for person_id in event.audience:
            who = self._names.get(person_id, str(person_id))
            if event.kind in _VERBS and event.message is not None:
                self.line(who, _VERBS[event.kind] if event.message.from_bot else "says", text)
            elif event.kind == "tap":
                self.line(who, "taps", f"[{event.detail.get('label', '')}]")
            elif event.kind == "toast" and event.detail.get("text"):
                self.line(who, "reads", f"({event.detail['text']})")

    def _news(self, event: ChatEvent) -> str:
        if event.message is None or event.kind not in _VERBS:
            return ""
        key = event.message.chat_id, event.message.id
        lines, before = _readable(event).splitlines(), self._told.get(key, [])
        self._told[key] = lines
        return "\n".join([*lines[:1], *(line for line in lines[1:] if line not in before)])

    def line(self, who: str, verb: str, text: str) -> None:
        """Somebody, or something, does this now."""
        head = f"{time.monotonic() - self._began:6.1f} s  {who:<7}{verb:<8}"
        wrapped = [part for line in text.splitlines() for part in textwrap.wrap(line, 90) or [""]]
        for index, line in enumerate(wrapped):
            self._say(f"{head if index == 0 else ' ' * len(head)}{line}")


def _readable(event: ChatEvent) -> str:
    assert event.message is not None
    text = event.message.text
    if event.message.file_id is not None:
        text += f"  <{event.message.body.get('document', {}).get('file_name', 'picture')}>"
    lines = text.splitlines()
    if len(lines) > SHOWN_LINES:
        lines = [*lines[:SHOWN_LINES], f"… {count(len(lines) - SHOWN_LINES, 'more line')}"]
    rows = ["".join(f"[{button['text']}] " for button in row).rstrip() for row in event.message.rows()]
    return "\n".join([*lines, *rows])
