"""How the database finds what reading commands and jobs ask for: by keys and indexes, however many rows there are."""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection, Engine, event, text

from bot.access.model import TENANT, Person
from bot.kernel.errors import Refusal
from bot.kernel.translation import reading_as
from bot.parts import Part
from bot.services import Services
from bot.sessions.model import Session, Way
from handlers.catalog import ACTIONS, BY_NAME, WITH_SUBJECT
from handlers.routing.request import Request
from jobs.catalog import JOBS
from sandbox.history.seed import fill
from sandbox.history.studio import ADMIN, CLIENT, COMMON
from storage.billing import invoices as billing
from storage.briefs import listing
from storage.core.pages import Page
from storage.engine.database import Database
from storage.engine.schema import metadata
from storage.migrations.migrate import engine_of
from storage.people import people
from tests.commands import READING
from tests.house import Providers, house
from tests.storage.verbs import call, verbs
from web.pages.routes import PAGES
from web.site.visits import Visit

BRIEFS = 1_000
NOW = datetime.now(UTC)
NO_CLOCK = frozenset(Part) - {Part.CLOCK}
NUMBERS = {"/money": "1520", "/money/ledger": "1520", "/clients": "1002", "/reliability": "1100"}
NARROWED: Mapping[str, Sequence[Mapping[str, str]]] = {
    "/briefs": ({"state": "paid"}, {"q": COMMON}),
    "/money": ({"state": "paid"},),
    "/clients": ({"q": "customer"},),
    "/reliability": ({"incidents": "open"},),
    "/audit": ({"q": "brief:1500"}, {"q": "brief.started"}),
    "/money/figures": ({"period": "year"},),
    "/money/refunds": ({"state": "succeeded"}, {"state": "approved"}),
    "/money/ledger": ({"kind": "payment"},),
    "/money/reconciliation": ({"state": "gone"},),
}
TEXTS = {"find": COMMON, "report": "day", "quality": "Drafting", "replay": "1500"}
# What commands such as /brief_1500 are about, where it is not the number of a brief.
SUBJECTS = {"person": 1_002, "client": 1_002, "entry": 1_520, "prompt": 1_001, "invoice": 1_520, "mismatch": 1_520}
SUBJECTS["refund"] = 1_520
# Tables that are read as a whole, since they hold little however many briefs there were.
SMALL = {
    "prompts": "what admins wrote",
    "adopted_lines": "what admins adopted",
    "duels": "what admins began",
    "region_rules": "a row a region at most",
    "invites": "what admins handed out",
    "team_rooms": "groups that admins bound",
    "job_pauses": "a row a job",
    "bindings": "a row a database of the mirror",
    "installation": "a row a tenant",
    "tasks": "what is under way",
    "tenants": "a row a tenant",
    "failed_tasks": "what was given up, until a person has it go on",
    "second_tries": "what was given up for what passes, as long as retention keeps it",
    "load_hours": "some rows an hour, as long as retention keeps them",
    "worker_sizes": "a row a pool",
    "secret_marks": "a row a secret",
    "readings": "files that are being read",
    "verdict_folds": "a row a day",
    "slo_states": "a row a service level",
    "stream_marks": "a row a stream",
    "audit_unsealed": "what was written within the last minute",
    "closed_days": "a row a day",
    "model_routes": "a row a model",
    "ledger_folds": "a row a month, and a row a day of the last",
    "daily_counts": "a row a day",
    "growth_days": "a row a day",
    "acquisition_costs": "a row a month",
    "mornings": "four rows a day",
    "backups": "a row a night",
    "backup_trials": "two rows a night",
    "restores": "backups that were put back",
    "sessions": "who is signed in, as long as retention keeps it",
    "sign_in_links": "what was asked for, as long as retention keeps it",
    "sign_in_places": "who tried to sign in, as long as retention keeps it",
    "dashboard_keys": "a row a person who wants one",
    "partners": "clients whose programs order briefs",
    "partner_keys": "keys that admins made",
    "authenticators": "a row an admin",
    "recovery_codes": "ten rows an admin",
    "step_ups": "some rows an admin",
    "step_up_requests": "what admins asked each other, as long as retention keeps it",
    "issued_keys": "of each purpose those that count",
    "kpi_targets": "a row a key figure",
    "processes": "what runs now, and what ended of late",
}
# About word lists of SQLite's, which PostgreSQL has none of.
OF_SQLITE = {f"privacy.sweeping.{verb}" for verb in ("begin_merge", "merge_some", "overwrite")}
GROWING = set(metadata.tables) - set(SMALL)
# Indexes of few rows, that may be walked from end to end.
PARTIAL = {
    index.name
    for table in metadata.tables.values()
    for index in table.indexes
    if index.dialect_options["sqlite"]["where"] is not None and index.name != "ix_inbox_processed_at"
}
# All of a tenant's rows, of which there may be but the one tenant; or an index that is made of the whole table.
# PostgreSQL goes by sizes, and reads so what is small here.
OF_TENANT = r"SEARCH (\w+) USING (?:COVERING )?INDEX (\w+) \(tenant=\?\)$"
MADE_FOR_IT = r"SEARCH (\w+) USING AUTOMATIC (?:PARTIAL )?(?:COVERING )?(INDEX)"
# What reads a table that grows as a whole all the same.
WALKED = (
    "SELECT posting_lines.account, posting_lines.currency, sum(",  # the ledger's sums, for whoever checks the books
    "SELECT people.role, count(*)",  # a row a person out of a covering index
)
# The first of all, but for those of one client: before them there may be all others'.
IN_ORDER_OF_KEYS = re.compile(r"^(?!.*WHERE.*\bclient_id\b).*ORDER BY \w+\.id (ASC |DESC )?\s*LIMIT", re.DOTALL)
Statement = tuple[str, Any]


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """What is executed meanwhile, each kind of statement once, with the values that it was first given."""
    found: dict[str, Any] = {}

    def seen(_: Any, __: Any, statement: str, values: Any, ___: Any, many: bool) -> None:
        found.setdefault(statement, values[0] if many and isinstance(values, list) else values)

    event.listen(Engine, "before_cursor_execute", seen)
    kept: list[Statement] = []
    try:
        yield kept
    finally:
        event.remove(Engine, "before_cursor_execute", seen)
        kept += found.items()


