"""What is due by law: requests are answered and admins reminded in time, and what is old enough is deleted."""

from datetime import datetime, timedelta
from functools import partial

from bot.consents.model import UNKNOWN, Nag, Region, nag
from bot.consents.service import Consents
from bot.core import Core
from bot.kernel.tasks import Task
from bot.messages.service import ADMINS, notify, notify_roles
from bot.messages.topics import Topic
from bot.privacy import cards
from bot.privacy.model import ERASE
from bot.privacy.service import Privacy
from storage.consents import consents, requests, retention
from storage.consents.requests import Request
from storage.engine.database import Transaction
from storage.people import people
from storage.privacy import erasures

PAGE = 100


class Compliance:
    """What the job `compliance` does, one tenant at a time; each may be done twice."""

    def __init__(self, core: Core, asked: Consents, privacy: Privacy) -> None:
        self._core = core
        self._database = core.database
        self._consents = asked
        self._privacy = privacy

    async def deadlines(self, tenant: str) -> str:
        """Work off what people asked for, remind admins of what is near its deadline, and ask people where they live.

        Returns a line about it.
        """
        now = self._database.clock.now()
        async with self._database.reading() as connection:
            found = await requests.open_ones(connection, tenant)
            rules = await consents.rules(connection, tenant)
        near, handed = 0, 0
        for one in found:
            due = (UNKNOWN if one.region is None else rules[one.region].rules).deadline(one.asked_at)
            handed += await self._work_off(tenant, one, now)
            said = nag(due, now)
            if said is not None and one.kind == "erasure":
                near += 1
                await self._database.write(partial(self._remind, tenant, one, due, said))
        asked = await self._consents.ask(tenant)
        return f"{len(found)} requests open, {near} near their deadline, {handed} answered, {asked} people asked"

    async def _remind(self, tenant: str, one: Request, due: datetime, said: Nag, tx: Transaction) -> None:
        erasure = await erasures.load(tx.connection, one.id)
        assert erasure is not None
        show, key = partial(cards.deadline, erasure, due, tx.now), f"deadline:{one.kind}:{one.id}:{said.value}"
        await notify_roles(tx, tenant, ADMINS, Topic.PEOPLE, show, key=key)

    async def _work_off(self, tenant: str, one: Request, now: datetime) -> bool:
        """Go on with an erasure whose day is over; send the data of whoever did not open their link in time."""
        if one.kind == "erasure":
            await self._database.write(partial(self._go_on, one.id))
            return False
        if one.ends_at is None or one.ends_at > now:
            return False
        async with self._database.reading() as connection:
            person = await people.find(connection, tenant, one.person_id)
        if person is None:
            return False
        card = await self._privacy.handed(person)

        async def work(tx: Transaction) -> None:
            await notify(tx, person, Topic.PEOPLE, lambda: card, key=f"export:{one.id}", urgent=True)
            await requests.answered(tx, tenant, person.id)

        await self._database.write(work)
        return True

    async def _go_on(self, erasure_id: int, tx: Transaction) -> None:
        erasure = await erasures.load(tx.connection, erasure_id)
        if erasure is not None and erasure.due_at <= tx.now:
            await self._core.queue.enqueue(tx, Task(ERASE, erasure.id))

    async def tidy(self, tenant: str) -> str:
        """Delete files and messages of ended work that their region's rules keep no longer; returns a line about it.

        Raises ProviderError where files could not be deleted; the next run has nothing left to say of them, since
        `retention` deletes files that nothing belongs to.
        """
        async with self._database.reading() as connection:
            rules = await consents.rules(connection, tenant)
        files: list[str] = []
        messages = 0
        for region, one in rules.items():
            if one.rules.retention_days is None:
                continue
            before = self._database.clock.now() - timedelta(days=one.rules.retention_days)
            mine, theirs = await self._tidy_region(tenant, region, before)
            files, messages = files + mine, messages + theirs
        if files and self._core.store is not None:
            await self._core.store.forget(files)
        return f"{len(files)} files and {messages} messages of ended work deleted, as regions ask"

    async def _tidy_region(self, tenant: str, region: Region, before: datetime) -> tuple[list[str], int]:
        files: list[str] = []
        messages = after = 0
        while True:
            async with self._database.reading() as connection:
                found = await consents.living_in(connection, tenant, region, after, PAGE)
            for person_id in found:
                gone = await self._database.write(partial(_forget, tenant, person_id, before))
                files, messages = files + gone.files, messages + gone.messages
            if len(found) < PAGE:
                return files, messages
            after = found[-1]


async def _forget(tenant: str, person_id: int, before: datetime, tx: Transaction) -> retention.Gone:
    return await retention.forget(tx, tenant, person_id, before)
