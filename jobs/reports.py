"""Jobs that report."""

from datetime import datetime

from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from jobs.job import Job


async def daily_report(services: Services, tenant: str, due: datetime) -> str:
    """Send the report of the day before it was due; a second run for the same day sends nothing anew."""
    return await services.reports.sending.daily(tenant, due)


async def report_mail(services: Services, tenant: str, due: datetime) -> str:
    """Send the same report by mail; a second run for the same day sends nothing anew."""
    return await services.reports.sending.by_mail(tenant, due)


async def executive_brief(services: Services, tenant: str, due: datetime) -> str:
    """Send what matters on the day it was due; a second run for the same day sends nothing anew."""
    return await services.executive.send(tenant, due)


async def training_audit(services: Services, tenant: str, due: datetime) -> str:
    """Send what the automatic check learnt from, and whether it stands; a second run that day sends nothing anew."""
    return await services.training.send(tenant, due)


async def nps(services: Services, tenant: str) -> str:
    """Ask clients whose question waited a day for stars that did not come."""
    return await services.growth.nps.ask_due(tenant)


async def churn_risk(services: Services, tenant: str) -> str:
    """Look who is silent longer than is usual for them, and tell the admins of those at high risk."""
    return await services.growth.leaving.tell(tenant)


async def analytics(services: Services, tenant: str) -> str:
    """Keep what growth is today: new clients, who of them paid, what winning one costs and one brings, NPS."""
    return await services.growth.figures.keep(tenant)


async def revenue_insight(services: Services, tenant: str) -> str:
    """Compare the last seven days that are over with those before, and tell admins where it matters."""
    return await services.analytics.insight(tenant)


JOBS = (
    Job(
        "revenue_insight",
        N_("Compares the last seven days' revenue with the weeks before, and tells admins of an unusual change"),
        "5,35 * * * *",
        "report",
        60,
        revenue_insight,
        "tenant",
    ),
    Job(
        "analytics",
        N_("Notes each day's growth: new clients, who paid, CAC, LTV and NPS"),
        "15 * * * *",
        "report",
        120,
        analytics,
        "tenant",
    ),
    Job(
        "daily_report",
        N_("Yesterday in a few lines with a picture, to the admins by chat"),
        "0 9 * * *",
        "catch up",
        120,
        daily_report,
        "tenant at",
    ),
    Job(
        "report_mail",
        N_("Yesterday's report by mail to REPORT_RECIPIENTS, with its picture and as a PDF"),
        "45 7 * * *",
        "catch up",
        180,
        report_mail,
        "tenant at",
    ),
    Job(
        "executive_brief",
        N_("What matters today, to the admins by chat and to REPORT_RECIPIENTS: revenue, decisions, risks, incidents"),
        "0 8 * * *",
        "catch up",
        180,
        executive_brief,
        "tenant at",
    ),
    Job(
        "training_audit",
        N_("What the automatic check learnt from in the last week, and whether it stands, to admins and by mail"),
        "0 2 * * 1",
        "catch up",
        300,
        training_audit,
        "tenant at",
    ),
    Job(
        "churn_risk",
        N_("Looks which clients are silent longer than is usual for them, and tells admins who may leave"),
        "50 */2 * * *",
        "report",
        120,
        churn_risk,
        "tenant",
    ),
    Job(
        "nps",
        N_("Asks clients who paid and gave no stars within a day how likely they are to recommend the studio"),
        "20 * * * *",
        "report",
        120,
        nps,
        "tenant",
    ),
)
