"""The head of the audit log's chain, in the mirror: who rewrites the log here has to rewrite what is kept there too."""

from collections.abc import Sequence
from typing import Any

from bot.mirror.model import HOURLY, KEY, Batch, Column, MirrorTable, RowId
from bot.mirror.service import iso, once
from storage.audit import seals
from storage.engine.connection import Connection

HEAD = "head"
ANCHORS = 30  # of the newest


async def row(connection: Connection, one: RowId) -> dict[str, Any] | None:
    """What the row of the newest entry, or of an anchor, holds."""
    if one.name == HEAD:
        head = await seals.head(connection, one.tenant)
        waiting, since = await seals.waiting(connection, one.tenant)
        if head is None:
            return None
        anchor, key = head
        return _cells("Newest entry", anchor.place, anchor.link.hex()) | {
            "Key": key,
            "Not sealed yet": waiting,
            "Seen": iso(since),
        }
    anchors = await seals.anchors(connection, one.tenant, ANCHORS)
    found = next((anchor for anchor in anchors if anchor.place == one.number), None)
    if found is None:
        return None
    return _cells(f"Anchor {found.place}", found.place, found.link.hex()) | {"Seen": iso(found.at)}


def _cells(what: str, place: int, link: str) -> dict[str, Any]:
    return {"What": what, "Entries": place, "Link": link, "Key": "", "Not sealed yet": None}


async def names(connection: Connection, batch: Batch) -> Sequence[str]:
    """The newest entry and the newest anchors; older rows stay as they are."""
    anchors = await seals.anchors(connection, batch.tenant, ANCHORS)
    return once([HEAD, *(str(anchor.place) for anchor in anchors)], batch)


GOVERNANCE = MirrorTable(
    "Governance",
    "audit",
    {
        "What": Column.TITLE,
        "Entries": Column.NUMBER,
        "Link": Column.TEXT,
        "Key": Column.TEXT,
        "Not sealed yet": Column.NUMBER,
        "Seen": Column.DATE,
        KEY: Column.TEXT,
    },
    row,
    names,
    every=HOURLY,
)
