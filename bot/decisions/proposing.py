"""The one way to propose something to admins: once, with what speaks for it, within the transaction that found out."""

from collections.abc import Collection
from functools import partial

from bot.access.model import Person
from bot.audit.service import record
from bot.decisions import cards
from bot.decisions.kinds import BY_NAME
from bot.decisions.model import Facts, Proposal, ProposalState
from bot.messages.service import ADMINS, notify, notify_roles
from bot.messages.topics import Topic
from storage.engine.database import Transaction
from storage.governance import proposals

TOPIC = Topic.QUALITY


async def propose(tx: Transaction, tenant: str, kind: str, key: str, facts: Facts) -> bool:
    """Propose it to the tenant's admins, each of whom has one message about it; False where it was proposed before.

    kind: which of `bot.decisions.kinds`; raises KeyError for one that there is not.
    """
    assert BY_NAME[kind]
    number = await proposals.add(tx, tenant, kind, key, facts)
    if number is None:
        return False
    await record(tx, tenant, None, "proposal.made", f"proposal:{number}", kind=kind)
    await show(tx, await held(tx, tenant, number))
    return True


async def decided(tx: Transaction, who: Person, kind: str, facts: Facts, *, adopted: bool) -> None:
    """Log what the person decided on a card of its own, where no reason is asked for; they are asked for it after."""
    number = await proposals.add(tx, who.tenant, kind, f"{kind}:{tx.now.isoformat()}", facts)
    if number is None:
        return
    state = ProposalState.ADOPTED if adopted else ProposalState.DECLINED
    await proposals.change(tx, await held(tx, who.tenant, number), state=state, decided_at=tx.now, decided_by=who.id)
    after = await held(tx, who.tenant, number)
    await record(tx, who.tenant, who, f"proposal.{state}", after.subject, thing=after)
    await notify(tx, who, TOPIC, partial(cards.card, after, may=True), slot=f"{after.subject}:{who.telegram_id}")


async def lapse(tx: Transaction, tenant: str, kinds: Collection[str], still: Collection[str]) -> int:
    """End those of these kinds that nobody decided on and that nothing speaks for any more; returns how many.

    still: how the keys begin of those that something does speak for.
    """
    stands = tuple(f"{key}:" for key in still)
    ours = [one for one in await proposals.all_open(tx.connection, tenant) if one.kind in kinds]
    gone = [one for one in ours if not one.key.startswith(stands)]
    for one in gone:
        await proposals.change(tx, one, state=ProposalState.LAPSED, decided_at=tx.now)
        await record(tx, tenant, None, "proposal.lapsed", one.subject)
        await show(tx, await held(tx, tenant, one.id))
    return len(gone)


async def held(tx: Transaction, tenant: str, number: int) -> Proposal:
    """The proposal as it is now in the transaction that wrote it."""
    proposal = await proposals.find(tx.connection, tenant, number)
    assert proposal is not None
    return proposal


async def show(tx: Transaction, proposal: Proposal) -> None:
    """Bring each admin's message about it up to date."""
    await notify_roles(
        tx, proposal.tenant, ADMINS, TOPIC, partial(cards.card, proposal, may=True), slot=proposal.subject
    )
