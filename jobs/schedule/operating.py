"""Jobs as people operate them: how each stands, and running it; `jobs.machinery.pauses` holds one back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Literal

from bot.access.model import TENANT, Permission, Person
from bot.config.cron import next_time
from bot.kernel.text.words import duration
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from jobs.catalog import JOBS
from jobs.job import Job
from jobs.machinery.lateness import late_since
from jobs.schedule.clock import run_now, trigger_of
from storage.core import job_runs
from storage.core.job_runs import Pause as Pause
from storage.core.job_runs import Run as Run
from storage.engine.connection import Connection
from storage.people import people

Trouble = Literal["failed", "late", "missed", "paused"]
LOOKED_AT = 30  # runs, for how long one usually takes
INSTALLED = "installed"
# How a run stands, by its name in the rows.
STATES = {
    INSTALLED: N_("put on the schedule"),
    "waiting": N_("waiting"),
    "running": N_("running"),
    "done": N_("done"),
    "failed": N_("failed"),
    "missed": N_("missed"),
    "paused": N_("paused"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a job stands: its newest run, when it runs next, its pause if it is paused and the name of who paused it, and
    since when a run is missing.
    """

    job: Job
    last: Run | None
    following: datetime | None
    paused: Pause | None
    by: str
    late: datetime | None

    @property
    def trouble(self) -> Trouble | None:
        """What a person should look at; of a pause only where nothing else does the job's work."""
        if self.paused is not None:
            return "paused" if self.job.vital else None
        if self.late is not None:
            return "late"
        match self.last.state if self.last is not None else None:
            case "failed":
                return "failed"
            case "missed":
                return "missed"
        return None


@dataclass(frozen=True, slots=True)
class Past:
    """A job's newest runs, newest first. ended: how long those took that came to an end; failed: how many failed."""

    runs: Sequence[Run]

    @property
    def ended(self) -> Sequence[timedelta]:
        """How long each took."""
        times = ((run.started_at, run.finished_at) for run in self.runs)
        return [end - start for start, end in times if start is not None and end is not None]

    @property
    def usual(self) -> timedelta:
        """What half of those that ended took at most; there is one at least."""
        return timedelta(seconds=median(took.total_seconds() for took in self.ended))

    @property
    def failed(self) -> int:
        """How many failed."""
        return sum(run.state == "failed" for run in self.runs)


async def all_of(who: Person, services: Services) -> Sequence[Standing]:
    """Every job that runs for them, in the catalogue's order."""
    who.require(Permission.RUN_JOBS)
    return await standing(services, who.tenant)


async def standing(services: Services, tenant: str) -> Sequence[Standing]:
    """How every job that runs for the tenant stands."""
    async with services.database.reading() as connection:
        latest = await job_runs.latest(connection, tenant)
        pauses = await _pauses(connection, tenant)
    theirs = [job for job in JOBS if job.runs_for(tenant)]
    return [_standing(job, latest.get(job.name), pauses, services) for job in theirs]


async def last_done(services: Services, names: Sequence[str]) -> Mapping[str, datetime]:
    """When each of these jobs of the installation last ended well; one that never did is not among them."""
    async with services.database.reading() as connection:
        return {name: at for name in names if (at := await job_runs.last_done(connection, TENANT, name)) is not None}


async def one(who: Person, services: Services, job: Job) -> tuple[Standing, Past, Sequence[Run]]:
    """A job, its newest runs, and for whom looks after the installation the newest of each other tenant."""
    who.require(Permission.RUN_JOBS)
    async with services.database.reading() as connection:
        runs = await job_runs.history(connection, who.tenant, job.name, LOOKED_AT)
        pauses = await _pauses(connection, who.tenant)
        newest = await job_runs.newest_by_tenant(connection, job.name) if who.tenant == TENANT else []
    others = [run for run in newest if run.tenant != who.tenant]
    return _standing(job, next(iter(runs), None), pauses, services), Past(runs), others


async def _pauses(connection: Connection, tenant: str) -> Mapping[str, tuple[Pause, str]]:
    """The tenant's pauses by job, each with the name of who paused it."""
    found = {job: pause for (whose, job), pause in (await job_runs.pauses(connection)).items() if whose == tenant}
    names = await people.by_ids(connection, tenant, {pause.by for pause in found.values()}) if found else {}
    return {job: (pause, names[pause.by].name if pause.by in names else "") for job, pause in found.items()}


def _standing(job: Job, last: Run | None, pauses: Mapping[str, tuple[Pause, str]], services: Services) -> Standing:
    now, trigger = services.database.clock.now(), trigger_of(job, services)
    pause, by = pauses.get(job.name, (None, ""))
    paused = pause if pause is not None and pause.until > now else None
    return Standing(job, last, next_time(trigger, now), paused, by, late_since(job, trigger, last, now))


async def run(who: Person, services: Services, job: Job) -> None:
    """Run the job now, besides its times."""
    who.require(Permission.RUN_JOBS)
    await run_now(services, job, who.tenant)


def how(run: Run | None) -> str:
    """How a run ended, and how long it took: "done in 2 s"."""
    if run is None or run.state == INSTALLED:
        return _("has not run yet")
    if run.started_at is None or run.finished_at is None:
        return in_words(run.state)
    took = duration(run.finished_at - run.started_at)
    return _("{state} in {time}", state=in_words(run.state), time=took)


def in_words(state: str) -> str:
    """How a run stands: "failed"."""
    return _(STATES.get(state, state))
