"""Jobs that make backups, prove them, and keep them in two places."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.backups.model import Trial
from bot.backups.ports import Busy
from bot.kernel.text.words import count
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from jobs import money
from jobs.job import Job

MB = 1_000_000
T = TypeVar("T")


async def backup(services: Services) -> str:
    """Make a backup, and delete those whose time is over."""
    made = await _in_turn(services, services.backups.backups.make)
    over = await services.backups.backups.tidy()
    how = "encrypted" if made.sealed_for else "not encrypted, as BACKUP_PUBLIC_KEY is not set"
    return f"{made.name}, {made.size / MB:.1f} MB, {sum(made.rows.values())} rows, {how}; {over} old ones deleted"


async def backup_verify(services: Services) -> str:
    """Restore the newest backup elsewhere and look it through."""
    return _sound(await _in_turn(services, services.backups.backups.verify))


async def replica_sync(services: Services) -> str:
    """Copy the newest backup that was found sound to the second place."""
    return await services.backups.backups.replicate()


async def dr_drill(services: Services) -> str:
    """Restore the newest backup as if this machine were lost."""
    return _sound(await _in_turn(services, services.backups.backups.drill))


async def after_restore(services: Services, restore_id: int) -> None:
    """Ask the payment provider what it knows by now, and have admins decide on what waits."""
    await services.backups.holding.begin(restore_id)
    said = [await money.invoice_sweep(services), await money.finance_reconcile(services)]
    await services.backups.holding.asked(restore_id, "; ".join(said))


async def _in_turn(services: Services, do: Callable[[], Awaitable[T]]) -> T:
    """Do it once no other backup is made or tried, which may take as long as the run: after a long stop all are due at
    the same time.
    """
    while True:
        try:
            return await do()
        except Busy:
            await asyncio.sleep(services.database.timing.turn)


def _sound(trial: Trial | None) -> str:
    if trial is None:
        return "there is no backup to try yet; the job backup makes one"
    steps = count(len(trial.steps), "check")
    return f"{trial.backup} from the {trial.place} is sound: {steps} in {trial.took.total_seconds():.0f} s"


JOBS = (
    Job(
        "backup",
        N_("Backs up the database, compressed and encrypted; deletes backups past 30 days and 12 months"),
        "30 0 * * *",
        "catch up",
        7_200,
        backup,
    ),
    Job(
        "backup_verify",
        N_("Restores last night's backup into a database of its own and checks it"),
        "30 2 * * *",
        "catch up",
        7_200,
        backup_verify,
    ),
    Job(
        "replica_sync",
        N_("Copies the newest checked backup to the second place and reads it back"),
        "45 */2 * * *",
        "report",
        7_200,
        replica_sync,
    ),
    Job(
        "dr_drill",
        N_("Restores the newest backup as if this machine were lost, and reports the minutes it took"),
        "0 1 * * 0",
        "catch up",
        7_200,
        dr_drill,
    ),
)
