"""Verbs on what people allow, where they live, and what a region's rules are here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from bot.access.model import Permission, Person
from bot.audit.service import record
from bot.briefs.model import PRODUCE
from bot.consents import cards
from bot.consents.model import WORDING, Choices, Purpose, Region, Rules, Said, Standing
from bot.core import Core
from bot.kernel.errors import Stale
from bot.kernel.tasks import Task
from bot.kernel.translation import gettext as _
from bot.messages.service import notify
from bot.messages.topics import Topic
from storage.briefs import briefs
from storage.consents import consents
from storage.core.cache import TenantCache
from storage.engine.database import Transaction
from storage.people import people

ASKED_AT_ONCE = 200


class Consents:
    """Verbs; those of people raise Forbidden. provider: the host of the models."""

    def __init__(self, core: Core, provider: str) -> None:
        self._database = core.database
        self._queue = core.queue
        self.provider = provider
        self._rules = TenantCache(core.database, consents.SIGNAL, consents.rules)

    async def own(self, who: Person) -> Choices:
        """What the person chose."""
        who.require(Permission.USE)
        async with self._database.reading() as connection:
            return await consents.choices(connection, who.tenant, who.id)

    async def say(self, who: Person, purpose: Purpose, *, given: bool) -> Choices:
        """Keep what the person says to a purpose, from now on; the same again changes nothing."""
        who.require(Permission.USE)

        async def work(tx: Transaction) -> Choices:
            await people.locked(tx, who.tenant, who.id)
            before = (await consents.choices(tx.connection, who.tenant, who.id)).said.get(purpose)
            said = Said(purpose, given, WORDING[purpose], tx.now)
            if before is None or (before.given, before.wording) != (given, said.wording):
                await consents.say(tx, who.tenant, who.id, said)
                what = "given" if given else "withdrawn"
                about = f"person:{who.id}"
                await record(tx, who.tenant, who, f"consent.{what}", about, type=purpose.value, wording=said.wording)
            return await consents.choices(tx.connection, who.tenant, who.id)

        return await self._database.write(work)

    async def choose_region(self, who: Person, region: Region) -> Choices:
        """Keep where the person says that they live; its rules hold for them from now on."""
        who.require(Permission.USE)

        async def work(tx: Transaction) -> Choices:
            if await consents.region_of(tx.connection, who.tenant, who.id) is not region:
                await consents.choose_region(tx, who.tenant, who.id, region)
                await record(tx, who.tenant, who, "region.chosen", f"person:{who.id}", type=region.value)
                await self._wake(tx)
            return await consents.choices(tx.connection, who.tenant, who.id)

        return await self._database.write(work)

    async def ask(self, tenant: str) -> int:
        """Ask clients where they live, each once; how many were."""
        async with self._database.reading() as connection:
            found = await consents.to_ask(connection, tenant, ASKED_AT_ONCE)
        for person_id in found:
            await self._database.write(partial(self._ask, tenant, person_id))
        return len(found)

    async def _ask(self, tenant: str, person_id: int, tx: Transaction) -> None:
        person = await people.by_id(tx.connection, tenant, person_id)
        await consents.asked(tx, tenant, person_id)
        await notify(tx, person, Topic.PEOPLE, cards.where, key=f"region:{person_id}")
        await record(tx, tenant, None, "region.asked", f"person:{person_id}")

    async def standing(self, who: Person) -> Sequence[Standing]:
        """Every region's rules here, and how many live there, for admins."""
        who.require(Permission.MANAGE_PEOPLE)
        async with self._database.reading() as connection:
            rules = await consents.rules(connection, who.tenant)
            counts = await consents.counted(connection, who.tenant)
        return [Standing(region, one.rules, counts.get(region, 0), one.version) for region, one in rules.items()]

    async def keep_for(self, who: Person, region: Region, version: int, days: int) -> None:
        """Keep files and messages of ended work so long for the region's people. Raises Stale, as `refuse` does."""
        await self._change(who, region, version, {"retention_days": days})

    async def refuse(self, who: Person, region: Region, version: int, *, refused: bool) -> None:
        """Have the models not be called for the region's people, or be called again, from now on.

        Raises Stale where somebody changed the rules meanwhile.
        """
        await self._change(who, region, version, {"refused": frozenset({self.provider} if refused else ())})

    async def _change(self, who: Person, region: Region, version: int, values: Mapping[str, object]) -> None:
        who.require(Permission.MANAGE_PEOPLE)

        async def work(tx: Transaction) -> None:
            known = (await consents.rules(tx.connection, who.tenant))[region]
            if known.version != version:
                raise Stale(_("Somebody changed these rules meanwhile. Look again: /privacy"))
            changed: Rules = replace(known.rules, **values)  # type: ignore[arg-type]
            await consents.set_rules(tx, who, region, changed, version + 1)
            about, days = f"region:{region.value}", changed.retention_days
            refused = bool(changed.refused)
            await record(tx, who.tenant, who, "region.rules_changed", about, days=days, refused=refused)
            await self._wake(tx)

        await self._database.write(work)

    async def _wake(self, tx: Transaction) -> None:
        """Have briefs that wait look again."""
        waiting = await briefs.held(tx.connection)
        if waiting:
            await self._queue.enqueue(tx, *[Task(PRODUCE, number) for number in waiting])

    async def refused_for(self, tenant: str, client_id: int) -> Region | None:
        """The region whose rules keep the models from being called for the client; None where they may be."""
        rules = await self._rules.of(tenant)
        refusing = {region for region, one in rules.items() if self.provider in one.rules.refused}
        if not refusing:
            return None
        async with self._database.reading() as connection:
            region = await consents.region_of(connection, tenant, client_id)
        return region if region in refusing else None
