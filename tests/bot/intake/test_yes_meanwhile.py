"""A yes between the reading of a quote and the writing of what belongs to it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, TypeVar

import pytest

from bot.access.model import Person
from bot.briefs.material import SentFile, Submission
from bot.briefs.model import Brief, State
from bot.intake.long_texts import Part
from bot.kernel.errors import Stale
from bot.kernel.task_type import TaskType
from bot.remarks.kinds import About, Purpose
from bot.remarks.model import Meant, Sent
from storage.briefs import attachments, briefs
from storage.engine.database import Transaction
from tests.desk import Desk, desk
from tests.house import BRIEF, Providers
from tests.meanwhile import meanwhile

pytestmark = pytest.mark.both_databases
T = TypeVar("T")
PICTURE = SentFile("f-lamp", "lamp.png", 1_000, "image/png", "image")
LATER = SentFile("f-tent", "tent.png", 1_000, "image/png", "image")


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url) as found:
        yield found


async def quoted(here: Desk) -> tuple[Person, Brief]:
    """Alice, and a quote of hers with a picture."""
    alice = await here.person(here.alice)
    services = here.app.services
    await services.intake.materials.attach(alice, "test:first", PICTURE)
    handed = Submission(BRIEF, TaskType.DRAFTING, files=("test:first",))
    return alice, await services.intake.briefs.submit(alice, here.alice.id, "test:quote", handed)


async def yes_between(here: Desk, quote: Brief, writing: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What comes of the writing where the yes was said before it; on PostgreSQL it is not written down by then."""
    database = here.app.services.database

    async def say_yes(tx: Transaction) -> None:
        held = await briefs.get(tx.connection, quote.tenant, quote.id, lock=True)
        assert (await briefs.move(tx, held, State.QUEUED)).id == 1001

    async def with_both(tx: Transaction) -> asyncio.Task[T]:
        await say_yes(tx)
        return await meanwhile(database, writing())

    if not database.sqlite:
        return await (await database.write(with_both))
    await database.write(say_yes)
    return await writing()


async def names(here: Desk, brief_id: int) -> list[str]:
    async with here.app.services.database.reading() as connection:
        return [one.name for one in await attachments.of_brief(connection, "main", brief_id)]


async def test_a_later_file(here: Desk) -> None:
    """A file of the same album is refused in words that name the brief, which keeps what it had."""
    alice, quote = await quoted(here)
    quotes = here.app.services.intake.quotes
    file = await here.app.services.intake.materials.attach(alice, "test:later", LATER)
    with pytest.raises(Stale, match=r"Brief 1001 is .* so it stays as it is"):
        await yes_between(here, quote, lambda: quotes.add_file(alice, quote.id, file))
    assert await names(here, 1001) == ["lamp.png"]


async def test_another_file_in_its_place(here: Desk) -> None:
    """A file that was put into the message in place of the first one is refused in words that name the brief."""
    alice, quote = await quoted(here)
    quotes = here.app.services.intake.quotes
    [kept] = await quotes.attached(quote)
    with pytest.raises(Stale, match=r"Brief 1001 is .* so it stays as it is"):
        await yes_between(here, quote, lambda: quotes.replace_file(alice, quote.id, kept, LATER, None))
    assert await names(here, 1001) == ["lamp.png"]


async def test_the_same_once_more(here: Desk) -> None:
    """Another quote of the same has the same files, whether the first one has its number or not."""
    alice, quote = await quoted(here)
    quotes = here.app.services.intake.quotes
    again = await yes_between(here, quote, lambda: quotes.again(alice, quote.id, "test:again"))
    assert await names(here, again.id) == await names(here, 1001) == ["lamp.png"]


async def test_words_about_it(here: Desk) -> None:
    """A message that was found to be about the quote is kept as one about the brief."""
    alice, quote = await quoted(here)
    sent, about = Sent(here.alice.id, 0, "test:words", "When is it ready?"), About(Purpose.QUESTION)
    remarks = here.app.services.remarks
    kept = await yes_between(here, quote, lambda: remarks.keep(alice, sent, about, Meant(quote)))
    assert kept.brief_id == 1001


async def test_words_to_the_team(here: Desk) -> None:
    """What she writes to the team about the quote stands in the brief's one thread."""
    alice, quote = await quoted(here)
    threads = here.app.services.support.threads
    thread = await yes_between(here, quote, lambda: threads.open(alice, "Is blue possible?", brief_id=quote.id))
    assert thread.subject == "brief:1001"
    assert (await threads.open(alice, "Or green?", brief_id=1001)).id == thread.id


async def test_a_long_text_in_its_place(here: Desk) -> None:
    """A text in parts that took the place of the quote's words belongs to the brief, so that its rest is found."""
    alice, quote = await quoted(here)
    texts = here.app.services.intake.texts
    part = Part(here.alice.id, 7, "test:text", "a" * 3_000, quote.created_at)
    await texts.gather(alice, part, rest=False, followed=False)
    await yes_between(here, quote, lambda: texts.bind(alice, "test:text", quote))
    [bound] = await texts.reword(alice, here.alice.id, 7, "b" * 3_000)
    assert bound.brief_id == 1001
