"""What erases a person from the rows of their tenant: statements by whose a row is, each by an index."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Executable, Text, bindparam, cast, delete, func, literal, select, union, update

from bot.access.model import Role
from bot.briefs.model import State
from bot.privacy.model import FAR, NO_TITLE, scrubbed, without_words
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.tables.audit import audit_strangers
from storage.tables.billing import billing_details, invoice_lines, invoices
from storage.tables.briefs import attachments, brief_notes, briefs, decisions, drafts, evaluations, remarks, text_parts
from storage.tables.clients.consents import data_requests, person_regions
from storage.tables.clients.referrals import referral_codes
from storage.tables.core import conversations, events, placements, stopped_questions
from storage.tables.money.refunds import refunds
from storage.tables.partners import partner_keys, partner_messages, partner_orders, partners
from storage.tables.people import dashboard_keys, people, sessions
from storage.tables.quality import duel_pairs, ratings, verdicts
from storage.tables.reconciliation import balance_moves
from storage.tables.support import mails, thread_messages, threads

AT_ONCE = 500  # subjects of events
_PERSON: Any = bindparam("person")
_CHAT: Any = bindparam("chat")


def _theirs(table: Any) -> Any:
    return unindexed(table.c.tenant) == bindparam("its_tenant")


_BRIEFS = select(briefs.c.id).where(_theirs(briefs), briefs.c.client_id == _PERSON)
_INVOICES = select(invoices.c.id).where(_theirs(invoices), invoices.c.client_id == _PERSON)
_THREADS = select(threads.c.id).where(threads.c.tenant == bindparam("its_tenant"), threads.c.chat_id == _CHAT)
_PARTNERS = select(partners.c.id).where(partners.c.tenant == bindparam("its_tenant"), partners.c.client_id == _PERSON)


def _of(table: Any, column: Any, ids: Any) -> tuple[Any, ...]:
    return _theirs(table), column.in_(ids)


def _said_by_hand() -> Executable:
    """Lines of a brief's invoice name its title; those of one made by hand may name anything."""
    words = literal("#") + cast(invoice_lines.c.invoice_id, Text)
    return (
        update(invoice_lines)
        .where(*_of(invoice_lines, invoice_lines.c.invoice_id, _INVOICES))
        .values(description=words)
    )


# A mail is known by its address alone; the thread that it made stays without it.
_ADDRESSES = union(
    select(func.lower(people.c.email)).where(people.c.tenant == bindparam("its_tenant"), people.c.id == _PERSON),
    select(func.lower(billing_details.c.email)).where(_theirs(billing_details), billing_details.c.person_id == _PERSON),
)
_BY_MAIL = select(mails.c.thread_id).where(mails.c.tenant == bindparam("its_tenant"), mails.c.address.in_(_ADDRESSES))


