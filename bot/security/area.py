"""The area wired up: its verbs, and what it says happened."""

from collections.abc import Mapping
from typing import Any

from bot.core import Core
from bot.kernel.events import Event, Reaction
from bot.ops.version import ROOT, Version
from bot.security.ports import Advisories, Certificates
from bot.security.service import Security
from bot.security.unusual import role_given
from storage.engine.database import Transaction

EVENTS: Mapping[str, str] = {
    "packages.checked": "Every installed package was looked up in the lists of known vulnerabilities.",
    "packages.unchecked": "That could not be done, for the first time.",
}


def reactions() -> Mapping[str, Reaction]:
    """A role that is given at night is looked at."""
    return {"person.role_changed": _role_given, "invite.redeemed": _role_given}


async def _role_given(tx: Transaction, event: Event) -> None:
    await role_given(tx, event)


def build(core: Core, settings: Any, version: Version, advisories: Advisories, certificates: Certificates) -> Security:
    """The area on what it stands on."""
    return Security(core.database, settings, version, advisories, certificates, ROOT / "requirements.txt")
