"""What the ledger's own lines of a time add up to, as a whole and by type and client; nothing else is added up."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select

from bot.finance.model import ACCOUNTS, BY_HAND, WEIGHT, Part
from bot.invoices.model import brief_of
from bot.ledger.model import Account
from storage.engine.connection import Connection
from storage.engine.types import unindexed
from storage.ledger.postings import exact_sum, whole
from storage.tables.billing import invoices, payment_mismatches
from storage.tables.briefs import briefs
from storage.tables.ledger import posting_lines, postings
from storage.tables.models import model_calls
from storage.tables.money.refunds import refunds

AT_ONCE = 500
COUNTED = [account.value for account in (*ACCOUNTS, Account.RECEIVABLE)]
DAY = timedelta(days=1)
Counts = dict[tuple[str, str, str, str], int]  # by part, name, account and currency
_OF_TIME = (
    postings.c.tenant == bindparam("its_tenant"),
    postings.c.posted_at >= bindparam("since"),
    postings.c.posted_at < bindparam("until"),
    posting_lines.c.account.in_(bindparam("accounts", expanding=True)),
)
_SUMS = exact_sum(posting_lines.c.amount_minor)
_LINES = posting_lines.join(postings, postings.c.id == posting_lines.c.posting_id)
_WHOLE = select(posting_lines.c.account, posting_lines.c.currency, *_SUMS).select_from(_LINES).where(*_OF_TIME)
_WHOLE = _WHOLE.group_by(posting_lines.c.account, posting_lines.c.currency)
# In the order of an index of references they would be grouped without sorting, by walking all that there ever was.
_REFERENCE = unindexed(postings.c.reference)
_ABOUT = select(_REFERENCE.label("reference"), posting_lines.c.account, posting_lines.c.currency, *_SUMS)
_ABOUT = _ABOUT.select_from(_LINES).where(*_OF_TIME)
_ABOUT = _ABOUT.group_by(_REFERENCE, posting_lines.c.account, posting_lines.c.currency)
_INVOICES = select(invoices.c.id, invoices.c.client_id, invoices.c.subject)
_INVOICES = _INVOICES.where(
    invoices.c.id.in_(bindparam("those", expanding=True)), unindexed(invoices.c.tenant) == bindparam("its_tenant")
)
_BRIEFS = select(briefs.c.id, briefs.c.client_id, briefs.c.task_type)
_BRIEFS = _BRIEFS.where(
    briefs.c.id.in_(bindparam("those", expanding=True)), unindexed(briefs.c.tenant) == bindparam("its_tenant")
)
_REFUNDS = select(refunds.c.stripe_id, refunds.c.invoice_id)
_REFUNDS = _REFUNDS.where(
    refunds.c.stripe_id.in_(bindparam("those", expanding=True)), unindexed(refunds.c.tenant) == bindparam("its_tenant")
)
_ENTRIES = select(postings.c.id, postings.c.reference).where(
    postings.c.tenant == bindparam("its_tenant"), postings.c.id.in_(bindparam("those", expanding=True))
)
_DISPUTE = (
    select(payment_mismatches.c.invoice_id)
    .where(payment_mismatches.c.tenant == bindparam("its_tenant"))
    .where(payment_mismatches.c.key >= bindparam("first"), payment_mismatches.c.key < bindparam("past"))
    .limit(1)
)
_CALLS = select(model_calls.c.brief_id, func.sum(model_calls.c.cost_micro_usd)).where(
    model_calls.c.tenant == bindparam("its_tenant"),
    model_calls.c.created_at >= bindparam("since"),
    model_calls.c.created_at < bindparam("until"),
)
_CALLS = _CALLS.group_by(model_calls.c.brief_id)


@dataclass(frozen=True, slots=True)
class Whose:
    """The client and the type of work that something is about; "" where it is about none."""

    client: str = ""
    task_type: str = ""

    def of(self, part: Part) -> str:
        """Its name among those of the part."""
        return {Part.ALL: "", Part.TYPE: self.task_type, Part.CLIENT: self.client}[part]


async def in_all(connection: Connection, tenant: str, since: datetime, until: datetime) -> Counts:
    """What stands on each account by what was posted then."""
    given = {"its_tenant": tenant, "since": since, "until": until, "accounts": COUNTED}
    rows = await connection.execute(_WHOLE, given)
    return {("", "", account, currency): whole(upper, lower) for account, currency, upper, lower in rows}


async def in_parts(connection: Connection, tenant: str, zone: str, since: datetime, until: datetime) -> Counts:
    """The same, by type and by client too, and what models cost whom of what was booked then."""
    given = {"its_tenant": tenant, "since": since, "until": until, "accounts": COUNTED}
    rows = (await connection.execute(_ABOUT, given)).all()
    whose = await owners(connection, tenant, {row.reference for row in rows})
    counts: defaultdict[tuple[str, str, str, str], int] = defaultdict(int)
    for reference, account, currency, upper, lower in rows:
        for part in Part:
            counts[part.value, whose[reference].of(part), account, currency] += whole(upper, lower)
    for day in sorted({row.reference for row in rows if row.reference.startswith("models:")}):
        for brief, micro_usd in await _calls_of(connection, tenant, zone, day):
            for part in (Part.TYPE, Part.CLIENT):
                counts[part.value, brief.of(part), WEIGHT, "USD"] += micro_usd
    return dict(counts)


async def _calls_of(connection: Connection, tenant: str, zone: str, reference: str) -> list[tuple[Whose, int]]:
    """What models cost whom on the day that a posting is about."""
    try:
        start = datetime.combine(date.fromisoformat(reference.partition(":")[2]), time(), ZoneInfo(zone))
    except ValueError:
        return []
    return await spent(connection, tenant, start, datetime.combine(start.date() + DAY, time(), start.tzinfo))


async def spent(connection: Connection, tenant: str, start: datetime, end: datetime) -> list[tuple[Whose, int]]:
    """What calls of models cost then, in millionths of a dollar, by the briefs that they were for."""
    rows = (await connection.execute(_CALLS, {"its_tenant": tenant, "since": start, "until": end})).all()
    known = await _of_briefs(connection, tenant, {brief for brief, _ in rows if brief is not None})
    return [(known.get(brief, Whose()), int(micro_usd)) for brief, micro_usd in rows]


async def owners(connection: Connection, tenant: str, references: Collection[str]) -> Mapping[str, Whose]:
    """Whose each reference of a posting is; a correction's is that of what it corrects."""
    meant = await _corrected(connection, tenant, references)
    found = await _of_invoices(connection, tenant, await _invoices_of(connection, tenant, set(meant.values())))
    return {reference: found.get(meant[reference], Whose()) for reference in references}


