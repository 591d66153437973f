"""Whether a job runs at its times: what the rows say, held against what its cron says."""

from datetime import datetime, timedelta

from apscheduler.triggers.cron import CronTrigger

from bot.config.cron import next_time
from jobs.job import Job
from storage.core.job_runs import Run

GRACE = timedelta(seconds=55)  # a run that was due less long ago may be about to begin; alerts look each five minutes


def late_since(job: Job, trigger: CronTrigger, newest: Run | None, now: datetime) -> datetime | None:
    """Since when a run is missing: it did not begin, does not end, or was not even recorded. None: all is in order.

    newest: the job's newest run; where there is none, the clock has never seen the job, and nothing can be said.
    """
    if newest is None or newest.scheduled_at > now + GRACE:  # the latter by a clock that was ahead
        return None
    if newest.state == "waiting":
        begins = max(newest.scheduled_at, newest.recorded_at or newest.scheduled_at)  # later where it is caught up
        return begins if now - begins > GRACE else None
    if newest.state == "running" and newest.started_at is not None:
        ends = newest.started_at + timedelta(seconds=job.timeout)
        return ends if now - ends > GRACE else None
    due = next_time(trigger, newest.scheduled_at + timedelta(microseconds=1))
    return due if due is not None and now - due > GRACE else None
