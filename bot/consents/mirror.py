"""What regions ask for and whether it is kept to, in the mirror; nobody is named there."""

from collections.abc import Sequence
from typing import Any

from bot.consents.model import Purpose, Region
from bot.mirror.model import HOURLY, KEY, Batch, Column, MirrorTable, RowId
from bot.mirror.service import iso, once
from storage.consents import consents, requests
from storage.engine.connection import Connection


async def row(connection: Connection, one: RowId) -> dict[str, Any] | None:
    """What the region's row holds now."""
    if one.name not in set(Region):
        return None
    region = Region(one.name)
    rules = (await consents.rules(connection, one.tenant))[region].rules
    given = await consents.given(connection, one.tenant)
    waits = [each for each in await requests.open_ones(connection, one.tenant) if each.region is region]
    due = sorted(rules.deadline(each.asked_at) for each in waits)
    return {
        "Region": region.value.upper() if region is not Region.NONE else "Elsewhere",
        "People": (await consents.counted(connection, one.tenant)).get(region, 0),
        "Consent": "asked first" if rules.asks_first else "until withdrawn",
        "Yes to questions": given.get((region, Purpose.QUESTIONS), 0),
        "Yes to improving": given.get((region, Purpose.IMPROVING), 0),
        "Retention, days": rules.retention_days,
        "Opt-out of sale": rules.sale_opt_out,
        "Models refused": ", ".join(sorted(rules.refused)),
        "Open requests": len(due),
        "Overdue": sum(each <= one.now for each in due),
        "Next deadline": iso(due[0]) if due else None,
    }


async def names(connection: Connection, batch: Batch) -> Sequence[str]:  # noqa: ARG001 - every table's shape
    """A row a region."""
    return once([region.value for region in Region], batch)


REGION_COMPLIANCE = MirrorTable(
    "Region Compliance",
    "region",
    {
        "Region": Column.TITLE,
        "People": Column.NUMBER,
        "Consent": Column.SELECT,
        "Yes to questions": Column.NUMBER,
        "Yes to improving": Column.NUMBER,
        "Retention, days": Column.NUMBER,
        "Opt-out of sale": Column.CHECKBOX,
        "Models refused": Column.TEXT,
        "Open requests": Column.NUMBER,
        "Overdue": Column.NUMBER,
        "Next deadline": Column.DATE,
        KEY: Column.TEXT,
    },
    row,
    names,
    ("region.rules_changed",),
    every=HOURLY,
)