async def _corrected(connection: Connection, tenant: str, references: Collection[str]) -> dict[str, str]:
    """By each reference what it leads to, past all corrections."""
    leads = {reference: reference for reference in references}
    while corrections := {leads[one] for one in leads if leads[one].startswith("entry:")}:
        numbers = {int(one.partition(":")[2]) for one in corrections}
        rows = await _those(connection, _ENTRIES, tenant, numbers)
        onwards = {f"entry:{number}": reference for number, reference in rows}
        leads = {one: onwards.get(at, "") if at in corrections else at for one, at in leads.items()}
    return leads


async def _invoices_of(connection: Connection, tenant: str, references: Collection[str]) -> dict[str, int]:
    """The invoices that references are about, as far as they are about any."""
    found = {one: _number(one) for one in references if one.startswith(("invoice:", "credit:", "share:"))}
    by_id = {one.partition(":")[2]: one for one in references if one.startswith("refund:")}
    for stripe_id, invoice_id in await _those(connection, _REFUNDS, tenant, by_id):
        found[by_id[stripe_id]] = invoice_id
    for one in sorted(one for one in references if one.startswith("dispute:")):
        given = {"its_tenant": tenant, "first": f"{one}:", "past": f"{one};"}
        row = (await connection.execute(_DISPUTE, given)).first()
        if row is not None and row.invoice_id is not None:
            found[one] = row.invoice_id
    return found


def _number(reference: str) -> int:
    number = reference.partition(":")[2]
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else 0


async def _of_invoices(connection: Connection, tenant: str, wanted: Mapping[str, int]) -> dict[str, Whose]:
    rows = await _those(connection, _INVOICES, tenant, set(wanted.values()))
    of_brief = {row.id: number for row in rows if (number := brief_of(row.subject)) is not None}
    known = await _of_briefs(connection, tenant, set(of_brief.values()))
    by_id = {}
    for row in rows:
        whose = known.get(of_brief.get(row.id, 0))
        by_id[row.id] = Whose(str(row.client_id), BY_HAND if whose is None else whose.task_type)
    return {reference: by_id[number] for reference, number in wanted.items() if number in by_id}


async def _of_briefs(connection: Connection, tenant: str, wanted: Collection[int]) -> dict[int, Whose]:
    rows = await _those(connection, _BRIEFS, tenant, wanted)
    return {row.id: Whose(str(row.client_id), row.task_type) for row in rows}


async def _those(connection: Connection, query: Any, tenant: str, wanted: Collection[Any]) -> list[Any]:
    found: list[Any] = []
    every = sorted(wanted)
    for start in range(0, len(every), AT_ONCE):
        given = {"its_tenant": tenant, "those": every[start : start + AT_ONCE]}
        found += (await connection.execute(query, given)).all()
    return found
