"""An album whose files come one by one, for the team or from it: a later file goes where the first one went."""

from dataclasses import replace

import pytest

from handlers.routing.update import Update, read
from sandbox.telegram.people import Person
from tests.desk import Desk, desk
from tests.house import Providers

FILES = tuple((f"{name}.txt", name.encode(), "text/plain") for name in ("first", "second", "third"))
WORDS = "Here is what you asked for."


async def album(home: Desk, who: Person, caption: str | None = None) -> list[Update]:
    """The updates of an album of three files, each with the keys of those that have come by then."""
    await who.sends_album(*FILES, caption=caption)
    came = await home.app.telegram.get_updates(home.offset)
    home.offset = came[-1]["update_id"] + 1
    updates = [read(update) for update in came]
    keys = [update.source_key for update in updates]
    return [replace(update, album_keys=tuple(keys[: n + 1])) for n, update in enumerate(updates)]


async def said(home: Desk) -> list[tuple[str, str, bool]]:
    """The thread's messages: words, file, and whether the team wrote them."""
    view = await home.app.services.support.threads.get(await home.person(home.carol), 1001)
    return [(one.text, one.file.name if one.file else "", one.from_team) for one in view.messages]


async def asked(home: Desk, step: str) -> Person:
    """Whoever is asked for what goes to the other side, at that step."""
    alice = await home.person(home.alice)
    data = {"client": alice.id, "name": alice.name, "thread": 1001, "seen": 1, "about": "", "number": 0}
    if step == "support.answer":
        await home.says(home.alice, "/support Which logo do you want?")
    who = home.alice if step == "support.write" else home.bob
    await home.ask(who, step, data)
    return who


@pytest.mark.parametrize("step", ["support.letter", "support.answer", "support.write"])
async def test_one_by_one(stand_ins: Providers, database_url: str, step: str) -> None:
    """Files that come after the first one was sent, and after another question was asked, are sent after it, once, and
    answer nothing else.
    """
    async with desk(stand_ins, database_url) as home:
        who = await asked(home, step)
        first, *later = await album(home, who, WORDS)
        answer = await home.dispatcher.answer(first)
        assert answer is not None
        assert answer.card is not None
        await home.ask(who, "review.edit", {"brief": 1, "version": 1})
        for update in (*later, *later):
            answer = await home.dispatcher.answer(update)
            assert answer is not None
            assert answer.card is not None
            assert answer.card.text == ""
        from_team = step != "support.write"
        expected = [(WORDS, "first.txt", from_team), ("", "second.txt", from_team), ("", "third.txt", from_team)]
        assert (await said(home))[-3:] == expected
        assert await home.waits(who) is not None


@pytest.mark.parametrize("step", ["support.letter", "support.write"])
async def test_words_that_come_late(stand_ins: Providers, database_url: str, step: str) -> None:
    """Words that stand under a later file go with it, where the first went on without; and not again with the next."""
    async with desk(stand_ins, database_url) as home:
        who = await asked(home, step)
        first, second, third = await album(home, who)
        for update in (first, replace(second, text=WORDS), replace(third, text=WORDS)):
            await home.dispatcher.answer(update)
        assert [words for words, _, _ in await said(home)] == ["", WORDS, ""]


async def test_an_answer_that_waits(stand_ins: Providers, database_url: str) -> None:
    """What the client wrote between two files of an album waits on, and can be answered by the card as it stands."""
    async with desk(stand_ins, database_url) as home:
        who = await asked(home, "support.letter")
        first, second, _third = await album(home, who, WORDS)
        await home.dispatcher.answer(first)
        await home.says(home.alice, "/support Thank you!")
        await home.dispatcher.answer(second)
        card = next(card for card in reversed(await home.told(home.bob.id)) if "Waits for an answer" in card.text)
        answer = await home.taps(home.bob, "Answer", card)
        assert answer.outcome == "done"
