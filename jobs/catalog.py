"""What happens by itself: every scheduled job, once. The clock, /jobs and docs/jobs.md are made from this table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import Field, ValidationError

from bot.config.reading import ReadSettings
from bot.config.types import CronTimes
from bot.kernel.errors import InvalidSettings
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from bot.settings import Settings
from jobs import backups, finance, intake, money, ops, quality, reports, review, slo, support, watch
from jobs.job import Job
from jobs.machinery import audit, capacity, compliance, governance, healing, mirror, models, rotation, security

# The order in which jobs are listed, whichever of them there are; others stand behind these.
ORDER = (
    *("notion_intake", "uptime", "ops_sentinel", "alerts", "incident_scan", "incident_pager", "autoscale", "slo_guard"),
    *("slo_budget", "governance_loop", "revenue_insight", "incident_summary", "anomaly_detection", "heartbeat"),
    *("predictive_alerts", "governance_check", "observability_snapshot", "support_inbox", "slo_report"),
    *("predictive_scaling", "cost_guardrails", "analytics", "self_check", "churn_risk", "replica_sync"),
    *("predictive_maintenance", "governance_advice", "optimizer", "self_heal", "finance_reconcile", "payout_reconcile"),
    *("retry_failed", "warehouse_sync", "learning", "ops_digest", "secret_rotation", "backup", "cost_report"),
    *("payment_reconciliation", "backup_verify", "pricing_review", "compliance", "security_scan", "brief_processing"),
    *("daily_report", "dr_drill"),
)


@dataclass(frozen=True, slots=True)
class Group:
    """Jobs that /jobs lists together. title: to be translated."""

    name: str
    title: str
    jobs: tuple[Job, ...]


def _place(job: Job) -> int:
    return ORDER.index(job.name) if job.name in ORDER else len(ORDER)


def _group(name: str, title: str, *files: Sequence[Job]) -> Group:
    return Group(name, title, tuple(sorted((job for file in files for job in file), key=_place)))


SAFETY = (rotation.JOBS, security.JOBS, audit.JOBS, compliance.JOBS)
GROUPS: tuple[Group, ...] = (
    _group("work", N_("Briefs and messages"), intake.JOBS, review.JOBS, support.JOBS, quality.JOBS),
    _group("money", N_("Money"), money.JOBS, finance.JOBS),
    _group("reports", N_("Reports"), reports.JOBS, mirror.JOBS, governance.JOBS),
    _group("watch", N_("Alerts and load"), watch.jobs(lambda: JOBS), slo.JOBS, capacity.JOBS),
    _group("machinery", N_("System"), ops.JOBS, backups.JOBS, healing.JOBS, *SAFETY, models.JOBS),
)
JOBS: tuple[Job, ...] = tuple(sorted((job for group in GROUPS for job in group.jobs), key=_place))
BY_NAME: Mapping[str, Job] = {job.name: job for job in JOBS}
GROUP_OF: Mapping[str, Group] = {job.name: group for group in GROUPS for job in group.jobs}


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