# In this order: what points to a row goes before it. By kind, as a certificate counts them; "" is not counted.
_STEPS: Sequence[tuple[str, Executable]] = (
    ("messages", delete(thread_messages).where(*_of(thread_messages, thread_messages.c.thread_id, _BY_MAIL))),
    ("", update(threads).where(*_of(threads, threads.c.id, _BY_MAIL)).values(name="", address=None, waits=False)),
    ("messages", delete(mails).where(mails.c.tenant == bindparam("its_tenant"), mails.c.address.in_(_ADDRESSES))),
    ("messages", delete(thread_messages).where(*_of(thread_messages, thread_messages.c.thread_id, _THREADS))),
    ("", delete(threads).where(threads.c.tenant == bindparam("its_tenant"), threads.c.chat_id == _CHAT)),
    ("messages", delete(remarks).where(_theirs(remarks), remarks.c.person_id == _PERSON)),
    ("messages", delete(text_parts).where(_theirs(text_parts), text_parts.c.person_id == _PERSON)),
    ("files", delete(attachments).where(_theirs(attachments), attachments.c.person_id == _PERSON)),
    ("files", delete(attachments).where(*_of(attachments, attachments.c.brief_id, _BRIEFS))),
    ("notes", delete(brief_notes).where(*_of(brief_notes, brief_notes.c.brief_id, _BRIEFS))),
    ("drafts", update(drafts).where(*_of(drafts, drafts.c.brief_id, _BRIEFS)).values(text="", content_hash="")),
    ("", update(decisions).where(*_of(decisions, decisions.c.brief_id, _BRIEFS)).values(reason=None, content_hash="")),
    ("", update(verdicts).where(*_of(verdicts, verdicts.c.brief_id, _BRIEFS)).values(content_hash="")),
    ("", update(duel_pairs).where(*_of(duel_pairs, duel_pairs.c.brief_id, _BRIEFS)).values(text_a="", text_b="")),
    ("", update(ratings).where(_theirs(ratings), ratings.c.client_id == _PERSON).values(comment=None)),
    (
        "",
        update(refunds)
        .where(*_of(refunds, refunds.c.invoice_id, _INVOICES))
        .values(reason="", ending="", error=None),
    ),
    ("", _said_by_hand()),
    (
        "",
        update(invoices)
        .where(_theirs(invoices), invoices.c.client_id == _PERSON)
        .values(url=None, pdf_url=None, error=None),
    ),
    (
        "details",
        update(billing_details)
        .where(_theirs(billing_details), billing_details.c.person_id == _PERSON)
        .values(given="removed", name="", email="", address="", tax_id="", told_customer=""),
    ),
    ("", delete(partner_keys).where(*_of(partner_keys, partner_keys.c.partner_id, _PARTNERS))),
    ("", delete(partner_messages).where(
            partner_messages.c.tenant == bindparam("its_tenant"), partner_messages.c.partner_id.in_(_PARTNERS)
        )),
    ("", delete(partner_orders).where(
            partner_orders.c.tenant == bindparam("its_tenant"), partner_orders.c.partner_id.in_(_PARTNERS)
        )),
    (
        "",
        update(partners)
        .where(partners.c.tenant == bindparam("its_tenant"), partners.c.client_id == _PERSON)
        .values(webhook_url="", webhook_secret="", enabled=False),
    ),
    ("", delete(referral_codes).where(
        referral_codes.c.tenant == bindparam("its_tenant"), referral_codes.c.person_id == _PERSON
    )),
    ("", delete(conversations).where(_theirs(conversations), conversations.c.person_id == _PERSON)),
    ("", delete(stopped_questions).where(_theirs(stopped_questions), stopped_questions.c.person_id == _PERSON)),
    ("", delete(person_regions).where(
        person_regions.c.tenant == bindparam("its_tenant"), person_regions.c.person_id == _PERSON
    )),
    ("", delete(data_requests).where(_theirs(data_requests), data_requests.c.person_id == _PERSON)),
    ("sessions", delete(sessions).where(_theirs(sessions), sessions.c.person_id == _PERSON)),
    ("", delete(dashboard_keys).where(
        dashboard_keys.c.tenant == bindparam("its_tenant"), dashboard_keys.c.person_id == _PERSON
    )),
    ("", update(audit_strangers).where(
        audit_strangers.c.tenant == bindparam("its_tenant"), audit_strangers.c.telegram_id == _CHAT
    ).values(telegram_id=None)),
)  # fmt: skip
_ENDS = (State.NEW, State.QUOTED, State.FAILED)
_END = update(briefs).where(_theirs(briefs), briefs.c.client_id == _PERSON, unindexed(briefs.c.state).in_(_ENDS))
_END = _END.values(state=State.CANCELLED, version=briefs.c.version + 1, held=None)
_EMPTY = update(briefs).where(_theirs(briefs), briefs.c.client_id == _PERSON)
_EMPTY = _EMPTY.values(
    title=NO_TITLE, text="", note=None, reason=None, chat_id=0, topic=0,
    source_key=literal("erased:") + cast(briefs.c.id, Text),
)  # fmt: skip
_JUDGED = select(evaluations.c.id, evaluations.c.results)
_JUDGED = _JUDGED.where(*_of(evaluations, evaluations.c.brief_id, _BRIEFS))


