"""A resync: a whole table is read, a hundred rows a request, and only what differs or is not there is written.

Its steps are rows of the outbox, in turn with the rows themselves, and each begins where its row of `bindings` says
that the one before ended: a restart goes on, and a step that is repeated does no harm.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.mirror.cells import differing
from bot.mirror.model import Batch, MirrorTable, Place, RowId, Rows
from bot.mirror.places import Places
from bot.mirror.ports import Gone, Mirror
from bot.mirror.service import CHANNEL, RESYNC, bring_all_up_to_date, slot_of
from storage.core import bindings, outbox
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.mirror import placements

SYSTEM = "notion resync"
A_PAGE = 100  # rows in one answer
AT_ONCE = 200  # names in one step
UNLISTED = timedelta(minutes=2)  # Notion lists what is new a little later


class Phase(StrEnum):
    """READING: its rows are read. MISSING: those that were not among them are looked for. WRITING: what differs or is
    missing is being written, before this step's turn.
    """

    READING = "reading"
    MISSING = "missing"
    WRITING = "writing"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Resync:
    """How far a table's newest resync is, and what it found. cursor, last: from where on it goes on."""

    began: datetime
    phase: Phase = Phase.READING
    cursor: str = ""
    last: str = ""
    pages: int = 0
    read: int = 0
    differing: int = 0
    missing: int = 0
    doubled: int = 0
    ended: datetime | None = None

    @property
    def requests(self) -> int:
        """What it asked of Notion: a row that is not there is looked for by its id before it is made."""
        return self.pages + self.differing + 2 * self.missing + self.doubled


