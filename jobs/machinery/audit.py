"""Jobs of the audit log's chain."""

from bot.access.model import TENANT
from bot.audit import cards
from bot.audit.model import Anchored, in_a_line
from bot.kernel.errors import EchoPilotError
from bot.kernel.translation import gettext_noop as N_
from bot.messages.mails import MAIL
from bot.services import Services
from jobs.job import Job
from storage.core import outbox
from storage.engine.database import Transaction

WHOLE_AT = 2  # the hour, by UTC, at which all of it is checked


class Tampered(EchoPilotError):
    """The audit log is not as it was written."""


async def audit_seal(services: Services) -> str:
    """Seal what was written since. Raises NoKey."""
    return f"{await services.chain.seal()} entries were sealed"


async def audit_anchor(services: Services) -> str:
    """Check what came since the last anchor, once a day all of it, and keep elsewhere how far each chain goes.

    Raises NoKey, or Tampered; then nothing is anchored.
    """
    await services.chain.seal()
    whole, checked = services.database.clock.now().hour == WHOLE_AT, 0
    for tenant in [one.tenant for one in await services.chain.anchors()]:
        found = await services.chain.check(tenant, since_anchor=not whole)
        checked += found.verdict.entries
        if found.verdict.fault is not None:
            raise Tampered(f"{cards.fault(found.verdict.fault)} ({tenant})")
    anchors, new = await services.chain.anchor()
    if new and services.settings.sends_mail:
        await services.database.write(lambda tx: _mail(tx, services, anchors))
    return f"{checked} entries are as they were written; {new} chains went on and are anchored"


async def _mail(tx: Transaction, services: Services, anchors: list[Anchored]) -> None:
    words = in_a_line(anchors)
    for address in services.settings.audit_anchor_mail:
        mail = {"subject": "EchoPilot, audit log", "text": f"{words}\n"}
        await outbox.add(tx, TENANT, MAIL, address, mail, key=f"audit:{words}:{address}")


JOBS = (
    Job(
        "audit_seal",
        N_("Seals new entries of the audit log into its chain"),
        "* * * * *",
        "catch up",
        300,
        audit_seal,
        vital=True,
    ),
    Job(
        "audit_anchor",
        N_("Checks the audit log, and keeps elsewhere how far it goes"),
        "17 * * * *",
        "catch up",
        900,
        audit_anchor,
        vital=True,
    ),
)
