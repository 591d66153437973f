"""The area wired up: its verbs, and what it says happened."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from bot.consents.mirror import REGION_COMPLIANCE
from bot.consents.service import Consents
from bot.core import Core

MIRRORS = (REGION_COMPLIANCE,)
EVENTS: Mapping[str, str] = {
    "consent.given": "Somebody allowed a use of their data.",
    "consent.withdrawn": "Somebody said no to it, at once or later.",
    "region.asked": "A client was asked where they live.",
    "region.chosen": "Somebody said where they live.",
    "region.rules_changed": "An admin changed what holds for a region's people.",
}


def build(core: Core, models_url: str) -> Consents:
    """The area on what it stands on. models_url: where the models are called."""
    return Consents(core, urlsplit(models_url).hostname or models_url)
