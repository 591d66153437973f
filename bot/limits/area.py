"""The area wired up."""

from bot.limits.service import Barrier
from bot.limits.settings import LimitSettings


def build(settings: LimitSettings) -> Barrier:
    """The barrier by these settings."""
    return Barrier(settings.limits())
