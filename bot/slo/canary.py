"""A test brief, from end to end: taken in, drafted, judged, decided on, and handed to the outbox of a chat that is
nobody's. It costs its client nothing, and is a tenant's own, so that no report, no book, no row of Notion and no figure
of quality has it. What the models take for it is limited by ceilings of that tenant.
"""

import asyncio
from collections.abc import Mapping

from bot.access.model import CANARY, Person, Role
from bot.alerts.raising import clear, raise_
from bot.briefs.material import Submission
from bot.briefs.model import TRANSITIONS, Brief, State
from bot.config.types import in_names
from bot.flags.model import Flag
from bot.flags.service import Flags
from bot.intake.cancelling import Cancelling
from bot.intake.service import Briefs
from bot.kernel.errors import EchoPilotError, Stale
from bot.kernel.task_type import TaskType
from bot.kernel.translation import Reader, reading_as
from bot.messages.service import TELEGRAM
from bot.ops.minutes import Minutes
from bot.ops.series import Series
from bot.prompts.service import Prompts
from bot.tenants.model import Own
from bot.tenants.service import Tenants
from storage.alerts.undelivered import missing_work
from storage.briefs import briefs
from storage.engine.database import Database, Transaction
from storage.people import people

NOBODY = -1  # Telegram's ids of people are above zero, and those of groups far below
TEXT = "Write one short, friendly sentence in English that wishes a colleague a good morning."
FREE: Mapping[str, str] = dict.fromkeys([*map(in_names, TaskType), "transcription_minute"], "0")
OWN = Own(prices=FREE, targets={"all": 1}, ceilings={"brief": "0.5", "client_month": "10", "day": "1", "month": "10"})
NEEDED = (Flag.INTAKE, Flag.MODEL_CALLS)
DECIDED = frozenset({State.DELIVERED, State.IN_REVIEW})


class CanaryFailed(EchoPilotError):
    """A test brief did not end as it should; the sentence says where it stood."""


class Canary:
    """Verb of the job `self_check`."""

    def __init__(
        self,
        database: Database,
        tenants: Tenants,
        prompts: Prompts,
        handing_in: Briefs,
        cancelling: Cancelling,
        flags: Flags,
        minutes: Minutes,
    ) -> None:
        self._database = database
        self._tenants = tenants
        self._prompts = prompts
        self._briefs = handing_in
        self._cancelling = cancelling
        self._flags = flags
        self._minutes = minutes
        self._within, self._look = database.timing.canary, database.timing.canary_look

    async def fly(self) -> str:
        """Hand a test brief in and see it through; returns how that went. Raises CanaryFailed."""
        if off := await self._off():
            await self._database.write(_untried)
            return f"not tried: {off} is switched off"
        began = self._database.clock.now()
        brief = await self._started()
        ended = await self._ended(brief)
        took = self._database.clock.now() - began
        good = not ended.held and ended.state in DECIDED and await self._arrived(ended)
        if not good and (off := await self._off()):
            await self._database.write(_untried)
            await self._cancel(ended)
            return f"not tried to its end: {off} is switched off"
        if ended.held:
            await self._cancel(ended)
            return f"not tried to its end: it waits for room under the ceiling {ended.held}"
        self._minutes.note(Series.CANARY, good=good)
        await self._database.write(lambda tx: _tell(tx, ended, good=good))
        await self._cancel(ended)
        if not good:
            why = f": {ended.reason}" if ended.reason else ""
            raise CanaryFailed(f"brief {brief.id} stood at {ended.state} after {took.total_seconds():.0f} s{why}")
        how = "delivered" if ended.state is State.DELIVERED else "put before a person"
        return f"brief {brief.id} was {how} after {took.total_seconds():.1f} s"

    async def _off(self) -> Flag | None:
        """What somebody switched off that a test brief needs."""
        for flag in NEEDED:
            if not await self._flags.lets(flag, CANARY):
                return flag
        return None

    async def _started(self) -> Brief:
        await self._tenants.keep_canary(OWN)
        await self._prompts.ship(CANARY)
        who = await self._database.write(_client)
        key = f"canary:{self._database.clock.now().isoformat()}"
        quote = await self._briefs.submit(who, NOBODY, key, Submission(TEXT, TaskType.OTHER))
        return await self._briefs.start(who, quote.id, quote.version, 0)

    async def _ended(self, brief: Brief) -> Brief:
        """The brief once it is decided on, stopped or held, or as it stands when it had time enough."""
        now = brief
        try:
            async with asyncio.timeout(self._within):
                while True:
                    async with self._database.reading() as connection:
                        now = await briefs.get(connection, CANARY, brief.id)
                    if now.held or now.state in {State.FAILED, State.IN_REVIEW}:
                        return now
                    if now.state is State.DELIVERED and await self._arrived(now):
                        return now
                    await asyncio.sleep(self._look)
        except TimeoutError:
            return now

    async def _arrived(self, brief: Brief) -> bool:
        """Whether all that was to be told of it left the outbox."""
        async with self._database.reading() as connection:
            return brief.state is not State.DELIVERED or not await missing_work(connection, CANARY, TELEGRAM, brief.id)

    async def _cancel(self, brief: Brief) -> None:
        """What did not end by itself is stopped, so that nothing is spent on it any more."""
        if State.CANCELLED not in TRANSITIONS[brief.state]:
            return
        who = await self._database.write(_client)
        try:
            await self._cancelling.cancel(who, brief.id, 0, chat_id=NOBODY)
        except Stale:  # it went on meanwhile
            return


async def _client(tx: Transaction) -> Person:
    return await people.enroll(tx, CANARY, NOBODY, "Canary", Role.CLIENT, "en")


async def _untried(tx: Transaction) -> None:
    """Whoever switched off what it needs is not told again and again that it failed before."""
    await clear(tx, "canary_failed")


async def _tell(tx: Transaction, brief: Brief, *, good: bool) -> None:
    if good:
        await clear(tx, "canary_failed")
    else:
        with reading_as(Reader()):
            state = brief.state.words
        await raise_(tx, "canary_failed", brief=str(brief.id), state=state)
