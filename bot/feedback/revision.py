"""The brief by which delivered work is made anew, whether for nothing or at a price."""

from bot.briefs.model import Brief, State, title_of
from bot.kernel.money import Money
from storage.briefs import briefs, drafts
from storage.engine.database import Transaction


async def add_revision(
    tx: Transaction, brief: Brief, source_key: str, title: str, note: str, price: Money
) -> tuple[Brief, bool]:
    """Add the brief, straight into drafting, with the delivered text as its first draft; and whether it is new.

    Where there is one by that key, it is what comes back, and nothing is added.
    """
    values = {
        "tenant": brief.tenant,
        "client_id": brief.client_id,
        "chat_id": brief.chat_id,
        "topic": brief.topic,
        "task_type": brief.task_type,
        "title": title_of(title),
        "text": brief.text,
        "state": State.QUEUED,
        "qa_target": brief.qa_target,
        "language": brief.language,
        "file_format": brief.file_format or None,
        "price_minor": price.minor,
        "currency": price.currency,
        "note": note,
        "attempt": 2,  # the first is the delivered text
        "revision_of": brief.id,
    }
    revision, new = await briefs.add(tx, source_key, values)
    if new:
        assert brief.draft_id is not None
        delivered = await drafts.get_draft(tx.connection, brief.tenant, brief.draft_id)
        await drafts.add_draft(tx, revision, 1, delivered.text, delivered.model)
    return revision, new
