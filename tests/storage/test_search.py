"""The search index: scopes, upkeep, and the plan by which the database asks it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from bot.kernel.clock import SystemClock
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.migrations.migrate import migrate
from storage.search import search
from storage.search.terms import beginning_with
from storage.tables.briefs import briefs
from storage.tables.people import people

MANY = 20_000
PERSON = {"telegram_id": 1, "name": "Alice", "role": "client", "language": "en"}

INVOICE_OF_BEFORE = (
    "INSERT INTO invoices (tenant, brief_id, client_id, amount_minor, currency, state, number, created_at)"
    " VALUES ('main', :brief, :client, 1, 'USD', 'paid', 'INV-77', 1)"
)


async def filled(database: Database, tenant: str = "main", telegram_id: int = 1, count: int = 1) -> int:
    """A client with so many briefs about lamps; returns their id."""

    async def work(tx: Transaction) -> int:
        row = PERSON | {"tenant": tenant, "telegram_id": telegram_id, "created_at": tx.now}
        client = int((await tx.run(people.insert().values(row).returning(people.c.id))).scalar_one())
        brief = {"tenant": tenant, "client_id": client, "chat_id": 1, "task_type": "Drafting", "title": "Lamp"}
        brief |= {"state": "paid", "qa_target": 80, "language": "", "price_minor": 1, "currency": "USD"}
        brief |= {"created_at": tx.now, "updated_at": tx.now}
        for start in range(0, count, 1_000):
            rows = [
                brief | {"source_key": f"{telegram_id}:{n}", "text": f"A solar lamp, number x{n}."}
                for n in range(start, min(count, start + 1_000))
            ]
            await tx.run(briefs.insert(), rows)
        return client

    return await database.write(work)


async def found(database: Database, tenant: str, words: list[str], client_id: int | None = None) -> list[int]:
    return await database.snapshot(lambda c: search.find(c, tenant, search.BRIEF, words, Page(), client_id))


async def test_tenants_and_clients_apart(database: Database) -> None:
    """Neither another tenant nor another client finds a brief, even by the very words of its scope."""
    first = await filled(database)
    second = await filled(database, "other", 2)
    third = await filled(database, "main", 3)
    assert await found(database, "main", ["lamp"]) == [1003, 1001]
    assert await found(database, "other", ["lamp"]) == [1002]
    assert await found(database, "main", ["lamp"], first) == [1001]
    assert await found(database, "main", ["lamp"], second) == []
    assert await found(database, "main", ["lamp"], third) == [1003]
    for word in (f"t6d61696ek0c{first}", "k0", "0", "main", "t6d61696ek0", str(first)):
        assert await found(database, "other", [word]) == []
    assert await found(database, "mai", ["lamp"]) == []


@pytest.mark.parametrize("written", ["78E0617A-0001", "02e0d805", "1e5e6a", "12e5"])
async def test_numbers_with_an_e(database: Database, written: str) -> None:
    """Numbers of invoices that begin like one in scientific notation are found, by their beginnings too."""
    await filled(database, count=2)
    await database.write(lambda tx: _rewritten(tx, [f"About {written} now."]))
    word = search.words_of(written)[0]
    for beginning in (word[:size] for size in range(2, len(word) + 1)):
        assert await found(database, "main", [beginning]) == [1001], beginning
    assert await found(database, "main", search.words_of(written)) == [1001]


async def test_the_beginning_of_a_common_word(sqlite: Database) -> None:
    """SQLite is asked for all words that begin so where they are few, and finds what the beginning alone finds."""
    database = sqlite
    await filled(database, count=40)
    words = ["A lampshade.", "Lámparas.", "Lamplight, lamplighter.", "نظام شمسی", "Straße"]
    await database.write(lambda tx: _rewritten(tx, words))
    await filled(database, "other", 2)
    for word in ("lamps", "lampa", "lámpa", "lampl", "solar", "نظام", "straß", "straße", "numbe", "lamper"):

        async def both(connection: Connection, word: str = word) -> tuple[list[int], list[int]]:
            plain = search.sqlite_query("main", search.BRIEF, [word])
            values = {"kind": search.BRIEF, "query": plain, "limit": 10}
            ids = (await connection.execute(search.SQLITE["newest"], values)).scalars()
            return await search.find(connection, "main", search.BRIEF, [word], Page()), list(ids)

        named, gathered = await database.snapshot(both)
        assert named == gathered, word
        assert bool(named) is (word != "lamper")
    terms = await named_terms(database, ["lampl", "solar", "lámpa", "numbe", "lamper"])
    assert terms == {"lampl": ["lamplight", "lamplighter"], "solar": ["solar"], "numbe": ["number"], "lamper": []}


async def test_many_words_that_begin_alike(sqlite: Database) -> None:
    """Where more words than a few begin alike, no look into the index goes past the first of them."""
    await filled(sqlite, count=50)
    await sqlite.write(lambda tx: _rewritten(tx, [f"number{n}" for n in range(40)]))
    assert await named_terms(sqlite, ["number"]) == {}
    assert await found(sqlite, "main", ["number"]) == list(range(1050, 1040, -1))


@contextmanager
def asked() -> Iterator[list[str]]:
    """The statements that are run meanwhile."""
    found: list[str] = []

    def seen(_: Any, __: Any, statement: str, *___: Any) -> None:
        found.append(statement)

    event.listen(Engine, "before_cursor_execute", seen)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", seen)


@pytest.mark.parametrize(
    ("word", "statements"), [("solar", 1), ("numbered", 1), ("zeppelins", 1), ("x1999", 1), ("lampshades", 3)]
)
async def test_how_often_the_index_is_asked(sqlite: Database, word: str, statements: int) -> None:
    """A beginning that is in the index is asked for at once, one that nothing has is looked for once; the list of all
    words, in which a look may pass all entries of the word before, is asked only for the others.
    """
    await filled(sqlite, count=2)
    await sqlite.write(lambda tx: _rewritten(tx, ["A lampshade, lampshades."]))
    with asked() as seen:
        await found(sqlite, "main", [word])
    of_words = [statement for statement in seen if "search" in statement]
    assert len(of_words) == statements
    assert any("search_terms" in statement for statement in of_words) is (statements > 1)


@pytest.mark.parametrize("first", [1, 3, 32])
async def test_pages_among_the_first(sqlite: Database, monkeypatch: pytest.MonkeyPatch, first: int) -> None:
    """Whether or not a page shows among the first entries of everybody, it is the same page, in either direction."""
    monkeypatch.setattr(search, "FIRST", first)
    mine = await filled(sqlite, count=6)
    await filled(sqlite, "other", 2, count=6)
    theirs = await filled(sqlite, "main", 3, count=2)

    async def page(which: Page, client_id: int | None) -> list[int]:
        return await sqlite.snapshot(lambda c: search.find(c, "main", search.BRIEF, ["lamp"], which, client_id))

    assert await page(Page(limit=4), None) == [1014, 1013, 1006, 1005]
    assert await page(Page(before=1005, limit=4), None) == [1004, 1003, 1002, 1001]
    assert await page(Page(after=1004, limit=3), None) == [1013, 1006, 1005]
    assert await page(Page(limit=3), mine) == [1006, 1005, 1004]
    assert await page(Page(after=1002, limit=2), mine) == [1004, 1003]
    assert await page(Page(), theirs) == [1014, 1013]


async def test_a_rare_word_is_looked_up_once(sqlite: Database) -> None:
    """Of a word that few have, the rows say whose they are; the entries of a tenant, as many as rows, are not met."""
    await filled(sqlite, count=40)
    for word, times in (("x7", 1), ("lamp", 1)):
        with asked() as seen:
            assert await found(sqlite, "main", [word])
        assert len([statement for statement in seen if "MATCH" in statement]) == times
        assert "LEFT JOIN briefs" in seen[-1]


async def named_terms(database: Database, words: list[str]) -> Mapping[str, Sequence[str]]:
    return await database.snapshot(lambda c: beginning_with(c, search.SQLITE_TERMS[search.BRIEF], words))


async def _rewritten(tx: Transaction, texts: list[str]) -> None:
    for number, words in enumerate(texts, start=1001):
        await tx.run(briefs.update().where(briefs.c.id == number).values(text=words))


async def test_upkeep(database: Database) -> None:
    """An entry follows its brief's words, goes with the brief, and is left alone by its states."""
    await filled(database)
    await database.write(lambda tx: tx.run(briefs.update().values(text="A courier bag.")))
    assert await found(database, "main", ["courier"]) == [1001]
    assert await found(database, "main", ["solar"]) == []
    await database.write(lambda tx: tx.run(briefs.update().values(state="failed", version=2)))
    assert await found(database, "main", ["cour", "bag"]) == [1001]
    await database.write(lambda tx: tx.run(briefs.delete()))
    assert await found(database, "main", ["courier"]) == []


