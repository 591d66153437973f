"""Files made to hurt, sent by chat: who sent one reads why, operators hear of it, and everybody else goes on."""

import asyncio

import pytest
from sqlalchemy import select

from storage.tables.briefs import readings
from tests.bombs import EXCEL, Bomb
from tests.bot.adapters.documents.test_documents import xlsx_file
from tests.house import House, Providers, house

SLOW: Bomb = next(bomb for bomb in EXCEL if bomb.name == "far.xlsx")


async def test_a_third_file_is_read_meanwhile(stand_ins: Providers, database_url: str) -> None:
    """While two files that never end are read, a third person's file is read within the limits of those two."""
    async with house(stand_ins, database_url, reading_seconds=1) as home:
        await home.staff()
        await home.invite(home.eve, "client")
        bomb = SLOW.make()
        for person in (home.alice, home.bob):
            await person.sends_file("stock.xlsx", bomb + bytes(person.id), caption="Write a page about it.")
        await home.eve.sends_file("mine.xlsx", xlsx_file(Stock=[["Lamp", 12]]), caption="Write a page about it.")
        async with asyncio.timeout(10):
            await home.eve.sees("Read: mine.xlsx, 1 sheet")
            await home.alice.sees("stock.xlsx takes too long to read")


async def test_who_hears_of_it(stand_ins: Providers, database_url: str) -> None:
    """Its sender reads why and what to do, operators who sent it; sent a third time it is not opened any more."""
    async with house(stand_ins, database_url, reading_seconds=0.5) as home:
        await home.staff()
        bomb = SLOW.make()
        for _ in range(2):
            mark = home.alice.mark()
            await home.alice.sends_file("stock.xlsx", bomb, caption="Write a page about it.")
            told = await home.alice.sees("takes too long to read", after=mark)
            assert told.text.endswith("Nothing was started and nothing is charged.")
        heard = await home.bob.sees("File from Alice · Could not be read")
        assert "stock.xlsx" in heard.text
        await home.alice.sends_file("stock.xlsx", bomb, caption="Write a page about it.")
        await home.alice.sees("stock.xlsx could not be read: I tried 2 times")
        await home.bob.sees("reading it broke off 2 times")


async def test_a_file_that_can_be_read_is_not_counted(stand_ins: Providers, database_url: str) -> None:
    """Neither a file that was read nor one that was refused in order leaves a count."""
    async with house(stand_ins, database_url) as home:
        await home.staff()
        await home.alice.sends_file("stock.xlsx", xlsx_file(Stock=[["Lamp", 12]]), caption="Write a page about it.")
        await home.alice.sees("Read: stock.xlsx")
        await home.alice.sends_file("broken.xlsx", b"PK\x03\x04 no workbook", caption="Write a page about it.")
        await home.alice.sees("broken.xlsx is broken")
        async with home.running.app.services.database.reading() as connection:
            assert (await connection.execute(select(readings.c.tries))).all() == []


@pytest.mark.both_databases
async def test_a_stop_is_no_try(stand_ins: Providers, database_url: str) -> None:
    """However often the program is stopped while a file is read, the next start reads it to its end."""
    async with house(stand_ins, database_url, reading_seconds=60) as home:
        await home.staff()
        await home.alice.sends_file("stock.xlsx", SLOW.make(), caption="Write a page about it.")
        await _being_read(home)
    for _ in range(2):
        async with house(stand_ins, database_url, reading_seconds=60) as home:
            await _being_read(home)
    async with house(stand_ins, database_url, reading_seconds=0.3) as home:
        await home.alice.sees("stock.xlsx takes too long to read")


async def _being_read(home: House) -> None:
    """Wait until a try was counted, which is before it begins."""
    async with asyncio.timeout(20):
        while True:
            async with home.running.app.services.database.reading() as connection:
                if (await connection.execute(select(readings.c.tries))).all():
                    return
            await home.running.app.services.database.signals.wait("none", 0.02)
