"""A thread before those who may answer it: the card, everybody who gets it, and what the thread is about."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.access.model import Person, Role
from bot.audit.service import record
from bot.briefs.model import Brief
from bot.invoices.model import Invoice
from bot.kernel.card import Card
from bot.kernel.errors import Forbidden
from bot.kernel.translation import Reader, best_language, home, reading_as
from bot.kernel.translation import gettext as _
from bot.messages.service import TEAM, Show, notify, post
from bot.messages.topics import Topic
from bot.review.model import Escalation, claim_ends, holder
from bot.support import cards
from bot.support.model import About, Thread, View
from storage.billing import invoices
from storage.briefs import briefs
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.people import people
from storage.support import mails, threads


def about_brief(brief: Brief) -> About:
    """A brief, or a quote, which has no number."""
    if brief.is_quote:
        return About("quote", title=brief.title, brief_id=brief.id)
    return About("brief", str(brief.id), brief.title, brief.id)


async def about(connection: Connection, thread: Thread) -> About:
    """What the thread is about, as it is called now."""
    if thread.brief_id is not None:
        brief = await briefs.get(connection, thread.tenant, thread.brief_id)
        return replace(about_brief(brief), paid=_paid(await invoices.invoice_of(connection, thread.tenant, brief.id)))
    if thread.invoice_id is not None:
        [invoice] = await invoices.invoices_by_ids(connection, thread.tenant, [thread.invoice_id])
        title = (
            "" if invoice.brief_id is None else (await briefs.get(connection, thread.tenant, invoice.brief_id)).title
        )
        return About("invoice", invoice.number or str(invoice.id), title, invoice.brief_id, _paid(invoice))
    if thread.address:
        mail = await mails.newest(connection, thread)
        return About("mail", title=mail.subject if mail is not None else "")
    return About()


def _paid(invoice: Invoice | None) -> int | None:
    return invoice.id if invoice is not None and invoice.paid_minor else None


async def view_of(connection: Connection, thread: Thread, escalation: Escalation, now: datetime) -> View:
    """All that a thread's card shows."""
    has_it = holder(thread, now, escalation) if thread.waits else None
    return View(
        thread,
        await about(connection, thread),
        await threads.newest(connection, thread),
        now,
        holder_id=has_it,
        holder=(await people.by_id(connection, thread.tenant, has_it)).name if has_it else "",
        until=claim_ends(thread, escalation) if has_it else None,
    )


def who_may_answer(thread: Thread, team: Sequence[Person]) -> list[Person]:
    """Who of the team may: nobody answers themselves, and strangers are the admins' to let in."""
    admins_alone = thread.of_stranger
    return [one for one in team if one.id != thread.client_id and (one.role is Role.ADMIN or not admins_alone)]


async def team_of(connection: Connection, thread: Thread) -> list[Person]:
    """Everybody who may answer."""
    return who_may_answer(thread, await people.with_roles(connection, thread.tenant, *TEAM))


async def show(tx: Transaction, view: View) -> None:
    """Bring the cards of what waits up to date."""
    await _to_team(tx, view.thread, lambda person: partial(cards.for_team, view, person))


async def close(tx: Transaction, thread: Thread, card: Show) -> None:
    """Show everybody what became of it, in place of the card of what waited."""
    await _to_team(tx, thread, lambda _person: card)


async def _to_team(tx: Transaction, thread: Thread, card_for: Callable[[Person], Show]) -> None:
    for person in await team_of(tx.connection, thread):
        await notify(tx, person, Topic.SUPPORT, card_for(person), slot=_slot(thread, person))


def _slot(thread: Thread, person: Person) -> str:
    """One message per person and wait: what is added shows in place, what is written after an answer comes anew."""
    return f"thread:{thread.id}:team:{thread.since:%Y%m%d%H%M%S%f}:{person.telegram_id}"


def reader_of(thread: Thread) -> Reader:
    """In which words to speak with somebody whom nobody invited: their app's, else the installation's."""
    return Reader(best_language(thread.language, home().language), home().zone)


async def pass_on(tx: Transaction, thread: Thread, card: Show) -> None:
    """Show everybody the file that came with the thread's newest message, once."""
    for person in await team_of(tx.connection, thread):
        await notify(tx, person, Topic.SUPPORT, card, key=f"thread:{thread.id}:file:{thread.version}:{person.id}")


async def tell_client(tx: Transaction, thread: Thread, card: Show, *, part: str = "words") -> None:
    """Have a Card shown in the private chat of whoever the thread is with, once for that part of its newest message."""
    key = f"thread:{thread.id}:client:{thread.version}:{part}"
    if thread.client_id is not None:
        client = await people.by_id(tx.connection, thread.tenant, thread.client_id)
        await notify(tx, client, Topic.SUPPORT, card, key=key)
        return
    with reading_as(reader_of(thread)):
        shown: Card = card()
        await post(tx, thread.tenant, thread.chat_id, shown, key=key)


async def check_may(connection: Connection, who: Person, thread: Thread) -> None:
    """Raise Forbidden where the thread is not theirs to answer."""
    if thread.client_id == who.id:
        raise Forbidden(_("Nobody answers their own message; another operator or an admin has to."))
    if who.id not in {person.id for person in await team_of(connection, thread)}:
        raise Forbidden(_("Only admins answer people who were not invited yet."))


async def written_down(tx: Transaction, thread: Thread, who: Person, what: str) -> None:
    """Say what happened to the thread, and by whom."""
    subject = f"thread:{thread.id}"
    await record(tx, thread.tenant, who, f"thread.{what}", subject, number=thread.version, about=thread.subject)
