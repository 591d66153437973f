"""How /status reads: what waits for whoever asks comes first, one line each."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from bot.backups import cards as backup_cards
from bot.billing import cards as billing_cards
from bot.briefs.cards import quote_button
from bot.briefs.model import Brief, State
from bot.flags import cards as flag_cards
from bot.invoices.model import Invoice, InvoiceState
from bot.kernel.card import Button, Card, Lines, escape, first_lines, in_rows
from bot.kernel.text.words import clock, due, duration, in_a_row
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext, number
from bot.mirror import cards as mirror_cards
from bot.reports.standing import Awaited, Machinery, Standing, Watched
from bot.review.model import QueueFilter

SHOWN = 3  # things that wait for a client, in a line each
TOLD_ABOVE = frozenset({State.IN_REVIEW, State.FAILED})


def for_client(awaited: Awaited, briefs: Mapping[State, int], now: datetime) -> Card:
    """What waits for the client, then where their briefs are."""
    total = awaited.total
    head = ngettext("{n} thing waits for you", "{n} things wait for you", total) if total else _nothing(briefs)
    lines = Lines(head)
    said = [*(_quote(one, now) for one in awaited.quotes), *(_invoice(one, now) for one in awaited.invoices)]
    for line in said[:SHOWN]:
        lines.add(line)
    if total > SHOWN:
        more = total - SHOWN
        lines.add(ngettext("and {n} more: /briefs, /invoices", "and {n} more: /briefs, /invoices", more))
    where = _where(briefs, but=frozenset())
    lines.add(where or _("No brief is under way."))
    shown = awaited.invoices[: max(0, SHOWN - len(awaited.quotes))]
    pay = [billing_cards.pay_button(one, billing_cards.pay_which(one)) for one in shown]
    quotes = map(quote_button, awaited.quotes[:SHOWN])
    rows = (*quotes, *((button,) for button in pay if button is not None), (_refresh(),))
    return Card(str(lines.add(_("As of {time}", time=clock(now)))), rows)


def _nothing(briefs: Mapping[State, int]) -> str:
    stopped = briefs.get(State.FAILED, 0)
    if stopped:
        return ngettext("{n} brief stopped; we see to it", "{n} briefs stopped; we see to them", stopped)
    return _("Nothing waits for you")


def _quote(brief: Brief, now: datetime) -> str:
    # Translators: a price that the client has not answered yet; {title} is what the work is called.
    return _(
        "Quote to answer: “{title}”, {price}, asked {time} ago",
        title=first_lines(brief.title, 40), price=brief.price, time=duration(max(now - brief.created_at, timedelta())),
    )  # fmt: skip


def _invoice(invoice: Invoice, now: datetime) -> str:
    said = {"money": invoice.asked - invoice.paid, "number": escape(invoice.number or str(invoice.id))}
    if invoice.state is InvoiceState.DETAILS:
        return _("Billing details to give for invoice {number}: /billing", **said)
    if invoice.due_at is None:
        return _("To pay: {money}, invoice {number}", **said)
    return _("To pay: {money}, invoice {number}, {due}", due=due(invoice.due_at, now), **said)


def _where(briefs: Mapping[State, int], but: frozenset[State]) -> str:
    return in_a_row(f"{state.words}: {number(count)}" for state, count in briefs.items() if state not in but)


def _refresh() -> Button:
    return Button(_("Refresh"), "status")


def for_team(
    standing: Standing, machinery: Machinery, watched: Watched, version: str, now: datetime, *, decides: bool
) -> Card:
    """What to do first, the most pressing in the headline; then how briefs and machinery stand.

    decides: whether who asks may decide on drafts, and has buttons to begin with.
    """
    lines = Lines(watched.worst or _first(standing, machinery, watched))
    to_do = (*_drafts(standing, machinery, now), *_asked(machinery, now))
    backups = backup_cards.in_status(machinery.backups, now) if machinery.backups is not None else ()
    for line in (*_held(machinery), *to_do, *_faults(standing, machinery), *_off(machinery), *watched.lines, *backups):
        lines.add(line)
    lines.add(_where(standing.briefs, TOLD_ABOVE) or _("No brief is under way."))
    said = {
        "tasks": ngettext("{n} task", "{n} tasks", machinery.tasks),
        "messages": ngettext("{n} message", "{n} messages", machinery.late),
        "version": version,
    }
    lines.add(_("{tasks} and {messages} on their way · version {version}", **said))
    buttons = [*(_begin(standing, machinery) if decides else ()), _refresh()]
    return Card(str(lines.add(_("As of {time}", time=clock(now)))), in_rows(buttons))


def _first(standing: Standing, machinery: Machinery, watched: Watched) -> str:
    to_decide = standing.briefs.get(State.IN_REVIEW, 0)
    if machinery.held is not None:
        return _("Messages wait for a decision")
    if machinery.overdue:
        return ngettext("{n} draft is late", "{n} drafts are late", machinery.overdue)
    if standing.stopped:
        return ngettext("{n} stopped by a fault", "{n} stopped by a fault", standing.stopped)
    if to_decide:
        return ngettext("{n} draft to decide", "{n} drafts to decide", to_decide)
    if machinery.asked:
        return ngettext("{n} message to answer", "{n} messages to answer", machinery.asked)
    if _troubled(machinery) or watched.troubled:
        return _("Something needs a look")
    if machinery.switched:
        return _("Not everything is switched on")
    return _("Notion is not kept up to date") if machinery.behind else _("All is well")


def _troubled(machinery: Machinery) -> bool:
    """Whether there is something in /failed, though nothing stopped."""
    return bool(machinery.tried or machinery.not_booked or machinery.undeliverable)


def _held(machinery: Machinery) -> Iterator[str]:
    if machinery.held is not None:
        yield backup_cards.held_in_status(machinery.held, decides=machinery.backups is not None)


def _drafts(standing: Standing, machinery: Machinery, now: datetime) -> Iterator[str]:
    late, longest = machinery.most_overdue, machinery.longest_in_review
    if late is not None and late.deadline is not None:
        # Translators: {due} is such as "3 h late".
        yield _(
            "Late: {n}, first /brief_{brief}, {due}",
            n=number(machinery.overdue), brief=late.id, due=due(late.deadline, now),
        )  # fmt: skip
    if longest is not None:
        waits, count = duration(now - longest.since), standing.briefs.get(State.IN_REVIEW, 0)
        yield _("To decide: {n}, /brief_{brief} waits {time}", n=number(count), brief=longest.id, time=waits)


def _asked(machinery: Machinery, now: datetime) -> Iterator[str]:
    longest = machinery.longest_asked
    if longest is not None:
        said = {"n": number(machinery.asked), "thread": longest.id, "time": duration(now - longest.since)}
        # Translators: messages of clients; the one that has waited longest can be tapped.
        yield _("To answer: {n}, /support_{thread} waits {time}", **said)


def _faults(standing: Standing, machinery: Machinery) -> Iterator[str]:
    failed = standing.briefs.get(State.FAILED, 0)
    if failed:
        yield _("Stopped by a fault: {n}, see /failed", n=number(failed))
    if machinery.given_up:
        yield ngettext(
            "Given up: {n} task, see /failed",
            "Given up: {n} tasks, see /failed",
            machinery.given_up,
        )
    if machinery.tried:
        yield _("Still trying: {number}, see /failed", number=machinery.tried)
    if machinery.not_booked:
        yield _("From Stripe, not booked: {number}, see /failed", number=machinery.not_booked)
    if machinery.undeliverable:
        yield ngettext(
            "{n} message could not be delivered, see /failed",
            "{n} messages could not be delivered, see /failed",
            machinery.undeliverable,
        )


def _off(machinery: Machinery) -> Iterator[str]:
    for switch in machinery.switched:
        yield flag_cards.in_one_line(switch)
    if machinery.in_drive:
        waits = machinery.in_drive
        yield ngettext("Google Drive: {n} file waits", "Google Drive: {n} files wait", waits)
    for one in machinery.behind:
        yield mirror_cards.standing(one.table, one.kind, one.refused)


def _begin(standing: Standing, machinery: Machinery) -> Iterator[Button]:
    if machinery.overdue:
        yield Button(_("See late drafts"), "queue", choice=QueueFilter.OVERDUE.choice)
    if standing.briefs.get(State.IN_REVIEW):
        yield Button(_("Open the queue"), "queue")
    if standing.stopped or _troubled(machinery):
        yield Button(_("See failures"), "failed")
