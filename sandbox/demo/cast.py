"""The people of the demo, and how they came in."""

from sandbox.demo.providers import ALICE, BOB, CAROL
from sandbox.telegram.people import Person
from sandbox.telegram.server import TelegramStandIn


class Cast:
    """Alice, a client; Bob, an operator; Carol, the admin by configuration."""

    def __init__(self, telegram: TelegramStandIn) -> None:
        self.alice = telegram.person("Alice", id=ALICE)
        self.bob = telegram.person("Bob", id=BOB)
        self.carol = telegram.person("Carol", id=CAROL)

    async def settle_in(self) -> None:
        """Carol says hello and invites the others, who open their links."""
        await self.carol.says("/start")
        await self.carol.sees("Welcome, Carol")
        await self.invite(self.alice, "client")
        await self.invite(self.bob, "operator")

    async def invite(self, person: Person, role: str) -> None:
        """Carol makes an invitation, and the person opens its link."""
        mark = self.carol.mark()
        await self.carol.says(f"/invite {role}")
        card = await self.carol.sees("Invitation for", after=mark)
        await person.says(f"/start {card.text.partition('?start=')[2].split()[0]}")
        await person.sees("Welcome")
