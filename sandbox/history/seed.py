"""Writes a played business into a migrated, empty database: the one seeder of the demo, the tests and the benchmarks.

The rows are such as the product's own verbs would have written; `sandbox.history.truths` says what that means.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import Connection, text

from bot.access.model import Role
from bot.briefs.model import State
from sandbox.history import sums
from sandbox.history.at_stripe import UNKNOWN, AtStripe
from sandbox.history.growth import forecasts
from sandbox.history.growth.clients import Clients
from sandbox.history.lives import Life, micros
from sandbox.history.money import Money
from sandbox.history.owed import Owed, with_invoices
from sandbox.history.sheet import Sheet
from sandbox.history.studio import FIRST_PERSON, Named, Studio, years
from sandbox.history.talk import Talk
from sandbox.history.watch import Watch
from sandbox.history.work import Work
from storage.engine.schema import metadata
from storage.migrations.migrate import engine_of, learn_sizes

Ordered = tuple[Life, list[Owed]]
AT_ONCE = 10_000  # briefs, so that a million of them take no more memory than these
QUICK = ("journal_mode=WAL", "synchronous=OFF", "cache_size=-1000000", "temp_store=MEMORY")


def fill(url: str, briefs: int, now: datetime) -> None:
    """Fill the database with so many briefs of the last two years; an admin and a client are known."""
    play(url, years(briefs), now)


def play(url: str, studio: Studio, now: datetime, known: AtStripe = UNKNOWN) -> None:
    """Write the studio's whole past up to now. known: what the payment provider's stand-in was told of it."""
    engine, sheet = engine_of(url, QUICK), Sheet()
    try:
        with engine.connect() as connection:
            _people(studio, sheet, micros(now))
            known.write(studio, sheet, micros(now))
            talk, watch = Talk(studio, sheet, micros(now)), Watch(studio, sheet, now)
            talk.partners()
            watch.counted()
            watch.jobs()
            sheet.write(connection)
            clients = Clients(studio, sheet, now)
            clients.spent()
            clients.erased()
            clients.mails()
            money = Money(studio, sheet, micros(now), known)
            for some in _some(with_invoices(studio, now)):
                _write(studio, some, (Work(studio, sheet), money, talk, watch, clients))
                sheet.write(connection)
            money.pay_out()
            clients.told()
            sums.add_up(connection, sheet, now)
            sheet.write(connection)
            forecasts.add_up(connection, sheet, now, studio.forecasts)
            sheet.write(connection)
            if engine.dialect.name == "postgresql":
                _count_on(connection)
            learn_sizes(connection)
    finally:
        engine.dispose()


def _some(all_: Iterator[Ordered]) -> Iterable[list[Ordered]]:
    while some := list(islice(all_, AT_ONCE)):
        yield some


def _write(studio: Studio, some: list[Ordered], to: tuple[Work, Money, Talk, Watch, Clients]) -> None:
    work, money, talk, watch, clients = to
    chats = {number: one.telegram_id for number, one in enumerate(studio.clients, FIRST_PERSON + 1)}
    for life, invoices in some:
        state, changed_at = _ends(life, invoices)
        chat = chats.get(life.client, _account(life.client))
        work.add(life, state, chat, changed_at)
        for one in invoices:
            money.add(one)
        talk.add(life, state, chat)
        watch.add(life)
        clients.add(life)


def _ends(life: Life, invoices: list[Owed]) -> tuple[str, int]:
    """Where a brief stands by its invoice, and since when."""
    own = next((one for one in invoices if one.brief == life.id), None)
    if own is None:
        return life.state, life.delivered_at or life.ended_at
    return (State.PAID, own.paid_at) if own.paid_at is not None else (State.INVOICED, own.opened_at)


def _people(studio: Studio, sheet: Sheet, now: int) -> None:
    """The admin, the clients, and those who work with them."""
    clients = dict(enumerate(studio.clients, FIRST_PERSON + 1))
    people = {FIRST_PERSON: (studio.admin, Role.ADMIN)}
    for number in range(FIRST_PERSON + 1, FIRST_PERSON + studio.people):
        people[number] = (clients.get(number) or Named(_account(number), f"Customer{number - 1_000}"), Role.CLIENT)
    people[studio.operator_id] = (studio.operator, Role.OPERATOR)
    people[studio.other_admin_id] = (studio.other_admin, Role.ADMIN)
    for number, (one, role) in people.items():
        came = now - studio.came(number) // timedelta(microseconds=1)
        sheet.add("people", id=number, telegram_id=one.telegram_id, name=one.name, role=role.value, granted=role.value,
                  language=studio.language, created_at=came)  # fmt: skip


def _account(person: int) -> int:
    """The Telegram id of a client without a name of their own."""
    return 900_000_000 + person - 1_000


def _count_on(connection: Connection) -> None:
    """Have PostgreSQL give the next rows numbers behind these."""
    for table in metadata.tables:
        number = f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
        connection.execute(text(number))
    connection.commit()
