"""A brief that waits for room under a ceiling: it says so, admins hear of it once, and it looks again by itself."""

import random
from contextlib import suppress
from datetime import timedelta
from functools import partial

from bot.audit.service import record
from bot.briefs import cards
from bot.briefs.model import Brief
from bot.briefs.progress import progress_slot, tell_client
from bot.kernel.errors import Stale
from bot.messages.service import ADMINS, notify_roles
from bot.messages.topics import Topic
from bot.models.budget import Ceiling
from bot.models.cards import ceiling_reached, region_refuses
from bot.models.spending import BudgetExceeded, RegionRefuses
from storage.briefs import briefs
from storage.engine.database import Database, Transaction
from storage.people import people

LONGEST_HOLD = timedelta(hours=1)
SPREAD_SECONDS = 5.0
WAIT_FOR_PEOPLE = frozenset({Ceiling.SWITCH, Ceiling.REGION})  # no period turns and no amount helps
SWITCH_SECONDS = 300.0  # they are woken when models are switched on; this is for a wake-up that is lost


async def hold_for_budget(database: Database, brief: Brief, full: BudgetExceeded) -> float:
    """Note what the brief waits for, unless that is only for calls under way; returns in how many seconds to look."""
    if full.what.busy:
        return random.uniform(*database.timing.room)  # noqa: S311 - spreads load, guards nothing

    switched = full.what.ceiling in WAIT_FOR_PEOPLE

    async def work(tx: Transaction) -> None:
        held = await briefs.hold(tx, brief, full.what.ceiling)
        if brief.held != held.held:
            await record(tx, held.tenant, None, "brief.held", f"brief:{held.id}", ceiling=full.what.ceiling)
        await tell_client(tx, held, partial(cards.progress, held, tx.now), slot=progress_slot(held))
        if full.what.ceiling is Ceiling.SWITCH:  # the admins know
            return
        client = await people.by_id(tx.connection, held.tenant, held.client_id)
        show, key = partial(ceiling_reached, full.what, full.until), f"ceiling:{full.what.scope}:{full.what.limit}"
        if isinstance(full, RegionRefuses):  # each brief is told: that it waits may be against what was promised
            show, key = partial(region_refuses, full.region), f"brief:{held.id}:region"
        show = partial(show, brief_id=held.id, client=client.name)
        await notify_roles(tx, held.tenant, ADMINS, Topic.COSTS, show, key=key)

    if not (switched and brief.held == full.what.ceiling):
        with suppress(Stale):  # somebody moved it: its next step begins from there
            await database.write(work)
    if switched:
        return SWITCH_SECONDS
    left = LONGEST_HOLD if full.until is None else full.until - database.clock.now()
    seconds = max(0.0, min(left, LONGEST_HOLD).total_seconds())
    return seconds + random.uniform(0, SPREAD_SECONDS)  # noqa: S311 - spreads load, guards nothing


async def look_for_budget(database: Database, brief: Brief) -> Brief:
    """The brief as it goes on after it waited; where there is still no room, it waits again. Raises Stale."""

    async def work(tx: Transaction) -> Brief:
        free = await briefs.hold(tx, brief, None)
        await tell_client(tx, free, partial(cards.progress, free, tx.now), slot=progress_slot(free))
        return free

    return await database.write(work)