async def read_all(services: Services) -> None:
    """Every reading command, by an admin and by a client, and every job once."""
    async with services.database.reading() as connection:
        cast = [await people.by_telegram_id(connection, telegram_id) for telegram_id in (ADMIN, CLIENT)]
    for who in filter(None, cast):
        for command in READING:
            if command.permission is None or who.may(command.permission):
                asked = Request(who.telegram_id, 1, TEXTS.get(command.name, ""), source_key="test:1")
                with suppress(Refusal):  # of what has to be said behind it
                    await command.handler(who, asked, services)
    admin = cast[0]
    assert admin is not None
    for name, handler in WITH_SUBJECT.items():
        subject = SUBJECTS.get(name, 1_500)
        with suppress(Refusal):  # that there is none is looked up too
            await handler(admin, Request(ADMIN, 1, str(subject), subject=subject, source_key="test:1"), services)
    for name in ("briefs", "invoices", "queue", "find"):
        later = Request(ADMIN, 1, TEXTS.get(name, ""), subject=2 * 1_500, source_key="test:1")
        await BY_NAME[name].handler(admin, later, services)
    for name in ("lentries", "lcsv", "finmonths", "finowed", "fincsv"):
        await ACTIONS[name].handler(admin, Request(ADMIN, 1, source_key="test:1"), services)
    for choice in ("type-year", "client-year", "all-before"):
        await ACTIONS["finance"].handler(admin, Request(ADMIN, 1, choice=choice, source_key="test:1"), services)
    page = Request(ADMIN, 1, version=1_002, source_key="test:1")
    await ACTIONS["cinvoices"].handler(admin, page, services)
    await read_pages(services, cast)
    for job in JOBS:
        await job.carry_out(services, TENANT)


