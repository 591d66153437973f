"""An update that comes once more after a crash: what it said to the team, or to a client, is not said again."""

import pytest

from bot.remarks.kinds import told_apart
from bot.remarks.model import Meant, Sent
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


@pytest.mark.parametrize("kept", [False, True], ids=["after all was done", "between the two writes"])
async def test_complained_once(stand_ins: Providers, database_url: str, kept: bool) -> None:
    """A complaint in plain words that comes once more is one message of one thread, wherever the crash was."""
    async with desk(stand_ins, database_url) as home:
        await home.says(home.alice, "/start")
        await home.alice.says("I want my money back, the text is useless")
        [update] = map(read, await home.app.telegram.get_updates(home.offset))
        alice, bob = await home.person(home.alice), await home.person(home.bob)
        if kept:
            sent = Sent(update.chat_id, 0, update.source_key, update.text)
            await home.app.services.remarks.keep(alice, sent, told_apart(update.text), Meant())
        for _ in range(2):
            answer = await home.dispatcher.answer(update)
            assert answer is not None
            assert answer.outcome == "done"
        view = await home.app.services.support.threads.get(bob, 1001)
        assert [message.text for message in view.messages] == [update.text]
        assert (await home.app.services.support.team.waiting(bob)).count == 1
