"""Jobs that look for what is weak."""

from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from jobs.job import Job


async def security_scan(services: Services) -> str:
    """Look at files, secrets, people, packages, certificate and settings; each finding is an alert with its fix."""
    return await services.security.scan()


JOBS = (
    Job(
        "security_scan",
        N_("Finds files open to everybody, old secrets, weak settings, vulnerable packages and expiring certificates"),
        "0 6 * * *",
        "catch up",
        300,
        security_scan,
        vital=True,
    ),
)