async def read_pages(services: Services, cast: Sequence[Person | None]) -> None:
    """Every page, and every list narrowed and further on, by whoever may see it."""
    for who in filter(None, cast):
        session = Session(1, who.id, who.role, Way.LINK, "", NOW, NOW)
        for path, make in PAGES.items():
            for query in ({}, {"order": "oldest"}, *NARROWED.get(path, ())):
                names = {"number": NUMBERS.get(path.partition("/{")[0], "1500"), "name": "heartbeat"}
                for beside in ({}, {"before": "1500"}, {"after": "1500"}):
                    with suppress(Refusal), reading_as(who.reader):
                        await make(Visit(services, who, session, names, {**query, **beside}))


def walks(url: str, statements: list[Statement]) -> list[str]:
    """The statements that read a table that grows from end to end, with the words of the plan that say so."""
    engine = engine_of(url)
    found: list[tuple[str, str]] = []
    try:
        sqlite = engine.dialect.name == "sqlite"
        for believe in (_sizes_of_a_million, _no_sizes) if sqlite else (_sizes_as_they_are,):
            believe(engine)
            with engine.connect() as connection:
                find = _in_sqlite if sqlite else _in_postgresql
                for statement, values in statements:
                    found += [(statement, line) for line in find(connection, statement, values)]
    finally:
        engine.dispose()
    return list(dict.fromkeys(f"{line}\n    {' '.join(statement.split())}" for statement, line in found))


def _sizes_as_they_are(engine: Engine) -> None:
    pass


def _sizes_of_a_million(engine: Engine) -> None:
    """Have the database believe what it would learn of a thousand times as many rows: what all share they all have,
    and of the rest there is as much to each value. A connection that is open knows the sizes already.
    """
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))  # else what it learned by the way, which is not the same in each run
        for row_id, sizes in connection.execute(text("SELECT rowid, stat FROM sqlite_stat1")).all():
            rows, *alike = map(int, re.findall(r"\b\d+\b", sizes))
            grown = [rows * 1_000, *(each * (1_000 if rows < each * 20 > 20 else 1) for each in alike)]
            values = {"stat": " ".join(map(str, grown)), "row": row_id}
            connection.execute(text("UPDATE sqlite_stat1 SET stat = :stat WHERE rowid = :row"), values)
    engine.dispose()


def _no_sizes(engine: Engine) -> None:
    """A table of unknown size is taken for one of a million rows, and any value for one of ten rows."""
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM sqlite_stat1"))
    engine.dispose()


def _in_sqlite(connection: Connection, statement: str, values: Any) -> list[str]:
    if not statement.upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
        return []
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    return [step.detail for step in plan if _walks_in_sqlite(step.detail, statement)]


def _walks_in_sqlite(detail: str, statement: str) -> bool:
    words = re.match(r"SCAN (\w+) VIRTUAL TABLE INDEX [01]:$", detail)
    if words is not None:  # every word of an index of words, or every entry
        named_so = re.search(rf"\bsearch\w* {words[1]}\b", statement)
        return named_so is not None or words[1].startswith("search")
    some = re.match(r"SEARCH (\w+) USING (?:COVERING )?INDEX \w+ \((\w+)>\?\)$", detail)
    if some is not None and some[1] in GROWING and f"{some[2]} IS NOT NULL" in statement:  # all that have any value
        return True
    found = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?$", detail)
    found = found or re.match(MADE_FOR_IT, detail) or (None if "LIMIT" in statement else re.match(OF_TENANT, detail))
    if found is None or found[2] in PARTIAL or " ".join(statement.split()).startswith(WALKED):
        return False
    named = re.search(rf"\b(\w+) (?:AS )?{found[1]}\b", statement)
    return found[1] in GROWING or (named is not None and named[1] in GROWING)


def _in_postgresql(connection: Connection, statement: str, values: Any) -> list[str]:
    if not statement.upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH")) or "pg_" in statement:
        return []
    for way in ("seqscan", "hashjoin", "mergejoin"):  # by which small tables are read as a whole
        connection.execute(text(f"SET enable_{way} = off"))
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar_one()
    plan = orjson.loads(plan) if isinstance(plan, str) else plan
    if " ".join(statement.split()).startswith(WALKED):
        return []
    if plan[0]["Plan"]["Node Type"] == "Limit" and IN_ORDER_OF_KEYS.search(statement):
        return []
    nodes = [n for n in _nodes(plan[0]["Plan"]) if _whole(n)]
    return [f"{n['Node Type']} {n.get('Relation Name')} {n.get('Index Name')}" for n in nodes]


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)


