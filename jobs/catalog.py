"""What happens by itself: every scheduled job, once. The clock, /jobs and docs/jobs.md are made from this table."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import Field, ValidationError

from bot.config.reading import ReadSettings
from bot.config.types import CronTimes
from bot.kernel.errors import InvalidSettings
from bot.services import Services
from bot.settings import Settings
from jobs import (
    daily_report,
    heartbeat,
    invoice_sweep,
    janitor,
    learning,
    model_shutdowns,
    retention,
    review_reminders,
)

Misfire = Literal["catch up", "report"]


@dataclass(frozen=True, slots=True)
class Job:
    """A scheduled job.

    cron: when, UTC, in five fields; the setting JOB_TIMES may say otherwise.
    misfire: a time that passed while nothing ran is caught up (once, for the latest), or reported as missed.
    timeout: seconds that a run may take. `run` returns a line that says what it did.
    """

    name: str
    summary: str
    cron: str
    misfire: Misfire
    timeout: float
    run: Callable[[Services], Awaitable[str]]


JOBS: tuple[Job, ...] = (
    Job(
        "janitor",
        "Carries stalled work on, asks Stripe about invoices of unknown outcome, and finds messages that wait too long",
        "*/5 * * * *",
        "report",
        120,
        janitor.run,
    ),
    Job("heartbeat", "Proves that the whole chain is alive, to an outside dead-man's switch", "0 * * * *", "report", 60,
        heartbeat.run),
    Job("retention", "Deletes handled updates, sent messages and old runs past RETENTION_DAYS", "0 5 * * *", "catch up",
        600, retention.run),
    Job("daily_report", "Yesterday in five lines, to the admins by chat and mail", "0 9 * * *", "catch up", 120,
        daily_report.run),
    Job("review_reminders", "Reminds people of drafts that nobody decides on, rung by rung, and ends claims in time",
        "*/5 * * * *", "report", 120, review_reminders.run),
    Job("learning", "Holds each line against what people decided, and proposes another where that speaks for it",
        "40 */12 * * *", "report", 300, learning.run),
    Job("invoice_sweep", "Asks Stripe how unpaid invoices stand, for fees not known yet, and for refunds and disputes",
        "25 * * * *", "report", 300, invoice_sweep.run),
    Job("model_shutdowns", "Reads until when each model is there that a setting names, and tells admins 60 days ahead",
        "20 6 * * *", "catch up", 60, model_shutdowns.run),
)  # fmt: skip
BY_NAME: Mapping[str, Job] = {job.name: job for job in JOBS}


class Times(ReadSettings):
    """JOB_TIMES alone, where other settings keep all of them from being read."""

    job_times: CronTimes = Field(default={}, description="See `bot.settings.Settings`.")


def check_times(settings: Settings) -> None:
    """Raise InvalidSettings where JOB_TIMES names a job that there is not."""
    if unknown := _unknown(settings.job_times):
        raise InvalidSettings(unknown)


def unknown_times() -> list[str]:
    """The same as sentences, also where other settings are wrong; none where JOB_TIMES cannot be read at all."""
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