async def erase(
    tx: Transaction, tenant: str, person_id: int, chat: int, things: Sequence[str]
) -> list[tuple[str, int]]:
    """Erase the person's rows; returns how many of each kind. things: "brief:1042", which events are about."""
    given = {"its_tenant": tenant, "person": person_id, "chat": chat}
    found = [(kind, (await tx.run(step, given)).rowcount) for kind, step in _STEPS]
    await _scrub_judgements(tx, tenant, given)
    await tx.run(_END, given)
    found.append(("briefs", (await tx.run(_EMPTY, given)).rowcount))
    for begin in range(0, len(things), AT_ONCE):
        await _scrub_events(tx, tenant, things[begin : begin + AT_ONCE])
    for thing in things:
        await _forget_places(tx, tenant, f"{thing}:")
    await _forget_places(tx, tenant, f"guided:telegram:{chat}:")
    await _rename(tx, tenant, person_id)
    return [(kind, count) for kind, count in found if kind]


async def _rename(tx: Transaction, tenant: str, person_id: int) -> None:
    """A number in place of the name, which no chat has; whoever it was is unknown when they write again."""
    values: dict[str, Any] = {"name": f"#{person_id}", "telegram_id": -FAR - person_id, "language": ""}
    values |= dict.fromkeys(
        ("preferred_language", "time_zone", "quiet_hours", "heard", "email", "setup_shown", "file_format")
    )
    values |= {"role": Role.REMOVED, "granted": Role.REMOVED, "removed_at": tx.now, "reach": "blocked"}
    this = (people.c.tenant == tenant, people.c.id == person_id)
    await tx.run(update(people).where(*this).values(qa_target=None, **values))


async def _scrub_judgements(tx: Transaction, tenant: str, given: dict[str, Any]) -> None:
    for row in (await tx.run(_JUDGED, given)).all():
        this = (unindexed(evaluations.c.tenant) == tenant, evaluations.c.id == row.id)
        await tx.run(update(evaluations).where(*this).values(results=without_words(row.results)))


async def _scrub_events(tx: Transaction, tenant: str, things: Sequence[str]) -> None:
    query = select(events.c.id, events.c.data)
    query = query.where(unindexed(events.c.tenant) == tenant, events.c.subject.in_(things))
    for row in (await tx.run(query)).all():
        kept = scrubbed(row.data)
        if kept != row.data:
            this = (unindexed(events.c.tenant) == tenant, events.c.id == row.id)
            await tx.run(update(events).where(*this).values(data=kept))


async def _forget_places(tx: Transaction, tenant: str, prefix: str) -> None:
    """Messages that showed what begins so. By the channel's own index, in the order that each database has of it."""
    gone = delete(placements).where(unindexed(placements.c.tenant) == tenant, placements.c.channel == "telegram")
    if tx.connection.dialect.name == "sqlite":
        after = prefix[:-1] + chr(ord(prefix[-1]) + 1)
        await tx.run(gone.where(placements.c.slot >= prefix, placements.c.slot < after))
    else:
        await tx.run(gone.where(placements.c.slot.startswith(prefix, autoescape=True)))


async def moves_of(tx: Transaction, tenant: str, invoice_ids: Sequence[int]) -> None:
    """Empty what Stripe calls the movements of these invoices."""
    for begin in range(0, len(invoice_ids), AT_ONCE):
        about = [f"invoice:{number}" for number in invoice_ids[begin : begin + AT_ONCE]]
        change = update(balance_moves).where(balance_moves.c.books == tenant, balance_moves.c.about.in_(about))
        await tx.run(change.values(description=""))
