"""How clients read to the team."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from bot.access.model import Permission, Person, Role
from bot.billing import cards as billing_cards
from bot.kernel.card import Button, Card, Lines, escape, in_rows
from bot.kernel.translation import date, decimal, ngettext, number
from bot.kernel.translation import gettext as _
from bot.reports.clients import ClientView
from bot.reports.lists import Billed
from storage.people.clients import Owed

Rows = tuple[tuple[Button, ...], ...]
SCORES = tuple(range(60, 100, 5))  # to be tapped; any other is written with /target
NONE = "none"
CHOICES = (*map(str, SCORES), NONE)


def listing(clients: Sequence[ClientView], beside: Rows) -> Card:
    """A page of clients, in a line each."""
    if not clients:
        return Card(_("No clients yet. /invite client makes an invitation."))
    lines = Lines(_("Clients"))
    for view in clients:
        parts = [_under_way(view), *_owes(view), _last_order(view), *_satisfaction(view)]
        lines.add(f"/client_{view.person.id} {escape(view.person.name)} · {' · '.join(parts)}")
    return Card(str(lines), beside)


def client(view: ClientView, who: Person) -> Card:
    """A client, with what whoever looks may do."""
    person = view.person
    lines = Lines(f"{person.name} · {person.role.words}")
    lines.add(_("Open briefs: {n}", n=number(view.under_way)))
    ordered = _("No order yet") if view.last_order is None else _("Last order: {day}", day=_day(view.last_order))
    lines.add(ordered)
    lines.add(_("Owes: {amounts}", amounts=" · ".join(map(_amount, _due(view))) or _("nothing")))
    lines.add(_("No stars yet") if view.stars is None else _("Stars: {mean} of 5 ({times})", **_mean(view)))
    lines.add(_target(view.target))
    if person.reach != "open":
        lines.add(
            _("Cannot be reached: they stopped the bot. What is for them waits, and goes out once they come back.")
        )
    buttons = [Button(_("Invoices"), "cinvoices", version=person.id)]
    if who.may(Permission.SET_TARGETS) and person.role is Role.CLIENT:
        buttons.insert(0, Button(_("Target"), "ctarget", person.id))
    if who.may(Permission.MAKE_INVOICES) and person.role is Role.CLIENT:
        buttons.append(Button(_("Invoice"), "hclient", person.id))
    if who.may(Permission.ANSWER_CLIENTS) and person.role is Role.CLIENT and person.reach == "open":
        buttons.insert(0, Button(_("Write"), "letter", person.id))
    if who.may(Permission.MANAGE_PEOPLE):
        buttons.append(Button(_("Role"), "person", person.id))
    return Card(str(lines), (*in_rows(buttons, 3), (Button(_("Back"), "clients"),)))


def invoices(person: Person, found: Sequence[Billed], beside: Rows) -> Card:
    """A page of a client's invoices."""
    lines = Lines(_("Invoices of {name}", name=person.name))
    for one in found:
        lines.add(billing_cards.in_one_line(one.invoice, returned=one.returned, with_itself=True))
    if not found:
        lines.add(_("None yet."))
    return Card(str(lines), (*beside, (_to_client(person),)))


def ask_target(view: ClientView) -> Card:
    """Which score a client's drafts must reach."""
    person = view.person
    lines = Lines(_("Minimum score for {name}'s briefs", name=person.name)).add(_target(view.target))
    lines.add(_("Drafts that reach it go out without a person. It counts for new briefs."))
    taps = [Button(str(score), "ctargetset", person.id, choice=str(score)) for score in SCORES]
    none = Button(_("As for everybody"), "ctargetset", person.id, choice=NONE)
    return Card(str(lines), (*in_rows(taps, 4), (none,), (_to_client(person),)))


def _to_client(person: Person) -> Button:
    return Button(_("Back"), "client", person.id)


def _under_way(view: ClientView) -> str:
    # Translators: how many briefs of a client are under way.
    return ngettext("{n} open", "{n} open", view.under_way)


def _owes(view: ClientView) -> list[str]:
    return [_("owes {amount}", amount=_amount(owed)) for owed in _due(view)]


def _due(view: ClientView) -> list[Owed]:
    return [owed for owed in view.owed if owed.left.minor > 0]


def _amount(owed: Owed) -> str:
    if owed.late.minor <= 0:
        return str(owed.left)
    # Translators: an amount to pay that should have been paid by now, or of which a part should have been.
    return _("{money}, {late} of it late", money=owed.left, late=owed.late)


def _last_order(view: ClientView) -> str:
    if view.last_order is None:
        return _("no order yet")
    return _("last order {day}", day=_day(view.last_order))


def _day(at: datetime) -> str:
    return date(at, "d MMM y")


def _satisfaction(view: ClientView) -> list[str]:
    # Translators: how many stars a client gave on average, and how many times.
    return [] if view.stars is None else [_("stars {mean} of 5 ({times})", **_mean(view))]


def _mean(view: ClientView) -> dict[str, str]:
    return {"mean": decimal(view.stars or Decimal(), 1), "times": number(view.rated)}


def _target(target: int | None) -> str:
    return _("Minimum score: that of each type") if target is None else _("Minimum score: {score}", score=target)
