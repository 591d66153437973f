"""An update that comes once more after a crash: what it said to the team, or to a client, is not said again."""

from handlers.routing.update import read
from tests.desk import desk
from tests.house import Providers


async def test_said_once(stand_ins: Providers, database_url: str) -> None:
    """A message that was sent, and whose question has ended, is answered as before and becomes no brief."""
    async with desk(stand_ins, database_url) as home:
        await home.says(home.alice, "/support")
        await home.alice.says("Which of the two logos?")
        [update] = await home.app.telegram.get_updates(home.offset)
        cards = [await home.dispatcher.answer(read(update)) for _ in range(2)]
        assert [one.card.text.splitlines()[0] for one in cards if one and one.card] == ["<b>Sent to the team</b>"] * 2
        bob = await home.person(home.bob)
        view = await home.app.services.support.threads.get(bob, 1001)
        assert [message.text for message in view.messages] == ["Which of the two logos?"]
