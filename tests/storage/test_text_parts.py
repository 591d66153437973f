"""Messages that are parts of longer texts."""

from datetime import timedelta

from bot.access.model import Person, Role
from bot.intake.long_texts import Part
from storage.briefs import text_parts
from storage.engine.database import Database, Transaction
from storage.people import people


async def test_parts_are_forgotten(database: Database) -> None:
    """What came before a time is forgotten, and nothing else; the same message twice is one part."""
    now = database.clock.now()

    async def keep(tx: Transaction) -> Person:
        who = await people.enroll(tx, "main", 1001, "Alice", Role.CLIENT, "en")
        for number in (1, 2, 2):
            await text_parts.add(tx, who, Part(1001, number, "telegram:1001:1", "x", now))
        return who

    async def left(who: Person) -> list[int]:
        async with database.reading() as connection:
            return [part.message_id for part in await text_parts.of_text(connection, who, "telegram:1001:1")]

    who = await database.write(keep)
    assert await database.write(lambda tx: text_parts.forget(tx, now - timedelta(days=1))) == 0
    assert await left(who) == [1, 2]
    assert await database.write(lambda tx: text_parts.forget(tx, now + timedelta(days=1))) == 2
    assert await left(who) == []
