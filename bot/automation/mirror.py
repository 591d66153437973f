"""The Automation Queue at Notion: people fill in a row and tick it; it becomes a brief, and shows how that goes."""

from collections.abc import Sequence
from typing import Any

from bot.automation.model import (
    BRIEF,
    CHANGED,
    CLIENT,
    CURRENCY,
    EMAIL,
    FILLED_IN,
    NOTE,
    NUMBER,
    PRICE,
    RESULT,
    STATE,
    TASK,
    TRIGGER,
    TYPE,
    QueueRow,
)
from bot.briefs.model import Brief, State
from bot.briefs.standing import short_standing
from bot.growth.mirror import CLIENT as CLIENTS
from bot.kernel.errors import Refusal
from bot.mirror.model import KEY, Batch, Column, Emptied, MirrorTable, RowId
from bot.mirror.service import iso
from bot.privacy.model import NO_TITLE
from storage.automation import queue_rows
from storage.billing import invoices as billing
from storage.briefs import briefs, drafts
from storage.engine.connection import Connection

NEEDS_YOU = "needs you"
WAITS_FOR_YES = "waits for the client's yes"
DONE = frozenset({State.DELIVERED, State.INVOICED, State.PAID})


async def row(connection: Connection, one: RowId) -> dict[str, Any] | None:
    """What the row holds now, with what people filled in where it has to be made anew."""
    kept = await queue_rows.get(connection, one.tenant, one.number)
    if kept is None:
        return None
    cells: dict[str, Any] = {STATE: NEEDS_YOU, NOTE: kept.note}
    if kept.clears:
        cells[TRIGGER] = False
    brief = await _brief(connection, kept)
    if brief is None:
        return cells
    cells |= await _of_brief(connection, brief)
    return Emptied(cells | {EMAIL: None}) if (brief.title, brief.text) == (NO_TITLE, "") else cells


async def _brief(connection: Connection, kept: QueueRow) -> Brief | None:
    try:
        return (kept.brief_number and await briefs.get(connection, kept.tenant, kept.brief_number)) or None
    except Refusal:
        return None


async def _of_brief(connection: Connection, brief: Brief) -> dict[str, Any]:
    invoice = await billing.invoice_of(connection, brief.tenant, brief.id)
    result = ""
    if brief.state in DONE and brief.draft_id is not None:
        result = (await drafts.get_draft(connection, brief.tenant, brief.draft_id)).text
    return {
        TASK: brief.title,
        BRIEF: brief.text,
        PRICE: float(brief.price.decimal),
        CURRENCY: brief.price.currency,
        STATE: WAITS_FOR_YES if brief.is_quote else short_standing(brief.state, invoice),
        NUMBER: None if brief.is_quote else brief.id,
        RESULT: result,
        CHANGED: iso(brief.updated_at),
    }


async def names(connection: Connection, batch: Batch) -> Sequence[str]:
    """Every row that was ticked."""
    return [str(one) for one in await queue_rows.behind(connection, batch.tenant, batch.behind, batch.limit)]


QUEUE = MirrorTable(
    "Automation Queue",
    "row",
    {
        TASK: Column.TITLE,
        BRIEF: Column.TEXT,
        CLIENT: Column.RELATION,
        EMAIL: Column.EMAIL,
        TYPE: Column.SELECT,
        PRICE: Column.NUMBER,
        CURRENCY: Column.SELECT,
        TRIGGER: Column.CHECKBOX,
        STATE: Column.SELECT,
        NUMBER: Column.NUMBER,
        RESULT: Column.TEXT,
        NOTE: Column.TEXT,
        CHANGED: Column.DATE,
        KEY: Column.TEXT,
    },
    row,
    names,
    relations={CLIENT: CLIENTS},
    theirs=frozenset(FILLED_IN),
)
