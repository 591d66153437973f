"""Jobs that put right what stands still, is left over, or was given up for what has passed since."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from bot.access.model import GRANTS, TENANT, Permission, Role
from bot.alerts.stopped import not_answering
from bot.areas import TABLES
from bot.briefs.model import PRODUCE
from bot.kernel.card import Card, Lines
from bot.kernel.tasks import Task
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.messages.service import ADMINS, notify_roles
from bot.messages.topics import Topic
from bot.mirror.service import compare
from bot.services import Services
from jobs.job import JOB_RUN, Job
from storage.briefs import attachments
from storage.core import job_runs, outbox
from storage.engine.database import Transaction
from storage.people import people
from storage.queue import failed_tasks, second_tries
from storage.review import claims
from storage.support import threads

STILL = timedelta(minutes=5)
LEFT = timedelta(days=1)  # a run that is older is history, and nobody waits for it
FAR = timedelta(
    days=2
)  # nothing is put off for longer: pauses between tries end at minutes, "try again after" at hours
DISCARDED = timedelta(days=1)  # what can be undone is so for seconds
MOST_TRIES = 3  # of what was given up, without a person
REST = timedelta(minutes=15)  # between giving up and the next try
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Remedy:
    """A kind of damage. mend: puts it right, and says of how many. what: how the job's record and its card call it."""

    what: str
    mend: Callable[[Services], Awaitable[int]]


async def carry_on(services: Services) -> tuple[int, Sequence[str]]:
    """Enqueue the task of whatever has not moved for five minutes although nothing should keep it.

    Enqueueing a task that is there already only brings it forward, and a task whose work is done passes on. Says of how
    many there was no task, and what areas say of theirs.
    """
    now = services.database.clock.now()
    async with services.database.reading() as connection:
        found = [await look(connection, now - STILL) for area in services.brought for look in area.stalled]
        given_up = await failed_tasks.subjects(connection, JOB_RUN)
        left = [one for one in await job_runs.left(connection, now - LEFT, now - STILL) if one not in given_up]
    carried = [task for stalled in found for task in stalled.tasks]
    runs = [Task(JOB_RUN, run_id) for run_id in left]

    async def work(tx: Transaction) -> tuple[int, int]:
        missing = [await services.queue.missing(tx.connection, *some) for some in (carried, runs)]
        await services.queue.enqueue(tx, *carried, *runs)
        return missing[0], missing[1]

    mended = await services.database.write(work) if carried or left else (0, 0)
    said = [stalled.words for stalled in found if stalled.words]
    return mended[0], [*said, f"{mended[1]} runs of jobs taken up again"] if mended[1] else said


async def _carry_on(services: Services) -> int:
    carried, _said = await carry_on(services)
    return carried


async def _end_claims(services: Services) -> int:
    """End claims that the reminders would never end: they let go of what is claimed, and show that."""
    ended = 0
    for tenant in await services.tenants.active():
        ended += await services.database.write(partial(_end_claims_in, tenant=tenant.name))
    return ended


async def _end_claims_in(tx: Transaction, tenant: str) -> int:
    decide, answer = [await _who(tx, tenant, may) for may in (Permission.DECIDE, Permission.ANSWER_CLIENTS)]
    return await claims.end_astray(tx, tenant, decide) + await threads.end_astray(tx, tenant, answer)


async def _who(tx: Transaction, tenant: str, may: Permission) -> list[int]:
    roles = [role for role in Role if may in GRANTS[role]]
    return [person.id for person in await people.with_roles(tx.connection, tenant, *roles)]


async def _bring_forward(services: Services) -> int:
    return len(await services.database.write(lambda tx: outbox.bring_forward(tx, tx.now + FAR)))


async def _forget_discarded(services: Services) -> int:
    return await services.database.write(lambda tx: attachments.forget_dropped(tx, tx.now - DISCARDED))


REMEDIES = (
    Remedy(N_("stuck work, continued"), _carry_on),
    Remedy(N_("claims of people who may no longer decide, ended"), _end_claims),
    Remedy(N_("messages delayed by a wrong clock, sent now"), _bring_forward),
    Remedy(N_("leftover discarded files, deleted"), _forget_discarded),
)


async def self_heal(services: Services) -> str:
    """Find each kind of damage, mend it and say so; and have the tables in Notion held against what they should be,
    by whatever writes them, which says what it mended.
    """
    mended = [(remedy.what, number) for remedy in REMEDIES if (number := await remedy.mend(services))]
    compared = 0
    if services.settings.notion_token is not None:
        for tenant in await services.tenants.active():
            tables = await services.database.write(partial(compare, tenant=tenant.name, tables=TABLES.values()))
            compared += len(tables)
    if mended:
        show = partial(_mended, mended)
        await services.database.write(lambda tx: notify_roles(tx, TENANT, ADMINS, Topic.TROUBLE, show))
    said = ", ".join(f"{number} {what}" for what, number in mended) or "nothing to mend"
    return f"{said}; {compared} tables of Notion are compared" if compared else said


def _mended(mended: Sequence[tuple[str, int]]) -> Card:
    lines = Lines(_("Self-heal · Repaired"))
    for what, n in mended:
        # Translators: {what} is such as "claims of people who may decide no more, ended".
        lines.add(_("{n}: {what}", n=n, what=_(what)))
    return Card(str(lines.add(_("Nothing is left to do. /job_self_heal shows its runs."))), silent=True)


async def retry_failed(services: Services) -> str:
    """Try again what was given up for something that passes by itself, three times at most; the rest waits for people.

    While a provider does not answer, nothing is tried.
    """
    now = services.database.clock.now()
    async with services.database.reading() as connection:
        silent = await not_answering(connection)
        due = await second_tries.due(connection, now - REST, MOST_TRIES, AT_ONCE)
    if silent and due:
        return f"{len(due)} wait until {' and '.join(silent)} can be reached"
    went_on = sum([await _again(services, one.tenant, one.task) for one in due])
    return f"{went_on} tried again, of {len(due)} that were given up for something that passes"


async def _again(services: Services, tenant: str, task: Task) -> bool:
    if task.kind == PRODUCE:
        goes_on = await services.briefs.failures.again(task.subject)
    else:
        goes_on = await services.alerts.failed_tasks.again(tenant, task)
    note = second_tries.tried if goes_on else second_tries.forget
    await services.database.write(lambda tx: note(tx, task))
    return goes_on


JOBS = (
    Job(
        "self_heal",
        N_("Repairs stuck work, claims that never end, messages delayed by a wrong clock, and tables in Notion"),
        "20 */6 * * *",
        "report",
        300,
        self_heal,
        vital=True,
    ),
    Job(
        "retry_failed",
        N_("Retries work that stopped for a passing reason, three times at most"),
        "30 */6 * * *",
        "report",
        300,
        retry_failed,
    ),
)
