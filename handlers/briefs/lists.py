"""Lists: /briefs, /invoices, /status."""

from collections.abc import Iterator, Sequence

from bot.access.model import Permission, Person
from bot.billing import cards as billing_cards
from bot.briefs import cards
from bot.briefs.model import State
from bot.flags import cards as flag_cards
from bot.kernel.card import Button, Card, Lines
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext
from bot.kernel.words import clock, duration
from bot.mirror import cards as mirror_cards
from bot.reports.lists import Billed, Machinery, own
from bot.services import Services
from handlers.routing.paging import page
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()
Row = tuple[Button, ...]


@router.command("Briefs, newest first", Permission.USE, example="/briefs", rank=40)
@router.button("briefs", edit=True)
async def briefs(who: Person, request: Request, services: Services) -> Card:
    """The person's own briefs; everybody's for those who see them all."""
    rows, buttons = await page(
        request, "briefs", lambda which: services.lists.briefs(who, which), lambda one: one.brief.id
    )
    quotes = [] if request.subject else await services.lists.quotes(who, cards.MOST_QUOTES)
    if not rows and not quotes:
        return Card(_("No briefs yet. Write what you need in one message, or take /brief."))
    title = _("Your briefs") if own(who) else _("Briefs")
    listed = [(one.brief, one.invoice) for one in rows]
    return cards.listing(title, listed, buttons, services.database.clock.now(), quotes)


@router.command("Invoices, newest first", Permission.USE, example="/invoices", rank=90)
@router.button("invoices", edit=True)
async def invoices(who: Person, request: Request, services: Services) -> Card:
    """The person's own invoices; everybody's, with names, for those who see them all."""
    mine = own(who) is not None
    rows, buttons = await _invoices(who, request, services)
    if mine and await services.billing.invoices.settlement.fresh_links([one.invoice for one in rows]):
        rows, buttons = await _invoices(who, request, services)
    if not rows:
        return Card(_("No invoices yet. Each comes with the finished work."))
    title = _("Your invoices") if mine else _("Invoices")
    clients = {one.invoice.client_id: one.client for one in rows if one.client is not None}
    return billing_cards.listing(title, [one.invoice for one in rows], clients, buttons)


async def _invoices(who: Person, request: Request, services: Services) -> tuple[Sequence[Billed], tuple[Row, ...]]:
    return await page(
        request, "invoices", lambda which: services.lists.invoices(who, which), lambda one: one.invoice.id
    )


@router.command("How things stand right now", Permission.USE, example="/status", rank=110)
async def status(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001
    """How things stand: to a client with their briefs, to the team with everybody's and the machinery."""
    stands, now = await services.lists.standing(who), services.database.clock.now()
    machinery = stands.machinery
    stopped = stands.briefs.get(State.FAILED, 0) + (machinery.given_up if machinery is not None else 0)
    head = ngettext("{n} stopped by a fault", "{n} stopped by a fault", stopped) if stopped else _fine(machinery)
    lines = Lines(head)
    for state, number in stands.briefs.items():
        lines.add(f"{state.words}: {number}")
    if not stands.briefs:
        lines.add(_("No brief is under way."))
    if machinery is not None:
        _add_machinery(lines, machinery, services)
    return Card(str(lines.add(_("As of {time}", time=clock(now)))))


def _fine(machinery: Machinery | None) -> str:
    if machinery is not None and machinery.switched:
        return _("Not everything is switched on")
    return _("Notion is not kept up to date") if machinery is not None and machinery.behind else _("All is well")


def _add_machinery(lines: Lines, machinery: Machinery, services: Services) -> None:
    oldest = machinery.longest_in_review
    if oldest is not None:
        waits = duration(services.database.clock.now() - oldest.since)
        lines.add(_("Oldest decision: /brief_{brief}, waits {time}", brief=oldest.id, time=waits))
    for switch in machinery.switched:
        lines.add(flag_cards.in_one_line(switch))
    for one in machinery.behind:
        lines.add(mirror_cards.standing(one.table, one.kind, one.refused))
    for line in _faults(machinery):
        lines.add(line)
    said = {
        "tasks": ngettext("{n} task", "{n} tasks", machinery.tasks),
        "messages": ngettext("{n} message", "{n} messages", machinery.late),
        "version": services.version,
    }
    lines.add(_("{tasks} and {messages} on their way · version {version}", **said))
    if machinery.undeliverable:
        lines.add(
            ngettext(
                "{n} message could not be delivered, see /failed",
                "{n} messages could not be delivered, see /failed",
                machinery.undeliverable,
            )
        )


def _faults(machinery: Machinery) -> Iterator[str]:
    if machinery.given_up:
        yield ngettext(
            "Given up: {n} task. /failed has them go on.",
            "Given up: {n} tasks. /failed has them go on.",
            machinery.given_up,
        )
    if machinery.tried:
        yield _("Still trying: {number}. /failed has them tried at once, or given up.", number=machinery.tried)
    if machinery.not_booked:
        yield _("From Stripe, not booked: {number}, see /failed", number=machinery.not_booked)
