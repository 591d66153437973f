"""What a person is given of themselves: rows of theirs by section, without anybody else's words or names."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, bindparam, case, select

from storage.engine.connection import Connection
from storage.engine.types import unindexed
from storage.tables.audit import audit
from storage.tables.billing import billing_details, invoice_lines, invoices
from storage.tables.briefs import attachments, briefs, drafts, remarks
from storage.tables.clients.consents import consents, person_regions
from storage.tables.clients.nps import nps_questions
from storage.tables.clients.referrals import referral_codes, referrals
from storage.tables.core import conversations
from storage.tables.money.refunds import refunds
from storage.tables.people import people, sessions
from storage.tables.quality import ratings
from storage.tables.support import thread_messages, threads

MOST_ROWS = 10_000  # of a section
_TENANT: Any = bindparam("its_tenant")
_PERSON: Any = bindparam("person")
DELIVERED = ("delivered", "invoiced", "paid")


def _of(table: Any, column: Any, ids: Any = _PERSON) -> tuple[Any, ...]:
    return unindexed(table.c.tenant) == _TENANT, column == ids


def _pick(table: Any, names: str) -> list[Any]:
    return [table.c[name] for name in names.split()]


_INVOICES = select(invoices.c.id).where(*_of(invoices, invoices.c.client_id))
_THREADS = select(threads.c.id).where(threads.c.tenant == _TENANT, threads.c.chat_id == bindparam("chat"))
_FROM = case((thread_messages.c.from_team == 1, "team"), else_="you").label("from")
_SAID = _pick(thread_messages, "thread_id number text file_name created_at")
_OWN = "telegram_id name role language preferred_language time_zone quiet_hours heard email created_at"

SECTIONS: Mapping[str, Select[Any]] = {
    "person": select(*_pick(people, _OWN)).where(people.c.tenant == _TENANT, people.c.id == _PERSON),
    "billing_details": select(*_pick(billing_details, "given name email country address tax_id updated_at")).where(
        *_of(billing_details, billing_details.c.person_id)
    ),
    "briefs": select(
        *_pick(
            briefs, "id task_type title text state language deadline price_minor currency note created_at updated_at"
        )
    ).where(*_of(briefs, briefs.c.client_id)),
    "work": select(drafts.c.brief_id, drafts.c.text, drafts.c.format, drafts.c.created_at)
    .join(briefs, (briefs.c.id == drafts.c.brief_id) & (briefs.c.draft_id == drafts.c.id))
    .where(*_of(briefs, briefs.c.client_id), unindexed(briefs.c.state).in_(DELIVERED)),
    "files": select(
        *_pick(attachments, "id brief_id kind file_id name mime_type size seconds text notes created_at")
    ).where(*_of(attachments, attachments.c.person_id)),
    "ratings": select(*_pick(ratings, "brief_id stars comment created_at")).where(*_of(ratings, ratings.c.client_id)),
    "recommendations": select(*_pick(nps_questions, "brief_id score answered_at")).where(
        *_of(nps_questions, nps_questions.c.client_id)
    ),
    "messages": select(_FROM, *_SAID).where(
        unindexed(thread_messages.c.tenant) == _TENANT, thread_messages.c.thread_id.in_(_THREADS)
    ),
    "remarks": select(*_pick(remarks, "text files brief_id invoice_id created_at")).where(
        *_of(remarks, remarks.c.person_id)
    ),
    "questions": select(*_pick(conversations, "step data updated_at")).where(
        *_of(conversations, conversations.c.person_id)
    ),
    "invoices": select(
        *_pick(invoices, "id subject number amount_minor currency state url created_at opened_at paid_at due_at")
    ).where(*_of(invoices, invoices.c.client_id)),
    "invoice_lines": select(
        *_pick(invoice_lines, "invoice_id position description quantity unit_minor currency")
    ).where(unindexed(invoice_lines.c.tenant) == _TENANT, invoice_lines.c.invoice_id.in_(_INVOICES)),
    "refunds": select(*_pick(refunds, "invoice_id amount_minor currency state ending created_at")).where(
        unindexed(refunds.c.tenant) == _TENANT, refunds.c.invoice_id.in_(_INVOICES)
    ),
    "referral_link": select(*_pick(referral_codes, "code created_at")).where(
        referral_codes.c.tenant == _TENANT, referral_codes.c.person_id == _PERSON
    ),
    "referral_credit": select(*_pick(referrals, "came_at currency earned_minor used_minor clawed_minor")).where(
        *_of(referrals, referrals.c.referrer_id)
    ),
    "consents": select(*_pick(consents, "purpose given wording said_at replaced_at")).where(
        *_of(consents, consents.c.person_id)
    ),
    "region": select(*_pick(person_regions, "region asked_at chosen_at")).where(
        person_regions.c.tenant == _TENANT, person_regions.c.person_id == _PERSON
    ),
    "sessions": select(*_pick(sessions, "way device began_at seen_at ended_at")).where(
        *_of(sessions, sessions.c.person_id)
    ),
    "log": select(*_pick(audit, "action subject outcome source at"))
    .where(audit.c.tenant == _TENANT, audit.c.person_id == _PERSON)
    .order_by(audit.c.id.desc()),
}


async def rows_of(connection: Connection, tenant: str, person_id: int, chat: int) -> Mapping[str, Sequence[Any]]:
    """Every section, each with so many rows at most."""
    given = {"its_tenant": tenant, "person": person_id}
    found: dict[str, Sequence[Any]] = {}
    for name, query in SECTIONS.items():
        values = {"its_tenant": tenant, "chat": chat} if name == "messages" else given
        rows = await connection.execute(query.limit(MOST_ROWS), values)
        found[name] = [dict(row._mapping) for row in rows]
    return found