@pytest.mark.new_database
async def test_the_plan_uses_the_index(database: Database) -> None:
    """The database asks its full-text index; in SQLite also for the order, in PostgreSQL where matches are few."""
    client = await filled(database, count=MANY)
    for words in (["x77"], ["lamp", "x1999"]):
        to_query = search.sqlite_query if database.sqlite else search.postgresql_query
        statement = (search.SQLITE if database.sqlite else search.POSTGRESQL)["newest"].text
        plan = await explained(database, statement, to_query("main", search.BRIEF, words, client))
        if database.sqlite:
            assert re.search(r"SCAN search VIRTUAL TABLE INDEX \d+:M", plan)  # M: by a MATCH
            assert "TEMP B-TREE" not in plan
        else:
            assert "Bitmap Index Scan on ix_search_words" in plan


@pytest.mark.new_database
async def test_a_common_word(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that very many briefs have give the same page, by the order of ids."""
    await filled(database, count=50)
    rare = await found(database, "main", ["sol"])
    monkeypatch.setattr(search, "COMMON", 50)
    assert await found(database, "main", ["sol"]) == rare == list(range(1050, 1040, -1))
    if not database.sqlite:
        query = search.postgresql_query("main", search.BRIEF, ["sol"])
        plan = await explained(database, search.POSTGRESQL_COMMON["newest"].text, query)
        assert "Index Scan Backward using pk_search" in plan


async def explained(database: Database, statement: str, query: str) -> str:
    """The plan of a search; a small table is not read as a whole, as a large one would not be."""
    explain = text(f"EXPLAIN {'QUERY PLAN ' if database.sqlite else ''}{statement}")
    values = {"query": query, "limit": 11} | ({"kind": search.BRIEF} if ":kind" in statement else {})

    async def work(tx: Transaction) -> str:
        if not database.sqlite:
            await tx.run(text("ANALYZE search"))
            await tx.run(text("SET LOCAL enable_seqscan = off"))
        return "\n".join(str(tuple(row)) for row in await tx.run(explain, values))

    return await database.write(work)


async def test_words_of_before(new_sqlite_url: str) -> None:
    """Clients and invoices that were there before each kind had a word list of its own are found, and go from it."""
    database = Database(new_sqlite_url, SystemClock())

    async def work(tx: Transaction) -> None:
        row = PERSON | {"tenant": "main", "created_at": tx.now}
        client = int((await tx.run(people.insert().values(row).returning(people.c.id))).scalar_one())
        brief = {"tenant": "main", "client_id": client, "chat_id": 1, "task_type": "Drafting", "title": "Lamp"}
        brief |= {"state": "paid", "qa_target": 80, "language": "", "price_minor": 1, "currency": "USD"}
        brief |= {"source_key": "1", "text": "A lamp.", "created_at": tx.now, "updated_at": tx.now}
        number = (await tx.run(briefs.insert().values(brief).returning(briefs.c.id))).scalar_one()
        await tx.run(text(INVOICE_OF_BEFORE), {"brief": number, "client": client})

    async def kinds(word: str) -> list[bool]:
        async with database.reading() as connection:
            found = [await search.find(connection, "main", kind, [word], Page()) for kind in range(3)]
        return [bool(ids) for ids in found]

    try:
        await migrate(database, "0016")
        await database.write(work)
        await migrate(database)
        assert [await kinds(word) for word in ("lamp", "alice", "inv")] == [
            [True, False, False],
            [False, True, False],
            [False, False, True],
        ]
        await database.write(lambda tx: tx.run(people.update().values(name="Anna")))
        assert await kinds("alice") == [False, False, False]
        async with database.reading() as connection:
            left = text("SELECT count(*) FROM search WHERE search MATCH 'alice OR inv OR 77'")
            assert (await connection.execute(left)).scalar_one() == 0
    finally:
        await database.close()


def test_words_of_a_query() -> None:
    """Words are what letters and figures make, each once, in small letters, eight at most."""
    assert search.words_of("Solar-lamp, SOLAR (L2)!") == ["solar", "lamp", "l2"]
    assert search.words_of("a_b \"c\" 'd' 12.5") == ["a", "b", "c", "d", "12", "5"]
    assert len(search.words_of(" ".join(f"w{n}" for n in range(20)))) == search.MOST_WORDS
    assert search.words_of("…!") == []