def _whole(node: dict[str, Any]) -> bool:
    if node["Node Type"] == "Seq Scan":
        return node["Relation Name"] in GROWING
    of = next((t.name for t in metadata.tables.values() if _belongs(node.get("Index Name", ""), t)), None)
    return "Index Name" in node and of in GROWING and "Index Cond" not in node and node["Index Name"] not in PARTIAL


def _belongs(index: str, table: Any) -> bool:
    return index == f"pk_{table.name}" or any(index == one.name for one in table.indexes)


@pytest.mark.new_database
@pytest.mark.both_databases
@pytest.mark.timeout(400)  # it runs every command and job, and asks for every plan
async def test_no_table_that_grows_is_walked(stand_ins: Providers, database_url: str) -> None:
    """No statement of a reading command or a job reads a table that grows as a whole."""
    await asyncio.to_thread(fill, database_url, BRIEFS, datetime.now(UTC))
    async with house(stand_ins, database_url, NO_CLOCK) as home:  # else a job may run twice at once, by the hour
        with recorded() as statements:
            await read_all(home.running.app.services)
    assert len(statements) > 80
    found = await asyncio.to_thread(walks, database_url, statements)
    assert not found, "\n".join(found)


@pytest.mark.new_database
@pytest.mark.both_databases
async def test_no_verb_of_storage_walks_a_table_that_grows(database: Database) -> None:
    """No statement of any verb of storage reads a table that grows, or all of a tenant's rows of it, as a whole."""
    url = database.url.render_as_string(hide_password=False)
    await asyncio.to_thread(fill, url, BRIEFS, datetime.now(UTC))
    asked, silent = {}, []
    for name, verb in verbs():
        if name in OF_SQLITE and not database.sqlite:
            continue
        with recorded() as statements:
            await call(database, name, verb)
        asked[name] = [one for one in statements if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", one[0])]
        silent += [] if asked[name] else [name]
    assert (len(asked) > 300, silent) == (True, [])
    once = {statement: values for statements in asked.values() for statement, values in statements}
    found = await asyncio.to_thread(walks, url, list(once.items()))
    assert not found, "\n".join(found)


@pytest.mark.new_database
@pytest.mark.both_databases
async def test_lists_of_the_largest_client(database: Database) -> None:
    """Of whom many rows are, they are found by whose they are, without walking past anybody else's."""
    url = database.url.render_as_string(hide_password=False)
    await asyncio.to_thread(fill, url, BRIEFS, datetime.now(UTC))
    most = text("SELECT client_id FROM invoices GROUP BY client_id ORDER BY count(*) DESC LIMIT 1")
    with recorded() as statements:
        async with database.reading() as connection:
            client = (await connection.execute(most)).scalar_one()
            for page in (Page(), Page(oldest_first=True), Page(before=1_500), Page(after=1_500, oldest_first=True)):
                assert await billing.invoice_page(connection, TENANT, page, client)
                assert await listing.page(connection, TENANT, page, client)
    found = await asyncio.to_thread(walks, url, [one for one in statements if "LIMIT 1" not in one[0]])
    assert not found, "\n".join(found)


async def test_search_deletes_its_parts_by_number(sqlite: Database) -> None:
    """FTS5 merges its index by deleting parts of it; that never walks the whole index, whatever SQLite has learned."""
    await sqlite.learn_sizes()
    parts = "SELECT name FROM sqlite_master WHERE name LIKE 'search%data'"
    engine = engine_of(sqlite.url.render_as_string(hide_password=False))
    with engine.connect() as connection:
        for name in connection.execute(text(parts)).scalars().all():
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN DELETE FROM {name} WHERE id>=1 AND id<=9").all()
            assert [step.detail.partition(" ")[0] for step in plan] == ["SEARCH"], name
    engine.dispose()
