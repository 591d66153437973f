"""The area wired up: its verbs, what it says happened, and what follows from corrections of the ledger."""

from collections.abc import Mapping

from bot.analytics.service import Analytics
from bot.core import Core
from bot.finance.service import Finance
from bot.kernel.events import Event, Reaction
from storage.analytics import daily
from storage.engine.database import Transaction
from storage.ledger import postings

EVENTS: Mapping[str, str] = {
    "store.mended": "Figures of past days did not agree with what they are sums of, and were made anew.",
    "store.exported": "An admin took the figures of all days along.",
}


def reactions() -> Mapping[str, Reaction]:
    """A correction may count for a day that is added up already."""
    return {"entry.corrected": _corrected}


async def _corrected(tx: Transaction, event: Event) -> None:
    made = await postings.by_id(tx.connection, event.tenant, event.data["by"])
    if made is not None and made.written_at is not None:
        await daily.forget(tx, event.tenant, made.posted_at)


def build(core: Core, finance: Finance) -> Analytics:
    """The area on what it stands on."""
    return Analytics(core.database, core.tenants, finance)
