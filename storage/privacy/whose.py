"""What there is of a person: their things by number, what stands in the way of erasing them, and how much there is."""

from typing import Any

from sqlalchemy import bindparam, func, select

from bot.briefs.model import OPEN_STATES, State
from bot.invoices.model import InvoiceState
from bot.privacy.model import Marks, Theirs
from bot.refunds.model import RefundState
from storage.engine.connection import Connection
from storage.engine.types import unindexed
from storage.people import people as persons
from storage.tables.billing import billing_details, customers, invoices
from storage.tables.briefs import attachments, briefs, remarks
from storage.tables.clients.nps import nps_questions
from storage.tables.money.refunds import refunds
from storage.tables.partners import partners
from storage.tables.support import thread_messages, threads

ENDED = (InvoiceState.PAID, InvoiceState.VOID, InvoiceState.CANCELLED, InvoiceState.UNCOLLECTIBLE)
BACK = (RefundState.SUCCEEDED, RefundState.FAILED, RefundState.CANCELLED)
_TENANT: Any = bindparam("its_tenant")
_PERSON: Any = bindparam("person")


def _of(table: Any, column: Any) -> Any:
    return (unindexed(table.c.tenant) == _TENANT) & (column == _PERSON)


_BRIEFS = select(briefs.c.id, briefs.c.state, briefs.c.price_minor).where(_of(briefs, briefs.c.client_id))
_INVOICES = select(invoices.c.id, invoices.c.state, invoices.c.stripe_id).where(_of(invoices, invoices.c.client_id))
_ATTACHED = select(attachments.c.id, attachments.c.file_id).where(_of(attachments, attachments.c.person_id))
_THREADS = select(threads.c.id).where(threads.c.tenant == _TENANT, threads.c.chat_id == bindparam("chat"))
_WRITTEN = select(func.count()).select_from(thread_messages)
_WRITTEN = _WRITTEN.where(unindexed(thread_messages.c.tenant) == _TENANT, thread_messages.c.thread_id.in_(_THREADS))
_REMARKS = select(remarks.c.id).where(_of(remarks, remarks.c.person_id))
_ASKED = select(nps_questions.c.id).where(_of(nps_questions, nps_questions.c.client_id))
_REFUNDS = select(refunds.c.id, refunds.c.state).where(
    unindexed(refunds.c.tenant) == _TENANT, refunds.c.invoice_id.in_(_INVOICES.with_only_columns(invoices.c.id))
)
_MAIL = select(billing_details.c.email, billing_details.c.name).where(_of(billing_details, billing_details.c.person_id))
_CUSTOMER = select(customers.c.stripe_id).where(_of(customers, customers.c.person_id))
_PARTNER = select(partners.c.id).where(partners.c.tenant == _TENANT, partners.c.client_id == _PERSON)


async def of_person(connection: Connection, tenant: str, person_id: int) -> Theirs | None:
    """What there is of them; None where there is no such person."""
    person = await persons.find(connection, tenant, person_id)
    if person is None:
        return None
    given = {"its_tenant": tenant, "person": person_id}
    in_chat = {"its_tenant": tenant, "chat": person.telegram_id}
    made = (await connection.execute(_BRIEFS, given)).all()
    billed = (await connection.execute(_INVOICES, given)).all()
    attached = (await connection.execute(_ATTACHED, given)).all()
    back = (await connection.execute(_REFUNDS, given)).all()
    numbers = {"brief": [row.id for row in made], "invoice": [row.id for row in billed]}
    numbers |= {"refund": [row.id for row in back], "person": [person_id]}
    numbers |= {"attachment": [row.id for row in attached], "recording": [row.id for row in attached]}
    for kind, query, values in (
        ("thread", _THREADS, in_chat), ("remark", _REMARKS, given), ("nps", _ASKED, given), ("partner", _PARTNER, given)
    ):  # fmt: skip
        numbers[kind] = list((await connection.execute(query, values)).scalars())
    mail = (await connection.execute(_MAIL, given)).first()
    customer = (await connection.execute(_CUSTOMER, given)).scalar()
    ids = {customer, mail.email if mail else None, *(row.stripe_id for row in billed)}
    marks = Marks(
        person.telegram_id,
        frozenset(one.lower() for one in ids if one),
        frozenset(f"{kind}:{number}" for kind, found in numbers.items() for number in found),
        frozenset(name for name in (person.name, mail.name if mail else "") if name),
        person.reader.language,
        person.reader.zone,
    )
    messages = int((await connection.execute(_WRITTEN, in_chat)).scalar_one()) + len(numbers["remark"])
    return Theirs(
        marks,
        numbers["brief"],
        numbers["invoice"],
        len(back),
        [row.file_id for row in attached],
        messages,
        [row.id for row in made if _goes_on(row.state, row.price_minor)],
        [row.id for row in billed if row.state not in ENDED],
        any(row.state not in BACK for row in back),
    )


def _goes_on(state: str, price: int) -> bool:
    """Whether work on it is under way; delivered is the end of one without a price."""
    return state in OPEN_STATES and (state != State.DELIVERED or price > 0)
