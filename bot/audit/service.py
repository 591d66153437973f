"""The one door for what happened: the event, the audit row of who did it, and what follows from it."""

from typing import Any

from bot.access.model import Person
from bot.kernel.events import Event
from storage.audit import entries
from storage.core import events
from storage.engine.database import Transaction


async def record(
    tx: Transaction,
    tenant: str,
    who: Person | None,
    name: str,
    subject: str,
    *,
    audited: str | None = None,
    thing: object = None,
    **data: Any,
) -> None:
    """Write down that something happened, and by whom; then have the other areas react, in this transaction.

    name: "brief.delivered". The event is kept as "delivered", since its subject says of what.
    who: None where no person did it, and there is nothing to audit.
    audited: what the audit row names, where the subject alone would say too little ("person:1007:operator").
    data: "before" and "after" stand in the audit row too, which cannot be erased: never a person's words.
    thing: the subject itself, as it is now, for whoever reacts.
    """
    await events.add_event(tx, tenant, subject, name.partition(".")[2], who.id if who else None, **data)
    if who is not None:
        changed = (_short(data.get("before")), _short(data.get("after")))
        await entries.add(tx, tenant, name, audited or subject, person_id=who.id, changed=changed)
    happened = Event(tenant, name, subject, data, thing)
    for reaction in tx.reactions.get(name, ()):
        await reaction(tx, happened)


def _short(value: object) -> str | None:
    return str(value) if isinstance(value, str | int) else None
