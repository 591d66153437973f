"""Jobs that keep to what the law asks for of people's data."""

from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from jobs.job import Job


async def compliance(services: Services, tenant: str) -> str:
    """Delete what the rules of where people live keep no longer. Raises ProviderError."""
    return await services.compliance.tidy(tenant)


async def compliance_deadlines(services: Services, tenant: str) -> str:
    """Work off requests about people's data, and remind admins before a deadline passes."""
    return await services.compliance.deadlines(tenant)


JOBS = (
    Job(
        "compliance",
        N_("Deletes files and messages of ended work that the rules of where their people live keep no longer"),
        "0 3 * * 0",
        "catch up",
        600,
        compliance,
        "tenant",
    ),
    Job(
        "compliance_deadlines",
        N_("Answers requests about people's data, reminds admins of deadlines, and asks people where they live"),
        "0 5 * * *",
        "catch up",
        600,
        compliance_deadlines,
        "tenant",
    ),
)
