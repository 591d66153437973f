"""What becomes of what nobody of the team sees to: reminders, level by level. Time never decides or answers."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Generic, TypeVar

from bot.access.model import Person
from bot.escalation.levels import LISTED, escalate, list_daily
from bot.kernel.card import Card
from bot.kernel.translation import ngettext
from bot.messages.service import TEAM, notify
from bot.messages.topics import Topic
from bot.review.model import Escalation, Waits
from storage.core import events
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.people import people

W = TypeVar("W", bound=Waits)


@dataclass(frozen=True, slots=True)
class Queue(Generic[W]):
    """All of one kind that waits for the team: how it is found, who hears of it, and how a claim on it ends.

    kind: as its subjects begin ("brief:1042"). daily: the name of the admins' list. due, ended_claims: held for the
    transaction, the first oldest first. longest, count: what waits since before a time. team_of: who of the team may
    see to it. tell_clients: that it takes longer. reminder, last_level: what people are shown of the first of so many;
    reminded: how a run says how many.
    """

    kind: str
    daily: str
    topic: Topic
    due: Callable[[Transaction, str, Escalation], Awaitable[Sequence[W]]]
    note_levels: Callable[[Transaction, str, Mapping[int, int]], Awaitable[None]]
    ended_claims: Callable[[Transaction, str, timedelta], Awaitable[Sequence[W]]]
    let_go: Callable[[Transaction, W], Awaitable[None]]
    longest: Callable[[Connection, str, datetime, int], Awaitable[Sequence[W]]]
    count: Callable[[Connection, str, datetime], Awaitable[int]]
    team_of: Callable[[W, Sequence[Person]], Sequence[Person]]
    tell_clients: Callable[[Transaction, str, Sequence[W]], Awaitable[None]]
    reminder: Callable[[Sequence[W], int, datetime], Card]
    last_level: Callable[[Sequence[W], int, datetime], Card]
    reminded: Callable[[int], str]


class Reminders(Generic[W]):
    """Escalates everything that waits in a queue."""

    def __init__(self, database: Database, escalation: Escalation, queue: Queue[W]) -> None:
        self._database = database
        self._escalation = escalation
        self._queue = queue

    async def escalate(self, tenant: str) -> str:
        """Remind whoever is due to be, end the claims whose time is over, and say what was done.

        One transaction each, so a run that is repeated finds nothing left to do.
        """
        reminded = await self._database.write(lambda tx: self._escalate(tx, tenant))
        ended = await self._database.write(lambda tx: self._end_claims(tx, tenant))
        listed = await self._database.write(lambda tx: self._list(tx, tenant))
        return ", ".join(
            [
                self._queue.reminded(reminded),
                ngettext("ended {n} claim", "ended {n} claims", ended),
                ngettext("{n} waits since the last reminder", "{n} wait since the last reminder", listed),
            ]
        )

    async def _escalate(self, tx: Transaction, tenant: str) -> int:
        queue = self._queue
        waiting = await queue.due(tx, tenant, self._escalation)
        if not waiting:
            return 0
        team = await people.with_roles(tx.connection, tenant, *TEAM)
        found = escalate(waiting, lambda one: queue.team_of(one, team), tx.now, self._escalation)
        await queue.note_levels(tx, tenant, found.levels)
        reached = {f"{queue.kind}:{number}": {"rung": level} for number, level in found.levels.items()}
        await events.add_events(tx, tenant, "reminded", reached)
        for _, (person, of) in sorted(found.told.items()):
            await notify(tx, person, queue.topic, partial(queue.reminder, of[:LISTED], len(of), tx.now))
        await queue.tell_clients(tx, tenant, found.slow)
        for one in found.slow:
            if one.claimed_by is not None:
                await queue.let_go(tx, one)
        return len(waiting)

    async def _end_claims(self, tx: Transaction, tenant: str) -> int:
        ended = await self._queue.ended_claims(tx, tenant, self._escalation.claim)
        for one in ended:
            await self._queue.let_go(tx, one)
        return len(ended)

    async def _list(self, tx: Transaction, tenant: str) -> int:
        """Show the admins all that waits past the last level."""
        queue, since = self._queue, tx.now - self._escalation.last
        longest = await queue.longest(tx.connection, tenant, since, LISTED)
        if not longest:
            return 0
        count = await queue.count(tx.connection, tenant, since)
        seen = f"{count}:{'-'.join(str(one.id) for one in longest)}"
        show = partial(queue.last_level, longest, count, tx.now)
        await list_daily(tx, tenant, queue.daily, seen, queue.topic, show)
        return count
