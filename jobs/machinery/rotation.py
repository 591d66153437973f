"""Jobs that keep secrets young."""

from bot.kernel.translation import gettext_noop as N_
from bot.rotation.model import Purpose
from bot.services import Services
from jobs.job import Job


async def secret_rotation(services: Services) -> str:
    """Replace the keys of ours that are due; those before them count for a while. Raises ProviderError."""
    return _said(await services.rotation.turn_due())


def _said(turned: list[Purpose]) -> str:
    names = ", ".join(one.value for one in turned)
    return f"{len(turned)} keys were replaced: {names}" if turned else "no key was due"


JOBS = (
    Job(
        "secret_rotation",
        N_("Replaces the keys that EchoPilot issues itself when they are due; those before count for a while"),
        "10 0 * * *",
        "catch up",
        60,
        secret_rotation,
    ),
)
