"""The area wired up: its verbs, what it says happened, and how it follows decisions."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core import Core
from bot.decisions.model import Proposal
from bot.governance.mirror import GOVERNANCE
from bot.governance.model import BY_NAME
from bot.governance.packs.sending import Packs, Sources
from bot.governance.policies import DEEDS
from bot.governance.service import Governance, Settings, put
from bot.kernel.events import Event, Reaction
from storage.engine.database import Transaction
from storage.governance import targets
from storage.people import people

EVENTS: Mapping[str, str] = {"kpi.set": "An admin set what a key figure should be, or that it has no target."}
MIRRORS = (GOVERNANCE,)


@dataclass(frozen=True, slots=True)
class Verbs:
    """Key figures and policies; the week's evidence."""

    verbs: Governance
    packs: Packs


def build(core: Core, settings: Settings, commands: frozenset[str], sources: Sources) -> Verbs:
    """The area on what it stands on. commands: those for admins alone, as the audit log calls them."""
    verbs = Governance(core.database, core.tenants, settings, DEEDS | commands)
    return Verbs(verbs, Packs(core.database, core.tenants, verbs, sources))


def reactions() -> Mapping[str, Reaction]:
    """A target that was adopted counts at once."""
    return {"proposal.adopted": _adopted}


async def _adopted(tx: Transaction, event: Event) -> None:
    proposal = event.thing
    if not isinstance(proposal, Proposal) or proposal.kind != "kpi_target" or proposal.decided_by is None:
        return
    who, kpi = await people.find(tx.connection, event.tenant, proposal.decided_by), BY_NAME[str(proposal.facts["kpi"])]
    if who is not None:
        before = (await targets.all_of(tx.connection, event.tenant)).get(kpi.name)
        currency = str(proposal.facts["new_value"]).rpartition(" ")[2]
        await put(tx, who, kpi, int(proposal.facts["amount"]), currency, before and before[0].amount)