def fewest_requests(rows: int) -> int:
    """What a resync of so many rows costs where nothing differs."""
    return -(-rows // A_PAGE) or 1


async def begin(tx: Transaction, tenant: str, table: MirrorTable) -> None:
    """Have the table be read from its first row on, also where it is being read."""
    await _keep(tx, tenant, table, Resync(tx.now))


async def standing(connection: Connection, tenant: str, table: MirrorTable) -> Resync | None:
    """The table's newest resync; None where there was none."""
    kept = await bindings.get(connection, tenant, SYSTEM, table.name)
    if kept is None:
        return None
    known: dict[str, Any] = json.loads(kept)
    ended = known["ended"] and datetime.fromisoformat(known["ended"])
    return Resync(
        **known | {"began": datetime.fromisoformat(known["began"]), "phase": Phase(known["phase"]), "ended": ended}
    )


async def _keep(tx: Transaction, tenant: str, table: MirrorTable, state: Resync) -> None:
    """Keep how far it is, and have it go on."""
    ended = None if state.ended is None else state.ended.isoformat()
    known = asdict(state) | {"began": state.began.isoformat(), "ended": ended}
    await bindings.put(tx, tenant, SYSTEM, table.name, json.dumps(known))
    if state.phase is not Phase.DONE:
        await outbox.add(tx, tenant, CHANNEL, table.name, {RESYNC: True}, slot=f"{table.name} resync")


class Resyncs:
    """Carries resyncs on, a step at a time. One process at a time uses it."""

    def __init__(self, database: Database, mirror: Mirror, places: Places) -> None:
        self._database, self._mirror, self._places = database, mirror, places

    async def step(self, tenant: str, table: MirrorTable) -> None:
        """The next step, if there is any. Raises ProviderError."""
        async with self._database.reading() as connection:
            state = await standing(connection, tenant, table)
        if state is None or state.phase is Phase.DONE:
            return
        place = await self._places.of(tenant, table)
        match state.phase:
            case Phase.READING:
                await self._read(tenant, table, place, state)
            case Phase.MISSING:
                await self._look_for_missing(tenant, table, state)
            case _:
                ended = replace(state, phase=Phase.DONE, ended=self._database.clock.now())
                await self._database.write(lambda tx: _keep(tx, tenant, table, ended))

    async def _read(self, tenant: str, table: MirrorTable, place: Place, state: Resync) -> None:
        rows = await self._mirror.rows(place, table, state.cursor or None)
        pages, extra = await self._sorted_out(tenant, table, place, state, rows)
        outdated = await self._outdated(tenant, table, {row.page: row.cells for row in rows.rows}, pages)
        for page in extra:
            with suppress(Gone):
                await self._mirror.trash_row(page)
        after = replace(
            state,
            cursor=rows.cursor or "",
            phase=Phase.READING if rows.cursor else Phase.MISSING,
            pages=state.pages + 1,
            read=state.read + len(rows.rows),
            differing=state.differing + len(outdated),
            doubled=state.doubled + len(extra),
        )

        async def work(tx: Transaction) -> None:
            placed = {slot_of(tenant, table, key): page for key, page in pages.items()}
            await placements.put(tx, tenant, CHANNEL, placed)
            await bring_all_up_to_date(tx, tenant, table, outdated)
            await _keep(tx, tenant, table, after)

        await self._database.write(work)

    async def _sorted_out(
        self, tenant: str, table: MirrorTable, place: Place, state: Resync, rows: Rows
    ) -> tuple[dict[str, str], list[str]]:
        """The page of each of our keys among the rows; and the pages that show a key which another page shows too.

        What people copy in a table where they make rows themselves is theirs, and so is a row without a key of ours.
        """
        code = f"{await self._places.code(tenant)}:"
        keyed = [(row, row.key.removeprefix(code)) for row in rows.rows if row.key.startswith(code)]
        if place.adopted:
            keyed += [(row, row.key) for row in rows.rows if row.key.startswith(f"{table.kind}:")]
        async with self._database.reading() as connection:
            slots = [slot_of(tenant, table, key) for _, key in keyed]
            known = await placements.of(connection, tenant, CHANNEL, slots)
        pages: dict[str, str] = {}
        extra = []
        for row, key in keyed:
            placed = known.get(slot_of(tenant, table, key))
            seen = placed.page if placed is not None and placed.at >= state.began else pages.get(key)
            if seen not in {None, row.page} and not table.theirs:
                extra.append(row.page)
            elif not table.theirs or placed is None or placed.page == row.page:
                pages[key] = row.page
        return pages, extra

    async def _outdated(
        self, tenant: str, table: MirrorTable, cells: Mapping[str, Mapping[str, Any]], pages: Mapping[str, str]
    ) -> list[str]:
        """The keys whose page shows something else than it should."""
        now, found = self._database.clock.now(), []
        async with self._database.reading() as connection:
            for key, page in pages.items():
                wanted = await table.row(connection, RowId(tenant, table.name_in(key), now))
                if wanted is not None and differing(table, wanted, cells[page]):
                    found.append(key)
        return found

    async def _look_for_missing(self, tenant: str, table: MirrorTable, state: Resync) -> None:
        async with self._database.reading() as connection:
            names = await table.names(connection, Batch(tenant, state.last, AT_ONCE, self._database.clock.now()))
            slots = {slot_of(tenant, table, f"{table.kind}:{name}"): name for name in names}
            known = await placements.of(connection, tenant, CHANNEL, list(slots))
        # A row that people deleted where they make rows themselves stays deleted.
        missing = [slot for slot in slots if slot not in known or (not table.theirs and known[slot].at < state.began)]
        gone = [slot for slot in missing if slot in known and known[slot].at < state.began - UNLISTED]
        after = replace(
            state,
            last=names[-1] if names else state.last,
            phase=Phase.MISSING if names else Phase.WRITING,
            missing=state.missing + len(missing),
        )
        keys: Sequence[str] = [f"{table.kind}:{slots[slot]}" for slot in missing]

        async def work(tx: Transaction) -> None:
            await placements.drop(tx, tenant, CHANNEL, gone)
            await bring_all_up_to_date(tx, tenant, table, keys)
            await _keep(tx, tenant, table, after)

        await self._database.write(work)
