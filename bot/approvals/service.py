"""Verbs on deeds that need other people's yes: asked for, approved, refused, stopped, and carried on by time."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from bot.access.model import Person
from bot.approvals import cards
from bot.approvals.model import (
    APPROVAL,
    Approval,
    ApprovalState,
    Looked,
    Terms,
    check_enough,
    check_open,
    check_signer,
    check_stops,
    nothing,
    roles_with,
    signed_by,
)
from bot.approvals.ports import Deed
from bot.audit.service import record
from bot.kernel.tasks import RunAgain, Task, TaskQueue
from bot.messages.service import TELEGRAM, notify
from bot.messages.topics import Topic
from bot.step_up.checking import check
from storage.approvals import approvals as rows
from storage.core import outbox
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.people import people

AT_MOST = 10  # in a list


class Approvals:
    """The rules hold here, below every door. deeds: what can be asked for, by the areas that do it."""

    def __init__(self, database: Database, queue: TaskQueue, deeds: Sequence[Deed]) -> None:
        self._database = database
        self._queue = queue
        self._deeds: Mapping[str, Deed] = {deed.kind: deed for deed in deeds}

    async def open(
        self, tx: Transaction, who: Person, terms: Terms, needed: int, fuse: timedelta, message_id: int = 0
    ) -> Approval:
        """Ask for a deed within the transaction that writes down what it is about.

        needed: so many others have to say yes. fuse: how long it can be stopped then; nothing: it is done at once.
        message_id: of the message in the asker's chat that shows from now on where it stands; 0: a new one does.
        Raises Refusal where fewer people may.
        """
        deed = self._deeds[terms.subject.partition(":")[0]]
        team = await people.with_roles(tx.connection, who.tenant, *roles_with(deed.permission))
        check_enough([one for one in team if one.id != who.id], needed, deed.permission)
        approval = await rows.add(tx, who, terms, needed, fuse)
        said: dict[str, Any] = {"needed": needed, "amount": terms.amount.neutral}
        await record(tx, who.tenant, who, "approval.asked", terms.subject, thing=approval, approval=approval.id, **said)
        if message_id:
            await outbox.place(tx, who.tenant, TELEGRAM, cards.slot_of(approval, who), str(message_id))
        await self._show(tx, await rows.looked_at(tx, approval))
        return approval

    async def approve(self, who: Person, approval_id: int, seen: int) -> Looked:
        """Say yes to what the person saw; the last that is needed has it done, or its fuse begin.

        seen: the mark of what was shown. Raises Forbidden, StepUpNeeded, Refusal, or Stale where it is over or not the
        same any more.
        """

        async def work(tx: Transaction) -> Looked:
            looked, person, deed = await self._held(tx, who, approval_id)
            check_signer(looked, person, deed.permission)
            await self._check_open(tx, looked.approval, deed, seen)
            if deed.step_up is not None and looked.approval.needed > 1:
                await check(tx, person, deed.step_up)
            await rows.sign(tx, looked.approval, person.id, yes=True)
            await self._recorded(tx, looked.approval, person, "signed")
            looked = await rows.looked_at(tx, looked.approval)
            if len(signed_by(looked, deed.permission)) >= looked.approval.needed:
                return await self._enough(tx, looked)
            return await self._show(tx, looked)

        return await self._database.write(work)

    async def refuse(self, who: Person, approval_id: int, seen: int) -> Looked:
        """Say no, which ends it. Raises what `approve` raises."""

        async def work(tx: Transaction) -> Looked:
            looked, person, deed = await self._held(tx, who, approval_id)
            person.require(deed.permission)
            await self._check_open(tx, looked.approval, deed, seen)
            await rows.sign(tx, looked.approval, person.id, yes=False)
            return await self._end(tx, looked.approval, ApprovalState.REFUSED, person)

        return await self._database.write(work)

    async def stop(self, who: Person, approval_id: int, seen: int) -> Looked:
        """Call it off: who asked at any time before it is done, others who may approve during the fuse.

        Raises what `approve` raises.
        """

        async def work(tx: Transaction) -> Looked:
            looked, person, deed = await self._held(tx, who, approval_id)
            check_stops(looked.approval, person, deed.permission, seen)
            return await self._end(tx, looked.approval, ApprovalState.STOPPED, person)

        return await self._database.write(work)

    async def waiting(self, who: Person) -> Sequence[cards.Shown]:
        """What waits or can still be stopped, of the deeds that the person may approve or asked for."""
        self._check_role(who)
        kinds = [kind for kind, deed in self._deeds.items() if who.may(deed.permission)]
        async with self._database.reading() as connection:
            found = await rows.waiting(connection, who.tenant, who.id, kinds, AT_MOST)
            return [await self._shown(connection, await rows.read(connection, one)) for one in found]

    async def get(self, who: Person, approval_id: int) -> cards.Shown:
        """One of them; raises Refusal where there is none of that number for the person."""
        self._check_role(who)
        async with self._database.reading() as connection:
            approval = await rows.get(connection, who.tenant, approval_id)
            if not self._is_for(who, approval):
                raise nothing(approval_id)
            return await self._shown(connection, await rows.read(connection, approval))

    def _check_role(self, who: Person) -> None:
        """Raise Forbidden for whoever may neither approve nor ask for anything."""
        asks = [deed.asks for deed in self._deeds.values()]
        if not any(who.may(one) for one in asks):
            who.require(asks[0])

    def _is_for(self, who: Person, approval: Approval) -> bool:
        return approval.asked_by == who.id or who.may(self._deeds[approval.kind].permission)

    async def carry_on(self, approval_id: int) -> None:
        """Count the fuse down and have the deed done, or end what nobody answered in time.

        Raises RunAgain while the fuse burns.
        """
        async with self._database.reading() as connection:
            approval = await rows.load(connection, approval_id)
        if approval is None:
            return
        tenant = approval.tenant
        again = await self._database.write(lambda tx: self._carried(tx, tenant, approval_id))
        if again is not None:
            raise RunAgain(again)

    async def _carried(self, tx: Transaction, tenant: str, approval_id: int) -> float | None:
        """Returns in how many seconds to look again, if it is to be looked at."""
        approval = await rows.get(tx.connection, tenant, approval_id, lock=True)
        if approval.state is ApprovalState.WAITING and tx.now >= approval.expires_at:
            await self._end(tx, approval, ApprovalState.EXPIRED, None)
        if approval.state is not ApprovalState.FUSE or approval.due_at is None:
            return None
        looked = await rows.looked_at(tx, approval)
        if tx.now < approval.due_at:
            await self._show(tx, looked)
            return self._pause(approval.due_at - tx.now)
        deed = self._deeds[approval.kind]
        still = len(signed_by(looked, deed.permission)) >= approval.needed
        if still and await deed.terms(tx.connection, tenant, approval.number) == approval.terms:
            await self._grant(tx, looked)
        else:
            await self._end(tx, approval, ApprovalState.STOPPED, None)
        return None

    async def _held(self, tx: Transaction, who: Person, approval_id: int) -> tuple[Looked, Person, Deed]:
        """The approval, and the person as they are now: what they were when they were shown it does not count."""
        self._check_role(who)
        approval = await rows.get(tx.connection, who.tenant, approval_id, lock=True)
        looked = await rows.looked_at(tx, approval, who.id)
        person = looked.people.get(who.id)
        if person is None:
            raise nothing(approval_id)
        return looked, person, self._deeds[approval.kind]

    async def _check_open(self, tx: Transaction, approval: Approval, deed: Deed, seen: int) -> None:
        bound = await deed.terms(tx.connection, approval.tenant, approval.number)
        check_open(approval, tx.now, seen, bound)

    async def _enough(self, tx: Transaction, looked: Looked) -> Looked:
        approval = looked.approval
        if not approval.fuse:
            return await self._grant(tx, looked)
        due = tx.now + self._length(approval)
        burning = await rows.change(tx, approval, state=ApprovalState.FUSE, due_at=due)
        await self._recorded(tx, burning, None, "fuse")
        again = tx.now + timedelta(seconds=self._pause(due - tx.now))
        await self._queue.enqueue(tx, Task(APPROVAL, burning.id, again))
        return await self._show(tx, await rows.looked_at(tx, burning))

    async def _grant(self, tx: Transaction, looked: Looked) -> Looked:
        values = {"state": ApprovalState.GRANTED, "ended_at": tx.now}
        granted = await rows.change(tx, looked.approval, **values)
        await self._recorded(tx, granted, None, "granted")
        await self._queue.enqueue(tx, Task(self._deeds[granted.kind].task, granted.number))
        return await self._show(tx, await rows.looked_at(tx, granted))

    async def _end(self, tx: Transaction, approval: Approval, state: ApprovalState, by: Person | None) -> Looked:
        """It is not done; who asked gets a message of its own, unless they stopped it themselves."""
        by_id = None if by is None else by.id
        ended = await rows.change(tx, approval, state=state, ended_by=by_id, ended_at=tx.now)
        await self._queue.drop(tx, Task(APPROVAL, ended.id))
        await self._recorded(tx, ended, by, state.value)
        looked = await self._show(tx, await rows.looked_at(tx, ended))
        asker = looked.people[ended.asked_by]
        if by_id != ended.asked_by and asker.may(self._deeds[ended.kind].asks):
            show = partial(cards.not_done, await self._shown(tx.connection, looked))
            await notify(tx, asker, Topic.APPROVALS, show, key=f"approval:{ended.id}:ended")
        return looked

    @staticmethod
    async def _recorded(tx: Transaction, approval: Approval, who: Person | None, what: str) -> None:
        said: dict[str, Any] = {"approval": approval.id, "amount": approval.terms.amount.neutral}
        await record(tx, approval.tenant, who, f"approval.{what}", approval.terms.subject, thing=approval, **said)

    async def _show(self, tx: Transaction, looked: Looked) -> Looked:
        """Bring its one message up to date that each of those has who may approve it, and who asked and still may."""
        approval, deed = looked.approval, self._deeds[looked.approval.kind]
        shown = await self._shown(tx.connection, looked)
        team = await people.with_roles(tx.connection, approval.tenant, *roles_with(deed.permission))
        audience = {person.id: person for person in (*team, looked.people[approval.asked_by])}
        for person in (one for one in audience.values() if one.may(deed.asks) or one.may(deed.permission)):
            show = partial(cards.card, shown, person)
            await notify(tx, person, Topic.APPROVALS, show, slot=cards.slot_of(approval, person))
        return looked

    async def _shown(self, connection: Connection, looked: Looked) -> cards.Shown:
        approval, deed = looked.approval, self._deeds[looked.approval.kind]
        subject = await deed.subject(connection, approval.tenant, approval.number)
        minutes = self._minutes(approval, self._database.clock.now())
        return cards.Shown(looked, subject, signed_by(looked, deed.permission), deed.permission, minutes)

    def _length(self, approval: Approval) -> timedelta:
        """Of the fuse, by how long a minute of it is."""
        return timedelta(seconds=approval.fuse.total_seconds() / 60 * self._database.timing.minute)

    def _pause(self, left: timedelta) -> float:
        """Until the card says another minute, or the fuse is over."""
        minute = self._database.timing.minute
        return left.total_seconds() % minute or min(minute, left.total_seconds())

    def _minutes(self, approval: Approval, now: datetime) -> int:
        """How many minutes of the fuse are left, rounded up."""
        if approval.due_at is None:
            return 0
        return max(0, -int(-(approval.due_at - now).total_seconds() // self._database.timing.minute))
