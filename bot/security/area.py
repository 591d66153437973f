"""The area wired up: its verbs, and what it says happened."""

from collections.abc import Mapping
from typing import Any

from bot.core import Core
from bot.ops.version import ROOT, Version
from bot.security.ports import Advisories, Certificates
from bot.security.service import Security

EVENTS: Mapping[str, str] = {
    "packages.checked": "Every installed package was looked up in the lists of known vulnerabilities.",
    "packages.unchecked": "That could not be done, for the first time.",
}


def build(core: Core, settings: Any, version: Version, advisories: Advisories, certificates: Certificates) -> Security:
    """The area on what it stands on."""
    return Security(core.database, settings, version, advisories, certificates, ROOT / "requirements.txt")
