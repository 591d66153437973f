"""What happens by itself: every scheduled job, once. The clock, /jobs and docs/jobs.md are made from this table."""

from collections.abc import Mapping

from pydantic import Field, ValidationError

from bot.config.reading import ReadSettings
from bot.config.types import CronTimes
from bot.kernel.errors import InvalidSettings
from bot.services import Services
from bot.settings import Settings
from jobs import backups, finance, intake, models, money, ops, quality, reports, review, support
from jobs.job import Job

JOBS: tuple[Job, ...] = (
    *ops.JOBS,
    *reports.JOBS,
    *review.JOBS,
    *support.JOBS,
    *quality.JOBS,
    *money.JOBS,
    *finance.JOBS,
    *models.JOBS,
    *intake.JOBS,
    *backups.JOBS,
)
BY_NAME: Mapping[str, Job] = {job.name: job for job in JOBS}


class Times(ReadSettings):
    """JOB_TIMES alone, where other settings keep all of them from being read."""

    job_times: CronTimes = Field(default={}, description="See `bot.settings.Settings`.")


def check_times(settings: Settings) -> None:
    """Raise InvalidSettings where JOB_TIMES names a job that there is not."""
    if unknown := _unknown(settings.job_times):
        raise InvalidSettings(unknown)


def unknown_times() -> list[str]:
    """Say what `check_times` refuses, also where other settings are wrong; none where JOB_TIMES cannot be read."""
    try:
        return _unknown(Times().job_times)
    except ValidationError:
        return []


def _unknown(times: Mapping[str, str]) -> list[str]:
    names = ", ".join(BY_NAME)
    return [f"JOB_TIMES: there is no job {name}; there are {names}." for name in times if name not in BY_NAME]


def cron_of(job: Job, services: Services) -> str:
    """The job's times, as set or as they come."""
    return services.settings.job_times.get(job.name, job.cron)
