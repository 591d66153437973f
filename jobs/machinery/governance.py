"""Jobs that hold figures against targets, look at policies, suggest, and send the week's evidence."""

from datetime import datetime

from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from jobs.job import Job


async def governance_loop(services: Services, tenant: str) -> str:
    """Hold the key figures of the last 30 days against their targets; more than 10 % off is an alert."""
    return await services.governance.verbs.compare(tenant)


async def governance_check(services: Services, tenant: str) -> str:
    """Look at every policy; each breach is an alert, which ends once it is mended."""
    return await services.governance.verbs.check(tenant)


async def governance_advice(services: Services, tenant: str) -> str:
    """Suggest what could be changed where a figure is off or a policy broken, with what 30 days would have been."""
    return await services.governance.verbs.advise(tenant)


async def audit_pack(services: Services, tenant: str, due: datetime) -> str:
    """Send the admins the week's evidence as a PDF; a second run for the same week sends nothing anew."""
    return await services.governance.packs.send(tenant, due)


JOBS = (
    Job(
        "governance_loop",
        N_("Holds key figures against their targets, and alerts admins of those far off"),
        "7,22,37,52 * * * *",
        "report",
        60,
        governance_loop,
        "tenant",
    ),
    Job(
        "governance_check",
        N_("Looks for broken policies: stale approvals, unused admin rights, self-dealing, budgets, refunds"),
        "25 * * * *",
        "report",
        60,
        governance_check,
        "tenant",
    ),
    Job(
        "governance_advice",
        N_("Suggests changes where figures are off or policies broken, with what 30 days would have been"),
        "40 */3 * * *",
        "report",
        120,
        governance_advice,
        "tenant",
    ),
    Job(
        "audit_pack",
        N_("Sends the week's evidence as a PDF: access, money, the quality check, incidents, backups, audit log"),
        "30 0 * * 1",
        "catch up",
        300,
        audit_pack,
        "tenant at",
    ),
)
