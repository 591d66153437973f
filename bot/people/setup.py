"""What an installation still lacks, told to whoever becomes an admin in their first message, which ticks itself off.

It is for the installation's own tenant: others have neither its settings nor its payment account.
"""

from collections.abc import Collection
from enum import StrEnum
from functools import partial

from bot.access.model import TENANT, Person, Role
from bot.config.reading import ReadSettings
from bot.messages.service import notify
from bot.messages.topics import Topic
from bot.people import setup_cards
from bot.people.setup_cards import Step
from storage.core import events
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.people import people, tenants


class Ended(StrEnum):
    """Why somebody is shown no steps any more."""

    DONE = "done"
    HIDDEN = "hidden"


def said_in(settings: ReadSettings) -> Collection[str]:
    """The names of the settings that somebody set, to anything at all."""
    return frozenset(name for name in settings.model_fields_set if getattr(settings, name) not in (None, ""))


class Setup:
    """Verbs of admins. given: the settings that the installation says itself, by their names."""

    def __init__(self, database: Database, given: Collection[str]) -> None:
        self._database = database
        self._given = given

    async def begin(self, who: Person) -> Collection[Step] | None:
        """The steps that are done, as the person is shown them from now on; None where they are shown none."""
        if who.role is not Role.ADMIN or who.tenant != TENANT:
            return None

        async def work(tx: Transaction) -> Collection[Step] | None:
            shown = await people.setup_shown(tx.connection, who)
            if shown in set(Ended):
                return None
            done = await _done(tx.connection, self._given)
            await people.set_setup_shown(tx, who, _written(done))
            return None if done == set(Step) else done

        return await self._database.write(work)

    async def hide(self, who: Person) -> None:
        """Show the person no steps any more."""
        await self._database.write(lambda tx: people.set_setup_shown(tx, who, Ended.HIDDEN))

    async def look_again(self) -> None:
        """Tick off what was done meanwhile, such as by other settings at this start."""
        await self._database.write(partial(look_again, given=self._given))


async def look_again(tx: Transaction, given: Collection[str]) -> None:
    """Have what was done meanwhile ticked off, in the message that shows the steps."""
    open_cards = await people.with_setup_shown(tx.connection, TENANT, ended=list(Ended))
    if not open_cards:
        return
    done = await _done(tx.connection, given)
    for admin, shown in open_cards:
        if shown != _written(done):
            await people.set_setup_shown(tx, admin, _written(done))
            await notify(tx, admin, Topic.SETUP, partial(setup_cards.steps, done), slot=setup_cards.slot_of(admin))


def _written(done: Collection[Step]) -> str:
    return Ended.DONE if done == set(Step) else ",".join(step for step in Step if step in done)


async def _done(connection: Connection, given: Collection[str]) -> Collection[Step]:
    tenant = await tenants.get(connection, TENANT)
    said = {*given, *(tenant.own.settings() if tenant is not None else ())}
    found = {step for step, settings in setup_cards.SETTINGS.items() if any(map(said.__contains__, settings))}
    if (await people.counts(connection, TENANT)).get(Role.OPERATOR):
        found.add(Step.OPERATOR)
    if await events.has_happened(connection, TENANT, "connected"):
        found.add(Step.WEBHOOK)
    return found
