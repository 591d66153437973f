"""People of whom nobody knows what their buttons say: these are found by what they do."""

from collections.abc import Collection
from dataclasses import dataclass, field

from sandbox.telegram.people import Person
from sandbox.telegram.seen import Button, Seen
from tests.eventually import eventually

PATIENCE = 60.0  # several people try everything at once, perhaps on a busy machine


@dataclass
class Actor:
    """Somebody in front of their app. tapped: what they tapped so far."""

    person: Person
    tapped: set[str] = field(default_factory=set)

    async def asks(self, *texts: str, chat_id: int | None = None) -> None:
        """Write these, and wait until the last of them was answered: a chat's messages are answered in their order."""
        for text in texts:
            await self.person.says(text, chat_id)
        await self.has_read()

    async def has_read(self) -> None:
        """Wait until all that they wrote is answered: the last thing is who they are, which says their number."""
        mark = self.person.mark()
        await self.person.says("/whoami")
        await self.person.sees(str(self.person.id), after=mark, timeout=PATIENCE)

    async def taps(self, action: str, *, holds: str = "", part: str = "", but: Collection[str] = ()) -> Seen:
        """Tap the newest button that does this, once there is one, under a message that holds the words.

        part: of what it carries: of its version, or its choice. but: what buttons carried that are not meant.
        """
        found = await eventually(lambda: self._with(action, holds, part, but))
        message, button = found[-1]
        await self._tap(message, button)
        return message

    async def unfolds(self, wanted: str, *, holds: str) -> None:
        """Open the card that holds the words until it offers that: what a colleague does meanwhile folds it again."""

        async def offered() -> bool:
            if self._with(wanted, holds, "", ()):
                return True
            for message, button in self._with("card", holds, "more", ())[-1:]:
                await self._tap(message, button)
            return False

        await eventually(offered)

    def offered(self, action: str) -> set[str]:
        """What the buttons that do this carry by now."""
        return {button.target for _, button in self._with(action, "", "", ())}

    async def taps_all(self, *leave: str) -> None:
        """Tap whatever can be tapped, one button of each kind, and what comes of that, but for what is left alone."""
        while new := self._untried(leave):
            for message, button in new:
                await self._tap(message, button)
            await self.has_read()

    async def _tap(self, message: Seen, button: Button) -> None:
        self.tapped.add(_action(button))
        await self.person.taps_raw(button.target, message, timeout=PATIENCE)

    def _with(self, action: str, holds: str, part: str, but: Collection[str]) -> list[tuple[Seen, Button]]:
        return [
            (message, button)
            for message, button in self._buttons()
            if _action(button) == action and holds in message.text
            if f".{part}" in button.target and button.target not in but
        ]

    def _untried(self, leave: tuple[str, ...]) -> list[tuple[Seen, Button]]:
        """The newest button of each kind that was not tapped yet."""
        found = {_action(button): (message, button) for message, button in self._buttons()}
        return [pair for action, pair in found.items() if action not in {*self.tapped, *leave}]

    def _buttons(self) -> list[tuple[Seen, Button]]:
        return [
            (message, button)
            for message in self.person.messages()
            if message.from_bot
            for row in message.buttons
            for button in row
            if "://" not in button.target
        ]


def _action(button: Button) -> str:
    return button.target.partition(".")[0]
