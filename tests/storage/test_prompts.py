"""Prompts' rows: entered once, one in use, and heard of in every process."""

import asyncio
from dataclasses import replace

from bot.access.model import Person, Role
from bot.drafting import prompts as drafting
from bot.kernel.errors import Stale
from bot.prompts.model import Version
from bot.prompts.service import Prompts
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.quality import prompts
from tests.storage.conftest import opened

TEMPLATE = drafting.TEMPLATE


async def admin(database: Database) -> Person:
    return await database.write(lambda tx: people.enroll(tx, "main", 1003, "Carol", Role.ADMIN, "en"))


async def in_use(database: Database) -> list[tuple[str, int, str]]:
    async with database.reading() as connection:
        return [(v.name, v.version, v.system) for v in await prompts.active(connection, "main")]


async def test_entered_once(database: Database) -> None:
    """However many processes start, and however often, the texts that come with the program are there once."""
    await asyncio.gather(*(Prompts(database, [TEMPLATE]).ship("main") for _ in range(4)))
    await Prompts(database, [TEMPLATE]).ship("main")
    assert await in_use(database) == [("draft/1", 1, TEMPLATE.system)]
    async with database.reading() as connection:
        assert await prompts.numbered(connection, "main", "draft", "", 2) is None


async def test_a_newer_program(database: Database) -> None:
    """A newer program's text replaces the older program's, and leaves alone what a person chose."""
    carol = await admin(database)
    newer = replace(TEMPLATE, system=f"{TEMPLATE.system}\nNewer.")
    newest = replace(TEMPLATE, system=f"{TEMPLATE.system}\nNewest.")
    await Prompts(database, [TEMPLATE]).ship("main")
    registry = Prompts(database, [newer])
    await registry.ship("main")
    assert await in_use(database) == [("draft/2", 2, newer.system)]
    own = await registry.add(carol, "draft", "", f"{TEMPLATE.system}\nOurs.", "ours")
    await registry.use(carol, own.id, 2)
    await Prompts(database, [newest]).ship("main")
    assert await in_use(database) == [("draft/3", 3, own.system)]


async def test_without_rows(database: Database) -> None:
    """Where a tenant has no rows, the text in the code serves, and says so by having no row's id."""
    wording = await Prompts(database, [TEMPLATE]).wording("elsewhere", "draft", "Research")
    assert wording == TEMPLATE.shipped


async def test_one_in_use(database: Database) -> None:
    """Of versions that are put in use at once, one wins and the others are told so."""
    carol = await admin(database)
    registry = Prompts(database, [TEMPLATE])
    await registry.ship("main")
    versions = [await registry.add(carol, "draft", "", f"{TEMPLATE.system}\n{n}", "n") for n in range(5)]

    async def use(version: Version) -> bool:
        try:
            await registry.use(carol, version.id, 1)
        except Stale:
            return False
        return True

    won = await asyncio.gather(*(use(version) for version in versions))
    assert sum(won) == 1
    winner = versions[won.index(True)]
    assert await in_use(database) == [(winner.name, winner.version, winner.system)]


async def test_numbers_of_versions_written_at_once(database: Database) -> None:
    """Versions that are written at the same time have numbers of their own; the same text twice is one version."""
    carol = await admin(database)
    registry = Prompts(database, [TEMPLATE])
    texts = [f"{TEMPLATE.system}\n{n}" for n in range(5)]
    made = await asyncio.gather(*(registry.add(carol, "draft", "", text, "n") for text in texts))
    assert sorted(version.version for version in made) == [1, 2, 3, 4, 5]
    assert await registry.add(carol, "draft", "", texts[0], "again") == made[0]


async def test_the_next_call_has_the_new_text(database: Database) -> None:
    """Once a version is in use, the next call is made with it, although the one before is remembered."""
    carol = await admin(database)
    registry = Prompts(database, [TEMPLATE])
    await registry.ship("main")
    assert (await registry.wording("main", "draft", "Other")).name == "draft/1"
    own = await registry.add(carol, "draft", "Other", f"{TEMPLATE.system}\nOurs.", "ours")
    assert (await registry.wording("main", "draft", "Other")).name == "draft/1"
    await registry.use(carol, own.id, 0)
    assert (await registry.wording("main", "draft", "Other")).name == "draft/Other/1"
    assert (await registry.wording("main", "draft", "Research")).name == "draft/1"


async def test_another_process_hears_of_it(postgresql: Database) -> None:
    """On PostgreSQL a version that one process puts in use serves the next call of another within a moment."""
    carol = await admin(postgresql)
    async with opened(postgresql.url.render_as_string(hide_password=False)) as other:
        here, there = Prompts(postgresql, [TEMPLATE]), Prompts(other, [TEMPLATE])
        await here.ship("main")
        await other.signals.wait(prompts.SIGNAL, 10)
        assert (await there.wording("main", "draft", "Other")).name == "draft/1"
        own = await here.add(carol, "draft", "", f"{TEMPLATE.system}\nOurs.", "ours")
        await here.use(carol, own.id, 1)
        assert await other.signals.wait(prompts.SIGNAL, 10)
        assert (await there.wording("main", "draft", "Other")).name == "draft/2"


async def test_rows_of_another_tenant(database: Database) -> None:
    """A tenant's versions serve nobody else."""

    row = {"tenant": "elsewhere", "purpose": "draft", "task_type": "", "version": 1, "system": "Theirs."}

    async def work(tx: Transaction) -> None:
        theirs = await prompts.add(tx, row | {"changelog": "theirs", "author_id": None})
        assert theirs is not None
        await prompts.put_in_use(tx, theirs)

    registry = Prompts(database, [TEMPLATE])
    await database.write(work)
    assert (await registry.wording("main", "draft", "Other")).name == TEMPLATE.shipped.name
    assert (await registry.wording("elsewhere", "draft", "Other")).system == "Theirs."
