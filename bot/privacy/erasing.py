"""Erasing a person in a database: their rows, what came and was sent, and what word lists only marked as gone.

A restored backup is gone through by the same verbs before anything else is done with it.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.access.model import TENANT
from bot.audit.service import record
from bot.drive.service import forget
from bot.privacy.model import LONGEST_UNDELIVERED, Erased, Erasure, ErasureState, Named, in_a_line, out_of_a_line
from storage.core import bindings
from storage.engine.database import Database, Transaction
from storage.privacy import erasing as rows
from storage.privacy import erasures, sweeping, whose

LIST = "erasures"
SETTLED = timedelta(hours=1)  # by which whatever others sent is done with


async def erase_rows(tx: Transaction, erasure: Erasure) -> Erasure | None:
    """Erase the person's rows; None where somebody changed the wish meanwhile, or nobody is left to erase."""
    theirs = await whose.of_person(tx.connection, erasure.tenant, erasure.person_id)
    if theirs is None:
        return None
    if tx.connection.dialect.name == "sqlite":
        await sweeping.overwrite(tx)
    things, chat = sorted(theirs.marks.things), theirs.marks.chat
    kept = await forget(tx, erasure.tenant, things)
    gone = [*await rows.erase(tx, erasure.tenant, erasure.person_id, chat, things), ("kept", kept)]
    await rows.moves_of(tx, erasure.tenant, theirs.invoices)
    erased = await erasures.change(
        tx,
        erasure,
        state=ErasureState.ERASED,
        erased_at=tx.now,
        gone=erasures.counted(gone),
        stays=erasures.counted([("invoices", len(theirs.invoices)), ("refunds", theirs.refunds)]),
        marks=theirs.marks.to_json(),
        files=theirs.files,
    )
    if erased is not None:
        await record(tx, erased.tenant, None, "erasure.rows_gone", f"erasure:{erased.id}")
    return erased


async def sweep(database: Database, erased: Sequence[Erasure], *, patient: bool = True) -> bool:
    """Take what names them out of what came and was sent; False where some of that is not dealt with yet.

    erased: of one tenant; what is swept already is left out. patient: whether that is waited for.
    """
    left = [one for one in erased if one.marks is not None]
    if not left:
        return True
    named = Named(left[0].tenant, [one.marks for one in left if one.marks is not None])
    until = max((one.erased_at for one in left if one.erased_at is not None), default=database.clock.now())
    waits = [await _inbox(database, named, until), await _outbox(database, named)]
    if any(waits) and patient and database.clock.now() - until < LONGEST_UNDELIVERED:
        return False

    async def work(tx: Transaction) -> None:
        for one in left:
            fresh = await erasures.load(tx.connection, one.id)
            if fresh is not None:
                await erasures.change(tx, fresh, marks=None)

    await database.write(work)
    return True


async def _inbox(database: Database, named: Named, until: datetime) -> bool:
    after, waits = 0, False
    while True:
        async with database.reading() as connection:
            found = await sweeping.look_in(connection, named, after, database.clock.now() - SETTLED, until)
        if found.emptied:
            await database.write(_doing(sweeping.empty_inbox, found.emptied))
        waits = waits or found.waits
        if found.after is None:
            return waits
        after = found.after


async def _outbox(database: Database, named: Named) -> bool:
    after, waits = 0, False
    while True:
        async with database.reading() as connection:
            found = await sweeping.look_out(connection, named, after)
        if found.emptied or found.deleted:
            await database.write(_doing(sweeping.clear_outbox, named.tenant, found))
        waits = waits or found.waits
        if found.after is None:
            return waits
        after = found.after


def _doing(verb: Callable[..., Any], *given: Any) -> Callable[[Transaction], Any]:
    async def work(tx: Transaction) -> None:
        await verb(tx, *given)

    return work


async def compact(database: Database) -> None:
    """Write word lists anew without what was marked as gone, and the file without what its log still holds."""
    if not database.sqlite:
        return
    for index in sweeping.INDEXES:
        await database.write(_doing(sweeping.begin_merge, index))
        more = True
        while more:
            more = await database.write(lambda tx, index=index: sweeping.merge_some(tx, index))  # type: ignore[misc]
    await database.fold_log()


async def erase_again(database: Database, erased: Sequence[Erased]) -> int:
    """Erase everybody of the list whom this database still knows: an older backup was put back. Says how many."""
    known = {(one.tenant, one.person_id, one.since): one for one in erased}.values()
    count: int = sum([await database.write(_again(one)) for one in known])
    for tenant in sorted({one.tenant for one in known}):
        async with database.reading() as connection:
            left = await erasures.to_sweep(connection, tenant)
        await sweep(database, left, patient=False)
    if count:
        await compact(database)
    return count


async def keep_list(tx: Transaction, erased: Sequence[Erased]) -> None:
    """Keep the list in a database that is too old to be gone through now."""
    if erased:
        await bindings.put(tx, TENANT, LIST, LIST, in_a_line(erased))


async def erase_listed(database: Database) -> None:
    """Erase whoever stands on such a list."""
    async with database.reading() as connection:
        line = await bindings.get(connection, TENANT, LIST, LIST)
    if line is not None:
        await erase_again(database, out_of_a_line(line))
        await database.write(lambda tx: bindings.drop(tx, TENANT, LIST, LIST))


def _again(erased: Erased) -> Callable[[Transaction], Any]:
    async def work(tx: Transaction) -> int:
        if not await erasures.is_same(tx.connection, erased):
            return 0
        number = await erasures.note(tx, erased)
        wish = None if number is None else await erasures.load(tx.connection, number)
        if wish is None:
            wish = await erasures.under_way(tx.connection, erased.tenant, erased.person_id)
        if wish is None or wish.state is not ErasureState.ASKED:
            return 0
        done = await erase_rows(tx, wish)
        return 0 if done is None else 1

    return work
