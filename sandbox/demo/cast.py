"""The people of the demo, and how they came in."""

import re

from sandbox.demo.providers import ALICE, BOB, CAROL, ERIN
from sandbox.demo.words import Words
from sandbox.telegram.people import Person
from sandbox.telegram.seen import NotSeen, Seen
from sandbox.telegram.server import TelegramStandIn
from sandbox.telegram.state import Toast

_LINK = re.compile(r"\?start=([\w-]+)")


class Cast:
    """Alice, a client; Bob, an operator; Carol, the admin by configuration; Erin, another admin.

    Everybody's app speaks one language.
    """

    def __init__(self, telegram: TelegramStandIn, words: Words) -> None:
        self.words = words
        self.alice = telegram.person("Alice", id=ALICE, language_code=words.language)
        self.bob = telegram.person("Bob", id=BOB, language_code=words.language)
        self.carol = telegram.person("Carol", id=CAROL, language_code=words.language)
        self.erin = telegram.person("Erin", id=ERIN, language_code=words.language)
        for person in self.everybody:
            person.account.language_code = words.language  # also of those who were here before

    @property
    def everybody(self) -> tuple[Person, ...]:
        return self.alice, self.bob, self.carol, self.erin

    async def settle_in(self) -> None:
        """Carol says hello and invites the others, who open their links."""
        await self.carol.says("/start")
        await self.carol.sees(self.carol.account.first_name)
        await self.invite(self.alice, "client")
        await self.invite(self.bob, "operator")
        await self.invite(self.erin, "admin")

    async def come_back(self) -> None:
        """All of them have been here for long, and say hello."""
        for person in self.everybody:
            mark = person.mark()
            await person.says("/start")
            await person.sees(person.account.first_name, after=mark)

    async def link(self) -> str:
        """Carol asks for a link to sign in to the dashboard by."""
        mark = self.carol.mark()
        await self.carol.says("/dashboard")
        card = await self.carol.sees(self.words.shown("dashboard"), after=mark)
        return next(button.target for row in card.buttons for button in row if "://" in button.target)

    async def invite(self, person: Person, role: str) -> None:
        """Carol makes an invitation, and the person opens its link."""
        mark = self.carol.mark()
        await self.carol.says(f"/invite {role}")
        card = await self.carol.sees(_LINK, after=mark)
        await person.says(f"/start {_LINK.findall(card.text)[0]}")
        await person.sees(self.words.shown("welcome", name=person.account.first_name))


async def tap(person: Person, action: str, card: Seen) -> Toast:
    """Tap the button of a message that does this, whatever it says in the person's language."""
    for button in (button for row in card.buttons for button in row):
        if button.target.partition(".")[0] == action:
            return await person.taps(button, card)
    raise NotSeen(f"{person.account.first_name}: no button does {action!r} under this:\n{card.text}")
